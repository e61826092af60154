// Package peers lets the instances of the service read lists for each other: what one
// of them reads, it shares by Redis, encrypted. It implements live.Peers.
package peers

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/redis/go-redis/v9"

	"texter-graphql/graph/live"
	"texter-graphql/internal/redisclient"
	"texter-graphql/internal/seal"
)

// Options configure Peers.
type Options struct {
	// Client is connected to Redis.
	Client *redisclient.Client
	// Key returns what encrypts what is shared. It is the same in all instances. It may
	// change: instances with another key are no peers.
	Key func() string
	// Changed is called when Redis fails and when it works again: see
	// redisclient.Client.Guard. Nil means that nobody is told.
	Changed func(context.Context, error)
}

// Peers are the other instances at the same Redis. They are safe for concurrent use.
type Peers struct {
	redis   *redisclient.Guard
	client  *redisclient.Client
	secrets func() *secrets
	own     string // the name of this instance
}

// secrets are what one key makes.
type secrets struct {
	names, pages []byte
	channel      string
}

// New returns the peers of an instance.
func New(o Options) *Peers {
	const purpose = "texter-graphql peers 1: "
	return &Peers{redis: o.Client.Guard(o.Changed), client: o.Client, own: newName(), secrets: seal.Follow(o.Key, func(key string) *secrets {
		s := &secrets{names: seal.Derive(key, purpose+"names"), pages: seal.Derive(key, purpose+"pages")}
		s.channel = "texter-graphql:peers:" + s.name("channel")
		return s
	})}
}

