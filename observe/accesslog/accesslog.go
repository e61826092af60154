// Package accesslog writes a line for each request.
package accesslog

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"texter-graphql/observe"
)

// maxName bounds the name of an operation in a line, in bytes. It is ASCII, for
// GraphQL has no other names.
const maxName = 64

// New writes each request that it is told of at level info, in one line. Lists
// are joined by commas; what does not apply is left out. TraceID is the id of a
// context's trace; nil for none.
func New(lines *Lines, traceID func(context.Context) string) func(context.Context, *observe.Request) {
	handler := slog.NewJSONHandler(later{lines}, nil)
	return func(ctx context.Context, r *observe.Request) {
		line := slog.NewRecord(time.Now(), slog.LevelInfo, "request", 0)
		attrs := append(make([]slog.Attr, 0, 16), slog.String("requestId", r.ID))
		if r.Caller != "" {
			attrs = append(attrs, slog.String("caller", r.Caller))
		}
		if traceID != nil {
			if id := traceID(ctx); id != "" {
				attrs = append(attrs, slog.String("traceId", id))
			}
		}
		line.AddAttrs(appendAttributes(attrs, r)...)
		_ = handler.Handle(ctx, line) // as Lines has it
	}
}

func appendAttributes(attrs []slog.Attr, r *observe.Request) []slog.Attr {
	if r.Operation != "" {
		attrs = append(attrs, slog.String("operation", r.Operation[:min(len(r.Operation), maxName)]))
	}
	if r.Type != "" {
		attrs = append(attrs, slog.String("rootFields", strings.Join(r.RootFields, ",")), slog.Int("rows", r.Rows))
	}
	if r.Cost > 0 {
		attrs = append(attrs, slog.Int("cost", r.Cost))
	}
	if len(r.Cache) > 0 {
		attrs = append(attrs, slog.String("cache", r.CacheOutcomes()))
	}
	if a := r.Attempts; a.Count > 0 {
		attrs = append(attrs, slog.Int("upstreamAttempts", a.Count), slog.String("upstreamOutcome", string(a.Last)),
			slog.Int("upstreamStatus", a.Status), milliseconds("upstreamMs", a.Duration))
	}
	attrs = append(attrs, slog.Int("status", r.Status))
	if len(r.Codes) > 0 {
		attrs = append(attrs, slog.String("errorCodes", strings.Join(r.Codes, ",")))
	}
	return append(attrs, slog.Int64("bytes", r.Bytes), milliseconds("durationMs", r.Duration))
}

// milliseconds has three decimals.
func milliseconds(name string, d time.Duration) slog.Attr {
	return slog.Float64(name, float64(d.Microseconds())/1000)
}
