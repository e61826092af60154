package instances

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"texter-graphql/test/harness"
)

const (
	key      = "CACHE_KEY=0123456789abcdef0123456789abcdef"
	away     = `"msg":"Redis fails; `
	isBack   = `"msg":"Redis works again"`
	fails    = "redis_failures_total"
	byItself = "rate_limit_local_total"
)

// deployments are the ways in which Redis can run. Each starts one and returns the
// settings for it.
var deployments = map[string]func(t *testing.T) (env []string){
	"one server": func(t *testing.T) []string {
		return []string{"REDIS_URL=redis://" + harness.StartRedis(t).Addr + "/3"}
	},
	"a user and a password": func(t *testing.T) []string {
		r := harness.StartRedis(t, append(strings.Fields("--user me on >secret ~texter-graphql:* &texter-graphql:* +get +set +del +expire +eval +evalsha +time +hmget +hget +hset +hdel +pexpire +subscribe +publish +ping"), "--user", "default", "off")...)
		return []string{"REDIS_URL=redis://me@" + r.Addr, "REDIS_PASSWORD=secret"}
	},
	"TLS with certificates of an own authority": func(t *testing.T) []string {
		a := newAuthority(t)
		certificate, private := a.sign(t)
		r := harness.StartRedisTLS(t, a.file, certificate, private)
		certificate, private = a.sign(t)
		return []string{"REDIS_URL=rediss://" + r.Addr, "REDIS_CA_FILE=" + a.file, "REDIS_CERT_FILE=" + certificate, "REDIS_KEY_FILE=" + private}
	},
	"a cluster": func(t *testing.T) []string {
		var addresses []string
		for _, node := range harness.StartRedisCluster(t) {
			addresses = append(addresses, node.Addr)
		}
		return []string{"REDIS_URL=redis://" + strings.Join(addresses, ",")}
	},
	"a cluster, by one node": func(t *testing.T) []string {
		return []string{"REDIS_URL=redis://" + harness.StartRedisCluster(t)[1].Addr, "REDIS_CLUSTER=true"}
	},
	"Sentinels with passwords": func(t *testing.T) []string {
		master := harness.StartRedis(t, "--requirepass", "secret")
		one := harness.StartSentinel(t, "main", master, "sentinel auth-pass main secret", "requirepass other")
		return []string{
			"REDIS_URL=redis://" + harness.StartSentinel(t, "main", master, "sentinel auth-pass main secret", "requirepass other").Addr + "," + one.Addr + "/2",
			"REDIS_PASSWORD=secret", "REDIS_SENTINEL_MASTER=main", "REDIS_SENTINEL_PASSWORD=other",
		}
	},
}

// load sends requests of one caller to instances, from 4 goroutines each, until done
// says so. It counts those that were let in, and fails for those that were lost.
func load(t *testing.T, done func(sent int64) bool, instances ...program) (passed int64) {
	t.Helper()
	var sent, letIn atomic.Int64
	var senders sync.WaitGroup
	for _, p := range instances {
		for range 4 {
			senders.Go(func() {
				for !done(sent.Add(1)) {
					switch status, _, body := p.search(t, "a", countChats); {
					case status == 200 && found(errorCode, body) == "":
						letIn.Add(1)
					case status != 429 || found(errorCode, body) != "RATE_LIMITED":
						t.Errorf("a request is lost: %d %s", status, body)
					}
				}
			})
		}
	}
	senders.Wait()
	return letIn.Load()
}

// unlessLate does something again if Redis was late for a program, which a busy machine
// does: a few times at most. Each attempt has a key of its own, so that it finds nothing
// of the one before.
func unlessLate(do func(attempt string) []program) {
	for n := range 5 {
		programs := do(fmt.Sprintf("%s%d", key, n))
		if !slices.ContainsFunc(programs, func(p program) bool { return p.log.Count("no response: timeout") > 0 }) {
			return
		}
	}
}

// TestOneLimitForAll: two instances with one Redis let in as many requests of a
// caller as one would, within a tenth. None of this counts as a failure of Redis.
func TestOneLimitForAll(t *testing.T) {
	const perSecond, burst, requests = 100, 200, 4000
	for name, deploy := range deployments {
		t.Run(name, func(t *testing.T) {
			env := append(deploy(t), key, "RATE_LIMIT=100", "RATE_BURST=200", "TEXTER_URL="+newTexter(t).url, "LOG_LEVEL=warn")
			var one, two program
			var passed int64
			var allowed float64
			unlessLate(func(attempt string) []program {
				own := append(slices.Clone(env), attempt)
				one, two = start(t, own), start(t, own)
				began := time.Now()
				passed = load(t, func(sent int64) bool { return sent > requests }, one, two)
				allowed = burst + perSecond*time.Since(began).Seconds()
				return []program{one, two}
			})
			t.Logf("%d of %.0f allowed", passed, allowed)
			if d := float64(passed) - allowed; d > allowed/10 || d < -allowed/10 {
				t.Errorf("%d were let in, %.0f are allowed", passed, allowed)
			}
			for _, p := range []program{one, two} {
				if n, local := p.metric(t, fails), p.metric(t, byItself); n != "0" || local != "0" {
					t.Errorf("Redis failed %s times, %s requests were limited without it: %s", n, local, p.log)
				}
			}
		})
	}
}

