package observe

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"texter-graphql/graph/transport"
	"texter-graphql/internal/requestid"
)

// Operation begins to collect what is known of an operation on a WebSocket. The
// function passes it to the observers, as Handler does for a request, with the size of
// the response; 0 is none.
func Operation(ctx context.Context, observers ...Observer) (context.Context, func(size int)) {
	rec := &record{began: time.Now(), request: Request{ID: requestid.From(ctx)}}
	ctx = context.WithValue(ctx, recordKey{}, rec)
	return ctx, func(size int) {
		change(ctx, func(r *Request) {
			if size == 0 && len(r.Codes) == 0 {
				r.Codes = []string{CodeCanceled}
			}
		})
		rec.response.status, rec.response.bytes = http.StatusOK, int64(size)
		rec.report(context.WithoutCancel(ctx), observers) // an operation that has ended is not a canceled one
	}
}

// Subscribed stores that the operation that ctx belongs to is a subscription that has
// started. It returns what is known of it.
func Subscribed(ctx context.Context) (known Request) {
	change(ctx, func(r *Request) {
		r.IsSubscription = true
		r.ID = cmp.Or(r.ID, requestid.From(ctx))
		known = *r
	})
	return known
}

// Subscription is what is known of a subscription that has ended.
type Subscription struct {
	Request
	transport.End
}

// Unsubscribed returns what is known of the subscription that ctx belongs to.
func Unsubscribed(ctx context.Context, end transport.End) *Subscription {
	s := &Subscription{End: end}
	change(ctx, func(r *Request) { s.Request = *r })
	return s
}
