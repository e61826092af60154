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

func TestRecover(t *testing.T) {
	var logged, loggedByServer bytes.Buffer
	server := httptest.NewUnstartedServer(observe.Recover(slog.New(slog.NewTextHandler(&logged, nil)), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/panic":
			w.Header().Set("X-Request-Id", "id-1")
			panic(errors.New("canary"))
		case "/abort":
			panic(http.ErrAbortHandler)
		}
	})))
	server.Config.ErrorLog = log.New(&loggedByServer, "", 0)
	server.Config.SetKeepAlivesEnabled(false) // on a reused connection, a client would send the request again
	server.Start()
	for _, test := range []struct {
		path, name string
		answered   bool
	}{
		{"/panic", "a panic closes the connection", false},
		{"/abort", "http.ErrAbortHandler closes the connection", false},
		{"/", "the next request is answered", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			res, err := http.Get(server.URL + test.path)
			if test.answered != (err == nil) {
				t.Errorf("got %v", err)
			}
			if err == nil {
				_ = res.Body.Close()
			}
		})
	}
	server.Close()
	t.Run("only the panic is logged: where it was, but neither its value nor the client's address", func(t *testing.T) {
		if text := logged.String(); strings.Count(text, "msg=panic") != 1 || !strings.Contains(text, "requestId=id-1") || !strings.Contains(text, "recover_test.go") || strings.Contains(text, "canary") || strings.Contains(text, "127.0.0.1") {
			t.Errorf("it logs %s", text)
		}
		if loggedByServer.Len() > 0 {
			t.Errorf("the server logs %s", &loggedByServer)
		}
	})
}
