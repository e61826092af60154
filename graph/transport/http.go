// Package transport speaks GraphQL over HTTP
// (https://graphql.github.io/graphql-over-http/draft/), in place of gqlgen's
// own transports: those read bodies without a bound, repeat them in errors and
// encode the finished answer once more.
package transport

import (
	"context"
	"errors"
	"net/http"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

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
	// Answers remembers finished answers; nil for none.
	Answers Answers
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
	ctx := r.Context()
	if len(r.TransferEncoding) > 0 {
		// It may have come with a Content-Length as well, by which a proxy in
		// front sees another request begin: RFC 9112, section 6.1.
		w.Header().Set("Connection", "close")
	}
	a := answer{w: w, mediaType: negotiate(r.Header.Values("Accept")), later: &later{}}
	if a.mediaType == "" {
		a.mediaType = mediaTypeJSON
		a.refuse(ctx, exec, refusal.New(http.StatusNotAcceptable, "Accept must allow "+mediaTypeGraphQL+" or "+mediaTypeJSON+"."))
		return
	}
	if forged(r) {
		a.refuse(ctx, exec, refusal.New(http.StatusBadRequest, "A page of another site may have sent this: use POST, or send the header Apollo-Require-Preflight."))
		return
	}
	if h.Authenticate != nil {
		authenticated, err := h.Authenticate(r)
		if err != nil {
			a.refuse(ctx, exec, err)
			return
		}
		ctx = authenticated
	}
	text, err := h.read(w, r)
	if err != nil {
		a.refuse(ctx, exec, err)
		return
	}
	if h.recall(ctx, &a, r, text) {
		return
	}
	params, err := parse(r, text)
	if err != nil {
		a.refuse(ctx, exec, err)
		return
	}
	ctx, operation, errs := exec.Prepare(context.WithValue(ctx, laterKey{}, a.later), params)
	if errs != nil {
		a.write(a.requestErrorStatus(), exec.Refuse(ctx, errs))
		return
	}
	if r.Method == http.MethodGet && operation.Operation != ast.Query {
		a.refuse(ctx, exec, &refusal.Error{Status: http.StatusMethodNotAllowed, Message: "GET is for queries only.", Allow: http.MethodPost})
		return
	}
	defer a.later.finish()
	if response := exec.Execute(ctx); response != nil { // else the caller is gone
		if len(response.Errors) == 0 && !registers(params) {
			a.finished = h.remember(ctx, a.request)
		}
		a.write(http.StatusOK, response)
	}
}

// answer is the answer to one request.
type answer struct {
	w         http.ResponseWriter
	mediaType string
	later     *later
	request   []string          // see Answers
	finished  func(body []byte) // is told of the body before it is sent; nil for none
}

// requestErrorStatus is the status for an operation that can't be executed.
// Clients of the older media type expect 200 as long as the request is
// well-formed: GraphQL over HTTP, section 6.4.1.
func (a answer) requestErrorStatus() int {
	if a.mediaType == mediaTypeGraphQL {
		return http.StatusBadRequest
	}
	return http.StatusOK
}

// refuse answers a request that holds no operation, or whose caller is not let
// in.
func (a answer) refuse(ctx context.Context, exec Executor, err error) {
	e, ok := errors.AsType[*refusal.Error](err)
	if !ok {
		e = refusal.New(http.StatusUnauthorized, err.Error())
	}
	e.SetHeader(a.w.Header())
	a.write(e.Status, exec.Refuse(ctx, gqlerror.List{{Message: e.Message, Extensions: e.Extensions()}}))
}
