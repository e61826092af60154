package texter

import (
	"net/url"
	"strconv"
	"sync/atomic"
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
	// Fresh asks for a page that was not kept: see package cache. It is not a
	// parameter of the REST call.
	Fresh bool
	// Previous is an earlier page of the same search, or nil. If Texter sends the same
	// bytes again, the search returns that page, and decodes nothing. Rows with the
	// same bytes are not decoded again. It must not be released before. It is not a
	// parameter of the REST call.
	Previous *SearchPage
	// Reserved is the memory that was reserved for the page, or nil. It is not a
	// parameter of the REST call.
	Reserved Reservation
}

// Reservation is memory that was reserved for the page of a search. It is given back
// when all that hold it have released it. Its methods may be called at the same time.
type Reservation interface {
	// Hold makes the caller one of those that hold the memory. It is called while
	// somebody holds it.
	Hold()
	// Release ends one hold.
	Release()
	// Shrink gives back all but size bytes.
	Shrink(size int)
	// Join is called when the search waits for the page of an equal search, for which
	// this other memory was reserved.
	Join(other Reservation)
}

// SearchPage is one page of a search: chats sorted by the time of their last
// message, newest first. Many may hold it at a time: it is read-only.
type SearchPage struct {
	// Total counts all matches, ignoring Limit and Skip.
	Total int
	// Size is how many bytes of memory the page takes, its body included, give or
	// take a tenth.
	Size int
	// Memo remembers what was made of the page; nil unless the page is kept: see
	// Keep.
	Memo *Memo

	chats []*Chat
	body  []byte // of the response; the chats share its memory

	breaches breaches

	buffer   *buffer      // that the page gives back; nil if its memory is not used again
	reserved Reservation  // that the page holds; nil for none
	holders  atomic.Int32 // that have not released the page
	pinned   atomic.Bool
}

// NewSearchPage makes a page of chats, for a Searcher that does not read a
// response. The page has no body.
func NewSearchPage(chats []*Chat, total int) *SearchPage {
	return &SearchPage{Total: total, chats: chats}
}

// IsSorted reports whether the rows have the order that the search promises.
func (p *SearchPage) IsSorted() bool { return !p.breaches.unsorted }

// HasDuplicates reports whether two rows have the same id.
func (p *SearchPage) HasDuplicates() bool { return p.breaches.repeats }

// Chats returns the rows of the page. It pins the page: the chats, and
// everything reached through them, stay good after Release.
func (p *SearchPage) Chats() []*Chat {
	p.Pin()
	return p.chats
}

// ChatViews returns the rows of the page, as Chats does, but does not pin the
// page: they are good only until the caller releases it.
func (p *SearchPage) ChatViews() []*Chat { return p.chats }

// Body returns the body of the response. It pins the page, as Chats does.
func (p *SearchPage) Body() []byte {
	p.Pin()
	return p.body
}

// Decode reads the body of a response to these options. It keeps the body,
// which must not change afterwards. Its error is an *Error.
func (o SearchOptions) Decode(body []byte) (*SearchPage, error) { return o.decode(body, new(buffer)) }

func (o SearchOptions) decode(body []byte, b *buffer) (*SearchPage, error) {
	var earlier []*Chat
	if o.Previous != nil {
		earlier = o.Previous.chats
	}
	page, err := b.decode(body, earlier...)
	if err != nil {
		return nil, invalidResponse(err)
	}
	if err := o.inspect(page, &b.ids); err != nil {
		return nil, err
	}
	return page, nil
}

// Query encodes the options as the query string of the REST call. Equal
// options have equal strings.
func (o SearchOptions) Query() string {
	q := make([]byte, 0, 128)
	if o.Channel != nil {
		q = appendParameter(q, "channel%5BaccountId%5D", o.Channel.AccountID)
		q = appendParameter(q, "channel%5Bname%5D", string(o.Channel.Name))
	}
	for _, label := range o.Labels {
		q = appendParameter(q, "labels%5B%5D", label)
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
		q = appendParameter(q, "statuses%5B%5D", status.String())
	}
	return string(q)
}

// appendParameter appends a parameter whose name is already escaped.
func appendParameter(q []byte, name, value string) []byte {
	if len(q) > 0 {
		q = append(q, '&')
	}
	q = append(append(q, name...), '=')
	return append(q, url.QueryEscape(value)...)
}

// limit is how many chats the options ask for.
func (o SearchOptions) limit() int {
	if o.Limit == 0 {
		return DefaultLimit
	}
	return o.Limit
}
