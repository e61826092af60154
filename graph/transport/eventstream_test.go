package transport_test

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"texter-graphql/graph/transport"
)

// source is an executor of one subscription, whose responses a test sends.
type source struct {
	mu     sync.Mutex
	bodies []string
	ended  bool
	wake   func()
	closed int
}

// Prepare implements transport.Executor.
func (s *source) Prepare(context.Context, *graphql.RawParams) (transport.Operation, gqlerror.List) {
	return s, nil
}

// Type implements transport.Operation.
func (*source) Type() ast.Operation { return ast.Subscription }

// Execute implements transport.Operation.
func (*source) Execute(context.Context) iter.Seq[*transport.Response] { return nil }

// Subscribe implements transport.Operation.
func (s *source) Subscribe(_ context.Context, wake func()) transport.Stream {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wake = wake
	return s
}

// Next implements transport.Stream.
func (s *source) Next() (body []byte, ended bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.bodies) == 0 {
		return nil, s.ended
	}
	body = []byte(s.bodies[0])
	s.bodies = s.bodies[1:]
	return body, s.ended && len(s.bodies) == 0
}

// Close implements transport.Stream.
func (s *source) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed++
}

// Refuse implements transport.Executor.
func (*source) Refuse(_ context.Context, _ transport.Operation, errs gqlerror.List) *transport.Response {
	return &transport.Response{Errors: errs}
}

// Recover implements transport.Executor.
func (*source) Recover(context.Context, transport.Operation, any) *transport.Response {
	return &transport.Response{}
}

// Recall implements transport.Executor.
func (*source) Recall(context.Context, ...string) []byte { return []byte("what was kept is no stream") }

// send sends responses; with end, they are the last ones.
func (s *source) send(end bool, bodies ...string) {
	s.mu.Lock()
	s.bodies, s.ended = append(s.bodies, bodies...), end
	s.mu.Unlock()
	s.wake()
}

// recorder is a response that a test can read while it is written: what is flushed of
// it. Its writes fail if it has an error.
type recorder struct {
	*httptest.ResponseRecorder
	mu      sync.Mutex
	err     error
	flushed int // bytes of Body
}

// Write implements http.ResponseWriter.
func (r *recorder) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil {
		return 0, r.err
	}
	return r.ResponseRecorder.Write(b)
}

// FlushError flushes, for http.ResponseController.
func (r *recorder) FlushError() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.flushed = r.Body.Len()
	return nil
}

// read returns what was written since the last call, once all that can happen now has
// happened.
func (r *recorder) read() string {
	synctest.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	text := string(r.Body.Next(r.flushed))
	r.flushed = 0
	return text
}

// fail makes all further writes fail.
func (r *recorder) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.err = err
}

const (
	nextEvent     = "event: next\ndata: "
	completeEvent = "event: complete\ndata:\n\n"
)

