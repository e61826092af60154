package cache_test

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"texter-graphql/texter"
	"texter-graphql/texter/sandbox"
)

// reservation is memory that its maker holds.
type reservation struct {
	mu     sync.Mutex
	holds  int
	size   int // after Shrink
	joined []texter.Reservation
}

func reserved() *reservation { return &reservation{holds: 1} }

func (r *reservation) change(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f()
}

func (r *reservation) Hold()           { r.change(func() { r.holds++ }) }
func (r *reservation) Release()        { r.change(func() { r.holds-- }) }
func (r *reservation) Shrink(size int) { r.change(func() { r.size = size }) }
func (r *reservation) Join(other texter.Reservation) {
	r.change(func() { r.joined = append(r.joined, other) })
}

// expect fails the test unless so many hold the memory.
func (r *reservation) expect(t *testing.T, when string, holds int) {
	t.Helper()
	if r.change(func() {}); r.holds != holds {
		t.Errorf("%s, %d hold the memory, want %d", when, r.holds, holds)
	}
}

// with returns the options of a search for whose page memory is reserved.
func (r *reservation) with(o texter.SearchOptions) texter.SearchOptions {
	if r != nil {
		o.Reserved = r
	}
	return o
}

// TestReservedMemory holds that memory which was reserved for a page is counted for as
// long as the search, and then those who have the page, may use it.
func TestReservedMemory(t *testing.T) {
	bubble(t, "it is held by the search, then by the page until its last caller has released it", func(t *testing.T) {
		i, first, second := newReusing(t), reserved(), reserved()
		release := i.hold()
		one := i.start(as(t, "a"), first.with(firstPage))
		synctest.Wait()
		two := i.start(as(t, "a"), second.with(firstPage))
		synctest.Wait()
		first.Release() // the operation has ended, because its client has left
		first.expect(t, "during the search", 1)
		if !slices.Equal(second.joined, []texter.Reservation{first}) {
			t.Errorf("the second caller waits for a page in %v", second.joined)
		}
		release()
		page, same := (<-one).page, (<-two).page
		first.expect(t, "with the page", 1)
		if first.size != page.Size {
			t.Errorf("it has %d bytes for a page of %d", first.size, page.Size)
		}
		page.Release()
		first.expect(t, "when one of two has released the page", 1)
		same.Release()
		first.expect(t, "when both have", 0)
		second.expect(t, "in the end, beside the other", 1)
	})
	for name, memory := range map[string]struct{ first, second *reservation }{
		"the first": {reserved(), nil}, "the second": {nil, reserved()},
	} {
		bubble(t, "there may be none but for "+name, func(t *testing.T) {
			i := newReusing(t)
			release := i.hold()
			one := i.start(as(t, "a"), memory.first.with(firstPage))
			synctest.Wait()
			two := i.start(as(t, "a"), memory.second.with(firstPage))
			synctest.Wait()
			release()
			(<-one).page.Release()
			(<-two).page.Release()
			if memory.first != nil {
				memory.first.expect(t, "in the end", 1)
			} else if len(memory.second.joined) > 0 {
				t.Error("it was joined with nothing")
			}
		})
	}
	bubble(t, "a search that fails gives it back", func(t *testing.T) {
		i, memory := newReusing(t), reserved()
		i.answer(http.StatusInternalServerError)
		i.refuse("a", memory.with(firstPage))
		memory.expect(t, "in the end", 1)
	})
}

// TestReservedMemoryOfNobody holds the same where no caller is left.
func TestReservedMemoryOfNobody(t *testing.T) {
	bubble(t, "a search that all have left gives it back, although it finds a page", func(t *testing.T) {
		memory, found := reserved(), make(chan struct{})
		reading := newClient(t, sandbox.New(sandbox.Options{Chats: 40}), true)
		i := newInstance(t, withoutPages, searches(func(ctx context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
			<-found
			return reading.SearchChats(context.WithoutCancel(ctx), o)
		}))
		ctx, leave := context.WithCancel(as(t, "a"))
		left := i.start(ctx, memory.with(firstPage))
		synctest.Wait()
		leave()
		synctest.Wait()
		memory.expect(t, "before the search has ended", 2)
		close(found)
		expectCanceled(t, left)
		synctest.Wait()
		memory.expect(t, "in the end", 1)
	})
}

// TestReservedMemoryOfKeptPages holds that who waits for a page that will be kept keeps
// its own memory: nobody says when the page is no longer used.
func TestReservedMemoryOfKeptPages(t *testing.T) {
	bubble(t, "it is not shared", func(t *testing.T) {
		i, first, second := newInstance(t), reserved(), reserved()
		release := i.hold()
		one := i.start(as(t, "a"), first.with(firstPage))
		synctest.Wait()
		two := i.start(as(t, "a"), second.with(firstPage))
		synctest.Wait()
		release()
		<-one
		<-two
		if first.expect(t, "in the end", 1); len(second.joined) > 0 {
			t.Error("the second caller has joined")
		}
	})
}
