package redisclient

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"texter-graphql/internal/failure"
)

// retryAfter is how long Redis is not asked after it failed. Then one caller tries
// it again.
const retryAfter = time.Second

// Guard sends commands to Redis for one part of the service. After a failure, it
// sends none for a second. It is safe for concurrent use.
type Guard struct {
	client  *Client
	changed func(context.Context, error)

	retryAt atomic.Int64 // Unix nanoseconds; 0 while Redis works
	closed  atomic.Bool
}

// Guard makes a guard. It calls changed with the reason when Redis fails, about once
// a second as long as it fails, and with nil when it works again. The error holds no
// key, value or address. Nil means that nobody is told.
func (c *Client) Guard(changed func(context.Context, error)) *Guard {
	if changed == nil {
		changed = func(context.Context, error) {}
	}
	return &Guard{client: c, changed: changed}
}

// Errors of Do.
var (
	// ErrNotAsked says that Redis failed a moment ago, so that nothing was sent.
	ErrNotAsked = errors.New("redisclient: Redis failed a moment ago")
	// ErrStrangeAnswer is for callers of Do to return: the answer is not one to the
	// command, as from something that is not Redis.
	ErrStrangeAnswer = errors.New("an answer to another command")
)

// Do calls ask with the client, unless Redis failed a moment ago. It takes no longer
// than Options.Timeout, and goes on when ctx ends. An error of ask is a failure of
// Redis, but for redis.Nil, which says that there is no value.
func (g *Guard) Do(ctx context.Context, ask func(context.Context, redis.UniversalClient) error) error {
	retryAt, ok := g.admit()
	if !ok {
		return ErrNotAsked
	}
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), g.client.timeout)
	defer cancel()
	err := g.client.use(limited, ask)
	switch {
	case err == nil || errors.Is(err, redis.Nil):
		if g.retryAt.Load() != 0 && g.retryAt.Swap(0) != 0 {
			g.changed(ctx, nil)
		}
	case g.closed.Load(): // that is why it failed
	case g.retryAt.CompareAndSwap(retryAt, time.Now().Add(retryAfter).UnixNano()): // only the first of many reports a failure
		g.changed(ctx, describe(err))
	}
	return err
}

// Close makes later failures go unreported: the client is about to be closed.
func (g *Guard) Close() { g.closed.Store(true) }

// admit reports whether Redis may be asked. Some time after a failure, it admits
// one caller to try. It also returns the value of retryAt that a new failure
// replaces.
func (g *Guard) admit() (retryAt int64, ok bool) {
	retryAt = g.retryAt.Load()
	if retryAt == 0 {
		return 0, true
	}
	now := time.Now()
	next := now.Add(retryAfter).UnixNano()
	if now.UnixNano() < retryAt || !g.retryAt.CompareAndSwap(retryAt, next) {
		return 0, false
	}
	return next, true
}

// describe says what failed, without the values that it failed on.
func describe(err error) error {
	if errors.Is(err, ErrStrangeAnswer) {
		return err
	}
	if refusal, ok := errors.AsType[redis.Error](err); ok {
		code, _, _ := strings.Cut(refusal.Error(), " ") // such as WRONGPASS
		return fmt.Errorf("refused: %s", code)
	}
	return fmt.Errorf("no response: %s", failure.Of(err))
}
