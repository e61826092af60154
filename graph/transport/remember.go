package transport

import (
	"context"
	"net/http"

	"texter-graphql/internal/jsonscan"

	"github.com/99designs/gqlgen/graphql"
)

// Answers remembers finished answers, to send them again for equal requests of
// the same caller. Whether there is one is asked once a request is let in, read
// and bounded, but not parsed.
//
// A request is told from others by all that this package reads of it: its
// method, the media type of its answer, and its query string or body to the
// byte. Who the caller is, and what they may see, is the context's to say.
type Answers interface {
	// Recall returns the body of the answer, or nil. It is not changed.
	Recall(ctx context.Context, request ...string) []byte
	// Remember is told the body of an answer without errors, in the context
	// that it was executed in. The body must not be kept, but a copy.
	Remember(ctx context.Context, body []byte, request ...string)
}

// recall answers a request by what is remembered, and reports whether there was
// anything.
func (h HTTP) recall(ctx context.Context, a *answer, r *http.Request, text []byte) bool {
	if h.Answers == nil {
		return false
	}
	a.request = []string{r.Method, a.mediaType, jsonscan.View(text)} // which nobody changes
	body := h.Answers.Recall(ctx, a.request...)
	if body == nil {
		return false
	}
	a.send(http.StatusOK, body)
	return true
}

// remember returns what remembers an answer to a request; nil for nothing.
func (h HTTP) remember(ctx context.Context, request []string) func(body []byte) {
	if h.Answers == nil {
		return nil
	}
	return func(body []byte) { h.Answers.Remember(ctx, body, request...) }
}

// registers reports whether a request has its document be found by its hash
// from now on, which is to be done each time: others may have taken its place.
func registers(params *graphql.RawParams) bool {
	return params.Query != "" && params.Extensions["persistedQuery"] != nil
}
