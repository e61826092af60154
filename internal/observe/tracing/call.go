package tracing

import (
	"context"
	"errors"
	"io"
	"net/http"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// Transport makes a span of each call that next sends, which ends with the
// answer's body, and names it to Texter in the header traceparent.
func (t *Tracer) Transport(next http.RoundTripper) http.RoundTripper { return &transport{t, next} }

type transport struct {
	*Tracer
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper. It is short, so as to need little of
// the stack: that is a new goroutine's, and to grow it costs more than a span.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	r, span := t.begin(r)
	res, err := t.next.RoundTrip(r)
	if span != nil {
		answered(span, res, err)
	}
	return res, err
}

// begin makes the span of a call, and names it in the call's header. The span is
// nil if the trace is not recorded.
func (t *transport) begin(r *http.Request) (*http.Request, trace.Span) {
	ctx := r.Context()
	switch request := trace.SpanContextFromContext(ctx); {
	case !request.IsValid():
		return r, nil
	case !request.IsSampled():
		return t.named(ctx, r), nil
	}
	ctx, span := t.tracer.Start(ctx, "Texter", trace.WithSpanKind(trace.SpanKindClient))
	span.SetAttributes(
		attribute.String("http.request.method", r.Method),
		attribute.String("server.address", r.URL.Hostname()),
		attribute.String("url.path", r.URL.Path),
	)
	return t.named(ctx, r), span
}

// answered leaves a span to the body of its call's answer, if there is one.
func answered(span trace.Span, res *http.Response, err error) {
	if err != nil {
		end(span, err)
		return
	}
	span.SetAttributes(attribute.Int("http.response.status_code", res.StatusCode))
	if res.StatusCode >= http.StatusBadRequest {
		span.SetStatus(codes.Error, "")
	}
	res.Body = &body{res.Body, span}
}

// named is the request with the span of the context in its header: a
// RoundTripper must not change the one that it is given.
func (t *transport) named(ctx context.Context, r *http.Request) *http.Request {
	r = r.WithContext(ctx)
	r.Header = r.Header.Clone()
	t.context.Inject(ctx, carrier(r.Header))
	return r
}

// end ends a span, by an error if there is one. Its text may hold the URL, and
// so what was searched for.
func end(span trace.Span, err error) {
	if err != nil {
		span.SetAttributes(attribute.String("error.type", errorType(err)))
		span.SetStatus(codes.Error, "")
	}
	span.End()
}

func errorType(err error) string {
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(err, context.Canceled):
		return "canceled"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "timeout"
	}
	return "connection"
}

// body ends its span when it has been read, breaks off or is closed. A span
// ends only once.
type body struct {
	io.ReadCloser
	span trace.Span
}

// Read implements io.Reader.
func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err == io.EOF {
		b.span.End()
	} else if err != nil {
		end(b.span, err)
	}
	return n, err
}

// Close implements io.Closer.
func (b *body) Close() error {
	b.span.End()
	return b.ReadCloser.Close()
}
