// Package metrics counts requests and what they cost, for Prometheus. Every
// label has few values, none of which a client chooses.
package metrics

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"texter-graphql/internal/observe"
	"texter-graphql/texter/cache"
	"texter-graphql/texter/upstream"
)

// namespace begins the names of all metrics but those of Go and the process.
const namespace = "texter_graphql"

// maxScrapes is how many scrapes are answered at the same time.
const maxScrapes = 3

// Build is what the program was built from.
type Build struct{ Version, Revision, GoVersion string }

// Metrics are the metrics of one service. They are safe for concurrent use.
type Metrics struct {
	registry *prometheus.Registry

	inFlight  prometheus.Gauge
	requests  *prometheus.CounterVec
	durations *prometheus.HistogramVec
	rows      prometheus.Counter
	searches  *prometheus.CounterVec
	redis     prometheus.Counter
	waiting   prometheus.Gauge
	fallbacks prometheus.Counter

	attempts         *prometheus.CounterVec
	retries          prometheus.Counter
	attemptDurations prometheus.Histogram
	breaker          *prometheus.GaugeVec

	spans *prometheus.CounterVec
}

// New makes metrics that start at zero.
func New(b Build) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),

		inFlight:  prometheus.NewGauge(gauge("requests_in_flight", "Requests that are being answered.")),
		requests:  prometheus.NewCounterVec(counter("requests_total", "Requests answered, by root fields and by the code of the first error."), []string{"operation", "code"}),
		durations: prometheus.NewHistogramVec(histogram("request_duration_seconds", "Time from a request's header to the end of its answer."), []string{"operation"}),
		rows:      prometheus.NewCounter(counter("rows_total", "Chats in answers.")),
		searches:  prometheus.NewCounterVec(counter("cache_searches_total", "Searches, by where their answer came from."), []string{"outcome"}),
		redis:     prometheus.NewCounter(counter("redis_failures_total", "Redis was of no use: about one a second as long as that lasts.")),
		waiting:   prometheus.NewGauge(gauge("large_operations_waiting", "Large operations that wait until others are done, to bound memory.")),
		fallbacks: prometheus.NewCounter(counter("encoder_fallbacks_total", "Connections that gqlgen's executor wrote, several times slower, as the encoder does not cover what was selected.")),

		attempts:         prometheus.NewCounterVec(counter("upstream_attempts_total", "Attempts at calls to Texter, by how they ended and by HTTP status, none if there was none."), []string{"outcome", "status"}),
		retries:          prometheus.NewCounter(counter("upstream_retries_total", "Attempts that were not the first at their call.")),
		attemptDurations: prometheus.NewHistogram(histogram("upstream_attempt_duration_seconds", "Time from sending an attempt to the end of its answer.")),
		breaker:          prometheus.NewGaugeVec(gauge("upstream_breaker", "1 for the state that the circuit breaker is in."), []string{"state"}),

		spans: prometheus.NewCounterVec(counter("trace_spans_total", "Spans, by whether the collector took them: exported or failed."), []string{"outcome"}),
	}
	m.registry.MustRegister(
		m.inFlight, m.requests, m.durations, m.rows, m.searches, m.redis, m.waiting, m.fallbacks,
		m.attempts, m.retries, m.attemptDurations, m.breaker, m.spans, buildInfo(b),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	m.begin()
	return m
}

// breakerStates are the states of package upstream's circuit breaker.
var breakerStates = [...]string{"closed", "half-open", "open"}