// name hides a text from Redis.
func (s *secrets) name(text string) string {
	mac := hmac.New(sha256.New, s.names)
	_, _ = mac.Write([]byte(text)) // never errors
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// seal encrypts what is stored under a name.
func (s *secrets) seal(name string, plain []byte) []byte {
	return seal.Cipher(s.pages, []byte(name)).Seal(nil, nil, plain, []byte(name))
}

// open decrypts what seal encrypted under the same name.
func (s *secrets) open(name string, sealed []byte) ([]byte, error) {
	return seal.Cipher(s.pages, []byte(name)).Open(nil, nil, sealed, []byte(name))
}

// A list is a hash in Redis. Its times are those of Redis' clock, in microseconds:
//
//	page     the newest page, encrypted
//	version  when Texter was asked for the first page that had these bytes
//	asked    when Texter was last asked for it
//	asking   when the instance whose turn it is began
//	until    how long its turn is
//
// The hash is left to itself once nobody follows the list.
const listLife = time.Minute

// What take answers.
const (
	due = iota
	ours
	wait
	equal
	newer
)

// take says what is to be done for a list: see live.Take. It returns what it is, the
// time of Redis, the time after which Texter must be asked, and then: the time when
// Texter was asked, its version and the page; or how long to wait.
var take = redis.NewScript(`
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local has, after, maxAge, lease = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
if after < 0 then after = now end
local text = function(n) return string.format('%.0f', n) end
local list = redis.call('HMGET', KEYS[1], 'asked', 'version', 'until')
local asked, version, till = tonumber(list[1] or '0'), tonumber(list[2] or '0'), tonumber(list[3] or '0')
if asked > after and now - asked < maxAge then
	if version > has then return {4, text(now), text(after), text(asked), text(version), redis.call('HGET', KEYS[1], 'page')} end
	if version == has then return {3, text(now), text(after), text(asked)} end
end
if till > now then return {2, text(now), text(after), text(till - now)} end
if lease == 0 then return {0, text(now), text(after)} end
redis.call('HSET', KEYS[1], 'asking', text(now), 'until', text(now + lease))
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return {1, text(now), text(after), text(now)}
`)

// done ends a turn, with the page that was read, or with the version that has the same
// bytes, or without either. It returns the version of the page; 0 if it is not stored.
var done = redis.NewScript(`
local turn, equal, page = ARGV[1], ARGV[2], ARGV[3]
local list = redis.call('HMGET', KEYS[1], 'asked', 'version', 'asking')
if list[3] == turn then redis.call('HDEL', KEYS[1], 'asking', 'until') end
if tonumber(list[1] or '0') > tonumber(turn) then return '0' end
if page ~= '' then
	redis.call('HSET', KEYS[1], 'page', page, 'version', turn)
	equal = turn
elseif list[2] ~= equal then
	return '0'
end
redis.call('HSET', KEYS[1], 'asked', turn)
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return equal
`)

// Take implements live.Peers.
func (p *Peers) Take(ctx context.Context, list string, t live.Take) (turn live.Turn, err error) {
	s := p.secrets()
	name := s.name(list)
	var answer []any
	err = p.redis.Do(ctx, func(ctx context.Context, client redis.UniversalClient) error {
		answer, err = take.Run(ctx, client, []string{key(name)}, int64(t.Has), int64(t.After),
			t.MaxAge.Microseconds(), t.Lease.Microseconds(), listLife.Milliseconds()).Slice()
		if err == nil {
			turn, err = parse(answer)
		}
		return err
	})
	turn.Name = name
	if turn.Page != nil { // if it is encrypted with another key, it is as if Redis were away
		turn.Page, err = s.open(name, turn.Page)
	}
	return turn, err
}

func key(name string) string { return "texter-graphql:list:" + name }

// parse reads an answer of the script take. The page is encrypted.
func parse(answer []any) (turn live.Turn, err error) {
	fields := make([]int64, 5)
	for i := range min(len(answer), len(fields)) {
		if fields[i], err = integer(answer[i]); err != nil {
			return turn, err
		}
	}
	if len(answer) < 3 {
		return turn, redisclient.ErrStrangeAnswer
	}
	now, asked := fields[1], fields[3]
	turn = live.Turn{After: live.Moment(fields[2]), At: live.Moment(asked), Age: time.Duration(now-asked) * time.Microsecond}
	switch fields[0] {
	case due:
		turn.IsDue = true
	case ours:
		turn.IsOurs = true
	case wait:
		turn.Wait = time.Duration(asked) * time.Microsecond
	case equal:
		turn.IsEqual = true
	case newer:
		sealed, ok := answer[len(answer)-1].(string)
		if !ok {
			return turn, redisclient.ErrStrangeAnswer
		}
		turn.Version, turn.Page = live.Moment(fields[4]), []byte(sealed)
	}
	return turn, err
}

// Done implements live.Peers.
func (p *Peers) Done(ctx context.Context, list string, turn live.Turn, page []byte, equal live.Moment) (version live.Moment, err error) {
	s := p.secrets()
	name := s.name(list)
	if page != nil && equal != 0 {
		if version, err = p.done(ctx, s, name, turn, nil, equal); err != nil || version > 0 {
			return version, err
		}
	}
	var sealed []byte
	if page != nil {
		sealed = s.seal(name, page)
	}
	return p.done(ctx, s, name, turn, sealed, 0)
}

// done runs the script done.
func (p *Peers) done(ctx context.Context, s *secrets, name string, turn live.Turn, sealed []byte, equal live.Moment) (version live.Moment, err error) {
	err = p.redis.Do(ctx, func(ctx context.Context, client redis.UniversalClient) error {
		answer, err := done.Run(ctx, client, []string{key(name)}, int64(turn.At), int64(equal), sealed, listLife.Milliseconds()).Result()
		if err != nil {
			return err
		}
		n, err := integer(answer)
		if version = live.Moment(n); err != nil {
			return err
		}
		return client.Publish(ctx, s.channel, p.own+readMessage+name).Err()
	})
	return version, err
}

// Announce implements live.Peers.
func (p *Peers) Announce(ctx context.Context, e live.Event) (at live.Moment, err error) {
	s := p.secrets()
	err = p.redis.Do(ctx, func(ctx context.Context, client redis.UniversalClient) error {
		now, err := client.Time(ctx).Result()
		if err != nil {
			return err
		}
		at = live.Moment(now.UnixMicro())
		event, err := json.Marshal(announcement{e, at})
		if err != nil {
			return err
		}
		return client.Publish(ctx, s.channel, p.own+eventMessage+string(s.seal(s.channel, event))).Err()
	})
	return at, err
}
