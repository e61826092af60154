package instances

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"texter-graphql/test/harness"
	"texter-graphql/texter/sandbox"
)

const webhookSecret = "the secret of the webhooks"

// watched is an inbox that instances follow.
type watched struct {
	*sandbox.Server
	url      string
	searched chan struct{}
}

func newWatched(t *testing.T) *watched {
	t.Helper()
	x := &watched{Server: sandbox.New(sandbox.Options{Chats: 50}), searched: make(chan struct{}, 1000)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x.ServeHTTP(w, r)
		x.searched <- struct{}{}
	}))
	t.Cleanup(server.Close)
	x.url = server.URL + sandbox.BasePath
	return x
}

// follow follows all chats at an instance. What it yields are the ids of batches.
func follow(t *testing.T, p program) <-chan string {
	t.Helper()
	batches := make(chan string, 100)
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	go func() {
		subscription := harness.Subscription{URL: p.URL("GraphQL"), Token: "a", Query: `subscription { chatsChanged { changes { __typename ... on ChatEntered { edge { node { id } } } ... on ChatLeft { chatId } } } }`}
		for data := range subscription.Events(ctx) {
			batches <- data
		}
	}()
	return batches
}

// await waits for a batch with a text.
func await(t *testing.T, batches <-chan string, text string) {
	t.Helper()
	for {
		select {
		case batch := <-batches:
			if strings.Contains(batch, text) {
				return
			}
		case <-time.After(time.Minute):
			t.Fatalf("no batch has %s", text)
		}
	}
}

// change moves the last chat to the top, and returns what its batch has.
func (x *watched) change() string {
	chats := x.Chats()
	i := len(chats) - 1
	for chats[i].LastMessageTimestamp == nil {
		i--
	}
	x.Message(chats[i].ID)
	return fmt.Sprintf(`"node":{"id":%q}`, chats[i].ID)
}

func (p program) webhook(t *testing.T) {
	t.Helper()
	r, _ := http.NewRequest(http.MethodPost, strings.TrimSuffix(p.URL("GraphQL"), "/graphql")+"/webhooks/texter", strings.NewReader(`{"eventData":{"chat":{"_id":"any"}}}`))
	r.Header.Set("Authorization", "Bearer "+webhookSecret)
	res, err := http.DefaultClient.Do(r)
	if err != nil || res.StatusCode != http.StatusNoContent {
		t.Fatal(res, err)
	}
	res.Body.Close()
}

// TestOneInstanceReadsForAll: two instances with one Redis read a list as often as one
// would. A webhook to one of them reaches the viewers of both. When an instance is
// killed, or Redis, no change is lost.
func TestOneInstanceReadsForAll(t *testing.T) {
	const interval = 500 * time.Millisecond
	for name, deploy := range deployments {
		t.Run(name, func(t *testing.T) {
			x := newWatched(t)
			env := append(deploy(t), key, "WEBHOOK_SECRET="+webhookSecret, "TEXTER_URL="+x.url, "LOG_LEVEL=warn", "LIVE_INTERVAL="+interval.String())
			one, two := start(t, env), start(t, env)
			first, second := follow(t, one), follow(t, two)
			await(t, first, `"changes":[]`)
			await(t, second, `"changes":[]`)
			for len(x.searched) > 0 {
				<-x.searched
			}
			began := time.Now()
			const readings = 8
			for range readings {
				<-x.searched
			}
			took, failures := time.Since(began), one.metric(t, fails)+two.metric(t, fails)
			if failures == "00" && took < (readings-2)*interval { // on a busy machine, Redis can be late: then both read
				t.Errorf("%d readings in %v", readings, took)
			}
			if a, b := one.metric(t, `live_polls_total{outcome="shared"}`), two.metric(t, `live_polls_total{outcome="shared"}`); a == "0" && b == "0" {
				t.Error("no instance has what another one has read")
			}
			moved := x.change()
			two.webhook(t)
			await(t, first, moved)
			await(t, second, moved)
			one.Kill()
			await(t, second, x.change())
			if log := two.log.String(); strings.Contains(log, "refused: ") {
				t.Errorf("Redis refuses a command: %s", log)
			}
		})
	}
	t.Run("Redis is killed", func(t *testing.T) {
		x, redis := newWatched(t), harness.StartRedis(t)
		env := []string{"REDIS_URL=redis://" + redis.Addr, key, "TEXTER_URL=" + x.url, "LIVE_INTERVAL=" + interval.String()}
		one, two := start(t, env), start(t, env)
		first, second := follow(t, one), follow(t, two)
		await(t, first, `"changes":[]`)
		await(t, second, `"changes":[]`)
		redis.Kill()
		for range 3 {
			moved := x.change()
			await(t, first, moved)
			await(t, second, moved)
		}
		redis.Start()
		one.log.Await(isBack, 1)
		for range 3 {
			moved := x.change()
			await(t, first, moved)
			await(t, second, moved)
		}
	})
}
