package observe

import (
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"

	"texter-graphql/internal/requestid"
)

// Recover closes the connection when next panics, and logs the stack. net/http by
// itself would log the value of the panic, which may hold anything, and the
// address of the client.
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
			panic(http.ErrAbortHandler) // a value that net/http does not log
		}()
		next.ServeHTTP(w, r)
	})
}
