package hostile

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var leakRequests = flag.Int("leak-requests", 5_000, "requests of TestNobodySeesAnothersChats, in each of four ways; a fifth of them with -short")

// requests returns how many requests there are, in each of the four ways.
func requests() int {
	if testing.Short() {
		return *leakRequests / 5
	}
	return *leakRequests
}

var cacheHits = regexp.MustCompile(`texter_graphql_cache_searches_total\{outcome="hit"\} [1-9]`)

const (
	callers   = 50
	perCaller = 2 // requests of a caller at a time
)

// TestNobodySeesAnothersChats lets many callers send the same operations at the
// same time. Some hang up, and some get errors. No response has anything of
// another caller.
func TestNobodySeesAnothersChats(t *testing.T) {
	for name, flags := range map[string][]string{
		"without a cache": nil,
		"with a cache":    {"-cache-ttl", "5s", "-cache-stale-while-revalidate", "5s", "-cache-stale-if-error", "5s"},
	} {
		assertCached := func(t *testing.T, p *program) {
			metrics, err := p.Metrics(t.Context())
			if err != nil {
				t.Error(err)
			}
			if cached := cacheHits.MatchString(metrics); cached != (flags != nil) {
				t.Errorf("searches are answered from the cache: %t", cached)
			}
		}
		t.Run("callers are told apart by their tokens "+name, func(t *testing.T) {
			x := newInboxes(t, func(r *http.Request) string {
				return strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer token-canary-")
			})
			p := start(t, nil, append(flags, "-texter-url", x.url)...)
			crowd := newCrowd(p, x, func(caller string) string { return "token-canary-" + caller })
			crowd.withLabels, crowd.refused = true, "UNAUTHENTICATED"
			crowd.run(t)
			assertCached(t, p)
		})
		t.Run("callers are told apart by their scopes "+name, func(t *testing.T) {
			x := newInboxes(t, func(r *http.Request) string { return r.URL.Query().Get("channel[accountId]") })
			p := start(t, settings{"TEXTER_API_TOKEN=canary"}, append(flags, "-texter-url", x.url, "-access-keys", scopedKeys(t))...)
			newCrowd(p, x, func(caller string) string { return "key-canary-" + caller }).run(t)
			assertCached(t, p)
		})
	}
}

// scopedKeys writes a file with a key for each caller. The scope of each key is
// one account.
func scopedKeys(t *testing.T) string {
	t.Helper()
	var lines strings.Builder
	for i := range callers {
		fmt.Fprintf(&lines, "caller-%d sha256:%x {\"channel\":{\"name\":\"EMAIL\",\"accountId\":\"%d\"}}\n", i, sha256.Sum256(fmt.Append(nil, "key-canary-", i)), i)
	}
	file := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(file, []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// crowd is a number of callers who send requests at the same time.
type crowd struct {
	url        string
	inboxes    *inboxes
	credential func(caller string) string
	withLabels bool   // whether each caller has labels
	refused    string // the code for a token that Texter refuses

	begun atomic.Int64
	mu    sync.Mutex
	seen  map[string]int // the outcomes of the requests, by code
}

func newCrowd(p *program, x *inboxes, credential func(string) string) *crowd {
	return &crowd{url: p.URL("GraphQL"), inboxes: x, credential: credential, refused: "UPSTREAM_UNAUTHORIZED", seen: map[string]int{}}
}

func (c *crowd) run(t *testing.T) {
	var group sync.WaitGroup
	for i := range callers * perCaller {
		group.Go(func() {
			// One connection for each: the service closes those on which no request
			// comes.
			transport := &http.Transport{MaxConnsPerHost: 1}
			defer transport.CloseIdleConnections()
			random := rand.New(rand.NewPCG(1, uint64(i)))
			for c.begin() {
				c.ask(t, &http.Client{Transport: transport}, fmt.Sprint(i%callers), random)
			}
		})
	}
	group.Wait()
	t.Logf("%d requests, of which Texter saw %d: %v", requests(), c.inboxes.requests.Load(), c.seen)
	for _, code := range []string{"own chats", "canceled", c.refused, "UPSTREAM_UNAVAILABLE", "UPSTREAM_INVALID_RESPONSE"} {
		if c.seen[code] == 0 {
			t.Errorf("there was no %s", code)
		}
	}
	if c.withLabels && c.seen["own labels"] < requests()/4 {
		t.Error("too few responses have labels to tell")
	}
	if c.seen["own chats"] < requests()/2 {
		t.Error("too few responses have chats to tell")
	}
}

// begin counts requests. It reports whether there is another one to send.
func (c *crowd) begin() bool {
	n := int(c.begun.Add(1))
	switch n {
	case requests() / 2:
		c.inboxes.revoked.Store(true)
	case requests() + 1:
		close(c.inboxes.over)
	}
	select {
	case c.inboxes.next <- struct{}{}:
	default:
	}
	return n <= requests()
}

// ask sends one request and looks at the response.
func (c *crowd) ask(t *testing.T, client *http.Client, caller string, random *rand.Rand) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if random.IntN(10) == 0 {
		patience := time.Duration(random.IntN(3000)) * time.Microsecond
		defer time.AfterFunc(patience, cancel).Stop()
	}
	r := c.request(ctx, random)
	r.Header.Set("Authorization", "Bearer "+c.credential(caller))
	r.Header.Set("X-Request-Id", "of-"+caller)
	res, err := client.Do(r)
	var body []byte
	if err == nil {
		body, err = io.ReadAll(res.Body)
		_ = res.Body.Close()
	}
	if err != nil {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("no response: %v", err)
		}
		c.count("canceled")
		return
	}
	if id := res.Header.Get("X-Request-Id"); id != "of-"+caller {
		t.Errorf("caller %s got the response to %s", caller, id)
	}
	c.count(c.outcome(t, caller, body))
}

