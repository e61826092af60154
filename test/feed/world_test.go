// Package feed follows lists through random histories: two instances of the built
// service, and viewers over SSE and WebSocket. What the viewers have is compared with
// the inbox itself.
package feed

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"texter-graphql/test/harness"
	"texter-graphql/texter/sandbox"
)

func TestMain(m *testing.M) { os.Exit(harness.RunTests(m)) }

const (
	// interval is how often the instances read a list.
	interval = 500 * time.Millisecond
	// window is how many chats of a list the instances watch.
	window = 12
	// secret is what webhooks bring.
	secret = "the secret of the webhooks"
)

// world is two instances of the service, and the inboxes behind them.
type world struct {
	t         *testing.T
	texter    *httptest.Server
	restarts  sync.Mutex // so that one instance is there
	instances [2]*instance
	redis     *harness.Redis // nil if the instances have none in common
	inboxes   sync.Map       // of *inbox, by the token that reads it
}

// inbox is a sandbox that tells of the searches in it.
type inbox struct {
	*sandbox.Server
	searched chan struct{} // holds one
}

// instance is a place where the service runs. It keeps its address when it is killed
// and started again.
type instance struct {
	addr    string
	process *harness.Process
}

func newWorld(t *testing.T, hasRedis bool) *world {
	t.Helper()
	w := &world{t: t}
	if hasRedis {
		w.redis = harness.StartRedis(t)
	}
	w.texter = httptest.NewServer(w)
	t.Cleanup(w.texter.Close)
	for i := range w.instances {
		w.instances[i] = &instance{addr: "127.0.0.1:0"}
		w.start(w.instances[i])
		w.instances[i].addr = w.instances[i].process.Addr("GraphQL")
	}
	return w
}

// ServeHTTP implements http.Handler: each token has an inbox of its own.
func (w *world) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	found, ok := w.inboxes.Load(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
	if !ok {
		rw.WriteHeader(http.StatusUnauthorized)
		return
	}
	box := found.(*inbox)
	box.ServeHTTP(rw, r)
	select {
	case box.searched <- struct{}{}:
	default:
	}
}

func (w *world) start(i *instance) {
	w.t.Helper()
	env := []string{"WEBHOOK_SECRET=" + secret}
	if w.redis != nil {
		env = append(env, "REDIS_URL=redis://"+w.redis.Addr, "CACHE_KEY=0123456789abcdef0123456789abcdef")
	}
	i.process = harness.Start(w.t, harness.Command{
		Env:  env,
		Args: []string{"-addr", i.addr, "-texter-url", w.texter.URL + sandbox.BasePath, "-live-interval", interval.String(), "-live-window", strconv.Itoa(window)},
	})
}

// restartRedis kills the Redis that the instances have in common, and starts it again.
func (w *world) restartRedis() {
	w.restarts.Lock()
	defer w.restarts.Unlock()
	w.redis.Kill()
	w.redis.Start()
}

// restart kills an instance, and starts another one at its address.
func (w *world) restart(n int) {
	w.restarts.Lock()
	defer w.restarts.Unlock()
	i := w.instances[n]
	i.process.Kill()
	w.start(i)
}

// url returns the address of an instance, by its number.
func (w *world) url(n int) string { return "http://" + w.instances[n].addr }
