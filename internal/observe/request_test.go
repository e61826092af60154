package observe_test

import (
	"context"
	"net/http"
	"reflect"
	"testing"
	"time"

	"texter-graphql/graph"
	"texter-graphql/graph/transport"
	"texter-graphql/internal/failure"
	"texter-graphql/internal/observe"
	"texter-graphql/internal/requestid"
	"texter-graphql/texter/cache"
	"texter-graphql/texter/upstream"
)

// TestRequest holds what is collected besides the response.
func TestRequest(t *testing.T) {
	t.Run("who called, where labels came from, and the attempts at calls", func(t *testing.T) {
		got := observed(t.Context(), t, func(_ http.ResponseWriter, r *http.Request) {
			ctx := r.Context()
			observe.SetCaller(ctx, "key:inbox")
			observe.SetRefusal(ctx, "expired")
			observe.SetLabels(ctx, cache.Redis)
			observe.AddAttempt(ctx, upstream.Attempt{Outcome: upstream.Failed, Failure: failure.Reset, Duration: time.Second})
			observe.AddAttempt(ctx, upstream.Attempt{Outcome: upstream.Answered, Status: 503, Duration: time.Minute})
			observe.SetOutcome(ctx, graph.Outcome{Type: "query"})
		})
		want := &observe.Request{
			Outcome: graph.Outcome{Type: "query", Failure: failure.Reset}, ID: "id-1", Caller: "key:inbox", Refusal: "expired", Labels: cache.Redis,
			Attempts: observe.Attempts{Count: 2, Last: upstream.Answered, Status: 503, Duration: time.Minute + time.Second},
		}
		want.Codes = []string{graph.CodeInternal} // since nothing is written
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
	t.Run("why a call failed, unless the operation knows better", func(t *testing.T) {
		for known, want := range map[failure.Class]failure.Class{"": failure.DNS, failure.Body: failure.Body} {
			got := observed(t.Context(), t, func(_ http.ResponseWriter, r *http.Request) {
				observe.SetFailure(r.Context(), failure.DNS)
				observe.SetOutcome(r.Context(), graph.Outcome{Failure: known})
			})
			if got.Failure != want {
				t.Errorf("got %q, want %q", got.Failure, want)
			}
		}
	})
	t.Run("the outcomes of its searches, each once", func(t *testing.T) {
		for want, outcomes := range map[string][]cache.Outcome{
			"": nil, "hit": {cache.Hit}, "miss,hit": {cache.Miss, cache.Hit, cache.Miss}, "shared": {cache.Shared, cache.Shared},
		} {
			if got := (&observe.Request{Cache: outcomes}).CacheOutcomes(); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		}
	})
}

// TestStatus holds which status of a response counts.
func TestStatus(t *testing.T) {
	for name, test := range map[string]struct {
		handle http.HandlerFunc
		want   int
	}{
		"that after early hints": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusEarlyHints)
			w.WriteHeader(http.StatusTeapot)
		}, 418},
		"the first": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusTeapot)
			w.WriteHeader(http.StatusOK)
		}, 418},
		"none of a connection that can't be taken over": {func(w http.ResponseWriter, _ *http.Request) {
			_, _, _ = http.NewResponseController(w).Hijack()
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			if got := observed(t.Context(), t, test.handle); got.Status != test.want {
				t.Errorf("got %d", got.Status)
			}
		})
	}
}

// operation returns what is observed of an operation on a WebSocket whose response has
// this size.
func operation(ctx context.Context, size int, collect func(context.Context)) (got *observe.Request) {
	ctx, end := observe.Operation(ctx, func(_ context.Context, r *observe.Request) { got = r })
	collect(ctx)
	end(size)
	return got
}

// TestOperation holds what is known of an operation on a WebSocket.
func TestOperation(t *testing.T) {
	ctx := requestid.NewContext(t.Context(), "id-1")
	failed := func(ctx context.Context) { observe.SetOutcome(ctx, graph.Outcome{Codes: []string{"FORBIDDEN"}}) }
	for name, test := range map[string]struct {
		size    int
		collect func(context.Context)
		code    string
	}{
		"a response":                             {7, func(context.Context) {}, "OK"},
		"a response with an error":               {7, failed, "FORBIDDEN"},
		"an end without a response":              {0, func(context.Context) {}, observe.CodeCanceled},
		"an error without a response of its own": {0, failed, "FORBIDDEN"},
	} {
		t.Run(name, func(t *testing.T) {
			ending, end := context.WithCancel(ctx)
			got := operation(ending, test.size, func(ctx context.Context) {
				test.collect(ctx)
				end() // as it does before the operation is observed
			})
			if got.Code() != test.code || got.ID != "id-1" || got.Status != 200 || got.Bytes != int64(test.size) || got.Duration <= 0 {
				t.Errorf("got %+v", got)
			}
		})
	}
	t.Run("a subscription is known when it has started, and when it has ended", func(t *testing.T) {
		got := operation(ctx, 0, func(ctx context.Context) {
			observe.SetCaller(ctx, "key:inbox")
			if known := observe.Subscribed(ctx); !known.IsSubscription || known.ID != "id-1" || known.Caller != "key:inbox" {
				t.Errorf("at its start: %+v", known)
			}
			end := transport.End{Deliveries: 3}
			if known := observe.Unsubscribed(ctx, end); known.End != end || !known.IsSubscription || known.Caller != "key:inbox" {
				t.Errorf("at its end: %+v", known)
			}
		})
		if !got.IsSubscription {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("a subscription over HTTP has the id of its request", func(t *testing.T) {
		observed(t.Context(), t, func(_ http.ResponseWriter, r *http.Request) {
			if known := observe.Subscribed(r.Context()); known.ID != "id-1" {
				t.Errorf("got %+v", known)
			}
		})
	})
}
