package live_test

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/graph/live"
	"texter-graphql/texter"
)

// TestEncoded has three viewers, who want the text of key a, b, and a again.
func TestEncoded(t *testing.T) {
	watched(t, live.Options{}, func(t *testing.T, l *list, feed *live.Feed) {
		gates := map[string]chan string{"a": make(chan string), "b": make(chan string)} // have the texts that are made
		var viewers []*encoded
		for _, key := range []string{"a", "b", "a"} {
			e := &encoded{}
			v, err := feed.Watch(t.Context(), texter.ChatFilter{}, nil, func() { e.woken.Add(1) },
				&live.Encoder{Key: key, Encode: func(*live.Changes) []byte { return []byte(<-gates[key]) }})
			if err != nil {
				t.Fatal(err)
			}
			defer v.Close()
			e.viewer = v
			viewers = append(viewers, e)
		}
		want := func(when string, want ...string) {
			t.Helper()
			synctest.Wait()
			for i, e := range viewers {
				if got := e.next(); got != want[i] {
					t.Errorf("%s viewer %d is %s, want %s", when, i, got, want[i])
				}
			}
		}
		want("before the first batch is encoded,", "woken: no text", "woken: no text", "woken: no text")
		gates["a"] <- "1"
		want("after a,", "woken: 1", "asleep", "woken: 1")
		gates["b"] <- "2"
		want("after b,", "asleep", "woken: 2", "asleep")
		l.set(nil, chat("x", 1, ""))
		time.Sleep(live.DefaultInterval)
		want("while the next batch is encoded,", "asleep", "asleep", "asleep")
		gates["b"] <- "3"
		want("after b,", "asleep", "woken: 3", "asleep")
		gates["a"] <- "4"
		want("after a,", "woken: 4", "asleep", "woken: 4")
	})
}

// encoded is a viewer who wants texts.
type encoded struct {
	viewer *live.Viewer
	woken  atomic.Int32
	batch  *live.Changes // that has no text yet
}

// next says whether the viewer was woken, once, and what the viewer gets then.
func (e *encoded) next() string {
	switch e.woken.Swap(0) {
	case 0:
		return "asleep"
	case 1:
	default:
		return "woken more than once"
	}
	if e.batch == nil {
		e.batch, _ = e.viewer.Next()
	}
	if e.batch == nil {
		return "woken: no batch"
	}
	text := e.viewer.Encoded(e.batch)
	if text == nil {
		return "woken: no text"
	}
	e.batch = nil
	return "woken: " + string(text)
}
