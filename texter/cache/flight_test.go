package cache_test

import (
	"bytes"
	"context"
	"errors"
	"net/http/httptest"
	"runtime"
	"sync"
	"testing"
	"time"

	"texter-graphql/internal/auth"
	"texter-graphql/texter"
	"texter-graphql/texter/cache"
	"texter-graphql/texter/sandbox"
)

// askTogether has n callers of each token ask at once, while the upstream
// waits for all of them, and returns what they got.
func askTogether(t *testing.T, s *service, n int, tokens ...string) map[string][]answer {
	t.Helper()
	_, release := s.hold(t)
	answers := map[string][]answer{}
	var all sync.WaitGroup
	for _, token := range tokens {
		got := make([]answer, n)
		answers[token] = got
		for i := range n {
			all.Go(func() { got[i] = s.ask(t, token) })
		}
	}
	s.untilWaiting(t, n*len(tokens))
	release()
	all.Wait()
	return answers
}

// TestOneRequestForAThousandCallers: equal searches of one credential.
func TestOneRequestForAThousandCallers(t *testing.T) {
	const n = 1000
	s := newService(t)
	for _, got := range askTogether(t, s, n, "a")["a"] {
		if got.code() != "" || got.Data.SearchChats == nil || got.Data.SearchChats.TotalCount == 0 {
			t.Fatalf("got %+v", got)
		}
	}
	if s.upstream.Requests() != 1 {
		t.Errorf("the upstream saw %d requests", s.upstream.Requests())
	}
	if misses, shared := s.outcomes.of(cache.Miss), s.outcomes.of(cache.Shared); misses != 1 || shared != n-1 {
		t.Errorf("%d misses and %d shared", misses, shared)
	}
}

// TestCallersApart: different credentials share nothing, not even a refusal.
func TestCallersApart(t *testing.T) {
	for _, tokens := range [][]string{{"a", "b"}, {"a", "revoked"}} {
		s := newService(t)
		for token, answers := range askTogether(t, s, 5, tokens...) {
			want := map[string]string{"revoked": "UNAUTHENTICATED"}[token]
			for _, got := range answers {
				if got.code() != want || (got.Data.SearchChats == nil) != (want != "") {
					t.Errorf("%v: %s got %+v", tokens, token, got)
				}
			}
		}
		if s.upstream.Requests() != 2 {
			t.Errorf("%v: the upstream saw %d requests", tokens, s.upstream.Requests())
		}
	}
}

// search searches in the background.
func search(ctx context.Context, s *service) <-chan error {
	result := make(chan error, 1)
	go func() {
		_, err := s.cache.SearchChats(ctx, texter.SearchOptions{})
		result <- err
	}()
	return result
}

func assertCanceled(t *testing.T, err error) {
	t.Helper()
	if e, ok := errors.AsType[*texter.Error](err); !ok || e.Cause != texter.CauseCanceled {
		t.Errorf("got %v", err)
	}
}

// TestLeavers: whoever leaves, be it the first, the search goes on for the
// others; the last one's leaving cancels it.
func TestLeavers(t *testing.T) {
	s := newService(t)
	arrived, release := s.hold(t)
	firstCtx, firstLeaves := context.WithCancel(as(t, "a"))
	first := search(firstCtx, s)
	<-arrived
	secondCtx, secondLeaves := context.WithCancel(as(t, "a"))
	second := search(secondCtx, s)
	s.untilWaiting(t, 2)
	third := search(as(t, "a"), s)
	s.untilWaiting(t, 3)

	firstLeaves()
	secondLeaves()
	assertCanceled(t, <-second)
	release()
	if err := <-third; err != nil || s.upstream.Requests() != 1 {
		t.Errorf("the one who stays gets %v", err)
	}
	assertCanceled(t, <-first)

	arrived, release = s.hold(t)
	lastCtx, lastLeaves := context.WithCancel(as(t, "a"))
	last := search(lastCtx, s)
	request := <-arrived
	lastLeaves()
	assertCanceled(t, <-last)
	<-request.Context().Done() // or the test never ends
	next := search(as(t, "a"), s)
	<-arrived
	release()
	if err := <-next; err != nil {
		t.Errorf("who comes after the last has left gets %v", err)
	}
}

// TestDifferentSearches: nothing but equal searches is shared.
func TestDifferentSearches(t *testing.T) {
	s := newService(t)
	_, release := s.hold(t)
	text, yes := "00", true
	searches := []texter.SearchOptions{
		{}, {Limit: 5}, {Skip: 5}, {Limit: 5, Skip: 5}, {ChatFilter: texter.ChatFilter{Search: &text}},
		{ChatFilter: texter.ChatFilter{ShowNoMessages: &yes}}, {ChatFilter: texter.ChatFilter{Labels: []string{text}}},
		{ChatFilter: texter.ChatFilter{Statuses: []texter.ChatStatus{texter.StatusBot}}},
		{ChatFilter: texter.ChatFilter{Channel: &texter.ChannelFilter{Name: texter.ChannelEmail, AccountID: text}}},
	}
	var all sync.WaitGroup
	for _, o := range searches {
		all.Go(func() {
			if _, err := s.cache.SearchChats(as(t, "a"), o); err != nil {
				t.Error(err)
			}
		})
	}
	s.untilWaiting(t, len(searches))
	release()
	all.Wait()
	if s.upstream.Requests() != len(searches) {
		t.Errorf("the upstream saw %d requests", s.upstream.Requests())
	}
}

