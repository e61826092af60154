package cache_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"texter-graphql/texter/cache"
)

// redisServer is a Redis of a test's own, at a socket of its own, which keeps
// nothing on disk.
type redisServer struct {
	t       *testing.T
	socket  string
	args    []string
	process *exec.Cmd
	client  *redis.Client // beside the service, to look at what it does
}

// startRedis needs redis-server, a package of Debian.
func startRedis(t *testing.T, args ...string) *redisServer {
	t.Helper()
	dir, err := os.MkdirTemp("", "redis") // short: the path of a socket is bounded
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	s := &redisServer{t: t, socket: filepath.Join(dir, "s"), args: args}
	s.client = redis.NewClient(&redis.Options{Network: "unix", Addr: s.socket})
	s.start()
	t.Cleanup(s.kill)
	return s
}

func (s *redisServer) start() {
	s.t.Helper()
	s.process = exec.Command("redis-server", append([]string{
		"--port", "0", "--unixsocket", s.socket, "--dir", filepath.Dir(s.socket), "--save", "", "--appendonly", "no",
	}, s.args...)...)
	if err := s.process.Start(); err != nil {
		s.t.Fatalf("redis-server is needed: %v", err)
	}
	for err := s.client.Ping(s.t.Context()).Err(); err != nil && !strings.HasPrefix(err.Error(), "NOAUTH"); err = s.client.Ping(s.t.Context()).Err() {
		if s.t.Context().Err() != nil {
			s.t.Fatal(err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func (s *redisServer) kill() {
	_ = s.process.Process.Kill()
	_ = s.process.Wait()
}

// freeze has it take requests and not answer; thaw lets it go on.
func (s *redisServer) freeze() { _ = s.process.Process.Signal(syscall.SIGSTOP) }
func (s *redisServer) thaw()   { _ = s.process.Process.Signal(syscall.SIGCONT) }

const sharedKey = "0123456789abcdef0123456789abcdef"

// share has a cache use it.
func (s *redisServer) share(o *cache.Options) {
	o.TTL, o.Redis = time.Hour, &cache.RedisOptions{URL: "unix://" + s.socket, Key: sharedKey}
}

// values are all that it has, by name.
func (s *redisServer) values() map[string]string {
	s.t.Helper()
	values := map[string]string{}
	for _, name := range s.client.Keys(s.t.Context(), "*").Val() {
		values[name] = s.client.Get(s.t.Context(), name).Val()
	}
	return values
}

const pagePrefix = "texter-graphql:page:"

// untilPages returns when it has n pages: they are saved after callers have
// their answers.
func (s *redisServer) untilPages(n int) {
	s.t.Helper()
	for {
		pages := len(s.client.Keys(s.t.Context(), pagePrefix+"*").Val())
		if pages == n {
			return
		}
		if s.t.Context().Err() != nil {
			s.t.Fatalf("%d pages", pages)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// failures collects what a cache says of Redis.
func failures(o *cache.Options) <-chan error {
	told := make(chan error, 100)
	o.Redis.Failed = func(_ context.Context, err error) { told <- err }
	return told
}
