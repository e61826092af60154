package causes

import (
	"io"
	"net/http"
	"sync"
	"testing"

	collectortrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"
)

// collector takes traces by OTLP over HTTP.
type collector struct {
	url string

	mu         sync.Mutex
	attributes map[string]string // of all spans, by the name of the span and that of the attribute
}

func newCollector(t *testing.T) *collector {
	t.Helper()
	c := &collector{attributes: map[string]string{}}
	c.url = serve(t, func(_ http.ResponseWriter, r *http.Request) {
		var export collectortrace.ExportTraceServiceRequest
		body, err := io.ReadAll(r.Body)
		if err != nil || proto.Unmarshal(body, &export) != nil {
			t.Errorf("the collector got %s, %v", r.Header, err)
		}
		c.take(&export)
	})
	return c
}

func (c *collector) take(export *collectortrace.ExportTraceServiceRequest) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, resource := range export.ResourceSpans {
		for _, scope := range resource.ScopeSpans {
			for _, span := range scope.Spans {
				for _, a := range span.Attributes {
					c.attributes[span.Name+" "+a.Key] = a.Value.GetStringValue()
				}
			}
		}
	}
}

// expect fails unless the spans of the request and of its attempts have the cause.
// The service has ended, so that it has sent them.
func (c *collector) expect(t *testing.T, want cause) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if got := c.attributes["query searchChats upstream.failure"]; got != want.failure {
		t.Errorf("the span of the request says %q", got)
	}
	if got := c.attributes["Texter error.type"]; want.outcome == "failed" && got != want.failure {
		t.Errorf("the span of the attempt says %q", got)
	}
}
