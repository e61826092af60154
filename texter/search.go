package texter

import (
	"net/url"
	"strconv"
)

// Limits of the search, from Texter's API reference.
const (
	// DefaultLimit is how many chats a search returns when Limit is 0.
	DefaultLimit = 30
	// MaxLimit is the largest Limit.
	MaxLimit = 10_000
)

// SearchOptions are the parameters of a chat search. The zero value asks for
// the first DefaultLimit chats that have messages.
type SearchOptions struct {
	ChatFilter
	// Limit is how many chats to return at most: 1 to MaxLimit, or 0 for
	// DefaultLimit.
	Limit int
	// Skip is how many chats to leave out first, 0 or more.
	Skip int
}

// SearchPage is one answer of a search: chats sorted by the time of their last
// message, newest first.
type SearchPage struct {
	// Chats are the rows of this page.
	Chats []*Chat
	// Total counts all matches, ignoring Limit and Skip.
	Total int
}

// Query encodes the options as the query string of the REST call. Equal
// options have equal strings.
func (o SearchOptions) Query() string {
	q := make(url.Values)
	if o.Search != nil {
		q.Set("search", *o.Search)
	}
	if o.Channel != nil {
		q.Set("channel[name]", string(o.Channel.Name))
		q.Set("channel[accountId]", o.Channel.AccountID)
	}
	for _, label := range o.Labels {
		q.Add("labels[]", label)
	}
	for _, status := range o.Statuses {
		q.Add("statuses[]", status.String())
	}
	if o.ShowNoMessages != nil {
		q.Set("showNoMessages", strconv.FormatBool(*o.ShowNoMessages))
	}
	if o.Limit != 0 {
		q.Set("limit", strconv.Itoa(o.Limit))
	}
	if o.Skip != 0 {
		q.Set("skip", strconv.Itoa(o.Skip))
	}
	return q.Encode()
}

// limit is how many chats the options ask for.
func (o SearchOptions) limit() int {
	if o.Limit == 0 {
		return DefaultLimit
	}
	return o.Limit
}
