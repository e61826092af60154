package app

import (
	"io"
	"net/http"

	"texter-graphql/graph/generated"
)

// schemaHandler serves schema.graphqls as it is, for generators of client code.
func schemaHandler() http.Handler {
	text := generated.NewExecutableSchema(generated.Config{}).Schema().Query.Position.Src.Input
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-cache")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = io.WriteString(w, text) // a client that is gone needs no schema
	})
}
