package relay

import (
	"context"
	"fmt"
	"sync/atomic"

	"texter-graphql/internal/rule"
	"texter-graphql/texter"
)

// Upstream is what pages have taught about the API behind a Searcher, beyond the
// API's reference. The zero value knows nothing yet. It is safe for concurrent use.
type Upstream struct {
	// Breach is called for each breach that several responses show together; may be
	// nil.
	Breach func(context.Context, texter.Breach)

	limit atomic.Int64 // the most rows that one search returns; 0 for MaxSize
	short atomic.Int64 // how many rows the last search returned that was cut short
}

// maxRows is the most rows that one search returns, as far as is known.
func (u *Upstream) maxRows() int {
	if limit := int(u.limit.Load()); limit > 0 {
		return limit
	}
	return MaxSize
}

// cutShort says that a search returned only so many rows, minRows at least, although
// others follow. Two such searches in a row with the same number show a limit. With
// different numbers the reason is another one, such as the size of the rows.
func (u *Upstream) cutShort(ctx context.Context, rows int) {
	u.observe(ctx, texter.BreachLimit)
	if u.short.Swap(int64(rows)) == int64(rows) {
		u.limit.Store(int64(rows))
	}
}

// refuses says that the API refuses to return more rows than these.
func (u *Upstream) refuses(ctx context.Context, rows int) {
	u.observe(ctx, texter.BreachLimit)
	u.limit.Store(int64(rows))
}

func (u *Upstream) observe(ctx context.Context, b texter.Breach) {
	if u.Breach != nil {
		u.Breach(ctx, b)
	}
}

// minRows is how many rows a search must return at least: the row of a cursor, the
// margins, and one row of the page.
const minRows = 2 + 2*margin

// partSize is the size of the largest page at a cursor that one search of so many
// rows reads, together with the anchor and the margins.
func partSize(rows int) int { return rows - 1 - 2*margin }

// reserve is how many of a page's calls do not read a part of it: one that finds the
// end of the list, and one that finds out why a search was cut short.
const reserve = 2

// checkSize errors if a page takes more calls than it may make, because a search
// returns only so many rows. Its error is a *rule.Error.
func (a Arguments) checkSize(rows int) error {
	largest := max(a.calls-reserve, 1) * partSize(rows)
	if rows >= MaxSize || a.size <= largest {
		return nil
	}
	return rule.New(a.sizeArgument(), fmt.Sprintf("must be at most %d here, because Texter returns only %d chats in one call", largest, rows))
}
