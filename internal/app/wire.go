package app

import (
	"context"
	"crypto/sha256"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"texter-graphql/graph"
	"texter-graphql/graph/generated"
	"texter-graphql/graph/live"
	"texter-graphql/graph/relay"
	"texter-graphql/graph/transport"
	"texter-graphql/internal/auth"
	"texter-graphql/internal/config"
	"texter-graphql/internal/graphiql"
	"texter-graphql/internal/health"
	"texter-graphql/internal/observe"
	"texter-graphql/internal/peers"
	"texter-graphql/internal/redisclient"
	"texter-graphql/internal/rule"
	"texter-graphql/internal/webhook"
	"texter-graphql/texter"
	"texter-graphql/texter/cache"
	"texter-graphql/texter/scope"
	"texter-graphql/texter/upstream"
)

// service is what answers requests. This file builds it in the order in which a
// request goes through it: HTTP → graph → scope → cache → texter → upstream → Texter.
type service struct {
	handler http.Handler
	health  *health.Health
	// connections are those that subscriptions keep open.
	connections *transport.Connections
	cache       *cache.Cache
	redis       *redisclient.Client // nil if instances share nothing
	feed        *live.Feed
	upstream    *upstream.Transport
	secrets     secrets
	watchers    []func(context.Context) // each has to run until its context ends
}

// minCompressedSize is the size in bytes from which answers are compressed.
// Smaller answers fit into a packet or two either way.
const minCompressedSize = 2 << 10

// saveTimeout bounds what the cache still does after the last request: it saves
// pages in Redis, and ends the searches that no caller waits for.
const saveTimeout = time.Second

// close ends what the service does in the background.
func (s *service) close(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, saveTimeout)
	defer cancel()
	s.feed.Close()
	_ = s.cache.Close(ctx) // errors if a search was canceled: no caller waits for it
	if s.redis != nil {
		s.redis.Close()
	}
	s.upstream.CloseIdleConnections()
}

func newService(cfg config.Config, observed *observation) (*service, error) {
	s := &service{health: &health.Health{}}
	options, err := s.graphQL(cfg, observed)
	if err != nil {
		return nil, err
	}
	compress, err := gzhttp.NewWrapper(gzhttp.MinSize(minCompressedSize))
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/graphql", cfg.CORS.Handler(observed.requests(compress(graph.NewHandler(options)))))
	if cfg.GraphiQL {
		mux.Handle("/", graphiql.Handler())
	}
	if cfg.Introspection && cfg.TrustedDocuments == "" {
		mux.Handle("GET /schema.graphqls", compress(schemaHandler()))
	}
	if cfg.Live.WebhookSecret != "" {
		receive := webhook.Handler(webhook.Options{Secret: s.secrets.webhook.Get, Notify: s.feed.Notify, Received: observed.webhooks()})
		mux.Handle("POST "+webhook.Path, receive)
		mux.Handle("POST "+webhook.Path+"/{secret...}", receive)
	}
	mux.Handle("/healthz", s.health.Live())
	mux.Handle("/readyz", s.health.Ready())
	s.handler = observe.Recover(observed.logger, mux)
	if cfg.LocalOnly {
		s.handler = auth.LocalOnly(s.handler)
	}
	s.handler = s.health.CloseConnections(s.handler)
	return s, nil
}

// markSandbox says in each response and in the service's health that the chats are
// made up.
func (s *service) markSandbox() {
	s.health.Sandbox = true
	next := s.handler
	s.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Sandbox", "made-up chats")
		next.ServeHTTP(w, r)
	})
}

// schemaHandler serves schema.graphqls as it is, for generators of client code.
func schemaHandler() http.Handler {
	text := generated.NewExecutableSchema(generated.Config{}).Schema().Query.Position.Src.Input
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-cache")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = io.WriteString(w, text) // the client may be gone
	})
}

// graphQL makes what GraphQL needs.
func (s *service) graphQL(cfg config.Config, observed *observation) (options graph.Options, err error) {
	memory, err := operationMemory(cfg)
	if err != nil {
		return options, err
	}
	if err := s.readSecrets(cfg, observed.logger); err != nil {
		return options, err
	}
	options = graph.Options{
		AllowOrigin: cfg.CORS.Allows, Caller: auth.Caller, ServiceToken: cfg.TexterToken != "", Memory: memory, MaxAnswerSize: cfg.MaxAnswerSize,
		Logger: observed.logger, Timeout: cfg.RequestTimeout, SearchTimeout: cfg.TexterTimeout,
		Limits: cfg.Limits, DisableIntrospection: !cfg.Introspection, DisableSuggestions: !cfg.Suggestions,
	}
	options.Limits.Changes = cfg.Live.Window
	observed.graph(&options)
	if s.redis, err = newRedis(cfg.Redis, &s.secrets); err != nil {
		return options, err
	}
	callers, err := newCallers(cfg, observed, s.redis, s.secrets.cacheKey.Get)
	if err != nil {
		return options, err
	}
	options.Authenticate, s.watchers = callers.authenticate, append(s.watchers, callers.watchers...)
	s.connections = transport.NewConnections(callers.forSubscriptions(), observed.subscriptions(), transport.Limits{
		Subscriptions: cfg.Subscriptions.Max, SubscriptionsPerCaller: cfg.Subscriptions.MaxPerCaller, OperationsPerConnection: cfg.Subscriptions.MaxPerConnection,
	})
	s.watchers = append(s.watchers, s.connections.Watch)
	options.Connections = s.connections
	token := s.texterToken(cfg)
	s.upstream = newTransport(cfg, observed, s.health)
	if s.cache, err = s.newCache(cfg, observed, token); err != nil {
		return options, err
	}
	observed.load(s)
	options.Searcher, options.Labels = s.cache, s.cache
	if cfg.Cache.TTL > 0 {
		options.Answers = s.cache
	}
	if cfg.Credentials() {
		narrowToScope(&options)
	}
	s.feed = s.newFeed(cfg, observed, token, options.Searcher, options.Upstream)
	options.Feed = s.feed
	return options, trustDocuments(cfg.TrustedDocuments, &options)
}

