package ratelimit

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/redis/go-redis/v9"

	"texter-graphql/internal/redisclient"
	"texter-graphql/internal/seal"
)

// RedisOptions say in which Redis several instances have one limit for each caller.
type RedisOptions struct {
	// Client is connected to Redis.
	Client *redisclient.Client
	// Key returns what hides the names of callers from Redis. It is the same in all
	// instances. It may change: all buckets are full then.
	Key func() string
	// Changed is called when Redis fails and when it works again: see
	// redisclient.Client.Guard. Nil means that nobody is told.
	Changed func(context.Context, error)
	// Local is called for each request that this instance alone judges, because Redis
	// fails. It may be nil.
	Local func()
}

// shared holds the buckets of all instances.
type shared struct {
	redis  *redisclient.Guard
	secret func() []byte
	local  func()
	// What the script is told: the time in which a token is added, in microseconds,
	// and how many tokens a bucket holds.
	interval float64
	burst    int
}

func newShared(o *RedisOptions, perSecond float64, burst int) *shared {
	local := o.Local
	if local == nil {
		local = func() {}
	}
	secret := seal.Follow(o.Key, func(key string) []byte { return seal.Derive(key, "texter-graphql rate limits 1") })
	return &shared{redis: o.Client.Guard(o.Changed), secret: secret, local: local, interval: 1e6 / perSecond, burst: burst}
}

// takeToken is the generic cell rate algorithm. The one value of a bucket is the
// time at which it is full again, in microseconds of Redis' clock, so that the clocks
// of the instances do not matter. The script returns 0, or for how many microseconds
// there is no token. A time that is too late, as after the clock was set back, is
// replaced by that of an empty bucket.
var takeToken = redis.NewScript(`
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local full, last = tonumber(redis.call('GET', KEYS[1]) or '') or now, now + burst * interval
local wait = full + interval - last
if not (full <= last) then
	full, wait = last, interval
elseif wait >= 1 then
	return math.ceil(wait)
else
	full, wait = math.max(now, full) + interval, 0
end
redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000))
return math.ceil(wait)
`)

// take takes a token from the bucket of a sender. If there is none, it returns the
// time until the next one. It errors if Redis fails.
func (s *shared) take(ctx context.Context, who sender) (wait time.Duration, err error) {
	var microseconds int64
	err = s.redis.Do(ctx, func(ctx context.Context, client redis.UniversalClient) error {
		microseconds, err = takeToken.Run(ctx, client, []string{s.name(who)}, s.interval, s.burst).Int64()
		return err
	})
	if err != nil {
		s.local()
	}
	return time.Duration(microseconds) * time.Microsecond, err
}

// name returns the name of a sender's bucket in Redis.
func (s *shared) name(who sender) string {
	mac := hmac.New(sha256.New, s.secret())
	_, _ = mac.Write([]byte(who.caller + "\x00" + who.network)) // a caller has no network
	return "texter-graphql:rate:" + hex.EncodeToString(mac.Sum(nil))
}
