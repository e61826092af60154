package cache_test

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/texter"
	"texter-graphql/texter/cache"
	"texter-graphql/texter/sandbox"
)

// newLabelCache makes an instance that keeps labels for a minute and no pages.
func newLabelCache(t *testing.T, change ...func(*cache.Options)) (*instance, *tally) {
	t.Helper()
	upstream, outcomes := sandbox.New(sandbox.Options{Chats: 5}), &tally{byOutcome: map[cache.Outcome]int{}}
	options := func(o *cache.Options) {
		o.TTL, o.LabelsTTL, o.Labels, o.ObserveLabels = 0, time.Minute, newClient(t, upstream, false), outcomes.add
		for _, f := range change {
			f(o)
		}
	}
	return newInstanceOf(t, upstream, options), outcomes
}

// labels asks for labels, and fails the test unless it gets them with an outcome.
func (i *instance) labels(token string, outcomes *tally, want cache.Outcome) *texter.Labels {
	i.t.Helper()
	had := outcomes.count(want)
	labels, err := i.Labels(as(i.t, token))
	if err != nil {
		i.t.Fatal(err)
	}
	if outcomes.count(want) != had+1 {
		i.t.Fatalf("the labels were not a %s", want)
	}
	return labels
}

func TestKeptLabels(t *testing.T) {
	bubble(t, "labels are kept for LabelsTTL, for each credential, even if no pages are", func(t *testing.T) {
		i, outcomes := newLabelCache(t)
		first := i.labels("a", outcomes, cache.Miss)
		if len(first.Listed) != len(i.upstream.Labels()) || first.FindOrBare("VIP").Name == nil {
			t.Errorf("got %d labels", len(first.Listed))
		}
		advance(30*time.Second - 1)
		i.labels("a", outcomes, cache.Hit)
		synctest.Wait() // nothing asks for newer ones yet
		i.labels("b", outcomes, cache.Miss)
		i.expectRequests(2)
		advance(30*time.Second + 1)
		i.labels("a", outcomes, cache.Miss)
	})
	bubble(t, "labels that are used are refreshed in the background", func(t *testing.T) {
		i, outcomes := newLabelCache(t)
		i.labels("a", outcomes, cache.Miss)
		i.upstream.SetLabels(sandbox.Label{ID: "VIP", Name: "renamed", Color: "#000000"})
		advance(30 * time.Second)
		if name := *i.labels("a", outcomes, cache.Hit).FindOrBare("VIP").Name; name != "VIP" {
			t.Errorf("the label has the name %q before the refresh", name)
		}
		synctest.Wait()
		if name := *i.labels("a", outcomes, cache.Hit).FindOrBare("VIP").Name; name != "renamed" {
			t.Errorf("the label has the name %q after the refresh", name)
		}
		advance(31 * time.Second)
		i.labels("a", outcomes, cache.Hit)
	})
	bubble(t, "labels that are not used are asked for by nobody", func(t *testing.T) {
		i, outcomes := newLabelCache(t)
		i.labels("a", outcomes, cache.Miss)
		advance(time.Hour)
		i.expectRequests(1)
	})
	bubble(t, "with a LabelsTTL of 0 none are kept", func(t *testing.T) {
		i, outcomes := newLabelCache(t, func(o *cache.Options) { o.LabelsTTL = 0 })
		i.labels("a", outcomes, cache.Miss)
		i.labels("a", outcomes, cache.Miss)
	})
	bubble(t, "a failure is not kept", func(t *testing.T) {
		i, outcomes := newLabelCache(t)
		i.answer(http.StatusInternalServerError)
		if _, err := i.Labels(as(t, "a")); err == nil {
			t.Error("there was no failure")
		}
		i.upstream.Intercept(nil)
		i.labels("a", outcomes, cache.Miss)
	})
}

// labelsFunc is a LabelSource.
type labelsFunc func(context.Context) (*texter.Labels, error)

func (f labelsFunc) Labels(ctx context.Context) (*texter.Labels, error) { return f(ctx) }

// TestLabelsOfCallersWithoutCredential holds that callers without a known credential
// share no labels, and are not observed.
func TestLabelsOfCallersWithoutCredential(t *testing.T) {
	for name, credential := range withoutCredential {
		t.Run(name, func(t *testing.T) {
			calls := 0
			i, outcomes := newLabelCache(t, func(o *cache.Options) {
				o.Credential, o.Labels = credential, labelsFunc(func(context.Context) (*texter.Labels, error) {
					calls++
					return texter.NewLabels(nil), nil
				})
			})
			for range 3 {
				if labels, err := i.Labels(t.Context()); labels == nil || err != nil {
					t.Errorf("got %v, %v", labels, err)
				}
			}
			if calls != 3 || len(outcomes.byOutcome) != 0 {
				t.Errorf("there were %d calls, and %v was observed", calls, outcomes.byOutcome)
			}
		})
	}
}

