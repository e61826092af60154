package peers_test

import (
	"bufio"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"texter-graphql/graph/live"
	"texter-graphql/internal/peers"
	"texter-graphql/internal/redisclient"
	"texter-graphql/test/harness"
)

const firstKey, otherKey = "0123456789abcdef0123456789abcdef", "another key, of 32 bytes or more."

// world is a Redis with instances.
type world struct {
	t     *testing.T
	redis *harness.Redis
}

func newWorld(t *testing.T) world { return world{t, harness.StartRedis(t)} }

// instance returns the peers of an instance.
func (w world) instance(key string) *peers.Peers {
	w.t.Helper()
	return w.following(func() string { return key })
}

// following returns the peers of an instance whose key may change.
func (w world) following(key func() string) *peers.Peers {
	w.t.Helper()
	client, err := redisclient.New(redisclient.Options{URL: "redis://" + w.redis.Addr, Timeout: time.Hour})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(client.Close)
	return peers.New(peers.Options{Client: client, Key: key, Changed: func(_ context.Context, err error) {
		if err != nil {
			w.t.Errorf("Redis fails: %v", err)
		}
	}})
}

// kind says what a turn is.
func kind(turn live.Turn) string {
	switch {
	case turn.IsDue:
		return "due"
	case turn.IsOurs:
		return "ours"
	case turn.Wait > 0:
		return "wait"
	case turn.IsEqual:
		return "equal"
	case turn.Page != nil:
		return "page " + string(turn.Page)
	}
	return "nothing"
}

func take(t *testing.T, p *peers.Peers, has, after live.Moment, maxAge, lease time.Duration) live.Turn {
	t.Helper()
	turn, err := p.Take(t.Context(), "list", live.Take{Has: has, After: after, MaxAge: maxAge, Lease: lease})
	if err != nil {
		t.Fatal(err)
	}
	return turn
}

func expect(t *testing.T, what string, turn live.Turn, want string) {
	t.Helper()
	if got := kind(turn); got != want {
		t.Errorf("%s: it is %s, want %s", what, got, want)
	}
}

const long = time.Hour

func finish(t *testing.T, p *peers.Peers, turn live.Turn, page []byte, equal live.Moment) live.Moment {
	t.Helper()
	version, err := p.Done(t.Context(), "list", turn, page, equal)
	if err != nil {
		t.Fatal(err)
	}
	return version
}

func TestTurns(t *testing.T) {
	w := newWorld(t)
	one, two := w.instance(firstKey), w.instance(firstKey)
	expect(t, "nobody has read the list, and there is no lease", take(t, one, 0, 0, long, 0), "due")
	turn := take(t, one, 0, live.Now, long, long)
	expect(t, "nobody has read the list", turn, "ours")
	expect(t, "another one reads", take(t, two, 0, 0, long, long), "wait")
	version := finish(t, one, turn, []byte("first"), 0)
	if version != turn.At {
		t.Errorf("the version is %d, asked at %d", version, turn.At)
	}
	expect(t, "it is read", take(t, two, 0, 0, long, long), "page first")
	expect(t, "this instance has it", take(t, two, version, 0, long, 0), "equal")
	expect(t, "it is too old", take(t, two, version, 0, time.Microsecond, 0), "due")
	expect(t, "it must be newer than now", take(t, two, version, live.Now, long, 0), "due")
	expect(t, "it must be newer than it is", take(t, two, version, turn.At, long, 0), "due")

	second := take(t, two, version, live.Now, long, long)
	if got := finish(t, two, second, []byte("first"), version); got != version {
		t.Errorf("equal bytes have version %d, want %d", got, version)
	}
	expect(t, "what was asked for again is new enough", take(t, one, version, turn.At, long, 0), "equal")
	if got := finish(t, one, turn, []byte("older"), 0); got != 0 {
		t.Errorf("an older page has version %d", got)
	}
	third := take(t, one, version, live.Now, long, long)
	finish(t, one, third, nil, version)
	expect(t, "a turn without a page is over, and the list is as old as before", take(t, two, version, second.At, long, long), "ours")
}

// TestListsThatNobodyFollows holds that Redis drops a list within a minute after its
// last turn.
func TestListsThatNobodyFollows(t *testing.T) {
	w := newWorld(t)
	one := w.instance(firstKey)
	turn := take(t, one, 0, 0, long, long)
	key := "texter-graphql:list:" + turn.Name
	expectLife := func(when string) {
		t.Helper()
		if life, err := strconv.Atoi(strings.TrimSpace(w.redis.Do("pttl", key))); err != nil || life < 30_000 || life > 60_000 {
			t.Errorf("%s, it has %d ms to live: %v", when, life, err)
		}
	}
	expectLife("during a turn")
	w.redis.Do("persist", key)
	finish(t, one, turn, []byte("page"), 0)
	expectLife("after the turn")
}

