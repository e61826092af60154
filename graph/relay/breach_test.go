package relay_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"texter-graphql/graph/relay"
	"texter-graphql/internal/rule"
	"texter-graphql/texter"
	"texter-graphql/texter/sandbox"
)

// different is an API that differs from its reference, with what is learned of it.
type different struct {
	server   *sandbox.Server
	client   texter.Searcher
	upstream *relay.Upstream
	breaches map[texter.Breach]int
	limits   []int // of the searches
	ids      []string
}

func newDifferent(t *testing.T, chats int, d sandbox.Differences) *different {
	t.Helper()
	now := func() time.Time { return time.UnixMilli(epoch) }
	server := sandbox.New(sandbox.Options{Chats: chats, Seed: 3, Differ: d, Now: now})
	api := &different{server: server, client: inboxOn(t, server).client, breaches: map[texter.Breach]int{}}
	api.upstream = &relay.Upstream{Breach: func(_ context.Context, b texter.Breach) { api.breaches[b]++ }}
	same := inboxOn(t, sandbox.New(sandbox.Options{Chats: chats, Seed: 3, Now: now})).client
	all, err := same.SearchChats(t.Context(), texter.SearchOptions{ChatFilter: texter.ChatFilter{ShowNoMessages: new(true)}, Limit: chats})
	if err != nil || len(all.Chats()) != chats {
		t.Fatal(err)
	}
	api.ids = idsOf(all.Chats())
	return api
}

// SearchChats implements texter.Searcher.
func (d *different) SearchChats(ctx context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
	d.limits = append(d.limits, o.Limit)
	return d.client.SearchChats(ctx, o)
}

// page reads a page.
func (d *different) page(t *testing.T, input relay.PageInput) (*relay.Connection, error) {
	t.Helper()
	args, err := relay.ParseArguments(nil, input)
	if err != nil {
		t.Fatal(err)
	}
	return d.upstream.Search(t.Context(), d, texter.ChatFilter{ShowNoMessages: new(true)}, args, false)
}

// walk reads all chats, in pages of a size, and checks what each page says of the list.
func (d *different) walk(t *testing.T, size int, backward bool) (ids []string, err error) {
	t.Helper()
	input := relay.PageInput{First: &size}
	if backward {
		input = relay.PageInput{Last: &size}
	}
	for {
		c, err := d.page(t, input)
		if err != nil {
			return ids, err
		}
		page := idsOf(c.Nodes())
		if ids = append(ids, page...); backward {
			ids = slices.Concat(page, ids[:len(ids)-len(page)])
		}
		goesOn := c.PageInfo.HasNextPage
		if input.After = c.PageInfo.EndCursor(); backward {
			goesOn, input.After, input.Before = c.PageInfo.HasPreviousPage, nil, c.PageInfo.StartCursor()
		}
		if goesOn != (len(ids) < len(d.ids)) || len(page) == 0 {
			t.Fatalf("after %d chats, a page of %d says that others follow: %t", len(ids), len(page), goesOn)
		}
		if !goesOn {
			return ids, nil
		}
	}
}

