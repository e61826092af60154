package accesslog_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"texter-graphql/graph"
	"texter-graphql/graph/transport"
	"texter-graphql/internal/failure"
	"texter-graphql/internal/observe"
	"texter-graphql/internal/observe/accesslog"
	"texter-graphql/texter/cache"
	"texter-graphql/texter/upstream"
)

// inboxRequest is a request that fills every field of a line but traceId.
func inboxRequest() *observe.Request {
	return &observe.Request{
		Outcome: graph.Outcome{
			Operation: "Inbox", Type: "query", RootFields: []string{"__typename", "searchChats"}, Rows: 30, Cost: 663,
			Codes: []string{"FORBIDDEN", "RATE_LIMITED"}, Arguments: []string{"filter.labels", "page.first"}, Failure: failure.Reset,
		},
		ID: "id-1", Caller: "key:inbox", Refusal: "expired", Status: 200, Bytes: 21000, Duration: 12345678 * time.Nanosecond,
		Cache:    []cache.Outcome{cache.Miss, cache.Shared, cache.Miss},
		Attempts: observe.Attempts{Count: 2, Last: upstream.Answered, Status: 503, Duration: 10 * time.Millisecond},
	}
}

// logged returns the line of a request.
func logged(t *testing.T, r *observe.Request, traceID func(context.Context) string) string {
	t.Helper()
	var log bytes.Buffer
	lines := accesslog.NewLines(&log)
	accesslog.New(lines, accesslog.Options{TraceID: traceID})(t.Context(), r)
	lines.Close()
	return log.String()
}

func TestLine(t *testing.T) {
	for name, test := range map[string]struct {
		request *observe.Request
		want    string
	}{
		"all fields stand in the documented order": {inboxRequest(), `"level":"WARN","msg":"request","requestId":"id-1","caller":"key:inbox","operation":"Inbox","rootFields":"__typename,searchChats","rows":30,"cost":663,` +
			`"cache":"miss,shared","upstreamAttempts":2,"upstreamOutcome":"answered","upstreamStatus":503,"upstreamMs":10,"upstreamFailure":"reset","status":200,"errorCodes":"FORBIDDEN,RATE_LIMITED","errorArguments":"filter.labels,page.first","credential":"expired","bytes":21000,"durationMs":12.345}` + "\n"},
		"fields that do not apply are left out": {&observe.Request{}, `"level":"INFO","msg":"request","requestId":"","status":0,"bytes":0,"durationMs":0}` + "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			line := logged(t, test.request, nil)
			at, rest, _ := strings.Cut(strings.TrimPrefix(line, `{"time":"`), `",`)
			if _, err := time.Parse(time.RFC3339Nano, at); err != nil {
				t.Errorf("its time is %s", at)
			}
			if rest != test.want {
				t.Errorf("got %s", line)
			}
		})
	}
	t.Run("the name of an operation is cut off", func(t *testing.T) {
		line := logged(t, &observe.Request{Outcome: graph.Outcome{Operation: strings.Repeat("n", 100_000)}}, nil)
		if !strings.Contains(line, `"operation":"`+strings.Repeat("n", 64)+`"`) {
			t.Errorf("the line has %d bytes", len(line))
		}
	})
}

