package tracing_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
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

// roundTrip is an http.RoundTripper.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// newTracer returns a tracer for a collector that answers with a status, and a
// function that shuts the tracer down and returns the spans by their names.
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

// call serves a request with a traceparent header, which makes a call to Texter. It
// returns the traceparent header that Texter got.
func call(t *testing.T, tracer *tracing.Tracer, traceparent string, texter roundTrip) (got string) {
	t.Helper()
	return callIn(t, tracer, traceparent, func(ctx context.Context) (context.Context, func(error)) { return ctx, func(error) {} }, texter)
}

// callIn is call, with a span or so around the call.
func callIn(t *testing.T, tracer *tracing.Tracer, traceparent string, begin func(context.Context) (context.Context, func(error)), texter roundTrip) (got string) {
	t.Helper()
	send := tracer.Transport(roundTrip(func(r *http.Request) (*http.Response, error) {
		got = r.Header.Get("Traceparent")
		return texter(r)
	}))
	h := tracer.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		ctx, end := begin(r.Context())
		defer end(nil)
		out, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://acme.example/chats?search=canary", http.NoBody)
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

func TestSampling(t *testing.T) {
	for name, test := range map[string]struct {
		traceparent string
		ratio       float64
		recorded    bool
	}{
		"a trace that its caller records is recorded":             {"00-" + traceID + "-b7ad6b7169203331-01", 0, true},
		"a trace that its caller does not record is not recorded": {"00-" + traceID + "-b7ad6b7169203331-00", 1, false},
		"a trace that begins here is recorded at a ratio of 1":    {"", 1, true},
		"a header that can't be parsed is ignored":                {"garbage", 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			tracer, finish := newTracer(t, tracing.Options{Ratio: test.ratio}, 200)
			got := call(t, tracer, test.traceparent, answer(200, strings.NewReader("{}")))
			if strings.HasSuffix(got, "-01") != test.recorded || strings.Contains(test.traceparent, traceID) != strings.Contains(got, traceID) {
				t.Errorf("Texter got %q", got)
			}
			if spans := finish(); (len(spans) == 2) != test.recorded {
				t.Errorf("%d spans", len(spans))
			}
		})
	}
}

// TestReading: a reading of the live feed is a trace of its own, whatever the trace is of
// the request that is served first. Its calls are in it.
func TestReading(t *testing.T) {
	for name, test := range map[string]struct {
		ratio float64
		spans int
	}{
		"a reading is recorded at a ratio of 1":     {1, 3},
		"a reading is not recorded at a ratio of 0": {0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			tracer, finish := newTracer(t, tracing.Options{Ratio: test.ratio}, 200)
			got := callIn(t, tracer, "00-"+traceID+"-b7ad6b7169203331-01", tracer.Reading, answer(200, strings.NewReader("{}")))
			spans := finish()
			list, texter := spans["live list"], spans["Texter"]
			if len(spans) != test.spans || strings.Contains(got, traceID) {
				t.Errorf("%d spans, Texter got %q", len(spans), got)
			}
			if test.spans == 3 && (len(list.ParentSpanId) > 0 || !bytes.Equal(texter.ParentSpanId, list.SpanId) || !strings.Contains(got, hex.EncodeToString(list.TraceId))) {
				t.Errorf("got %v, %v and %q", list, texter, got)
			}
		})
	}
}

// TestFailedCalls: the span of a failed call has the type of the error, but not
// its text.
func TestFailedCalls(t *testing.T) {
	failed := func(err error) roundTrip {
		return func(*http.Request) (*http.Response, error) { return nil, err }
	}
	for name, test := range map[string]struct {
		texter    roundTrip
		errorType string
	}{
		"a connection that breaks":   {failed(fmt.Errorf("canary: %w", io.ErrUnexpectedEOF)), "reset"},
		"an answer that is not HTTP": {failed(errors.New("canary")), "protocol"},
		"a host without an address":  {failed(&net.DNSError{Name: "canary", Server: "canary"}), "dns"},
		"a call that is canceled":    {failed(context.Canceled), "canceled"},
		"a call that takes too long": {failed(context.DeadlineExceeded), "timeout"},
		"a body that breaks off":     {answer(200, iotest.ErrReader(fmt.Errorf("canary: %w", io.ErrUnexpectedEOF))), "reset"},
		"an answer with status 503":  {answer(503, strings.NewReader("canary")), ""},
	} {
		t.Run(fmt.Sprintf("%s has error.type %q", name, test.errorType), func(t *testing.T) {
			tracer, finish := newTracer(t, tracing.Options{Ratio: 1}, 200)
			call(t, tracer, "", test.texter)
			span := finish()["Texter"]
			if span.GetStatus().GetCode() != otlp.Status_STATUS_CODE_ERROR || strings.Contains(span.String(), "canary") {
				t.Errorf("got %v", span)
			}
			got := ""
			for _, a := range span.GetAttributes() {
				if a.Key == "error.type" {
					got = a.Value.GetStringValue()
				}
			}
			if got != test.errorType {
				t.Errorf("error.type is %q", got)
			}
		})
	}
}

func TestExported(t *testing.T) {
	for status, accepted := range map[int]bool{200: true, 400: false} {
		t.Run(fmt.Sprintf("if the collector answers %d, both spans are exported: %t", status, accepted), func(t *testing.T) {
			total := 0
			tracer, finish := newTracer(t, tracing.Options{Ratio: 1, Exported: func(spans int, err error) {
				if total += spans; (err == nil) != accepted {
					t.Errorf("got %v", err)
				}
			}}, status)
			call(t, tracer, "", answer(200, strings.NewReader("{}")))
			if finish(); total != 2 {
				t.Errorf("%d spans", total)
			}
		})
	}
}

func TestABadEndpointIsAnError(t *testing.T) {
	if _, err := tracing.New(t.Context(), tracing.Options{Endpoint: "http://[::1"}); err == nil {
		t.Error("there is none")
	}
}

// TestHeadersOfTheCollector: headers that can't be read are an error, which does not
// quote them.
func TestHeadersOfTheCollector(t *testing.T) {
	for headers, good := range map[string]bool{
		"": true, "authorization=Bearer%20canary": true, "a=b,c=d": true, " a = b , c=": true, "a=b=c": true, "a=b,": true,
		"canary": false, "a=b,canary": false, "=canary": false, "can ary=x": false, "a=canary%zz": false, "Authorization: Bearer canary": false,
	} {
		for _, name := range []string{"OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS"} {
			t.Run(fmt.Sprintf("%s=%s", name, headers), func(t *testing.T) {
				t.Setenv(name, headers)
				tracer, err := tracing.New(t.Context(), tracing.Options{Endpoint: "http://127.0.0.1:1"})
				if (err == nil) != good || err != nil && (strings.Contains(err.Error(), "canary") || !strings.Contains(err.Error(), name)) {
					t.Errorf("got %v", err)
				}
				if tracer != nil {
					tracer.Shutdown(t.Context())
				}
			})
		}
	}
}
