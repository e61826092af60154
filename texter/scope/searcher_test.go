package scope_test

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"texter-graphql/texter"
	"texter-graphql/texter/scope"
)

// recordingSearcher records what it is asked for, and always errs.
type recordingSearcher struct{ asked []texter.SearchOptions }

var errDown = errors.New("down")

func (s *recordingSearcher) SearchChats(_ context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
	s.asked = append(s.asked, o)
	return nil, errDown
}

// TestTheSearcherNarrows: the search that Next gets is the narrowed one, and one that
// can't be narrowed is never sent.
func TestTheSearcherNarrows(t *testing.T) {
	ctx := scope.NewContext(t.Context(), parse(t, `{"channel":{"name":"EMAIL","accountId":"1"},"labels":["a"],"statuses":["BOT"]}`))
	next := &recordingSearcher{}
	o := texter.SearchOptions{ChatFilter: texter.ChatFilter{Search: new("dana")}, Skip: 30, Limit: 60}
	page, err := scope.Searcher{Next: next}.SearchChats(ctx, o)
	if page != nil || !errors.Is(err, errDown) {
		t.Errorf("got %v, %v", page, err)
	}
	want := o
	want.Channel = &texter.ChannelFilter{Name: texter.ChannelEmail, AccountID: "1"}
	want.Labels, want.Statuses = []string{"a"}, []texter.ChatStatus{texter.StatusBot}
	if !reflect.DeepEqual(next.asked, []texter.SearchOptions{want}) {
		t.Errorf("asked for %+v", next.asked)
	}
	if narrowed, err := scope.Narrow(ctx, o.ChatFilter); err != nil || !reflect.DeepEqual(narrowed, want.ChatFilter) {
		t.Errorf("got %+v, %v", narrowed, err)
	}

	o.Labels = []string{"b"}
	page, err = scope.Searcher{Next: next}.SearchChats(ctx, o)
	if page != nil || !errors.Is(err, scope.ErrOutside) || len(next.asked) != 1 {
		t.Errorf("outside of the scope: got %v, %v after %d searches", page, err, len(next.asked))
	}
}

func TestErrorsOfSearches(t *testing.T) {
	if _, err := scope.Narrow(t.Context(), texter.ChatFilter{}); err == nil || err.Error() != "the context has no scope" {
		t.Errorf("got %v", err)
	}
	if text := scope.ErrBreach.Error(); text != "the page has chats outside the caller's scope" {
		t.Error(text)
	}
}

// released is the memory of a page.
type released struct{ times int }

func (*released) Hold()                   {}
func (*released) Shrink(int)              {}
func (*released) Join(texter.Reservation) {}
func (r *released) Release()              { r.times++ }

// unfiltered searches all chats, whatever it is asked for, and gives their page memory.
type unfiltered struct {
	client *texter.Client
	memory *released
}

func (s unfiltered) SearchChats(ctx context.Context, _ texter.SearchOptions) (*texter.SearchPage, error) {
	page, err := s.client.SearchChats(ctx, texter.SearchOptions{})
	if err == nil {
		page.Reserve(s.memory)
	}
	return page, err
}

// TestAPageOutsideTheScopeIsReleased: else its memory counts for ever.
func TestAPageOutsideTheScopeIsReleased(t *testing.T) {
	client := newClient(t, func() string { return `{"data":[{"_id":"x","labels":["b"]}],"total":1}` })
	for text, want := range map[string]int{`{"labels":["a"]}`: 1, `{"labels":["b"]}`: 0} {
		memory := &released{}
		ctx := scope.NewContext(t.Context(), parse(t, text))
		_, err := scope.Searcher{Next: unfiltered{client, memory}}.SearchChats(ctx, texter.SearchOptions{})
		if (want == 1) != errors.Is(err, scope.ErrBreach) || memory.times != want {
			t.Errorf("%s: released %d times, error %v", text, memory.times, err)
		}
	}
}

func TestSame(t *testing.T) {
	in := func(text string) context.Context { return scope.NewContext(t.Context(), parse(t, text)) }
	none, all, a, b := t.Context(), in(`{}`), in(`{"labels":["a"]}`), in(`{"labels":["b"]}`)
	for i, one := range []context.Context{none, all, a, b} {
		for j, other := range []context.Context{t.Context(), in(`{}`), in(`{"labels":["a"]}`), in(`{"labels":["b"]}`)} {
			if got := scope.Same(one, other); got != (i == j) {
				t.Errorf("%d and %d: %v", i, j, got)
			}
		}
	}
}

// brokenLabels is a LabelSource that errs.
type brokenLabels struct{}

func (brokenLabels) Labels(context.Context) (*texter.Labels, error) { return nil, errDown }

func TestErrorsOfLabels(t *testing.T) {
	for _, text := range []string{`{}`, `{"labels":["a"]}`} {
		labels, err := scope.LabelSource{Next: brokenLabels{}}.Labels(scope.NewContext(t.Context(), parse(t, text)))
		if labels != nil || !errors.Is(err, errDown) {
			t.Errorf("%s: got %v, %v", text, labels, err)
		}
	}
}