// begin makes the series that alerts and dashboards look at: of one that
// appears with its first event, Prometheus does not see the increase.
func (m *Metrics) begin() {
	m.requests.WithLabelValues("searchChats", "OK")
	m.durations.WithLabelValues("searchChats")
	for _, outcome := range []cache.Outcome{cache.Miss, cache.Shared, cache.Hit, cache.Stale, cache.Redis} {
		m.searches.WithLabelValues(outcome.String())
	}
	m.attempts.WithLabelValues(string(upstream.Answered), "200")
	for _, outcome := range []upstream.Outcome{upstream.Failed, upstream.Shed, upstream.Open} {
		m.attempts.WithLabelValues(string(outcome), noStatus)
	}
	m.spans.WithLabelValues("exported")
	m.spans.WithLabelValues("failed")
	m.Breaker(breakerStates[0])
}

func gauge(name, help string) prometheus.GaugeOpts {
	return prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help}
}

func counter(name, help string) prometheus.CounterOpts {
	return prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}
}

// histogram has buckets from 1 ms, an answer from the cache, to 10 s, the usual
// deadline.
func histogram(name, help string) prometheus.HistogramOpts {
	return prometheus.HistogramOpts{
		Namespace: namespace, Name: name, Help: help,
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
	}
}

func buildInfo(b Build) prometheus.Collector {
	opts := gauge("build_info", "1, with what the program was built from as labels.")
	opts.ConstLabels = prometheus.Labels{"version": b.Version, "revision": b.Revision, "goversion": b.GoVersion}
	info := prometheus.NewGauge(opts)
	info.Set(1)
	return info
}

// Handler answers scrapes.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: maxScrapes})
}

// InFlight counts the requests that next is answering.
func (m *Metrics) InFlight(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.inFlight.Inc()
		defer m.inFlight.Dec()
		next.ServeHTTP(w, r)
	})
}

// Request counts a request: see observe.Handler.
func (m *Metrics) Request(_ context.Context, r *observe.Request) {
	operation := operation(r.RootFields)
	m.requests.WithLabelValues(operation, r.Code()).Inc()
	m.durations.WithLabelValues(operation).Observe(r.Duration.Seconds())
	m.rows.Add(float64(r.Rows))
	for _, outcome := range r.Cache {
		m.searches.WithLabelValues(outcome.String()).Inc()
	}
}

// RedisFailed counts a failure: see cache.RedisOptions.
func (m *Metrics) RedisFailed() { m.redis.Inc() }

// Waiting counts the large operations that wait: see graph.Options.
func (m *Metrics) Waiting(change int) { m.waiting.Add(float64(change)) }

// Fallback counts a connection that the executor wrote: see graph.Options.
func (m *Metrics) Fallback() { m.fallbacks.Inc() }

// noStatus is the label of an attempt that got no answer.
const noStatus = "none"

// Attempt counts an attempt at a call to Texter: see upstream.Options.
func (m *Metrics) Attempt(_ context.Context, a upstream.Attempt) {
	status := noStatus
	if a.Status > 0 {
		status = strconv.Itoa(a.Status)
	}
	m.attempts.WithLabelValues(string(a.Outcome), status).Inc()
	if a.Number > 1 {
		m.retries.Inc()
	}
	if a.Duration > 0 {
		m.attemptDurations.Observe(a.Duration.Seconds())
	}
}

// Breaker takes the circuit breaker's new state: see upstream.Options.
func (m *Metrics) Breaker(state string) {
	for _, s := range breakerStates {
		value := 0.0
		if s == state {
			value = 1
		}
		m.breaker.WithLabelValues(s).Set(value)
	}
}

// Spans counts spans: see tracing.Options.
func (m *Metrics) Spans(spans int, err error) {
	outcome := "exported"
	if err != nil {
		outcome = "failed"
	}
	m.spans.WithLabelValues(outcome).Add(float64(spans))
}

// operation names an operation by its root fields, for its own name is the
// client's to choose; none if nothing was executed.
func operation(rootFields []string) string {
	switch {
	case len(rootFields) == 0:
		return "none"
	case len(rootFields) == 1:
		return rootFields[0]
	}
	named := slices.DeleteFunc(slices.Clone(rootFields), func(name string) bool { return name == "__typename" })
	return strings.Join(named, "+")
}
