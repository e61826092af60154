// Package transport speaks GraphQL over HTTP
// (https://graphql.github.io/graphql-over-http/draft/), in place of gqlgen's
// own transports: those read bodies without a bound, repeat them in errors and
// encode the finished answer once more.
package transport

import (
	"context"
	"errors"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"texter-graphql/internal/jsonscan"
	"texter-graphql/internal/refusal"
)

// HTTP takes GraphQL requests by POST and GET.
type HTTP struct {
	// MaxBodyBytes bounds a request's body; 0 is 128 KiB.
	MaxBodyBytes int64
	// Authenticate returns the context to serve a request in. An error refuses
	// the request before anything of its body is read: a *refusal.Error says how, any
	// other is a 401 with its text. Nil lets every request in.
	Authenticate func(*http.Request) (context.Context, error)
	// AllowOrigin reports whether pages of a web origin may call. Nil allows none but
	// those of this host.
	AllowOrigin func(origin string) bool
	// Connections are those of subscriptions. Nil takes no subscriptions.
	Connections *Connections
}

// allowedMethods are the methods of the endpoint.
const allowedMethods = "GET, POST, OPTIONS"

const defaultMaxBodyBytes = 128 << 10

// Do answers a request, if only with what is wrong with it.
func (h HTTP) Do(w http.ResponseWriter, r *http.Request, exec Executor) {
	if r.Method == http.MethodOptions {
		w.Header().Set("Allow", allowedMethods)
		w.WriteHeader(http.StatusNoContent)
		return
	}
	a := answer{w: w, mediaType: negotiate(r.Header.Values("Accept"))}
	if a.mediaType == "" && h.Connections != nil {
		a.asEvents = acceptsEvents(r.Header.Values("Accept"))
	}
	h.serve(r, exec, &a)
}

// serve answers a request. A panic of the executor, or of what lets requests in,
// is answered like any other error.
func (h HTTP) serve(r *http.Request, exec Executor, a *answer) {
	ctx := r.Context()
	var operation Operation
	defer func() {
		if value := recover(); value != nil {
			if response := exec.Recover(ctx, operation, value); !a.begun {
				a.write(http.StatusInternalServerError, response, nil)
			} else {
				panic(http.ErrAbortHandler) // the client must not take what it has for the whole answer
			}
		}
	}()
	ctx, text, err := h.admit(a.w, r, a)
	if err != nil {
		a.refuse(ctx, exec, err)
		return
	}
	key := []string{r.Method, a.mediaType, jsonscan.View(text)} // nobody changes text
	if !a.asEvents {
		if body := exec.Recall(ctx, key...); body != nil {
			a.send(http.StatusOK, body)
			return
		}
	}
	params, err := parse(r, text)
	if err != nil {
		a.refuse(ctx, exec, err)
		return
	}
	operation, errs := exec.Prepare(ctx, params)
	if errs != nil {
		a.respond(a.requestErrorStatus(), exec.Refuse(ctx, operation, errs), nil)
		return
	}
	if err := h.checkType(r, operation.Type()); err != nil {
		a.refuse(ctx, exec, err)
		return
	}
	if operation.Type() == ast.Subscription {
		if err := a.subscribe(ctx, exec, operation, h.Connections); err != nil {
			a.refuse(ctx, exec, err)
		}
		return
	}
	if registersDocument(params) {
		key = nil
	}
	for response := range operation.Execute(ctx) {
		a.respond(http.StatusOK, response, key)
	}
}

// respond sends the response to an operation, in the form that the client takes.
func (a *answer) respond(status int, response *Response, key []string) {
	if a.asEvents {
		a.sendAsEvents(response)
		return
	}
	a.write(status, response, key)
}

// admit decides whether a request is served, then reads its text. The context
// is the one to serve it in. The text is the query string or the body.
func (h HTTP) admit(w http.ResponseWriter, r *http.Request, a *answer) (ctx context.Context, text []byte, err error) {
	ctx = r.Context()
	if a.mediaType == "" {
		a.mediaType = mediaTypeJSON // of errors
		if !a.asEvents {
			return ctx, nil, refusal.New(http.StatusNotAcceptable, "Accept must allow "+mediaTypeGraphQL+", "+mediaTypeJSON+" or "+mediaTypeEvents+".")
		}
	}
	if h.forged(r) {
		return ctx, nil, refusal.New(http.StatusBadRequest, "A page of another site may have sent this: use POST, or send the header Apollo-Require-Preflight, or list the page's origin in -cors-origins.")
	}
	if h.Authenticate != nil {
		authenticated, err := h.Authenticate(r)
		if err != nil {
			return ctx, nil, err
		}
		ctx = authenticated
	}
	text, err = h.read(w, r)
	return ctx, text, err
}

// checkType refuses operations that can't be sent or answered in this way.
func (h HTTP) checkType(r *http.Request, operation ast.Operation) error {
	switch {
	case operation == ast.Subscription && (h.Connections == nil || !acceptsEvents(r.Header.Values("Accept"))):
		return refusal.New(http.StatusNotAcceptable, "A subscription has a stream of responses: Accept must allow "+mediaTypeEvents+", or connect by WebSocket.")
	case r.Method == http.MethodGet && operation == ast.Mutation:
		return &refusal.Error{Status: http.StatusMethodNotAllowed, Message: "GET is for queries only.", Allow: http.MethodPost}
	}
	return nil
}

// registersDocument reports whether the request stores its document under a
// hash. Such a request is executed each time: the document may have been dropped
// since.
func registersDocument(params *graphql.RawParams) bool {
	return params.Query != "" && params.Extensions["persistedQuery"] != nil
}

// answer is the answer to one request.
type answer struct {
	w         http.ResponseWriter
	mediaType string // of a response that is JSON
	asEvents  bool   // whether the response to an operation is an event stream, for the client takes no JSON
	begun     bool   // whether the head may have been sent
}

// requestErrorStatus is the status for an operation that can't be executed.
// Clients of the older media type expect 200 as long as the request is
// well-formed: GraphQL over HTTP, "application/json".
func (a *answer) requestErrorStatus() int {
	if a.mediaType == mediaTypeGraphQL {
		return http.StatusBadRequest
	}
	return http.StatusOK
}

// refuse answers a request that holds no operation, or whose caller is not let
// in.
func (a *answer) refuse(ctx context.Context, exec Executor, err error) {
	e, ok := errors.AsType[*refusal.Error](err)
	if !ok {
		e = refusal.New(http.StatusUnauthorized, err.Error())
	}
	e.SetHeader(a.w.Header())
	a.write(e.Status, exec.Refuse(ctx, nil, gqlerror.List{{Message: e.Message, Extensions: e.Extensions()}}), nil)
}
