package app

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestKeptPages answers a caller again from what was kept, and nobody else.
func TestKeptPages(t *testing.T) {
	for ttl, requests := range map[string]int{"1m": 2, "0": 6} {
		url, headers := startUpstream(t)
		s := start(t, nil, "-texter-url", url, "-cache-ttl", ttl)
		for range 3 {
			for _, caller := range []string{"one", "two"} {
				res, body := s.search(t, "Authorization: Bearer "+caller)
				if !strings.HasPrefix(body, `{"data":{"searchChats":{"totalCount":1}}`) || !strings.HasPrefix(res.Header.Get("Cache-Control"), "private") || !strings.Contains(fmt.Sprint(res.Header["Vary"]), "Authorization") {
					t.Errorf("%s: %v, %s", caller, res.Header, body)
				}
			}
		}
		if len(*headers) != requests {
			t.Errorf("TTL %s: the upstream saw %d requests", ttl, len(*headers))
		}
	}
}

// TestPagesSharedInRedis has one service answer what another has read, and go
// on when Redis is gone.
func TestPagesSharedInRedis(t *testing.T) {
	redis := startRedis(t)
	url, headers := startUpstream(t)
	env := redis.environment()
	ask := func(s *service) {
		t.Helper()
		if _, body := s.search(t, "Authorization: Bearer caller"); !strings.HasPrefix(body, `{"data":{"searchChats":{"totalCount":1}}`) {
			t.Errorf("got %s", body)
		}
	}
	for requests := -1; requests != len(*headers); time.Sleep(20 * time.Millisecond) { // until one needs none
		requests = len(*headers)
		ask(start(t, env, "-texter-url", url, "-cache-ttl", "1m"))
	}
	redis.kill()
	ask(start(t, env, "-texter-url", url, "-cache-ttl", "1m"))
}

// redisServer is a Redis of a test's own, at a socket of its own.
type redisServer struct {
	socket  string
	process *exec.Cmd
}

func startRedis(t *testing.T) *redisServer {
	t.Helper()
	dir, err := os.MkdirTemp("", "redis") // short: the path of a socket is bounded
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	s := &redisServer{socket: filepath.Join(dir, "s")}
	s.process = exec.CommandContext(t.Context(), "redis-server", "--port", "0", "--unixsocket", s.socket, "--dir", dir, "--save", "", "--requirepass", "canary-word")
	if err := s.process.Start(); err != nil {
		t.Fatalf("redis-server is needed: %v", err)
	}
	for _, err := os.Stat(s.socket); err != nil; _, err = os.Stat(s.socket) {
		time.Sleep(10 * time.Millisecond)
	}
	return s
}

func (s *redisServer) kill() {
	_ = s.process.Process.Kill()
	_ = s.process.Wait()
}

// environment has a service use it.
func (s *redisServer) environment() environment {
	return environment{"CACHE_KEY": strings.Repeat("canary-key ", 3), "REDIS_URL": "unix://" + s.socket, "REDIS_PASSWORD": "canary-word"}
}
