// Package accesslog writes a line of JSON for each request.
package accesslog

import (
	"context"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"texter-graphql/internal/observe"
)

// maxNameLength bounds the name of an operation in a line, in bytes. Names in
// GraphQL are ASCII, so that a cut never splits a letter.
const maxNameLength = 64

// New returns a function that writes each request in one line, at level INFO.
// Lists are joined by commas. A field that does not apply is left out. traceID
// returns the id of the trace that a context belongs to; nil if there are no
// traces.
func New(lines *Lines, traceID func(context.Context) string) observe.Observer {
	logger := zerolog.New(batch{lines})
	return func(ctx context.Context, r *observe.Request) {
		e := begin(&logger, time.Now())
		e.Str("requestId", r.ID)
		addText(e, "caller", r.Caller)
		if traceID != nil {
			addText(e, "traceId", traceID(ctx))
		}
		addOperation(e, r)
		addUpstream(e, r.Attempts)
		e.Int("status", r.Status)
		addText(e, "errorCodes", strings.Join(r.Codes, ","))
		e.Int64("bytes", r.Bytes)
		e.Float64("durationMs", milliseconds(r.Duration))
		e.Send()
	}
}

// begin starts a line with the fields that log/slog starts its lines with.
// zerolog's own fields for time and level would have other names and formats,
// which only variables of its package can change.
func begin(logger *zerolog.Logger, at time.Time) *zerolog.Event {
	var buffer [len(time.RFC3339Nano)]byte
	e := logger.Log()
	e.Bytes("time", at.AppendFormat(buffer[:0], time.RFC3339Nano))
	e.Str("level", "INFO")
	e.Str("msg", "request")
	return e
}

func addOperation(e *zerolog.Event, r *observe.Request) {
	addText(e, "operation", r.Operation[:min(len(r.Operation), maxNameLength)])
	if r.Type != "" {
		e.Str("rootFields", strings.Join(r.RootFields, ","))
		e.Int("rows", r.Rows)
	}
	if r.Cost > 0 {
		e.Int("cost", r.Cost)
	}
	addText(e, "cache", r.CacheOutcomes())
	if r.Labels != 0 {
		e.Str("labels", r.Labels.String())
	}
}

func addUpstream(e *zerolog.Event, a observe.Attempts) {
	if a.Count == 0 {
		return
	}
	e.Int("upstreamAttempts", a.Count)
	e.Str("upstreamOutcome", string(a.Last))
	e.Int("upstreamStatus", a.Status)
	e.Float64("upstreamMs", milliseconds(a.Duration))
}

func addText(e *zerolog.Event, name, value string) {
	if value != "" {
		e.Str(name, value)
	}
}

// milliseconds is a duration in milliseconds, with up to three decimals.
func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
