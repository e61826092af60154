package ratelimit_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"texter-graphql/internal/ratelimit"
	"texter-graphql/internal/refusal"
)

type callerKey struct{}

// byHeader lets in whoever has a name.
func byHeader(r *http.Request) (context.Context, error) {
	name := r.Header.Get("Name")
	if name == "" {
		return nil, errors.New("no name")
	}
	return context.WithValue(r.Context(), callerKey{}, name), nil
}

func callerOf(ctx context.Context) string {
	name, _ := ctx.Value(callerKey{}).(string)
	return name
}

func request(address, name string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/graphql", nil)
	r.RemoteAddr = address
	r.Header.Set("Name", name)
	return r
}

// outcome is let in, refused by Authenticate, or refused for too many.
func outcome(t *testing.T, authenticate func(*http.Request) (context.Context, error), r *http.Request) string {
	t.Helper()
	ctx, err := authenticate(r)
	refusal, ok := errors.AsType[*refusal.Error](err)
	switch {
	case err == nil && ctx != nil:
		return "in"
	case ok && refusal.Status == 429 && refusal.RetryAfter > 0 && ctx == nil:
		return "limited"
	}
	return fmt.Sprint(err)
}

// TestEachCallerHasTheirOwn: neither the address nor another caller matters to
// one who has a name; those without share what their address has.
func TestEachCallerHasTheirOwn(t *testing.T) {
	limit := ratelimit.New(ratelimit.Options{Rate: 0.001, Burst: 3, Authenticate: byHeader, Caller: callerOf})
	for i, test := range []struct{ address, name, want string }{
		{"10.0.0.1:1", "a", "in"}, {"10.0.0.1:2", "a", "in"}, {"10.0.0.2:1", "a", "in"}, {"10.0.0.3:1", "a", "limited"},
		{"10.0.0.3:1", "b", "in"},
		{"10.0.0.1:1", "", "no name"}, {"10.0.0.1:2", "", "no name"}, {"10.0.0.1:3", "", "no name"}, {"10.0.0.1:4", "", "limited"},
		{"10.0.0.1:5", "b", "in"}, {"10.0.0.2:1", "", "no name"},
		{"[2001:db8::1]:1", "", "no name"}, {"[2001:db8::2]:1", "", "no name"}, {"[2001:db8::ffff:1]:1", "", "no name"}, {"[2001:db8::3]:1", "", "limited"},
		{"[2001:db8:0:1::1]:1", "", "no name"}, {"[::ffff:10.0.0.1]:1", "", "limited"},
		{"not an address", "", "no name"}, {"10.0.0.9:1", "address:10.0.0.1", "in"},
	} {
		if got := outcome(t, limit, request(test.address, test.name)); got != test.want {
			t.Errorf("%d, %v: got %s", i, test, got)
		}
	}
}

// TestNobodyHasAName counts by address where callers need not say who they are.
func TestNobodyHasAName(t *testing.T) {
	limit := ratelimit.New(ratelimit.Options{Rate: 0.001, Burst: 1, Caller: func(context.Context) string { return "" }})
	for i, test := range []struct{ address, want string }{{"10.0.0.1:1", "in"}, {"10.0.0.1:2", "limited"}, {"10.0.0.2:1", "in"}} {
		if got := outcome(t, limit, request(test.address, "")); got != test.want {
			t.Errorf("%d: got %s", i, got)
		}
	}
}

// TestRetryAfter waits as long as is said, and is let in.
func TestRetryAfter(t *testing.T) {
	limit := ratelimit.New(ratelimit.Options{Rate: 20, Burst: 1, Caller: callerOf})
	r := request("10.0.0.1:1", "")
	for {
		_, err := limit(r)
		refusal, ok := errors.AsType[*refusal.Error](err)
		if !ok {
			continue
		}
		if refusal.RetryAfter > 50*time.Millisecond {
			t.Fatalf("got %v", refusal.RetryAfter)
		}
		time.Sleep(refusal.RetryAfter)
		break
	}
	if got := outcome(t, limit, r); got != "in" {
		t.Errorf("got %s", got)
	}
}

// TestManyCallers forgets those that have not called for longest.
func TestManyCallers(t *testing.T) {
	limit := ratelimit.New(ratelimit.Options{Rate: 0.001, Burst: 1, Authenticate: byHeader, Caller: callerOf})
	for i := range 10_001 {
		if got := outcome(t, limit, request("10.0.0.1:1", fmt.Sprint(i))); got != "in" {
			t.Fatalf("%d: got %s", i, got)
		}
	}
	if got := outcome(t, limit, request("10.0.0.1:1", "1")); got != "limited" {
		t.Errorf("a caller that is remembered is %s", got)
	}
	if got := outcome(t, limit, request("10.0.0.1:1", "0")); got != "in" {
		t.Errorf("a caller that is forgotten is %s", got)
	}
}
