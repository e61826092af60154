package cache

import (
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/texter"
)

// TestStore holds what callers of a cache come to only if clocks differ, or two
// goroutines meet.
func TestStore(t *testing.T) {
	run := func(name string, test func(*testing.T, *store)) {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { test(t, newStore(1<<20, time.Minute)) })
		})
	}
	var k key
	keep := func(s *store, askedAt time.Time) *texter.SearchPage {
		page := texter.NewSearchPage(nil, 0)
		s.keep(k, timedPage{page, askedAt})
		return page
	}
	run("a page of an instance whose clock is ahead lives no longer than others", func(t *testing.T, s *store) {
		keep(s, time.Now().Add(time.Hour))
		time.Sleep(time.Minute)
		synctest.Wait()
		if page, age := s.page(k); page != nil {
			t.Errorf("a page is kept that is %v old", age)
		}
	})
	run("a page that is older than the kept one does not replace it", func(t *testing.T, s *store) {
		newer := keep(s, time.Now())
		keep(s, time.Now().Add(-time.Second))
		if page, _ := s.page(k); page != newer {
			t.Error("it was replaced")
		}
	})
	run("a page that is as old as the kept one replaces it", func(t *testing.T, s *store) {
		keep(s, time.Now())
		second := keep(s, time.Now())
		if page, _ := s.page(k); page != second {
			t.Error("it was not replaced")
		}
	})
	run("a timer that fires when its page has been replaced drops nothing", func(t *testing.T, s *store) {
		keep(s, time.Now())
		old, _ := s.entries.Peek(k)
		newer := keep(s, time.Now())
		s.expire(k, old)
		if page, _ := s.page(k); page != newer {
			t.Error("the new page was dropped")
		}
	})
	run("a page that is older than any may be is not kept", func(t *testing.T, s *store) {
		keep(s, time.Now().Add(-time.Minute))
		if s.bytes != 0 {
			t.Errorf("%d bytes are kept", s.bytes)
		}
	})
}
