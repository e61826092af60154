package graph

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/vektah/gqlparser/v2/ast"

	"texter-graphql/graph/document"
	"texter-graphql/graph/generated"
	"texter-graphql/graph/limits"
	"texter-graphql/graph/relay"
	"texter-graphql/graph/requestid"
	"texter-graphql/graph/transport"
)

// maxErrors bounds the errors of an answer.
const maxErrors = 10

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
	// Fallback is told of each connection that gqlgen's executor writes, since
	// package encode does not cover what is selected; nil for none.
	Fallback func()
	// Waiting is told 1 when a large operation has to wait until others are done,
	// and -1 when it waits no longer; nil for none.
	Waiting func(change int)
	// Timeout bounds a request: see transport.HTTP. 0 is without a bound.
	Timeout time.Duration
	// Limits bound operations.
	Limits limits.Limits
	// DisableIntrospection and DisableSuggestions: see document.Options.
	DisableIntrospection, DisableSuggestions bool
	trusted                                  *document.Trusted // see Trust
}

// Trust makes the documents of a manifest the only ones that are executed: see
// document.ParseTrusted. It is for the end, when the other options are set.
func (o *Options) Trust(manifest []byte) (err error) {
	o.trusted, err = document.ParseTrusted(manifest, o.documents(newSchema().Schema()))
	return err
}

func (o *Options) documents(schema *ast.Schema) document.Options {
	return document.Options{
		Schema:               schema,
		Limits:               o.Limits,
		DisableIntrospection: o.DisableIntrospection,
		DisableSuggestions:   o.DisableSuggestions,
		Trusted:              o.trusted,
	}
}

func newSchema() graphql.ExecutableSchema {
	return generated.NewExecutableSchema(generated.Config{Resolvers: resolver{}})
}

// NewHandler serves GraphQL over HTTP.
func NewHandler(o Options) http.Handler {
	fast, err := newFastEncoding(o.Fallback)
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
	schema := newSchema()
	documents := document.NewLoader(o.documents(schema.Schema()))
	server := handler.New(schema)
	server.AddTransport(documents.Transport(transport.HTTP{Authenticate: o.Authenticate, Timeout: o.Timeout}))
	server.SetQueryCache(documents.Cache())
	server.SetErrorPresenter(report.present)
	server.SetRecoverFunc(report.recoverPanic)
	if !o.DisableIntrospection {
		server.Use(extension.Introspection{})
	}
	server.AroundOperations(withSharedSearches(o.Searcher, newRoom(o.Waiting)))
	if o.Observe != nil {
		server.AroundResponses(observer(o.Observe).intercept)
	}
	server.AroundResponses(finish)
	return server
}

// finish bounds the errors of a response and tells what its operation cost.
func finish(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	if response == nil { // the caller is gone
		return nil
	}
	response.Errors = response.Errors[:min(len(response.Errors), maxErrors)]
	if cost := document.CostOf(ctx); cost != nil {
		response.Extensions = map[string]any{"cost": cost}
	}
	return response
}
