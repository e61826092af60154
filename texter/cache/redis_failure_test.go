package cache_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"texter-graphql/internal/redisclient"
	"texter-graphql/texter"
	"texter-graphql/texter/cache"
	"texter-graphql/texter/sandbox"
)

// TestRedisFails holds that searches succeed without Redis, and that the reason
// is reported.
func TestRedisFails(t *testing.T) {
	locked := []string{"--requirepass", "canary-password"}
	password := func(word string) func() string { return func() string { return word } }
	for name, test := range map[string]struct {
		args []string
		with redisclient.Options
		fail func(r *redisServer)
		want string // the report, "" for none
	}{
		"dead":                    {nil, redisclient.Options{Timeout: time.Hour}, (*redisServer).kill, "no response: refused"},
		"frozen":                  {nil, redisclient.Options{Timeout: 50 * time.Millisecond}, (*redisServer).freeze, "no response: timeout"},
		"without a password":      {locked, redisclient.Options{Timeout: time.Hour}, nil, "refused: NOAUTH"},
		"with a wrong password":   {locked, redisclient.Options{Timeout: time.Hour, Password: password("canary")}, nil, "refused: WRONGPASS"},
		"with the right password": {locked, redisclient.Options{Timeout: time.Hour, Password: password("canary-password")}, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := startRedis(t, test.args...)
			var errs <-chan error
			i := newInstance(t, r.shareWith(test.with), func(o *cache.Options) { errs = reports(o) })
			if test.fail != nil {
				test.fail(r)
			}
			for limit := range 5 {
				i.expect("a", texter.SearchOptions{Limit: 1 + limit}, cache.Miss)
			}
			i.WaitForSaves()
			if test.want == "" {
				if len(errs) != 0 {
					t.Errorf("the report is %v", <-errs)
				}
			} else if err := <-errs; err.Error() != test.want {
				t.Errorf("the report is %v", err)
			}
		})
	}
}

// TestStrangeAnswersOfRedis holds that searches succeed whatever stands in for
// Redis answers when it is asked for a page.
func TestStrangeAnswersOfRedis(t *testing.T) {
	for _, answer := range []string{"*0\r\n", "*1\r\n$-1\r\n", "*3\r\n$-1\r\n$-1\r\n$-1\r\n", "*2\r\n*0\r\n*0\r\n", "*2\r\n:1\r\n:2\r\n", "*-1\r\n", "$-1\r\n", "+OK\r\n", ":0\r\n", "_\r\n", "%0\r\n", "-ERR\r\n", "canary\r\n", "*2\r\n$-1\r\n$4\r\npage\r\n"} {
		t.Run(fmt.Sprintf("%q", answer), func(t *testing.T) {
			url := answerAsRedis(t, answer)
			i := newInstance(t, func(o *cache.Options) {
				o.Redis = &cache.RedisOptions{Client: newRedisClient(t, redisclient.Options{URL: url}), Key: keyed(redisKey)}
			})
			i.expect("a", firstPage, cache.Miss)
			i.expect("a", firstPage, cache.Hit)
			i.WaitForSaves()
		})
	}
}

// answerAsRedis answers every GET with these bytes, and all other commands with
// OK. It returns the URL.
func answerAsRedis(t *testing.T, answer string) (url string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	serve := func(c net.Conn) {
		defer c.Close()
		for lines := bufio.NewScanner(c); lines.Scan(); {
			switch strings.ToUpper(lines.Text()) {
			case "HELLO":
				_, _ = io.WriteString(c, "-ERR unknown command\r\n")
			case "SET", "EXPIRE":
				_, _ = io.WriteString(c, "+OK\r\n")
			case "GET":
				_, _ = io.WriteString(c, answer)
			}
		}
	}
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			go serve(c)
		}
	}()
	return "redis://" + listener.Addr().String()
}

// TestOutputWithoutRedis holds that the client of Redis prints nothing when Redis
// fails: it would print addresses. It runs the test above in another process.
func TestOutputWithoutRedis(t *testing.T) {
	output, err := exec.Command(os.Args[0], "-test.run", "^TestRedisFails$").CombinedOutput()
	if err != nil || strings.Contains(string(output), "redis:") {
		t.Errorf("%v: it printed %s", err, output)
	}
}

