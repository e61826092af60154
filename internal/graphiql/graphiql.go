// Package graphiql serves GraphiQL, the GraphQL IDE that runs in a browser. npm
// builds its files, and the program embeds them, so it loads nothing from other
// hosts.
package graphiql

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
)

// dist has the files that npm builds. Without a build it has only a placeholder.
// "all:" is needed because the name of the placeholder begins with a dot.
//
//go:embed all:dist
var dist embed.FS

// unbuilt is served if there is no build, so that the service can be built without
// npm.
//
//go:embed unbuilt
var unbuilt embed.FS

// Handler serves GraphiQL at "/", its files below "/assets/", and the page of error
// codes at "/errors.html". Every other path is 404. GraphiQL queries the path
// "graphql" beside its page, which is "/graphql" if the page is at "/", and reads
// the schema from "schema.graphqls" there. Without a build, Handler serves a page that says how to
// build GraphiQL.
func Handler() http.Handler {
	handler, err := newHandler(sub(dist, "dist"), sub(unbuilt, "unbuilt"))
	if err != nil {
		panic(err) // embedded files can always be read
	}
	return handler
}

// newHandler serves the built files, or those of fallback if there is no page among
// the built files.
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

// sub returns a folder of embedded files.
func sub(files embed.FS, folder string) fs.FS {
	subtree, err := fs.Sub(files, folder)
	if err != nil {
		panic(err) // only if the folder name is not a valid path
	}
	return subtree
}
