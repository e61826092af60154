// Package tracing records spans with OpenTelemetry and sends them to a collector
// by OTLP: one for each request, and below it one for each attempt at a call to
// Texter. Spans hold nothing personal: no variables, query strings, headers or
// bodies.
package tracing

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/go-logr/logr"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"texter-graphql/internal/rule"
)

// serviceName is the resource attribute service.name. The environment variable
// OTEL_SERVICE_NAME wins over it.
const serviceName = "texter-graphql"

const (
	// maxQueued bounds the number of spans that wait to be sent. Further spans are
	// lost.
	maxQueued = 8192
	// shutdownTimeout bounds the time to send the last spans.
	shutdownTimeout = 3 * time.Second
)

// Options configure a Tracer.
type Options struct {
	// Endpoint is the base URL of the collector, as in
	// OTEL_EXPORTER_OTLP_ENDPOINT.
	Endpoint string
	// Ratio is the share of the traces that begin here that is recorded, from 0 to
	// 1. The callers decide about the traces that they began.
	Ratio float64
	// Version is the resource attribute service.version.
	Version string
	// Exported is called with the number of spans that were sent, or that are lost
	// because of err. The text of err may hold the collector's answer. Nil for
	// none.
	Exported func(spans int, err error)
}

// Tracer makes spans. It is safe for concurrent use.
type Tracer struct {
	provider *sdk.TracerProvider
	exporter *exporter
	tracer   trace.Tracer
	context  propagation.TraceContext
	ratio    float64
}

// New returns a tracer. It errors if an option is not valid, or an environment
// variable of OpenTelemetry, which it reads as well.
func New(ctx context.Context, o Options) (*Tracer, error) {
	endpoint, err := url.JoinPath(o.Endpoint, "v1", "traces")
	if err != nil {
		return nil, fmt.Errorf("tracing: %w", err)
	}
	// OpenTelemetry's own log repeats values that it can't read, such as headers.
	otel.SetLogger(logr.Discard())
	if err := checkHeaders(); err != nil {
		return nil, err
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
	exporter := newExporter(otlp, o.Exported)
	provider := sdk.NewTracerProvider(
		sdk.WithBatcher(exporter, sdk.WithMaxQueueSize(maxQueued)),
		sdk.WithSampler(sdk.AlwaysSample()), // see Handler
		sdk.WithResource(from),
		sdk.WithoutPanicRecording(), // the value of a panic may be personal
	)
	return &Tracer{provider: provider, exporter: exporter, tracer: provider.Tracer(serviceName), ratio: o.Ratio}, nil
}

// checkHeaders checks the headers for the collector. OpenTelemetry leaves out those
// that it can't read. The error does not quote them: they may hold secrets.
func checkHeaders() error {
	for _, name := range []string{"OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS"} {
		for header := range strings.SplitSeq(os.Getenv(name), ",") {
			key, value, isPair := strings.Cut(header, "=")
			_, err := url.PathUnescape(value)
			if strings.TrimSpace(header) != "" && (!isPair || !headerName.MatchString(strings.TrimSpace(key)) || err != nil) {
				return rule.New(name, "must be a list such as name=value,name=value, with values that are escaped as in a URL")
			}
		}
	}
	return nil
}

// headerName is the name of a header: RFC 9110, section 5.6.2.
var headerName = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")

// Shutdown sends the spans that wait, for at most 3 s. Nothing is sent or reported
// after it has returned.
func (t *Tracer) Shutdown(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, shutdownTimeout)
	defer cancel()
	_ = t.provider.Shutdown(ctx) // Exported has got the error
	t.exporter.end()             // the provider does not wait for an export that takes longer
}

// ID returns the id of the trace that ctx belongs to, in hexadecimal, or "".
func ID(ctx context.Context) string {
	if s := trace.SpanContextFromContext(ctx); s.HasTraceID() {
		return s.TraceID().String()
	}
	return ""
}

// exporter reports the result of each export. It returns no error, because
// OpenTelemetry would write that to its own log.
type exporter struct {
	sdk.SpanExporter
	exported func(int, error)

	ending context.Context // ends exports
	cancel context.CancelFunc
	mu     sync.Mutex // held during an export
}

func newExporter(next sdk.SpanExporter, exported func(int, error)) *exporter {
	if exported == nil {
		exported = func(int, error) {}
	}
	e := &exporter{SpanExporter: next, exported: exported}
	e.ending, e.cancel = context.WithCancel(context.Background())
	return e
}

// ExportSpans implements sdk.SpanExporter. It does nothing after end.
func (e *exporter) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.ending.Err() != nil {
		return nil
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(e.ending, cancel)()
	e.exported(len(spans), e.SpanExporter.ExportSpans(ctx, spans))
	return nil
}

// end cuts the export that is under way, and waits for it.
func (e *exporter) end() {
	e.cancel()
	e.mu.Lock()
	defer e.mu.Unlock()
}
