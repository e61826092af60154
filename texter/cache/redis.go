package cache

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// RedisOptions say where several instances share their pages.
type RedisOptions struct {
	// URL is redis:, rediss: or unix:, as redis.ParseURL takes it.
	URL string
	// Password replaces the URL's, if it is not empty.
	Password string
	// Key encrypts what is shared: MinKeyLength bytes or more, which nobody can
	// guess. Instances share pages if they have the same.
	Key string
	// Failed is told why Redis was of no use, about once in a second as long as
	// that lasts. The error holds no key, value or address. Nil is for none.
	Failed func(context.Context, error)
}

// CheckRedisURL errors if New would not take a URL of Redis. Its error does not
// quote the URL.
func CheckRedisURL(raw string) error {
	_, err := parseRedisURL(raw)
	return err
}

func parseRedisURL(raw string) (*redis.Options, error) {
	options, err := redis.ParseURL(raw)
	if err != nil {
		return nil, errors.New("the URL of Redis must be such as redis://host:6379/0 or rediss://user@host:6380")
	}
	return options, nil
}

const (
	// redisTimeout bounds what a search waits for Redis.
	redisTimeout = 250 * time.Millisecond
	// redisPause is for how long Redis is left alone after it failed; then one
	// search tries it.
	redisPause = time.Second
	// searchTime is longer than a search takes.
	searchTime = time.Minute
	// maxShared is the largest body that is shared, in bytes: one that is read
	// within redisTimeout on an ordinary network.
	maxShared = 1 << 20
)

// shared keeps pages in Redis, encrypted. Without Redis it has none.
//
// A page can be read only with the generation of its credential: a random word
// that stands in Redis itself, is read before Texter is asked and is gone once
// Texter refuses the credential. So nothing from before a refusal can be read
// after it, though it may be written.
type shared struct {
	client *redis.Client
	keys   *keys
	sealer sealer
	life   time.Duration
	failed func(context.Context, error)

	retryAt       atomic.Int64 // Unix nanoseconds; 0 while Redis answers
	distrustUntil atomic.Int64 // the same: pages in it may be of refused credentials
}

func newShared(o RedisOptions, keys *keys, life time.Duration) (*shared, error) {
	options, err := parseRedisURL(o.URL)
	if err != nil {
		return nil, fmt.Errorf("cache: %w", err)
	}
	if len(o.Key) < MinKeyLength {
		return nil, fmt.Errorf("cache: RedisOptions.Key must have at least %d bytes", MinKeyLength)
	}
	if o.Password != "" {
		options.Password = o.Password
	}
	options.DialTimeout, options.ReadTimeout, options.WriteTimeout, options.PoolTimeout = redisTimeout, redisTimeout, redisTimeout, redisTimeout
	options.ContextTimeoutEnabled, options.MaxRetries, options.DialerRetries = true, -1, 1
	options.DisableIdentity = true
	options.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	logging.Disable() // it would write addresses to the standard error
	if o.Failed == nil {
		o.Failed = func(context.Context, error) {}
	}
	return &shared{
		client: redis.NewClient(options), keys: keys, life: life, failed: o.Failed,
		sealer: sealer{derive(o.Key, "pages")},
	}, nil
}

// generationName is where in Redis the generation of a credential is.
func (s *shared) generationName(c credentialHash) string {
	return "texter-graphql:generation:" + hex.EncodeToString(c[:])
}

// pageName is where in Redis a page is.
func (s *shared) pageName(k key) string {
	sum := s.keys.hash(string(k.credential[:]), k.query)
	return "texter-graphql:page:" + hex.EncodeToString(sum[:])
}

// load returns the generation to save with, or "" if Redis is of no use, and
// the body that is kept for a key and when it was asked for, or nil.
func (s *shared) load(ctx context.Context, k key) (generation string, body []byte, asOf time.Time) {
	name, pageName := s.generationName(k.credential), s.pageName(k)
	var read *redis.SliceCmd
	if s.do(ctx, func(ctx context.Context) error {
		pipe := s.client.Pipeline()
		pipe.SetNX(ctx, name, rand.Text(), s.life+searchTime)
		read = pipe.MGet(ctx, name, pageName)
		_, err := pipe.Exec(ctx)
		return err
	}) != nil {
		return "", nil, asOf
	}
	generation, _ = read.Val()[0].(string)
	sealed, ok := read.Val()[1].(string)
	if !ok || time.Now().UnixNano() < s.distrustUntil.Load() {
		return generation, nil, asOf
	}
	body, asOf, err := s.sealer.open(k.credential, generation, pageName, []byte(sealed))
	if err != nil {
		return generation, nil, asOf // of another generation, or not ours
	}
	return generation, body, asOf
}

// save keeps a body for as long as its life lasts.
func (s *shared) save(ctx context.Context, k key, generation string, body []byte, asOf time.Time) {
	left := s.life - time.Since(asOf)
	if generation == "" || left < time.Millisecond || len(body) > maxShared {
		return
	}
	name := s.pageName(k)
	sealed := s.sealer.seal(k.credential, generation, name, asOf, body)
	_ = s.do(ctx, func(ctx context.Context) error {
		pipe := s.client.Pipeline()
		pipe.Set(ctx, name, sealed, left)
		pipe.Expire(ctx, s.generationName(k.credential), s.life+searchTime)
		_, err := pipe.Exec(ctx)
		return err
	})
}

// purge has all pages of a credential be unreadable. If Redis does not take
// that, nothing that is in it now is trusted any more.
func (s *shared) purge(ctx context.Context, c credentialHash) {
	err := s.do(ctx, func(ctx context.Context) error { return s.client.Del(ctx, s.generationName(c)).Err() })
	if err != nil {
		s.distrustUntil.Store(time.Now().Add(s.life).UnixNano())
	}
}

var errPaused = errors.New("left alone since it failed")

// do asks Redis, unless it failed a moment ago. It ends within redisTimeout,
// whatever becomes of ctx.
func (s *shared) do(ctx context.Context, ask func(context.Context) error) error {
	seen := s.retryAt.Load()
	if seen != 0 {
		now := time.Now()
		next := now.Add(redisPause).UnixNano()
		if now.UnixNano() < seen || !s.retryAt.CompareAndSwap(seen, next) {
			return errPaused
		}
		seen = next
	}
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), redisTimeout)
	defer cancel()
	err := ask(limited)
	if err == nil {
		s.retryAt.Store(0)
		return nil
	}
	if s.retryAt.CompareAndSwap(seen, time.Now().Add(redisPause).UnixNano()) { // else another has told
		s.failed(ctx, describe(err))
	}
	return err
}

// describe says what failed, without what it failed on.
func describe(err error) error {
	var timeout net.Error
	if answer, ok := errors.AsType[redis.Error](err); ok {
		code, _, _ := strings.Cut(answer.Error(), " ") // such as WRONGPASS
		return fmt.Errorf("refused: %s", code)
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout() {
		return errors.New("no answer in time")
	}
	return errors.New("no connection")
}
