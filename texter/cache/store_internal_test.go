package cache

import (
	"encoding/binary"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/texter"
)

// runStore runs a test with a new store in a bubble.
func runStore(t *testing.T, name string, test func(*testing.T, *store)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) { test(t, newStore(1<<20, time.Minute)) })
	})
}

// keepPage puts a new page under the key k into a store.
func keepPage(s *store, k key, askedAt time.Time) *texter.SearchPage {
	page := texter.NewSearchPage(nil, 0)
	s.keep(k, timedPage{page, askedAt})
	return page
}

// TestKeptPage holds which of two pages is kept, and how old one may be.
func TestKeptPage(t *testing.T) {
	runStore(t, "a page that is older than the kept one does not replace it", func(t *testing.T, s *store) {
		newer := keepPage(s, key{}, time.Now())
		keepPage(s, key{}, time.Now().Add(-time.Second))
		if page, _ := s.page(key{}); page != newer {
			t.Error("it was replaced")
		}
	})
	runStore(t, "a page that is as old as the kept one replaces it", func(t *testing.T, s *store) {
		keepPage(s, key{}, time.Now())
		second := keepPage(s, key{}, time.Now())
		if page, _ := s.page(key{}); page != second {
			t.Error("it was not replaced")
		}
	})
	runStore(t, "a page that is older than any may be is not kept", func(t *testing.T, s *store) {
		keepPage(s, key{}, time.Now().Add(-time.Minute))
		if s.bytes != 0 {
			t.Errorf("%d bytes are kept", s.bytes)
		}
	})
}

// TestSizeOfKeptPage holds that the query of a page takes memory too.
func TestSizeOfKeptPage(t *testing.T) {
	runStore(t, "a page whose query is as large as all pages may be is not kept", func(t *testing.T, s *store) {
		keepPage(s, key{query: strings.Repeat("q", s.maxBytes)}, time.Now())
		if s.bytes != 0 {
			t.Errorf("%d bytes are kept", s.bytes)
		}
	})
}

// TestMemoryOfSmallPages holds that what a page takes besides itself is counted. Of a
// small page, that is the most.
func TestMemoryOfSmallPages(t *testing.T) {
	s := newStore(8<<20, time.Hour)
	defer s.close()
	before := Heap()
	for n := range 5000 {
		page := keepPage(s, key{query: strconv.Itoa(n)}, time.Now())
		for m := range texter.MemoLength {
			var a answerKey
			binary.BigEndian.PutUint64(a.request[:], uint64(n*texter.MemoLength+m))
			s.admitAnswer(a, page, time.Hour)
			s.admitAnswer(a, page, time.Hour)
		}
	}
	if took := Heap() - before; s.evictions == 0 || took > s.maxBytes*6/5 {
		t.Errorf("%d bytes are counted of %d", s.bytes, took)
	}
}

// TestTimersOfDroppedPages holds that no timer is left of a page that is gone.
func TestTimersOfDroppedPages(t *testing.T) {
	for name, drop := range map[string]func(*store){
		"after a newer page":         func(s *store) { keepPage(s, key{}, time.Now()) },
		"after a refusal":            func(s *store) { s.purge(credentialHash{}) },
		"after the store was closed": (*store).close,
	} {
		runStore(t, name, func(t *testing.T, s *store) {
			keepPage(s, key{}, time.Now())
			e, _ := s.entries.Peek(key{})
			drop(s)
			if e.expiry.Stop() {
				t.Error("its timer still ran")
			}
		})
	}
}

// TestLateTimer holds what a timer does that could not be stopped in time.
func TestLateTimer(t *testing.T) {
	runStore(t, "a timer that fires when its page has been replaced drops nothing", func(t *testing.T, s *store) {
		keepPage(s, key{}, time.Now())
		old, _ := s.entries.Peek(key{})
		newer := keepPage(s, key{}, time.Now())
		s.expire(key{}, old)
		if page, _ := s.page(key{}); page != newer {
			t.Error("the new page was dropped")
		}
	})
}
