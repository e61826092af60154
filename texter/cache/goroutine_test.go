package cache_test

import (
	"context"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/texter"
	"texter-graphql/texter/cache"
)

// TestGoroutineOfSearch holds that only a caller who may run out of time gets a
// goroutine for the search: it costs a tenth of a request.
func TestGoroutineOfSearch(t *testing.T) {
	for name, test := range map[string]struct {
		timeout, deadline time.Duration
		callers           bool
	}{
		"without a deadline, it is the caller's":                      {time.Minute, 0, true},
		"with a deadline after the timeout, it is the caller's":       {time.Minute, time.Hour, true},
		"with a deadline at the timeout, it is another":               {time.Minute, time.Minute, false},
		"with a deadline before the timeout, it is another":           {time.Minute, time.Second, false},
		"with a deadline and without a known timeout, it is another":  {0, time.Hour, false},
		"without a deadline and a known timeout, it is the caller's ": {0, 0, true},
	} {
		bubble(t, name, func(t *testing.T) {
			stack := ""
			i := newInstance(t, func(o *cache.Options) { o.Timeout = test.timeout }, searches(func(context.Context, texter.SearchOptions) (*texter.SearchPage, error) {
				stack = string(debug.Stack())
				return &texter.SearchPage{}, nil
			}))
			ctx := as(t, "a")
			if test.deadline > 0 {
				limited, cancel := context.WithTimeout(ctx, test.deadline)
				defer cancel()
				ctx = limited
			}
			if _, err := i.SearchChats(ctx, texter.SearchOptions{}); err != nil {
				t.Fatal(err)
			}
			if got := strings.Contains(stack, "cache.(*Cache).SearchChats"); got != test.callers {
				t.Errorf("the search ran on\n%s", stack)
			}
		})
	}
}

// searchesThatEnd holds how a search may end without returning, and how many of
// its callers then learn nothing.
var searchesThatEnd = map[string]struct {
	end    func()
	silent int
}{
	"each caller panics with the stack of the panic":                   {func() { panic("canary") }, 0},
	"if the search ends its goroutine, all but the first caller panic": {runtime.Goexit, 1},
}

// TestPanics holds that a search that does not return leaves no caller waiting.
func TestPanics(t *testing.T) {
	for name, test := range searchesThatEnd {
		bubble(t, name, func(t *testing.T) {
			release := make(chan struct{})
			i := newInstance(t, searches(func(context.Context, texter.SearchOptions) (*texter.SearchPage, error) {
				<-release
				test.end()
				return nil, nil
			}))
			panics := make(chan any, 3)
			for range cap(panics) {
				go func() {
					defer func() { panics <- recover() }()
					_, _ = i.SearchChats(as(t, "a"), texter.SearchOptions{})
				}()
			}
			synctest.Wait()
			close(release)
			silent := 0
			for range cap(panics) {
				p := <-panics
				if p == nil {
					silent++
					continue
				}
				expectPanic(t, p, test.silent == 0)
			}
			if silent != test.silent {
				t.Errorf("%d callers learned nothing, want %d", silent, test.silent)
			}
			if misses, shared := i.outcomes.count(cache.Miss), i.outcomes.count(cache.Shared); misses != 1 || shared != 2 {
				t.Errorf("%d misses and %d shared were observed", misses, shared)
			}
		})
	}
}

// expectPanic fails the test unless p has the stack of the search that panicked,
// and its value.
func expectPanic(t *testing.T, p any, hasValue bool) {
	t.Helper()
	got, ok := p.(*cache.Panic)
	if !ok || !strings.Contains(string(got.Stack()), "TestPanics") || !strings.Contains(got.String(), "TestPanics") {
		t.Errorf("the panic is %v", p)
	} else if hasValue && !strings.Contains(got.String(), "canary") {
		t.Errorf("the value is not in %v", got)
	}
}
