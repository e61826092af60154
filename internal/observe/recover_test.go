package observe_test

import (
	"bytes"
	"errors"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"texter-graphql/internal/observe"
)

// TestRecover looks at what is logged of a panic, and that the service goes on.
func TestRecover(t *testing.T) {
	var logged, ofServer bytes.Buffer
	server := httptest.NewUnstartedServer(observe.Recover(slog.New(slog.NewTextHandler(&logged, nil)), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/panic":
			w.Header().Set("X-Request-Id", "id-1")
			panic(errors.New("canary"))
		case "/abort":
			panic(http.ErrAbortHandler)
		}
	})))
	server.Config.ErrorLog = log.New(&ofServer, "", 0)
	server.Config.SetKeepAlivesEnabled(false) // a client asks again where a connection that it kept is cut
	server.Start()
	for path, answered := range map[string]bool{"/panic": false, "/abort": false, "/": true} {
		res, err := http.Get(server.URL + path)
		if answered != (err == nil) {
			t.Errorf("%s: got %v", path, err)
		}
		if err == nil {
			_ = res.Body.Close()
		}
	}
	server.Close()
	if text := logged.String(); strings.Count(text, "msg=panic") != 1 || !strings.Contains(text, "requestId=id-1") || !strings.Contains(text, "recover_test.go") || strings.Contains(text, "canary") || strings.Contains(text, "127.0.0.1") {
		t.Errorf("it logs %s", text)
	}
	if ofServer.Len() > 0 {
		t.Errorf("the server logs %s", &ofServer)
	}
}
