package texter

import (
	"runtime/debug"
	"slices"
	"sync"
)

// How the memory of pages is used again (Options.Reuse):
//
//  1. Who reads a page takes a buffer for it, in readPage, and is the page's one holder.
//  2. Share sets how many holders a page has, before they have it.
//  3. Each holder calls Release once, when it needs nothing of the page any more.
//  4. A holder that wants something of the page to stay good after that pins the page.
//  5. The last Release gives the buffer to the next page, unless a holder has pinned it.

// buffer is the memory that one page is read into, and another one after it.
type buffer struct {
	pool    *sync.Pool // where it goes when no page has it; nil to leave it to the garbage collector
	body    []byte
	decoder decoder
	ids     idTable
}

// smallBuffers and largeBuffers are the buffers that no page has. A page that is
// asked for few rows never takes a large buffer: it would hold memory that nobody has
// counted.
var smallBuffers, largeBuffers sync.Pool

const (
	// smallRows is the most rows that a page of smallBuffers is asked for.
	smallRows = 1_000
	// maxSmall is the largest body that smallBuffers keep, in bytes: a page of
	// 1,000 chats takes about 1.4 MB.
	maxSmall = 4 << 20
)

// poolFor returns the pool for a page that is asked for so many rows.
func poolFor(rows int) *sync.Pool {
	if rows > smallRows {
		return &largeBuffers
	}
	return &smallBuffers
}

// readPage reads a page into a buffer of a pool. That may be one of an earlier page,
// which the page gives back when it is released. If there is no page, it goes back at
// once. If the pool is nil, the buffer is the page's for ever.
func readPage(pool *sync.Pool, read func(*buffer) (*SearchPage, error)) (*SearchPage, error) {
	if pool == nil {
		return read(new(buffer))
	}
	b, ok := pool.Get().(*buffer)
	if !ok {
		b = &buffer{pool: pool}
	}
	page, err := read(b)
	if err != nil {
		b.giveBack()
		return nil, err
	}
	page.buffer = b
	page.Share(1)
	return page, nil
}

// Share sets the number of holders of the page, each of whom may call Release.
// It must be called before they have the page.
func (p *SearchPage) Share(holders int) {
	if p.buffer != nil {
		p.holders.Store(int32(holders))
	}
}

// Reserve makes the page hold memory that was reserved for it, as much as it takes,
// until its last holder releases it. It does nothing if the memory of the page is not
// used again, since nobody knows then when its last holder has gone. It must be called
// before Share.
func (p *SearchPage) Reserve(memory Reservation) {
	if p.buffer != nil {
		memory.Hold()
		memory.Shrink(p.Size)
		p.reserved = memory
	}
}

// Pin keeps the memory of the page from being used again, for ever: everything
// that is reached through the page stays good after Release. The caller must
// hold the page.
func (p *SearchPage) Pin() {
	if !p.pinned.Load() {
		p.pinned.Store(true)
	}
}

// Pin keeps the chat, and everything that is reached through it, good after its
// page is released. The caller must hold the page: see SearchPage.Pin.
func (c *Chat) Pin() {
	if c.page != nil {
		c.page.Pin()
	}
}

// Release ends the hold of one holder. When the last one has released the page,
// its memory is used for another page, if Options.Reuse is on and nobody has
// pinned the page: ChatViews, and everything reached through them, then change.
// The memory of a page that is never released is left to the garbage collector.
func (p *SearchPage) Release() {
	if p.buffer == nil || p.holders.Add(-1) != 0 {
		return
	}
	if p.reserved != nil {
		p.reserved.Release()
	}
	b := p.buffer
	if p.buffer = nil; !p.pinned.Load() {
		b.giveBack()
	}
}

// giveBack gives the buffer to a later page.
func (b *buffer) giveBack() {
	if b.pool == &smallBuffers && cap(b.body) > maxSmall {
		return
	}
	if overwrites {
		for i := range b.body[:cap(b.body)] {
			b.body[:cap(b.body)][i] = '!'
		}
		clear(b.decoder.chats)
	}
	b.pool.Put(b)
}

// overwrites is true under the race detector, where tests run: memory that is
// given back is then overwritten, so that a reader who comes too late is seen.
var overwrites = underRaceDetector()

func underRaceDetector() bool {
	build, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(build.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}
