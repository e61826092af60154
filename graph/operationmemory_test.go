package graph

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"texter-graphql/graph/fast"
	"texter-graphql/texter"
	"texter-graphql/texter/cache"
	"texter-graphql/texter/sandbox"
)

// gatedTexter is the sandbox, whose searches wait until the gate is opened.
type gatedTexter struct {
	*sandbox.Server
	gate  chan struct{}
	calls atomic.Int64
}

func (x *gatedTexter) RoundTrip(r *http.Request) (*http.Response, error) {
	x.calls.Add(1)
	select {
	case <-x.gate:
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	w := httptest.NewRecorder()
	x.ServeHTTP(w, r)
	return w.Result(), nil
}

// sharing is a service whose equal searches share a page, as without a cache.
type sharing struct {
	overloaded
	memory *memory
	texter *gatedTexter
}

type callerKey struct{}

// runSharing runs a test in a synctest bubble. The memory is enough for three searches
// for 1,000 chats of one caller.
func runSharing(t *testing.T, name string, test func(t *testing.T, s *sharing)) {
	t.Run(name, func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := &sharing{texter: &gatedTexter{Server: sandbox.New(sandbox.Options{Chats: 2000}), gate: make(chan struct{})}}
			token := func(context.Context) (string, error) { return "token", nil }
			client, err := texter.NewClient(texter.Options{BaseURL: "https://texter.example" + sandbox.BasePath, Token: token, Transport: s.texter, Reuse: true})
			if err != nil {
				t.Fatal(err)
			}
			flights, err := cache.New(cache.Options{Searcher: client, Credential: token, Timeout: time.Minute})
			if err != nil {
				t.Fatal(err)
			}
			o := Options{
				Searcher: flights, Memory: 160 * mebibyte, Timeout: time.Minute,
				Waiting: func(change int) { s.waiting.Add(int64(change)) },
				Caller:  func(ctx context.Context) string { name, _ := ctx.Value(callerKey{}).(string); return name },
			}
			e := newExecutor(o)
			e.fast = fast.NewLane(e.schema, nil)
			s.Handler, s.memory = newServer(o, e), e.memory
			test(t, s)
			synctest.Wait()
			if held, waiting := s.memory.pool.Load(); held != 0 || waiting != 0 || s.waiting.Load() != 0 {
				t.Errorf("in the end, operations hold %d bytes, and %d wait", held, waiting)
			}
		})
	})
}

// ask sends a search for 1,000 chats of a caller.
func (s *sharing) ask(ctx context.Context, caller string) *httptest.ResponseRecorder {
	return s.send(context.WithValue(ctx, callerKey{}, caller), largePage)
}

const largePage = "{ searchChats(first: 1000) { nodes { id raw } } }"

// expect fails unless so many operations wait for memory, and so many calls were made.
func (s *sharing) expect(t *testing.T, waiting, calls int64) {
	t.Helper()
	if s.waiting.Load() != waiting || s.texter.calls.Load() != calls {
		t.Errorf("%d operations wait for memory, and %d calls were made; want %d and %d", s.waiting.Load(), s.texter.calls.Load(), waiting, calls)
	}
}

// held is how many bytes operations hold.
func (s *sharing) held() int {
	held, _ := s.memory.pool.Load()
	return held
}

func TestMemoryOfSharedPages(t *testing.T) {
	runSharing(t, "equal searches of one caller take the memory of one page", func(t *testing.T, s *sharing) {
		var answers []*httptest.ResponseRecorder
		for range 100 {
			answers = append(answers, s.ask(t.Context(), "one"))
		}
		s.expect(t, 0, 1)
		if least := texter.MaxBodySize(1, 1000) + 100*minWhole; s.held() < least {
			t.Errorf("they hold %d bytes, want %d at least", s.held(), least)
		}
		close(s.texter.gate)
		synctest.Wait()
		for _, answer := range answers {
			if body := answer.Body.String(); body != answers[0].Body.String() || strings.Count(body, `"raw"`) != 1000 {
				t.Fatalf("got %.300s", body)
			}
		}
	})
	runSharing(t, "a caller takes no memory of another", func(t *testing.T, s *sharing) {
		for range 3 {
			s.ask(t.Context(), "one")
			s.ask(t.Context(), "two")
		}
		alone := s.held()
		s.ask(t.Context(), "two")
		s.expect(t, 1, 1)
		if s.held() != alone {
			t.Errorf("%d bytes are held, want %d", s.held(), alone)
		}
		close(s.texter.gate)
	})
	runSharing(t, "the memory of a page is held as long as somebody waits for it", func(t *testing.T, s *sharing) {
		ctx, leave := context.WithCancel(t.Context())
		s.ask(ctx, "one")
		s.ask(t.Context(), "one")
		both := s.held()
		leave()
		synctest.Wait()
		if left := both - s.held(); left < minWhole || left > maxWhole {
			t.Errorf("the first one, who left, gave back %d bytes", left)
		}
		close(s.texter.gate)
	})
	runSharing(t, "the memory of a page is held as long as somebody writes it", func(t *testing.T, s *sharing) {
		stalled := make(chan struct{})
		s.ask(t.Context(), "one")
		go s.ServeHTTP(stalledWriter{httptest.NewRecorder(), stalled}, newPost(context.WithValue(t.Context(), callerKey{}, "one"), largePage))
		synctest.Wait()
		s.expect(t, 0, 1)
		close(s.texter.gate)
		synctest.Wait()
		if held := s.held(); held < mebibyte || held > 4*mebibyte {
			t.Errorf("%d bytes are held for a page and a piece of its answer", held)
		}
		close(stalled)
	})
}

// TestMemoryOfAnotherPage: an operation whose page has its own memory gets memory for
// another page, if some is free, and never waits for it.
func TestMemoryOfAnotherPage(t *testing.T) {
	pool := newMemory(160*mebibyte, nil)
	newOperation := func(size int) *operationMemory {
		held, err := pool.acquire(t.Context(), deadline{}, "one", size)
		if err != nil {
			t.Fatal(err)
		}
		return &operationMemory{from: pool, caller: "one", held: held}
	}
	m := newOperation(20 * mebibyte)
	m.splitPage(4*mebibyte, 1000)
	search := func(limit int) (texter.Reservation, error) {
		o := texter.SearchOptions{Limit: limit}
		err := m.reserve(&o)
		return o.Reserved, err
	}
	for _, limit := range []int{1, 1009} { // as at a cursor
		if memory, err := search(limit); memory != nil || err != nil {
			t.Errorf("a search for %d of 1,000 rows got %v, %v", limit, memory, err)
		}
	}
	if memory, err := search(1000); memory != m.page || err != nil {
		t.Errorf("the search for all rows got %v, %v", memory, err)
	}
	before, _ := pool.pool.Load()
	if _, err := search(2); err != nil {
		t.Error(err)
	}
	if held, _ := pool.pool.Load(); held-before < texter.MaxBodySize(1, 2) {
		t.Errorf("a search more took %d bytes", held-before)
	}
	other := newOperation(50 * mebibyte)
	if _, err := search(1000); !errors.Is(err, errOverloaded) {
		t.Errorf("without free memory, a search more got %v", err)
	}
	other.release()
	m.release()
	if held, waiting := pool.pool.Load(); held != 0 || waiting != 0 {
		t.Errorf("%d bytes are held, and %d operations wait", held, waiting)
	}
}
