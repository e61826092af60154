package cache

import (
	"math"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"texter-graphql/texter"
)

// store keeps pages in memory, up to a number of bytes. The page that was used
// least recently goes first, and no page stays longer than life. Each page has
// an index of the answers that were made of it: see answer.go.
type store struct {
	maxBytes int
	life     time.Duration

	mu           sync.Mutex // guards all that follows
	closed       bool
	bytes        int
	evictions    int
	entries      *simplelru.LRU[key, *entry]
	byCredential map[credentialHash]map[key]struct{}
	byPage       map[*texter.SearchPage]key
	byAnswer     map[answerKey]key // the page that the answer was made of
}

// entry is a kept page.
type entry struct {
	timedPage
	bytes  int
	expiry *time.Timer

	// The last answers that were made of the page once, and the answers that the
	// page remembers, oldest first.
	seen, answers []answerKey
}

// overhead is about how many bytes a page takes besides itself and its query:
// in maps and lists, for its answers too, and for its timer.
const overhead = 1500

func newStore(maxBytes int, life time.Duration) *store {
	s := &store{
		maxBytes: maxBytes, life: life, byCredential: map[credentialHash]map[key]struct{}{},
		byPage: map[*texter.SearchPage]key{}, byAnswer: map[answerKey]key{},
	}
	s.entries, _ = simplelru.NewLRU(math.MaxInt, s.removed) // errors only for a size below 1
	return s
}

// page returns the page of a key and its age. It returns nil if there is none.
func (s *store) page(k key) (*texter.SearchPage, time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, ok := s.entries.Get(k)
	if !ok {
		return nil, 0
	}
	return e.page, time.Since(e.askedAt)
}

// keep keeps a page, unless the page is too old or too large, or the store has a
// newer one.
func (s *store) keep(k key, p timedPage) {
	left := s.life - time.Since(p.askedAt)
	if left <= 0 {
		return
	}
	p.page.Keep()
	e := &entry{timedPage: p, bytes: p.page.Size + len(k.query) + overhead}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || e.bytes > s.maxBytes {
		return
	}
	if current, ok := s.entries.Peek(k); ok && p.askedAt.Before(current.askedAt) {
		return
	}
	s.entries.Remove(k)
	for s.bytes+e.bytes > s.maxBytes {
		s.entries.RemoveOldest()
		s.evictions++
	}
	e.expiry = time.AfterFunc(left, func() { s.expire(k, e) })
	s.add(k, e)
}

// add puts an entry into the maps and the list. The caller holds mu.
func (s *store) add(k key, e *entry) {
	s.entries.Add(k, e)
	s.bytes += e.bytes
	s.byPage[e.page] = k
	if s.byCredential[k.credential] == nil {
		s.byCredential[k.credential] = map[key]struct{}{}
	}
	s.byCredential[k.credential][k] = struct{}{}
}

// removed undoes add, after the list has dropped the entry. The caller holds mu.
func (s *store) removed(k key, e *entry) {
	e.expiry.Stop()
	delete(s.byPage, e.page)
	for _, a := range e.answers {
		delete(s.byAnswer, a)
	}
	e.page = nil // a stopped timer may hold the entry for a while
	s.bytes -= e.bytes
	delete(s.byCredential[k.credential], k)
	if len(s.byCredential[k.credential]) == 0 {
		delete(s.byCredential, k.credential)
	}
}

// expire drops an entry, unless another one has replaced it.
func (s *store) expire(k key, e *entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if current, ok := s.entries.Peek(k); ok && current == e {
		s.entries.Remove(k)
	}
}

// purge drops all pages of a credential.
func (s *store) purge(c credentialHash) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k := range s.byCredential[c] {
		s.entries.Remove(k)
	}
}

// close drops all pages, stops their timers, and keeps no page from now on.
func (s *store) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.entries.Purge()
}
