// Command plain serves the same schema in the way of gqlgen's documentation, with
// gqlgen's executor, transport and encoding. The resolvers are those of the
// service.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	_ "net/http/pprof" // for what collects before it measures
	"time"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/vektah/gqlparser/v2/ast"

	"texter-graphql/graph"
	"texter-graphql/graph/generated"
	"texter-graphql/graph/live"
	"texter-graphql/internal/auth"
	"texter-graphql/texter"
)

func main() {
	baseURL := flag.String("texter-url", "", "base `URL` of Texter's API")
	interval := flag.Duration("live-interval", live.DefaultInterval, "`duration` between two readings of a list")
	polls := flag.Float64("live-polls", live.DefaultPolls, "readings of all lists of a caller per second")
	flag.Parse()
	client, err := texter.NewClient(texter.Options{BaseURL: *baseURL, Token: auth.Token})
	if err != nil {
		log.Fatal(err)
	}
	feed := live.New(live.Options{Searcher: client, Interval: *interval, Polls: *polls, Topic: func(ctx context.Context, f texter.ChatFilter) (credential, list string, err error) {
		token, err := auth.Token(ctx)
		return token, token + texter.SearchOptions{ChatFilter: f}.Query(), err
	}})
	server := handler.New(generated.NewExecutableSchema(generated.Config{Resolvers: &graph.Resolver{Searcher: client, LabelSource: client, Feed: feed}}))
	server.AddTransport(transport.SSE{})
	server.AddTransport(transport.POST{})
	server.AddTransport(transport.Websocket{KeepAlivePingInterval: 12 * time.Second})
	server.SetQueryCache(lru.New[*ast.QueryDocument](1000))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	http.Handle("/graphql", authenticated(server))
	http.Handle("/metrics", promhttp.Handler())
	fmt.Printf("Metrics: http://%[1]s/metrics   Admin: http://%[1]s/debug/pprof/   GraphQL: http://%[1]s/graphql\n", listener.Addr())
	log.Fatal(http.Serve(listener, nil))
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
