package app

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"

	"texter-graphql/graph"
	"texter-graphql/graph/live"
	"texter-graphql/graph/relay"
	"texter-graphql/internal/config"
	"texter-graphql/internal/observe"
	"texter-graphql/internal/observe/accesslog"
	"texter-graphql/internal/observe/metrics"
	"texter-graphql/internal/observe/tracing"
	"texter-graphql/internal/requestid"
	"texter-graphql/internal/webhook"
	"texter-graphql/texter"
	"texter-graphql/texter/cache"
)

// observation is the logs, metrics and traces that are on. Those that are off
// add nothing to a request's path.
type observation struct {
	lines     *accesslog.Lines
	logger    *slog.Logger     // writes to lines, at once
	always    *slog.Logger     // the same, whatever the level of the log
	metrics   *metrics.Metrics // nil if off
	tracer    *tracing.Tracer  // nil if off
	observers []observe.Observer
	breaches  sync.Map // the texter.Breach that were logged
	// subscriptionLog writes the lines of subscriptions.
	subscriptionLog *accesslog.Subscriptions
}

func newObservation(ctx context.Context, cfg config.Config, stderr io.Writer) (*observation, error) {
	o := &observation{lines: accesslog.NewLines(stderr)}
	o.logger = slog.New(slog.NewJSONHandler(o.lines, &slog.HandlerOptions{Level: cfg.LogLevel}))
	o.always = slog.New(slog.NewJSONHandler(o.lines, nil))
	b := readBuild()
	if cfg.MetricsAddr != "" || cfg.AdminAddr != "" {
		o.metrics = metrics.New(metrics.Build{Version: b.version, Revision: b.revision, GoVersion: b.goVersion, Sandbox: cfg.Sandbox()})
		o.metrics.DroppedLines(o.lines.Dropped)
		o.observers = append(o.observers, o.metrics.Request)
	}
	var traceID func(context.Context) string
	if cfg.TracesURL != "" {
		tracer, err := tracing.New(ctx, tracing.Options{Endpoint: cfg.TracesURL, Ratio: cfg.TracesRatio, Version: b.version, Exported: o.exported()})
		if err != nil {
			return nil, err
		}
		o.tracer, traceID = tracer, tracing.ID
		o.observers = append(o.observers, tracer.Request)
	}
	access := accesslog.Options{Slow: cfg.SlowRequest, OnlyWarnings: !o.logger.Enabled(ctx, slog.LevelInfo), TraceID: traceID}
	o.observers = append(o.observers, accesslog.New(o.lines, access))
	o.subscriptionLog = accesslog.NewSubscriptions(o.lines, access)
	return o, nil
}

// exported returns a function that counts exported spans, and logs when the
// collector starts to fail and when it works again.
func (o *observation) exported() func(spans int, err error) {
	var failing atomic.Bool
	return func(spans int, err error) {
		if o.metrics != nil {
			o.metrics.Spans(spans, err)
		}
		switch failed := err != nil; {
		case failing.Swap(failed) == failed:
		case failed:
			o.logger.Warn("the collector takes no traces", "setting", "otel-exporter-otlp-endpoint")
		default:
			o.logger.Info("the collector takes traces again")
		}
	}
}

// close sends the spans and writes the lines that wait.
func (o *observation) close(ctx context.Context) {
	if o.tracer != nil {
		o.tracer.Shutdown(ctx)
	}
	o.lines.Close()
}

// requests observes the requests that next answers.
func (o *observation) requests(next http.Handler) http.Handler {
	next = observe.Handler(next, o.observers...)
	if o.metrics != nil {
		next = o.metrics.InFlight(next)
	}
	if o.tracer != nil {
		next = o.tracer.Handler(next)
	}
	return next
}

// breached counts a breach of the contract of Texter's API. It logs the first one
// of each kind.
func (o *observation) breached(ctx context.Context, b texter.Breach) {
	if o.metrics != nil {
		o.metrics.Breach(b)
	}
	if _, logged := o.breaches.LoadOrStore(b, true); !logged {
		o.logger.WarnContext(ctx, "Texter "+b.Meaning(), "breach", b, "requestId", requestid.From(ctx))
	}
}

// graph observes operations.
func (o *observation) graph(options *graph.Options) {
	options.Observe, options.Upstream = observe.SetOutcome, &relay.Upstream{Breach: o.breached}
	if o.metrics != nil {
		options.Fallback, options.Waiting = o.metrics.Fallback, o.metrics.Waiting
	}
}

// feed returns a feed that is observed.
func (o *observation) feed(options live.Options) *live.Feed {
	if o.tracer != nil {
		options.Begin = o.tracer.Reading
	}
	if o.metrics == nil {
		return live.New(options)
	}
	options.Polled = o.metrics.Poll
	feed := live.New(options)
	o.metrics.Watched(feed.Lists)
	return feed
}

// load observes how full the service is.
func (o *observation) load(s *service) {
	if o.metrics != nil {
		o.metrics.UpstreamLoad(s.upstream.Load)
		o.metrics.CacheLoad(s.cache.Bytes, s.cache.Evictions)
	}
}

// webhooks returns what observes webhooks; nil if nothing does.
func (o *observation) webhooks() func(webhook.Outcome) {
	if o.metrics == nil {
		return nil
	}
	return o.metrics.Webhook
}

// cache observes searches and reads of labels.
func (o *observation) cache(options *cache.Options) {
	options.Observe, options.ObserveLabels = observe.AddSearch, observe.SetLabels
}