// TestBreaches walks through lists of APIs that differ from their reference. Either the
// walk has all chats, or it ends with the breach that says why: no chat is left out in
// silence.
func TestBreaches(t *testing.T) {
	const chats = 200
	for _, test := range []struct {
		name   string
		differ sandbox.Differences
		size   int
		seen   []texter.Breach
		ends   texter.Breach // empty if all chats are read
	}{
		{"none", sandbox.Differences{}, 60, nil, ""},
		{"responses of 50 rows at most", sandbox.Differences{LimitCap: 50}, 100, []texter.Breach{texter.BreachLimit}, ""},
		{"responses of 10 rows at most", sandbox.Differences{LimitCap: 10}, 14, []texter.Breach{texter.BreachLimit}, ""},
		{"responses of 9 rows at most", sandbox.Differences{LimitCap: 9}, 30, []texter.Breach{texter.BreachLimit}, texter.BreachLimit},
		{"responses of one row", sandbox.Differences{LimitCap: 1}, 30, []texter.Breach{texter.BreachLimit}, texter.BreachLimit},
		{"a limit of 50, or else an error", sandbox.Differences{LimitCap: 50, Refuses: true}, 100, []texter.Breach{texter.BreachLimit}, ""},
		{"a total that is too high", sandbox.Differences{TotalOff: 5}, 60, []texter.Breach{texter.BreachTotalHigh}, ""},
		{"a total that is one too high", sandbox.Differences{TotalOff: 1}, 60, []texter.Breach{texter.BreachTotalHigh}, ""},
		{"a total that is too low", sandbox.Differences{TotalOff: -5}, 60, []texter.Breach{texter.BreachTotalLow}, ""},
		{"no rows after a skip of 100", sandbox.Differences{SkipCap: 100}, 30, []texter.Breach{texter.BreachSkip}, texter.BreachSkip},
		{"other rows after a skip of 100", sandbox.Differences{SkipCap: 100, Clamps: true}, 30, []texter.Breach{texter.BreachSkip}, texter.BreachSkip},
		{"errors after a skip of 100, and small pages", sandbox.Differences{SkipCap: 100, Refuses: true}, 10, []texter.Breach{texter.BreachSkip}, texter.BreachSkip},
		{"a total that is too high, and no rows after a skip of 150", sandbox.Differences{SkipCap: 150, TotalOff: 5}, 100, []texter.Breach{texter.BreachSkip}, texter.BreachSkip},
		{"errors after a skip of 100", sandbox.Differences{SkipCap: 100, Refuses: true}, 30, []texter.Breach{texter.BreachSkip}, texter.BreachSkip},
	} {
		for _, backward := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, backward is %t", test.name, backward), func(t *testing.T) {
				d := newDifferent(t, chats, test.differ)
				ids, err := d.walk(t, test.size, backward)
				part := d.ids[:len(ids)]
				if backward {
					part = d.ids[chats-len(ids):]
				}
				if !slices.Equal(ids, part) {
					t.Errorf("%d chats are not those of the list", len(ids))
				}
				e, _ := errors.AsType[*texter.Error](err)
				if test.ends == "" && (err != nil || len(ids) != chats) || test.ends != "" && (e == nil || e.Breach != test.ends) {
					t.Errorf("%d chats, then %v", len(ids), err)
				}
				if seen := keysOf(d.breaches); !slices.Equal(seen, test.seen) {
					t.Errorf("seen are %v", seen)
				}
			})
		}
	}
}

// TestPlacesThatABreachHides are not taken for another place, nor for the end of the list.
func TestPlacesThatABreachHides(t *testing.T) {
	const chats = 1000
	plain := newDifferent(t, chats, sandbox.Differences{})
	at := func(t *testing.T, d *different, skip int) *string {
		t.Helper()
		c, err := d.page(t, relay.PageInput{First: new(1), Skip: &skip})
		if err != nil {
			t.Fatal(err)
		}
		return c.PageInfo.EndCursor()
	}
	for name, test := range map[string]struct {
		differ sandbox.Differences
		input  func(t *testing.T, d *different) relay.PageInput
		want   texter.Breach
	}{
		"a numbered page beyond the largest skip": {sandbox.Differences{SkipCap: 100}, func(*testing.T, *different) relay.PageInput {
			return relay.PageInput{First: new(10), Skip: new(150)}
		}, texter.BreachSkip},
		"a cursor far beyond the largest skip": {sandbox.Differences{SkipCap: 100, Clamps: true}, func(t *testing.T, _ *different) relay.PageInput {
			return relay.PageInput{First: new(10), After: at(t, plain, 800)}
		}, texter.BreachSkip},
		"a cursor of a chat that is gone from an unsorted list": {sandbox.Differences{OldestFirst: true}, func(t *testing.T, d *different) relay.PageInput {
			cursor := at(t, d, 500)
			d.server.Delete(d.ids[chats-1-500])
			return relay.PageInput{First: new(10), After: cursor}
		}, texter.BreachOrder},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDifferent(t, chats, test.differ)
			c, err := d.page(t, test.input(t, d))
			if e, _ := errors.AsType[*texter.Error](err); e == nil || e.Breach != test.want {
				t.Errorf("got %v, %v", c, err)
			}
		})
	}
}

// TestAFailureWhileTheLimitIsLookedFor is that of the page, whichever search it is of.
func TestAFailureWhileTheLimitIsLookedFor(t *testing.T) {
	failed := &texter.Error{Cause: texter.CauseUnavailable}
	for failing := 1; ; failing++ {
		d := newDifferent(t, 200, sandbox.Differences{LimitCap: 50, Refuses: true})
		first, err := d.page(t, relay.PageInput{First: new(10)})
		if err != nil {
			t.Fatal(err)
		}
		from, searches := d.client, 0
		d.client = upstream(func(o texter.SearchOptions) (*texter.SearchPage, error) {
			if searches++; searches == failing {
				return nil, failed
			}
			return from.SearchChats(t.Context(), o)
		})
		c, err := d.page(t, relay.PageInput{First: new(100), After: first.PageInfo.EndCursor()})
		if searches < failing { // all are done
			if err != nil || !slices.Equal(idsOf(c.Nodes()), d.ids[10:110]) || failing < 5 {
				t.Errorf("got %v, %v", c, err)
			}
			return
		}
		if err != error(failed) || searches != failing {
			t.Errorf("search %d failed, and got %v after %d searches", failing, err, searches)
		}
	}
}

