// Package accesslog writes a line for each request.
package accesslog

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"texter-graphql/observe"
)

// maxName bounds the name of an operation in a line, in bytes. It is ASCII, for
// GraphQL has no other names.
const maxName = 64

// New writes each request that it is told of, in one line like those of
// slog.JSONHandler at level info. Lists are joined by commas; what does not
// apply is left out. TraceID is the id of a context's trace; nil for none.
func New(lines *Lines, traceID func(context.Context) string) func(context.Context, *observe.Request) {
	return func(ctx context.Context, r *observe.Request) {
		b := time.Now().AppendFormat(append(make([]byte, 0, 1<<10), `{"time":"`...), time.RFC3339Nano)
		b = appendText(append(b, `","level":"INFO","msg":"request"`...), "requestId", r.ID)
		if r.Caller != "" {
			b = appendText(b, "caller", r.Caller)
		}
		if traceID != nil {
			if id := traceID(ctx); id != "" {
				b = appendText(b, "traceId", id)
			}
		}
		lines.later(append(appendRequest(b, r), "}\n"...))
	}
}

func appendRequest(b []byte, r *observe.Request) []byte {
	if r.Operation != "" {
		b = appendText(b, "operation", r.Operation[:min(len(r.Operation), maxName)])
	}
	if r.Type != "" {
		b = appendText(b, "rootFields", strings.Join(r.RootFields, ","))
		b = appendNumber(b, "rows", r.Rows)
	}
	if r.Cost > 0 {
		b = appendNumber(b, "cost", r.Cost)
	}
	if len(r.Cache) > 0 {
		b = appendText(b, "cache", r.CacheOutcomes())
	}
	if a := r.Attempts; a.Count > 0 {
		b = appendNumber(b, "upstreamAttempts", a.Count)
		b = appendText(b, "upstreamOutcome", string(a.Last))
		b = appendNumber(b, "upstreamStatus", a.Status)
		b = appendMilliseconds(b, "upstreamMs", a.Duration)
	}
	b = appendNumber(b, "status", r.Status)
	if len(r.Codes) > 0 {
		b = appendText(b, "errorCodes", strings.Join(r.Codes, ","))
	}
	return appendMilliseconds(appendNumber(b, "bytes", r.Bytes), "durationMs", r.Duration)
}

func appendName(b []byte, name string) []byte {
	return append(append(append(b, `,"`...), name...), `":`...)
}

func appendText(b []byte, name, value string) []byte {
	b = appendName(b, name)
	for _, c := range []byte(value) {
		if c < ' ' || c > '~' || c == '"' || c == '\\' {
			quoted, _ := json.Marshal(value) // no string fails
			return append(b, quoted...)
		}
	}
	return append(append(append(b, '"'), value...), '"')
}

func appendNumber[T int | int64](b []byte, name string, value T) []byte {
	return strconv.AppendInt(appendName(b, name), int64(value), 10)
}

// appendMilliseconds appends a duration with three decimals.
func appendMilliseconds(b []byte, name string, d time.Duration) []byte {
	return strconv.AppendFloat(appendName(b, name), float64(d.Microseconds())/1000, 'f', -1, 64)
}
