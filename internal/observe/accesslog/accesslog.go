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

// Options configure the lines.
type Options struct {
	// Slow is the duration from which a request is slow; 0 means that none is.
	Slow time.Duration
	// OnlyWarnings leaves out the requests that neither fail nor are slow.
	OnlyWarnings bool
	// TraceID returns the id of the trace that a context belongs to; nil if there
	// are no traces.
	TraceID func(context.Context) string
}

// New returns a function that writes each request in one line. The level is WARN
// for a request that fails or is slow, and INFO for others. Lists are joined by
// commas. A field that does not apply is left out.
func New(lines *Lines, o Options) observe.Observer {
	logger := zerolog.New(batch{lines})
	return func(ctx context.Context, r *observe.Request) {
		level := o.level(r)
		if r.IsSubscription || level == levelInfo && o.OnlyWarnings {
			return
		}
		e := begin(&logger, time.Now(), level, "request")
		e.Str("requestId", r.ID)
		addText(e, "caller", r.Caller)
		if o.TraceID != nil {
			addText(e, "traceId", o.TraceID(ctx))
		}
		addOperation(e, r)
		addUpstream(e, r.Attempts)
		addText(e, "upstreamFailure", string(r.Failure))
		e.Int("status", r.Status)
		addErrors(e, r)
		addText(e, "credential", r.Refusal)
		e.Int64("bytes", r.Bytes)
		e.Float64("durationMs", milliseconds(r.Duration))
		e.Send()
	}
}

// The names that log/slog has for levels.
const (
	levelInfo = "INFO"
	levelWarn = "WARN"
)

// level returns the level of a request. One that its caller canceled did not fail.
// A subscription takes as long as its caller wants.
func (o Options) level(r *observe.Request) string {
	failed := len(r.Codes) > 0 && r.Codes[0] != observe.CodeCanceled
	slow := o.Slow > 0 && r.Duration >= o.Slow && r.Type != "subscription"
	if failed || slow {
		return levelWarn
	}
	return levelInfo
}

// begin starts a line with the fields that log/slog starts its lines with.
// zerolog's own fields for time and level would have other names and formats,
// which only variables of its package can change.
func begin(logger *zerolog.Logger, at time.Time, level, message string) *zerolog.Event {
	var buffer [len(time.RFC3339Nano)]byte
	e := logger.Log()
	e.Bytes("time", at.AppendFormat(buffer[:0], time.RFC3339Nano))
	e.Str("level", level)
	e.Str("msg", message)
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

func addErrors(e *zerolog.Event, r *observe.Request) {
	addText(e, "errorCodes", strings.Join(r.Codes, ","))
	addText(e, "errorArguments", strings.Join(r.Arguments, ","))
}

func addText(e *zerolog.Event, name, value string) {
	if value != "" {
		e.Str(name, value)
	}
}

// milliseconds is a duration in milliseconds, with up to three decimals.
func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
