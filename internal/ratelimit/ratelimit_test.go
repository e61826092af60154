package ratelimit_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/internal/ratelimit"
	"texter-graphql/internal/refusal"
)

type callerKey struct{}

// byHeader lets in requests with a name.
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

// outcome returns "in", "limited", or the error of Authenticate.
func outcome(t *testing.T, authenticate func(*http.Request) (context.Context, error), r *http.Request) string {
	t.Helper()
	ctx, err := authenticate(r)
	refusal, ok := errors.AsType[*refusal.Error](err)
	switch {
	case err == nil && ctx != nil:
		return "in"
	case ok && refusal.Status == 429 && refusal.Message == "Too many requests." && refusal.RetryAfter > 0 && ctx == nil:
		return "limited"
	}
	return fmt.Sprint(err)
}

// TestEachSenderHasItsOwnBucket: a caller with a name has a bucket, whatever the
// address. Callers without a name share the bucket of their network.
func TestEachSenderHasItsOwnBucket(t *testing.T) {
	limit := ratelimit.New(ratelimit.Options{Rate: 0.001, Burst: 3, Authenticate: byHeader, Caller: callerOf})
	for _, test := range []struct{ name, address, caller, want string }{
		{"the first of a is let in", "10.0.0.1:1", "a", "in"},
		{"the second of a is let in", "10.0.0.1:2", "a", "in"},
		{"the third of a is let in, from another address", "10.0.0.2:1", "a", "in"},
		{"the fourth of a is limited, from any address", "10.0.0.3:1", "a", "limited"},
		{"b is let in from the address of a", "10.0.0.3:1", "b", "in"},
		{"the first without a name is not limited", "10.0.0.1:1", "", "no name"},
		{"the second without a name is not limited", "10.0.0.1:2", "", "no name"},
		{"the third without a name is not limited", "10.0.0.1:3", "", "no name"},
		{"the fourth without a name is limited", "10.0.0.1:4", "", "limited"},
		{"b is let in from that address", "10.0.0.1:5", "b", "in"},
		{"one without a name is not limited at another address", "10.0.0.2:1", "", "no name"},
		{"the first of an IPv6 network is not limited", "[2001:db8::1]:1", "", "no name"},
		{"the second of an IPv6 network is not limited", "[2001:db8::2]:1", "", "no name"},
		{"the third of an IPv6 network is not limited", "[2001:db8::ffff:1:2:3]:1", "", "no name"},
		{"the fourth of an IPv6 network is limited", "[2001:db8::3]:1", "", "limited"},
		{"another IPv6 network is not limited", "[2001:db8:0:1::1]:1", "", "no name"},
		{"an IPv4 address in IPv6 is the IPv4 address", "[::ffff:10.0.0.1]:1", "", "limited"},
		{"what is no address counts too", "not an address", "", "no name"},
		{"a caller whose name looks like an address is a caller", "10.0.0.9:1", "address:10.0.0.1", "in"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := outcome(t, limit, request(test.address, test.caller)); got != test.want {
				t.Errorf("got %s", got)
			}
		})
	}
}

func TestSendersWithoutNamesCountByAddress(t *testing.T) {
	limit := ratelimit.New(ratelimit.Options{Rate: 0.001, Burst: 1, Caller: func(context.Context) string { return "" }})
	for i, test := range []struct{ address, want string }{
		{"10.0.0.1:1", "in"}, {"10.0.0.1:2", "limited"}, {"10.0.0.2:1", "in"},
		{"no address", "in"}, {"no address", "limited"}, {"another that is none", "in"},
	} {
		if got := outcome(t, limit, request(test.address, "")); got != test.want {
			t.Errorf("request %d: got %s", i, got)
		}
	}
}

func TestAfterRetryAfterACallerIsLetIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limit := ratelimit.New(ratelimit.Options{Rate: 20, Burst: 1, Caller: callerOf})
		r := request("10.0.0.1:1", "")
		if got := outcome(t, limit, r); got != "in" {
			t.Fatalf("the first is %s", got)
		}
		_, err := limit(r)
		refused, ok := errors.AsType[*refusal.Error](err)
		if !ok || refused.RetryAfter != 50*time.Millisecond {
			t.Fatalf("got %v", err)
		}
		time.Sleep(refused.RetryAfter - time.Millisecond) // of the fake clock
		if got := outcome(t, limit, r); got != "limited" {
			t.Errorf("just before, it is %s", got)
		}
		time.Sleep(time.Millisecond)
		if got := outcome(t, limit, r); got != "in" {
			t.Errorf("then, it is %s", got)
		}
	})
}

// TestACallerWhoIsLimitedLosesNothing: requests that are refused put off no other,
// however rare tokens are.
func TestACallerWhoIsLimitedLosesNothing(t *testing.T) {
	for rate, want := range map[float64]time.Duration{1e9: 1, 0.1: 10 * time.Second, 1e-12: math.MaxInt64} {
		synctest.Test(t, func(t *testing.T) {
			limit := ratelimit.New(ratelimit.Options{Rate: rate, Burst: 2, Caller: callerOf})
			r := request("10.0.0.1:1", "")
			if one, two := outcome(t, limit, r), outcome(t, limit, r); one != "in" || two != "in" {
				t.Errorf("at a rate of %g, the first are %s and %s", rate, one, two)
			}
			for range 3 {
				_, err := limit(r)
				if refused, ok := errors.AsType[*refusal.Error](err); !ok || refused.RetryAfter != want {
					t.Errorf("at a rate of %g, then: %+v, want a wait of %v", rate, refused, want)
				}
			}
		})
	}
}

func TestTheSenderOfTheOldestRequestIsForgotten(t *testing.T) {
	limit := ratelimit.New(ratelimit.Options{Rate: 0.001, Burst: 1, Authenticate: byHeader, Caller: callerOf})
	for i := range 10_001 {
		if got := outcome(t, limit, request("10.0.0.1:1", fmt.Sprint(i))); got != "in" {
			t.Fatalf("%d: got %s", i, got)
		}
	}
	if got := outcome(t, limit, request("10.0.0.1:1", "1")); got != "limited" {
		t.Errorf("a caller who is remembered is %s", got)
	}
	if got := outcome(t, limit, request("10.0.0.1:1", "0")); got != "in" {
		t.Errorf("a caller who is forgotten is %s", got)
	}
}
