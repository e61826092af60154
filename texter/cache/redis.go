package cache

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// RedisOptions say in which Redis several instances share their pages, and how.
type RedisOptions struct {
	// URL is redis://user:password@host:port/database, rediss: for TLS, or
	// unix:///path/of/socket: see redis.ParseURL.
	URL string
	// Password replaces the password of the URL, unless it is empty.
	Password string
	// Key encrypts what is shared. It has MinKeyLength bytes or more, and nobody
	// can guess it. Instances with the same key share pages.
	Key string
	// Timeout is how long a search waits for Redis; 0 means
	// DefaultRedisTimeout.
	Timeout time.Duration
	// Failed is called with the reason when Redis fails, about once a second as
	// long as it fails. The error holds no key, value or address. Nil means that
	// nobody is told.
	Failed func(context.Context, error)
}

// DefaultRedisTimeout is the Timeout of RedisOptions if that is 0.
const DefaultRedisTimeout = 250 * time.Millisecond

const (
	// searchTime is longer than any search takes.
	searchTime = time.Minute
	// maxSharedBody is the largest body that is shared, in bytes. An ordinary
	// network carries it within DefaultRedisTimeout.
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
	client *redisClient
	hasher *hasher
	sealer sealer
	life   time.Duration

	// distrustUntil is when the last page ends that may belong to a refused
	// credential, in Unix nanoseconds.
	distrustUntil atomic.Int64
}

func newRedisStore(o RedisOptions, h *hasher, life time.Duration) (*redisStore, error) {
	client, err := newRedisClient(o)
	if err != nil {
		return nil, fmt.Errorf("cache: %w", err)
	}
	if len(o.Key) < MinKeyLength {
		return nil, fmt.Errorf("cache: RedisOptions.Key must have at least %d bytes", MinKeyLength)
	}
	return &redisStore{client: client, hasher: h, life: life, sealer: sealer{derive(o.Key, "pages")}}, nil
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
func (s *redisStore) load(ctx context.Context, k key) (generation string, body []byte, askedAt time.Time) {
	name, pageName := s.generationName(k.credential), s.pageName(k)
	var read *redis.SliceCmd
	err := s.client.do(ctx, func(ctx context.Context, client *redis.Client) error {
		pipe := client.Pipeline()
		pipe.SetNX(ctx, name, rand.Text(), s.generationLife())
		read = pipe.MGet(ctx, name, pageName)
		_, err := pipe.Exec(ctx)
		if err == nil && len(read.Val()) != 2 {
			return errStrangeAnswer
		}
		return err
	})
	if err != nil {
		return "", nil, askedAt
	}
	generation, _ = read.Val()[0].(string)
	sealed, ok := read.Val()[1].(string)
	if !ok || time.Now().UnixNano() < s.distrustUntil.Load() {
		return generation, nil, askedAt
	}
	body, askedAt, err = s.sealer.open(k.credential, generation, pageName, []byte(sealed))
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
	_ = s.client.do(ctx, func(ctx context.Context, client *redis.Client) error { // do reports the error
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
	err := s.client.do(ctx, func(ctx context.Context, client *redis.Client) error {
		return client.Del(ctx, s.generationName(c)).Err()
	})
	if err != nil {
		s.distrustUntil.Store(time.Now().Add(s.life).UnixNano())
	}
}
