package cache

import (
	"math"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"texter-graphql/texter"
)

// maxKeptLabels bounds the labels that are kept for all credentials together. A
// label takes about 200 bytes.
const maxKeptLabels = 200_000

// labelFetch is one call for labels, which several callers may wait for.
type labelFetch struct {
	done chan struct{} // closed once the rest is set

	labels   *texter.Labels
	askedAt  time.Time
	outcome  Outcome // Miss or Redis
	err      error
	panicked *Panic
}

// labelStore keeps the labels of credentials. It is safe for concurrent use.
type labelStore struct {
	mu       sync.Mutex
	count    int // of labels in all entries
	entries  *simplelru.LRU[credentialHash, *labelFetch]
	fetching map[credentialHash]*labelFetch
}

func newLabelStore() *labelStore {
	s := &labelStore{fetching: map[credentialHash]*labelFetch{}}
	s.entries, _ = simplelru.NewLRU(math.MaxInt, func(_ credentialHash, f *labelFetch) { s.count -= size(f) }) // errors only for a size below one
	return s
}

// size is how many labels an entry counts for: one at least, so that empty lists
// are bounded too.
func size(f *labelFetch) int { return len(f.labels.Listed) + 1 }

// kept returns the labels of a credential and their age, or nil.
func (s *labelStore) kept(hash credentialHash) (*texter.Labels, time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, ok := s.entries.Get(hash)
	if !ok {
		return nil, 0
	}
	return f.labels, time.Since(f.askedAt)
}

// join returns the call for the labels of a credential, which the first caller
// has to run.
func (s *labelStore) join(hash credentialHash) (f *labelFetch, first bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f, ok := s.fetching[hash]; ok {
		return f, false
	}
	f = &labelFetch{done: make(chan struct{})}
	s.fetching[hash] = f
	return f, true
}

// finish ends a call, and keeps its labels unless the credential was purged since
// it began.
func (s *labelStore) finish(hash credentialHash, f *labelFetch, keep bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fetching[hash] != f {
		return
	}
	delete(s.fetching, hash)
	if !keep || f.err != nil || f.labels == nil || size(f) > maxKeptLabels {
		return
	}
	s.entries.Remove(hash)
	s.entries.Add(hash, f)
	s.count += size(f)
	for s.count > maxKeptLabels {
		s.entries.RemoveOldest()
	}
}

// purge drops the labels of a credential. Those that are being asked for are not
// kept.
func (s *labelStore) purge(hash credentialHash) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entries.Remove(hash)
	delete(s.fetching, hash)
}
