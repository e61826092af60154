// Package tracing records spans by OpenTelemetry and sends them to a collector
// by OTLP: one for each request, and below it one for each call to Texter.
// Neither holds anything personal: no variable, query string, header or body.
package tracing

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// serviceName is resource attribute service.name, unless the environment
// variable OTEL_SERVICE_NAME says another.
const serviceName = "texter-graphql"

const (
	// maxQueued is how many spans wait to be sent; those beyond are lost.
	maxQueued = 8192
	// shutdownTimeout bounds the sending of the last spans.
	shutdownTimeout = 3 * time.Second
)

// Options configure a Tracer.
type Options struct {
	// Endpoint is the base URL of the collector, as in
	// OTEL_EXPORTER_OTLP_ENDPOINT.
	Endpoint string
	// Ratio is the share of the traces begun here that are recorded, from 0 to
	// 1. Of those that a caller began, the caller decides.
	Ratio float64
	// Version is the resource attribute service.version.
	Version string
	// Exported is told how many spans were sent, or could not be: the error's
	// text may hold what the collector answered. Nil for none.
	Exported func(spans int, err error)
}

// Tracer makes spans. It is safe for concurrent use.
type Tracer struct {
	provider *sdk.TracerProvider
	tracer   trace.Tracer
	context  propagation.TraceContext
	ratio    float64
}

// New makes a tracer. It errors when an option, or an environment variable of
// OpenTelemetry that it reads beside them, is not valid.
func New(ctx context.Context, o Options) (*Tracer, error) {
	endpoint, err := url.JoinPath(o.Endpoint, "v1", "traces")
	if err != nil {
		return nil, fmt.Errorf("tracing: %w", err)
	}
	otlp, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(endpoint))
	if err != nil {
		return nil, fmt.Errorf("tracing: %w", err)
	}
	from, err := resource.New(ctx,
		resource.WithTelemetrySDK(),
		resource.WithAttributes(attribute.String("service.name", serviceName), attribute.String("service.version", o.Version)),
		resource.WithFromEnv(),
	)
	if err != nil {
		return nil, fmt.Errorf("tracing: %w", err)
	}
	provider := sdk.NewTracerProvider(
		sdk.WithBatcher(&exporter{otlp, o.Exported}, sdk.WithMaxQueueSize(maxQueued)),
		sdk.WithSampler(sdk.AlwaysSample()), // see Handler
		sdk.WithResource(from),
		sdk.WithoutPanicRecording(), // the value of a panic may be anything
	)
	return &Tracer{provider: provider, tracer: provider.Tracer(serviceName), ratio: o.Ratio}, nil
}

// Shutdown sends the spans that wait to be sent, for at most 3 s.
func (t *Tracer) Shutdown(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, shutdownTimeout)
	defer cancel()
	_ = t.provider.Shutdown(ctx) // Exported was told
}

// ID is the id of the trace that ctx belongs to, in hexadecimal, or empty.
func ID(ctx context.Context) string {
	if s := trace.SpanContextFromContext(ctx); s.HasTraceID() {
		return s.TraceID().String()
	}
	return ""
}

// exporter tells what becomes of spans. It keeps errors to itself: from a
// SpanExporter they would go to OpenTelemetry's own log.
type exporter struct {
	sdk.SpanExporter
	exported func(int, error)
}

// ExportSpans implements sdk.SpanExporter.
func (e *exporter) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	err := e.SpanExporter.ExportSpans(ctx, spans)
	if e.exported != nil {
		e.exported(len(spans), err)
	}
	return nil
}
