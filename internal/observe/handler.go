package observe

import (
	"context"
	"net/http"
	"time"

	"texter-graphql/graph"
	"texter-graphql/internal/requestid"
)

// Handler gathers what is to be known of each request that next answers, and
// then tells it to each of told, in the request's context.
func Handler(next http.Handler, told ...func(context.Context, *Request)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec, r := begin(w, r)
		defer rec.tell(r.Context(), told) // also when next panics
		next.ServeHTTP(&rec.answer, r)
	})
}

// begin gives a request its record.
func begin(w http.ResponseWriter, r *http.Request) (*record, *http.Request) {
	rec := &record{began: time.Now(), answer: answer{ResponseWriter: w}}
	return rec, r.WithContext(context.WithValue(r.Context(), recordKey{}, rec))
}

func (r *record) tell(ctx context.Context, told []func(context.Context, *Request)) {
	request := r.finish(ctx)
	for _, tell := range told {
		tell(ctx, request)
	}
}

// finish is the request as far as it is known now, and as it stays.
func (r *record) finish(ctx context.Context) *Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.finished = true
	request, a := &r.request, &r.answer
	request.ID, request.Status, request.Bytes, request.Duration = a.Header().Get(requestid.Header), a.status, a.bytes, time.Since(r.began)
	switch {
	case ctx.Err() != nil:
		request.Codes = []string{CodeCanceled}
	case a.status == 0:
		request.Codes = []string{graph.CodeInternal}
	}
	return request
}

// answer remembers what was answered.
type answer struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader implements http.ResponseWriter.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 && status >= http.StatusOK {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write implements io.Writer.
func (a *answer) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	n, err := a.ResponseWriter.Write(b)
	a.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController see the writer itself.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