// narrowToScope gives each caller only what is in the caller's scope.
func narrowToScope(o *graph.Options) {
	o.Searcher, o.Labels = scope.Searcher{Next: o.Searcher}, scope.LabelSource{Next: o.Labels}
	if o.Answers != nil {
		o.Answers = scope.Answers{Next: o.Answers}
	}
}

// trustDocuments lets only the documents of a manifest be executed, if the
// setting names one.
func trustDocuments(path string, o *graph.Options) error {
	const setting = "trusted-documents"
	if path == "" {
		return nil
	}
	manifest, err := os.ReadFile(path)
	if err != nil {
		return rule.New(setting, "must name a file that can be read")
	}
	if err := o.Trust(manifest); err != nil {
		return rule.New(setting, err.Error())
	}
	return nil
}

// tokenFunc finds the token for a call to Texter.
type tokenFunc func(context.Context) (string, error)

// texterToken returns the function that finds the token for a call to Texter.
func (s *service) texterToken(cfg config.Config) tokenFunc {
	if cfg.TexterToken == "" {
		return auth.Token
	}
	return func(context.Context) (string, error) { return s.secrets.texterToken.Get(), nil }
}

// newFeed returns the feed. Callers share a list if they have the same token for Texter,
// and the same filter once it is narrowed to their scope.
func (s *service) newFeed(cfg config.Config, observed *observation, token tokenFunc, searcher texter.Searcher, upstream *relay.Upstream) *live.Feed {
	o := live.Options{Searcher: searcher, Upstream: upstream, Interval: cfg.Live.Interval, Window: cfg.Live.Window, Polls: cfg.Live.Polls, Caller: auth.Caller}
	o.Topic = func(ctx context.Context, f texter.ChatFilter) (credential, list string, err error) {
		if cfg.Credentials() {
			if f, err = scope.Narrow(ctx, f); err != nil {
				return "", "", err
			}
		}
		value, err := token(ctx)
		sum := sha256.Sum256([]byte(value))
		credential = string(sum[:])
		return credential, credential + texter.SearchOptions{ChatFilter: f.Normalize()}.Query(), err
	}
	if s.redis == nil {
		return observed.feed(o)
	}
	others := peers.New(peers.Options{Client: s.redis, Key: s.secrets.cacheKey.Get, Changed: observed.redis("Redis fails; this instance reads lists by itself")})
	o.Peers = others
	feed := observed.feed(o)
	s.watchers = append(s.watchers, func(ctx context.Context) { others.Listen(ctx, feed) })
	return feed
}

func (s *service) newCache(cfg config.Config, observed *observation, token tokenFunc) (*cache.Cache, error) {
	client, err := texter.NewClient(texter.Options{
		BaseURL: cfg.TexterURL, Token: token, Timeout: cfg.TexterTimeout, Transport: s.upstream,
		Reuse: cfg.Cache.TTL == 0, Failed: observed.callFailed, Breach: observed.breached,
	})
	if err != nil {
		return nil, err
	}
	options := cache.Options{
		Searcher: client, Labels: client, BaseURL: cfg.TexterURL, Timeout: cfg.TexterTimeout, Credential: token,
		TTL: cfg.Cache.TTL, LabelsTTL: cfg.Cache.LabelsTTL, MaxBytes: cfg.Cache.Size,
		StaleWhileRevalidate: cfg.Cache.StaleWhileRevalidate, StaleIfError: cfg.Cache.StaleIfError,
	}
	if s.redis != nil {
		options.Redis = &cache.RedisOptions{Client: s.redis, Key: s.secrets.cacheKey.Get, Changed: observed.redis("Redis fails; pages are kept without it")}
	}
	observed.cache(&options)
	return cache.New(options)
}

func newTransport(cfg config.Config, observed *observation, state *health.Health) *upstream.Transport {
	options := upstream.Options{Caller: auth.Caller, AttemptTimeout: cfg.TexterAttemptTimeout, Concurrency: cfg.TexterConcurrency, NetHTTP: cfg.TexterNetHTTP}
	observed.upstream(&options, state, cfg.TexterToken != "")
	return upstream.NewTransport(options)
}
