package observe

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"time"

	"texter-graphql/graph"
	"texter-graphql/internal/requestid"
)

// Observer is called once for each request, when it is answered, with the
// context that the request had.
type Observer func(context.Context, *Request)

// Handler collects what is known of each request that next answers, and passes
// it to the observers, one after another.
func Handler(next http.Handler, observers ...Observer) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := &record{began: time.Now(), response: responseWriter{ResponseWriter: w}}
		r = r.WithContext(context.WithValue(r.Context(), recordKey{}, rec))
		defer rec.report(r.Context(), observers) // also when next panics
		next.ServeHTTP(&rec.response, r)
	})
}

func (r *record) report(ctx context.Context, observers []Observer) {
	request := r.finish(ctx)
	for _, observe := range observers {
		observe(ctx, request)
	}
}

// finish completes the Request and returns it. Nothing changes it afterwards.
func (r *record) finish(ctx context.Context) *Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.finished = true
	request, w := &r.request, &r.response
	request.Status, request.Bytes, request.Duration = w.status, w.bytes, time.Since(r.began)
	if request.ID == "" {
		request.ID = w.Header().Get(requestid.Header)
	}
	switch {
	case ctx.Err() != nil:
		request.Codes = []string{CodeCanceled}
	case w.status == 0:
		request.Codes = []string{graph.CodeInternal}
	}
	return request
}

// responseWriter counts the bytes of a response and stores its status.
type responseWriter struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader implements http.ResponseWriter.
func (w *responseWriter) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements io.Writer.
func (w *responseWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// Unwrap gives http.ResponseController the underlying writer.
func (w *responseWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Uncompressed says that nothing is compressed here: see transport.Uncompressed.
func (w *responseWriter) Uncompressed() {}

// Hijack implements http.Hijacker. The connection becomes a WebSocket.
func (w *responseWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err == nil {
		w.status = http.StatusSwitchingProtocols
	}
	return conn, buffered, err
}
