package requestid_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"texter-graphql/internal/requestid"
)

// serve serves a request. It returns the ids in its context and in its response.
func serve(header http.Header) (inContext, inResponse string) {
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header = header
	requestid.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		inContext = requestid.From(r.Context())
	})).ServeHTTP(w, r)
	return inContext, w.Header().Get("X-Request-Id")
}

func TestHandler(t *testing.T) {
	for _, id := range []string{"a", "Az09-_.:", "123e4567-e89b-12d3-a456-426614174000", strings.Repeat("x", 64)} {
		t.Run(fmt.Sprintf("it keeps %q", id), func(t *testing.T) {
			if inContext, inResponse := serve(http.Header{requestid.Header: {id}}); inContext != id || inResponse != id {
				t.Errorf("got %q and %q", inContext, inResponse)
			}
		})
	}
	seen := map[string]bool{}
	for _, id := range []string{"", strings.Repeat("x", 65), "a b", "a\r\nX-Evil: 1", "a\x00", "a/b", "a,b", "<b>", "מזהה"} {
		t.Run(fmt.Sprintf("it makes an id in place of %q", id), func(t *testing.T) {
			inContext, inResponse := serve(http.Header{requestid.Header: {id}})
			if inContext != inResponse || inContext == id || len(inContext) < 20 || seen[inContext] {
				t.Errorf("got %q and %q", inContext, inResponse)
			}
			seen[inContext] = true
		})
	}
	t.Run("it makes an id for a request without one", func(t *testing.T) {
		if inContext, inResponse := serve(http.Header{}); inContext == "" || inContext != inResponse || seen[inContext] {
			t.Errorf("got %q and %q", inContext, inResponse)
		}
	})
}

func TestAContextOutsideOfARequestHasNoID(t *testing.T) {
	if id := requestid.From(t.Context()); id != "" {
		t.Errorf("got %q", id)
	}
}
