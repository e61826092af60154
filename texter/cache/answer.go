package cache

import (
	"context"
	"crypto/sha256"
	"slices"
	"time"

	"texter-graphql/texter"
)

// answerKey identifies a finished answer.
type answerKey struct {
	credential credentialHash
	request    requestHash
}

// requestHash is a keyed hash of a request. It is shorter than the request, and
// does not show what was searched for.
type requestHash [sha256.Size]byte

// Remember implements texter.Answers. The page keeps the answer in its Memo,
// which bounds it. An answer is kept when it is made of the page for the second
// time. So answers that are asked for once drop none that are asked for again.
func (c *Cache) Remember(ctx context.Context, page *texter.SearchPage, bytes int, answer func() any, request ...string) {
	if a, ok := c.answerKey(ctx, request); ok && c.pages.admitAnswer(a, page, c.options.TTL) {
		page.Memo.Remember(a, bytes, answer)
	}
}

// Recall implements texter.Answers. It returns an answer only as long as a
// search for the page of the answer would be a Hit, and counts as a Hit itself.
func (c *Cache) Recall(ctx context.Context, request ...string) any {
	a, ok := c.answerKey(ctx, request)
	if !ok {
		return nil
	}
	answer, age := c.pages.answer(a)
	if answer == nil || age >= c.options.TTL {
		return nil
	}
	c.options.Observe(ctx, Hit)
	return answer
}

// answerKey returns the key of the answer to a request. It returns false if the
// caller shares nothing.
func (c *Cache) answerKey(ctx context.Context, request []string) (answerKey, bool) {
	credential, ok := c.credential(ctx)
	if !ok {
		return answerKey{}, false
	}
	return answerKey{c.hasher.credential(credential), requestHash(c.hasher.hash(request...))}, true
}

// admitAnswer reports whether a page may remember an answer, and then lets the
// answer be found by its key. The page must be kept, be of the credential of the
// answer and be younger than ttl, and the answer must have been made of it before.
func (s *store) admitAnswer(a answerKey, page *texter.SearchPage, ttl time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.byPage[page]
	if !ok || k.credential != a.credential {
		return false
	}
	e, _ := s.entries.Peek(k)
	if time.Since(e.askedAt) >= ttl {
		return false
	}
	if !slices.Contains(e.seen, a) {
		e.seen = appendBounded(e.seen, a)
		return false
	}
	if !slices.Contains(e.answers, a) {
		if len(e.answers) == texter.MemoLength {
			delete(s.byAnswer, e.answers[0])
		}
		e.answers = appendBounded(e.answers, a)
	}
	s.byAnswer[a] = k
	return true
}

// appendBounded appends to a list. If the list has as many answers as a Memo
// holds, it drops the first one.
func appendBounded(list []answerKey, a answerKey) []answerKey {
	if len(list) == texter.MemoLength {
		list = slices.Delete(list, 0, 1)
	}
	return append(list, a)
}

// answer returns an answer and the age of its page, which counts as used. It
// returns nil if there is no such answer.
func (s *store) answer(a answerKey) (answer any, age time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.byAnswer[a]
	if !ok {
		return nil, 0
	}
	e, _ := s.entries.Get(k)
	return e.page.Memo.Recall(a), time.Since(e.askedAt)
}
