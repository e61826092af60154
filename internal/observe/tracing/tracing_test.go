package tracing_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	collectortrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"texter-graphql/internal/observe/tracing"
)

// roundTrip sends requests.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// newTracer makes a tracer of a collector that answers by a status. Finish
// sends what waits, and returns the spans by name.
func newTracer(t *testing.T, o tracing.Options, status int) (tracer *tracing.Tracer, finish func() map[string]*otlp.Span) {
	t.Helper()
	spans := map[string]*otlp.Span{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var export collectortrace.ExportTraceServiceRequest
		if err != nil || proto.Unmarshal(body, &export) != nil || r.URL.Path != "/base/v1/traces" {
			t.Errorf("the collector got %s %s, %v", r.Method, r.URL, err)
			return
		}
		for _, s := range export.ResourceSpans[0].ScopeSpans[0].Spans {
			spans[s.Name] = s
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(server.Close)
	o.Endpoint = server.URL + "/base"
	tracer, err := tracing.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return tracer, func() map[string]*otlp.Span {
		tracer.Shutdown(t.Context())
		return spans
	}
}

// call makes a call to an upstream within a request that came with a
// traceparent, and returns the one that the upstream got.
func call(t *testing.T, tracer *tracing.Tracer, traceparent string, upstream roundTrip) (got string) {
	t.Helper()
	send := tracer.Transport(roundTrip(func(r *http.Request) (*http.Response, error) {
		got = r.Header.Get("Traceparent")
		return upstream(r)
	}))
	h := tracer.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		out, err := http.NewRequestWithContext(r.Context(), http.MethodGet, "https://acme.example/chats?search=canary", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		if res, err := send.RoundTrip(out); err == nil {
			_, _ = io.ReadAll(res.Body)
			_ = res.Body.Close()
		}
		if len(out.Header) > 0 {
			t.Errorf("the request was changed: %v", out.Header)
		}
	}))
	r := httptest.NewRequest(http.MethodPost, "/", http.NoBody)
	r.Header.Set("Traceparent", traceparent)
	h.ServeHTTP(httptest.NewRecorder(), r)
	return got
}

func answer(status int, body io.Reader) roundTrip {
	return func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: status, Body: io.NopCloser(body)}, nil
	}
}

const traceID = "0af7651916cd43dd8448eb211c80319c"

// TestSampling leaves it to a caller who began the trace, and else to the ratio.
func TestSampling(t *testing.T) {
	for traceparent, test := range map[string]struct {
		ratio    float64
		recorded bool
	}{
		"00-" + traceID + "-b7ad6b7169203331-01": {0, true},
		"00-" + traceID + "-b7ad6b7169203331-00": {1, false},
		"":                                       {1, true},
		"garbage":                                {0, false},
	} {
		tracer, finish := newTracer(t, tracing.Options{Ratio: test.ratio}, 200)
		got := call(t, tracer, traceparent, answer(200, strings.NewReader("{}")))
		if strings.HasSuffix(got, "-01") != test.recorded || strings.Contains(traceparent, traceID) != strings.Contains(got, traceID) {
			t.Errorf("%q: the upstream got %q", traceparent, got)
		}
		if spans := finish(); (len(spans) == 2) != test.recorded {
			t.Errorf("%q: %d spans", traceparent, len(spans))
		}
	}
}

// TestFailedCalls say of what kind they are, but not what they asked for.
func TestFailedCalls(t *testing.T) {
	refuse := func(err error) roundTrip {
		return func(*http.Request) (*http.Response, error) { return nil, err }
	}
	for want, upstream := range map[string]roundTrip{
		"connection":  refuse(errors.New("canary")),
		"canceled":    refuse(context.Canceled),
		"timeout":     refuse(context.DeadlineExceeded),
		"connection ": answer(200, iotest.ErrReader(errors.New("canary"))),
		"":            answer(503, strings.NewReader("canary")),
	} {
		tracer, finish := newTracer(t, tracing.Options{Ratio: 1}, 200)
		call(t, tracer, "", upstream)
		span := finish()["Texter"]
		if span.GetStatus().GetCode() != otlp.Status_STATUS_CODE_ERROR || strings.Contains(span.String(), "canary") {
			t.Errorf("%s: got %v", want, span)
		}
		kind := ""
		for _, a := range span.GetAttributes() {
			if a.Key == "error.type" {
				kind = a.Value.GetStringValue()
			}
		}
		if kind != strings.TrimSpace(want) {
			t.Errorf("%s: error.type is %q", want, kind)
		}
	}
}

// TestExported tells what the collector took.
func TestExported(t *testing.T) {
	for status, taken := range map[int]bool{200: true, 400: false} {
		var told int
		tracer, finish := newTracer(t, tracing.Options{Ratio: 1, Exported: func(spans int, err error) {
			if told += spans; (err == nil) != taken {
				t.Errorf("%d: told %v", status, err)
			}
		}}, status)
		call(t, tracer, "", answer(200, strings.NewReader("{}")))
		if finish(); told != 2 {
			t.Errorf("%d: told of %d spans", status, told)
		}
	}
}

// TestBadEndpoint is found when it starts.
func TestBadEndpoint(t *testing.T) {
	if _, err := tracing.New(t.Context(), tracing.Options{Endpoint: "http://[::1"}); err == nil {
		t.Error("no error")
	}
}
