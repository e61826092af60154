package cache_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/internal/auth"
	"texter-graphql/texter"
	"texter-graphql/texter/cache"
	"texter-graphql/texter/sandbox"
)

// remember has an answer be made of a page twice, and returns how often it was
// kept.
func (l local) remember(token string, page *texter.SearchPage, answer string, request ...string) (kept int) {
	for range 2 {
		l.cache.Remember(as(l.t, token), page, len(answer), func() any { kept++; return answer }, request...)
	}
	return kept
}

// recall returns what is remembered, and fails if it does not count as a hit.
func (l local) recall(token string, request ...string) any {
	l.t.Helper()
	had := l.outcomes.of(cache.Hit)
	answer := l.cache.Recall(as(l.t, token), request...)
	if hit := l.outcomes.of(cache.Hit) == had+1; hit != (answer != nil) {
		l.t.Errorf("%v is a hit: %t", answer, hit)
	}
	return answer
}

// page searches, and must get a page.
func (l local) page(token string, o texter.SearchOptions) *texter.SearchPage {
	l.t.Helper()
	page, err := l.cache.SearchChats(as(l.t, token), o)
	if err != nil {
		l.t.Fatal(err)
	}
	return page
}

// TestAnswers are found by the very request of the very credential, once they
// were made twice.
func TestAnswers(t *testing.T) {
	l := newLocal(t)
	page := l.page("a", texter.SearchOptions{})
	l.cache.Remember(as(t, "a"), page, 1, func() any { t.Error("it is kept at once"); return nil }, "x", "y")
	if kept := l.remember("a", page, "answer", "x", "y"); kept != 1 || l.recall("a", "x", "y") != "answer" {
		t.Errorf("it was kept %d times, and recalled is %v", kept, l.recall("a", "x", "y"))
	}
	for _, other := range [][]string{{"xy"}, {"x"}, {"y"}, {"xy", ""}, {"", "xy"}, {"x", "y", ""}, {"y", "x"}, {}, {"x", "Y"}} {
		if got := l.recall("a", other...); got != nil {
			t.Errorf("%q: got %v", other, got)
		}
	}
	for _, token := range []string{"b", "aa", "A"} {
		if got := l.recall(token, "x", "y"); got != nil {
			t.Errorf("%s: got %v", token, got)
		}
	}
	l.remember("b", page, "of another's page", "x", "y")
	if got := l.recall("b", "x", "y"); got != nil {
		t.Errorf("got %v", got)
	}
	if l.cache.Recall(t.Context(), "x", "y") != nil {
		t.Error("a caller without a credential got an answer")
	}
}

// TestAnswersOfThatPage: what is made of a page that is not kept, or not any
// more, is not remembered.
func TestAnswersOfThatPage(t *testing.T) {
	l := newLocal(t)
	old := l.page("a", texter.SearchOptions{})
	l.remember("a", old, "old", "x")
	replaced := l.page("a", texter.SearchOptions{Fresh: true})
	if l.recall("a", "x") != nil {
		t.Error("it outlived its page")
	}
	l.remember("a", old, "old", "x")
	l.remember("a", &texter.SearchPage{}, "of no page", "x")
	stranger := &texter.SearchPage{Body: make([]byte, 100)}
	stranger.Keep()
	l.remember("a", stranger, "of another", "x")
	if got := l.recall("a", "x"); got != nil {
		t.Errorf("got %v", got)
	}
	l.remember("a", replaced, "new", "x")
	if got := l.recall("a", "x"); got != "new" {
		t.Errorf("got %v", got)
	}
	l.answer(401)
	_, _ = l.cache.SearchChats(as(t, "a"), texter.SearchOptions{Limit: 5})
	l.remember("a", replaced, "purged", "x") // by a request that was on its way
	if got := l.recall("a", "x"); got != nil || l.cache.Index() != 0 {
		t.Errorf("after a refusal: got %v, and %d entries are left", got, l.cache.Index())
	}
}

// TestAnswersAge with their pages.
func TestAnswersAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLocal(t, func(o *cache.Options) { o.StaleIfError = time.Hour })
		page := l.page("a", texter.SearchOptions{})
		l.remember("a", page, "answer", "x")
		time.Sleep(10*time.Second - time.Nanosecond)
		if l.recall("a", "x") != "answer" {
			t.Error("it went early")
		}
		time.Sleep(time.Nanosecond)
		if got := l.recall("a", "x"); got != nil || l.remember("a", page, "stale", "y") != 0 {
			t.Errorf("a page that is no hit answers %v", got)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if l.cache.Index() != 0 {
			t.Errorf("%d entries are left", l.cache.Index())
		}
	})
}

