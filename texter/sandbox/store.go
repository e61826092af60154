package sandbox

import (
	"slices"
	"sync"
)

// store holds the chats in the order of the search.
type store struct {
	order func(a, b *row) int

	mu     sync.RWMutex
	rows   []*row // sorted by order
	byID   map[string]*row
	latest int64 // time of the latest message of all that were stored, in epoch milliseconds
}

func newStore(messagelessFirst bool) *store {
	return &store{
		order: func(a, b *row) int { return compare(a, b, messagelessFirst) },
		byID:  map[string]*row{},
	}
}

// fill puts the first chats into an empty store.
func (s *store) fill(chats []Chat) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rows = make([]*row, 0, len(chats))
	for _, c := range chats {
		r := newRow(c)
		s.rows = append(s.rows, r)
		s.byID[c.ID] = r
		s.latest = max(s.latest, r.last)
	}
	slices.SortFunc(s.rows, s.order)
}

// search returns the rows of one page, and the number of all matches.
func (s *store) search(q *query) (page []*row, total int) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	page = make([]*row, 0, min(q.limit, len(s.rows)))
	for _, r := range s.rows {
		if !q.matches(r) {
			continue
		}
		if total >= q.skip && len(page) < q.limit {
			page = append(page, r)
		}
		total++
	}
	return page, total
}

func (s *store) all() []Chat {
	s.mu.RLock()
	defer s.mu.RUnlock()
	chats := make([]Chat, len(s.rows))
	for i, r := range s.rows {
		chats[i] = r.chat.clone()
	}
	return chats
}

// find returns a copy of a chat.
func (s *store) find(id string) (Chat, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if r, ok := s.byID[id]; ok {
		return r.chat.clone(), true
	}
	return Chat{}, false
}

// put stores a chat, in place of the chat that has the same id.
func (s *store) put(c Chat) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.place(c)
}

// change lets edit change a copy of a chat, and stores the result under the same
// id. edit also gets the time of the latest message.
func (s *store) change(id string, edit func(c *Chat, latest int64)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.byID[id]
	if !ok {
		return false
	}
	c := r.chat.clone()
	edit(&c, s.latest)
	c.ID = id
	s.place(c)
	return true
}

func (s *store) remove(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.drop(id)
}

// place stores a chat in its order. The caller holds mu. The row is made first: if
// that panics, nothing has changed.
func (s *store) place(c Chat) {
	r := newRow(c)
	s.drop(c.ID)
	i, _ := slices.BinarySearchFunc(s.rows, r, s.order)
	s.rows = slices.Insert(s.rows, i, r)
	s.byID[c.ID] = r
	s.latest = max(s.latest, r.last)
}

// drop removes a chat, and reports whether it was there. The caller holds mu.
func (s *store) drop(id string) bool {
	r, ok := s.byID[id]
	if !ok {
		return false
	}
	i, _ := slices.BinarySearchFunc(s.rows, r, s.order)
	s.rows = slices.Delete(s.rows, i, i+1)
	delete(s.byID, id)
	return true
}
