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

// maxNameLength bounds the name of an operation in a span, in bytes.
const maxNameLength = 64

// Handler records a span for each request that next answers. It belongs to the
// trace in the caller's header traceparent (https://www.w3.org/TR/trace-context/),
// or to a new one.
func (t *Tracer) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r, span := t.begin(r)
		if span != nil {
			defer span.End()
		}
		next.ServeHTTP(w, r)
	})
}

// begin starts the span of a request. The span is nil if its trace is not
// recorded.
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

// Reading begins the span of a reading of a list for all who watch it, and returns the
// context of its calls and a function that ends it. It has a trace of its own, as it
// belongs to none of the requests of those who watch.
func (t *Tracer) Reading(ctx context.Context) (reading context.Context, ended func(error)) {
	ctx = trace.ContextWithSpanContext(ctx, trace.SpanContext{})
	if !t.records(trace.SpanContext{}) {
		return ctx, func(error) {}
	}
	ctx, span := t.tracer.Start(ctx, "live list")
	return ctx, func(err error) { end(span, err) }
}

// records reports whether a trace is recorded. The caller decides about a trace
// that it began; chance decides about one that begins here. A sampler of
// OpenTelemetry would first make each span and then drop it, which costs as much
// as a line of the log.
func (t *Tracer) records(caller trace.SpanContext) bool {
	if caller.IsValid() {
		return caller.IsSampled()
	}
	return rand.Float64() < t.ratio
}

// carrier lets OpenTelemetry read and write only the header traceparent. Others,
// such as tracestate, may hold anything that callers write there.
type carrier http.Header

const (
	// traceparent is the name that OpenTelemetry uses for the header.
	traceparent = "traceparent"
	// traceparentHeader is the key of the header in an http.Header. Its methods
	// would convert the name each time.
	traceparentHeader = "Traceparent"
)

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

// Request adds the result of a request to its span. It is an observe.Observer.
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
		attributes = append(attributes, attribute.String("graphql.operation.name", r.Operation[:min(len(r.Operation), maxNameLength)]))
	}
	if r.Labels != 0 {
		attributes = append(attributes, attribute.String("labels", r.Labels.String()))
	}
	if len(r.Cache) > 0 {
		attributes = append(attributes, attribute.String("cache", r.CacheOutcomes()))
	}
	if r.Failure != "" {
		attributes = append(attributes, attribute.String("upstream.failure", string(r.Failure)))
	}
	if len(r.Codes) > 0 {
		attributes = append(attributes, attribute.String("error.type", strings.Join(r.Codes, ",")))
		span.SetStatus(codes.Error, "")
	}
	span.SetAttributes(attributes...)
}
