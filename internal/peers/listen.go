package peers

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"texter-graphql/graph/live"
	"texter-graphql/internal/redisclient"
)

// A message is the name of the instance that sends it, what it is, and what follows:
// the name of a list that was read, or an event, encrypted.
const (
	readMessage  = "r"
	eventMessage = "e"
)

// nameLength is the length of the name of an instance.
const nameLength = 26

func newName() string { return rand.Text() }

// announcement is an event as it is sent.
type announcement struct {
	Event live.Event
	At    live.Moment
}

// Listener hears what other instances say. live.Feed is one.
type Listener interface {
	Read(name string)
	Announced(e live.Event, at live.Moment)
}

// listenAgain is how long no other attempt is made to listen after one has failed, and
// how often it is looked whether the connection still works.
const listenAgain = time.Second

// Listen passes on what other instances say, until ctx ends. What is said while Redis
// is away is lost: lists are then read, or looked at, when that is due anyway.
func (p *Peers) Listen(ctx context.Context, to Listener) {
	for ctx.Err() == nil {
		p.listen(ctx, to)
		again := time.NewTimer(listenAgain)
		select {
		case <-again.C:
		case <-ctx.Done():
			again.Stop()
		}
	}
}

// listen listens until that fails, the key changes, or ctx ends.
func (p *Peers) listen(ctx context.Context, to Listener) {
	s := p.secrets()
	subscription := p.client.Subscribe(ctx, s.channel)
	defer subscription.Close() //nolint:errcheck // nothing more is read
	for ctx.Err() == nil && s == p.secrets() {
		received, err := subscription.ReceiveTimeout(ctx, listenAgain)
		if e, ok := errors.AsType[net.Error](err); ok && e.Timeout() {
			err = subscription.Ping(ctx)
		}
		if err != nil {
			return
		}
		if message, ok := received.(*redis.Message); ok {
			p.hear(s, message.Payload, to)
		}
	}
}

// hear passes a message on, unless this instance has sent it.
func (p *Peers) hear(s *secrets, message string, to Listener) {
	if len(message) < nameLength+1 || strings.HasPrefix(message, p.own) {
		return
	}
	kind, rest := message[nameLength:nameLength+1], message[nameLength+1:]
	if kind == readMessage {
		to.Read(rest)
		return
	}
	var a announcement
	if plain, err := s.open(s.channel, []byte(rest)); err == nil && json.Unmarshal(plain, &a) == nil {
		to.Announced(a.Event, a.At)
	}
}

// integer reads a number from an answer of a script.
func integer(value any) (int64, error) {
	switch v := value.(type) {
	case int64:
		return v, nil
	case string:
		if n, err := strconv.ParseInt(v, 10, 64); err == nil {
			return n, nil
		}
	}
	return 0, redisclient.ErrStrangeAnswer
}
