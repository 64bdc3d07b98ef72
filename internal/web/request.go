package web

import (
	"context"
	"crypto/rand"
	"net/http"
	"regexp"
)

const requestIDHeader = "X-Request-Id"

// An id from outside ends up in the log and in answers, so only a plain one is taken over.
var plainRequestID = regexp.MustCompile(`^[A-Za-z0-9-]{8,64}$`)

type requestIDKey struct{}

// RequestID returns the id under which the request is logged, or "" outside of one.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// identify gives each request its id, says it in the answer, and sets the header that every answer has.
func identify(with func(context.Context, string) context.Context, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := requestID(r)
		ctx := context.WithValue(r.Context(), requestIDKey{}, id)
		if with != nil {
			ctx = with(ctx, id)
		}
		w.Header().Set(requestIDHeader, id)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func requestID(r *http.Request) string {
	given := r.Header.Values(requestIDHeader)
	if len(given) == 1 && plainRequestID.MatchString(given[0]) {
		return given[0]
	}
	return rand.Text()
}
