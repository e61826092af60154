package graph

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"texter-graphql/graph/document"
	"texter-graphql/graph/fast"
	"texter-graphql/graph/limits"
	"texter-graphql/graph/live"
	"texter-graphql/graph/relay"
	"texter-graphql/graph/transport"
	"texter-graphql/graph/transport/websocket"
	"texter-graphql/internal/requestid"
	"texter-graphql/texter"
)

// Options configure a handler. Searcher and Logger are needed.
type Options struct {
	// Searcher finds the chats.
	Searcher texter.Searcher
	// Labels finds the labels.
	Labels texter.LabelSource
	// Feed follows lists of chats, for subscriptions; nil if nothing can be followed.
	Feed *live.Feed
	// Answers keeps the bodies of responses for equal requests, each for as long as
	// the page that the response was made of; nil to keep none.
	Answers texter.Answers
	// Logger logs what operators must know. Nothing personal is logged.
	Logger *slog.Logger
	// Authenticate accepts or refuses a request: see transport.HTTP. Nil accepts all.
	Authenticate func(*http.Request) (context.Context, error)
	// Connections are those that subscriptions keep open, and say who may open them.
	// Nil are those with default limits, that Authenticate lets in.
	Connections *transport.Connections
	// AllowOrigin reports whether pages of a web origin may call: see transport.HTTP and
	// websocket.Options.
	AllowOrigin func(origin string) bool
	// ServiceToken says that calls to Texter carry the service's own token, not that
	// of the caller: callers are not to blame if Texter refuses it.
	ServiceToken bool
	// Observe gets the outcome of each response before the response is sent; may be
	// nil.
	Observe func(context.Context, Outcome)
	// Fallback is called for each connection that goes through the ordinary lane,
	// because package fast does not cover what is selected; may be nil.
	Fallback func()
	// Upstream learns how the API behind Searcher differs from its reference; nil to
	// learn nothing.
	Upstream *relay.Upstream
	// Waiting is called with 1 when an operation starts to wait for memory, and with
	// -1 when it stops waiting; may be nil.
	Waiting func(change int)
	// Caller names the caller of a request, for fair shares; empty if it is not
	// known. Nil if no caller is known.
	Caller func(context.Context) string
	// Memory bounds what all operations in progress hold together, in bytes; 0 for
	// DefaultMemory.
	Memory int
	// MaxAnswerSize is the largest size of a body of a response, in bytes; 0 for
	// DefaultMaxAnswerSize.
	MaxAnswerSize int
	// Timeout is how long an operation may take; 0 for no limit.
	Timeout time.Duration
	// SearchTimeout is the longest time that Searcher lets a search take; 0 if it is
	// not known.
	SearchTimeout time.Duration
	// Limits bound the complexity of operations.
	Limits limits.Limits
	// DisableIntrospection and DisableSuggestions: see document.Options.
	DisableIntrospection, DisableSuggestions bool
	trusted                                  *document.Trusted // see Trust
}

// Trust restricts the handler to the documents of a manifest: see
// document.ParseTrusted, also for the errors. Call it after the other options are
// set.
func (o *Options) Trust(manifest []byte) (err error) {
	o.trusted, err = document.ParseTrusted(manifest, o.documents(newSchema(nil, nil, nil, nil).Schema()))
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

// NewHandler returns a handler that serves GraphQL over HTTP, over server-sent events
// and over WebSocket.
func NewHandler(o Options) http.Handler {
	e := newExecutor(o)
	e.fast = fast.NewLane(e.schema, o.Fallback)
	return newServer(o, e)
}

func newServer(o Options, e transport.Executor) http.Handler {
	if o.Connections == nil {
		o.Connections = transport.NewConnections(transport.Callers{Authenticate: o.Authenticate, Name: o.Caller}, transport.Observer{}, transport.Limits{})
	}
	return requestid.Handler(server{
		http:      transport.HTTP{Authenticate: o.Authenticate, AllowOrigin: o.AllowOrigin, Connections: o.Connections},
		webSocket: websocket.NewServer(websocket.Options{Executor: e, Connections: o.Connections, AllowOrigin: o.AllowOrigin}),
		executor:  e,
	})
}

// server serves GraphQL requests.
type server struct {
	http      transport.HTTP
	webSocket *websocket.Server
	executor  transport.Executor
}

// ServeHTTP implements http.Handler.
func (s server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if websocket.IsUpgrade(r) {
		s.webSocket.ServeHTTP(w, r)
		return
	}
	s.http.Do(w, r, s.executor)
}
