package graph

import (
	"sync/atomic"

	"texter-graphql/internal/shares"
	"texter-graphql/texter"
)

// operationMemory is the memory that one operation has. The zero value has none.
type operationMemory struct {
	from   *memory
	caller string
	held   *shares.Share
	page   *pageMemory // for the page of the only search, apart from held; nil if that is not apart
	rows   int         // of that page
	given  bool        // whether page was given to the search
	joined bool        // whether the search waits for a page that another operation has memory for
	more   []*shares.Share
	whole  *shares.Share // for the whole answer after all, beside held
}

// splitPage sets apart what is not for the answer but for the page of the only search,
// of so many rows. It can then be given back if another operation of the same caller has
// memory for the same page: if 32 equal requests come at once, there is one page.
func (m *operationMemory) splitPage(answer, rows int) {
	m.page, m.rows = &pageMemory{units: m.held.Split(answer), operation: m}, rows
	m.page.Hold()
}

// join gives back the memory for the page, and most of that for the answer: see
// tryWhole.
func (m *operationMemory) join() {
	m.joined = true
	m.page.Release()
	m.page = nil
	m.held.Shrink(minWhole)
}

// reserve gives a search the memory for the page. A search that asks for other rows
// than the operation, at a cursor, may be one of several: its page stays in what the
// operation holds. If there is another search after all, because Texter breaks its
// contract, it can have memory that is free now: to wait for some while it holds a
// page could take for ever.
func (m *operationMemory) reserve(o *texter.SearchOptions) error {
	switch {
	case m.given:
		share, err := m.from.tryAcquire(m.caller, texter.MaxBodySize(1, o.Limit)+o.Limit*rowSize)
		if err != nil {
			return err
		}
		m.more = append(m.more, share)
	case m.page != nil && o.Limit == m.rows:
		o.Reserved, m.given = m.page, true
	}
	return nil
}

// tryWhole takes memory for an answer of so many bytes, after join, if it is free now.
// Otherwise the answer is sent in pieces, which takes longer.
func (m *operationMemory) tryWhole(size int) {
	if share, err := m.from.tryAcquire(m.caller, size); err == nil {
		m.whole = share
	}
}

// encoded gives back all but what the answer takes that is encoded.
func (m *operationMemory) encoded(size int) {
	m.releasePages()
	if m.whole != nil {
		m.whole.Shrink(size)
		return
	}
	m.held.Shrink(size)
}

// shrink gives back all but what the pages and the answer take.
func (m *operationMemory) shrink(pages, answer int) {
	switch {
	case m.joined: // another operation has memory for the page
		m.held.Shrink(answer)
	case m.page != nil:
		if pages > 0 { // else others may still wait for the page
			m.page.Shrink(pages)
		}
		m.held.Shrink(answer)
	default:
		m.held.Shrink(pages + answer)
	}
}

// releasePages gives back the memory of the pages.
func (m *operationMemory) releasePages() {
	if m.page != nil {
		m.page.Release()
		m.page = nil
	}
	for _, share := range m.more {
		share.Release()
	}
	m.more = nil
}

// release gives everything back.
func (m *operationMemory) release() {
	m.releasePages()
	m.held.Release()
	if m.whole != nil {
		m.whole.Release()
	}
}

// pageMemory is the memory for the page of a single search. Who gets the page holds
// this memory as well, so that it is counted for as long as somebody has the page: also
// when the operation that reserved it has ended. It implements texter.Reservation.
type pageMemory struct {
	units     *shares.Share
	operation *operationMemory
	holders   atomic.Int32
}

// Hold implements texter.Reservation.
func (m *pageMemory) Hold() { m.holders.Add(1) }

// Release implements texter.Reservation.
func (m *pageMemory) Release() {
	if m.holders.Add(-1) == 0 {
		m.units.Release()
	}
}

// Shrink implements texter.Reservation.
func (m *pageMemory) Shrink(size int) { m.units.Shrink(size) }

// Join implements texter.Reservation. Memory that the same caller has reserved is as
// good as its own. That of another caller is not: somebody who does not read the answer
// would use up what that other caller can have.
func (m *pageMemory) Join(other texter.Reservation) {
	if other, ok := other.(*pageMemory); ok && other.operation.caller == m.operation.caller {
		m.operation.join()
	}
}