// TestSharedPages: what one instance has read, another one finds in Redis. None of
// this counts as a failure of Redis: in a cluster, the keys of a page are in several
// slots.
func TestSharedPages(t *testing.T) {
	for name, deploy := range deployments {
		t.Run(name, func(t *testing.T) {
			x := newTexter(t)
			env := append(deploy(t), key, "CACHE_TTL=1h", "TEXTER_URL="+x.url, "LOG_LEVEL=warn")
			tokens := strings.Split("abcdefghij", "") // so that all nodes of a cluster have some
			var failures, hits []string
			var programs []program
			var calls int64
			unlessLate(func(attempt string) []program {
				failures, hits, programs, calls = nil, nil, nil, x.calls.Load()
				for range 2 {
					p := start(t, append(slices.Clone(env), attempt))
					for _, token := range tokens {
						if _, _, body := p.search(t, token, countChats); found(errorCode, body) != "" {
							t.Error(body)
						}
					}
					failures, hits = append(failures, p.metric(t, fails)), append(hits, p.metric(t, `cache_searches_total{outcome="redis"}`))
					p.stop(t) // which saves the pages
					programs = append(programs, p)
				}
				return programs
			})
			if !slices.Equal(hits, []string{"0", "10"}) || !slices.Equal(failures, []string{"0", "0"}) {
				t.Errorf("the instances had %s pages from Redis, which failed %s times: %s %s", hits, failures, programs[0].log, programs[1].log)
			}
			if calls = x.calls.Load() - calls; calls != 10 {
				t.Errorf("Texter got %d calls", calls)
			}
		})
	}
}

// TestRedisDies: no request is lost when Redis dies, is away, and comes back. Each
// instance says once that it fails, and once that it works again.
func TestRedisDies(t *testing.T) {
	r := harness.StartRedis(t)
	env := []string{"REDIS_URL=redis://" + r.Addr, "RATE_LIMIT=1000000", "RATE_BURST=100000", "TEXTER_URL=" + newTexter(t).url}
	var one, two program
	var passed int64
	unlessLate(func(attempt string) []program {
		own := append(slices.Clone(env), attempt)
		one, two = start(t, own), start(t, own)
		passed = load(t, func(sent int64) bool {
			switch {
			case sent == 500:
				r.Kill()
			case sent == 3000:
				r.Start()
			}
			return sent > 5000 && one.log.Count(isBack) > 0 && two.log.Count(isBack) > 0
		}, one, two)
		return []program{one, two}
	})
	t.Logf("%d requests, of which %s and %s were limited without Redis", passed, one.metric(t, byItself), two.metric(t, byItself))
	for _, p := range []program{one, two} {
		if p.metric(t, byItself) == "0" || p.metric(t, fails) == "0" || p.log.Count(away) != 1 || p.log.Count(isBack) != 1 {
			t.Errorf("limited without Redis: %s; failures: %s; log: %s", p.metric(t, byItself), p.metric(t, fails), p.log)
		}
	}
}

// TestFailover: no request is lost when the master dies and a replica takes over, and
// Redis is used again then.
func TestFailover(t *testing.T) {
	master := harness.StartRedis(t)
	host, port, _ := strings.Cut(master.Addr, ":")
	harness.StartRedis(t, "--replicaof", host+" "+port)
	sentinel := harness.StartSentinel(t, "main", master)
	sentinel.AwaitReplica("main")
	x := newTexter(t)
	env := []string{
		"REDIS_URL=redis://" + sentinel.Addr, "REDIS_SENTINEL_MASTER=main", key, "CACHE_TTL=1ms", "RATE_LIMIT=1000000", "RATE_BURST=100000", "TEXTER_URL=" + x.url,
	}
	p := start(t, env)
	load(t, func(sent int64) bool {
		if sent == 200 {
			master.Kill()
		}
		return sent > 2000 && p.log.Count(isBack) >= 2 // for pages, and for rate limits
	}, p)
	if p.log.Count(away) < 2 {
		t.Error("Redis did not fail")
	}
}

// TestUntrustedRedis: a Redis whose certificate is of another authority is not used,
// and the log says why.
func TestUntrustedRedis(t *testing.T) {
	a := newAuthority(t)
	certificate, private := a.sign(t)
	r := harness.StartRedisTLS(t, a.file, certificate, private)
	p := start(t, []string{"REDIS_URL=rediss://" + r.Addr, "REDIS_CA_FILE=" + newAuthority(t).file, key, "CACHE_TTL=1h", "TEXTER_URL=" + newTexter(t).url})
	if _, _, body := p.search(t, "a", countChats); found(errorCode, body) != "" {
		t.Error(body)
	}
	p.stop(t)
	if p.log.Count(`"error":"no response: certificate"`) != 1 {
		t.Error(p.log)
	}
}