func TestLease(t *testing.T) {
	w := newWorld(t)
	one := w.instance(firstKey)
	first := take(t, one, 0, 0, long, time.Millisecond)
	time.Sleep(first.Age + 2*time.Millisecond)
	second := take(t, one, 0, 0, long, long)
	expect(t, "the lease of another one is over", second, "ours")
	finish(t, one, first, nil, 0)
	expect(t, "its late end does not end the turn of now", take(t, one, 0, 0, long, long), "wait")
}

func TestLostList(t *testing.T) {
	w := newWorld(t)
	one := w.instance(firstKey)
	version := finish(t, one, take(t, one, 0, 0, long, long), []byte("page"), 0)
	w.redis.Do("flushall")
	turn := take(t, one, version, live.Now, long, long)
	expect(t, "Redis has lost the list", turn, "ours")
	if got := finish(t, one, turn, []byte("page"), version); got != turn.At {
		t.Errorf("it is stored again as version %d, want %d", got, turn.At)
	}
	expect(t, "then", take(t, one, 0, 0, long, 0), "page page")
}

func TestSecrecy(t *testing.T) {
	w := newWorld(t)
	one, other := w.instance(firstKey), w.instance(otherKey)
	client := redis.NewClient(&redis.Options{Addr: w.redis.Addr})
	defer client.Close()
	messages := client.PSubscribe(t.Context(), "*")
	if _, err := messages.Receive(t.Context()); err != nil { // that it has subscribed
		t.Fatal(err)
	}
	finish(t, one, take(t, one, 0, 0, long, long), []byte("canary of a page"), 0)
	if _, err := one.Announce(t.Context(), live.Event{ChatID: "canary of a chat"}); err != nil {
		t.Fatal(err)
	}
	t.Run("an instance with another key is no peer", func(t *testing.T) {
		expect(t, "its list", take(t, other, 0, 0, long, 0), "due")
	})
	t.Run("Redis gets nothing that it can read", func(t *testing.T) {
		names, err := client.Keys(t.Context(), "*").Result()
		if err != nil || len(names) != 1 {
			t.Fatal(names, err)
		}
		said := fmt.Sprint(names, client.HGetAll(t.Context(), names[0]))
		for range 2 {
			message, err := messages.ReceiveMessage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			said += message.String()
		}
		for _, secret := range []string{"canary", "ChatID", firstKey, hex.EncodeToString([]byte("list"))} {
			if strings.Contains(said, secret) {
				t.Errorf("it gets %s", said)
			}
		}
	})
}

// TestNames holds that a list has a name for each key, which no other list has.
func TestNames(t *testing.T) {
	w := newWorld(t)
	names := map[string]bool{}
	for _, p := range []*peers.Peers{w.instance(firstKey), w.instance(otherKey)} {
		for _, list := range []string{"", "list", "lists"} {
			turn, err := p.Take(t.Context(), list, live.Take{MaxAge: long})
			if err != nil || len(turn.Name) != 32 {
				t.Errorf("%q has the name %q, %v", list, turn.Name, err)
			}
			names[turn.Name] = true
		}
	}
	if len(names) != 6 {
		t.Errorf("there are %d names", len(names))
	}
}

// TestStrangeAnswers holds that what is no answer to the script is an error of Redis.
func TestStrangeAnswers(t *testing.T) {
	for _, answer := range []string{
		"*0\r\n", "*2\r\n:0\r\n:1\r\n", "*3\r\n:0\r\n$1\r\nx\r\n:1\r\n", "*3\r\n*0\r\n:1\r\n:1\r\n", ":1\r\n", "+OK\r\n", "$-1\r\n",
		"*5\r\n:4\r\n:1\r\n:1\r\n:1\r\n:1\r\n", "*6\r\n:4\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n", "*6\r\n:4\r\n:1\r\n:1\r\n:1\r\n:1\r\n$4\r\npage\r\n",
	} {
		t.Run(fmt.Sprintf("%q", answer), func(t *testing.T) {
			client, err := redisclient.New(redisclient.Options{URL: "redis://" + answerScripts(t, answer), Timeout: time.Hour})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(client.Close)
			p := peers.New(peers.Options{Client: client, Key: func() string { return firstKey }})
			turn, err := p.Take(t.Context(), "list", live.Take{MaxAge: long})
			if got := kind(turn); err == nil || got != "nothing" {
				t.Errorf("it is %s, %v", got, err)
			}
		})
	}
}

// answerScripts answers every script with these bytes, in place of Redis. It returns
// the address.
func answerScripts(t *testing.T, answer string) (addr string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		c, err := listener.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		for lines := bufio.NewScanner(c); lines.Scan(); {
			switch strings.ToUpper(lines.Text()) {
			case "HELLO":
				_, _ = io.WriteString(c, "-ERR unknown command\r\n")
			case "EVALSHA":
				_, _ = io.WriteString(c, answer)
			}
		}
	}()
	return listener.Addr().String()
}
