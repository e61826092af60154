package load

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"texter-graphql/graph/live"
	"texter-graphql/test/harness"
	"texter-graphql/texter/sandbox"
)

var (
	viewers = flag.Int("viewers", 500, "how many viewers TestViewers has")
	lists   = flag.Int("lists", 25, "how many lists they watch")
	changes = flag.Int("changes", 100, "how many changes they see, one after another")
	sse     = flag.Bool("sse", false, "whether they watch by server-sent events, and not by WebSocket")
	bursts  = flag.Int("bursts", 3, "how often all lists change at once")
)

const webhookSecret = "a secret of the test"

// TestViewers has many viewers of many lists. A WebSocket takes one goroutine, and an
// event stream two. Each change of a chat is told by a webhook, and reaches all viewers
// of its list. The figures are logged: what a viewer takes, and how long a change takes
// to the last viewer.
func TestViewers(t *testing.T) {
	x := newExhibition(t, "-live-polls", "10")
	most := *viewers + *lists + 100
	if *sse {
		most += *viewers
	}
	if more := x.taken.goroutines; more > most {
		t.Errorf("%d viewers take %d goroutines", *viewers, more)
	}
	requests := x.inbox.Requests()
	var delays []time.Duration
	for i := range *changes {
		delays = append(delays, x.change(t, i%*lists))
	}
	slices.Sort(delays)
	t.Logf("webhook to the last viewer: p50 %v, p99 %v, longest %v; %d polls for %d changes",
		delays[len(delays)/2], delays[len(delays)*99/100], delays[len(delays)-1], x.inbox.Requests()-requests, *changes)
	requests = x.inbox.Requests()
	begin := time.Now()
	for time.Since(begin) < idle() {
		time.Sleep(time.Second)
	}
	t.Logf("idle: %.2f polls a second", float64(x.inbox.Requests()-requests)/time.Since(begin).Seconds())
}

// idle is how long the polls of an idle inbox are counted.
func idle() time.Duration {
	if *viewers < 10_000 {
		return 0
	}
	return time.Minute
}

// TestBursts has all lists change at once, again and again. Each viewer gets each
// change once. What a delivery costs is logged.
func TestBursts(t *testing.T) {
	x := newExhibition(t, "-live-polls", "1000", "-live-interval", "500ms")
	cpu := x.program.cpu(t)
	for range *bursts {
		var group sync.WaitGroup
		for list := range *lists {
			group.Go(func() { x.change(t, list) })
		}
		group.Wait()
	}
	deliveries := x.audience.deliveries.Load()
	t.Logf("%d deliveries, %.0f for each second of CPU", deliveries, float64(deliveries)/(x.program.cpu(t)-cpu).Seconds())
	if want := int64(*bursts * *viewers); deliveries != want {
		t.Errorf("%d deliveries, want %d", deliveries, want)
	}
}

// TestRestart ends the service, changes each list, and starts it again. All viewers come
// back to where they were, get the change, and cost at most two calls for each list. How
// long that takes is logged.
func TestRestart(t *testing.T) {
	x := newExhibition(t)
	if err := x.program.Stop(); err != nil {
		t.Fatal(err)
	}
	var changed []<-chan struct{}
	for list := range *lists {
		_, done := x.move(list)
		changed = append(changed, done)
	}
	requests := x.inbox.Requests()
	x.program = service(t, x)
	begin := time.Now()
	x.audience.watch(t, x.program)
	for list, done := range changed {
		x.await(t, list, done)
	}
	calls := x.inbox.Requests() - requests
	t.Logf("all %d viewers are back after %v, with %d calls for %d lists", *viewers, time.Since(begin), calls, *lists)
	if calls > 2**lists && time.Since(begin) < live.DefaultInterval {
		t.Errorf("%d calls for %d lists", calls, *lists)
	}
}

// TestBesideGqlgen has the same viewers at the service, and at a server with gqlgen's
// executor and its WebSocket transport. Both read all lists at the same interval. What
// each takes is logged.
func TestBesideGqlgen(t *testing.T) {
	for name, start := range map[string]func(*testing.T, *exhibition) program{"the service": service, "gqlgen": plain} {
		t.Run(name, func(t *testing.T) { follow(t, start) })
	}
}

