package app

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

// TestGreeting: people at a terminal see the addresses, others the line of the log.
func TestGreeting(t *testing.T) {
	s := start(t, nil, "-metrics-addr", "127.0.0.1:0", "-admin-addr", "127.0.0.1:0")
	var greeting bytes.Buffer
	s.greet(&greeting)
	want := "Sandbox: the chats are made up. Set TEXTER_PROJECT for real ones.\n" +
		"Metrics: http://" + s.program.metrics.listener.Addr().String() + "/metrics\n" +
		"Admin: http://" + s.admin.listener.Addr().String() + "/settings\n" +
		"GraphiQL: " + s.url + "/\nGraphQL: " + s.url + "/graphql\n"
	if greeting.String() != want {
		t.Errorf("the greeting is %s", &greeting)
	}
	t.Run("a pipe and a buffer are no terminals", func(t *testing.T) {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		defer w.Close()
		if isTerminal(w) || isTerminal(&greeting) {
			t.Error("one is")
		}
	})
}

// TestServerErrors: what net/http has to say is a line of the log, without addresses
// and without values of panics.
func TestServerErrors(t *testing.T) {
	for name, test := range map[string]struct{ said, want string }{
		"no descriptors": {"http: Accept error: accept tcp 127.0.0.1:8080: accept4: too many open files; retrying in 5ms\n", "http: Accept error: accept tcp an address: accept4: too many open files; retrying in 5ms"},
		"IPv6":           {"http: TLS handshake error from [2001:db8::1%eth0]:443: EOF", "http: TLS handshake error from an address: EOF"},
		"a panic":        {"http: panic serving [::1]:1: canary\ncanary 10.0.0.1\ngoroutine 5 [running]:\nmain()\n", "http: panic\ngoroutine 5 [running]:\nmain()"},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			logger := slog.New(slog.NewTextHandler(&log, nil))
			if n, err := (serverErrors{logger}).Write([]byte(test.said)); n != len(test.said) || err != nil {
				t.Errorf("%d, %v", n, err)
			}
			var want bytes.Buffer
			slog.New(slog.NewTextHandler(&want, nil)).Error("net/http", "error", test.want)
			_, got, _ := strings.Cut(log.String(), " ")
			if _, want, _ := strings.Cut(want.String(), " "); got != want {
				t.Errorf("the line is %s", got)
			}
		})
	}
	t.Run("a panic of a server of the program", func(t *testing.T) {
		s := startChanged(t, func(p *program) {
			p.api.http.Handler = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(errors.New("canary")) })
		}, nil)
		r := httptest.NewRequest(http.MethodGet, s.url, http.NoBody)
		r.RequestURI = ""
		if res, err := http.DefaultClient.Do(r); err == nil {
			_ = res.Body.Close()
			t.Errorf("the response is %d", res.StatusCode)
		}
		if log := s.end(t); strings.Contains(log, "canary") || strings.Contains(log, "127.0.0.1") || !strings.Contains(log, `"msg":"net/http","error":"http: panic\ngoroutine`) {
			t.Errorf("the log is %s", log)
		}
	})
}
