package load

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"texter-graphql/texter/sandbox"
)

// fields are all of a chat.
const fields = `id name title displayName personId image channel { name rawName contactId accountId metadata }
	entityPhone clientPhone clientPhoneE164 agent { uid displayName } departmentId status statusCode unreadCount labelIds labels { id name color system }
	lastMessageAt lastIncomingMessageAt createdAt updatedAt pendingMessageAt pendingAt resolvedAt unsubscribedAt
	botState { id node raw } previousBotSession { id node raw } sendingBulkAgent crmData crmDeepLink externalBot raw`

// TestMemoryOfLargePages asks for 20 pages of 10,000 chats with all fields at
// once, each for another caller. The service takes 512 MB at most.
func TestMemoryOfLargePages(t *testing.T) {
	texter := sandbox.New(sandbox.Options{Chats: 12_000})
	chats := httptest.NewServer(texter)
	t.Cleanup(chats.Close)
	page := fetch(t, chats.URL+sandbox.BasePath+"/chats/search?showNoMessages=1&limit=10000")
	t.Logf("a page has %d kB", len(page)>>10)
	mux := http.NewServeMux()
	mux.Handle("/", texter)
	mux.HandleFunc(sandbox.BasePath+"/chats/search", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, page) })
	upstream := httptest.NewServer(mux)
	t.Cleanup(upstream.Close)
	p := start(t, upstream.URL+sandbox.BasePath, "-request-timeout", "10m", "-texter-timeout", "9m", "-texter-attempt-timeout", "8m") // a busy machine is no fault
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			r, err := p.post(client, fmt.Sprint("caller", i), "{ searchChats(first: 10000) { nodes { "+fields+" } } }")
			if r.body = r.body[:min(len(r.body), 300)]; err != nil || !r.ok() {
				t.Errorf("%d, %.300s, %v", r.status, r.body, err)
			}
		})
	}
	wg.Wait()
	now, peak := p.memory(t)
	t.Logf("%d MB at most, %d MB afterwards", peak, now)
	if peak > 512 {
		t.Errorf("the service takes %d MB", peak)
	}
}

func fetch(t *testing.T, url string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer any")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != 200 {
		t.Fatalf("%d, %v: %.200s", res.StatusCode, err, body)
	}
	return string(body)
}
