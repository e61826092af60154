package ratelimit_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"texter-graphql/internal/ratelimit"
	"texter-graphql/internal/redisclient"
	"texter-graphql/test/harness"
)

// shared is a Redis with the buckets of several instances.
type shared struct {
	*harness.Redis
	t       *testing.T
	client  *redis.Client // of the test
	key     string        // of instances, now
	alone   int           // requests that an instance judged alone
	changes []string      // what instances were told about Redis, by the callers whose requests met it
}

func newShared(t *testing.T) *shared {
	t.Helper()
	r := harness.StartRedis(t)
	client := redis.NewClient(&redis.Options{Addr: r.Addr})
	t.Cleanup(func() { _ = client.Close() })
	return &shared{Redis: r, t: t, client: client, key: "key"}
}

// instance makes the limit of another instance.
func (s *shared) instance(perSecond float64, burst int) func(*http.Request) (context.Context, error) {
	s.t.Helper()
	client, err := redisclient.New(redisclient.Options{URL: "redis://" + s.Addr, Timeout: time.Hour})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(client.Close)
	return ratelimit.New(ratelimit.Options{Rate: perSecond, Burst: burst, Authenticate: byHeader, Caller: callerOf, Redis: &ratelimit.RedisOptions{
		Client: client, Key: func() string { return s.key }, Local: func() { s.alone++ },
		Changed: func(ctx context.Context, err error) {
			s.changes = append(s.changes, fmt.Sprint(ctx.Value(tracedKey{}), ": ", err))
		},
	}})
}

// expectShared fails unless Redis has judged all requests.
func (s *shared) expectShared() {
	s.t.Helper()
	if s.alone > 0 {
		s.t.Errorf("%d requests were judged without Redis: %v", s.alone, s.changes)
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
	s := newShared(t)
	one, two := s.instance(0.001, 3), s.instance(0.001, 3)
	expectOutcomes(t, one, "a", "in", "in")
	expectOutcomes(t, two, "a", "in", "limited")
	expectOutcomes(t, one, "a", "limited")
	expectOutcomes(t, two, "b", "in")
	expectOutcomes(t, one, "", "no name", "no name", "no name") // the network of the address
	expectOutcomes(t, two, "", "limited")
	expectOutcomes(t, two, "10.0.0.1", "in") // a caller, whatever the name looks like
	keys := s.client.Keys(t.Context(), "*").Val()
	if len(keys) != 4 || strings.Contains(strings.Join(keys, " "), "10.0.0") {
		t.Errorf("the keys are %v", keys)
	}
	s.expectShared()
}

// TestABucketLivesUntilItIsFull: then there is nothing left to know of it.
func TestABucketLivesUntilItIsFull(t *testing.T) {
	s := newShared(t)
	const interval = 1e6 // seconds for a token
	limit := s.instance(1/interval, 3)
	for tokens := 1; tokens <= 3; tokens++ {
		expectOutcomes(t, limit, "a", "in")
		life := s.client.PTTL(t.Context(), s.client.Keys(t.Context(), "*").Val()[0]).Val().Seconds()
		if full := float64(tokens) * interval; life > full || life < full-interval/2 {
			t.Errorf("without %d tokens, it lives for %v seconds", tokens, life)
		}
	}
	s.expectShared()
}

// TestTheKeyNamesTheBuckets: instances with other keys have other buckets, and a new
// key makes them full.
func TestTheKeyNamesTheBuckets(t *testing.T) {
	s := newShared(t)
	limit := s.instance(0.001, 2)
	expectOutcomes(t, limit, "a", "in")
	s.key = "another"
	expectOutcomes(t, limit, "a", "in", "in", "limited")
	s.expectShared()
}

// TestALimitedCallerDoesNotAskRedis: who sends too much costs it nothing.
func TestALimitedCallerDoesNotAskRedis(t *testing.T) {
	s := newShared(t)
	limit := s.instance(0.001, 1)
	expectOutcomes(t, limit, "a", "in", "limited")
	s.client.FlushAll(t.Context()) // Redis would let everybody in again
	expectOutcomes(t, limit, "a", "limited", "limited")
	expectOutcomes(t, limit, "b", "in")
	expectOutcomes(t, s.instance(0.001, 1), "a", "in")
	s.expectShared()
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
			s := newShared(t)
			expectOutcomes(t, s.instance(0.001, 2), "a", "in")
			s.client.Set(t.Context(), s.client.Keys(t.Context(), "*").Val()[0], test.value, 0)
			limit := s.instance(1000, 2)
			expectOutcomes(t, limit, "a", test.want)
			for outcome(t, limit, request("10.0.0.1:1", "a")) != "in" { // which ends after some milliseconds
			}
			s.expectShared()
		})
	}
}

type tracedKey struct{}

func TestEachInstanceLimitsAloneWithoutRedis(t *testing.T) {
	s := newShared(t)
	one, two := s.instance(0.001, 2), s.instance(0.001, 2)
	expectOutcomes(t, one, "a", "in", "in", "limited")
	s.expectShared()
	s.Kill()
	first := request("10.0.0.1:1", "b")
	if got := outcome(t, one, first.WithContext(context.WithValue(t.Context(), tracedKey{}, "the first"))); got != "in" {
		t.Errorf("the first is %s", got)
	}
	expectOutcomes(t, one, "b", "in", "limited")
	expectOutcomes(t, two, "b", "in", "in", "limited")
	if s.alone != 6 || len(s.changes) < 2 || s.changes[0] != "the first: no response: refused" {
		t.Errorf("%d requests were judged alone, and it was told %q", s.alone, s.changes)
	}
}

// TestNobodyNeedsToBeTold: requests that are judged alone need not be counted.
func TestNobodyNeedsToBeTold(t *testing.T) {
	client, err := redisclient.New(redisclient.Options{URL: "redis://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	limit := ratelimit.New(ratelimit.Options{Rate: 0.001, Burst: 1, Authenticate: byHeader, Caller: callerOf, Redis: &ratelimit.RedisOptions{
		Client: client, Key: func() string { return "key" },
	}})
	expectOutcomes(t, limit, "a", "in", "limited")
}
