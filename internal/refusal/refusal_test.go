package refusal_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"texter-graphql/internal/refusal"
	"texter-graphql/internal/requestid"
)

// send sends a refusal as the response to a request with the id "r-1".
func send(e *refusal.Error) *httptest.ResponseRecorder {
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/", nil)
	r.Header.Set(requestid.Header, "r-1")
	requestid.Handler(e).ServeHTTP(w, r)
	return w
}

func TestCodes(t *testing.T) {
	for status, code := range map[int]string{
		400: "BAD_REQUEST", 401: "UNAUTHENTICATED", 405: "BAD_REQUEST", 406: "BAD_REQUEST", 413: "BAD_REQUEST", 415: "BAD_REQUEST", 421: "BAD_REQUEST",
		429: "RATE_LIMITED", 503: "UPSTREAM_UNAVAILABLE",
	} {
		t.Run(fmt.Sprintf("status %d has the code %s", status, code), func(t *testing.T) {
			w := send(refusal.New(status, "Use another one."))
			want := fmt.Sprintf(`{"errors":[{"message":"Use another one.","extensions":{"code":%q,"requestId":"r-1"}}]}`, code)
			if got := strings.TrimSpace(w.Body.String()); w.Code != status || got != want {
				t.Errorf("got %d %s, want %s", w.Code, got, want)
			}
		})
	}
}

func TestACodeThatDoesNotDependOnTheStatus(t *testing.T) {
	e := refusal.Error{Status: 503, Code: "OVERLOADED"}
	if got := e.Extensions()["code"]; got != "OVERLOADED" {
		t.Errorf("got %v", got)
	}
}

func TestHeaders(t *testing.T) {
	for name, test := range map[string]struct {
		refusal refusal.Error
		want    map[string]string
	}{
		"status 400 has no header of its own": {refusal.Error{Status: 400}, nil},
		"status 401 asks for a token":         {refusal.Error{Status: 401}, map[string]string{"Www-Authenticate": `Bearer realm="texter-graphql"`}},
		"status 401 says that a token is not accepted": {
			refusal.Error{Status: 401, InvalidToken: true}, map[string]string{"Www-Authenticate": `Bearer realm="texter-graphql", error="invalid_token"`},
		},
		"status 405 has the allowed methods":         {refusal.Error{Status: 405, Allow: "GET, POST"}, map[string]string{"Allow": "GET, POST"}},
		"status 429 has the whole seconds to wait":   {refusal.Error{Status: 429, RetryAfter: 7 * time.Second}, map[string]string{"Retry-After": "7"}},
		"a part of a second to wait is rounded up":   {refusal.Error{Status: 429, RetryAfter: 1001 * time.Millisecond}, map[string]string{"Retry-After": "2"}},
		"a time to wait that is not known is not in": {refusal.Error{Status: 429}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			header := http.Header{}
			test.refusal.SetHeader(header)
			for field, value := range test.want {
				if header.Get(field) != value {
					t.Errorf("%s is %q, want %q", field, header.Get(field), value)
				}
			}
			if len(header) != len(test.want) {
				t.Errorf("the headers are %v", header)
			}
			w := send(&test.refusal)
			for _, field := range []string{"Www-Authenticate", "Allow", "Retry-After"} {
				if got := w.Header().Get(field); got != header.Get(field) {
					t.Errorf("ServeHTTP sends %s: %q", field, got)
				}
			}
		})
	}
	t.Run("a response is JSON that nobody stores", func(t *testing.T) {
		h := send(refusal.New(400, "")).Header()
		if h.Get("Content-Type") != "application/json; charset=utf-8" || h.Get("Cache-Control") != "no-store" {
			t.Errorf("the headers are %v", h)
		}
	})
}

func TestExtensions(t *testing.T) {
	for name, test := range map[string]struct {
		refusal refusal.Error
		want    map[string]any
	}{
		"the code alone":                     {refusal.Error{Status: 429}, map[string]any{"code": "RATE_LIMITED"}},
		"the code and the time to wait":      {refusal.Error{Status: 429, RetryAfter: time.Second / 2}, map[string]any{"code": "RATE_LIMITED", "retryAfter": 1}},
		"a code of its own":                  {refusal.Error{Status: 503, Code: "OVERLOADED"}, map[string]any{"code": "OVERLOADED"}},
		"a token adds nothing to extensions": {refusal.Error{Status: 401, InvalidToken: true}, map[string]any{"code": "UNAUTHENTICATED"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := test.refusal.Extensions(); !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %v", got)
			}
			var body struct {
				Errors []struct{ Extensions map[string]any }
			}
			if err := json.Unmarshal(send(&test.refusal).Body.Bytes(), &body); err != nil || len(body.Errors) != 1 || len(body.Errors[0].Extensions) != len(test.want)+1 {
				t.Errorf("the response has %v, %v", body, err)
			}
		})
	}
}

func TestMessage(t *testing.T) {
	if got := refusal.New(400, "Use POST.").Error(); got != "Use POST." {
		t.Errorf("got %q", got)
	}
}
