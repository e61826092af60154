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

func anyToken(context.Context) (string, error) { return "any", nil }

// assertQuotesNothing fails if there is no error, or if the error quotes a part
// of the value that it is about.
func assertQuotesNothing(t *testing.T, err error, value string) {
	t.Helper()
	if err == nil {
		t.Errorf("%q: no error", value)
	} else if strings.Contains(err.Error(), "canary") {
		t.Errorf("%q: the error quotes it: %v", value, err)
	}
}

func TestBaseURLsAreHTTPSOrLoopback(t *testing.T) {
	for _, good := range []string{
		"https://acme.texterchat.com/server/api/v2", "https://acme.example", "HTTPS://acme.example:8443/",
		"http://localhost/base", "http://LocalHost:8080", "http://127.0.0.1:1", "http://127.200.0.9", "http://[::1]:8080/base",
	} {
		t.Run(fmt.Sprintf("%q is taken", good), func(t *testing.T) {
			if _, err := texter.NewClient(texter.Options{BaseURL: good, Token: anyToken}); err != nil {
				t.Error(err)
			}
		})
	}
	for _, bad := range []string{
		"", "canary", "/canary", "//canary", "https://", "https://:443/canary", "https:canary", "mailto:canary@example.com",
		"https://canary@acme.example", "https://me:canary@acme.example", "https://acme.example?canary=1", "https://acme.example?",
		"https://acme.example#canary", "http://canary.example", "http://10.0.0.1/canary", "http://localhost.canary.example",
		"http://127.0.0.1.canary.example", "http://0.0.0.0/canary", "http://[::]/canary", "ftp://localhost/canary",
		"https://acme.example/%zz-canary", "https://canary canary", "https://canary\x00", "https://acme.example:canary",
	} {
		t.Run(fmt.Sprintf("%q is refused", bad), func(t *testing.T) {
			_, err := texter.NewClient(texter.Options{BaseURL: bad, Token: anyToken})
			assertQuotesNothing(t, err, bad)
		})
	}
}

func TestOptionsOutOfRangeAreRefused(t *testing.T) {
	for name, change := range map[string]func(*texter.Options){
		"no token":             func(o *texter.Options) { o.Token = nil },
		"a negative timeout":   func(o *texter.Options) { o.Timeout = -time.Second },
		"a negative body size": func(o *texter.Options) { o.MaxResponseBytes = -1 },
	} {
		t.Run(name, func(t *testing.T) {
			o := texter.Options{BaseURL: "https://acme.example", Token: anyToken}
			if _, err := texter.NewClient(o); err != nil {
				t.Fatal(err)
			}
			change(&o)
			if c, err := texter.NewClient(o); err == nil || c != nil {
				t.Error("no error")
			}
		})
	}
}

func TestProjectIDsAreLabelsOfAHostName(t *testing.T) {
	for _, good := range []string{"acme", "a", "7", "Acme-2", strings.Repeat("a", 63)} {
		t.Run(fmt.Sprintf("%q is taken", good), func(t *testing.T) {
			got, err := texter.ProjectURL(good)
			if want := "https://" + good + ".texterchat.com/server/api/v2"; err != nil || got != want {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
	for _, bad := range []string{
		"", "-canary", "canary-", strings.Repeat("canary", 11), "canary.example", "canary/", "canary:80", "canary@x", "canary#",
		"canary?x", "canary%2e", "canary x", "canary\n", "canary\x00", "canаry", "canary_x", "קנרית",
	} {
		t.Run(fmt.Sprintf("%q is refused", bad), func(t *testing.T) {
			got, err := texter.ProjectURL(bad)
			assertQuotesNothing(t, err, bad)
			if got != "" {
				t.Errorf("got %q", got)
			}
		})
	}
}

// TestNothingIsSentWithoutAToken that a header can carry.
func TestNothingIsSentWithoutAToken(t *testing.T) {
	errNone := errors.New(canaryToken)
	requests := 0
	for _, test := range []struct {
		token string
		err   error
	}{
		{"", nil}, {"canary canary", nil}, {"canary\n", nil}, {"canary\r\nX-Evil: 1", nil}, {"canary\x7f", nil}, {"קנרית", nil}, {"fine", errNone},
	} {
		t.Run(fmt.Sprintf("%q, %t", test.token, test.err != nil), func(t *testing.T) {
			client := newClient(t, func(http.ResponseWriter, *http.Request) { requests++ }, func(o *texter.Options) {
				o.Token = func(context.Context) (string, error) { return test.token, test.err }
			})
			if e := expectError(t.Context(), t, client, texter.CauseUnauthenticated); e.Status != 0 || e.Unwrap() != test.err {
				t.Errorf("got status %d, wrapping %v", e.Status, e.Unwrap())
			}
		})
	}
	if requests != 0 {
		t.Errorf("the upstream saw %d requests", requests)
	}
}

type callerKey struct{}

func TestTheTokenIsTakenFromTheContextOfTheCall(t *testing.T) {
	ctx := context.WithValue(t.Context(), callerKey{}, "!token~of-the/call=")
	var got string
	client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.Header.Get("Authorization")
		_, _ = w.Write([]byte(emptyPage))
	}, func(o *texter.Options) {
		o.Token = func(ctx context.Context) (string, error) { return ctx.Value(callerKey{}).(string), nil }
	})
	if err := call(ctx, client); err != nil || got != "Bearer !token~of-the/call=" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestCallsWithoutAnUpstreamFail(t *testing.T) {
	gone := httptest.NewServer(nil)
	gone.Close()
	client := newClient(t, nil, func(o *texter.Options) { o.BaseURL = gone.URL + basePath })
	t.Run("nobody listens", func(t *testing.T) { expectError(t.Context(), t, client, texter.CauseUnavailable) })
	t.Run("the caller left before the call", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		expectError(ctx, t, client, texter.CauseCanceled)
	})
}
