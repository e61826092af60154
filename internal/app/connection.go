package app

import (
	"net/http"
	"time"
)

// framed makes the response to a request with a Transfer-Encoding the last of its
// connection. The request may have come with a Content-Length as well, by which a
// proxy in front sees another request begin: RFC 9112, section 6.1. So framed must
// be outside of every other handler.
func framed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.TransferEncoding) > 0 {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}

// pieceSize is how much of a response has one deadline, in bytes.
const pieceSize = 64 << 10

// paced gives a client a time for each piece of a response. A client that reads
// slowly gets all of it, and one that reads nothing is cut off.
func paced(next http.Handler, each time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(&pacedWriter{w, each, -1}, r)
	})
}

type pacedWriter struct {
	http.ResponseWriter
	each    time.Duration
	written int // since the deadline was set; none has been set where it is negative
}

// Write implements io.Writer.
func (w *pacedWriter) Write(b []byte) (n int, err error) {
	for {
		if w.written < 0 || w.written == pieceSize {
			w.written = 0
			_ = http.NewResponseController(w.ResponseWriter).SetWriteDeadline(time.Now().Add(w.each)) // errors where there is no connection, in tests
		}
		part, err := w.ResponseWriter.Write(b[n:min(len(b), n+pieceSize-w.written)])
		n += part
		if w.written += part; err != nil || n == len(b) {
			return n, err
		}
	}
}

// Unwrap gives http.ResponseController the underlying writer.
func (w *pacedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
