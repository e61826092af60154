package app

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestKeptPages(t *testing.T) {
	for ttl, requests := range map[string]int{"1m": 2, "0": 6} {
		t.Run(fmt.Sprintf("with a TTL of %s, three searches of two callers are %d requests", ttl, requests), func(t *testing.T) {
			url, headers := startTexter(t)
			s := start(t, nil, "-texter-url", url, "-cache-ttl", ttl)
			for range 3 {
				for _, caller := range []string{"one", "two"} {
					res, body := s.search(t, "Authorization: Bearer "+caller)
					if !strings.HasPrefix(body, oneChatCounted) || !strings.HasPrefix(res.Header.Get("Cache-Control"), "private") || !strings.Contains(fmt.Sprint(res.Header["Vary"]), "Authorization") {
						t.Errorf("%s: %v, %s", caller, res.Header, body)
					}
				}
			}
			if len(*headers) != requests {
				t.Errorf("Texter got %d requests", len(*headers))
			}
		})
	}
}

func TestRedis(t *testing.T) {
	redis := startRedis(t)
	url, headers := startTexter(t)
	search := func(t *testing.T) {
		t.Helper()
		s := start(t, redis.environment(), "-texter-url", url, "-cache-ttl", "1m")
		if _, body := s.search(t, "Authorization: Bearer caller"); !strings.HasPrefix(body, oneChatCounted) {
			t.Errorf("got %s", body)
		}
		s.end(t) // which waits until its pages are saved
	}
	t.Run("a service answers with the page that another has saved", func(t *testing.T) {
		search(t)
		search(t)
		if len(*headers) != 1 {
			t.Errorf("Texter got %d requests", len(*headers))
		}
	})
	t.Run("a service answers without Redis", func(t *testing.T) {
		redis.kill()
		search(t)
	})
}

// redisServer is a Redis that listens on a socket of its own.
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
	s.process = exec.Command("redis-server", "--port", "0", "--unixsocket", s.socket, "--dir", dir, "--save", "", "--requirepass", "canary-word")
	stdout, err := s.process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.process.Start(); err != nil {
		t.Fatalf("redis-server is needed: %v", err)
	}
	t.Cleanup(s.kill)
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if strings.Contains(strings.ToLower(lines.Text()), "ready to accept connections") {
			go func() { _, _ = io.Copy(io.Discard, stdout) }() // until it is killed
			return s
		}
	}
	t.Fatal("redis-server ended before it listened")
	return nil
}

func (s *redisServer) kill() {
	_ = s.process.Process.Kill()
	_ = s.process.Wait()
}

// environment are the settings for a service that uses this Redis.
func (s *redisServer) environment() environment {
	return environment{"CACHE_KEY": strings.Repeat("canary-key ", 3), "REDIS_URL": "unix://" + s.socket, "REDIS_PASSWORD": "canary-word"}
}