// TestLevel holds which requests are logged if only warnings are.
func TestLevel(t *testing.T) {
	for name, test := range map[string]struct {
		request observe.Request
		level   string
	}{
		"one without errors is INFO":           {observe.Request{Duration: time.Second - 1}, "INFO"},
		"one that fails is WARN":               {observe.Request{Outcome: graph.Outcome{Codes: []string{"BAD_USER_INPUT"}}}, "WARN"},
		"one that is slow is WARN":             {observe.Request{Duration: time.Second}, "WARN"},
		"a subscription of an hour is INFO":    {observe.Request{Outcome: graph.Outcome{Type: "subscription"}, Duration: time.Hour}, "INFO"},
		"one that its caller canceled is INFO": {observe.Request{Outcome: graph.Outcome{Codes: []string{observe.CodeCanceled}}}, "INFO"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, onlyWarnings := range []bool{false, true} {
				var log bytes.Buffer
				lines := accesslog.NewLines(&log)
				accesslog.New(lines, accesslog.Options{Slow: time.Second, OnlyWarnings: onlyWarnings})(t.Context(), &test.request)
				lines.Close()
				logged := strings.Contains(log.String(), `"level":"`+test.level+`","msg":"request"`)
				if want := test.level == "WARN" || !onlyWarnings; logged != want || !want && log.Len() > 0 {
					t.Errorf("with OnlyWarnings %t: %s", onlyWarnings, &log)
				}
			}
		})
	}
}

func TestAnyTextCanBeReadBack(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "plain": "plain", "quotes and backslashes": `"quotes" \`, "control characters": "a\nb\x00\x7f",
		"HTML": "<&>", "Hebrew": "שלום", "no UTF-8": "\xff", "a line separator": "\u2028",
	} {
		t.Run(name, func(t *testing.T) {
			line := logged(t, &observe.Request{ID: text, Caller: "key:" + text}, func(context.Context) string { return "id-2" })
			var got struct{ RequestID, Caller, TraceID string }
			err := json.Unmarshal([]byte(line), &got)
			want := strings.ToValidUTF8(text, "\ufffd")
			if err != nil || got.RequestID != want || got.Caller != "key:"+want || got.TraceID != "id-2" {
				t.Errorf("%v: %s", err, line)
			}
			if strings.Count(line, "\n") != 1 {
				t.Errorf("not one line: %s", line)
			}
		})
	}
}

// BenchmarkLine measures what a line costs.
func BenchmarkLine(b *testing.B) {
	lines := accesslog.NewLines(io.Discard)
	write, r := accesslog.New(lines, accesslog.Options{}), inboxRequest()
	b.ReportAllocs()
	for b.Loop() {
		write(b.Context(), r)
	}
	lines.Close()
}

// TestSubscriptions holds which lines of subscriptions are written if only warnings
// are.
func TestSubscriptions(t *testing.T) {
	for name, test := range map[string]struct {
		codes        []string
		onlyWarnings bool
		want         []string // in the lines, in order
	}{
		"one that ends has two lines at INFO":                    {nil, false, []string{`"INFO","msg":"subscription started"`, `"INFO","msg":"subscription ended"`}},
		"one that fails has its end at WARN":                     {[]string{"UPSTREAM_TIMEOUT"}, false, []string{`"INFO","msg":"subscription started"`, `"WARN","msg":"subscription ended"`}},
		"one that ends has no line if only warnings are written": {nil, true, nil},
		"one that fails has its end even if only warnings are":   {[]string{"UPSTREAM_TIMEOUT"}, true, []string{`"WARN","msg":"subscription ended"`}},
		"one that its caller left has none if only warnings are": {[]string{observe.CodeCanceled}, true, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			lines := accesslog.NewLines(&log)
			s := accesslog.NewSubscriptions(lines, accesslog.Options{OnlyWarnings: test.onlyWarnings, Slow: time.Second})
			r := observe.Request{Outcome: graph.Outcome{Type: "subscription", Codes: test.codes, Failure: failure.Timeout}, Duration: time.Hour}
			s.Started(t.Context(), &r, transport.SSE)
			s.Ended(t.Context(), &observe.Subscription{Request: r})
			lines.Close()
			rest := log.String()
			for _, want := range test.want {
				_, after, found := strings.Cut(rest, want)
				if rest = after; !found {
					t.Errorf("%s is missing in %s", want, &log)
				}
			}
			if strings.Count(log.String(), "\n") != len(test.want) || len(test.want) > 0 && !strings.Contains(log.String(), `"upstreamFailure":"timeout"`) {
				t.Errorf("got %s", &log)
			}
		})
	}
}
