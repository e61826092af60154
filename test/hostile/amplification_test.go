package hostile

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"texter-graphql/texter/sandbox"
)

// What one request can cause at most: see docs/security.md.
const (
	maxAnswer     = 64 << 20
	maxCalls      = 2*10 + 16
	maxRowsRead   = 10*10_000 + maxCalls*1_300
	maxResidentMB = 470 // with GOMEMLIMIT=435MiB, as in a container of 512 MiB
)

// countedTexter is a sandbox whose calls and rows are counted.
type countedTexter struct {
	url         string
	chats       atomic.Pointer[sandbox.Server]
	calls, rows atomic.Int64
}

func newCountedTexter(t *testing.T) *countedTexter {
	t.Helper()
	x := &countedTexter{}
	x.chats.Store(sandbox.New(sandbox.Options{Chats: 40_000}))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x.calls.Add(1)
		var limit int64 = 30
		_, _ = fmt.Sscan(r.URL.Query().Get("limit"), &limit)
		x.rows.Add(limit)
		x.chats.Load().ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	x.url = server.URL + sandbox.BasePath
	return x
}

// TestAmplification looks for small requests with large effects: random documents,
// and mutations of those with the largest effects so far.
func TestAmplification(t *testing.T) {
	x := newCountedTexter(t)
	p := start(t, settings{"GOMEMLIMIT=435MiB"}, "-texter-url", x.url, "-request-timeout", "10m", "-texter-timeout", "9m", "-texter-attempt-timeout", "8m") // a busy machine is no fault
	arguments := append(farCursors(t, p), someArguments...)
	x.chats.Store(sandbox.New(sandbox.Options{Chats: 12_000})) // so that the chats of the cursors are elsewhere
	random := rand.New(rand.NewPCG(16, 1))
	requests := 400
	if testing.Short() {
		requests = 60
	}
	worst := []parts{{arguments: arguments[:1], lists: 1, fields: []string{"id"}, repeats: 1, name: 1}}
	var most struct{ bytes, calls, rows int64 }
	for range requests {
		candidate := worst[random.IntN(len(worst))].mutate(random, arguments)
		x.calls.Store(0)
		x.rows.Store(0)
		bytes := p.answer(t, operation(candidate.document(), nil), io.Discard)
		calls, rows := x.calls.Load(), x.rows.Load()
		if bytes > maxAnswer || calls > maxCalls || rows > maxRowsRead {
			t.Errorf("%d bytes, %d calls, %d rows: %s", bytes, calls, rows, candidate.document())
		}
		if bytes >= most.bytes || calls >= most.calls || rows >= most.rows {
			most.bytes, most.calls, most.rows = max(most.bytes, bytes), max(most.calls, calls), max(most.rows, rows)
			worst = append(worst, candidate)
		}
	}
	_, peak, err := p.Memory()
	if err != nil || peak>>20 > maxResidentMB {
		t.Errorf("the service takes %d MB, %v", peak>>20, err)
	}
	t.Logf("at most %d bytes of an answer, %d calls, %d rows, %d MB; %v of CPU time for %d requests", most.bytes, most.calls, most.rows, peak>>20, p.cpuTime(), requests)
	if most.bytes < 10<<20 || most.calls < 10 {
		t.Error("the search does not find what is large")
	}
}

// farCursors returns arguments with cursors of chats all over the list.
func farCursors(t *testing.T, p *program) (arguments []string) {
	t.Helper()
	for _, position := range []int{100, 900, 5000, 9000} {
		var answer strings.Builder
		p.answer(t, operation(fmt.Sprintf("{ searchChats(first: %d) { pageInfo { endCursor } } }", position), nil), &answer)
		_, cursor, _ := strings.Cut(answer.String(), `"endCursor":"`)
		cursor, _, _ = strings.Cut(cursor, `"`)
		for _, size := range []int{1, 30, 1000, 9000} {
			arguments = append(arguments, fmt.Sprintf("first: %d, after: %q", size, cursor), fmt.Sprintf("last: %d, before: %q", size, cursor))
		}
	}
	return arguments
}

// answer sends a request, and writes the answer. It returns its size.
func (p *program) answer(t *testing.T, body string, into io.Writer) int64 {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.URL("GraphQL"), strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer caller")
	r.Header.Set("Accept-Encoding", "identity")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	size, err := io.Copy(into, res.Body)
	if err != nil {
		t.Error(err)
	}
	return size
}

// parts are what a document is made of.
type parts struct {
	arguments []string // of each root field
	lists     int      // aliases of nodes or edges in each
	fields    []string // of each chat
	repeats   int      // aliases of each field
	name      int      // length of each alias
}

var (
	someArguments = []string{
		"first: 10000", "last: 10000", "first: 1000", "first: 30", "last: 1", "first: 9999, filter: {search: \"an\"}", "first: 0",
		"first: 10000, filter: {showNoMessages: true}", "first: 500, filter: {statuses: [PENDING, ASSIGNED]}", "last: 9995, filter: {statuses: [RESOLVED]}",
	}
	someFields = []string{"id", "raw", "crmData", "title", "channel { metadata }", "labels { id name color }", "labelIds", "botState { raw userState }", "lastMessageAt", "displayName", "status", "replyAction { replyText bot }"}
)

// mutate changes one part.
func (p parts) mutate(random *rand.Rand, arguments []string) parts {
	p.arguments, p.fields = append([]string(nil), p.arguments...), append([]string(nil), p.fields...)
	switch random.IntN(7) {
	case 0:
		p.arguments = append(p.arguments, arguments[random.IntN(len(arguments))])
	case 1:
		p.arguments[random.IntN(len(p.arguments))] = arguments[random.IntN(len(arguments))]
	case 2:
		p.lists = 1 + random.IntN(2*p.lists+1)
	case 3:
		p.fields = append(p.fields, someFields[random.IntN(len(someFields))])
	case 4:
		p.fields[random.IntN(len(p.fields))] = someFields[random.IntN(len(someFields))]
	case 5:
		p.repeats = 1 + random.IntN(2*p.repeats+1)
	case 6:
		p.name = 1 + random.IntN(260)
	}
	return p
}

func (p parts) document() string {
	var b strings.Builder
	alias := func(kind string, i int) string {
		name := fmt.Sprint(kind, i)
		return name + strings.Repeat("_", max(p.name-len(name), 0)) + ": "
	}
	b.WriteString("{ ")
	for i, arguments := range p.arguments {
		fmt.Fprintf(&b, "%ssearchChats(%s) { totalCount ", alias("s", i), arguments)
		for j := range p.lists {
			fmt.Fprintf(&b, "%snodes { ...F } ", alias("n", j))
		}
		b.WriteString("} ")
	}
	b.WriteString("} fragment F on Chat { ")
	for i, field := range p.fields {
		for j := range p.repeats {
			fmt.Fprintf(&b, "%s%s ", alias(fmt.Sprint("f", i, "_"), j), field)
		}
	}
	return b.String() + "}"
}
