package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"

	"texter-graphql/graph"
	"texter-graphql/internal/config"
	"texter-graphql/internal/health"
	"texter-graphql/internal/observe"
	"texter-graphql/internal/observe/accesslog"
	"texter-graphql/internal/observe/metrics"
	"texter-graphql/internal/observe/tracing"
	"texter-graphql/texter/upstream"
)

// observation is what is switched on of logs, metrics and traces. What is off
// is not in the way of requests.
type observation struct {
	lines   *accesslog.Lines
	logger  *slog.Logger     // writes to lines, at once
	metrics *metrics.Metrics // nil if off
	tracer  *tracing.Tracer  // nil if off
	told    []func(context.Context, *observe.Request)
}

func newObservation(ctx context.Context, cfg config.Config, stderr io.Writer) (observation, error) {
	o := observation{lines: accesslog.NewLines(stderr)}
	o.logger = slog.New(slog.NewJSONHandler(o.lines, &slog.HandlerOptions{Level: cfg.LogLevel}))
	b := readBuild()
	if cfg.MetricsAddr != "" {
		o.metrics = metrics.New(metrics.Build{Version: b.version, Revision: b.revision, GoVersion: b.goVersion})
		o.told = append(o.told, o.metrics.Request)
	}
	var traceID func(context.Context) string
	if cfg.TracesURL != "" {
		tracer, err := tracing.New(ctx, tracing.Options{Endpoint: cfg.TracesURL, Ratio: cfg.TracesRatio, Version: b.version, Exported: o.exported()})
		if err != nil {
			return o, err
		}
		o.tracer, traceID = tracer, tracing.ID
		o.told = append(o.told, tracer.Request)
	}
	if o.logger.Enabled(ctx, slog.LevelInfo) {
		o.told = append(o.told, accesslog.New(o.lines, traceID))
	}
	return o, nil
}

// exported counts spans, and logs when the collector fails and when it is back.
func (o observation) exported() func(spans int, err error) {
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

// close sends the last traces, and writes the last lines.
func (o observation) close(ctx context.Context) {
	if o.tracer != nil {
		o.tracer.Shutdown(ctx)
	}
	o.lines.Close()
}

// on reports whether anybody wants to know about requests.
func (o observation) on() bool { return len(o.told) > 0 }

// requests observes the requests that next answers.
func (o observation) requests(next http.Handler) http.Handler {
	if o.on() {
		next = observe.Handler(next, o.told...)
	}
	if o.metrics != nil {
		next = o.metrics.InFlight(next)
	}
	if o.tracer != nil {
		next = o.tracer.Handler(next)
	}
	return next
}

// graph observes what becomes of operations.
func (o observation) graph(options *graph.Options) {
	if o.on() {
		options.Observe = observe.Outcome
	}
	if o.metrics != nil {
		options.Fallback, options.Waiting = o.metrics.Fallback, o.metrics.Waiting
	}
}

// upstream observes attempts at calls to Texter, and tells health how it does.
func (o observation) upstream(options upstream.Options, state *health.Health) upstream.Options {
	options.Observe = func(ctx context.Context, a upstream.Attempt) {
		switch {
		case a.Outcome == upstream.Failed || a.Status >= http.StatusInternalServerError:
			state.UpstreamFailed()
		case a.Outcome == upstream.Answered:
			state.UpstreamAnswered()
		}
		if o.metrics != nil {
			o.metrics.Attempt(ctx, a)
		}
		if o.on() {
			observe.Attempt(ctx, a)
		}
	}
	options.BreakerChanged = func(breaker string) {
		state.BreakerChanged(breaker)
		if o.metrics != nil {
			o.metrics.Breaker(breaker)
		}
		o.logger.Warn("circuit breaker", "state", breaker)
	}
	if o.tracer != nil {
		options.Around = o.tracer.Transport
	}
	return options
}

// serveMetrics serves /metrics at its own address, if it is on, until stop is
// called, and says where.
func (o observation) serveMetrics(addr string, stderr io.Writer) (stop func(), err error) {
	if o.metrics == nil {
		return func() {}, nil
	}
	listener, err := listen("metrics-addr", addr)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", o.metrics.Handler())
	server := newServer(mux)
	fmt.Fprintf(stderr, "Metrics: http://%s/metrics\n", listener.Addr())
	go func() { _ = server.Serve(listener) }() // until Close
	return func() { _ = server.Close() }, nil
}
