package texter_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"texter-graphql/texter"
)

func anyToken(context.Context) (string, error) { return "any", nil }

// assertQuotesNothing fails on an error that is missing, or that holds a part
// of the value that it is about.
func assertQuotesNothing(t *testing.T, err error, value string) {
	t.Helper()
	if err == nil {
		t.Errorf("%q: no error", value)
	} else if strings.Contains(err.Error(), "canary") {
		t.Errorf("%q: the error quotes it: %v", value, err)
	}
}

// TestBaseURL looks at which base URLs a client takes.
func TestBaseURL(t *testing.T) {
	for _, good := range []string{
		"https://acme.texterchat.com/server/api/v2", "https://acme.example", "HTTPS://acme.example:8443/",
		"http://localhost/base", "http://LocalHost:8080", "http://127.0.0.1:1", "http://127.200.0.9", "http://[::1]:8080/base",
	} {
		if _, err := texter.NewClient(texter.Options{BaseURL: good, Token: anyToken}); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{
		"", "canary", "/canary", "//canary", "https://", "https://:443/canary", "https:canary", "mailto:canary@example.com",
		"https://canary@acme.example", "https://me:canary@acme.example", "https://acme.example?canary=1", "https://acme.example?",
		"https://acme.example#canary", "http://canary.example", "http://10.0.0.1/canary", "http://localhost.canary.example",
		"http://127.0.0.1.canary.example", "http://0.0.0.0/canary", "http://[::]/canary", "ftp://localhost/canary",
		"https://acme.example/%zz-canary", "https://canary canary", "https://canary\x00", "https://acme.example:canary",
	} {
		_, err := texter.NewClient(texter.Options{BaseURL: bad, Token: anyToken})
		assertQuotesNothing(t, err, bad)
	}
}

// TestOtherOptions looks at the options that are not the base URL.
func TestOtherOptions(t *testing.T) {
	for name, change := range map[string]func(*texter.Options){
		"no token":             func(o *texter.Options) { o.Token = nil },
		"a negative timeout":   func(o *texter.Options) { o.Timeout = -time.Second },
		"a negative body size": func(o *texter.Options) { o.MaxResponseBytes = -1 },
	} {
		o := texter.Options{BaseURL: "https://acme.example", Token: anyToken}
		if _, err := texter.NewClient(o); err != nil {
			t.Fatal(err)
		}
		change(&o)
		if c, err := texter.NewClient(o); err == nil || c != nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestProjectURL looks at which ids can be the first label of a host name.
func TestProjectURL(t *testing.T) {
	for _, good := range []string{"acme", "a", "7", "Acme-2", strings.Repeat("a", 63)} {
		got, err := texter.ProjectURL(good)
		if want := "https://" + good + ".texterchat.com/server/api/v2"; err != nil || got != want {
			t.Errorf("%s: got %q, %v", good, got, err)
		}
	}
	for _, bad := range []string{
		"", "-canary", "canary-", strings.Repeat("canary", 11), "canary.example", "canary/", "canary:80", "canary@x", "canary#",
		"canary?x", "canary%2e", "canary x", "canary\n", "canary\x00", "canаry", "canary_x", "קנרית",
	} {
		got, err := texter.ProjectURL(bad)
		assertQuotesNothing(t, err, bad)
		if got != "" {
			t.Errorf("%q: got %q", bad, got)
		}
	}
}

// TestToken looks at which tokens are sent, and that nothing goes out without
// one.
func TestToken(t *testing.T) {
	errNone := errors.New(canaryToken)
	requests := 0
	for _, test := range []struct {
		token string
		err   error
	}{
		{"", nil}, {"canary canary", nil}, {"canary\n", nil}, {"canary\r\nX-Evil: 1", nil}, {"canary\x7f", nil}, {"קנרית", nil}, {"fine", errNone},
	} {
		client := newClient(t, func(http.ResponseWriter, *http.Request) { requests++ }, func(o *texter.Options) {
			o.Token = func(context.Context) (string, error) { return test.token, test.err }
		})
		if e := failure(t.Context(), t, client, texter.CauseUnauthenticated); e.Status != 0 || e.Unwrap() != test.err {
			t.Errorf("%q: got status %d, wrapping %v", test.token, e.Status, e.Unwrap())
		}
	}
	if requests != 0 {
		t.Errorf("the upstream saw %d requests", requests)
	}
}

type callerKey struct{}

// TestTokenOfTheCall takes the token from the call's own context.
func TestTokenOfTheCall(t *testing.T) {
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

// TestNoUpstream has nobody listen, or the caller gone before the call.
func TestNoUpstream(t *testing.T) {
	gone := httptest.NewServer(nil)
	gone.Close()
	client := newClient(t, nil, func(o *texter.Options) { o.BaseURL = gone.URL + basePath })
	failure(t.Context(), t, client, texter.CauseUnavailable)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	failure(ctx, t, client, texter.CauseCanceled)
}
