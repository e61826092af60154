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
	"texter-graphql/internal/observe"
	"texter-graphql/internal/observe/accesslog"
	"texter-graphql/texter/cache"
	"texter-graphql/texter/upstream"
)

// inbox is a request with all that a line can have.
func inbox() *observe.Request {
	return &observe.Request{
		Outcome: graph.Outcome{
			Operation: "Inbox", Type: "query", RootFields: []string{"__typename", "searchChats"}, Rows: 30, Cost: 663,
			Codes: []string{"FORBIDDEN", "RATE_LIMITED"},
		},
		ID: "id-1", Caller: "key:inbox", Status: 200, Bytes: 21000, Duration: 12345678 * time.Nanosecond,
		Cache:    []cache.Outcome{cache.Miss, cache.Shared, cache.Miss},
		Attempts: observe.Attempts{Count: 2, Last: upstream.Answered, Status: 503, Duration: 10 * time.Millisecond},
	}
}

// TestLine looks at what a line holds.
func TestLine(t *testing.T) {
	var log bytes.Buffer
	lines := accesslog.NewLines(&log)
	write := accesslog.New(lines, nil)
	for _, test := range []struct {
		r    *observe.Request
		want string
	}{
		{inbox(), `{"level":"INFO","msg":"request","requestId":"id-1","caller":"key:inbox","operation":"Inbox","rootFields":"__typename,searchChats","rows":30,"cost":663,` +
			`"cache":"miss,shared","upstreamAttempts":2,"upstreamOutcome":"answered","upstreamStatus":503,"upstreamMs":10,"status":200,"errorCodes":"FORBIDDEN,RATE_LIMITED","bytes":21000,"durationMs":12.345}` + "\n"},
		{&observe.Request{}, `{"level":"INFO","msg":"request","requestId":"","status":0,"bytes":0,"durationMs":0}` + "\n"},
	} {
		log.Reset()
		write(t.Context(), test.r)
		lines.Flush()
		at, rest, _ := strings.Cut(strings.TrimPrefix(log.String(), `{"time":"`), `",`)
		if written, err := time.Parse(time.RFC3339Nano, at); err != nil || time.Since(written) > time.Minute || "{"+rest != test.want {
			t.Errorf("got %s", &log)
		}
	}
}

// TestLongName bounds what a client can put into a line.
func TestLongName(t *testing.T) {
	var log bytes.Buffer
	r := &observe.Request{Outcome: graph.Outcome{Operation: strings.Repeat("n", 100_000)}}
	lines := accesslog.NewLines(&log)
	accesslog.New(lines, nil)(t.Context(), r)
	lines.Flush()
	if log.Len() > 300 || !strings.Contains(log.String(), "nnnn") {
		t.Errorf("the line has %d bytes", log.Len())
	}
}

// TestText reads odd texts back.
func TestText(t *testing.T) {
	for _, text := range []string{"", "plain", `"quotes" \`, "a\nb\x00\x7f", "<&>", "שלום", "\xff", "\u2028"} {
		var log bytes.Buffer
		lines := accesslog.NewLines(&log)
		accesslog.New(lines, func(context.Context) string { return "id-2" })(t.Context(), &observe.Request{ID: text, Caller: "key:" + text})
		lines.Flush()
		var got struct{ RequestID, Caller, TraceID string }
		err := json.Unmarshal(log.Bytes(), &got)
		if want := strings.ToValidUTF8(text, "\ufffd"); err != nil || got.RequestID != want || got.Caller != "key:"+want || got.TraceID != "id-2" || strings.Count(log.String(), "\n") != 1 {
			t.Errorf("%q: %v, %s", text, err, &log)
		}
	}
}

// BenchmarkLine is what a line costs.
func BenchmarkLine(b *testing.B) {
	write, r := accesslog.New(accesslog.NewLines(io.Discard), nil), inbox()
	b.ReportAllocs()
	for b.Loop() {
		write(b.Context(), r)
	}
}
