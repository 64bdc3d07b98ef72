package web

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Gate bounds what the server executes at once. What comes beyond waits in a short line, and beyond that is told to
// come back: work that nobody will wait for any more is not begun, so the rest keeps its speed.
type Gate struct {
	places   chan struct{}
	line     int64 // how many may wait
	patience time.Duration
	waiting  atomic.Int64
	// OnShed, when set, is told of each request that is turned away.
	OnShed func()
}

// NewGate lets so many requests run and so many wait, for no longer than patience.
func NewGate(running, waiting int, patience time.Duration) *Gate {
	return &Gate{places: make(chan struct{}, running), line: int64(waiting), patience: patience}
}

// Running is how many hold a place now.
func (g *Gate) Running() int { return len(g.places) }

// Enter takes a place, which leave gives back; false when the caller must come again later.
func (g *Gate) Enter(ctx context.Context) (leave func(), ok bool) {
	leave = sync.OnceFunc(func() { <-g.places })
	select {
	case g.places <- struct{}{}:
		return leave, true
	default:
	}
	if g.waiting.Add(1) > g.line {
		g.waiting.Add(-1)
		g.shed()
		return nil, false
	}
	defer g.waiting.Add(-1)
	timer := time.NewTimer(g.patience)
	defer timer.Stop()
	select {
	case g.places <- struct{}{}:
		return leave, true
	case <-timer.C:
	case <-ctx.Done():
	}
	g.shed()
	return nil, false
}

func (g *Gate) shed() {
	if g.OnShed != nil {
		g.OnShed()
	}
}

// turnAway refuses before anything is read, when the line is full. It takes no place yet: whoever sends a body slowly
// must not hold one meanwhile.
func (g *Gate) turnAway(next http.Handler) http.Handler {
	if g == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g.waiting.Load() >= g.line && len(g.places) == cap(g.places) {
			g.shed()
			answerBusy(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// hold lets a request in once there is a place. It gives the place back as soon as the answer begins, which is complete
// then: whoever reads slowly, and whatever stays open, holds none.
func (g *Gate) hold(next http.Handler) http.Handler {
	if g == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		leave, ok := g.Enter(r.Context())
		if !ok {
			answerBusy(w, r)
			return
		}
		defer leave()
		next.ServeHTTP(leavingWriter{w, leave}, r)
	})
}

func answerBusy(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Retry-After", "1")
	answerError(w, r, http.StatusServiceUnavailable, "UNAVAILABLE", "the server is busy, try again in a moment")
}

// leavingWriter leaves the gate when the answer begins. It stays a Flusher and a Hijacker, like seenWriter.
type leavingWriter struct {
	http.ResponseWriter
	leave func()
}

func (w leavingWriter) WriteHeader(status int) {
	w.leave()
	w.ResponseWriter.WriteHeader(status)
}

func (w leavingWriter) Write(b []byte) (int, error) {
	w.leave()
	return w.ResponseWriter.Write(b)
}

func (w leavingWriter) Flush() {
	w.leave()
	_ = http.NewResponseController(w.ResponseWriter).Flush() // http.Flusher has no way to say that it failed
}

func (w leavingWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	w.leave()
	return http.NewResponseController(w.ResponseWriter).Hijack()
}

// Unwrap lets http.ResponseController reach the deadlines of the writer inside.
func (w leavingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
