// Package metrics counts requests, and what they cost, for Prometheus. Each label
// has few values. Clients choose none of them.
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

	"texter-graphql/internal/failure"
	"texter-graphql/internal/observe"
	"texter-graphql/texter"
	"texter-graphql/texter/cache"
	"texter-graphql/texter/upstream"
)

// namespace is the first part of the names of the service's own metrics.
const namespace = "texter_graphql"

// maxScrapes bounds the number of scrapes at the same time.
const maxScrapes = 3

// Build describes the program: the labels of build_info, and whether the chats are
// made up.
type Build struct {
	Version, Revision, GoVersion string
	Sandbox                      bool
}

// Metrics are the metrics of one service. They are safe for concurrent use.
type Metrics struct {
	registry *prometheus.Registry

	inFlight  prometheus.Gauge
	requests  *prometheus.CounterVec
	durations *prometheus.HistogramVec
	rows      prometheus.Counter
	searches  *prometheus.CounterVec
	labels    *prometheus.CounterVec
	redis     prometheus.Counter
	limited   prometheus.Counter
	waiting   prometheus.Gauge
	fallbacks prometheus.Counter

	attempts         *prometheus.CounterVec
	failures         *prometheus.CounterVec
	retries          prometheus.Counter
	attemptDurations prometheus.Histogram
	breaker          *prometheus.GaugeVec
	breaches         *prometheus.CounterVec

	spans *prometheus.CounterVec

	subscriptions subscriptions
	feed          feed
}

// New makes metrics that start at zero.
func New(b Build) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),

		inFlight:  prometheus.NewGauge(gauge("requests_in_flight", "Requests in flight.")),
		requests:  prometheus.NewCounterVec(counter("requests_total", "Requests answered, by root fields and by the code of the first error."), []string{"operation", "code"}),
		durations: prometheus.NewHistogramVec(histogram("request_duration_seconds", "Time from a request's header to the end of its response."), []string{"operation"}),
		rows:      prometheus.NewCounter(counter("rows_total", "Chats in responses.")),
		searches:  prometheus.NewCounterVec(counter("cache_searches_total", "Searches, by the source of their page: miss (Texter), shared (an equal search in flight), hit or stale (the cache), redis."), []string{"outcome"}),
		labels:    prometheus.NewCounterVec(counter("cache_labels_total", "Requests that read the names of labels, by where these came from, as in cache_searches_total."), []string{"outcome"}),
		redis:     prometheus.NewCounter(counter("redis_failures_total", "Failures of Redis, about one a second while they last.")),
		limited:   prometheus.NewCounter(counter("rate_limit_local_total", "Requests whose caller was limited by this instance alone, because Redis fails.")),
		waiting:   prometheus.NewGauge(gauge("operations_waiting", "Operations that wait for memory until others have ended.")),
		fallbacks: prometheus.NewCounter(counter("encoder_fallbacks_total", "Connections that gqlgen's executor wrote, which takes several times longer, because the fast encoder does not cover their selection.")),

		attempts:         prometheus.NewCounterVec(counter("upstream_attempts_total", "Attempts at calls to Texter, by outcome and by HTTP status, or none."), []string{"outcome", "status"}),
		failures:         prometheus.NewCounterVec(counter("upstream_failures_total", "Attempts at calls to Texter without a response that can be used, by reason."), []string{"class"}),
		retries:          prometheus.NewCounter(counter("upstream_retries_total", "Attempts that repeated a call.")),
		attemptDurations: prometheus.NewHistogram(histogram("upstream_attempt_duration_seconds", "Time from the start of an attempt to the end of its answer.")),
		breaker:          prometheus.NewGaugeVec(gauge("upstream_breaker", "1 for the current state of the circuit breaker, 0 for the others."), []string{"state"}),
		breaches:         prometheus.NewCounterVec(counter("contract_breaches_total", "Breaches of the contract of Texter's API that were seen in responses to searches, by kind."), []string{"kind"}),

		spans: prometheus.NewCounterVec(counter("trace_spans_total", "Spans, by whether the collector accepted them: exported or failed."), []string{"outcome"}),

		subscriptions: newSubscriptions(),
		feed:          newFeed(),
	}
	m.registry.MustRegister(
		m.inFlight, m.requests, m.durations, m.rows, m.searches, m.labels, m.redis, m.limited, m.waiting, m.fallbacks,
		m.attempts, m.failures, m.retries, m.attemptDurations, m.breaker, m.breaches, m.spans, m.feed.polls, m.feed.intervals, m.feed.webhooks,
		buildInfo(b), sandbox(b.Sandbox),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	m.registry.MustRegister(m.subscriptions.collectors()...)
	m.addSeries()
	return m
}

// breakerStates are the states of package upstream's circuit breaker.
var breakerStates = [...]string{"closed", "half-open", "open"}

// alertCodes are the codes of requests that alerts look for: see docs/errors.md.
var alertCodes = [...]string{
	"INTERNAL_SERVER_ERROR", "OVERLOADED", "RATE_LIMITED", "UPSTREAM_INVALID_RESPONSE", "UPSTREAM_TIMEOUT", "UPSTREAM_UNAUTHORIZED", "UPSTREAM_UNAVAILABLE",
}

