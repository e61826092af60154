package live

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/graph/relay"
	"texter-graphql/texter"
)

// TestCouldMatch: a list is left out only if the event shows that the chat is not in it.
func TestCouldMatch(t *testing.T) {
	email := func(account string) *texter.ChannelFilter {
		return &texter.ChannelFilter{Name: "email", AccountID: account}
	}
	all := texter.ChatFilter{}
	some := texter.ChatFilter{Statuses: []texter.ChatStatus{texter.StatusPending, texter.StatusBot}, Labels: []string{"x", "y"}, Channel: email("1")}
	for name, test := range map[string]struct {
		event  Event
		filter texter.ChatFilter
		want   bool
	}{
		"nothing is told":           {Event{}, some, true},
		"a list of all":             {Event{Status: new(texter.StatusResolved), LabelIDs: []string{"z"}, Channel: email("2")}, all, true},
		"one of the statuses":       {Event{Status: new(texter.StatusBot)}, some, true},
		"another status":            {Event{Status: new(texter.StatusResolved)}, some, false},
		"one of the labels":         {Event{LabelIDs: []string{"z", "y"}}, some, true},
		"other labels":              {Event{LabelIDs: []string{"z"}}, some, false},
		"no labels":                 {Event{LabelIDs: []string{}}, some, false},
		"the channel":               {Event{Channel: email("1")}, some, true},
		"another channel":           {Event{Channel: email("2")}, some, false},
		"the channel, other labels": {Event{Channel: email("1"), LabelIDs: []string{"z"}}, some, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := test.event.couldMatch(test.filter); got != test.want {
				t.Errorf("got %t", got)
			}
		})
	}
}

// TestWhatWebhooksTellIsBounded has webhooks about more and more chats.
func TestWhatWebhooksTellIsBounded(t *testing.T) {
	t.Run("chats whose change a list waits for", func(t *testing.T) {
		var a awaited
		for i := range maxAwaited + 1 {
			a.add(fmt.Sprint(i), relay.SnapshotRow{}, 1)
		}
		a.add("0", relay.SnapshotRow{}, 2) // which waits already
		if _, waits := a[fmt.Sprint(maxAwaited)]; len(a) != maxAwaited || waits || a["0"].poll != 2 {
			t.Errorf("%d chats", len(a))
		}
	})
	for name, test := range map[string]struct {
		pause time.Duration // after the first half of them
		want  int
	}{
		"chats that were announced": {0, 1}, // the last one: all others were forgotten
		"of long ago":               {grace + time.Second, maxRemembered/2 + 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				trust := newTrust()
				for i := range maxRemembered + 1 {
					if i == maxRemembered/2 {
						time.Sleep(test.pause)
					}
					trust.announce(fmt.Sprint(i))
				}
				if _, ok := trust.announced[fmt.Sprint(maxRemembered)]; !ok || len(trust.announced) != test.want {
					t.Errorf("%d chats are remembered, the last one: %t", len(trust.announced), ok)
				}
			})
		})
	}
	t.Run("chats that nobody announced", func(t *testing.T) {
		trust := newTrust()
		for i := range maxRemembered + 1 {
			trust.found([]string{fmt.Sprint(i)})
		}
		if n := len(trust.unexpected); n != maxRemembered {
			t.Errorf("%d chats are remembered", n)
		}
	})
}

// TestEachAwaitedChatIsLookedAt: those that changed, and those that were looked at often
// enough, are waited for no more; those whose webhook came during the reading still are.
func TestEachAwaitedChatIsLookedAt(t *testing.T) {
	a, w := awaited{}, &window{snapshot: &relay.Snapshot{}}
	for i := range 10 {
		a[fmt.Sprint("changed ", i)] = awaitedChat{poll: 1, before: relay.SnapshotRow{At: 1}}
		a[fmt.Sprint("the same ", i)] = awaitedChat{poll: 1, looks: maxLooks - 1}
		a[fmt.Sprint("later ", i)] = awaitedChat{poll: 2, before: relay.SnapshotRow{At: 1}}
	}
	if found := a.look(w, 2); !found || len(a) != 10 || a["later 0"].poll != 2 {
		t.Errorf("found is %t, left are %v", found, a)
	}
}

// empty is a Searcher of lists without chats.
type empty struct{}

