package cache_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"texter-graphql/texter"
	"texter-graphql/texter/cache"
	"texter-graphql/texter/sandbox"
)

// look searches and fails unless the outcome is as wanted.
func (l local) look(token string, o texter.SearchOptions, want cache.Outcome) *texter.SearchPage {
	l.t.Helper()
	had := l.outcomes.of(want)
	page, err := l.cache.SearchChats(as(l.t, token), o)
	if err != nil || l.outcomes.of(want) != had+1 {
		l.t.Fatalf("not a %s: %v", want, err)
	}
	return page
}

// TestInstancesShare: a page that one instance has read the others need not,
// those of the same key, project and credential.
func TestInstancesShare(t *testing.T) {
	r, upstream := startRedis(t), sandbox.New(sandbox.Options{Chats: 300})
	one, two := newInstance(t, upstream, r.share), newInstance(t, upstream, r.share)
	want := one.look("a", texter.SearchOptions{Skip: 7}, cache.Miss)
	r.untilPages(1)
	got := two.look("a", texter.SearchOptions{Skip: 7}, cache.Redis)
	if got.Total != want.Total || string(got.Body) != string(want.Body) || len(got.Chats) != len(want.Chats) || got.Chats[3].ID != want.Chats[3].ID {
		t.Errorf("the page differs")
	}
	two.look("a", texter.SearchOptions{Skip: 7}, cache.Hit)
	if upstream.Requests() != 1 {
		t.Errorf("%d requests", upstream.Requests())
	}
	two.look("b", texter.SearchOptions{Skip: 7}, cache.Miss)
	two.look("a", texter.SearchOptions{Skip: 8}, cache.Miss)
	newInstance(t, upstream, r.share).look("a", texter.SearchOptions{Skip: 7, Fresh: true}, cache.Miss)
	newInstance(t, upstream, r.share, func(o *cache.Options) { o.BaseURL = "another" }).look("a", texter.SearchOptions{Skip: 7}, cache.Miss)
	newInstance(t, upstream, r.share, func(o *cache.Options) { o.Redis.Key += "another" }).look("a", texter.SearchOptions{Skip: 7}, cache.Miss)
}

// TestNothingReadable: what is in Redis tells nothing to those without the
// key, and goes by itself.
func TestNothingReadable(t *testing.T) {
	r, upstream := startRedis(t), sandbox.New(sandbox.Options{Chats: 300})
	text := "an"
	o := texter.SearchOptions{ChatFilter: texter.ChatFilter{Search: &text, Labels: []string{"canary-label"}}}
	page := newInstance(t, upstream, r.share).look("canary-token", texter.SearchOptions{}, cache.Miss)
	newInstance(t, upstream, r.share).look("canary-token", o, cache.Miss)
	r.untilPages(2)
	secrets := []string{"canary", "search=", sharedKey, "_id", "data", page.Chats[0].ID}
	for name, value := range r.values() {
		for _, secret := range secrets {
			if strings.Contains(name+value, secret) {
				t.Errorf("%s has %q", name, secret)
			}
		}
		if ttl := r.client.TTL(t.Context(), name).Val(); ttl <= 0 || ttl > time.Hour+time.Minute {
			t.Errorf("%s has %v to live", name, ttl)
		}
	}
	if len(r.values()) != 3 {
		t.Errorf("it has %d values", len(r.values()))
	}
}