// follow has all lists change, again and again, at a server that reads them.
func follow(t *testing.T, start func(*testing.T, *exhibition) program) {
	x := newExhibitionAt(t, start, "-live-interval", "500ms", "-live-polls", "1000")
	cpu := x.program.cpu(t)
	for range *bursts {
		var all []<-chan struct{}
		for list := range *lists {
			_, done := x.move(list)
			all = append(all, done)
		}
		for list, done := range all {
			x.await(t, list, done)
		}
	}
	used := x.program.cpu(t) - cpu
	t.Logf("%d deliveries, %.0f for each second of CPU", x.audience.deliveries.Load(), float64(x.audience.deliveries.Load())/used.Seconds())
}

// service starts the service.
func service(t *testing.T, x *exhibition) program {
	t.Helper()
	most := fmt.Sprint(*viewers + 10)
	return startWith(t, []string{"WEBHOOK_SECRET=" + webhookSecret},
		append(slices.Clone(x.flags), "-texter-url", x.url, "-admin-addr", "127.0.0.1:0", "-max-subscriptions", most, "-max-subscriptions-per-caller", most)...)
}

// plain starts a server in the way of gqlgen's documentation.
func plain(t *testing.T, x *exhibition) program {
	t.Helper()
	path := filepath.Join(t.TempDir(), "plain")
	if err := harness.Build(t.Context(), path, "texter-graphql/test/bench/plain"); err != nil {
		t.Fatal(err)
	}
	return program{harness.Start(t, harness.Command{Path: path, Args: append(slices.Clone(x.flags), "-texter-url", x.url), Log: os.Stderr})}
}

// exhibition is a service whose lists have viewers.
type exhibition struct {
	inbox    *sandbox.Server
	chats    [][]string // of each list, the one that moves next is first
	url      string     // of the inbox
	flags    []string
	program  program
	audience *audience
	taken    state // by the viewers
}

func newExhibition(t *testing.T, flags ...string) *exhibition {
	t.Helper()
	return newExhibitionAt(t, service, flags...)
}

func newExhibitionAt(t *testing.T, start func(*testing.T, *exhibition) program, flags ...string) *exhibition {
	t.Helper()
	x := &exhibition{flags: flags, inbox: sandbox.New(sandbox.Options{Chats: 50 * *lists})}
	x.chats = make([][]string, *lists)
	for i, chat := range slices.Backward(x.inbox.Chats()) {
		list := i % *lists
		x.inbox.Edit(chat.ID, func(c *sandbox.Chat) { c.Labels = []string{label(list)} })
		if chat.LastMessageTimestamp != nil {
			x.chats[list] = append(x.chats[list], chat.ID)
		}
	}
	server := httptest.NewServer(x.inbox)
	t.Cleanup(server.Close)
	x.url = server.URL + sandbox.BasePath
	x.program = start(t, x)
	base := x.program.settled(t)
	x.audience = newAudience(t, x.program)
	full := x.program.settled(t)
	x.taken = state{full.megabytes - base.megabytes, full.resident - base.resident, full.goroutines - base.goroutines}
	t.Logf("%d viewers of %d lists: %.1f MB above %.1f MB (resident: %d above %d), %d goroutines above %d",
		*viewers, *lists, x.taken.megabytes, base.megabytes, x.taken.resident, base.resident, x.taken.goroutines, base.goroutines)
	return x
}

func label(i int) string { return fmt.Sprintf("label-%d", i) }

// state is what the service takes.
type state struct {
	megabytes  float64 // that are live: of the heap and the stacks
	resident   int64   // in MB
	goroutines int
}

// settled returns what the service takes after a collection.
func (p program) settled(t *testing.T) state {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+p.Addr("Admin")+"/debug/pprof/heap?gc=1&debug=0", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	metrics, err := p.Metrics(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	bytes := 0.0
	for _, name := range []string{"heap_alloc", "stack_inuse"} {
		found := regexp.MustCompile(`(?m)^go_memstats_` + name + `_bytes (\S+)$`).FindStringSubmatch(metrics)
		if found == nil {
			t.Fatalf("no metric of %s", name)
		}
		n, _ := strconv.ParseFloat(found[1], 64) // a metric is a number
		bytes += n
	}
	resident, _ := p.memory(t)
	return state{bytes / 1e6, resident, p.goroutines(t)}
}

// cpu returns the processor time that the service has taken.
func (p program) cpu(t *testing.T) time.Duration {
	t.Helper()
	used, err := p.CPUTime()
	if err != nil {
		t.Error(err)
	}
	return used
}
