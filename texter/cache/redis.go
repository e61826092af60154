package cache

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"texter-graphql/internal/redisclient"
)

// RedisOptions say in which Redis several instances share their pages, and how.
type RedisOptions struct {
	// Client is connected to Redis. It is closed after the cache.
	Client *redisclient.Client
	// Key encrypts what is shared. It has MinKeyLength bytes or more, and nobody
	// can guess it. Instances with the same key share pages.
	Key string
	// Changed is called when Redis fails and when it works again: see
	// redisclient.Client.Guard. Nil means that nobody is told.
	Changed func(context.Context, error)
}

const (
	// searchTime is longer than any search takes.
	searchTime = time.Minute
	// maxSharedBody is the largest body that is shared, in bytes. An ordinary
	// network carries it within redisclient.DefaultTimeout.
	maxSharedBody = 1 << 20
)

// redisStore keeps pages in Redis, encrypted.
//
// A page can only be decrypted with the generation of its credential. The
// generation is a random word in Redis. A search reads it before Texter is
// asked, and saves its page with it. When Texter refuses the credential, the
// generation is deleted. So a page that was asked for before the refusal can't
// be read after it, even if it is saved after it.
type redisStore struct {
	redis  *redisclient.Guard
	hasher *hasher
	sealer sealer
	life   time.Duration

	// distrustUntil is when the last page ends that may belong to a refused
	// credential, in Unix nanoseconds.
	distrustUntil atomic.Int64
}

func newRedisStore(o RedisOptions, h *hasher, life time.Duration) (*redisStore, error) {
	if len(o.Key) < MinKeyLength {
		return nil, fmt.Errorf("cache: RedisOptions.Key must have at least %d bytes", MinKeyLength)
	}
	return &redisStore{redis: o.Client.Guard(o.Changed), hasher: h, life: life, sealer: sealer{derive(o.Key, "pages")}}, nil
}

// generationName returns the name of a credential's generation in Redis.
func (s *redisStore) generationName(c credentialHash) string {
	return "texter-graphql:generation:" + hex.EncodeToString(c[:])
}

// generationLife returns how long a generation stays in Redis after its last
// use: until no page that was saved with it can be left.
func (s *redisStore) generationLife() time.Duration { return s.life + searchTime }

// pageName returns the name of a page in Redis.
func (s *redisStore) pageName(k key) string {
	sum := s.hasher.hash(string(k.credential[:]), k.query)
	return "texter-graphql:page:" + hex.EncodeToString(sum[:])
}

// load returns the body of the page of a key, and when Texter was asked for it,
// or nil if there is none. It also returns the generation to save a newer page
// with, or "" if Redis fails.
//
// Each command has one key, because the two keys are in different slots of a
// cluster.
func (s *redisStore) load(ctx context.Context, k key) (generation string, body []byte, askedAt time.Time) {
	name, pageName := s.generationName(k.credential), s.pageName(k)
	var word, page *redis.StringCmd
	err := s.redis.Do(ctx, func(ctx context.Context, client redis.UniversalClient) error {
		pipe := client.Pipeline()
		pipe.SetNX(ctx, name, rand.Text(), s.generationLife())
		word, page = pipe.Get(ctx, name), pipe.Get(ctx, pageName)
		if _, err := pipe.Exec(ctx); !errors.Is(err, redis.Nil) { // which says that there is no page
			return err
		}
		return nil
	})
	if err != nil {
		return "", nil, askedAt
	}
	generation = word.Val()
	sealed, err := page.Bytes()
	if err != nil || time.Now().UnixNano() < s.distrustUntil.Load() {
		return generation, nil, askedAt
	}
	body, askedAt, err = s.sealer.open(k.credential, generation, pageName, sealed)
	if err != nil { // it is of another generation, or not ours
		return generation, nil, askedAt
	}
	return generation, body, askedAt
}

// save saves the body of a page, for as long as the page may be kept.
func (s *redisStore) save(ctx context.Context, k key, generation string, body []byte, askedAt time.Time) {
	left := s.life - time.Since(askedAt)
	if generation == "" || left < time.Millisecond || len(body) > maxSharedBody {
		return
	}
	name := s.pageName(k)
	sealed := s.sealer.seal(k.credential, generation, name, askedAt, body)
	_ = s.redis.Do(ctx, func(ctx context.Context, client redis.UniversalClient) error { // Do reports the error
		pipe := client.Pipeline()
		pipe.Set(ctx, name, sealed, left)
		pipe.Expire(ctx, s.generationName(k.credential), s.generationLife())
		_, err := pipe.Exec(ctx)
		return err
	})
}

// purge makes all pages of a credential unreadable. If Redis fails, this
// instance does not trust the pages that are in Redis now.
func (s *redisStore) purge(ctx context.Context, c credentialHash) {
	err := s.redis.Do(ctx, func(ctx context.Context, client redis.UniversalClient) error {
		return client.Del(ctx, s.generationName(c)).Err()
	})
	if err != nil {
		s.distrustUntil.Store(time.Now().Add(s.life).UnixNano())
	}
}
