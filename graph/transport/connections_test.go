package transport_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/graph/transport"
	"texter-graphql/internal/refusal"
)

// assertStatus fails unless an error is a refusal of this status; 0 for no error.
func assertStatus(t *testing.T, what string, err error, want int) {
	t.Helper()
	refused, _ := errors.AsType[*refusal.Error](err)
	if want == 0 && err != nil || want != 0 && (refused == nil || refused.Status != want || refused.Message == "") {
		t.Errorf("%s: got %v, want %d", what, err, want)
	}
	if want == 503 && (refused == nil || refused.RetryAfter == 0 || refused.Code != "OVERLOADED") {
		t.Errorf("%s: got %+v", what, refused)
	}
}

// TestLimits: subscriptions and WebSockets are counted apart, each by its caller and in
// all. Callers without a name share nothing but the number in all.
func TestLimits(t *testing.T) {
	for _, kind := range []string{"subscriptions", "connections"} {
		t.Run(kind, func(t *testing.T) {
			c := transport.NewConnections(transport.Callers{}, transport.Observer{}, transport.Limits{Subscriptions: 4, SubscriptionsPerCaller: 2})
			add, remove, addOther := c.AddSubscription, c.RemoveSubscription, c.AddWebSocket
			if kind == "connections" {
				add, remove, addOther = c.AddWebSocket, c.RemoveWebSocket, c.AddSubscription
			}
			for range 2 {
				assertStatus(t, "the other kind", addOther("a"), 0)
			}
			for i, step := range []struct {
				caller string
				status int
			}{{"a", 0}, {"a", 0}, {"a", 429}, {"b", 0}, {"", 0}, {"", 503}, {"b", 503}} {
				err := add(step.caller)
				if assertStatus(t, fmt.Sprint("step ", i), err, step.status); err != nil && !strings.Contains(err.Error(), kind) {
					t.Errorf("got %v", err)
				}
			}
			remove("a")
			assertStatus(t, "in place of one that has ended", add("a"), 0)
			assertStatus(t, "one more", add("a"), 429)
			for _, caller := range []string{"a", "a", "b"} {
				remove(caller)
			}
			for range 3 {
				assertStatus(t, "those without a name", add(""), 0)
			}
			assertStatus(t, "one more in all", add("b"), 503)
		})
	}
	t.Run("by default", func(t *testing.T) {
		c := transport.NewConnections(transport.Callers{}, transport.Observer{}, transport.Limits{})
		for i := range 10_000 {
			if err := c.AddSubscription(fmt.Sprint(i % 10)); err != nil {
				t.Fatalf("subscription %d: %v", i, err)
			}
		}
		assertStatus(t, "one more of a caller", c.AddSubscription("0"), 429)
		assertStatus(t, "one more in all", c.AddSubscription("other"), 503)
	})
}

// checked is a Connection that counts what is done with it.
type checked struct {
	checks, stops atomic.Int32
	stopped       func()
}

// Check implements transport.Connection.
func (c *checked) Check(time.Time) { c.checks.Add(1) }

// Stop implements transport.Connection.
func (c *checked) Stop() {
	c.stops.Add(1)
	c.stopped()
}

// TestConnections: those that are open are looked at twice a second, and end when the
// service stops: one after another, within seconds.
func TestConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := transport.NewConnections(transport.Callers{}, transport.Observer{}, transport.Limits{})
		ctx, cancel := context.WithCancel(t.Context())
		go c.Watch(ctx)
		all := make([]*checked, 1000)
		for i := range all {
			all[i] = &checked{}
			all[i].stopped = func() { go c.Remove(all[i]) }
			if err := c.Add(all[i]); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(10*time.Second + time.Millisecond)
		synctest.Wait()
		gone := all[0]
		c.Remove(gone)
		time.Sleep(time.Second)
		synctest.Wait()
		if gone.checks.Load() != 20 || all[1].checks.Load() != 22 {
			t.Errorf("%d and %d checks", gone.checks.Load(), all[1].checks.Load())
		}
		cancel()
		time.Sleep(time.Second)
		if synctest.Wait(); all[1].checks.Load() != 22 {
			t.Errorf("%d checks after the end", all[1].checks.Load())
		}
		began := time.Now()
		stopped := make(chan time.Duration)
		go func() {
			c.Stop()
			stopped <- time.Since(began)
		}()
		time.Sleep(2500 * time.Millisecond)
		synctest.Wait()
		half := int32(0)
		for _, connection := range all {
			half += connection.stops.Load()
		}
		if half < 450 || half > 550 {
			t.Errorf("%d connections were stopped at half time", half)
		}
		assertStatus(t, "a new one", c.Add(&checked{}), 503)
		if took := <-stopped; took < 4900*time.Millisecond || took > 5*time.Second {
			t.Errorf("it took %v", took)
		}
		for i, connection := range all {
			if got := int(connection.stops.Load()); got != min(i, 1) {
				t.Errorf("connection %d was stopped %d times", i, got)
			}
		}
	})
	t.Run("a few are stopped at once, and waited for", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c := transport.NewConnections(transport.Callers{}, transport.Observer{}, transport.Limits{})
			for range 3 {
				slow := &checked{}
				slow.stopped = func() { time.AfterFunc(time.Second, func() { c.Remove(slow) }) }
				if err := c.Add(slow); err != nil {
					t.Fatal(err)
				}
			}
			began := time.Now()
			if c.Stop(); time.Since(began) != 1020*time.Millisecond {
				t.Errorf("it took %v", time.Since(began))
			}
		})
	})
	t.Run("none are stopped at once", func(*testing.T) {
		transport.NewConnections(transport.Callers{}, transport.Observer{}, transport.Limits{}).Stop()
	})
}
