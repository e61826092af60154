package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"texter-graphql/graph/live"
	"texter-graphql/internal/webhook"
)

// feed are the metrics of the live feed.
type feed struct {
	polls     *prometheus.CounterVec
	intervals prometheus.Histogram
	webhooks  *prometheus.CounterVec
}

func newFeed() feed {
	intervals := histogram("live_poll_interval_seconds", "Time between two readings of a list that somebody watches.")
	intervals.Buckets = []float64{.5, 1, 3, 5, 10, 20, 30, 60, 120}
	f := feed{
		polls:     prometheus.NewCounterVec(counter("live_polls_total", "Readings of lists that somebody watches, by what they found: changed, unchanged, failed, or shared (another instance has read it)."), []string{"outcome"}),
		intervals: prometheus.NewHistogram(intervals),
		webhooks:  prometheus.NewCounterVec(counter("live_webhooks_total", "Webhooks, by what became of them: accepted, ignored (not about a chat), refused (without the secret), invalid."), []string{"outcome"}),
	}
	for _, outcome := range []string{pollChanged, pollUnchanged, pollFailed, pollShared} {
		f.polls.WithLabelValues(outcome)
	}
	for _, outcome := range webhook.Outcomes {
		f.webhooks.WithLabelValues(string(outcome))
	}
	return f
}

// The values of the label outcome of live_polls_total.
const pollChanged, pollUnchanged, pollFailed, pollShared = "changed", "unchanged", "failed", "shared"

// Watched counts the lists that are watched by what lists returns.
func (m *Metrics) Watched(lists func() int) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(gauge("live_lists", "Lists that are watched."), func() float64 { return float64(lists()) }))
}

// Poll counts a reading of a list: see live.Options.
func (m *Metrics) Poll(p live.Poll) {
	outcome := pollUnchanged
	switch {
	case p.Err != nil:
		outcome = pollFailed
	case p.IsShared:
		outcome = pollShared
	case p.Changed:
		outcome = pollChanged
	}
	m.feed.polls.WithLabelValues(outcome).Inc()
	if p.Since > 0 {
		m.feed.intervals.Observe(p.Since.Seconds())
	}
}

// Webhook counts a webhook: see webhook.Options.
func (m *Metrics) Webhook(outcome webhook.Outcome) {
	m.feed.webhooks.WithLabelValues(string(outcome)).Inc()
}
