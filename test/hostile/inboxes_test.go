package hostile

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
)

// inboxes stands in for Texter's API. Each caller has an inbox, and everything in
// it has the canary of that caller. Some searches get no chats: see slow and
// those after it.
type inboxes struct {
	url string
	// owner returns whose inbox a request is for.
	owner    func(*http.Request) string
	requests atomic.Int64
	// revoked says that the tokens of every tenth caller are no longer valid.
	revoked atomic.Bool
	// A slow search gets its response when the next request begins, or when all
	// requests have begun.
	next, over chan struct{}
}

func newInboxes(t *testing.T, owner func(*http.Request) string) *inboxes {
	t.Helper()
	x := &inboxes{owner: owner, next: make(chan struct{}), over: make(chan struct{})}
	server := httptest.NewServer(x)
	t.Cleanup(server.Close)
	x.url = server.URL
	return x
}

// Searches that get something else than chats at once.
const (
	slow    = "slow"
	failing = "failing"
	stale   = "stale"
	broken  = "broken"
)

// isRevoked reports whether a caller is one of those whose tokens get revoked.
func isRevoked(owner string) bool { return strings.HasSuffix(owner, "0") }

// ServeHTTP responds to a search.
func (x *inboxes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x.requests.Add(1)
	owner, query := x.owner(r), r.URL.Query()
	if x.revoked.Load() && isRevoked(owner) {
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprintf(w, "canary-%s-", owner)
		return
	}
	if strings.HasSuffix(r.URL.Path, "/labels") {
		_, _ = io.WriteString(w, labels(owner))
		return
	}
	switch query.Get("search") {
	case slow:
		select {
		case <-x.next:
		case <-x.over:
		case <-r.Context().Done():
		}
	case failing:
		w.WriteHeader(http.StatusBadGateway)
		fmt.Fprintf(w, "canary-%s-", owner)
		return
	case stale:
		w.WriteHeader(http.StatusNotModified)
		return
	case broken:
		fmt.Fprintf(w, `{"data":[{"_id":"1","title":"canary-%s-`, owner)
		return
	}
	skip, _ := strconv.Atoi(query.Get("skip"))
	limit, _ := strconv.Atoi(query.Get("limit"))
	_, _ = io.WriteString(w, rows(owner, skip, limit))
}

// labels returns the labels of an inbox, none where the owner is not known. All
// inboxes have the same label, under names of their own.
func labels(owner string) string {
	if owner == "" {
		return `{"labels":[],"total":0}`
	}
	return fmt.Sprintf(`{"labels":[{"id":"VIP","name":"canary-%[1]s-label"}],"total":1}`, owner)
}

// inboxSize is how many chats an inbox has.
const inboxSize = 100

// rows returns a page of an inbox.
func rows(owner string, skip, limit int) string {
	var b strings.Builder
	b.WriteString(`{"data":[`)
	for i := skip; i < min(skip+limit, inboxSize); i++ {
		if i > skip {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"_id":"canary-%[1]s-%[2]d","title":"canary-%[1]s-","clientPhone":"+canary-%[1]s-","labels":["VIP"],"crmData":{"note":"canary-%[1]s-"},"last_message_timestamp":%[3]d}`,
			owner, i, 1_700_000_000_000-i)
	}
	fmt.Fprintf(&b, `],"total":%d}`, inboxSize)
	return b.String()
}
