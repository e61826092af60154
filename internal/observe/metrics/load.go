package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"texter-graphql/texter/upstream"
)

// UpstreamLoad exports what load returns: see upstream.Transport.Load.
func (m *Metrics) UpstreamLoad(load func() upstream.Load) {
	m.registry.MustRegister(
		prometheus.NewGaugeFunc(gauge("upstream_in_flight", "Attempts at calls to Texter in flight."), func() float64 { return float64(load().InFlight) }),
		prometheus.NewGaugeFunc(gauge("upstream_waiting", "Attempts at calls to Texter that wait for others to end."), func() float64 { return float64(load().Waiting) }),
		prometheus.NewGaugeFunc(gauge("upstream_retries_left", "Retries that their budget allows now, 50 at most."), func() float64 { return load().RetriesLeft }),
	)
}

// CacheLoad exports the bytes of the pages in the cache, and how many pages were
// dropped to make room for others.
func (m *Metrics) CacheLoad(bytes, evictions func() int) {
	m.registry.MustRegister(
		prometheus.NewGaugeFunc(gauge("cache_bytes", "Memory of the cached pages, in bytes."), func() float64 { return float64(bytes()) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts(counter("cache_evictions_total", "Cached pages that were dropped to make room for others.")), func() float64 { return float64(evictions()) }),
	)
}
