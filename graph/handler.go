package graph

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"

	"texter-graphql/graph/generated"
	"texter-graphql/graph/relay"
	"texter-graphql/graph/requestid"
	"texter-graphql/graph/transport"
)

// cachedQueries is how many parsed and validated documents are kept.
const cachedQueries = 1000

// maxTokens bounds a document, in GraphQL tokens. GraphiQL's introspection
// takes fewer than 1000.
const maxTokens = 1000

// Options configure a handler.
type Options struct {
	// Searcher is what chats are read from.
	Searcher relay.Searcher
	// Logger takes what operators must know; nothing personal.
	Logger *slog.Logger
	// Authenticate lets requests in: see transport.HTTP. Nil lets in every one.
	Authenticate func(*http.Request) (context.Context, error)
	// Observe is told of each answer, before it is sent; nil for none.
	Observe func(context.Context, Outcome)
	// Timeout bounds a request: see transport.HTTP. 0 is without a bound.
	Timeout time.Duration
}

// NewHandler serves GraphQL over HTTP.
func NewHandler(o Options) http.Handler {
	fast, err := newFastEncoding()
	if err != nil {
		panic(err) // only for a size below one
	}
	server := newServer(o)
	server.AroundFields(fast.intercept)
	return requestid.Handler(server)
}

// newServer is the GraphQL server on gqlgen's executor alone.
func newServer(o Options) *handler.Server {
	report := reporter{o.Logger}
	server := handler.New(generated.NewExecutableSchema(generated.Config{Resolvers: resolver{}}))
	server.AddTransport(transport.HTTP{Authenticate: o.Authenticate, Timeout: o.Timeout})
	server.SetQueryCache(lru.New[*ast.QueryDocument](cachedQueries))
	server.SetParserTokenLimit(maxTokens)
	server.SetErrorPresenter(report.present)
	server.SetRecoverFunc(report.recoverPanic)
	server.Use(extension.Introspection{})
	server.AroundOperations(withSharedSearches(o.Searcher))
	if o.Observe != nil {
		server.AroundResponses(observer(o.Observe).intercept)
	}
	return server
}
