package requestid_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"texter-graphql/internal/requestid"
)

// serve answers one request and returns the id of its context and of its
// answer.
func serve(header http.Header) (inside, outside string) {
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header = header
	requestid.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		inside = requestid.From(r.Context())
	})).ServeHTTP(w, r)
	return inside, w.Header().Get(requestid.Header)
}

// TestIDs looks at which ids of callers are kept.
func TestIDs(t *testing.T) {
	made := map[string]bool{}
	for id, kept := range map[string]bool{
		"a": true, "Az09-_.:": true, "123e4567-e89b-12d3-a456-426614174000": true, strings.Repeat("x", 64): true,
		"": false, strings.Repeat("x", 65): false, "a b": false, "a\r\nX-Evil: 1": false, "a\x00": false, "a/b": false, "a,b": false, "<b>": false, "מזהה": false,
	} {
		inside, outside := serve(http.Header{requestid.Header: {id}})
		if inside != outside || kept != (inside == id) {
			t.Errorf("%q: got %q inside and %q outside", id, inside, outside)
		}
		if !kept && (len(inside) < 20 || made[inside]) {
			t.Errorf("%q: %q is too short, or was there before", id, inside)
		}
		made[inside] = true
	}
	if inside, outside := serve(http.Header{}); inside == "" || inside != outside || made[inside] {
		t.Errorf("no id: got %q inside and %q outside", inside, outside)
	}
}

// TestNoRequest asks for the id of no request.
func TestNoRequest(t *testing.T) {
	if id := requestid.From(t.Context()); id != "" {
		t.Errorf("got %q", id)
	}
}
