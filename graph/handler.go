package graph

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"texter-graphql/graph/document"
	"texter-graphql/graph/fast"
	"texter-graphql/graph/limits"
	"texter-graphql/graph/transport"
	"texter-graphql/internal/requestid"
	"texter-graphql/texter"
)

// Options configure a handler.
type Options struct {
	// Searcher is what chats are read from.
	Searcher texter.Searcher
	// Answers keeps finished answers, for as long as Searcher would answer by the
	// page that an answer was made of; nil for none.
	Answers texter.Answers
	// Logger takes what operators must know; nothing personal.
	Logger *slog.Logger
	// Authenticate lets requests in: see transport.HTTP. Nil lets in every one.
	Authenticate func(*http.Request) (context.Context, error)
	// Observe is told of each answer, before it is sent; nil for none.
	Observe func(context.Context, Outcome)
	// Fallback is called for each connection that goes the ordinary way, because
	// package fast does not cover what is selected; nil for none.
	Fallback func()
	// Waiting is told 1 when a large operation has to wait until others are done,
	// and -1 when it waits no longer; nil for none.
	Waiting func(change int)
	// Timeout bounds the execution of an operation; 0 is without a bound.
	Timeout time.Duration
	// SearchTimeout is how long Searcher takes at most; 0 is unknown.
	SearchTimeout time.Duration
	// Limits bound operations.
	Limits limits.Limits
	// DisableIntrospection and DisableSuggestions: see document.Options.
	DisableIntrospection, DisableSuggestions bool
	trusted                                  *document.Trusted // see Trust
}

// Trust makes the documents of a manifest the only ones that are executed: see
// document.ParseTrusted. It is for the end, when the other options are set.
func (o *Options) Trust(manifest []byte) (err error) {
	o.trusted, err = document.ParseTrusted(manifest, o.documents(newSchema(nil).Schema()))
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

// NewHandler serves GraphQL over HTTP.
func NewHandler(o Options) http.Handler {
	e := newExecutor(o)
	e.fast = fast.NewLane(e.schema, o.Fallback)
	return newServer(o, e)
}

func newServer(o Options, e *executor) http.Handler {
	return requestid.Handler(server{transport.HTTP{Authenticate: o.Authenticate}, e})
}

// server answers requests.
type server struct {
	http     transport.HTTP
	executor *executor
}

// ServeHTTP implements http.Handler. A panic outside of a field ends here.
func (s server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer func() {
		if value := recover(); value != nil {
			s.fail(r.Context(), w, value)
		}
	}()
	s.http.Do(w, r, s.executor)
}

// fail answers a request that a panic ended.
func (s server) fail(ctx context.Context, w http.ResponseWriter, value any) {
	shown := s.executor.presentError(ctx, s.executor.recoverPanic(ctx, value))
	w.WriteHeader(http.StatusInternalServerError)
	_ = json.NewEncoder(w).Encode(graphql.Response{Errors: gqlerror.List{shown}})
}
