package app

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// crowd is a Texter whose chats are full of personal data. It records the
// traceparent header of each call.
type crowd struct {
	*httptest.Server
	mu           sync.Mutex
	traceparents []string
}

// newCrowd starts a Texter that answers with the HTTP status that the searched
// name ends in, if any.
func newCrowd(t *testing.T) *crowd {
	t.Helper()
	c := &crowd{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		c.traceparents = append(c.traceparents, r.Header.Get("Traceparent"))
		c.mu.Unlock()
		if r.Header.Get("Tracestate") != "" || r.Header.Get("Baggage") != "" {
			t.Errorf("Texter got %v", r.Header)
		}
		name := r.URL.Query().Get("search")
		if status, err := strconv.Atoi(name[max(len(name)-3, 0):]); err == nil && status >= 400 && status < 600 {
			w.WriteHeader(status)
			return
		}
		_, _ = io.WriteString(w, `{"data":[{"_id":"1","title":"canary-title","clientPhone":"+972canary","crmData":{"note":"canary-crm"}},{"_id":"2"}],"total":2}`)
	}))
	t.Cleanup(c.Close)
	return c
}

// mixed returns one of many kinds of requests: method, headers and body.
func mixed(i int) (method string, headers []string, body string) {
	caller := fmt.Sprintf("Authorization: Bearer canary-token-%d", i%20)
	search := func(name string) string {
		return fmt.Sprintf(`{"query":"query Inbox($s: String) { searchChats(filter: {search: $s}) { nodes { id title } } }","variables":{"s":"canary-name-%s"}}`, name)
	}
	headers = []string{caller, "Content-Type: application/json", fmt.Sprintf("X-Request-Id: r-%d", i), "Tracestate: canary=state", "Baggage: canary=baggage"}
	if i%3 == 0 {
		headers = append(headers, fmt.Sprintf("Traceparent: 00-%032x-%016x-01", i+1, i+1))
	}
	switch i % 10 {
	case 0:
		return http.MethodPost, headers, search("403")
	case 1:
		headers[0] = fmt.Sprintf("Authorization: Bearer canary-token-of-%d", i) // Texter makes each of them wait
		return http.MethodPost, headers, search(fmt.Sprintf("%d-429", i))
	case 2:
		return http.MethodPost, headers, `{"query":"{ searchChats(first: -1, filter: {search: \"canary-literal\"}) { totalCount } }"}`
	case 3:
		return http.MethodPost, headers, `{"query":"query { canaryField(x: \"canary-literal\") }"}`
	case 4:
		return http.MethodGet, append(headers, "Apollo-Require-Preflight: 1"), ""
	case 5:
		return http.MethodPost, headers[1:], search("nobody")
	case 6:
		return http.MethodPost, headers, search("shared")
	case 7:
		return http.MethodPost, headers, `{"query":"{ a: searchChats(filter: {search: \"canary-a\"}) { totalCount } b: searchChats(filter: {search: \"canary-b\"}) { nodes { crmData } } __typename }"}`
	}
	return http.MethodPost, headers, search(fmt.Sprintf("%d-unique", i))
}

// mixedCodes are the errors of the requests that mixed returns, by the last digit
// of i.
var mixedCodes = map[int]string{0: "FORBIDDEN", 1: "RATE_LIMITED", 2: "BAD_USER_INPUT", 3: "GRAPHQL_VALIDATION_FAILED", 4: "BAD_REQUEST", 5: "UNAUTHENTICATED"}

// line is a line of the access log.
type line struct {
	Msg, RequestID, TraceID, Operation, RootFields, Cache, ErrorCodes string
	Rows, UpstreamAttempts, Status                                    int
}

// load sends n mixed requests, 16 at a time, and passes on each answer.
func (s *instance) load(t *testing.T, n int, answered func(i int, res *http.Response, body string)) {
	t.Helper()
	next := make(chan int)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			// One connection for each: the service closes those on which no request
			// comes.
			transport := &http.Transport{MaxConnsPerHost: 1}
			defer transport.CloseIdleConnections()
			for i := range next {
				method, headers, body := mixed(i)
				res, answer := s.sendBy(t, &http.Client{Transport: transport}, method, "/graphql", body, headers...)
				answered(i, res, answer)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	all.Wait()
}

// accessLog returns the lines of requests, by request id.
func accessLog(t *testing.T, log string) map[string]line {
	t.Helper()
	lines := map[string]line{}
	scanner := bufio.NewScanner(strings.NewReader(log))
	for scanner.Scan() {
		var l line
		if err := json.Unmarshal(scanner.Bytes(), &l); err != nil {
			t.Fatalf("%v: %s", err, scanner.Text())
		}
		if _, twice := lines[l.RequestID]; twice && l.Msg == "request" {
			t.Errorf("%s has two lines", l.RequestID)
		}
		if l.Msg == "request" {
			lines[l.RequestID] = l
		}
	}
	return lines
}

// sum adds up the series that a pattern matches.
func sum(metrics, pattern string) (total int) {
	for _, found := range regexp.MustCompile(`(?m)^`+pattern+` (\d+)$`).FindAllStringSubmatch(metrics, -1) {
		n, _ := strconv.Atoi(found[1])
		total += n
	}
	return total
}
