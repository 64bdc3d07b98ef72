package web

import (
	"context"
	"net/http"
)

type lastingKey struct{}

// lasting is what a request needs to outlive its deadline.
type lasting struct {
	request context.Context // as it was without a deadline
	sockets *Sockets
}

// Lasting gives a request that turns out to be a subscription a context without the deadline of an answer. It ends when
// the client goes, and when the server stops. It answers false when the server stops already, or has as many as it may.
func Lasting(ctx context.Context) (lastingCtx context.Context, done func(), ok bool) {
	l, known := ctx.Value(lastingKey{}).(lasting)
	if !known {
		return ctx, func() {}, true
	}
	followed, leave, ok := l.sockets.add(context.WithoutCancel(ctx), nil)
	if !ok {
		return nil, nil, false
	}
	followed, cancel := context.WithCancel(followed)
	stay := context.AfterFunc(l.request, cancel)
	return followed, func() {
		stay()
		cancel()
		leave()
	}, true
}

// deadline ends an execution that takes too long. A socket lives longer than its operations and is left alone.
func deadline(sockets *Sockets, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isUpgrade(r) {
			next.ServeHTTP(w, r)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), executionTime)
		defer cancel()
		ctx = context.WithValue(ctx, lastingKey{}, lasting{r.Context(), sockets})
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}
