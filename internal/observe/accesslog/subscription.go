package accesslog

import (
	"context"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"texter-graphql/graph/transport"
	"texter-graphql/internal/observe"
)

// Subscriptions writes a line when a subscription starts, and one when it ends, at
// level INFO.
type Subscriptions struct {
	logger  zerolog.Logger
	traceID func(context.Context) string
}

// NewSubscriptions returns Subscriptions that are written to lines.
func NewSubscriptions(lines *Lines, o Options) *Subscriptions {
	return &Subscriptions{zerolog.New(batch{lines}), o.TraceID}
}

// Started writes that a subscription has started.
func (s *Subscriptions) Started(ctx context.Context, r *observe.Request, p transport.Protocol) {
	s.begin(ctx, "subscription started", r, p).Send()
}

// Ended writes that a subscription has ended.
func (s *Subscriptions) Ended(ctx context.Context, r *observe.Subscription) {
	e := s.begin(ctx, "subscription ended", &r.Request, r.Protocol)
	e.Str("reason", string(r.Reason))
	addText(e, "errorCodes", strings.Join(r.Codes, ","))
	e.Int("deliveries", r.Deliveries)
	e.Int("bytes", r.End.Bytes)
	e.Float64("durationMs", milliseconds(r.End.Duration))
	e.Send()
}

func (s *Subscriptions) begin(ctx context.Context, message string, r *observe.Request, p transport.Protocol) *zerolog.Event {
	e := begin(&s.logger, time.Now(), levelInfo, message)
	e.Str("requestId", r.ID)
	addText(e, "caller", r.Caller)
	if s.traceID != nil {
		addText(e, "traceId", s.traceID(ctx))
	}
	e.Str("protocol", string(p))
	addOperation(e, r)
	return e
}
