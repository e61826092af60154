package transport_test

import (
	"errors"
	"fmt"
	"testing"

	"texter-graphql/graph/transport"
	"texter-graphql/internal/refusal"
)

// TestLimitsOfConnections: subscriptions and WebSockets are counted apart, for each
// caller and in all. Callers without a name have no limit of their own.
func TestLimitsOfConnections(t *testing.T) {
	const own, all = 2, 5
	for what, count := range map[string]struct {
		add    func(*transport.Connections, string) error
		remove func(*transport.Connections, string)
		other  func(*transport.Connections, string) error
	}{
		"subscriptions": {(*transport.Connections).AddSubscription, (*transport.Connections).RemoveSubscription, (*transport.Connections).AddWebSocket},
		"WebSockets":    {(*transport.Connections).AddWebSocket, (*transport.Connections).RemoveWebSocket, (*transport.Connections).AddSubscription},
	} {
		t.Run(what, func(t *testing.T) {
			c := transport.NewConnections(transport.Callers{}, transport.Observer{}, transport.Limits{SubscriptionsPerCaller: own, Subscriptions: all})
			status := func(err error) int {
				if e, ok := errors.AsType[*refusal.Error](err); ok {
					return e.Status
				}
				return 0
			}
			for i, step := range []struct {
				caller string
				want   int
			}{{"a", 0}, {"a", 0}, {"a", 429}, {"b", 0}, {"", 0}, {"", 0}, {"", 503}, {"b", 503}} {
				if got := status(count.add(c, step.caller)); got != step.want {
					t.Errorf("step %d gets status %d, want %d", i, got, step.want)
				}
			}
			for _, caller := range []string{"a", "a", "b", "", ""} {
				if err := count.other(c, caller); err != nil {
					t.Errorf("the others count too: %v", err)
				}
			}
			count.remove(c, "a")
			for i, want := range []int{0, 429} {
				if got := status(count.add(c, "a")); got != want {
					t.Errorf("in place %d of one that has closed: status %d, want %d", i, got, want)
				}
			}
		})
	}
}

// TestDefaultLimitsOfConnections are those of the documents.
func TestDefaultLimitsOfConnections(t *testing.T) {
	got := transport.NewConnections(transport.Callers{}, transport.Observer{}, transport.Limits{}).Limits
	if fmt.Sprint(got) != "{10000 1000 100}" {
		t.Errorf("they are %+v", got)
	}
}
