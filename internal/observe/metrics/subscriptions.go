package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"texter-graphql/graph/transport"
)

// subscriptions are the metrics of subscriptions and WebSockets.
type subscriptions struct {
	webSockets prometheus.Gauge
	closed     *prometheus.CounterVec
	open       *prometheus.GaugeVec
	ended      *prometheus.CounterVec
	deliveries *prometheus.CounterVec
	delivered  map[transport.Protocol]prometheus.Counter // of deliveries
}

func newSubscriptions() subscriptions {
	s := subscriptions{
		webSockets: prometheus.NewGauge(gauge("websockets", "WebSockets that are open.")),
		closed:     prometheus.NewCounterVec(counter("websockets_closed_total", "WebSockets that have closed, by the reason."), []string{"reason"}),
		open:       prometheus.NewGaugeVec(gauge("subscriptions", "Subscriptions that are open, by protocol: websocket or sse."), []string{"protocol"}),
		ended:      prometheus.NewCounterVec(counter("subscriptions_ended_total", "Subscriptions that have ended, by protocol and by the reason."), []string{"protocol", "reason"}),
		deliveries: prometheus.NewCounterVec(counter("subscription_deliveries_total", "Responses of subscriptions that were sent, by protocol."), []string{"protocol"}),
		delivered:  map[transport.Protocol]prometheus.Counter{},
	}
	for _, protocol := range []transport.Protocol{transport.WebSocket, transport.SSE} {
		s.open.WithLabelValues(string(protocol))
		s.delivered[protocol] = s.deliveries.WithLabelValues(string(protocol))
		for _, reason := range transport.Reasons {
			s.ended.WithLabelValues(string(protocol), string(reason))
		}
	}
	for _, reason := range transport.Reasons {
		s.closed.WithLabelValues(string(reason))
	}
	return s
}

func (s *subscriptions) collectors() []prometheus.Collector {
	return []prometheus.Collector{s.webSockets, s.closed, s.open, s.ended, s.deliveries}
}

// WebSocketConnected changes the number of WebSockets: see transport.Observer.
func (m *Metrics) WebSocketConnected(change int) { m.subscriptions.webSockets.Add(float64(change)) }

// WebSocketClosed counts a WebSocket that has closed.
func (m *Metrics) WebSocketClosed(reason transport.Reason) {
	m.subscriptions.closed.WithLabelValues(string(reason)).Inc()
}

// Subscribed counts a subscription that has started.
func (m *Metrics) Subscribed(protocol transport.Protocol) {
	m.subscriptions.open.WithLabelValues(string(protocol)).Inc()
}

// Delivered counts a response of a subscription.
func (m *Metrics) Delivered(protocol transport.Protocol) {
	m.subscriptions.delivered[protocol].Inc()
}

// Unsubscribed counts a subscription that has ended.
func (m *Metrics) Unsubscribed(end transport.End) {
	m.subscriptions.open.WithLabelValues(string(end.Protocol)).Dec()
	m.subscriptions.ended.WithLabelValues(string(end.Protocol), string(end.Reason)).Inc()
}
