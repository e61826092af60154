package main

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
	dir, err := os.MkdirTemp("", "redis") // short: the path of a socket is bounded
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	socket := filepath.Join(dir, "s")
	redis := exec.CommandContext(t.Context(), "redis-server", "--port", "0", "--unixsocket", socket, "--dir", dir, "--save", "", "--requirepass", "canary-word")
	if err := redis.Start(); err != nil {
		t.Fatalf("redis-server is needed: %v", err)
	}
	for _, err := os.Stat(socket); err != nil; _, err = os.Stat(socket) {
		time.Sleep(10 * time.Millisecond)
	}
	url, headers := startUpstream(t)
	env := environment{"CACHE_KEY": strings.Repeat("canary-key ", 3), "REDIS_URL": "unix://" + socket, "REDIS_PASSWORD": "canary-word"}
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
	_ = redis.Process.Kill()
	_ = redis.Wait()
	ask(start(t, env, "-texter-url", url, "-cache-ttl", "1m"))
}
