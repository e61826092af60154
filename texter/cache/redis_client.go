package cache

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/redis/go-redis/v9/maintnotifications"

	"texter-graphql/internal/failure"
)

// CheckRedisURL errors if New would not take a URL of Redis. Its error does not
// quote the URL.
func CheckRedisURL(raw string) error {
	_, err := parseRedisURL(raw)
	return err
}

func parseRedisURL(raw string) (*redis.Options, error) {
	options, err := redis.ParseURL(raw)
	if err != nil {
		return nil, errors.New("the URL of Redis must look like redis://host:6379/0 or rediss://user@host:6380")
	}
	return options, nil
}

// retryAfter is how long Redis is not asked after it failed. Then one search tries
// it again.
const retryAfter = time.Second

// redisClient sends commands to Redis. After a failure, it sends none for a
// while.
type redisClient struct {
	client  *redis.Client
	timeout time.Duration
	failed  func(context.Context, error)

	retryAt atomic.Int64 // Unix nanoseconds; 0 while Redis works
	closed  atomic.Bool
}

func newRedisClient(o RedisOptions) (*redisClient, error) {
	options, err := parseRedisURL(o.URL)
	if err != nil {
		return nil, err
	}
	options.Password = cmp.Or(o.Password, options.Password)
	timeout := cmp.Or(o.Timeout, DefaultRedisTimeout)
	options.DialTimeout, options.ReadTimeout, options.WriteTimeout, options.PoolTimeout = timeout, timeout, timeout, timeout
	options.ContextTimeoutEnabled, options.MaxRetries, options.DialerRetries = true, -1, 1
	options.DisableIdentity = true
	options.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	logging.Disable() // it would write addresses to the standard error
	if o.Failed == nil {
		o.Failed = func(context.Context, error) {}
	}
	return &redisClient{client: redis.NewClient(options), timeout: timeout, failed: o.Failed}, nil
}

var (
	errNotAsked      = errors.New("cache: Redis failed a moment ago")
	errStrangeAnswer = errors.New("an answer to another command") // as from something that is not Redis
)

// do calls ask with the client, unless Redis failed a moment ago. It takes no
// longer than the timeout, and goes on when ctx ends.
func (c *redisClient) do(ctx context.Context, ask func(context.Context, *redis.Client) error) error {
	retryAt, ok := c.admit()
	if !ok {
		return errNotAsked
	}
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.timeout)
	defer cancel()
	err := ask(limited, c.client)
	switch {
	case err == nil:
		c.retryAt.Store(0)
	case c.closed.Load(): // that is why it failed
	case c.retryAt.CompareAndSwap(retryAt, time.Now().Add(retryAfter).UnixNano()): // only the first of many reports a failure
		c.failed(ctx, describe(err))
	}
	return err
}

// admit reports whether Redis may be asked. Some time after a failure, it admits
// one caller to try. It also returns the value of retryAt that a new failure
// replaces.
func (c *redisClient) admit() (retryAt int64, ok bool) {
	retryAt = c.retryAt.Load()
	if retryAt == 0 {
		return 0, true
	}
	now := time.Now()
	next := now.Add(retryAfter).UnixNano()
	if now.UnixNano() < retryAt || !c.retryAt.CompareAndSwap(retryAt, next) {
		return 0, false
	}
	return next, true
}

// close disconnects from Redis, and cuts commands that are under way.
func (c *redisClient) close() {
	c.closed.Store(true)
	_ = c.client.Close() // what fails here is closed all the same
}

// describe says what failed, without the values that it failed on.
func describe(err error) error {
	if errors.Is(err, errStrangeAnswer) {
		return err
	}
	if refusal, ok := errors.AsType[redis.Error](err); ok {
		code, _, _ := strings.Cut(refusal.Error(), " ") // such as WRONGPASS
		return fmt.Errorf("refused: %s", code)
	}
	return fmt.Errorf("no response: %s", failure.Of(err))
}