// TestEventStreams: how a stream goes on and ends, and what is observed of it.
func TestEventStreams(t *testing.T) {
	type stream struct {
		*source
		w           *recorder
		connections *transport.Connections
		leave       context.CancelFunc
		valid       *atomic.Bool
	}
	end := func(reason transport.Reason, after time.Duration, bodies ...string) transport.End {
		return transport.End{Protocol: transport.SSE, Reason: reason, Deliveries: len(bodies), Bytes: len(strings.Join(bodies, "")), Duration: after}
	}
	for name, test := range map[string]struct {
		run  func(t *testing.T, s stream)
		want transport.End
		rest string // of the stream, at the end
	}{
		"one that completes, with its last response": {func(t *testing.T, s stream) {
			s.send(false, `{"a":1}`, "{\"b\":\r2,\n\"c\":3}")
			if got, want := s.w.read(), nextEvent+`{"a":1}`+"\n\n"+nextEvent+"{\"b\":\ndata: 2,\ndata: \"c\":3}\n\n"; got != want {
				t.Errorf("got %q", got)
			}
			time.Sleep(time.Second)
			s.send(true, "{}")
		}, end(transport.Completed, time.Second, `{"a":1}`, "{\"b\":\r2,\n\"c\":3}", "{}"), nextEvent + "{}\n\n" + completeEvent},
		"one that completes without another response": {func(_ *testing.T, s stream) { s.send(true) }, end(transport.Completed, 0), completeEvent},
		"one on which nothing is sent": {func(t *testing.T, s stream) {
			for range 3 {
				time.Sleep(11900 * time.Millisecond)
				if got := s.w.read(); got != "" {
					t.Errorf("too soon: %q", got)
				}
				time.Sleep(100 * time.Millisecond)
				if got := s.w.read(); got != ":\n\n" {
					t.Errorf("a comment is %q", got)
				}
			}
			s.leave()
		}, end(transport.Left, 36*time.Second), ""},
		"one whose client leaves": {func(_ *testing.T, s stream) {
			s.send(false, "{}")
			s.w.read()
			s.leave()
		}, end(transport.Left, 0, "{}"), ""},
		"one whose caller is not let in any more": {func(t *testing.T, s stream) {
			time.Sleep(time.Minute)
			s.w.read()
			s.valid.Store(false)
			time.Sleep(500 * time.Millisecond)
			got := s.w.read()
			if !strings.HasPrefix(got, nextEvent+`{"errors":[{"message":"`) || !strings.Contains(got, `"code":"UNAUTHENTICATED"`) || !strings.HasSuffix(got, "\n\n"+completeEvent) {
				t.Errorf("got %q", got)
			}
		}, end(transport.Unauthorized, time.Minute+500*time.Millisecond), ""},
		"one when the service stops": {func(_ *testing.T, s stream) { go s.connections.Stop() }, end(transport.Stopped, 0), ""},
		"one whose connection breaks": {func(_ *testing.T, s stream) {
			s.w.fail(errors.New("it broke"))
			s.send(false, "{}")
		}, end(transport.Lost, 0), ""},
		"one whose connection has broken, while nothing is sent": {func(_ *testing.T, s stream) {
			s.w.fail(errors.New("it broke"))
			time.Sleep(12 * time.Second)
		}, end(transport.Lost, 12*time.Second), ""},
		"one whose client receives nothing in time": {func(_ *testing.T, s stream) {
			s.w.fail(os.ErrDeadlineExceeded)
			s.send(false, "{}")
		}, end(transport.Stalled, 0), ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				valid := &atomic.Bool{}
				valid.Store(true)
				var ends []transport.End
				started, delivered := 0, 0
				connections := transport.NewConnections(transport.Callers{
					Name:     func(context.Context) string { return "caller" },
					Validity: func(context.Context) func() bool { return valid.Load },
				}, transport.Observer{
					Subscribed:   func(context.Context, transport.Protocol) { started++ },
					Delivered:    func(transport.Protocol) { delivered++ },
					Unsubscribed: func(_ context.Context, end transport.End) { ends = append(ends, end) },
				}, transport.Limits{SubscriptionsPerCaller: 1})
				watching, stop := context.WithCancel(t.Context())
				defer stop()
				go connections.Watch(watching)
				ctx, leave := context.WithCancel(t.Context())
				defer leave()
				s, w := &source{}, &recorder{ResponseRecorder: httptest.NewRecorder()}
				done := make(chan bool)
				go func() {
					transport.HTTP{Connections: connections}.Do(w, post(operation("subscription { x }"), "Accept: text/event-stream").WithContext(ctx), s)
					close(done)
				}()
				if w.read(); w.Code != http.StatusOK || started != 1 {
					t.Fatalf("status %d", w.Code)
				}
				assertStatus(t, "one more", connections.AddSubscription("caller"), http.StatusTooManyRequests)
				test.run(t, stream{s, w, connections, leave, valid})
				select {
				case <-done:
				case <-time.After(time.Hour):
					t.Error("it goes on")
					leave()
					<-done
				}
				if rest := w.read(); rest != test.rest {
					t.Errorf("the rest is %q", rest)
				}
				if !reflect.DeepEqual(ends, []transport.End{test.want}) || delivered != test.want.Deliveries || s.closed != 1 {
					t.Errorf("got %+v after %d deliveries, closed %d times", ends, delivered, s.closed)
				}
				assertStatus(t, "one in its place", connections.AddSubscription("caller"), 0)
			})
		})
	}
	t.Run("one too many is refused, as is one while the service stops", func(t *testing.T) {
		connections := transport.NewConnections(transport.Callers{}, transport.Observer{}, transport.Limits{Subscriptions: 1})
		if err := connections.AddSubscription(""); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			s, w := &source{}, httptest.NewRecorder()
			transport.HTTP{Connections: connections}.Do(w, post(operation("subscription { x }"), "Accept: text/event-stream"), s)
			if s.wake != nil || w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), `"code":"OVERLOADED"`) {
				t.Errorf("got %s", w.Body)
			}
			connections.RemoveSubscription("")
			connections.Stop()
		}
	})
}

// TestQueriesAsEvents: a client that takes only events gets the response to a query as
// one, and that it is complete. Where there are no subscriptions, there are no events.
func TestQueriesAsEvents(t *testing.T) {
	responses := []*transport.Response{{Data: transport.JSON(`{"done":true}`)}}
	request := func() *http.Request { return post(operation("{x}"), "Accept: text/event-stream") }
	w := httptest.NewRecorder()
	connections := transport.NewConnections(transport.Callers{}, transport.Observer{}, transport.Limits{})
	transport.HTTP{Connections: connections}.Do(w, request(), streams{ast.Query, responses})
	if got, want := w.Body.String(), nextEvent+`{"data":{"done":true}}`+"\n\n"+completeEvent; got != want || !w.Flushed {
		t.Errorf("got %q", got)
	}
	w = httptest.NewRecorder()
	transport.HTTP{}.Do(w, request(), streams{ast.Query, responses})
	if w.Code != http.StatusNotAcceptable {
		t.Errorf("without subscriptions, got %d", w.Code)
	}
}
