package texter

import (
	"slices"
	"sync"
)

// Memo remembers a few things that were made of a page, such as the page in
// another format, for as long as the page is kept. It is safe for concurrent
// use. A nil Memo remembers nothing.
type Memo struct {
	maxBytes int

	mu    sync.Mutex
	bytes int
	made  []remembered // in the order of last use
}

type remembered struct {
	key, made any
	bytes     int
}

// A memo may take memoFactor times the bytes of the page's body, and memoBase
// bytes more: what is made of a page without rows is larger than its body.
const (
	memoFactor = 3
	memoBase   = 1 << 10
)

// MemoLength is how many things a Memo remembers at most.
const MemoLength = 4

// Keep pins the page and gives it a Memo, and adds what that may take to Size.
// It must be called before others hold the page.
func (p *SearchPage) Keep() {
	p.Pin()
	if p.Memo == nil {
		p.Memo = &Memo{maxBytes: memoBase + memoFactor*len(p.body)}
		p.Size += p.Memo.maxBytes
	}
}

// Recall returns what was made for an equal key, or nil. What it returns is
// read-only.
func (m *Memo) Recall(key any) any {
	if m == nil {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	i := m.find(key)
	if i < 0 {
		return nil
	}
	found := m.made[i]
	m.made = append(slices.Delete(m.made, i, i+1), found)
	return found.made
}

// Remember calls made and keeps the result for a key, which must be comparable.
// The result takes so many bytes. Remember does not call made if that is too
// large, or if it has a result for an equal key. If there is too little room, it
// drops what was used least recently.
func (m *Memo) Remember(key any, bytes int, made func() any) {
	if m == nil || bytes > m.maxBytes || m.Recall(key) != nil {
		return
	}
	r := remembered{key, made(), bytes}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.find(key) >= 0 { // another caller was faster
		return
	}
	for len(m.made) == MemoLength || m.bytes+bytes > m.maxBytes {
		m.bytes -= m.made[0].bytes
		m.made = slices.Delete(m.made, 0, 1)
	}
	m.made = append(m.made, r)
	m.bytes += bytes
}

// find returns the index of a key, -1 if it is not there. The caller holds mu.
func (m *Memo) find(key any) int {
	return slices.IndexFunc(m.made, func(r remembered) bool { return r.key == key })
}
