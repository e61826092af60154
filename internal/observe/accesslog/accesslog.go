// Package accesslog writes a line for each request.
package accesslog

import (
	"context"
	"strings"
	"time"

	"texter-graphql/internal/observe"
)

// maxName bounds the name of an operation in a line, in bytes. It is ASCII, for
// GraphQL has no other names.
const maxName = 64

// New writes each request that it is told of at level info, in one line. Lists
// are joined by commas; what does not apply is left out. TraceID is the id of a
// context's trace; nil for none.
func New(lines *Lines, traceID func(context.Context) string) func(context.Context, *observe.Request) {
	return func(ctx context.Context, r *observe.Request) {
		l := make(line, 0, 512).begin(time.Now(), "request").text("requestId", r.ID)
		if r.Caller != "" {
			l = l.text("caller", r.Caller)
		}
		if traceID != nil {
			if id := traceID(ctx); id != "" {
				l = l.text("traceId", id)
			}
		}
		lines.later(l.request(r).end())
	}
}

// request appends what is known of a request, but for whose it is.
func (l line) request(r *observe.Request) line {
	if r.Operation != "" {
		l = l.text("operation", r.Operation[:min(len(r.Operation), maxName)])
	}
	if r.Type != "" {
		l = l.text("rootFields", strings.Join(r.RootFields, ",")).int("rows", r.Rows)
	}
	if r.Cost > 0 {
		l = l.int("cost", r.Cost)
	}
	if len(r.Cache) > 0 {
		l = l.text("cache", r.CacheOutcomes())
	}
	if a := r.Attempts; a.Count > 0 {
		l = l.int("upstreamAttempts", a.Count).text("upstreamOutcome", string(a.Last)).int("upstreamStatus", a.Status)
		l = l.milliseconds("upstreamMs", a.Duration)
	}
	l = l.int("status", r.Status)
	if len(r.Codes) > 0 {
		l = l.text("errorCodes", strings.Join(r.Codes, ","))
	}
	return l.int("bytes", int(r.Bytes)).milliseconds("durationMs", r.Duration)
}
