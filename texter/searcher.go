package texter

import "context"

// Searcher searches chats. A *Client is one; others stand in front of another
// Searcher, and narrow its searches or share its pages.
//
// SearchChats returns one page of the chats that match the options. Who gets a
// page holds it, and releases it once when it needs nothing of it any more: see
// SearchPage.Release. Others may hold the same page, so it is read-only. An
// error comes without a page.
type Searcher interface {
	SearchChats(context.Context, SearchOptions) (*SearchPage, error)
}

// Answers keeps finished answers, each for as long as the page that it was made
// of is kept. A request is a list of strings that holds everything the answer
// depends on besides that page and what the context says of the caller.
type Answers interface {
	// Recall returns the answer to an equal request of an equal caller, or nil if
	// none is kept. It is read-only.
	Recall(ctx context.Context, request ...string) any
	// Remember may keep the answer to a request. The answer must depend on nothing
	// else than the page, the request and the caller. It takes so many bytes; it
	// is made only if it is kept.
	Remember(ctx context.Context, page *SearchPage, bytes int, answer func() any, request ...string)
}
