package cache_test

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"texter-graphql/internal/redisclient"
	"texter-graphql/texter/cache"
)

// redisServer is a Redis for one test. It listens on a socket of its own, and
// keeps nothing on disk.
type redisServer struct {
	t       *testing.T
	socket  string
	args    []string
	process *exec.Cmd
	client  *redis.Client // the test's, beside those of the caches
	clients []*redisclient.Client
}

// startRedis starts redis-server, which is a package of Debian.
func startRedis(t *testing.T, args ...string) *redisServer {
	t.Helper()
	dir, err := os.MkdirTemp("", "redis") // t.TempDir is too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	s := &redisServer{t: t, socket: filepath.Join(dir, "s"), args: args}
	s.client = redis.NewClient(&redis.Options{
		Network: "unix", Addr: s.socket,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}, // it has goroutines
	})
	t.Cleanup(func() { _ = s.client.Close() })
	s.start()
	t.Cleanup(s.kill)
	return s
}

// start returns when the server listens.
func (s *redisServer) start() {
	s.t.Helper()
	s.process = exec.Command("redis-server", append([]string{
		"--port", "0", "--unixsocket", s.socket, "--dir", filepath.Dir(s.socket), "--save", "", "--appendonly", "no", "--logfile", "",
	}, s.args...)...)
	output, err := s.process.StdoutPipe()
	if err == nil {
		err = s.process.Start()
	}
	if err != nil {
		s.t.Fatalf("redis-server is needed: %v", err)
	}
	for lines := bufio.NewScanner(output); ; {
		if !lines.Scan() {
			s.t.Fatalf("redis-server does not start: %v", s.process.Wait())
		}
		if strings.Contains(lines.Text(), "ready to accept connections") {
			break
		}
	}
	go func() { _, _ = io.Copy(io.Discard, output) }() // until the server ends
}

func (s *redisServer) kill() {
	_ = s.process.Process.Kill()
	_ = s.process.Wait()
}

// freeze makes the server take commands and answer none, until thaw.
func (s *redisServer) freeze() { _ = s.process.Process.Signal(syscall.SIGSTOP) }
func (s *redisServer) thaw()   { _ = s.process.Process.Signal(syscall.SIGCONT) }

// keyed is the Key of options for a key that does not change.
func keyed(key string) func() string { return func() string { return key } }

const redisKey = "0123456789abcdef0123456789abcdef"

// share makes a cache use the server. The cache waits so long for it that it
// loses nothing on a busy machine.
func (s *redisServer) share(o *cache.Options) {
	s.shareWith(redisclient.Options{Timeout: time.Hour})(o)
}

// shareWith makes a cache use the server by a client with these options, whose URL
// is that of the server.
func (s *redisServer) shareWith(c redisclient.Options) func(*cache.Options) {
	return func(o *cache.Options) {
		c.URL = "unix://" + s.socket
		client := newRedisClient(s.t, c)
		s.clients = append(s.clients, client)
		o.TTL, o.Redis = time.Hour, &cache.RedisOptions{Client: client, Key: keyed(redisKey)}
	}
}

// newRedisClient makes a client for a test.
func newRedisClient(t *testing.T, o redisclient.Options) *redisclient.Client {
	t.Helper()
	client, err := redisclient.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

// disconnect closes the clients of all caches.
func (s *redisServer) disconnect() {
	for _, client := range s.clients {
		client.Close()
	}
}

// values returns all values in the server, by name.
func (s *redisServer) values() map[string]string {
	s.t.Helper()
	values := map[string]string{}
	for _, name := range s.client.Keys(s.t.Context(), "*").Val() {
		values[name] = s.client.Get(s.t.Context(), name).Val()
	}
	return values
}

// pages returns the pages in the server, by name.
func (s *redisServer) pages() map[string]string {
	s.t.Helper()
	pages := s.values()
	for name := range pages {
		if !strings.HasPrefix(name, "texter-graphql:page:") {
			delete(pages, name)
		}
	}
	return pages
}

// connections returns how many clients are connected.
func (s *redisServer) connections() int {
	s.t.Helper()
	list, err := s.client.ClientList(s.t.Context()).Result()
	if err != nil {
		s.t.Fatal(err)
	}
	return strings.Count(list, "\n")
}

// reports returns what a cache reports about the server.
func reports(o *cache.Options) <-chan error {
	errs := make(chan error, 100)
	o.Redis.Changed = func(_ context.Context, err error) { errs <- err }
	return errs
}
