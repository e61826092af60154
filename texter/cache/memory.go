package cache

import (
	"math"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"texter-graphql/texter"
)

// memory keeps pages within a number of bytes: what was used least recently
// goes first, and nothing stays longer than life.
type memory struct {
	maxBytes int
	life     time.Duration

	mu           sync.Mutex
	bytes        int
	pages        *simplelru.LRU[key, *kept]
	byCredential map[credentialHash]map[key]struct{}
	byPage       map[*texter.SearchPage]key
	byAnswer     map[answerKey]key // of the page that the answer was made of
}

// kept is a page that is kept.
type kept struct {
	found
	bytes  int
	expiry *time.Timer

	seen    []answerKey // of answers that were made of it once, the last ones
	answers []answerKey // of those that it remembers: see memory.byAnswer
}

// overhead is about how many bytes a page takes besides itself and its query:
// its entries in maps and lists, those of its answers too, and its timer.
const overhead = 1500

func newMemory(maxBytes int, life time.Duration) *memory {
	m := &memory{
		maxBytes: maxBytes, life: life, byCredential: map[credentialHash]map[key]struct{}{},
		byPage: map[*texter.SearchPage]key{}, byAnswer: map[answerKey]key{},
	}
	m.pages, _ = simplelru.NewLRU(math.MaxInt, m.forget) // errors only for a size below one
	return m
}

// page returns the page of a key and its age, or nil.
func (m *memory) page(k key) (*texter.SearchPage, time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.pages.Get(k)
	if !ok {
		return nil, 0
	}
	return e.page, time.Since(e.asOf)
}

// keep keeps a page, unless it is too old or too large to be kept, or older
// than the one that is there.
func (m *memory) keep(k key, f found) {
	left := m.life - max(0, time.Since(f.asOf)) // the clocks of other instances may differ
	if left <= 0 {
		return
	}
	f.page.Keep()
	e := &kept{found: f, bytes: f.page.Size + len(k.query) + overhead}
	if e.bytes > m.maxBytes {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if old, ok := m.pages.Peek(k); ok && f.asOf.Before(old.asOf) {
		return
	}
	m.pages.Remove(k)
	for m.bytes+e.bytes > m.maxBytes {
		m.pages.RemoveOldest()
	}
	e.expiry = time.AfterFunc(left, func() { m.expire(k, e) })
	m.pages.Add(k, e)
	m.bytes += e.bytes
	m.byPage[f.page] = k
	if m.byCredential[k.credential] == nil {
		m.byCredential[k.credential] = map[key]struct{}{}
	}
	m.byCredential[k.credential][k] = struct{}{}
}

// forget settles what is to be settled when a page goes. It has the lock.
func (m *memory) forget(k key, e *kept) {
	e.expiry.Stop()
	delete(m.byPage, e.page)
	for _, a := range e.answers {
		delete(m.byAnswer, a)
	}
	e.page = nil // a stopped timer may hold e for a while
	m.bytes -= e.bytes
	delete(m.byCredential[k.credential], k)
	if len(m.byCredential[k.credential]) == 0 {
		delete(m.byCredential, k.credential)
	}
}

// expire drops a page, unless it was replaced.
func (m *memory) expire(k key, e *kept) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if current, ok := m.pages.Peek(k); ok && current == e {
		m.pages.Remove(k)
	}
}

// purge drops all pages of a credential.
func (m *memory) purge(c credentialHash) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for k := range m.byCredential[c] {
		m.pages.Remove(k)
	}
}
