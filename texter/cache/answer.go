package cache

import (
	"context"
	"crypto/sha256"
	"slices"
	"time"

	"texter-graphql/texter"
)

// answerKey is what an answer is remembered by.
type answerKey struct {
	credential credentialHash
	request    requestHash
}

// requestHash is a keyed hash of all that tells a request from others. The
// request itself can be long, and says what was searched for.
type requestHash [sha256.Size]byte

// Remember keeps an answer that is made of one page alone, for as long as that
// page is kept: see texter.Memo, which bounds it. The request is all that the
// answer depends on besides the page and the credential.
//
// An answer is kept once it was made of the page for the second time. So
// requests of which no two are equal push nothing out.
func (c *Cache) Remember(ctx context.Context, page *texter.SearchPage, bytes int, answer func() any, request ...string) {
	if a, ok := c.answerKey(ctx, request); ok && c.memory.remembers(a, page, c.options.TTL) {
		page.Memo.Remember(a, bytes, answer)
	}
}

// Recall returns what was remembered for an equal request of the same
// credential, or nil: only while a search for the page would be a Hit, as which
// it counts.
func (c *Cache) Recall(ctx context.Context, request ...string) any {
	a, ok := c.answerKey(ctx, request)
	if !ok {
		return nil
	}
	answer, age := c.memory.recall(a)
	if answer == nil || age >= c.options.TTL {
		return nil
	}
	c.options.Observe(ctx, Hit)
	return answer
}

// answerKey reports whether there can be an answer at all.
func (c *Cache) answerKey(ctx context.Context, request []string) (a answerKey, ok bool) {
	if c.options.TTL == 0 {
		return a, false
	}
	credential, err := c.options.Credential(ctx)
	if err != nil || credential == "" {
		return a, false
	}
	return answerKey{c.keys.credential(credential), requestHash(c.keys.hash(request...))}, true
}

// remembers decides whether a page is to remember an answer, which is then
// found: if the page is kept, is of the answer's credential and younger than
// ttl, and has seen the request before.
func (m *memory) remembers(a answerKey, page *texter.SearchPage, ttl time.Duration) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, ok := m.byPage[page]
	if !ok || k.credential != a.credential {
		return false
	}
	e, _ := m.pages.Peek(k)
	if time.Since(e.asOf) >= ttl {
		return false
	}
	if !slices.Contains(e.seen, a) {
		e.seen = push(e.seen, a)
		return false
	}
	if !slices.Contains(e.answers, a) {
		if len(e.answers) == texter.MemoLength {
			delete(m.byAnswer, e.answers[0])
		}
		e.answers = push(e.answers, a)
	}
	m.byAnswer[a] = k
	return true
}

// push appends to a list that is as long as what a page remembers, and drops
// the oldest for that.
func push(list []answerKey, a answerKey) []answerKey {
	if len(list) == texter.MemoLength {
		list = slices.Delete(list, 0, 1)
	}
	return append(list, a)
}

// recall returns an answer and the age of its page, which was used with it; or
// nil. What forget has seen go is not found.
func (m *memory) recall(a answerKey) (answer any, age time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, ok := m.byAnswer[a]
	if !ok {
		return nil, 0
	}
	e, _ := m.pages.Get(k)
	return e.page.Memo.Recall(a), time.Since(e.asOf)
}
