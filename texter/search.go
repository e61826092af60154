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
	q := make([]byte, 0, 128)
	if o.Channel != nil {
		q = appendParameter(q, "channel[accountId]", o.Channel.AccountID)
		q = appendParameter(q, "channel[name]", string(o.Channel.Name))
	}
	for _, label := range o.Labels {
		q = appendParameter(q, "labels[]", label)
	}
	if o.Limit != 0 {
		q = appendParameter(q, "limit", strconv.Itoa(o.Limit))
	}
	if o.Search != nil {
		q = appendParameter(q, "search", *o.Search)
	}
	if o.ShowNoMessages != nil {
		q = appendParameter(q, "showNoMessages", strconv.FormatBool(*o.ShowNoMessages))
	}
	if o.Skip != 0 {
		q = appendParameter(q, "skip", strconv.Itoa(o.Skip))
	}
	for _, status := range o.Statuses {
		q = appendParameter(q, "statuses[]", status.String())
	}
	return string(q)
}

func appendParameter(q []byte, name, value string) []byte {
	if len(q) > 0 {
		q = append(q, '&')
	}
	q = append(append(q, url.QueryEscape(name)...), '=')
	return append(q, url.QueryEscape(value)...)
}

// limit is how many chats the options ask for.
func (o SearchOptions) limit() int {
	if o.Limit == 0 {
		return DefaultLimit
	}
	return o.Limit
}