func keysOf(breaches map[texter.Breach]int) (keys []texter.Breach) {
	for b := range breaches {
		keys = append(keys, b)
	}
	slices.Sort(keys)
	return keys
}

// TestTheLimitIsLearned: once two responses in a row were cut at the same number of
// rows, or a limit was refused, no search asks for more.
func TestTheLimitIsLearned(t *testing.T) {
	for name, test := range map[string]struct {
		differ sandbox.Differences
		first  int // searches until it is known
	}{
		"by responses": {sandbox.Differences{LimitCap: 50}, 4},
		"by refusals":  {sandbox.Differences{LimitCap: 50, Refuses: true}, 4},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDifferent(t, 200, test.differ)
			for range 3 {
				if _, err := d.walk(t, 100, false); err != nil {
					t.Fatal(err)
				}
			}
			if most := slices.Max(d.limits[test.first:]); most > 50 {
				t.Errorf("a later search asks for %d rows: %d", most, d.limits)
			}
			seen := d.breaches[texter.BreachLimit]
			if _, err := d.walk(t, 100, true); err != nil || d.breaches[texter.BreachLimit] != seen {
				t.Errorf("it is seen again: %v", err)
			}
		})
	}
	t.Run("but not by responses that are cut at different numbers", func(t *testing.T) {
		d := newDifferent(t, 200, sandbox.Differences{})
		from, limits := d.client, []int{}
		caps := []int{50, 40, 50, 40}
		d.client = upstream(func(o texter.SearchOptions) (*texter.SearchPage, error) {
			limits = append(limits, o.Limit)
			if o.Limit == 100 {
				o.Limit = caps[0]
				caps = caps[1:]
			}
			page, err := from.SearchChats(t.Context(), o)
			if err == nil && len(page.Chats()) > o.Limit {
				t.Error("too many rows")
			}
			return page, err
		})
		for range 3 {
			if c, err := d.page(t, relay.PageInput{First: new(100)}); err != nil || !slices.Equal(idsOf(c.Nodes()), d.ids[:100]) {
				t.Errorf("got %v, %v", c, err)
			}
		}
		if n := strings.Count(fmt.Sprint(limits), "100"); n != 3 {
			t.Errorf("the searches ask for %d rows", limits)
		}
	})
}

// TestPagesThatTakeTooManyCalls are refused with the largest size that works.
func TestPagesThatTakeTooManyCalls(t *testing.T) {
	d := newDifferent(t, 200, sandbox.Differences{LimitCap: 10})
	for range 2 {
		if _, err := d.page(t, relay.PageInput{First: new(12)}); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		input  relay.PageInput
		calls  int
		broken string // the argument; empty if the page is read
		most   string
	}{
		{relay.PageInput{First: new(14)}, relay.MaxRequests, "", ""},
		{relay.PageInput{First: new(15)}, relay.MaxRequests, "first", " 14 "},
		{relay.PageInput{Last: new(14)}, relay.MaxRequests, "", ""},
		{relay.PageInput{Last: new(15)}, relay.MaxRequests, "last", " 14 "},
		{relay.PageInput{First: new(5)}, 7, "", ""},
		{relay.PageInput{First: new(6)}, 7, "first", " 5 "},
		{relay.PageInput{First: new(1)}, 1, "", ""},
		{relay.PageInput{First: new(2)}, 1, "first", " 1 "},
	} {
		args, err := relay.ParseArguments(nil, test.input)
		if err != nil {
			t.Fatal(err)
		}
		_, err = d.upstream.Search(t.Context(), d, texter.ChatFilter{}, args.Within(test.calls), false)
		broken, _ := errors.AsType[*rule.Error](err)
		if test.broken == "" && err != nil || test.broken != "" && (broken == nil || broken.Name != test.broken || !strings.Contains(broken.Rule, test.most)) {
			t.Errorf("%d calls: got %v, want an error of %q", test.calls, err, test.broken)
		}
	}
}
