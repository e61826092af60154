package texter

import (
	"context"
	"hash/maphash"
	"slices"
)

// Breach is a way in which Texter's responses to a search differ from its API
// reference, although each response by itself is well formed.
type Breach string

// The breaches of a search.
const (
	// BreachLimit: a response has fewer rows than were asked for, and others follow.
	BreachLimit Breach = "limit"
	// BreachRows: a response has more rows than were asked for. The rest is dropped:
	// the next pages have it.
	BreachRows Breach = "rows"
	// BreachSkip: rows that are there are not returned for a large skip, or others
	// are returned in their place.
	BreachSkip Breach = "skip"
	// BreachTotalHigh: total counts more rows than there are.
	BreachTotalHigh Breach = "total_high"
	// BreachTotalLow: total counts fewer rows than were returned.
	BreachTotalLow Breach = "total_low"
	// BreachOrder: the rows are not sorted by the time of the last message, newest
	// first, with those without messages at one end.
	BreachOrder Breach = "order"
	// BreachFilter: a row does not match the statuses, labels or channel asked for.
	BreachFilter Breach = "filter"
	// BreachDuplicate: two rows of a response have the same id.
	BreachDuplicate Breach = "duplicate"
)

// Breaches are all breaches.
func Breaches() []Breach {
	return []Breach{BreachLimit, BreachRows, BreachSkip, BreachTotalHigh, BreachTotalLow, BreachOrder, BreachFilter, BreachDuplicate}
}

// Meaning is a sentence about what was seen, without its first word "Texter".
func (b Breach) Meaning() string {
	switch b {
	case BreachLimit:
		return "returns fewer chats than it is asked for, although more follow"
	case BreachRows:
		return "returns more chats than it is asked for"
	case BreachSkip:
		return "does not return the chats after a large skip"
	case BreachTotalHigh:
		return "counts more chats in total than it returns"
	case BreachTotalLow:
		return "counts fewer chats in total than it returns"
	case BreachOrder:
		return "does not sort chats by the time of their last message"
	case BreachFilter:
		return "returns chats that the filter does not ask for"
	case BreachDuplicate:
		return "returns a chat twice in one response"
	}
	return "breaks the contract of its API"
}

// BreachError is the error of a search that can't be answered because of a breach.
func BreachError(b Breach) *Error {
	return &Error{Cause: CauseInvalidResponse, Breach: b, detail: "Texter " + b.Meaning()}
}

// breaches tells which breaches the rows of a page show.
type breaches struct{ rows, unsorted, repeats bool }

// report calls observe for each breach.
func (b breaches) report(ctx context.Context, observe func(context.Context, Breach)) {
	if b == (breaches{}) {
		return
	}
	for breach, shown := range map[Breach]bool{BreachRows: b.rows, BreachOrder: b.unsorted, BreachDuplicate: b.repeats} {
		if shown {
			observe(ctx, breach)
		}
	}
}

// inspect looks for breaches in the rows of a page that answers these options. Its
// error is that of BreachFilter.
func (o SearchOptions) inspect(p *SearchPage, ids *idTable) error {
	if limit := o.limit(); len(p.chats) > limit {
		p.chats, p.breaches.rows = p.chats[:limit], true
	}
	p.breaches.unsorted = !isSorted(p.chats)
	p.breaches.repeats = ids.repeat(p.chats)
	if o.ExcludesAny(p.chats) {
		return BreachError(BreachFilter)
	}
	return nil
}

// isSorted reports whether chats are newest first, with those without messages at
// one end.
func isSorted(chats []*Chat) bool {
	withMessages := trimMessageless(chats)
	for i := 1; i < len(withMessages); i++ {
		if before, at := withMessages[i-1].LastMessageAt, withMessages[i].LastMessageAt; at == nil || *at > *before {
			return false
		}
	}
	return true
}

// trimMessageless removes the chats without messages from the start, or else from
// the end. So the first chat that is left has messages.
func trimMessageless(chats []*Chat) []*Chat {
	messageless := func(c *Chat) bool { return c.LastMessageAt == nil }
	if len(chats) == 0 || !messageless(chats[0]) {
		for len(chats) > 0 && messageless(chats[len(chats)-1]) {
			chats = chats[:len(chats)-1]
		}
		return chats
	}
	if i := slices.IndexFunc(chats, func(c *Chat) bool { return !messageless(c) }); i >= 0 {
		return chats[i:]
	}
	return nil
}

// ExcludesAny reports whether the fields of one of the chats show that the filter
// does not match it.
func (f ChatFilter) ExcludesAny(chats []*Chat) bool {
	narrows := f.Channel != nil || len(f.Labels) > 0 || len(f.Statuses) > 0
	return narrows && slices.ContainsFunc(chats, f.excludes)
}

func (f ChatFilter) excludes(c *Chat) bool {
	if channel, ok := c.Channel(); f.Channel != nil && ok &&
		(channel.RawName().differs(string(f.Channel.Name)) || channel.AccountID().differs(f.Channel.AccountID)) {
		return true
	}
	if len(f.Labels) > 0 && !slices.ContainsFunc(c.LabelIDs, func(id string) bool { return slices.Contains(f.Labels, id) }) {
		return true
	}
	status, ok := c.StatusCode()
	return len(f.Statuses) > 0 && ok && !slices.Contains(f.Statuses, ChatStatus(status))
}

// differs reports whether a text is another than wanted. Null is none: there, only
// Texter's filter decides.
func (t Text) differs(wanted string) bool { return !t.IsNull() && t.String() != wanted }

// idTable is a hash table that finds ids that are there twice. It has no keys: the
// rows have them. An entry is the upper half of an id's hash, and 1 + the index of its
// row; 0 is free. So the rows of other ids are hardly ever looked at.
type idTable []uint64

var idSeed = maphash.MakeSeed()

// repeat reports whether two chats have the same id.
func (t *idTable) repeat(chats []*Chat) bool {
	size := 64
	for size < 2*len(chats) {
		size *= 2
	}
	if cap(*t) < size {
		*t = make(idTable, size)
	}
	table, mask := (*t)[:size], uint64(size-1)
	clear(table)
	for i, chat := range chats {
		hash := maphash.String(idSeed, chat.ID)
		at := hash & mask
		for ; table[at] != 0; at = (at + 1) & mask {
			if table[at]>>32 == hash>>32 && chats[uint32(table[at])-1].ID == chat.ID {
				return true
			}
		}
		table[at] = hash>>32<<32 | uint64(i+1)
	}
	return false
}
