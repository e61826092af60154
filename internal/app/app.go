// Package app wires the service together and runs it, and the commands beside it.
package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"texter-graphql/graph"
	"texter-graphql/internal/auth"
	"texter-graphql/internal/config"
	"texter-graphql/internal/cors"
	"texter-graphql/internal/graphiql"
	"texter-graphql/internal/health"
	"texter-graphql/internal/observe"
	"texter-graphql/internal/rule"
	"texter-graphql/texter"
	"texter-graphql/texter/cache"
	"texter-graphql/texter/sandbox"
	"texter-graphql/texter/scope"
	"texter-graphql/texter/upstream"
)

// drainTimeout bounds how long requests in flight may finish after a stop.
const drainTimeout = 15 * time.Second

// compressFrom is the size in bytes from which answers are compressed, for
// clients that ask for it: below, it saves no packet.
const compressFrom = 2 << 10

// Main runs the command that args begin with, the service if none, until ctx
// ends. It returns the exit code of the process, and writes why it failed to
// stderr.
func Main(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	tuneGC()
	err := execute(ctx, args, getenv, stdout, stderr)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(stderr, "texter-graphql:", err)
		return 1
	}
	return 0
}

// run serves until ctx ends, then lets requests in flight finish. It errors on
// bad settings, and when it can't listen.
func run(ctx context.Context, args []string, getenv func(string) string, stderr io.Writer) error {
	cfg, err := config.Parse(args, getenv, stderr)
	if err != nil {
		return err
	}
	if cfg.Sandbox() {
		embedded, err := startSandbox()
		if err != nil {
			return err
		}
		defer embedded.Close()
		cfg.TexterURL, cfg.TexterToken = embedded.url, "sandbox"
		fmt.Fprintln(stderr, "Sandbox: the chats are made up. Set TEXTER_PROJECT for real ones.")
	}
	state := &health.Health{}
	observed, err := newObservation(ctx, cfg, stderr)
	if err != nil {
		return err
	}
	defer observed.close(context.WithoutCancel(ctx))
	handler, err := newHandler(ctx, cfg, observed, state)
	if err != nil {
		return err
	}
	stopMetrics, err := observed.serveMetrics(cfg.MetricsAddr, stderr)
	if err != nil {
		return err
	}
	defer stopMetrics() // after all, so that the last request is counted too
	listener, err := listen("addr", cfg.Addr)
	if err != nil {
		return err
	}
	if cfg.GraphiQL {
		fmt.Fprintf(stderr, "GraphiQL: http://%s/   ", listener.Addr())
	}
	fmt.Fprintf(stderr, "GraphQL: http://%s/graphql\n", listener.Addr())
	return serve(ctx, listener, handler, func() {
		state.Drain()
		time.Sleep(cfg.DrainDelay)
	})
}

// listen listens on the address that a setting gives. Its error says which
// setting to change, and quotes the address only if it is in use.
func listen(setting, addr string) (net.Listener, error) {
	listener, err := net.Listen("tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		variable := strings.ToUpper(strings.ReplaceAll(setting, "-", "_"))
		return nil, fmt.Errorf("%s: %w; set another address by -%s or %s", addr, syscall.EADDRINUSE, setting, variable)
	}
	if call, ok := errors.AsType[*os.SyscallError](err); ok {
		return nil, fmt.Errorf("%s can't be listened on: %w", setting, call.Err)
	}
	if err != nil {
		return nil, rule.New(setting, "must be an address of this machine")
	}
	return listener, nil
}

// newHandler wires the service: HTTP → graph → cache → texter → upstream → Texter.
// What it starts ends with ctx.
func newHandler(ctx context.Context, cfg config.Config, observed observation, state *health.Health) (http.Handler, error) {
	authenticate, err := newAuthenticate(ctx, cfg, observed)
	if err != nil {
		return nil, err
	}
	options := graph.Options{
		Logger: observed.logger, Authenticate: authenticate, Timeout: cfg.RequestTimeout, SearchTimeout: cfg.TexterTimeout,
		Limits: cfg.Limits, DisableIntrospection: !cfg.Introspection, DisableSuggestions: !cfg.Suggestions,
	}
	if err := trustDocuments(cfg.TrustedDocuments, &options); err != nil {
		return nil, err
	}
	token := auth.Token
	if cfg.TexterToken != "" {
		token = func(context.Context) (string, error) { return cfg.TexterToken, nil }
	}
	client, err := texter.NewClient(texter.Options{
		BaseURL: cfg.TexterURL, Token: token, Timeout: cfg.TexterTimeout, Transport: newTransport(cfg, observed, state),
		Reuse: cfg.Cache.TTL == 0,
	})
	if err != nil {
		return nil, err
	}
	pages, err := newCache(cfg, cache.Options{Searcher: client, Timeout: cfg.TexterTimeout, Credential: token}, observed)
	if err != nil {
		return nil, err
	}
	options.Searcher = pages
	if cfg.Cache.TTL > 0 {
		options.Answers = pages
	}
	observed.graph(&options)
	if cfg.Credentials() {
		options.Searcher = scope.Searcher{Next: options.Searcher}
		if options.Answers != nil {
			options.Answers = scope.Answers{Next: options.Answers}
		}
	}
	compress, err := gzhttp.NewWrapper(gzhttp.MinSize(compressFrom))
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/graphql", cors.Handler(cfg.CORSOrigins, observed.requests(compress(graph.NewHandler(options)))))
	if cfg.GraphiQL {
		mux.Handle("/", graphiql.Handler())
	}
	if cfg.Introspection && cfg.TrustedDocuments == "" {
		mux.Handle("GET /schema.graphqls", compress(schemaHandler()))
	}
	mux.Handle("/healthz", state.Live())
	mux.Handle("/readyz", state.Ready())
	handler := observe.Recover(observed.logger, mux)
	if cfg.LocalOnly {
		handler = auth.LocalOnly(handler)
	}
	return state.CloseConnections(handler), nil
}

func newTransport(cfg config.Config, observed observation, state *health.Health) http.RoundTripper {
	options := upstream.Options{AttemptTimeout: cfg.TexterAttemptTimeout, Concurrency: cfg.TexterConcurrency, NetHTTP: cfg.TexterNetHTTP}
	return upstream.NewTransport(observed.upstream(options, state))
}

// serve serves until ctx ends, calls drain, and lets the requests in flight
// finish.
func serve(ctx context.Context, listener net.Listener, handler http.Handler, drain func()) error {
	server := newServer(handler)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	drain()
	rest, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
	defer cancel()
	return server.Shutdown(rest)
}

// newServer is a server that lets no caller keep it waiting.
func newServer(handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
	}
}

// sandboxServer is a sandbox that listens on this machine.
type sandboxServer struct {
	*http.Server
	url string
}

func startSandbox() (*sandboxServer, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	s := &sandboxServer{
		Server: &http.Server{Handler: sandbox.New(sandbox.Options{}), ReadHeaderTimeout: 5 * time.Second},
		url:    "http://" + listener.Addr().String() + sandbox.BasePath,
	}
	go func() { _ = s.Serve(listener) }() // until Close
	return s, nil
}
