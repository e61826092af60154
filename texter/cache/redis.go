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
	"texter-graphql/internal/seal"
)

// RedisOptions say in which Redis several instances share their pages, and how.
type RedisOptions struct {
	// Client is connected to Redis. It is closed after the cache.
	Client *redisclient.Client
	// Key returns what encrypts the pages. It has MinKeyLength bytes or more, and
	// nobody can guess it. Instances with the same key share pages. It may change: pages
	// of the key before can't be read then.
	Key func() string
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
	redis   *redisclient.Guard
	secrets func() *redisSecrets
	life    time.Duration

	// distrustUntil is when the last page ends that may belong to a refused
	// credential, in Unix nanoseconds.
	distrustUntil atomic.Int64
}

func newRedisStore(o RedisOptions, baseURL string, life time.Duration) (*redisStore, error) {
	if len(o.Key()) < MinKeyLength {
		return nil, fmt.Errorf("cache: RedisOptions.Key must have at least %d bytes", MinKeyLength)
	}
	secrets := seal.Follow(o.Key, func(key string) *redisSecrets { return newRedisSecrets(key, baseURL) })
	return &redisStore{redis: o.Client.Guard(o.Changed), secrets: secrets, life: life}, nil
}

// redisSecrets are what one key makes.
type redisSecrets struct {
	hasher *hasher
	sealer sealer
}

func newRedisSecrets(key, baseURL string) *redisSecrets {
	return &redisSecrets{newHasher(baseURL, derive(key, "names")), sealer{derive(key, "pages")}}
}

// place is where the page of a search is in Redis, under the key that was in use when
// the search began, and the generation of its credential then.
type place struct {
	*redisSecrets
	credential credentialHash
	pageName   string
	generation string // "" if Redis failed
}

// place returns the place of a search, without the generation.
func (s *redisStore) place(credential, query string) place {
	secrets := s.secrets()
	hash := secrets.hasher.credential(credential)
	sum := secrets.hasher.hash(string(hash[:]), query)
	return place{secrets, hash, "texter-graphql:page:" + hex.EncodeToString(sum[:]), ""}
}

// generationName returns the name of the credential's generation in Redis.
func (p place) generationName() string {
	return "texter-graphql:generation:" + hex.EncodeToString(p.credential[:])
}

// generationLife returns how long a generation stays in Redis after its last
// use: until no page that was saved with it can be left.
func (s *redisStore) generationLife() time.Duration { return s.life + searchTime }

// load returns the body of the page at a place, and when Texter was asked for it,
// or nil if there is none. It sets the generation of the place, to save a newer page
// with, unless Redis fails.
//
// Each command has one key, because the two keys are in different slots of a
// cluster.
func (s *redisStore) load(ctx context.Context, p *place) (body []byte, askedAt time.Time) {
	name := p.generationName()
	var word, page *redis.StringCmd
	err := s.redis.Do(ctx, func(ctx context.Context, client redis.UniversalClient) error {
		pipe := client.Pipeline()
		pipe.SetNX(ctx, name, rand.Text(), s.generationLife())
		word, page = pipe.Get(ctx, name), pipe.Get(ctx, p.pageName)
		if _, err := pipe.Exec(ctx); !errors.Is(err, redis.Nil) { // which says that there is no page
			return err
		}
		return nil
	})
	if err != nil {
		return nil, askedAt
	}
	p.generation = word.Val()
	sealed, err := page.Bytes()
	if err != nil || time.Now().UnixNano() < s.distrustUntil.Load() {
		return nil, askedAt
	}
	body, askedAt, err = p.sealer.open(p.credential, p.generation, p.pageName, sealed)
	if err != nil { // it is of another generation, or not ours
		return nil, askedAt
	}
	now := time.Now() // the clock of another instance may be ahead
	return body, now.Add(-max(0, now.Sub(askedAt)))
}

// save saves the body of a page, for as long as the page may be kept.
func (s *redisStore) save(ctx context.Context, p place, body []byte, askedAt time.Time) {
	left := s.life - time.Since(askedAt)
	if p.generation == "" || left < time.Millisecond || len(body) > maxSharedBody {
		return
	}
	sealed := p.sealer.seal(p.credential, p.generation, p.pageName, askedAt, body)
	_ = s.redis.Do(ctx, func(ctx context.Context, client redis.UniversalClient) error { // Do reports the error
		pipe := client.Pipeline()
		pipe.Set(ctx, p.pageName, sealed, left)
		pipe.Expire(ctx, p.generationName(), s.generationLife())
		_, err := pipe.Exec(ctx)
		return err
	})
}

// purge makes all pages of the credential of a place unreadable. If Redis fails, this
// instance does not trust the pages that are in Redis now.
func (s *redisStore) purge(ctx context.Context, p place) {
	err := s.redis.Do(ctx, func(ctx context.Context, client redis.UniversalClient) error {
		return client.Del(ctx, p.generationName()).Err()
	})
	if err != nil {
		s.distrustUntil.Store(time.Now().Add(s.life).UnixNano())
	}
}
