package live_test

import (
	"testing"
	"time"

	"texter-graphql/graph/live"
	"texter-graphql/texter"
)

// trusted runs a test with a list of the chats b and a, whose webhooks are trusted.
func trusted(t *testing.T, test func(t *testing.T, l *list, feed *live.Feed)) {
	t.Helper()
	watched(t, live.Options{}, func(t *testing.T, l *list, feed *live.Feed) {
		l.set(nil, chat("b", 2, ""))
		defer watch(t, feed, texter.ChatFilter{}, nil).Close()
		l.count()
		l.set(nil, chat("b", 2, ""), chat("a", 1, ""))
		feed.Notify(live.Event{ChatID: "a"})
		l.count()
		test(t, l, feed)
	})
}

// assertRare fails unless the list is read rarely, or often.
func assertRare(t *testing.T, l *list, want bool) {
	t.Helper()
	l.count()
	time.Sleep(5 * time.Minute)
	if n := l.count(); (n < 12) != want || (n > 98) == want {
		t.Errorf("%d readings in 5 minutes", n)
	}
}

// TestTrust: webhooks are trusted as long as they tell of what they are to tell, and
// lists are then read rarely.
func TestTrust(t *testing.T) {
	b, a := chat("b", 2, ""), chat("a", 1, "")
	for name, test := range map[string]struct {
		rows []string // now
		rare bool     // whether the list is still read rarely, although nobody told
	}{
		"a chat is renamed":         {[]string{b, chat("a", 1, `,"title":"A"`)}, true},
		"a chat is read":            {[]string{b, chat("a", 1, `,"unreadCount":1`)}, true},
		"a chat has another status": {[]string{b, chat("a", 1, `,"status":1`)}, false},
		"a chat has other labels":   {[]string{b, chat("a", 1, `,"labels":["x"]`)}, false},
		"a chat has a new message":  {[]string{chat("b", 3, ""), a}, false},
		"a chat is new":             {[]string{chat("c", 3, ""), b, a}, false},
		"a chat has left":           {[]string{b}, false},
	} {
		t.Run(name, func(t *testing.T) {
			trusted(t, func(t *testing.T, l *list, _ *live.Feed) {
				l.set(nil, test.rows...)
				time.Sleep(time.Minute)
				assertRare(t, l, test.rare)
			})
		})
	}
	for name, test := range map[string]struct {
		told time.Duration // when the webhook comes, after the change was found; before it if less than 0
		rare bool
	}{
		"a webhook may come before the list has the change": {-14 * time.Second, true},
		"a webhook of long ago tells of nothing new":        {-16 * time.Second, false},
		"a webhook may come late":                           {14 * time.Second, true},
		"a webhook that is too late is as good as none":     {time.Minute, false},
	} {
		t.Run(name, func(t *testing.T) {
			trusted(t, func(t *testing.T, l *list, feed *live.Feed) {
				tell := func() { feed.Notify(live.Event{ChatID: "b"}) }
				change := func() { l.set(nil, chat("b", 3, ""), chat("a", 1, "")) }
				time.Sleep(live.DefaultRareInterval + time.Second)
				if test.told < 0 {
					tell()
					time.Sleep(-test.told)
					change()
					feed.Notify(live.Event{ChatID: "other"}) // so that the list is read now
				} else {
					change()
					feed.Notify(live.Event{ChatID: "other"})
					time.Sleep(test.told)
					tell()
				}
				time.Sleep(time.Minute)
				assertRare(t, l, test.rare)
			})
		})
	}
	t.Run("a chat that always changes is not told of either", func(t *testing.T) {
		trusted(t, func(t *testing.T, l *list, feed *live.Feed) {
			for at := range 10 {
				l.set(nil, chat("b", 3+at, ""), chat("a", 1, ""))
				feed.Notify(live.Event{ChatID: "other"})
				time.Sleep(5 * time.Second)
			}
			assertRare(t, l, false)
		})
	})
	t.Run("webhooks that missed a change are trusted again after ten minutes", func(t *testing.T) {
		trusted(t, func(t *testing.T, l *list, feed *live.Feed) {
			l.set(nil, chat("b", 3, ""), chat("a", 1, ""))
			time.Sleep(2 * time.Minute)
			for at, rare := range []bool{false, false, true} { // each takes 5 minutes
				l.set(nil, chat("b", 4+at, ""), chat("a", 1, ""))
				feed.Notify(live.Event{ChatID: "b"})
				assertRare(t, l, rare)
			}
		})
	})
}

// TestLooks: how often a list is read for a webhook whose change does not come.
func TestLooks(t *testing.T) {
	t.Run("three times, and then rarely", func(t *testing.T) {
		trusted(t, func(t *testing.T, l *list, feed *live.Feed) {
			feed.Notify(live.Event{ChatID: "b"})
			time.Sleep(live.DefaultRareInterval)
			if n := l.count(); n != 3 {
				t.Errorf("%d readings", n)
			}
		})
	})
	t.Run("a reading that has begun before is none of them, and another one follows it", func(t *testing.T) {
		trusted(t, func(t *testing.T, l *list, feed *live.Feed) {
			l.slow(2 * time.Second)
			feed.Notify(live.Event{ChatID: "b"})
			time.Sleep(time.Second)
			feed.Notify(live.Event{ChatID: "b"})
			time.Sleep(1500 * time.Millisecond)
			if n := l.count(); n != 2 {
				t.Errorf("%d readings at once", n)
			}
			time.Sleep(live.DefaultRareInterval)
			if n := l.count(); n != 2 {
				t.Errorf("%d readings later", n)
			}
		})
	})
	t.Run("none before the time that Texter asks to wait is over", func(t *testing.T) {
		trusted(t, func(t *testing.T, l *list, feed *live.Feed) {
			l.set(&texter.Error{Cause: texter.CauseRateLimited, RetryAfter: time.Minute})
			feed.Notify(live.Event{ChatID: "b"})
			time.Sleep(59 * time.Second)
			if n := l.count(); n != 1 {
				t.Errorf("%d readings", n)
			}
		})
	})
	t.Run("a change that comes is seen, and ends them", func(t *testing.T) {
		trusted(t, func(t *testing.T, l *list, feed *live.Feed) {
			feed.Notify(live.Event{ChatID: "b"})
			l.count()
			l.set(nil, chat("b", 3, ""), chat("a", 1, ""))
			time.Sleep(live.DefaultRareInterval)
			if n := l.count(); n != 1 {
				t.Errorf("%d more readings", n)
			}
		})
	})
}
