package graph_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"texter-graphql/graph"
	"texter-graphql/texter"
)

// stalled is a searcher that tells of each search and answers when it is let.
type stalled struct {
	searches chan texter.SearchOptions
	answer   chan bool
}

func (s stalled) SearchChats(ctx context.Context, o texter.SearchOptions) (*texter.SearchPage, error) {
	s.searches <- o
	select {
	case <-s.answer:
		return &texter.SearchPage{}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// TestRoom has operations ask for more rows than there is room for: large ones
// wait for their turn, small ones do not, and one whose caller leaves gives its
// place back.
func TestRoom(t *testing.T) {
	s := stalled{make(chan texter.SearchOptions, 100), make(chan bool)}
	var told, waited atomic.Int64
	wait := func(change int) {
		told.Add(int64(change))
		waited.Add(int64(max(change, 0)))
	}
	server := httptest.NewServer(graph.NewHandler(graph.Options{Searcher: s, Waiting: wait}))
	t.Cleanup(server.Close)
	answers := make(chan int, 100)
	ask := func(ctx context.Context, query string) {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL, strings.NewReader(`{"query":"`+query+`"}`))
		if err != nil {
			t.Error(err)
			return
		}
		r.Header.Set("Content-Type", "application/json")
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			answers <- 0
			return
		}
		answers <- res.StatusCode
		_ = res.Body.Close()
	}
	const large = "{ searchChats(first: 10000) { nodes { id } } }"
	for range 2 {
		go ask(t.Context(), large)
		<-s.searches
	}
	leaving, leave := context.WithCancel(t.Context())
	go ask(leaving, large)
	<-s.searches
	waiting, giveUp := context.WithCancel(t.Context())
	go ask(waiting, large)
	go ask(t.Context(), "{ a: searchChats(first: 6000) { nodes { id } } b: searchChats(first: 5000) { nodes { id } } }")
	go ask(t.Context(), "{ searchChats(first: 900) { nodes { id } } }")
	go ask(t.Context(), "{ searchChats(first: 10000) { totalCount } }")
	for range 2 {
		if o := <-s.searches; o.Limit > 900 {
			t.Errorf("a search for %d has no room", o.Limit)
		}
	}
	select {
	case o := <-s.searches:
		t.Errorf("a search for %d has no room", o.Limit)
	case <-time.After(100 * time.Millisecond): // what does not come can't be waited for
	}
	giveUp()
	leave()
	for range 2 {
		<-answers
	}
	close(s.answer)
	for range 5 {
		if status := <-answers; status != http.StatusOK {
			t.Errorf("status %d", status)
		}
	}
	if told.Load() != 0 || waited.Load() != 2 {
		t.Errorf("%d of %d are told to wait still", told.Load(), waited.Load())
	}
}
