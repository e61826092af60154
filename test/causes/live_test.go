package causes

import (
	"bufio"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

// TestBrokenContract: chats out of order fail no request, but an alert says so.
func TestBrokenContract(t *testing.T) {
	p := start(t, nil, "-texter-url", serve(t, answer(200, `{"data":[{"_id":"1","last_message_timestamp":1},{"_id":"2","last_message_timestamp":2}],"total":2}`)))
	before := p.scrape(t)
	for i := range 20 {
		if code := p.query(t, fmt.Sprint("r-", i), "{ searchChats { nodes { id } } }", caller); code != "" {
			t.Errorf("the caller gets %q", code)
		}
	}
	after := p.scrape(t)
	assertAlerts(t, before, after, "TexterGraphQLContractBroken")
	if value(t, after, `texter_graphql_contract_breaches_total{kind="order"}`) == 0 {
		t.Error("the breach is not counted")
	}
}

// follow opens a subscription by server-sent events, and returns after its first event.
func (p program) follow(t *testing.T) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.URL("GraphQL"), strings.NewReader(`{"query":"subscription { chatsChanged { cursor } }"}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"Content-Type": "application/json", "Accept": "text/event-stream"} {
		r.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "event: next") {
			return
		}
	}
	t.Error("the subscription ends without an event")
}

// TestListsThatAreNotRead: nobody sends a request, but the lists that somebody watches
// stand still.
func TestListsThatAreNotRead(t *testing.T) {
	var broken atomic.Bool
	p := start(t, ownToken, "-live-interval", "500ms", "-texter-url", serve(t, func(w http.ResponseWriter, r *http.Request) {
		if broken.Load() {
			answer(200, "<p>canary")(w, r)
			return
		}
		chats(w, r)
	}))
	p.follow(t)
	before := p.scrape(t)
	broken.Store(true)
	failed := 0.0
	after := before
	for failed < 3 {
		after = p.scrape(t)
		failed = value(t, after, `texter_graphql_live_polls_total{outcome="failed"}`)
	}
	assertAlerts(t, before, after, "TexterGraphQLLiveFailing")
}

// TestRefusedWebhooks: Texter's webhooks come with another secret.
func TestRefusedWebhooks(t *testing.T) {
	p := start(t, append([]string{"WEBHOOK_SECRET=canary-0123456789"}, ownToken...), "-texter-url", serve(t, chats))
	before := p.scrape(t)
	for range 20 {
		res, err := http.Post("http://"+p.Addr("GraphQL")+"/webhooks/texter/canary", "application/json", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		if _ = res.Body.Close(); res.StatusCode != http.StatusUnauthorized {
			t.Errorf("a webhook is %d", res.StatusCode)
		}
	}
	assertAlerts(t, before, p.scrape(t), "TexterGraphQLWebhooksRefused")
}
