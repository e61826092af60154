package causes

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

// TestRedisAway: requests do not fail, but the log, the metrics and an alert say
// that Redis does.
func TestRedisAway(t *testing.T) {
	p := start(t, []string{"CACHE_KEY=0123456789abcdef0123456789abcdef"},
		"-texter-url", serve(t, chats), "-cache-ttl", "1m", "-redis-url", "redis://"+closedPort(t))
	before := p.scrape(t)
	if code := p.search(t, "r-1", caller); code != "" {
		t.Errorf("the caller gets %q", code)
	}
	assertAlerts(t, before, p.scrape(t), "TexterGraphQLRedisAway")
	fails := withMessage(p.lines(t), "Redis fails; pages are kept without it")
	if len(fails) != 1 || fails[0].Error != "no response: refused" {
		t.Errorf("the log says %+v", fails)
	}
}

// TestShedCalls sends more searches than may wait for a Texter that does not
// answer.
func TestShedCalls(t *testing.T) {
	release := make(chan struct{})
	p := start(t, nil, "-texter-concurrency", "2", "-texter-url", serve(t, func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
		chats(w, r)
	}))
	before := p.scrape(t)
	const searches = 12
	codes := make(chan string, searches)
	for i := range searches {
		go func() { codes <- p.search(t, fmt.Sprint("r-", i), fmt.Sprint("Authorization: Bearer canary-", i)) }()
	}
	shed := 0
	for range searches - 4 { // two are in flight, and two wait
		if <-codes == "UPSTREAM_UNAVAILABLE" {
			shed++
		}
	}
	full := p.scrape(t)
	if sent, waiting := value(t, full, "texter_graphql_upstream_in_flight"), value(t, full, "texter_graphql_upstream_waiting"); sent != 2 || waiting != 2 {
		t.Errorf("%v calls are in flight, %v wait", sent, waiting)
	}
	close(release)
	for range 4 {
		<-codes
	}
	if shed != searches-4 {
		t.Errorf("%d searches are shed", shed)
	}
	after := p.scrape(t)
	assertAlerts(t, before, after, append([]string{"TexterGraphQLShedding"}, failures...)...)
	if got := value(t, after, `texter_graphql_upstream_attempts_total{outcome="shed",status="none"}`); int(got) != shed {
		t.Errorf("%v are counted", got)
	}
	counted := 0
	for _, l := range withMessage(p.lines(t), "request") {
		if l.UpstreamOutcome == "shed" && l.ErrorCodes == "UPSTREAM_UNAVAILABLE" {
			counted++
		}
	}
	if counted != shed {
		t.Errorf("%d lines say so", counted)
	}
}

// TestNoMemoryLeft sends more large operations than the service has memory for. Those
// that wait for it in vain are told so, and an alert says so.
func TestNoMemoryLeft(t *testing.T) {
	p := start(t, []string{"GOMEMLIMIT=200MiB"}, "-request-timeout", "1s", "-texter-url", serve(t, silent))
	before := p.scrape(t)
	const operations = 12
	told := map[string]int{}
	sent := 0
	// On a busy machine they come one after the other, each when another one ends.
	for ; told["OVERLOADED"] == 0 && sent < 8*operations; sent += operations {
		codes := make(chan string, operations)
		for i := range operations {
			go func() {
				codes <- p.query(t, fmt.Sprint("r-", sent+i), "{ searchChats(first: 10000) { nodes { id } } }", fmt.Sprint("Authorization: Bearer canary-", i))
			}()
		}
		for range operations {
			told[<-codes]++
		}
	}
	if told["OVERLOADED"] == 0 || told["OVERLOADED"]+told["UPSTREAM_TIMEOUT"] != sent {
		t.Errorf("the callers get %v", told)
	}
	assertAlerts(t, before, p.scrape(t), append([]string{"TexterGraphQLOverloaded"}, failures...)...)
	logged := 0
	for _, l := range withMessage(p.lines(t), "request") {
		if l.ErrorCodes == "OVERLOADED" && l.UpstreamOutcome == "" {
			logged++
		}
	}
	if logged != told["OVERLOADED"] {
		t.Errorf("%d lines say so", logged)
	}
}

