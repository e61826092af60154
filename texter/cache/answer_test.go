package cache_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"texter-graphql/texter"
	"texter-graphql/texter/cache"
	"texter-graphql/texter/sandbox"
)

// remember makes an answer of a page twice, and returns how often it was kept.
func (i *instance) remember(token string, page *texter.SearchPage, answer string, request ...string) (kept int) {
	for range 2 {
		i.Remember(as(i.t, token), page, len(answer), func() any { kept++; return answer }, request...)
	}
	return kept
}

// expectAnswer fails the test unless Recall returns an answer, or nil, and
// counts as a hit if it returns one.
func (i *instance) expectAnswer(want any, token string, request ...string) {
	i.t.Helper()
	had := i.outcomes.count(cache.Hit)
	got := i.Recall(as(i.t, token), request...)
	if got != want {
		i.t.Errorf("the answer of %s to %q is %v, want %v", token, request, got, want)
	}
	if hit := i.outcomes.count(cache.Hit) > had; hit != (got != nil) {
		i.t.Errorf("the answer %v counts as a hit: %t", got, hit)
	}
}

// TestAnswers holds which answers are kept.
func TestAnswers(t *testing.T) {
	t.Run("an answer is kept when it is made for the second time", func(t *testing.T) {
		i := newInstance(t)
		page := i.page("a", firstPage)
		i.Remember(as(t, "a"), page, 1, func() any { t.Error("it was kept at once"); return nil }, "x", "y")
		i.expectAnswer(nil, "a", "x", "y")
		if kept := i.remember("a", page, "answer", "x", "y"); kept != 1 {
			t.Errorf("it was kept %d times", kept)
		}
		i.expectAnswer("answer", "a", "x", "y")
	})
	t.Run("without TTL no answer is kept", func(t *testing.T) {
		i := newInstance(t, func(o *cache.Options) { o.TTL = 0 })
		i.remember("a", i.page("a", firstPage), "answer", "x")
		i.expectAnswer(nil, "a", "x")
	})
	t.Run("an answer that is made again and again drops no other", func(t *testing.T) {
		i := newInstance(t)
		page := i.page("a", firstPage)
		i.remember("a", page, "answer", "x")
		for range texter.MemoLength {
			i.remember("a", page, "another", "y")
		}
		i.expectAnswer("answer", "a", "x")
	})
	t.Run("requests that are made once drop none that are made again", func(t *testing.T) {
		i := newInstance(t)
		page := i.page("a", firstPage)
		i.remember("a", page, "answer", "x")
		for n := range 100 {
			i.Remember(as(t, "a"), page, 1, func() any { t.Error("it was kept"); return 0 }, fmt.Sprint(n))
		}
		i.expectAnswer("answer", "a", "x")
	})
}

// TestCallersOfAnswers holds who gets an answer that is kept.
func TestCallersOfAnswers(t *testing.T) {
	t.Run("only an equal request of the same credential gets it", func(t *testing.T) {
		i := newInstance(t)
		i.remember("a", i.page("a", firstPage), "answer", "x", "y")
		for _, request := range [][]string{{"xy"}, {"x"}, {"y"}, {"xy", ""}, {"", "xy"}, {"x", "y", ""}, {"y", "x"}, {}, {"x", "Y"}} {
			i.expectAnswer(nil, "a", request...)
		}
		for _, token := range []string{"b", "aa", "A", ""} {
			i.expectAnswer(nil, token, "x", "y")
		}
	})
	t.Run("a caller whose credential can't be read gets and leaves none", func(t *testing.T) {
		var unreadable error
		i := newInstance(t, func(o *cache.Options) {
			o.Credential = func(ctx context.Context) (string, error) {
				credential, _ := token(ctx)
				return credential, unreadable
			}
		})
		page := i.page("a", firstPage)
		i.remember("a", page, "answer", "x")
		i.expectAnswer("answer", "a", "x")
		unreadable = errors.New("unreadable")
		i.expectAnswer(nil, "a", "x")
		if kept := i.remember("a", page, "answer", "y"); kept != 0 {
			t.Errorf("it was kept %d times", kept)
		}
	})
	t.Run("an answer from the page of another credential is not kept", func(t *testing.T) {
		i := newInstance(t)
		if kept := i.remember("b", i.page("a", firstPage), "answer", "x"); kept != 0 {
			t.Errorf("it was kept %d times", kept)
		}
		i.expectAnswer(nil, "b", "x")
	})
}