func (c *crowd) count(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seen[what]++
}

var ownCanary = regexp.MustCompile(`canary-(\w*)-`)

// outcome returns the code of a response's errors, or says that it has chats, all
// of which must be the caller's.
func (c *crowd) outcome(t *testing.T, caller string, body []byte) string {
	var response struct {
		Data   json.RawMessage
		Errors []struct{ Extensions struct{ Code string } }
	}
	if err := json.Unmarshal(body, &response); err != nil {
		t.Errorf("%v: %.300s", err, body)
	}
	found := ownCanary.FindAllSubmatch(body, -1)
	if bytes.Contains(body, []byte("-label")) {
		c.count("own labels")
	}
	for _, canary := range found {
		if string(canary[1]) != caller {
			t.Errorf("caller %s got the chats of %s", caller, canary[1])
		}
	}
	switch {
	case len(response.Errors) > 0:
		return response.Errors[0].Extensions.Code
	case len(found) > 0:
		return "own chats"
	}
	return "no chats"
}

const searchDocument = `query($search: String, $first: Int) { searchChats(filter: {search: $search}, first: $first) { totalCount nodes { id name clientPhone labelIds labels { id name } crmData } } }`

// request returns an operation at random. All callers send the same ones, so that
// equal searches meet.
func (c *crowd) request(ctx context.Context, random *rand.Rand) *http.Request {
	switch n := random.IntN(100); {
	case n < 1:
		return c.post(ctx, searchDocument, map[string]any{"search": failing})
	case n < 2:
		return c.post(ctx, searchDocument, map[string]any{"search": stale})
	case n < 4:
		return c.post(ctx, searchDocument, map[string]any{"search": broken})
	case n < 14:
		return c.post(ctx, searchDocument, map[string]any{"search": slow})
	case n < 17:
		return c.post(ctx, "{ labels { id name } searchChats(first: 3) { nodes { id labels { name } } } }", nil)
	case n < 20:
		return c.post(ctx, "{ searchChats { totalCount } }", nil)
	case n < 30:
		return c.post(ctx, "{ a: searchChats(first: 3) { edges { cursor node { raw } } } b: searchChats(last: 2) { nodes { name } } }", nil)
	case n < 40:
		return c.get(ctx, "{ searchChats(first: 5) { nodes { id title } } }")
	}
	return c.post(ctx, searchDocument, map[string]any{"first": 10 + 10*random.IntN(3)})
}

func (c *crowd) post(ctx context.Context, document string, variables map[string]any) *http.Request {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader([]byte(operation(document, variables))))
	if err != nil {
		panic(err)
	}
	r.Header.Set("Content-Type", "application/json")
	return r
}

func (c *crowd) get(ctx context.Context, document string) *http.Request {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+"?query="+url.QueryEscape(document), nil)
	if err != nil {
		panic(err)
	}
	r.Header.Set("Apollo-Require-Preflight", "1")
	return r
}
