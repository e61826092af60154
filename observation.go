package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"

	"texter-graphql/config"
	"texter-graphql/observe"
	"texter-graphql/observe/accesslog"
	"texter-graphql/observe/metrics"
)

// observation is what is switched on of logs and metrics. What is off is not
// in the way of requests.
type observation struct {
	logger  *slog.Logger
	metrics *metrics.Metrics // nil if off
	told    []func(context.Context, *observe.Request)
}

func newObservation(cfg config.Config, logger *slog.Logger) observation {
	o := observation{logger: logger}
	if logger.Enabled(context.Background(), slog.LevelInfo) {
		o.told = append(o.told, accesslog.New(logger))
	}
	if cfg.MetricsAddr != "" {
		b := readBuild()
		o.metrics = metrics.New(metrics.Build{Version: b.version, Revision: b.revision, GoVersion: b.goVersion})
		o.told = append(o.told, o.metrics.Request)
	}
	return o
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
	return next
}

// serveMetrics serves /metrics at its own address, if it is on, until ctx ends,
// and says where.
func (o observation) serveMetrics(ctx context.Context, addr string, stderr io.Writer) error {
	if o.metrics == nil {
		return nil
	}
	listener, err := listen("metrics-addr", addr)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", o.metrics.Handler())
	server := newServer(mux)
	context.AfterFunc(ctx, func() { _ = server.Close() })
	fmt.Fprintf(stderr, "Metrics: http://%s/metrics\n", listener.Addr())
	go func() { _ = server.Serve(listener) }() // until Close
	return nil
}
