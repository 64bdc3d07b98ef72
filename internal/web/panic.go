package web

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/debug"
)

// rescue turns a panic into an internal error with the request's id, under which the log has the stack.
func rescue(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			value := recover()
			if value == nil {
				return
			}
			if err, ok := value.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(value)
			}

			log.LogAttrs(r.Context(), slog.LevelError, "panic",
				slog.String("what", describePanic(value)),
				slog.String("stack", string(debug.Stack())),
				slog.String("request", RequestID(r.Context())),
			)
			if seen, ok := w.(*seenWriter); ok && seen.status != 0 {
				// Half an answer must not look like a whole one.
				panic(http.ErrAbortHandler)
			}
			answerError(w, r, http.StatusInternalServerError, "INTERNAL", "internal error",
				"requestId", RequestID(r.Context()))
		}()
		next.ServeHTTP(w, r)
	})
}

// describePanic says what the runtime found. Any other value could quote a person's data, so only its type is told.
func describePanic(value any) string {
	if err, ok := value.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("%T", value)
}