// TestAnswersOff: without a TTL nothing is remembered.
func TestAnswersOff(t *testing.T) {
	l := newLocal(t, func(o *cache.Options) { o.TTL = 0 })
	if l.remember("a", l.page("a", texter.SearchOptions{}), "answer", "x") != 0 || l.recall("a", "x") != nil {
		t.Error("it is remembered")
	}
}

// TestAnswersAreBounded in number and size, and their memory is the pages'.
func TestAnswersAreBounded(t *testing.T) {
	l := newLocal(t, func(o *cache.Options) { o.TTL, o.MaxBytes = time.Hour, 8<<20 })
	before := heap()
	for skip := range 200 {
		page := l.page("a", texter.SearchOptions{Skip: skip})
		third := strings.Repeat("x", len(page.Body)-100)
		for i := range 6 {
			l.remember("a", page, third+fmt.Sprint(i), fmt.Sprint(skip), fmt.Sprint(i))
		}
		if l.remember("a", page, third+third+third+third, fmt.Sprint(skip), "large") != 0 {
			t.Fatal("more is remembered than fits")
		}
		for i := range 6 {
			if got := l.recall("a", fmt.Sprint(skip), fmt.Sprint(i)); (got != nil) != (i >= 3) {
				t.Fatalf("answer %d is kept: %t", i, got != nil)
			}
		}
	}
	if took := heap() - before; took > 8<<20*6/5 {
		t.Errorf("%d bytes are kept in %d bytes of memory", l.cache.Bytes(), took)
	}
	small := newLocal(t)
	page := small.page("a", texter.SearchOptions{})
	for i := range 1000 {
		small.remember("a", page, "answer", fmt.Sprint(i))
	}
	if n := small.cache.Index(); n > texter.MemoLength+1 {
		t.Errorf("%d entries for one page", n)
	}
}

// TestRequestsThatAreNeverEqual push out none of those that are.
func TestRequestsThatAreNeverEqual(t *testing.T) {
	l := newLocal(t)
	page := l.page("a", texter.SearchOptions{})
	l.remember("a", page, "answer", "x")
	for i := range 100 {
		l.cache.Remember(as(t, "a"), page, 1, func() any { t.Error("it is kept"); return 0 }, fmt.Sprint(i))
	}
	if l.recall("a", "x") != "answer" {
		t.Error("it is gone")
	}
}

// TestAnswersOfSharedPages are those of pages that another instance has read.
func TestAnswersOfSharedPages(t *testing.T) {
	r, upstream := startRedis(t), sandbox.New(sandbox.Options{Chats: 300})
	newInstance(t, upstream, r.share).look("a", texter.SearchOptions{}, cache.Miss)
	r.untilPages(1)
	l := newInstance(t, upstream, r.share)
	l.remember("a", l.look("a", texter.SearchOptions{}, cache.Redis), "answer", "x")
	if l.recall("a", "x") != "answer" || l.recall("b", "x") != nil {
		t.Error("it is not remembered")
	}
	if newInstance(t, upstream, r.share).recall("a", "x") != nil {
		t.Error("answers are shared")
	}
	l.answer(403)
	_, _ = l.cache.SearchChats(as(t, "a"), texter.SearchOptions{Limit: 5})
	if got := l.recall("a", "x"); got != nil {
		t.Errorf("after a refusal: got %v", got)
	}
}

// BenchmarkRecall is what finding an answer costs.
func BenchmarkRecall(b *testing.B) {
	l := newLocal(b, func(o *cache.Options) { o.TTL, o.Observe = time.Hour, func(context.Context, cache.Outcome) {} })
	ctx, body := as(b, "67bf11038b24880c67bf11038b24880c67bf11038b24880c"), strings.Repeat("x", 1500)
	page, err := l.cache.SearchChats(ctx, texter.SearchOptions{})
	if err != nil {
		b.Fatal(err)
	}
	l.cache.Remember(ctx, page, 1, func() any { return auth.Caller(ctx) }, "POST", body)
	l.cache.Remember(ctx, page, 1, func() any { return auth.Caller(ctx) }, "POST", body)
	b.ReportAllocs()
	for b.Loop() {
		if l.cache.Recall(ctx, "POST", body) == nil {
			b.Fatal("it is gone")
		}
	}
}
