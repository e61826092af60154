package transport_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"texter-graphql/graph"
	"texter-graphql/texter"
)

// diary is a Searcher and Answers: it writes down what it is asked to recall, has
// remembered everything, and keeps its pages.
type diary struct {
	searches
	found     any
	asked     [][]string
	remembers int
}

func (d *diary) SearchChats(ctx context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
	page, err := d.searches.SearchChats(ctx, o)
	page.Keep()
	return page, err
}

func (d *diary) Recall(_ context.Context, request ...string) any {
	d.asked = append(d.asked, request)
	return d.found
}

func (d *diary) Remember(_ context.Context, _ *texter.SearchPage, _ int, answer func() any, _ ...string) {
	d.remembers++
	d.found = answer()
}

func (d *diary) serve(r *http.Request) *httptest.ResponseRecorder {
	w, _ := serve(r, func(o *graph.Options) { o.Searcher, o.Answers = d, d })
	return w
}

// TestRecallByRequest: an answer is recalled by all that is read of a request.
func TestRecallByRequest(t *testing.T) {
	d, body := &diary{}, operation("{ searchChats { totalCount } }")
	d.serve(post(body))
	d.serve(post(body, "Accept: "+graphQLType, "X-Other: header"))
	d.serve(post(body + "\n"))
	d.serve(newRequest("GET", "/graphql?query={searchChats{totalCount}}&x=%41", ""))
	want := [][]string{
		{"POST", jsonType, body}, {"POST", graphQLType, body}, {"POST", jsonType, body + "\n"}, {"GET", jsonType, "query={searchChats{totalCount}}&x=%41"},
	}
	if !reflect.DeepEqual(d.asked, want) {
		t.Errorf("got %q", d.asked)
	}
}

// TestRecalledAnswers: an answer that is remembered is sent with the headers of
// the request at hand, and nothing is searched for.
func TestRecalledAnswers(t *testing.T) {
	d, body := &diary{}, operation("{ searchChats { totalCount } }")
	made := d.serve(post(body))
	if d.remembers != 1 || d.searches != 1 {
		t.Fatalf("remembered %d times after %d searches", d.remembers, d.searches)
	}
	for _, mediaType := range []string{jsonType, graphQLType} {
		t.Run(mediaType, func(t *testing.T) {
			w := d.serve(post(body, "Accept: "+mediaType))
			assertResponse(t, w, 200, mediaType)
			if w.Body.String() != made.Body.String() || w.Header().Get("X-Request-Id") == made.Header().Get("X-Request-Id") {
				t.Errorf("got %v", w)
			}
		})
	}
	if d.remembers != 1 || d.searches != 1 {
		t.Errorf("remembered %d times after %d searches", d.remembers, d.searches)
	}
}

// TestRefusedRequestsAreNotRecalled: a request is refused before an answer is
// recalled for it.
func TestRefusedRequestsAreNotRecalled(t *testing.T) {
	body := operation("{ searchChats { totalCount } }")
	d := &diary{}
	d.serve(post(body))
	for status, r := range map[int]*http.Request{
		405: newRequest("PUT", "/graphql", body),
		406: post(body, "Accept: text/html"),
		413: post(body + strings.Repeat(" ", 128<<10)),
		415: newRequest("POST", "/graphql", body, "Content-Type: text/plain"),
		400: get("Sec-Fetch-Site: cross-site"),
	} {
		t.Run(fmt.Sprint("one that gets ", status), func(t *testing.T) {
			d.asked = nil
			if w := d.serve(r); w.Code != status || d.asked != nil {
				t.Errorf("status %d after %q", w.Code, d.asked)
			}
		})
	}
}

// TestRegistrationsAreNotRemembered: a request that stores its document is executed each
// time, since the document may have been dropped.
func TestRegistrationsAreNotRemembered(t *testing.T) {
	const document = "{ searchChats { totalCount } }"
	d := &diary{}
	body := fmt.Sprintf(`{"query":%q,"extensions":{"persistedQuery":{"version":1,"sha256Hash":"%x"}}}`, document, sha256.Sum256([]byte(document)))
	for n := range 2 {
		if w := d.serve(post(body)); w.Code != 200 || d.remembers != 0 || int(d.searches) != n+1 {
			t.Errorf("remembered %d times after %d searches: %s", d.remembers, d.searches, w.Body)
		}
	}
}
