package upstream

import (
	"context"
	"crypto/tls"
	"errors"
	"math/rand/v2"
	"net/http"
	"sync/atomic"
	"time"

	"texter-graphql/texter"
)

// isTemporary reports whether the same request may succeed a moment later.
func isTemporary(res *http.Response, err error) bool {
	if err != nil {
		_, refused := errors.AsType[*refusal](err)
		_, held := errors.AsType[*heldError](err)
		_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
		return !refused && !held && !untrusted
	}
	switch res.StatusCode {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// firstPause is the average pause before the first retry. The second pause is
// twice as long.
const firstPause = 100 * time.Millisecond

// retryPause is how long to wait after an attempt: as long as the response asks
// for, or firstPause plus or minus half. It is random, so that callers whose
// requests failed together do not come back together.
func retryPause(res *http.Response, number int) time.Duration {
	pause := firstPause << (number - 1)
	jitter := rand.N(pause)
	if res != nil {
		now := time.Now()
		if wait := max(asked(res, now), texter.RetryAfter(res.Header, now)); wait > 0 {
			return wait + jitter
		}
	}
	return pause/2 + jitter
}

// hasTime reports whether ctx lasts longer than the pause.
func hasTime(ctx context.Context, pause time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return ctx.Err() == nil && (!ok || time.Until(deadline) > pause)
}

func sleep(ctx context.Context, pause time.Duration) error {
	select {
	case <-time.After(pause):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// budget bounds the retries: 50 at once, and then one for every 20 requests. So
// from 1,000 requests on, retries add at most a tenth, no matter how long Texter
// fails.
type budget struct {
	tokens atomic.Int64 // a request adds one
}

const (
	tokensPerRetry = 20
	maxTokens      = 50 * tokensPerRetry
)

func (b *budget) deposit() {
	if b.tokens.Load() < maxTokens { // concurrent requests can exceed it by a few
		b.tokens.Add(1)
	}
}

func (b *budget) withdraw() bool {
	if b.tokens.Add(-tokensPerRetry) >= 0 {
		return true
	}
	b.tokens.Add(tokensPerRetry)
	return false
}