// TestPagesOfAnswers holds that an answer is kept only as long as its page.
func TestPagesOfAnswers(t *testing.T) {
	t.Run("an answer goes when a newer page replaces its page", func(t *testing.T) {
		i := newInstance(t)
		old := i.page("a", firstPage)
		i.remember("a", old, "old", "x")
		newer := i.page("a", texter.SearchOptions{Fresh: true})
		i.expectAnswer(nil, "a", "x")
		i.remember("a", old, "old", "x")
		i.expectAnswer(nil, "a", "x")
		i.remember("a", newer, "new", "x")
		i.expectAnswer("new", "a", "x")
	})
	t.Run("an answer from a page that is not kept is not kept", func(t *testing.T) {
		i := newInstance(t)
		i.page("a", firstPage)
		i.remember("a", &texter.SearchPage{}, "answer", "x")
		foreign := texter.NewSearchPage(nil, 0)
		foreign.Keep()
		if kept := i.remember("a", foreign, "answer", "x"); kept != 0 {
			t.Errorf("it was kept %d times", kept)
		}
		i.expectAnswer(nil, "a", "x")
	})
	t.Run("an answer goes when Texter refuses the credential", func(t *testing.T) {
		i := newInstance(t)
		page := i.page("a", firstPage)
		i.remember("a", page, "answer", "x")
		i.answer(http.StatusUnauthorized)
		i.refuse("a", texter.SearchOptions{Limit: 5})
		i.remember("a", page, "answer", "x") // by a request that began before
		i.expectAnswer(nil, "a", "x")
		if n := i.IndexSize(); n != 0 {
			t.Errorf("%d entries are left", n)
		}
	})
}

// TestAgeOfAnswers holds that an answer is as old as its page, and keeps it in use.
func TestAgeOfAnswers(t *testing.T) {
	bubble(t, "an answer is not given when its page is no hit any more, and goes with its page", func(t *testing.T) {
		i := newInstance(t, func(o *cache.Options) { o.StaleIfError = time.Hour })
		page := i.page("a", firstPage)
		i.remember("a", page, "answer", "x")
		advance(10*time.Second - time.Nanosecond)
		i.expectAnswer("answer", "a", "x")
		advance(time.Nanosecond)
		i.expectAnswer(nil, "a", "x")
		if i.remember("a", page, "answer", "y") != 0 {
			t.Error("an answer from an old page was kept")
		}
		advance(time.Hour)
		if n := i.IndexSize(); n != 0 {
			t.Errorf("%d entries are left", n)
		}
	})
	t.Run("an answer that is given makes its page one that was used last", func(t *testing.T) {
		i := newInstance(t)
		i.page("a", firstPage)
		small := newInstanceOf(t, i.upstream, func(o *cache.Options) { o.MaxBytes = 5 * i.Bytes() / 2 })
		small.remember("a", small.page("a", firstPage), "answer", "x")
		for skip := range 10 {
			small.page("a", texter.SearchOptions{Skip: 1 + skip})
			small.expectAnswer("answer", "a", "x")
		}
	})
}

// TestNumberOfAnswers holds that answers are bounded, in number and in bytes.
func TestNumberOfAnswers(t *testing.T) {
	t.Run("the memory of answers counts as that of their pages, which keep the last answers that fit", func(t *testing.T) {
		const most = 8 << 20
		i := newInstanceOf(t, sandbox.New(sandbox.Options{Chats: 300}), func(o *cache.Options) { o.TTL, o.MaxBytes = time.Hour, most })
		before := cache.Heap()
		for skip := range 200 {
			page, query := i.page("a", texter.SearchOptions{Skip: skip}), fmt.Sprint(skip)
			third := strings.Repeat("x", len(page.Body())-100)
			for n := range 6 {
				i.remember("a", page, third+fmt.Sprint(n), query, fmt.Sprint(n))
			}
			if i.remember("a", page, strings.Repeat(third, 4), query, "large") != 0 {
				t.Fatal("an answer was kept that does not fit")
			}
			for n := range 6 {
				if kept := i.Recall(as(t, "a"), query, fmt.Sprint(n)) != nil; kept != (n >= 3) {
					t.Fatalf("answer %d of 6 is kept: %t", n, kept)
				}
			}
		}
		if took := cache.Heap() - before; took > most*6/5 {
			t.Errorf("%d bytes are kept in %d bytes of memory", i.Bytes(), took)
		}
	})
	t.Run("the number of answers of a page is bounded, and the last ones stay", func(t *testing.T) {
		i := newInstance(t)
		page := i.page("a", firstPage)
		for n := range 1000 {
			i.remember("a", page, "answer", fmt.Sprint(n))
		}
		if n := i.IndexSize(); n != 3+texter.MemoLength {
			t.Errorf("there are %d entries for one page", n)
		}
		for n := 1000 - texter.MemoLength; n < 1000; n++ {
			i.expectAnswer("answer", "a", fmt.Sprint(n))
		}
	})
}
