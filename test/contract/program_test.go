// Package contract runs the built service, and its command check upstream, against
// a Texter that differs from its API's reference.
package contract

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"

	"texter-graphql/test/harness"
	"texter-graphql/texter/sandbox"
)

func TestMain(m *testing.M) { os.Exit(harness.RunTests(m)) }

// newTexter serves a sandbox.
func newTexter(t *testing.T, o sandbox.Options) (server *sandbox.Server, url string) {
	t.Helper()
	server = sandbox.New(o)
	listening := httptest.NewServer(server)
	t.Cleanup(listening.Close)
	return server, listening.URL + sandbox.BasePath
}

// program is a running service.
type program struct {
	*harness.Process
	log *bytes.Buffer // complete once the service has ended
}

// start runs the service in front of a Texter until the test ends.
func start(t *testing.T, texterURL string) *program {
	t.Helper()
	p := &program{log: new(bytes.Buffer)}
	p.Process = harness.Start(t, harness.Command{Log: p.log, Env: []string{
		"TEXTER_URL=" + texterURL, "TEXTER_API_TOKEN=token", "ADDR=127.0.0.1:0", "METRICS_ADDR=127.0.0.1:0", "LOG_LEVEL=warn",
	}})
	return p
}

// page is a response to a search.
type page struct {
	TotalCount int
	Nodes      []struct{ ID string }
	PageInfo   struct {
		HasNextPage, HasPreviousPage bool
		StartCursor, EndCursor       *string
	}
	err failure // zero if there is none
}

// failure is the first error of a response.
type failure struct {
	Message    string
	Extensions struct{ Code, Argument string }
}

// search asks for a page by its arguments, such as "first: 10".
func (p *program) search(t *testing.T, arguments string) page {
	t.Helper()
	pages, err := p.query(t, "{ searchChats("+arguments+") { totalCount nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }")
	if err != (failure{}) {
		return page{err: err}
	}
	return pages["searchChats"]
}

// query executes a document whose root fields are pages.
func (p *program) query(t *testing.T, document string) (map[string]page, failure) {
	t.Helper()
	request, _ := json.Marshal(map[string]string{"query": document})
	res, err := http.Post(p.URL("GraphQL"), "application/json", bytes.NewReader(request))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var response struct {
		Data   map[string]page
		Errors []failure
	}
	if err := json.NewDecoder(res.Body).Decode(&response); err != nil {
		t.Fatal(err)
	}
	if len(response.Errors) > 0 {
		return nil, response.Errors[0]
	}
	return response.Data, failure{}
}

// walk reads a list page by page, from its first chat on, or from its last one on
// if backward. It returns the ids in the order of the list, and the error that
// ended the walk, if any.
func (p *program) walk(t *testing.T, size int, backward bool) (ids []string, err failure) {
	t.Helper()
	name, from, cursor := "first: ", " after: ", ""
	if backward {
		name, from = "last: ", " before: "
	}
	for range 1000 {
		arguments := name + strconv.Itoa(size)
		if cursor != "" {
			arguments += from + strconv.Quote(cursor)
		}
		page := p.search(t, arguments)
		if page.err != (failure{}) {
			return ids, page.err
		}
		var found []string
		for _, node := range page.Nodes {
			found = append(found, node.ID)
		}
		next, more := page.PageInfo.EndCursor, page.PageInfo.HasNextPage
		if ids = append(ids, found...); backward {
			ids = append(found, ids[:len(ids)-len(found)]...)
			next, more = page.PageInfo.StartCursor, page.PageInfo.HasPreviousPage
		}
		if !more {
			return ids, failure{}
		}
		if next == nil {
			t.Fatalf("after %d chats: an empty page, and more is promised", len(ids))
		}
		cursor = *next
	}
	t.Fatal("the walk does not end")
	return nil, failure{}
}

// breaches returns how many breaches of a kind the service has counted.
func (p *program) breaches(t *testing.T, kind string) int {
	t.Helper()
	metrics, err := p.Metrics(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(metrics, `contract_breaches_total{kind="`+kind+`"} `)
	value, _, _ := strings.Cut(rest, "\n")
	count, err := strconv.Atoi(value)
	if !found || err != nil {
		t.Fatalf("no metric of %s: %q", kind, value)
	}
	return count
}

// assertSeen fails unless the service has counted breaches of the kind, and none of
// another kind, and has logged one line about it. It stops the service.
func (p *program) assertSeen(t *testing.T, kinds ...string) {
	t.Helper()
	want := map[string]bool{}
	for _, kind := range kinds {
		want[kind] = true
	}
	for _, kind := range []string{"limit", "rows", "skip", "total_high", "total_low", "order", "filter", "duplicate"} {
		if count := p.breaches(t, kind); count > 0 != want[kind] {
			t.Errorf("%d breaches of the kind %s", count, kind)
		}
	}
	if err := p.Stop(); err != nil {
		t.Fatal(err)
	}
	for _, kind := range kinds {
		if lines := strings.Count(p.log.String(), `"breach":"`+kind+`"`); lines != 1 {
			t.Errorf("%d lines about %s, want 1:\n%s", lines, kind, p.log)
		}
	}
}

// repeat has one chat stand twice in the list of a sandbox.
func repeat(server *sandbox.Server) {
	server.Intercept(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			query := r.URL.Query()
			skip, _ := strconv.Atoi(query.Get("skip"))
			limit, _ := strconv.Atoi(query.Get("limit"))
			query.Set("limit", "10000")
			query.Del("skip")
			all := *r
			all.URL.RawQuery = query.Encode()
			recorded := httptest.NewRecorder()
			next.ServeHTTP(recorded, &all)
			var body struct {
				Data  []json.RawMessage `json:"data"`
				Total int               `json:"total"`
			}
			_ = json.Unmarshal(recorded.Body.Bytes(), &body)
			rows := append(body.Data[:20:20], body.Data[19:]...)
			from := min(skip, len(rows))
			body.Data, body.Total = rows[from:min(from+limit, len(rows))], len(rows)
			_ = json.NewEncoder(w).Encode(body)
		})
	})
}
