package texter_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"texter-graphql/texter"
)

// call searches for a canary.
func call(ctx context.Context, c *texter.Client) error {
	_, err := c.SearchChats(ctx, texter.SearchOptions{ChatFilter: texter.ChatFilter{Search: new(canarySearch)}})
	return err
}

// expectError makes a call that must fail with this cause. The text of the error must
// be safe to show: it holds nothing of the request and nothing of the response.
func expectError(ctx context.Context, t *testing.T, c *texter.Client, want texter.Cause) *texter.Error {
	t.Helper()
	err := call(ctx, c)
	e, ok := errors.AsType[*texter.Error](err)
	if !ok {
		t.Fatalf("got %v, want an *Error", err)
	}
	if e.Cause != want {
		t.Errorf("the cause is %d (%v), want %d", e.Cause, e, want)
	}
	for _, secret := range []string{"canary", "127.0.0.1", "http:", "chats/search", "limit"} {
		if strings.Contains(e.Error(), secret) {
			t.Errorf("%q is in the text of %q", secret, e)
		}
	}
	return e
}

func TestEveryStatusHasItsCause(t *testing.T) {
	for status, want := range map[int]texter.Cause{
		201: texter.CauseInvalidResponse, 204: texter.CauseInvalidResponse, 206: texter.CauseInvalidResponse,
		304: texter.CauseInvalidResponse, 400: texter.CauseInvalidRequest, 401: texter.CauseUnauthenticated,
		402: texter.CauseInvalidResponse, 403: texter.CauseForbidden, 404: texter.CauseInvalidResponse,
		405: texter.CauseInvalidResponse, 422: texter.CauseInvalidResponse, 429: texter.CauseRateLimited,
		500: texter.CauseUnavailable, 502: texter.CauseUnavailable, 503: texter.CauseUnavailable,
		504: texter.CauseUnavailable, 599: texter.CauseUnavailable,
	} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(status)
				if status >= 400 {
					fmt.Fprint(w, canaryBody)
				}
			})
			if e := expectError(t.Context(), t, client, want); e.Status != status || e.RetryAfter != 0 {
				t.Errorf("got status %d, retry after %v", e.Status, e.RetryAfter)
			}
		})
	}
}

// TestRetryAfterIsReadWith429And503, in both forms of the header.
func TestRetryAfterIsReadWith429And503(t *testing.T) {
	inAMinute := time.Now().Add(time.Minute).UTC().Format(http.TimeFormat)
	for _, test := range []struct {
		status      int
		header      string
		least, most time.Duration
	}{
		{429, "7", 7 * time.Second, 7 * time.Second},
		{503, "7", 7 * time.Second, 7 * time.Second},
		{429, "0", 0, 0},
		{429, inAMinute, time.Second, time.Minute},
		{503, inAMinute, time.Second, time.Minute},
		{429, "Wed, 26 Feb 2025 13:02:58 GMT", 0, 0},
		{429, "", 0, 0},
		{429, "-7", 0, 0},
		{429, "7.5", 0, 0},
		{429, "soon", 0, 0},
		{429, "99999999999999999999", texter.MaxRetryAfter, texter.MaxRetryAfter},
		{429, "31536000", texter.MaxRetryAfter, texter.MaxRetryAfter},
		{429, "Fri, 31 Dec 9999 23:59:59 GMT", texter.MaxRetryAfter, texter.MaxRetryAfter},
		{500, "7", 0, 0},
		{400, "7", 0, 0},
	} {
		t.Run(fmt.Sprint(test.status, " ", test.header), func(t *testing.T) {
			client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", test.header)
				w.WriteHeader(test.status)
			})
			e, ok := errors.AsType[*texter.Error](call(t.Context(), client))
			if !ok || e.RetryAfter < test.least || e.RetryAfter > test.most {
				t.Errorf("got %+v", e)
			}
		})
	}
}

// TestRedirectsAreNotFollowed: they could carry the token elsewhere.
func TestRedirectsAreNotFollowed(t *testing.T) {
	redirected := 0
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		redirected++
		fmt.Fprint(w, emptyPage)
	}))
	t.Cleanup(elsewhere.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, target := range []string{elsewhere.URL, basePath + "/again"} {
			requests := 0
			client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
				requests++
				http.Redirect(w, r, target, status)
			})
			if e := expectError(t.Context(), t, client, texter.CauseInvalidResponse); e.Status != status {
				t.Errorf("%d to %s: got status %d", status, target, e.Status)
			}
			if requests != 1 {
				t.Errorf("%d to %s: the upstream saw %d requests", status, target, requests)
			}
		}
	}
	if redirected != 0 {
		t.Errorf("%d requests followed a redirect", redirected)
	}
}

// TestCallsEndWhenTheyAreInterrupted, before the response and in its middle.
func TestCallsEndWhenTheyAreInterrupted(t *testing.T) {
	silence := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	halfABody := func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `{"data":[{"_id":"`+canaryBody)
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}
	for name, serve := range map[string]http.HandlerFunc{"silence": silence, "half a body": halfABody} {
		t.Run(name+", canceled", func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			client := newClient(t, func(w http.ResponseWriter, r *http.Request) { cancel(); serve(w, r) })
			if e := expectError(ctx, t, client, texter.CauseCanceled); !errors.Is(e, context.Canceled) {
				t.Errorf("it wraps %v", e.Unwrap())
			}
		})
		t.Run(name+", client's timeout", func(t *testing.T) {
			client := newClient(t, serve, func(o *texter.Options) { o.Timeout = 50 * time.Millisecond })
			expectError(t.Context(), t, client, texter.CauseTimeout)
		})
		t.Run(name+", caller's deadline", func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			expectError(ctx, t, newClient(t, serve), texter.CauseTimeout)
		})
	}
}