// SearchChats implements texter.Searcher.
func (empty) SearchChats(context.Context, texter.SearchOptions) (*texter.SearchPage, error) {
	return texter.NewSearchPage([]*texter.Chat{}, 0), nil
}

// TestNothingIsLeftOfAList: once nobody watches, the feed knows neither the callers nor
// the credentials.
func TestNothingIsLeftOfAList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		feed := New(Options{
			Searcher: empty{},
			Topic: func(context.Context, texter.ChatFilter) (credential, list string, err error) {
				return "token", "list", nil
			},
			Caller: func(context.Context) string { return "caller" },
		})
		defer feed.Close()
		v, err := feed.Watch(t.Context(), texter.ChatFilter{}, nil, func() {}, nil)
		if err != nil {
			t.Fatal(err)
		}
		v.Close()
		time.Sleep(linger + time.Second)
		synctest.Wait()
		if len(feed.topics)+len(feed.owned)+len(feed.pacers) > 0 {
			t.Errorf("left are %v, %v and %v", feed.topics, feed.owned, feed.pacers)
		}
	})
}

// TestAListThatWasDroppedTakesNoViewer, who has found it just before.
func TestAListThatWasDroppedTakesNoViewer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		feed := New(Options{Searcher: empty{}})
		defer feed.Close()
		found, err := feed.topic(t.Context(), "token", "list", texter.ChatFilter{})
		if err != nil {
			t.Fatal(err)
		}
		feed.drop(found)
		if found.add(&Viewer{wake: func() {}}) {
			t.Error("it is taken by a list that nobody reads")
		}
	})
}

// TestTheFirstTurnIsThereAtOnce, also where there is less than one in a second.
func TestTheFirstTurnIsThereAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		if err := newPacer(0.1).wait(t.Context(), false, nil); err != nil || time.Since(began) > 0 {
			t.Errorf("it takes %v: %v", time.Since(began), err)
		}
	})
}

// TestTurnsGoToTheUrgentFirst, also to those who become urgent while they wait; but each
// of the others has one in the end.
func TestTurnsGoToTheUrgentFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(1)
		for range fairShare - 1 { // turns of others do not count as those of urgent ones
			if err := p.wait(t.Context(), false, nil); err != nil {
				t.Fatal(err)
			}
		}
		turns := make(chan string, 100)
		wait := func(name string, isUrgent bool, urgent <-chan struct{}) {
			go func() {
				if p.wait(t.Context(), isUrgent, urgent) == nil {
					turns <- name
				}
			}()
			synctest.Wait()
		}
		becomes := make(chan struct{}, 1)
		wait("first", false, nil)
		wait("becomes urgent", false, becomes)
		wait("urgent", true, nil)
		becomes <- struct{}{}
		synctest.Wait()
		for range 2 * fairShare {
			wait("later", true, nil)
		}
		var got []string
		for range fairShare + 1 {
			got = append(got, <-turns)
		}
		if place := slices.Index(got, "first"); got[0] != "urgent" || got[1] != "becomes urgent" || place < 2 {
			t.Errorf("got %q", got)
		}
		for range fairShare + 2 { // nobody waits for ever
			<-turns
		}
	})
}

// TestTurnsThatAreGivenUp: who does not wait any more takes no turn from the others.
func TestTurnsThatAreGivenUp(t *testing.T) {
	over, cancel := context.WithCancel(t.Context())
	cancel()
	t.Run("while there is one", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			for range 20 {
				p, taken := newPacer(1), 0
				for range 64 { // each takes the turn, or gives it up, by chance
					if p.wait(over, false, nil) == nil {
						taken++
					}
				}
				if taken != 1 {
					t.Errorf("%d turns were taken", taken)
				}
			}
		})
	})
	t.Run("while there is none", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			p := newPacer(1)
			if err := p.wait(t.Context(), false, nil); err != nil {
				t.Fatal(err)
			}
			for range 10 {
				if p.wait(over, true, nil) == nil {
					t.Error("a turn that is not there is taken")
				}
			}
			began := time.Now()
			if err := p.wait(t.Context(), false, nil); err != nil || time.Since(began) > 1100*time.Millisecond {
				t.Errorf("the next one waits %v: %v", time.Since(began), err)
			}
		})
	})
}
