package instances

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"texter-graphql/test/harness"
)

// secretFile is a file with a secret.
type secretFile string

// newSecretFile writes a secret to a file.
func newSecretFile(t *testing.T, content string) secretFile {
	t.Helper()
	f := secretFile(filepath.Join(t.TempDir(), "secret"))
	f.replace(t, content)
	return f
}

// replace replaces the file in one step.
func (f secretFile) replace(t *testing.T, content string) {
	t.Helper()
	next := string(f) + ".new"
	if err := os.WriteFile(next, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(next, string(f)); err != nil {
		t.Fatal(err)
	}
}

// replaceBy replaces a file by the content of another one.
func replaceBy(t *testing.T, path, other string) {
	t.Helper()
	content, err := os.ReadFile(other)
	if err != nil {
		t.Fatal(err)
	}
	secretFile(path).replace(t, string(content))
}

// awaitRedis sends requests until one is counted in Redis. Each connection that was
// cut is a failure at most; more of them mean that Redis lets nobody in.
func (p program) awaitRedis(t *testing.T) {
	t.Helper()
	before, _ := strconv.Atoi(p.metric(t, fails))
	for {
		alone := p.metric(t, byItself)
		if status, _, body := p.search(t, "a", countChats); status != 200 || found(errorCode, body) != "" {
			t.Fatalf("a request is lost: %d %s", status, body)
		}
		if p.metric(t, byItself) == alone {
			return
		}
		if now, _ := strconv.Atoi(p.metric(t, fails)); now > before+3 {
			t.Fatalf("Redis is not used: %s", p.log)
		}
	}
}

const reloaded = `"msg":"secret reloaded","setting":"`

// TestSecretsOfRedisAreTurned changes what lets a running service into Redis, and cuts
// its connections. It connects again with what is in the files now.
func TestSecretsOfRedisAreTurned(t *testing.T) {
	for name, deploy := range map[string]func(t *testing.T) (env []string, turn func(program)){
		"the password": func(t *testing.T) ([]string, func(program)) {
			r, password := harness.StartRedis(t, "--requirepass", "canary-one"), newSecretFile(t, "canary-one\n")
			return []string{"REDIS_URL=redis://" + r.Addr, "REDIS_PASSWORD_FILE=" + string(password)}, func(p program) {
				r.Do("-a", "canary-one", "config", "set", "requirepass", "canary-two")
				password.replace(t, "canary-two\n")
				p.log.Await(reloaded+`REDIS_PASSWORD_FILE"`, 1)
				r.Do("-a", "canary-two", "client", "kill", "type", "normal")
			}
		},
		"the certificates, by those of another authority": func(t *testing.T) ([]string, func(program)) {
			a := newAuthority(t)
			serverCert, serverKey := a.sign(t)
			cert, key := a.sign(t)
			r := harness.StartRedisTLS(t, a.file, serverCert, serverKey)
			return []string{"REDIS_URL=rediss://" + r.Addr, "REDIS_CA_FILE=" + a.file, "REDIS_CERT_FILE=" + cert, "REDIS_KEY_FILE=" + key}, func(p program) {
				b := newAuthority(t)
				newServerCert, newServerKey := b.sign(t)
				newCert, newKey := b.sign(t)
				for path, other := range map[string]string{a.file: b.file, serverCert: newServerCert, serverKey: newServerKey, cert: newCert, key: newKey} {
					replaceBy(t, path, other)
				}
				p.log.Await(reloaded+`redis-ca-file"`, 1)
				p.log.Await(reloaded+`redis-cert-file"`, 1)
				r.Kill()
				r.Start()
			}
		},
		"the password of Sentinels": func(t *testing.T) ([]string, func(program)) {
			master, password := harness.StartRedis(t), newSecretFile(t, "canary-one\n")
			s := harness.StartSentinel(t, "main", master, "requirepass canary-one")
			return []string{"REDIS_URL=redis://" + s.Addr, "REDIS_SENTINEL_MASTER=main", "REDIS_SENTINEL_PASSWORD_FILE=" + string(password)}, func(p program) {
				s.Do("-a", "canary-one", "acl", "setuser", "default", "resetpass", ">canary-two")
				password.replace(t, "canary-two\n")
				p.log.Await(reloaded+`REDIS_SENTINEL_PASSWORD_FILE"`, 1)
				s.Do("-a", "canary-two", "client", "kill", "type", "normal")
				master.Do("client", "kill", "type", "normal")
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env, turn := deploy(t)
			p := start(t, append(env, key, "RATE_LIMIT=1000000", "RATE_BURST=100000", "TEXTER_URL="+newTexter(t).url))
			p.awaitRedis(t)
			turn(p)
			p.awaitRedis(t)
			p.stop(t)
			if p.log.Count("canary") != 0 {
				t.Errorf("a secret is in the log: %s", p.log)
			}
		})
	}
}

// TestCacheKeyIsTurned: after a change of the key's file, a running instance reads the
// pages that are encrypted by the new key, and no others.
func TestCacheKeyIsTurned(t *testing.T) {
	const one, two = "canary-canary-canary-canary-canary-1", "canary-canary-canary-canary-canary-2"
	file := newSecretFile(t, one)
	env := []string{"REDIS_URL=redis://" + harness.StartRedis(t).Addr, "CACHE_KEY_FILE=" + string(file), "CACHE_TTL=1h", "RATE_LIMIT=1000", "TEXTER_URL=" + newTexter(t).url}
	save := func(names ...string) { // by an instance of its own
		p := start(t, env)
		for _, name := range names {
			p.search(t, "a", find(name))
		}
		p.stop(t)
	}
	fromRedis := func(p program) string { return p.metric(t, `cache_searches_total{outcome="redis"}`) }
	save("first", "second")
	p := start(t, env)
	if p.search(t, "a", find("first")); fromRedis(p) != "1" {
		t.Fatal("a page is not found before the change")
	}
	file.replace(t, "canary, too short")
	p.log.Await(`"reason":"must have at least 32 characters"`, 1)
	file.replace(t, two)
	p.log.Await(reloaded+`CACHE_KEY_FILE"`, 1)
	save("third")
	if p.search(t, "a", find("third")); fromRedis(p) != "2" {
		t.Error("a page of the new key is not found")
	}
	if p.search(t, "a", find("second")); fromRedis(p) != "2" {
		t.Error("a page of the old key is found")
	}
	p.stop(t)
	if n := p.log.Count("Redis fails"); n != 0 || p.log.Count("canary") != 0 {
		t.Errorf("the log is %s", p.log)
	}
}
