// Package graphiql serves GraphiQL, the GraphQL IDE that runs in a browser. Its
// files are built with npm and embedded, so that it needs no other host.
package graphiql

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
)

// dist is what npm builds; without a build only a placeholder, which go:embed
// takes for its dot only by "all:".
//
//go:embed all:dist
var dist embed.FS

// unbuilt stands in for dist, so that Go alone builds the service.
//
//go:embed unbuilt
var unbuilt embed.FS

// Handler serves GraphiQL at "/" and its files below "/assets/"; every other
// path is 404. It queries the endpoint "graphql" beside its page: mounted at
// "/" of a server that is "/graphql". Without built files it serves a page that
// tells how to build them.
func Handler() http.Handler {
	handler, err := newHandler(sub(dist, "dist"), sub(unbuilt, "unbuilt"))
	if err != nil {
		panic(err) // embedded files can be read
	}
	return handler
}

// newHandler serves the built files, or those of the fallback when there is no
// page among the built ones.
func newHandler(built, fallback fs.FS) (http.Handler, error) {
	files := built
	if _, err := fs.Stat(built, indexName); errors.Is(err, fs.ErrNotExist) {
		files = fallback
	}
	s, err := newSite(files)
	if err != nil {
		return nil, fmt.Errorf("graphiql: %w", err)
	}
	return s, nil
}

// sub is a folder of embedded files.
func sub(files embed.FS, folder string) fs.FS {
	below, err := fs.Sub(files, folder)
	if err != nil {
		panic(err) // only for a folder name that is no valid path
	}
	return below
}
