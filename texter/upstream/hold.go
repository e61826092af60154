package upstream

import (
	"hash/maphash"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"texter-graphql/texter"
)

const (
	// unaskedHold is how long a credential is held back after a 429 that does not say
	// how long to wait.
	unaskedHold = time.Second
	// maxUnavailable bounds the wait that a 503 asks for. It speaks of the server, and
	// one of many servers may say it by mistake; the circuit breaker deals with outages.
	maxUnavailable = 30 * time.Second
	// maxHolds is how many credentials are held back at the same time. Beyond that, the
	// one that was held back first may send again. A hold takes about 150 bytes.
	maxHolds = 10_000
)

// heldError is the error of a request that is not sent, because Texter asked its
// credential to wait.
type heldError struct {
	status int // of the response that asked
	left   time.Duration
}

// Error says why.
func (e *heldError) Error() string { return "upstream: Texter asked to wait" }

// RetryAfter is how long the credential is still held back.
func (e *heldError) RetryAfter() time.Duration { return e.left }

// StatusCode is the status by which Texter asked to wait: 429 or 503.
func (e *heldError) StatusCode() int { return e.status }

// hold says until when a credential may send nothing.
type hold struct {
	until  time.Time
	status int
}

// holds are the credentials that are held back, by a hash of the Authorization
// header. Nobody outside can choose values with equal hashes: the seed is secret.
type holds struct {
	began time.Time
	last  atomic.Int64 // when the last hold ends, in nanoseconds after began; most requests read only this
	seed  maphash.Seed

	mu    sync.Mutex
	byKey *simplelru.LRU[uint64, hold]
}

func newHolds() *holds {
	h := &holds{began: time.Now(), seed: maphash.MakeSeed()}
	h.byKey, _ = simplelru.NewLRU[uint64, hold](maxHolds, nil) // errors only for a size below 1
	return h
}

// asked is how long a response asks its credential to wait; 0 if it does not.
func asked(res *http.Response, now time.Time) time.Duration {
	switch wait := texter.RetryAfter(res.Header, now); {
	case res.StatusCode == http.StatusServiceUnavailable:
		return min(wait, maxUnavailable)
	case res.StatusCode == http.StatusTooManyRequests && wait == 0:
		return unaskedHold
	case res.StatusCode == http.StatusTooManyRequests:
		return wait
	}
	return 0
}

// add holds back the credential of a request, if its response asks for that. A
// hold never becomes shorter.
func (h *holds) add(authorization string, res *http.Response) {
	if res.StatusCode < http.StatusBadRequest || authorization == "" {
		return
	}
	now := time.Now()
	wait := asked(res, now)
	if wait == 0 {
		return
	}
	next := hold{now.Add(wait), res.StatusCode}
	h.mu.Lock()
	defer h.mu.Unlock()
	key := maphash.String(h.seed, authorization)
	if current, ok := h.byKey.Peek(key); ok && current.until.After(next.until) {
		return
	}
	h.byKey.Add(key, next)
	h.last.Store(max(h.last.Load(), int64(next.until.Sub(h.began))))
}

// held returns the error for a request of a credential that is held back, or nil.
func (h *holds) held(authorization string) *heldError {
	last := h.last.Load()
	if last == 0 {
		return nil
	}
	now := time.Now()
	if int64(now.Sub(h.began)) >= last {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	key := maphash.String(h.seed, authorization)
	current, ok := h.byKey.Peek(key)
	if !ok {
		return nil
	}
	left := current.until.Sub(now)
	if left <= 0 {
		h.byKey.Remove(key)
		return nil
	}
	return &heldError{current.status, left}
}

// HeldBack returns how long calls with an API token are held back, because Texter
// answered one of them with 429, or with 503 and Retry-After; 0 if they are not.
// Until then, RoundTrip sends none of them. Who asks again and again, such as a
// feed, waits for that long, and then asks on.
func (t *Transport) HeldBack(token string) time.Duration {
	if held := t.holds.held("Bearer " + token); held != nil {
		return held.left
	}
	return 0
}