// addSeries adds the series that alerts and dashboards use, at zero. If a series
// appeared with its first event, Prometheus would not count that as an increase.
func (m *Metrics) addSeries() {
	m.requests.WithLabelValues("searchChats", "OK")
	m.durations.WithLabelValues("searchChats")
	for _, outcome := range []cache.Outcome{cache.Miss, cache.Shared, cache.Hit, cache.Stale, cache.Redis} {
		m.searches.WithLabelValues(outcome.String())
		m.labels.WithLabelValues(outcome.String())
	}
	m.attempts.WithLabelValues(string(upstream.Answered), "200")
	for _, outcome := range []upstream.Outcome{upstream.Failed, upstream.Shed, upstream.Open, upstream.Held} {
		m.attempts.WithLabelValues(string(outcome), noStatus)
	}
	for _, breach := range texter.Breaches() {
		m.breaches.WithLabelValues(string(breach))
	}
	for _, class := range failure.Classes {
		m.failures.WithLabelValues(string(class))
	}
	for _, code := range alertCodes {
		m.requests.WithLabelValues("searchChats", code)
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

// histogram has buckets from 1 ms, a page from the cache, to 10 s, the default of
// texter-timeout.
func histogram(name, help string) prometheus.HistogramOpts {
	return prometheus.HistogramOpts{
		Namespace: namespace, Name: name, Help: help,
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
	}
}

func buildInfo(b Build) prometheus.Collector {
	opts := gauge("build_info", "1, with labels that say what the program was built from.")
	opts.ConstLabels = prometheus.Labels{"version": b.Version, "revision": b.Revision, "goversion": b.GoVersion}
	info := prometheus.NewGauge(opts)
	info.Set(1)
	return info
}

// DroppedLines exports how many lines of the log were dropped.
func (m *Metrics) DroppedLines(dropped func() int64) {
	m.registry.MustRegister(prometheus.NewCounterFunc(
		prometheus.CounterOpts(counter("log_lines_dropped_total", "Lines of the log that were dropped, because nobody read it.")),
		func() float64 { return float64(dropped()) },
	))
}

// sandbox is 1 where the chats are made up.
func sandbox(isSandbox bool) prometheus.Collector {
	g := prometheus.NewGauge(gauge("sandbox", "1 if the chats are made up, because no project is set."))
	if isSandbox {
		g.Set(1)
	}
	return g
}

// Handler serves the metrics to Prometheus.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: maxScrapes})
}

// InFlight counts the requests in flight in next.
func (m *Metrics) InFlight(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.inFlight.Inc()
		defer m.inFlight.Dec()
		next.ServeHTTP(w, r)
	})
}

// Request counts a request. It is an observe.Observer.
func (m *Metrics) Request(_ context.Context, r *observe.Request) {
	if r.IsSubscription {
		return // which is counted while it is open
	}
	operation := operation(r.RootFields)
	m.requests.WithLabelValues(operation, r.Code()).Inc()
	m.durations.WithLabelValues(operation).Observe(r.Duration.Seconds())
	m.rows.Add(float64(r.Rows))
	for _, outcome := range r.Cache {
		m.searches.WithLabelValues(outcome.String()).Inc()
	}
	if r.Labels != 0 {
		m.labels.WithLabelValues(r.Labels.String()).Inc()
	}
}

// RedisFailed counts a failure of Redis: see redisclient.Client.Guard.
func (m *Metrics) RedisFailed() { m.redis.Inc() }

// LimitedLocally counts a request: see ratelimit.RedisOptions.
func (m *Metrics) LimitedLocally() { m.limited.Inc() }

// Waiting changes the number of operations that wait: see graph.Options.
func (m *Metrics) Waiting(change int) { m.waiting.Add(float64(change)) }

// Fallback counts a connection that gqlgen's executor wrote: see graph.Options.
func (m *Metrics) Fallback() { m.fallbacks.Inc() }

// noStatus is the status label of an attempt without an HTTP status.
const noStatus = "none"

// Attempt counts an attempt at a call to Texter: see upstream.Options.
func (m *Metrics) Attempt(_ context.Context, a upstream.Attempt) {
	status := noStatus
	if a.Status > 0 {
		status = strconv.Itoa(a.Status)
	}
	m.attempts.WithLabelValues(string(a.Outcome), status).Inc()
	if a.Outcome == upstream.Failed {
		m.Failure(a.Failure)
	}
	if a.Number > 1 {
		m.retries.Inc()
	}
	if a.Duration > 0 {
		m.attemptDurations.Observe(a.Duration.Seconds())
	}
}

// Failure counts an attempt without a response that can be used. Attempt calls it
// for those that failed.
func (m *Metrics) Failure(class failure.Class) { m.failures.WithLabelValues(string(class)).Inc() }

// Breach counts a breach of the contract of Texter's API: see texter.Options.
func (m *Metrics) Breach(b texter.Breach) { m.breaches.WithLabelValues(string(b)).Inc() }

// Breaker stores the new state of the circuit breaker: see upstream.Options.
func (m *Metrics) Breaker(state string) {
	for _, s := range breakerStates {
		value := 0.0
		if s == state {
			value = 1
		}
		m.breaker.WithLabelValues(s).Set(value)
	}
}

// Spans counts spans that were exported, or lost because of err: see
// tracing.Options.
func (m *Metrics) Spans(spans int, err error) {
	outcome := "exported"
	if err != nil {
		outcome = "failed"
	}
	m.spans.WithLabelValues(outcome).Add(float64(spans))
}

// operation returns the operation label: the root fields, or none if nothing was
// executed. Clients choose the name of an operation, so it can't be a label.
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
