package app

import (
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	collectortrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// collector takes traces by OTLP over HTTP.
type collector struct {
	*httptest.Server
	mu    sync.Mutex
	spans map[string]span // by id
	raw   []byte          // the bodies of all requests
}

// span is a span as the collector got it, with ids in hexadecimal.
type span struct {
	*otlp.Span
	id, parent, trace string
	attributes        map[string]string // those that are strings
}

func newCollector(t *testing.T) *collector {
	t.Helper()
	c := &collector{spans: map[string]span{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/traces", func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var export collectortrace.ExportTraceServiceRequest
		if err != nil || proto.Unmarshal(body, &export) != nil {
			t.Errorf("the collector got %s, %v", r.Header, err)
		}
		c.take(body, &export)
	})
	c.Server = httptest.NewServer(mux)
	t.Cleanup(c.Close)
	return c
}

func (c *collector) take(body []byte, export *collectortrace.ExportTraceServiceRequest) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.raw = append(c.raw, body...)
	for _, resource := range export.ResourceSpans {
		for _, scope := range resource.ScopeSpans {
			for _, s := range scope.Spans {
				taken := span{s, hex.EncodeToString(s.SpanId), hex.EncodeToString(s.ParentSpanId), hex.EncodeToString(s.TraceId), map[string]string{}}
				for _, a := range s.Attributes {
					taken.attributes[a.Key] = a.Value.GetStringValue()
				}
				c.spans[taken.id] = taken
			}
		}
	}
}

// kind returns the spans of a kind.
func (c *collector) kind(kind otlp.Span_SpanKind) []span {
	c.mu.Lock()
	defer c.mu.Unlock()
	var found []span
	for _, s := range c.spans {
		if s.Kind == kind {
			found = append(found, s)
		}
	}
	return found
}
