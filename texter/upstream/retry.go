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

// worthRetrying reports whether the same request may well succeed a moment
// later.
func worthRetrying(res *http.Response, err error) bool {
	if err != nil {
		_, refused := errors.AsType[*refusal](err)
		_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
		return !refused && !untrusted
	}
	switch res.StatusCode {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// firstPause is the average pause before the first retry. It doubles for the
// second.
const firstPause = 100 * time.Millisecond

// retryPause is how long to wait after an attempt: what the answer asks for, or
// else firstPause give or take half, so that callers that failed together do
// not return together.
func retryPause(res *http.Response, number int) time.Duration {
	pause := firstPause << (number - 1)
	jitter := rand.N(pause)
	if res != nil {
		if asked := texter.RetryAfter(res.Header, time.Now()); asked > 0 {
			return asked + jitter
		}
	}
	return pause/2 + jitter
}

// fits reports whether the request still wants an answer after the pause.
func fits(ctx context.Context, pause time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return ctx.Err() == nil && (!ok || time.Until(deadline) > pause)
}

func sleep(ctx context.Context, pause time.Duration) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// budget bounds the retries: a burst of 50, and then one for every 20 requests.
// So from 1,000 requests on Texter sees at most a tenth more, however long it
// fails.
type budget struct {
	tokens atomic.Int64 // a request brings one
}

const (
	tokensPerRetry = 20
	maxTokens      = 50 * tokensPerRetry
)

func (b *budget) deposit() {
	if b.tokens.Load() < maxTokens { // give or take a few at once
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
