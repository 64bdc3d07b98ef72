package web

import (
	"context"
	"net/http"
	"sync"
)

// Sockets knows the open WebSockets and streams of events. A server that stops waits for its requests by itself, but a
// socket has been taken out of its hands, and neither it nor a stream would ever end.
//
// The zero value is ready to use, and a nil one follows nothing.
type Sockets struct {
	// AtMost bounds the open sockets and streams, and AtMostEach those of one credential; 0 for no bound.
	AtMost, AtMostEach int

	mu      sync.Mutex
	closing bool
	last    int
	cancel  map[int]context.CancelFunc
	open    sync.WaitGroup
	held    map[string]int // by credential
}

// Open is how many sockets and streams are open now.
func (s *Sockets) Open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.cancel)
}

// Claim counts a socket, or an event stream, for a credential until the context is done; false when it has too many.
func (s *Sockets) Claim(ctx context.Context, credential string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.AtMostEach > 0 && s.held[credential] >= s.AtMostEach {
		return false
	}
	if s.held == nil {
		s.held = map[string]int{}
	}
	s.held[credential]++
	context.AfterFunc(ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.held[credential]--; s.held[credential] == 0 {
			delete(s.held, credential)
		}
	})
	return true
}

// Close cancels the context of every open socket and stream, refuses new ones, and returns when all handlers have, or when
// the given context is done.
func (s *Sockets) Close(ctx context.Context) {
	s.mu.Lock()
	s.closing = true
	for _, cancel := range s.cancel {
		cancel()
	}
	s.mu.Unlock()

	closed := make(chan struct{})
	go func() {
		s.open.Wait()
		close(closed)
	}()
	select {
	case <-closed:
	case <-ctx.Done():
	}
}

func (s *Sockets) follow(next http.Handler) http.Handler {
	if s == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isUpgrade(r) {
			next.ServeHTTP(w, r)
			return
		}
		ctx, done, ok := s.add(r.Context())
		if !ok {
			w.Header().Set("Retry-After", "5")
			answerError(w, r, http.StatusServiceUnavailable, "UNAVAILABLE", "the server takes no more sockets now")
			return
		}
		defer done()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func (s *Sockets) add(parent context.Context) (ctx context.Context, done func(), ok bool) {
	if s == nil {
		return parent, func() {}, true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing || s.AtMost > 0 && len(s.cancel) >= s.AtMost {
		return nil, nil, false
	}

	ctx, cancel := context.WithCancel(parent)
	if s.cancel == nil {
		s.cancel = map[int]context.CancelFunc{}
	}
	s.last++
	number := s.last
	s.cancel[number] = cancel
	s.open.Add(1)

	return ctx, func() {
		s.mu.Lock()
		delete(s.cancel, number)
		s.mu.Unlock()
		cancel()
		s.open.Done()
	}, true
}
