package feed

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// patience bounds how long a viewer waits for a batch that must come.
const patience = time.Minute

// viewer is one who reads a page of a list, and follows it.
type viewer struct {
	h         *history
	number    int
	filter    filter
	selection selection
	size      int  // of the page
	socket    bool // whether it follows over a WebSocket
	instance  int  // that it follows, or followed last
	began     chan struct{}
	changed   chan struct{} // holds one
	ended     chan struct{}
	ctx       context.Context
	stop      context.CancelFunc
	isHeld    bool       // whether the history holds reading
	reading   sync.Mutex // is held while the viewer may not read

	mu      sync.Mutex
	cut     context.CancelFunc // of what it follows; nil if it does not
	rows    []row
	isWhole bool // whether the page was the whole list
	total   int
	cursor  string
	seen    map[string]int // the newest version of each chat that the viewer has had
	left    map[string]int // the version at which a chat left the list
	err     error          // why it followed no longer, the last time
}

func newViewer(h *history, number int) *viewer {
	v := &viewer{
		h: h, number: number, size: h.random.IntN(window + 5), instance: h.random.IntN(2), socket: h.random.IntN(2) == 0,
		filter: filters[h.random.IntN(len(filters))], selection: selections[h.random.IntN(len(selections))],
		began: make(chan struct{}), changed: make(chan struct{}, 1), ended: make(chan struct{}), seen: map[string]int{}, left: map[string]int{},
	}
	v.ctx, v.stop = context.WithCancel(context.Background())
	return v
}

func (v *viewer) errorf(format string, args ...any) {
	transport := "SSE"
	if v.socket {
		transport = "WebSocket"
	}
	v.h.w.t.Errorf("history %d, viewer %d of a page of %d of %s over %s: %s", v.h.seed, v.number, v.size, v.filter.graphql, transport, fmt.Sprintf(format, args...))
}

// run reads the page, and follows it until the viewer ends.
func (v *viewer) run() {
	defer close(v.ended)
	for v.ctx.Err() == nil && !v.readPage() {
		v.instance = 1 - v.instance // the other one is killed
	}
	close(v.began)
	for v.ctx.Err() == nil {
		v.reading.Lock() // a viewer who may not read does not come back either
		ctx, cut := context.WithCancel(v.ctx)
		v.mu.Lock()
		v.cut = cut
		v.mu.Unlock()
		v.reading.Unlock()
		err := v.follow(ctx)
		cut()
		v.mu.Lock()
		v.cut, v.err = nil, err
		v.mu.Unlock()
		v.instance = 1 - v.instance
	}
}

// act is cut, is slow, or is so no longer.
func (v *viewer) act() {
	switch {
	case v.isHeld:
		v.release()
	case v.h.random.IntN(3) > 0:
		v.reading.Lock()
		v.isHeld = true
		if v.h.random.IntN(2) == 0 {
			v.disconnect()
		}
	default:
		v.disconnect()
	}
}

// release lets the viewer read.
func (v *viewer) release() {
	if v.isHeld {
		v.isHeld = false
		v.reading.Unlock()
	}
}

func (v *viewer) disconnect() {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.cut != nil {
		v.cut()
	}
}

// settle waits until the viewer has what the inbox has, or for as long as patience lasts.
func (v *viewer) settle() {
	timeout := time.After(patience)
	for {
		difference := v.difference()
		if difference == "" {
			return
		}
		select {
		case <-v.changed:
		case <-timeout:
			v.errorf("%s", difference)
			return
		}
	}
}

func (v *viewer) end() {
	v.stop()
	<-v.ended
}

// difference says how the list of the viewer differs from the one of the inbox; "" if
// it does not.
func (v *viewer) difference() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	want, total := v.h.list(v.filter, v.selection)
	got := v.rows[:min(len(v.rows), window)]
	enough := min(len(got), len(want))
	if v.isWhole {
		enough = len(want)
	}
	if total == v.total && slices.Equal(got, want[:enough]) {
		return ""
	}
	return fmt.Sprintf("has %d chats\n%v\nbut the list has %d\n%v\nIt followed no longer: %v", v.total, got, total, want, v.err)
}

// response is the response to readPage, and to a subscription.
type response struct {
	Data struct {
		SearchChats *struct {
			LiveCursor string
			TotalCount int
			PageInfo   struct{ HasNextPage bool }
			Nodes      []node
		}
		ChatsChanged *batch
	}
	Errors []json.RawMessage
}

// node is what a viewer reads of a chat, by the names that it gives to the fields.
type node map[string]any

func (n node) row() row {
	fields := map[string]any(n)
	id, crmData := fields["key"].(string), fields["mark"]
	delete(fields, "key")
	delete(fields, "mark")
	return newRow(id, crmData, fields)
}

func (v *viewer) fragment() string {
	return "fragment row on Chat { key: id mark: crmData " + v.selection.fields + " }"
}

// readPage reads the page that the viewer begins with. It returns false if the
// instance is not there.
func (v *viewer) readPage() bool {
	body, _ := json.Marshal(map[string]any{"query": fmt.Sprintf(
		"{ searchChats(filter: %s, first: %d) { liveCursor totalCount pageInfo { hasNextPage } nodes { ...row } } } %s", v.filter.graphql, v.size, v.fragment())})
	r, _ := http.NewRequestWithContext(v.ctx, http.MethodPost, v.h.w.url(v.instance)+"/graphql", strings.NewReader(string(body)))
	r.Header = v.headers()
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	var page response
	if err := json.NewDecoder(res.Body).Decode(&page); err != nil {
		return false
	}
	if page.Data.SearchChats == nil || len(page.Errors) > 0 {
		v.errorf("a page gets %s", page.Errors)
		return true
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, n := range page.Data.SearchChats.Nodes {
		v.rows = append(v.rows, n.row())
		v.see(v.rows[len(v.rows)-1])
	}
	v.cursor, v.total, v.isWhole = page.Data.SearchChats.LiveCursor, page.Data.SearchChats.TotalCount, !page.Data.SearchChats.PageInfo.HasNextPage
	return true
}

func (v *viewer) headers() http.Header {
	return http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + v.h.token}}
}