// TestLoad: the metrics say how much of the retries and of the cache is used.
func TestLoad(t *testing.T) {
	var broken atomic.Bool
	p := start(t, nil, "-cache-ttl", "1h", "-cache-size", "8KiB", "-texter-url", serve(t, func(w http.ResponseWriter, r *http.Request) {
		if broken.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		chats(w, r)
	}))
	first := p.scrape(t)
	if left, bytes := value(t, first, "texter_graphql_upstream_retries_left"), value(t, first, "texter_graphql_cache_bytes"); left != 50 || bytes != 0 {
		t.Errorf("at first, %v retries are left, and pages take %v bytes", left, bytes)
	}
	for i := range 4 { // of these pages, two fit
		p.search(t, "r-1", fmt.Sprint("Authorization: Bearer canary-", i))
	}
	kept := p.scrape(t)
	if bytes, evictions := value(t, kept, "texter_graphql_cache_bytes"), value(t, kept, "texter_graphql_cache_evictions_total"); bytes == 0 || bytes > 8192 || evictions != 2 {
		t.Errorf("pages take %v bytes, and %v are dropped", bytes, evictions)
	}
	broken.Store(true)
	if code := p.search(t, "r-1", "Authorization: Bearer canary-other"); code != "UPSTREAM_UNAVAILABLE" {
		t.Errorf("the caller gets %q", code)
	}
	if left := value(t, p.scrape(t), "texter_graphql_upstream_retries_left"); left < 48 || left >= 49 {
		t.Errorf("after two retries, %v are left", left)
	}
}

// TestSharedFailure: a request that waits for an equal one in flight has no attempt
// of its own. Its line still says why the call failed.
func TestSharedFailure(t *testing.T) {
	arrived, release := make(chan struct{}, 10), make(chan struct{})
	p := start(t, nil, "-texter-url", serve(t, func(http.ResponseWriter, *http.Request) {
		arrived <- struct{}{}
		<-release
		panic(http.ErrAbortHandler)
	}), "-log-level", "info")
	done := make(chan string)
	ask := func(id string) { done <- p.search(t, id, caller) }
	go ask("r-1")
	<-arrived
	go ask("r-2")
	for !strings.Contains(p.scrape(t), "texter_graphql_requests_in_flight 2\n") { // until it has arrived
	}
	close(release)
	<-done
	<-done
	lines := p.lines(t)
	for _, id := range []string{"r-1", "r-2"} {
		if l := requestLine(t, lines, id); l.UpstreamFailure != "reset" || l.ErrorCodes != "UPSTREAM_UNAVAILABLE" {
			t.Errorf("the line is %+v", l)
		}
	}
}

// TestHealthOfRefusedToken: /readyz says that Texter refuses the service's token.
func TestHealthOfRefusedToken(t *testing.T) {
	for name, test := range map[string]struct {
		env   []string
		state string
	}{"the service's": {ownToken, "unauthorized"}, "the caller's": {nil, "up"}} {
		t.Run(name, func(t *testing.T) {
			p := start(t, test.env, "-texter-url", serve(t, answer(401, "")))
			p.search(t, "r-1", caller)
			body := p.get(t, "/readyz")
			if !strings.Contains(body, fmt.Sprintf(`{"status":"ready","upstream":{"state":%q`, test.state)) {
				t.Errorf("got %s", body)
			}
		})
	}
}

// TestSubscriptionThatFails: its last line says why, at any level.
func TestSubscriptionThatFails(t *testing.T) {
	p := start(t, ownToken, "-texter-url", serve(t, breakOff), "-log-level", "error")
	r, err := http.NewRequest(http.MethodPost, p.URL("GraphQL"), strings.NewReader(`{"query":"subscription { chatsChanged { cursor } }"}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"Content-Type": "application/json", "Accept": "text/event-stream", "X-Request-Id": "r-1"} {
		r.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil || !strings.Contains(string(body), `"code":"UPSTREAM_UNAVAILABLE"`) {
		t.Errorf("got %s, %v", body, err)
	}
	lines := p.lines(t)
	for _, l := range lines {
		if l.RequestID == "r-1" && l.Level == "WARN" && l.UpstreamFailure == "reset" && l.ErrorCodes == "UPSTREAM_UNAVAILABLE" {
			return
		}
	}
	t.Errorf("the log is %+v", lines)
}
