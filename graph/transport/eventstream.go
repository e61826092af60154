package transport

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"texter-graphql/internal/refusal"
)

// mediaTypeEvents is that of GraphQL over SSE, distinct connections mode
// (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md).
const mediaTypeEvents = "text/event-stream"

// acceptsEvents reports whether the client takes an event stream.
func acceptsEvents(accept []string) bool {
	ranges := strings.ToLower(strings.Join(accept, ","))
	return strings.TrimSpace(ranges) == "" || quality(ranges, mediaTypeEvents) > 0
}

// keepAliveInterval is the time between two comments. Proxies close connections on
// which nothing is sent.
const keepAliveInterval = 12 * time.Second

// eventStream is a response of server-sent events. It implements Connection.
type eventStream struct {
	w      http.ResponseWriter
	flush  func() error
	valid  func() bool   // nil if the caller is let in for ever
	ending chan Reason   // has why the stream is ended from outside
	woken  chan struct{} // has a value if the subscription may have something new
	totals End
}

// beginEvents sends the head. The head leaves at once, so that the client knows that
// the stream is open.
func (a *answer) beginEvents(s *eventStream) {
	w := Uncompressed(a.w)
	header := w.Header()
	header.Set("Content-Type", mediaTypeEvents+"; charset=utf-8")
	header.Set("Cache-Control", "private, no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-Accel-Buffering", "no") // nginx would hold events back
	header.Add("Vary", "Accept, Authorization")
	controller := http.NewResponseController(w)
	_ = controller.SetReadDeadline(time.Time{}) // that of the request; errors where there is no connection, in tests
	a.begun = true
	w.WriteHeader(http.StatusOK)
	_ = controller.Flush() // if the client is gone, the next write says so
	s.w, s.flush = w, controller.Flush
}

// Check implements Connection.
func (s *eventStream) Check(time.Time) {
	if s.valid != nil && !s.valid() {
		s.end(Unauthorized)
	}
}

// Stop implements Connection.
func (s *eventStream) Stop() { s.end(Stopped) }

func (s *eventStream) end(reason Reason) {
	select {
	case s.ending <- reason:
	default: // it ends already
	}
}

// wake is called by the subscription.
func (s *eventStream) wake() {
	select {
	case s.woken <- struct{}{}:
	default:
	}
}

// beginOfEvent is what comes before the response in an event.
const beginOfEvent = "event: next\ndata: "

// next sends a response, in one write.
func (s *eventStream) next(body []byte) error {
	buffer := buffers.Get().(*[]byte)
	defer giveBack(buffer)
	*buffer = append(appendData(append((*buffer)[:0], beginOfEvent...), body), "\n\n"...)
	return s.write(*buffer)
}

// respond sends the response of a query or a mutation. A large one is sent in pieces.
func (s *eventStream) respond(response *Response) error {
	begin := beginOfEvent
	send := func(part []byte) error {
		_, err := s.w.Write(appendData([]byte(begin), part))
		begin = ""
		return err
	}
	var err error
	isTooLarge := response.Encode(func([]byte) {}, func(piece []byte, _ int, _ bool) error {
		err = send(piece)
		return err
	})
	if isTooLarge {
		err = send(response.TooLarge().Body())
	}
	if err != nil {
		return err
	}
	return s.write([]byte("\n\n"))
}

// appendData appends a part of the data of an event. JSON may have line ends between
// its values, where a line of an event would end.
func appendData(b, part []byte) []byte {
	for {
		i := bytes.IndexAny(part, "\r\n")
		if i < 0 {
			return append(b, part...)
		}
		b = append(append(b, part[:i]...), "\ndata: "...)
		part = part[i+1:]
	}
}

// complete says that no response follows. Browsers' EventSource takes no event without
// data.
func (s *eventStream) complete() error { return s.write([]byte("event: complete\ndata:\n\n")) }

// write sends a text, and all before it.
func (s *eventStream) write(text []byte) error {
	if _, err := s.w.Write(text); err != nil {
		return err
	}
	return s.flush()
}

// sendAsEvents sends the only response of an operation, and that it is complete.
func (a *answer) sendAsEvents(response *Response) {
	s := &eventStream{}
	if a.beginEvents(s); s.respond(response) == nil {
		_ = s.complete() // a client that is gone needs no answer
	}
}

// subscribe sends the responses of a subscription until it ends, or the client
// leaves. It errors with a *refusal.Error if too many are open.
func (a *answer) subscribe(ctx context.Context, exec Executor, operation Operation, connections *Connections) error {
	caller := connections.Callers.Name(ctx)
	if err := connections.AddSubscription(caller); err != nil {
		return err
	}
	defer connections.RemoveSubscription(caller)
	s := &eventStream{valid: connections.Callers.Validity(ctx), ending: make(chan Reason, 1), woken: make(chan struct{}, 1)}
	if err := connections.Add(s); err != nil {
		return err
	}
	defer connections.Remove(s)
	stream := operation.Subscribe(ctx, s.wake)
	defer stream.Close()
	a.beginEvents(s)
	connections.Observer.Subscribed(ctx, SSE)
	s.totals.Protocol, s.totals.Reason = SSE, Failed // if it panics
	began := time.Now()
	defer func() {
		s.totals.Duration = time.Since(began)
		connections.Observer.Unsubscribed(ctx, s.totals)
	}()
	s.totals.Reason = s.follow(ctx, stream, func() { connections.Observer.Delivered(SSE) })
	if s.totals.Reason == Unauthorized {
		e := &refusal.Error{Status: http.StatusUnauthorized, Message: "The credential of this subscription is not accepted any more: subscribe with another one."}
		if s.next(exec.Refuse(ctx, operation, gqlerror.List{{Message: e.Message, Extensions: e.Extensions()}}).Body()) == nil {
			_ = s.complete() // a client that is gone needs no answer
		}
	}
	return nil
}

// follow sends responses until the stream ends. It returns why that is.
func (s *eventStream) follow(ctx context.Context, stream Stream, delivered func()) Reason {
	ticks := time.NewTicker(keepAliveInterval)
	defer ticks.Stop()
	for {
		body, ended := stream.Next()
		if body != nil {
			if err := s.next(body); err != nil {
				return lostBy(err)
			}
			s.totals.Deliveries++
			s.totals.Bytes += len(body)
			delivered()
		}
		if ended {
			_ = s.complete() // a client that is gone needs no answer
			return Completed
		}
		select {
		case reason := <-s.ending:
			return reason
		case <-ctx.Done():
			return Left
		default:
		}
		if body != nil {
			continue // there may be more
		}
		select {
		case <-s.woken:
		case reason := <-s.ending:
			return reason
		case <-ctx.Done():
			return Left
		case <-ticks.C:
			if err := s.write([]byte(":\n\n")); err != nil {
				return lostBy(err)
			}
		}
	}
}

// lostBy says why the client is lost, by the error of a write.
func lostBy(err error) Reason {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return Stalled
	}
	return Lost
}

// Uncompressed returns the writer below those that hold a response back to compress
// it. A writer says by its method Uncompressed that it is that one. It is w itself if
// none does.
func Uncompressed(w http.ResponseWriter) http.ResponseWriter {
	for next := w; ; {
		if _, ok := next.(interface{ Uncompressed() }); ok {
			return next
		}
		wrapper, ok := next.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return w
		}
		next = wrapper.Unwrap()
	}
}
