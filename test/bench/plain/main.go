// Command plain serves the same schema in the way of gqlgen's documentation, with
// gqlgen's executor, transport and encoding. The resolvers are those of the
// service.
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2/ast"

	"texter-graphql/graph"
	"texter-graphql/graph/generated"
	"texter-graphql/internal/auth"
	"texter-graphql/texter"
)

func main() {
	baseURL := flag.String("texter-url", "", "base `URL` of Texter's API")
	flag.Parse()
	client, err := texter.NewClient(texter.Options{BaseURL: *baseURL, Token: auth.Token})
	if err != nil {
		log.Fatal(err)
	}
	server := handler.New(generated.NewExecutableSchema(generated.Config{Resolvers: &graph.Resolver{Searcher: client, LabelSource: client}}))
	server.AddTransport(transport.POST{})
	server.SetQueryCache(lru.New[*ast.QueryDocument](1000))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("GraphQL: http://%s/graphql\n", listener.Addr())
	log.Fatal(http.Serve(listener, authenticated(server)))
}

// authenticated puts the caller's token into the context.
func authenticated(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, err := auth.Bearer(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}
