package cache_test

import (
	"runtime"
	"testing"
	"time"

	"texter-graphql/texter"
	"texter-graphql/texter/cache"
	"texter-graphql/texter/sandbox"
)

// TestMaxBytes holds that kept pages take no more memory than they may.
func TestMaxBytes(t *testing.T) {
	t.Run("the pages that were used last are kept, within the memory that they may take", func(t *testing.T) {
		const most = 8 << 20
		i := newInstanceOf(t, sandbox.New(sandbox.Options{Chats: 300}), func(o *cache.Options) { o.MaxBytes, o.TTL = most, time.Hour })
		before := cache.Heap()
		i.page("a", firstPage)
		for skip := range 200 {
			i.page("a", texter.SearchOptions{Skip: 1 + skip})
			i.page("a", texter.SearchOptions{Skip: skip, Limit: 1})
			if got := i.Bytes(); got > most {
				t.Fatalf("%d bytes are kept", got)
			}
			i.expect("a", firstPage, cache.Hit) // which makes it one that was used last
		}
		if i.Bytes() < most*9/10 {
			t.Errorf("only %d bytes are kept", i.Bytes())
		}
		if took := cache.Heap() - before; took > most*6/5 {
			t.Errorf("%d bytes are kept in %d bytes of memory", i.Bytes(), took)
		}
		i.expectRequests(401)
		runtime.KeepAlive(i)
	})
}

// TestLargePages holds that one page takes no more than all may.
func TestLargePages(t *testing.T) {
	t.Run("a page that is larger than all pages may be is not kept", func(t *testing.T) {
		i := newInstance(t, func(o *cache.Options) { o.MaxBytes = 10_000 })
		i.page("a", firstPage)
		if i.Bytes() != 0 {
			t.Errorf("%d bytes are kept", i.Bytes())
		}
	})
	t.Run("a page that takes exactly what all pages may take is kept alone", func(t *testing.T) {
		i := newInstance(t)
		i.page("a", firstPage)
		exact := newInstanceOf(t, i.upstream, func(o *cache.Options) { o.MaxBytes = i.Bytes() })
		exact.page("a", firstPage)
		exact.expect("a", firstPage, cache.Hit)
		exact.page("a", texter.SearchOptions{Limit: 1})
		if exact.expect("a", texter.SearchOptions{Limit: 1}, cache.Hit); exact.Bytes() >= i.Bytes() || exact.Evictions() != 1 {
			t.Errorf("%d bytes are kept, %d pages were dropped", exact.Bytes(), exact.Evictions())
		}
	})
}
