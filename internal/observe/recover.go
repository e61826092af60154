package observe

import (
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"

	"texter-graphql/internal/requestid"
)

// Recover cuts the connection where next panics, and logs where that was.
// net/http by itself would log what was panicked with, which may hold anything,
// and the caller's address.
func Recover(logger *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			value := recover()
			if value == nil {
				return
			}
			if err, _ := value.(error); !errors.Is(err, http.ErrAbortHandler) {
				logger.ErrorContext(r.Context(), "panic", "requestId", w.Header().Get(requestid.Header), "stack", string(debug.Stack()))
			}
			panic(http.ErrAbortHandler) // which net/http does not log
		}()
		next.ServeHTTP(w, r)
	})
}