// TestTamperedPages: what is not a page of this search, credential and key,
// byte for byte, is not answered.
func TestTamperedPages(t *testing.T) {
	r, upstream := startRedis(t), sandbox.New(sandbox.Options{Chats: 300})
	one := newInstance(t, upstream, r.share)
	one.look("a", texter.SearchOptions{Limit: 1}, cache.Miss)
	r.untilPages(1)
	var name, value string
	for n, v := range r.values() {
		if strings.HasPrefix(n, pagePrefix) {
			name, value = n, v
		}
	}
	one.look("a", texter.SearchOptions{Limit: 2}, cache.Miss)
	one.look("b", texter.SearchOptions{Limit: 1}, cache.Miss)
	r.untilPages(3)
	tampered := map[string]string{"empty": "", "short": value[:20], "cut": value[:len(value)-1], "longer": value + "x", "text": `{"data":[],"total":0}`}
	for i := 0; i < len(value); i += 1 + len(value)/40 {
		tampered[fmt.Sprint("byte ", i)] = value[:i] + string(value[i]^1) + value[i+1:]
	}
	for n, v := range r.values() {
		if n != name {
			tampered[n] = v
		}
	}
	for what, v := range tampered {
		r.client.Set(t.Context(), name, v, time.Hour)
		page := newInstance(t, upstream, r.share).look("a", texter.SearchOptions{Limit: 1}, cache.Miss)
		if len(page.Chats) != 1 {
			t.Errorf("%s: got %d chats", what, len(page.Chats))
		}
		for r.client.Get(t.Context(), name).Val() == v { // until it is replaced by what was read
			time.Sleep(time.Millisecond)
		}
	}
	r.client.Set(t.Context(), name, value, time.Hour)
	newInstance(t, upstream, r.share).look("a", texter.SearchOptions{Limit: 1}, cache.Redis)
}

// TestPurgeReachesRedis: a refused credential's pages can't be read there any
// more, nor those that were on their way.
func TestPurgeReachesRedis(t *testing.T) {
	r, upstream := startRedis(t), sandbox.New(sandbox.Options{Chats: 300})
	one := newInstance(t, upstream, r.share)
	one.look("a", texter.SearchOptions{}, cache.Miss)
	one.look("b", texter.SearchOptions{}, cache.Miss)
	r.untilPages(2)
	arrived, release := one.hold(t)
	slow := make(chan error, 1)
	go func() {
		_, err := one.cache.SearchChats(as(t, "a"), texter.SearchOptions{Limit: 5})
		slow <- err
	}()
	<-arrived // it has looked in Redis
	two := newInstance(t, upstream, r.share)
	two.answer(http.StatusUnauthorized)
	if two.total("a", texter.SearchOptions{Limit: 6}) != -1 {
		t.Error("it was not refused")
	}
	release()
	if err := <-slow; err != nil {
		t.Fatal(err)
	}
	r.untilPages(3)
	upstream.Intercept(nil)
	fresh := newInstance(t, upstream, r.share)
	fresh.look("a", texter.SearchOptions{}, cache.Miss)
	fresh.look("a", texter.SearchOptions{Limit: 5}, cache.Miss)
	fresh.look("b", texter.SearchOptions{}, cache.Redis)
}

// TestOldPagesOfRedis: a page's age counts from when it was asked for, whoever
// asked; an old one is good only when Texter fails.
func TestOldPagesOfRedis(t *testing.T) {
	r, upstream := startRedis(t), sandbox.New(sandbox.Options{Chats: 300})
	newInstance(t, upstream, r.share).look("a", texter.SearchOptions{}, cache.Miss)
	r.untilPages(1)
	impatient := func(o *cache.Options) { o.TTL, o.StaleIfError = 1, time.Hour }
	one := newInstance(t, upstream, r.share, impatient)
	one.answer(http.StatusBadGateway)
	one.look("a", texter.SearchOptions{}, cache.Stale)
	upstream.Intercept(nil)
	newInstance(t, upstream, r.share, impatient).look("a", texter.SearchOptions{}, cache.Miss)
}

// TestPurgeWithoutRedis: where a purge does not get through, what is in Redis
// is not trusted.
func TestPurgeWithoutRedis(t *testing.T) {
	r, upstream := startRedis(t), sandbox.New(sandbox.Options{Chats: 300})
	one := newInstance(t, upstream, r.share)
	one.look("a", texter.SearchOptions{}, cache.Miss)
	r.untilPages(1)
	r.freeze()
	one.look("a", texter.SearchOptions{Limit: 5}, cache.Miss) // from now on it leaves Redis alone
	r.thaw()
	one.answer(http.StatusForbidden)
	if one.total("a", texter.SearchOptions{Limit: 6}) != -1 {
		t.Error("it was not refused")
	}
	upstream.Intercept(nil)
	for n := 0; len(r.values()) == 2; n++ { // until it speaks to Redis again
		one.look("a", texter.SearchOptions{Limit: 100 + n}, cache.Miss)
		time.Sleep(50 * time.Millisecond)
	}
	one.look("a", texter.SearchOptions{}, cache.Miss)
}

