package texter

import "sync/atomic"

// Memo remembers one thing that was made of a page, such as the page in
// another format, for as long as the page is kept. It is safe for concurrent
// use; a nil Memo remembers nothing.
type Memo struct {
	maxBytes int
	last     atomic.Pointer[remembered]
}

type remembered struct {
	key  any
	made []byte
}

// memoFactor is how many times the body of a page its memo may take.
const memoFactor = 3

// Keep gives the page a Memo, and adds what that may take to Size. It must
// come before others share the page.
func (p *SearchPage) Keep() {
	if p.Memo == nil {
		p.Memo = &Memo{maxBytes: memoFactor * len(p.Body)}
		p.Size += p.Memo.maxBytes
	}
}

// Recall returns what was made for an equal key last, or nil. It is read-only.
func (m *Memo) Recall(key any) []byte {
	if m == nil {
		return nil
	}
	if r := m.last.Load(); r != nil && r.key == key {
		return r.made
	}
	return nil
}

// Remember keeps a copy of what was made for a key, which must be comparable,
// in place of what was made last; unless that is too large.
func (m *Memo) Remember(key any, made []byte) {
	if m != nil && len(made) <= m.maxBytes {
		m.last.Store(&remembered{key, append([]byte(nil), made...)})
	}
}
