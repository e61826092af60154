package tracing

import (
	"context"
	"errors"
	"io"
	"net/http"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"texter-graphql/internal/failure"
)

// Transport records a span for each call that next sends, and sends the span's id
// to Texter in the header traceparent. The span ends with the body of the answer.
func (t *Tracer) Transport(next http.RoundTripper) http.RoundTripper { return &transport{t, next} }

type transport struct {
	*Tracer
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper. Its frame on the stack is small, because
// it often runs on a new goroutine: to grow the stack would cost more than a span.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	r, span := t.begin(r)
	res, err := t.next.RoundTrip(r)
	if span != nil {
		endWithBody(span, res, err)
	}
	return res, err
}

// begin starts the span of a call, and returns the call with the span's id in its
// header. The span is nil if its trace is not recorded.
func (t *transport) begin(r *http.Request) (*http.Request, trace.Span) {
	ctx := r.Context()
	switch request := trace.SpanContextFromContext(ctx); {
	case !request.IsValid():
		return r, nil
	case !request.IsSampled():
		return t.withSpan(ctx, r), nil
	}
	ctx, span := t.tracer.Start(ctx, "Texter", trace.WithSpanKind(trace.SpanKindClient))
	span.SetAttributes(
		attribute.String("http.request.method", r.Method),
		attribute.String("server.address", r.URL.Hostname()),
		attribute.String("url.path", r.URL.Path),
	)
	return t.withSpan(ctx, r), span
}

// endWithBody has a span end with the body of the answer, or at once if there is
// none.
func endWithBody(span trace.Span, res *http.Response, err error) {
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

// withSpan returns a copy of the request with the id of the context's span in its
// header: a RoundTripper must not change its argument.
func (t *transport) withSpan(ctx context.Context, r *http.Request) *http.Request {
	r = r.WithContext(ctx)
	r.Header = r.Header.Clone()
	t.context.Inject(ctx, carrier(r.Header))
	return r
}

// end ends a span, with an error if there is one. The span gets the type of the
// error only: its text may hold the URL, and so what was searched for.
func end(span trace.Span, err error) {
	if err != nil {
		span.SetAttributes(attribute.String("error.type", errorType(err)))
		span.SetStatus(codes.Error, "")
	}
	span.End()
}

func errorType(err error) string {
	if errors.Is(err, context.Canceled) {
		return "canceled"
	}
	return string(failure.Of(err))
}

// body is the body of an answer. It ends its span when it has been read to its
// end, fails or is closed; only the first of these counts.
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