// searcherFunc is a Searcher.
type searcherFunc func(context.Context, texter.SearchOptions) (*texter.SearchPage, error)

func (f searcherFunc) SearchChats(ctx context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
	return f(ctx, o)
}

// TestOutOfTime: a first caller who may run out of time does not wait for the
// search that others wait for.
func TestOutOfTime(t *testing.T) {
	s := newService(t, func(o *cache.Options) { o.Timeout = time.Minute })
	arrived, release := s.hold(t)
	ctx, cancel := context.WithTimeout(as(t, "a"), 100*time.Millisecond)
	defer cancel()
	first := search(ctx, s)
	<-arrived
	second := search(as(t, "a"), s)
	s.untilWaiting(t, 2)
	if err := <-first; err == nil {
		t.Error("who ran out of time gets no error")
	}
	release()
	if err := <-second; err != nil || s.upstream.Requests() != 1 {
		t.Errorf("the one who stays gets %v", err)
	}
}

// TestPanics: a search that panics, or ends its goroutine, leaves no caller
// waiting, and each learns where, but for the one whose goroutine it ended.
func TestPanics(t *testing.T) {
	for name, end := range map[string]func(){"panic": func() { panic("canary") }, "Goexit": runtime.Goexit} {
		release := make(chan struct{})
		s := newService(t, func(o *cache.Options) {
			o.Searcher = searcherFunc(func(context.Context, texter.SearchOptions) (*texter.SearchPage, error) {
				<-release
				end()
				return nil, nil
			})
		})
		panics := make(chan any, 3)
		for range cap(panics) {
			go func() {
				defer func() { panics <- recover() }()
				_, _ = s.cache.SearchChats(as(t, "a"), texter.SearchOptions{})
			}()
		}
		s.untilWaiting(t, cap(panics))
		close(release)
		ended := 0
		for range cap(panics) {
			switch p := (<-panics).(type) {
			case nil:
				ended++
			case *cache.Panic:
				if !bytes.Contains(p.Stack(), []byte("TestPanics")) {
					t.Errorf("%s: got %v", name, p)
				}
			default:
				t.Errorf("%s: got %v", name, p)
			}
		}
		if want := map[string]int{"Goexit": 1}[name]; ended != want {
			t.Errorf("%s: %d callers learned nothing, want %d", name, ended, want)
		}
	}
}

// TestNobody: callers without a credential share nothing.
func TestNobody(t *testing.T) {
	calls := 0
	c := newCache(t, cache.Options{
		Searcher: searcherFunc(func(context.Context, texter.SearchOptions) (*texter.SearchPage, error) {
			calls++
			return &texter.SearchPage{}, nil
		}),
		Credential: func(context.Context) (string, error) { return "", nil },
	})
	for range 3 {
		if _, err := c.SearchChats(t.Context(), texter.SearchOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	if calls != 3 {
		t.Errorf("%d searches", calls)
	}
}

// TestSharedMemory: a page that two callers have is not used again before both
// have released it, and a caller who left does not count.
func TestSharedMemory(t *testing.T) {
	upstream := sandbox.New(sandbox.Options{Chats: 300})
	server := httptest.NewServer(upstream)
	t.Cleanup(server.Close)
	client, err := texter.NewClient(texter.Options{BaseURL: server.URL + sandbox.BasePath, Token: auth.Token, Reuse: true})
	if err != nil {
		t.Fatal(err)
	}
	c := newCache(t, cache.Options{Searcher: client, BaseURL: server.URL, Credential: auth.Token})
	search := func(skip int) *texter.SearchPage {
		page, err := c.SearchChats(as(t, "a"), texter.SearchOptions{Limit: 5, Skip: skip})
		if err != nil {
			t.Error(err)
			return &texter.SearchPage{}
		}
		return page
	}
	for range 20 {
		s := &service{cache: c, upstream: upstream}
		arrived, release := s.hold(t)
		pages := make(chan *texter.SearchPage, 2)
		go func() { pages <- search(0) }()
		<-arrived
		go func() { pages <- search(0) }()
		s.untilWaiting(t, 2)
		release()
		first, second := <-pages, <-pages
		want := string(second.Body)
		first.Release()
		for skip := range 5 {
			search(5 + skip).Release()
		}
		if string(second.Body) != want {
			t.Fatalf("the page of a caller who holds it became %.40s", second.Body)
		}
		second.Release()
	}
}
