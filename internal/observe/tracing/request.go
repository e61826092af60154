package tracing

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"texter-graphql/internal/observe"
)

// maxName bounds the name of an operation in a span, in bytes.
const maxName = 64

// Handler makes a span of each request that next answers, in the trace that the
// caller's traceparent header names (https://www.w3.org/TR/trace-context/), or
// in a new one.
func (t *Tracer) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r, span := t.begin(r)
		if span != nil {
			defer span.End()
		}
		next.ServeHTTP(w, r)
	})
}

// begin makes the span of a request. It is nil if the trace is not recorded.
func (t *Tracer) begin(r *http.Request) (*http.Request, trace.Span) {
	ctx := t.context.Extract(r.Context(), carrier(r.Header))
	switch caller := trace.SpanContextFromContext(ctx); {
	case t.records(caller):
		ctx, span := t.tracer.Start(ctx, "GraphQL", trace.WithSpanKind(trace.SpanKindServer))
		return r.WithContext(ctx), span
	case caller.IsValid():
		return r.WithContext(ctx), nil
	}
	return r, nil
}

// records decides whether a trace is recorded: as its caller did, or by chance
// for one that begins here. That is left to no sampler of OpenTelemetry, which
// makes spans first, and costs as much as a line of the log for each that it
// then drops.
func (t *Tracer) records(caller trace.SpanContext) bool {
	if caller.IsValid() {
		return caller.IsSampled()
	}
	return rand.Float64() < t.ratio
}

// carrier is a header of which only traceparent is read and written: what else
// a caller sends along, such as tracestate, may hold anything.
type carrier http.Header

// traceparent is the name of the header, and as net/http writes it: http.Header
// would make the one of the other each time.
const traceparent, traceparentHeader = "traceparent", "Traceparent"

// Get implements propagation.TextMapCarrier.
func (c carrier) Get(key string) string {
	if values := c[traceparentHeader]; key == traceparent && len(values) > 0 {
		return values[0]
	}
	return ""
}

// Set implements propagation.TextMapCarrier.
func (c carrier) Set(key, value string) {
	if key == traceparent {
		c[traceparentHeader] = []string{value}
	}
}

// Keys implements propagation.TextMapCarrier.
func (carrier) Keys() []string { return []string{traceparent} }

// Request puts what is known of a request into its span: see observe.Handler.
func (t *Tracer) Request(ctx context.Context, r *observe.Request) {
	span := trace.SpanFromContext(ctx)
	if !span.IsRecording() {
		return
	}
	attributes := make([]attribute.KeyValue, 0, 8)
	attributes = append(attributes,
		attribute.String("request.id", r.ID),
		attribute.Int("http.response.status_code", r.Status),
	)
	if r.Type != "" {
		fields := strings.Join(r.RootFields, ",")
		span.SetName(r.Type + " " + fields)
		attributes = append(attributes,
			attribute.String("graphql.operation.type", r.Type),
			attribute.String("graphql.root_fields", fields),
			attribute.Int("graphql.rows", r.Rows),
		)
	}
	if r.Operation != "" {
		attributes = append(attributes, attribute.String("graphql.operation.name", r.Operation[:min(len(r.Operation), maxName)]))
	}
	if len(r.Cache) > 0 {
		attributes = append(attributes, attribute.String("cache", r.CacheOutcomes()))
	}
	if len(r.Codes) > 0 {
		attributes = append(attributes, attribute.String("error.type", strings.Join(r.Codes, ",")))
		span.SetStatus(codes.Error, "")
	}
	span.SetAttributes(attributes...)
}