// TestPanicsOfLabels holds that a call that does not return leaves no caller waiting,
// and that the next one makes another.
func TestPanicsOfLabels(t *testing.T) {
	for name, end := range map[string]func(){"a panic": func() { panic("canary") }, "the end of the goroutine": runtime.Goexit} {
		bubble(t, name, func(t *testing.T) {
			release := make(chan struct{})
			i, outcomes := newLabelCache(t, func(o *cache.Options) {
				o.Labels = labelsFunc(func(context.Context) (*texter.Labels, error) {
					<-release
					end()
					return nil, nil
				})
			})
			panics := make(chan any, 3)
			ask := func() {
				defer func() { panics <- recover() }()
				_, _ = i.Labels(as(t, "a"))
			}
			go ask()
			go ask()
			synctest.Wait()
			close(release)
			synctest.Wait()
			ask()
			for range cap(panics) {
				expectPanic(t, <-panics, name == "a panic")
			}
			if outcomes.count(cache.Miss) != 2 || outcomes.count(cache.Shared) != 1 {
				t.Errorf("%v were observed", outcomes.byOutcome)
			}
		})
	}
}

func TestSharedLabels(t *testing.T) {
	bubble(t, "callers of one credential wait for one call", func(t *testing.T) {
		i, outcomes := newLabelCache(t)
		release := i.hold()
		done := make(chan error, 3)
		for _, token := range []string{"a", "a", "b"} {
			go func() {
				_, err := i.Labels(as(t, token))
				done <- err
			}()
		}
		synctest.Wait()
		release()
		for range 3 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		i.expectRequests(2)
		if outcomes.count(cache.Miss) != 2 || outcomes.count(cache.Shared) != 1 {
			t.Errorf("got %v", outcomes.byOutcome)
		}
	})
	bubble(t, "a caller who leaves does not end the call for the others", func(t *testing.T) {
		i, _ := newLabelCache(t)
		release := i.hold()
		ctx, leave := context.WithCancel(as(t, "a"))
		done, left := make(chan error, 1), make(chan error, 1)
		go func() { _, err := i.Labels(ctx); left <- err }()
		synctest.Wait()
		go func() { _, err := i.Labels(as(t, "a")); done <- err }()
		synctest.Wait()
		leave()
		if e, ok := errors.AsType[*texter.Error](<-left); !ok || e.Cause != texter.CauseCanceled {
			t.Errorf("who left got %v", e)
		}
		release()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestLabelsOfARefusedCredential(t *testing.T) {
	bubble(t, "a refusal of the labels drops the pages and the labels of the credential", func(t *testing.T) {
		i, outcomes := newLabelCache(t, func(o *cache.Options) { o.TTL = time.Hour })
		i.page("a", firstPage)
		i.labels("a", outcomes, cache.Miss)
		i.labels("b", outcomes, cache.Miss)
		advance(time.Minute)
		i.answer(http.StatusUnauthorized)
		if _, err := i.Labels(as(t, "a")); err == nil {
			t.Error("it was not refused")
		}
		i.refuse("a", firstPage)
	})
	bubble(t, "a refusal of the labels in the background drops those that are still young enough", func(t *testing.T) {
		i, outcomes := newLabelCache(t)
		i.labels("a", outcomes, cache.Miss)
		i.labels("b", outcomes, cache.Miss)
		advance(31 * time.Second)
		i.answer(http.StatusUnauthorized)
		i.labels("a", outcomes, cache.Hit)
		synctest.Wait()
		if _, err := i.Labels(as(t, "a")); err == nil {
			t.Error("the labels of a refused credential are kept")
		}
		i.labels("b", outcomes, cache.Hit)
	})
	bubble(t, "a search that was in flight at a refusal of the labels is not kept, and nobody joins it", func(t *testing.T) {
		i, _ := newLabelCache(t, func(o *cache.Options) { o.TTL = time.Hour })
		release := i.hold()
		slow, other := i.start(as(t, "a"), firstPage), i.start(as(t, "b"), firstPage)
		synctest.Wait()
		i.answer(http.StatusForbidden)
		if _, err := i.Labels(as(t, "a")); err == nil {
			t.Error("it was not refused")
		}
		if n := i.Callers(); n != 1 {
			t.Errorf("searches of %d callers can be joined", n)
		}
		release()
		for _, r := range []<-chan result{slow, other} {
			if got := <-r; got.err != nil {
				t.Error(got.err)
			}
		}
		i.upstream.Intercept(nil)
		i.expect("a", firstPage, cache.Miss)
		i.expect("b", firstPage, cache.Hit)
	})
	bubble(t, "a refusal of a search drops the labels, even those in flight", func(t *testing.T) {
		i, outcomes := newLabelCache(t)
		i.labels("a", outcomes, cache.Miss)
		i.labels("b", outcomes, cache.Miss)
		release := i.hold()
		slow := make(chan error, 1)
		go func() { _, err := i.Labels(as(t, "c")); slow <- err }()
		synctest.Wait()
		i.answer(http.StatusForbidden)
		i.refuse("a", firstPage)
		i.refuse("c", firstPage)
		release()
		if err := <-slow; err != nil {
			t.Fatal(err)
		}
		i.upstream.Intercept(nil)
		i.labels("a", outcomes, cache.Miss)
		i.labels("c", outcomes, cache.Miss)
		i.labels("b", outcomes, cache.Hit)
	})
}