// TestRedisFails: with Redis dead, frozen, gone or refusing, searches succeed;
// it is told, and each but a few wait for nothing.
func TestRedisFails(t *testing.T) {
	locked := []string{"--requirepass", "canary-password"}
	for name, test := range map[string]struct {
		args []string
		fail func(r *redisServer, o *cache.Options)
		told string
	}{
		"dead":           {nil, func(r *redisServer, _ *cache.Options) { r.kill() }, "no connection"},
		"frozen":         {nil, func(r *redisServer, _ *cache.Options) { r.freeze() }, "no answer in time"},
		"no password":    {locked, func(*redisServer, *cache.Options) {}, "refused: NOAUTH"},
		"wrong password": {locked, func(_ *redisServer, o *cache.Options) { o.Redis.Password = "canary" }, "refused: WRONGPASS"},
	} {
		r := startRedis(t, test.args...)
		var told <-chan error
		l := newLocal(t, r.share, func(o *cache.Options) {
			told = failures(o)
			test.fail(r, o)
		})
		began := time.Now()
		for limit := range 100 {
			l.look("a", texter.SearchOptions{Limit: 1 + limit}, cache.Miss)
		}
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("%s: 100 searches took %v", name, took)
		}
		if err := <-told; err.Error() != test.told {
			t.Errorf("%s: told %q", name, err)
		}
	}
	r := startRedis(t, locked...)
	var told <-chan error
	l := newLocal(t, r.share, func(o *cache.Options) { told, o.Redis.Password = failures(o), "canary-password" })
	l.look("a", texter.SearchOptions{}, cache.Miss)
	select {
	case err := <-told:
		t.Errorf("the right password: told %v", err)
	default:
	}
}

// TestRedisKilledUnderLoad loses no request, and is used again when it is back.
func TestRedisKilledUnderLoad(t *testing.T) {
	r := startRedis(t)
	s := newService(t, r.share, func(o *cache.Options) { o.MaxBytes = 1 }) // so that all ask Redis
	stop := make(chan struct{})
	var all sync.WaitGroup
	asked := make(chan bool, 1<<16)
	for i := range 8 {
		all.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if a := s.ask(t, []string{"a", "b"}[i%2]); a.code() != "" || a.Data.SearchChats == nil {
					t.Errorf("got %+v", a)
					return
				}
				select {
				case asked <- true:
				case <-stop:
				}
			}
		})
	}
	some := func() {
		for range 200 {
			<-asked
		}
	}
	some()
	r.kill()
	some()
	r.start()
	for had := s.outcomes.of(cache.Redis); s.outcomes.of(cache.Redis) == had; {
		<-asked
	}
	r.freeze()
	some()
	r.thaw()
	some()
	close(stop)
	all.Wait()
	t.Logf("%d requests, %d of them from Redis, %d upstream", len(asked)+800, s.outcomes.of(cache.Redis), s.upstream.Requests())
}

// TestRedisOptions looks at what New does not take, and that it is not quoted.
func TestRedisOptions(t *testing.T) {
	for _, o := range []cache.RedisOptions{
		{URL: "canary", Key: sharedKey}, {URL: "http://canary:canary@host", Key: sharedKey}, {URL: "", Key: sharedKey},
		{URL: "redis://:canary@host/canary", Key: sharedKey}, {URL: "redis://:canary@host?canary=1", Key: sharedKey},
		{URL: "redis://host", Key: "canary"}, {URL: "redis://host"},
	} {
		_, err := cache.New(cache.Options{TTL: 1, Redis: &o})
		if err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%+v: got %v", o, err)
		}
	}
}
