package accesslog

import (
	"context"
	"time"

	"github.com/rs/zerolog"

	"texter-graphql/graph/transport"
	"texter-graphql/internal/observe"
)

// Subscriptions writes a line when a subscription starts, and one when it ends. The
// level is WARN for the end of one that failed, and INFO for others.
type Subscriptions struct {
	Options
	logger zerolog.Logger
}

// NewSubscriptions returns Subscriptions that are written to lines.
func NewSubscriptions(lines *Lines, o Options) *Subscriptions {
	return &Subscriptions{o, zerolog.New(batch{lines})}
}

// Started writes that a subscription has started.
func (s *Subscriptions) Started(ctx context.Context, r *observe.Request, p transport.Protocol) {
	if !s.OnlyWarnings {
		s.begin(ctx, levelInfo, "subscription started", r, p).Send()
	}
}

// Ended writes that a subscription has ended.
func (s *Subscriptions) Ended(ctx context.Context, r *observe.Subscription) {
	level := s.level(&r.Request)
	if level == levelInfo && s.OnlyWarnings {
		return
	}
	e := s.begin(ctx, level, "subscription ended", &r.Request, r.Protocol)
	e.Str("reason", string(r.Reason))
	addErrors(e, &r.Request)
	addText(e, "upstreamFailure", string(r.Failure))
	e.Int("deliveries", r.Deliveries)
	e.Int("bytes", r.End.Bytes)
	e.Float64("durationMs", milliseconds(r.End.Duration))
	e.Send()
}

func (s *Subscriptions) begin(ctx context.Context, level, message string, r *observe.Request, p transport.Protocol) *zerolog.Event {
	e := begin(&s.logger, time.Now(), level, message)
	e.Str("requestId", r.ID)
	addText(e, "caller", r.Caller)
	if s.TraceID != nil {
		addText(e, "traceId", s.TraceID(ctx))
	}
	e.Str("protocol", string(p))
	addOperation(e, r)
	return e
}
