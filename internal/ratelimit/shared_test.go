package ratelimit_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"texter-graphql/internal/ratelimit"
	"texter-graphql/internal/redisclient"
	"texter-graphql/test/harness"
)

// newShared starts a Redis, and returns it, a client of the test, and a function that
// makes the limit of another instance.
func newShared(t *testing.T) (*harness.Redis, *redis.Client, func(perSecond float64, burst int) func(*http.Request) (context.Context, error)) {
	t.Helper()
	r := harness.StartRedis(t)
	client := redis.NewClient(&redis.Options{Addr: r.Addr})
	t.Cleanup(func() { _ = client.Close() })
	return r, client, func(perSecond float64, burst int) func(*http.Request) (context.Context, error) {
		shared, err := redisclient.New(redisclient.Options{URL: "redis://" + r.Addr, Timeout: time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(shared.Close)
		return ratelimit.New(ratelimit.Options{
			Rate: perSecond, Burst: burst, Authenticate: byHeader, Caller: callerOf, Redis: &ratelimit.RedisOptions{Client: shared, Key: func() string { return "key" }},
		})
	}
}

// expectOutcomes fails unless requests of a caller have these outcomes in turn.
func expectOutcomes(t *testing.T, limit func(*http.Request) (context.Context, error), caller string, want ...string) {
	t.Helper()
	for n, want := range want {
		if got := outcome(t, limit, request("10.0.0.1:1", caller)); got != want {
			t.Errorf("request %d of %q is %s, want %s", n, caller, got, want)
		}
	}
}

func TestInstancesHaveOneLimit(t *testing.T) {
	_, client, instance := newShared(t)
	one, two := instance(0.001, 3), instance(0.001, 3)
	expectOutcomes(t, one, "a", "in", "in")
	expectOutcomes(t, two, "a", "in", "limited")
	expectOutcomes(t, one, "a", "limited")
	expectOutcomes(t, two, "b", "in")
	expectOutcomes(t, one, "", "no name", "no name", "no name") // the network of the address
	expectOutcomes(t, two, "", "limited")
	keys := client.Keys(t.Context(), "*").Val()
	if len(keys) != 3 || strings.Contains(strings.Join(keys, " "), "10.0.0") {
		t.Errorf("the keys are %v", keys)
	}
	for _, name := range keys {
		if life := client.PTTL(t.Context(), name).Val(); life <= 0 || life.Seconds() > 3000 {
			t.Errorf("a bucket lives for %v", life)
		}
	}
}

// TestALimitedCallerDoesNotAskRedis: who sends too much costs it nothing.
func TestALimitedCallerDoesNotAskRedis(t *testing.T) {
	_, client, instance := newShared(t)
	limit := instance(0.001, 1)
	expectOutcomes(t, limit, "a", "in", "limited")
	client.FlushAll(t.Context()) // Redis would let everybody in again
	expectOutcomes(t, limit, "a", "limited", "limited")
	expectOutcomes(t, limit, "b", "in")
	expectOutcomes(t, instance(0.001, 1), "a", "in")
}

// TestStrangeBuckets: whatever stands in Redis, a caller waits no longer than for a
// full bucket.
func TestStrangeBuckets(t *testing.T) {
	for name, test := range map[string]struct{ value, want string }{
		"a time far ahead, as after the clock was set back": {"9e15", "limited"},
		"a time long ago":   {"1", "in"},
		"what is no number": {"canary", "in"},
		"infinity":          {"inf", "limited"},
		"not a number":      {"nan", "limited"},
		"nothing":           {"", "in"},
	} {
		t.Run(name, func(t *testing.T) {
			_, client, instance := newShared(t)
			expectOutcomes(t, instance(0.001, 2), "a", "in")
			client.Set(t.Context(), client.Keys(t.Context(), "*").Val()[0], test.value, 0)
			limit := instance(1000, 2)
			expectOutcomes(t, limit, "a", test.want)
			for outcome(t, limit, request("10.0.0.1:1", "a")) != "in" { // which ends after some milliseconds
			}
		})
	}
}

func TestEachInstanceLimitsAloneWithoutRedis(t *testing.T) {
	r, _, instance := newShared(t)
	one, two := instance(0.001, 2), instance(0.001, 2)
	expectOutcomes(t, one, "a", "in", "in", "limited")
	r.Kill()
	expectOutcomes(t, one, "b", "in", "in", "limited")
	expectOutcomes(t, two, "b", "in", "in", "limited")
}
