package cache

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gomodule/redigo/redis"
)

// RedisOptions say where several instances share their pages.
type RedisOptions struct {
	// URL is redis://user:password@host:port/database, rediss: for TLS, or
	// unix:///path/of/socket. All but the scheme and the path of a socket can be
	// left out.
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

var errRedisURL = errors.New("the URL of Redis must be such as redis://host:6379/0 or rediss://user@host:6380")

// CheckRedisURL errors if New would not take a URL of Redis. Its error does not
// quote the URL.
func CheckRedisURL(raw string) error {
	_, err := parseRedisURL(raw)
	return err
}

// redisAddress is where a Redis listens, and how to connect to it.
type redisAddress struct {
	network, address string
	options          []redis.DialOption
}

func parseRedisURL(raw string) (redisAddress, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Opaque != "" || u.RawQuery != "" {
		return redisAddress{}, errRedisURL
	}
	password, _ := u.User.Password()
	at := redisAddress{options: []redis.DialOption{
		redis.DialUsername(u.User.Username()), redis.DialPassword(password), redis.DialUseTLS(u.Scheme == "rediss"),
		redis.DialTLSHandshakeTimeout(redisTimeout), redis.DialReadTimeout(redisTimeout), redis.DialWriteTimeout(redisTimeout),
	}}
	switch u.Scheme {
	case "unix":
		at.network, at.address = "unix", u.Path
		return at, nil
	case "redis", "rediss":
		at.network, at.address = "tcp", net.JoinHostPort(cmp.Or(u.Hostname(), "localhost"), cmp.Or(u.Port(), "6379"))
	default:
		return redisAddress{}, errRedisURL
	}
	if database := strings.Trim(u.Path, "/"); database != "" {
		number, err := strconv.ParseUint(database, 10, 16)
		if err != nil {
			return redisAddress{}, errRedisURL
		}
		at.options = append(at.options, redis.DialDatabase(int(number)))
	}
	return at, nil
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
	// redisConnections is how many connections to Redis there are at most; more
	// searches than that wait for one, within redisTimeout.
	redisConnections = 64
	// redisIdle is how long a connection may be unused before it is closed: less
	// than servers and firewalls allow.
	redisIdle = 10 * time.Second
)

// shared keeps pages in Redis, encrypted. Without Redis it has none.
//
// A page can be read only with the generation of its credential: a random word
// that stands in Redis itself, is read before Texter is asked and is gone once
// Texter refuses the credential. So nothing from before a refusal can be read
// after it, though it may be written.
type shared struct {
	pool   *redis.Pool
	keys   *keys
	sealer sealer
	life   time.Duration
	failed func(context.Context, error)

	// Times in Unix nanoseconds.
	retryAt       atomic.Int64 // 0 while Redis answers
	failedAt      atomic.Int64 // when Redis last failed
	distrustUntil atomic.Int64 // until then, pages in Redis may be of refused credentials
}

func newShared(o RedisOptions, keys *keys, life time.Duration) (*shared, error) {
	at, err := parseRedisURL(o.URL)
	if err != nil {
		return nil, fmt.Errorf("cache: %w", err)
	}
	if len(o.Key) < MinKeyLength {
		return nil, fmt.Errorf("cache: RedisOptions.Key must have at least %d bytes", MinKeyLength)
	}
	if o.Password != "" {
		at.options = append(at.options, redis.DialPassword(o.Password))
	}
	if o.Failed == nil {
		o.Failed = func(context.Context, error) {}
	}
	s := &shared{keys: keys, life: life, failed: o.Failed, sealer: sealer{derive(o.Key, "pages")}}
	s.pool = &redis.Pool{
		DialContext: func(ctx context.Context) (redis.Conn, error) {
			return redis.DialContext(ctx, at.network, at.address, at.options...)
		},
		TestOnBorrow: s.testConnection,
		MaxActive:    redisConnections, MaxIdle: redisConnections, Wait: true, IdleTimeout: redisIdle,
	}
	return s, nil
}

// testConnection errors for a connection that was last used before Redis last
// failed: Redis may have been restarted since.
func (s *shared) testConnection(_ redis.Conn, lastUsed time.Time) error {
	if lastUsed.UnixNano() <= s.failedAt.Load() {
		return errors.New("from before a failure")
	}
	return nil
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
	var read [][]byte
	if s.do(ctx, func(ctx context.Context, conn redis.Conn) (err error) {
		if err = conn.Send("SET", name, rand.Text(), "PX", (s.life + searchTime).Milliseconds(), "NX"); err == nil {
			read, err = redis.ByteSlices(redis.DoContext(conn, ctx, "MGET", name, pageName))
		}
		return err
	}) != nil || len(read) != 2 {
		return "", nil, asOf
	}
	generation, sealed := string(read[0]), read[1]
	if sealed == nil || time.Now().UnixNano() < s.distrustUntil.Load() {
		return generation, nil, asOf
	}
	body, asOf, err := s.sealer.open(k.credential, generation, pageName, sealed)
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
	_ = s.do(ctx, func(ctx context.Context, conn redis.Conn) error {
		if err := conn.Send("SET", name, sealed, "PX", left.Milliseconds()); err != nil {
			return err
		}
		_, err := redis.DoContext(conn, ctx, "PEXPIRE", s.generationName(k.credential), (s.life + searchTime).Milliseconds())
		return err
	})
}

// purge has all pages of a credential be unreadable. If Redis does not take
// that, nothing that is in it now is trusted any more.
func (s *shared) purge(ctx context.Context, c credentialHash) {
	err := s.do(ctx, func(ctx context.Context, conn redis.Conn) error {
		_, err := redis.DoContext(conn, ctx, "DEL", s.generationName(c))
		return err
	})
	if err != nil {
		s.distrustUntil.Store(time.Now().Add(s.life).UnixNano())
	}
}

var errPaused = errors.New("left alone since it failed")

// do asks Redis, unless it failed a moment ago. It ends within redisTimeout,
// whatever becomes of ctx.
func (s *shared) do(ctx context.Context, ask func(context.Context, redis.Conn) error) error {
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
	err := s.withConnection(limited, ask)
	if err == nil {
		s.retryAt.Store(0)
		return nil
	}
	s.failedAt.Store(time.Now().UnixNano())
	if s.retryAt.CompareAndSwap(seen, time.Now().Add(redisPause).UnixNano()) { // else another has told
		s.failed(ctx, describe(err))
	}
	return err
}

// withConnection lends ask a connection of the pool, which closes it if it broke.
func (s *shared) withConnection(ctx context.Context, ask func(context.Context, redis.Conn) error) error {
	conn, err := s.pool.GetContext(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return ask(ctx, conn)
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
