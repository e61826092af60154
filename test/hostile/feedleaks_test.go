package hostile

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"texter-graphql/test/harness"
)

var leakDeliveries = flag.Int64("leak-deliveries", 20_000, "deliveries of TestNobodyFollowsAnothersChats, in each of two ways; a fifth of them with -short")

// viewersPerCaller is how many subscriptions each caller has. A few are opened at a
// time: the service gives the head of a request a few seconds, which a busy machine
// needs for a thousand of them.
const viewersPerCaller, openedAtATime = 20, 8

var canary = regexp.MustCompile(`canary-([0-9]+)-`)

// TestNobodyFollowsAnothersChats lets many callers follow the same list by the same
// documents. Each reading finds changes. No delivery has anything of another caller.
func TestNobodyFollowsAnothersChats(t *testing.T) {
	t.Run("callers are told apart by their tokens", func(t *testing.T) {
		move := make(chan struct{})
		x := newMovingInboxes(t, move, func(r *http.Request) string {
			return strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer token-canary-")
		})
		p := start(t, nil, "-texter-url", x, "-live-interval", "500ms", "-live-polls", "1000", "-max-subscriptions-per-caller", "100")
		followAll(t, p, move, func(caller int) string { return fmt.Sprint("token-canary-", caller) })
	})
	t.Run("callers are told apart by their scopes", func(t *testing.T) {
		move := make(chan struct{})
		x := newMovingInboxes(t, move, func(r *http.Request) string { return r.URL.Query().Get("channel[accountId]") })
		p := start(t, settings{"TEXTER_API_TOKEN=canary"}, "-texter-url", x, "-access-keys", scopedKeys(t), "-live-interval", "500ms", "-live-polls", "1000")
		followAll(t, p, move, func(caller int) string { return fmt.Sprint("key-canary-", caller) })
	})
}

// newMovingInboxes stands in for Texter's API. Once they move, each search of an inbox
// finds the chats in another order, with other values.
func newMovingInboxes(t *testing.T, move <-chan struct{}, owner func(*http.Request) string) (url string) {
	t.Helper()
	var searches atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/labels") {
			_, _ = io.WriteString(w, labels(owner(r)))
			return
		}
		n := int64(0)
		select {
		case <-move:
			n = searches.Add(1)
		default: // nothing has moved yet
		}
		var chats []string
		for i := range int64(20) {
			chats = append(chats, fmt.Sprintf(`{"_id":"chat-%[1]d","title":"canary-%[2]s-","unreadCount":%[3]d,"labels":["VIP"],"last_message_timestamp":%[4]d}`,
				(i+n)%30, owner(r), n, 1_700_000_000_000-i))
		}
		fmt.Fprintf(w, `{"data":[%s],"total":20}`, strings.Join(chats, ","))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// followAll follows the list of each caller until there were enough deliveries.
func followAll(t *testing.T, p *program, move chan struct{}, credential func(caller int) string) {
	t.Helper()
	wanted := *leakDeliveries
	if testing.Short() {
		wanted /= 5
	}
	ctx, enough := context.WithCancel(t.Context())
	defer enough()
	var deliveries, own atomic.Int64
	var group sync.WaitGroup
	opening := make(chan struct{}, openedAtATime)
	var opened sync.WaitGroup // before anything moves
	opened.Add(callers * viewersPerCaller)
	go func() {
		opened.Wait()
		close(move)
	}()
	for caller := range callers {
		for range viewersPerCaller {
			group.Go(func() {
				subscription := harness.Subscription{URL: p.URL("GraphQL"), Token: credential(caller), Query: followed, Opening: opening}
				open := sync.OnceFunc(opened.Done)
				defer open()
				for event, err := range subscription.Events(ctx) {
					open()
					if err != nil {
						t.Error(err)
					}
					for _, found := range canary.FindAllStringSubmatch(event, -1) {
						if own.Add(1); found[1] != fmt.Sprint(caller) {
							t.Errorf("caller %d gets something of caller %s", caller, found[1])
							enough()
						}
					}
					if deliveries.Add(1) == wanted {
						enough()
					}
				}
			})
		}
	}
	group.Wait()
	if deliveries.Load() < wanted || own.Load() < wanted {
		t.Errorf("%d deliveries with %d canaries", deliveries.Load(), own.Load())
	}
}

const followed = `subscription { chatsChanged { changes { ... on ChatEntered { edge { node { id title labels { name } } } } ... on ChatUpdated { chat { title raw } } } } }`