// TestRedisUnderLoad holds that no search is lost when Redis dies, comes back
// and freezes, and that Redis is used again.
func TestRedisUnderLoad(t *testing.T) {
	r := startRedis(t)
	i := newInstance(t, r.shareWith(redisclient.Options{}), func(o *cache.Options) { o.MaxBytes = 1 }) // so that all searches ask Redis
	stop, done := make(chan struct{}), make(chan struct{})
	var callers sync.WaitGroup
	for n := range 8 {
		callers.Go(func() {
			for {
				if _, err := i.SearchChats(as(t, []string{"a", "b"}[n%2]), firstPage); err != nil {
					t.Error(err)
				}
				select {
				case <-stop:
					return
				case done <- struct{}{}:
				}
			}
		})
	}
	some := func() {
		for range 200 {
			<-done
		}
	}
	some()
	r.kill()
	some()
	r.start()
	for had := i.outcomes.count(cache.Redis); i.outcomes.count(cache.Redis) == had; {
		<-done
	}
	r.freeze()
	some()
	r.thaw()
	some()
	close(stop)
	callers.Wait()
}

// TestCloseSaves holds that Close saves pages before it disconnects, and that
// nothing is left of the client then.
func TestCloseSaves(t *testing.T) {
	t.Run("pages are saved before it disconnects", func(t *testing.T) {
		r, upstream := startRedis(t), sandbox.New(sandbox.Options{Chats: 40})
		for skip := range 20 {
			i := newInstanceOf(t, upstream, r.share)
			i.page("a", texter.SearchOptions{Skip: skip})
			if err := i.Close(t.Context()); err != nil {
				t.Error(err)
			}
		}
		r.disconnect()
		if n := len(r.pages()); n != 20 {
			t.Errorf("%d of 20 pages are saved", n)
		}
		if n := r.connections(); n != 1 {
			t.Errorf("there are %d connections, want the test's", n)
		}
		stacks := make([]byte, 1<<20)
		stacks = stacks[:runtime.Stack(stacks, true)]
		if bytes.Contains(stacks, []byte("go-redis")) {
			t.Errorf("goroutines are left:\n%s", stacks)
		}
	})
}

// TestRedisAfterClose holds that a closed cache tells nobody of Redis: it is about to be
// closed too.
func TestRedisAfterClose(t *testing.T) {
	r := startRedis(t)
	var errs <-chan error
	i := newInstance(t, r.share, func(o *cache.Options) { errs = reports(o) })
	if err := i.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.kill()
	i.expect("a", firstPage, cache.Miss)
	if len(errs) != 0 {
		t.Errorf("the report is %v", <-errs)
	}
}

// TestCloseCutsSaves holds that Close does not wait for Redis for longer than its
// context.
func TestCloseCutsSaves(t *testing.T) {
	t.Run("a save that takes too long is cut, and is no failure of Redis", func(t *testing.T) {
		r := startRedis(t)
		var errs <-chan error
		i := newInstance(t, r.shareWith(redisclient.Options{}), func(o *cache.Options) { errs = reports(o) })
		i.upstream.Intercept(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
				r.freeze() // after the search has looked there
				next.ServeHTTP(w, req)
			})
		})
		i.page("a", firstPage)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := i.Close(ctx); !errors.Is(err, context.Canceled) { // or it takes an hour
			t.Errorf("it returned %v", err)
		}
		if len(errs) != 0 {
			t.Errorf("the report is %v", <-errs)
		}
		i.expect("a", firstPage, cache.Miss)
		if len(errs) != 0 {
			t.Errorf("after Close, the report is %v", <-errs)
		}
	})
}

// TestRedisKey holds that New takes no key that is short, and does not quote it.
func TestRedisKey(t *testing.T) {
	client := newRedisClient(t, redisclient.Options{URL: "redis://host"})
	for key, ok := range map[string]bool{redisKey: true, redisKey[1:]: false, "": false} {
		t.Run(fmt.Sprintf("%d bytes", len(key)), func(t *testing.T) {
			c, err := cache.New(cache.Options{TTL: 1, Redis: &cache.RedisOptions{Client: client, Key: keyed(key)}})
			if (err == nil) != ok || err != nil && key != "" && strings.Contains(err.Error(), key) {
				t.Fatalf("got %v", err)
			}
			if err == nil && c.Close(t.Context()) != nil {
				t.Error("it does not close")
			}
		})
	}
}
