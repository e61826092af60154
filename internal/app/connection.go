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

// minRate is how many bytes a client must receive in a second.
const minRate = 64 << 10

// paced gives a client a time for each write of a response: the grace, and what the
// bytes take at minRate. A client that reads slowly gets all of it, and one that reads
// nothing is cut off.
func paced(next http.Handler, grace time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(&pacedWriter{w, grace}, r)
	})
}

type pacedWriter struct {
	http.ResponseWriter
	grace time.Duration
}

// Write implements io.Writer.
func (w *pacedWriter) Write(b []byte) (int, error) {
	deadline := time.Now().Add(w.grace + time.Duration(len(b))*time.Second/minRate)
	_ = http.NewResponseController(w.ResponseWriter).SetWriteDeadline(deadline) // errors where there is no connection, in tests
	return w.ResponseWriter.Write(b)
}

// Unwrap gives http.ResponseController the underlying writer.
func (w *pacedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Uncompressed says that nothing is compressed here: see transport.Uncompressed.
func (w *pacedWriter) Uncompressed() {}
