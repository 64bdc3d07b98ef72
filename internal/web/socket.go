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
	// AtMost bounds the open sockets and streams, and AtMostEach those of one credential; 0 for no bound. Sockets that have
	// not signed in yet are counted apart, or strangers could take all the room.
	AtMost, AtMostEach int

	mu      sync.Mutex
	closing bool
	last    int
	cancel  map[int]context.CancelFunc
	open    sync.WaitGroup
	held    map[string]int // by credential
	strange map[string]int // sockets that have not signed in yet, by address
	waiting int            // all of them
}

// eachAddress is how many sockets that have not signed in yet one address may have. They have five seconds for it.
const eachAddress = 100

type strangerKey struct{}

// stranger is a socket that has not signed in when it is opened.
type stranger struct {
	of      *Sockets
	address string
	known   bool
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
	if who, _ := ctx.Value(strangerKey{}).(*stranger); who != nil && who.of == s && !who.known {
		if s.full() {
			return false
		}
		s.meet(who)
	}
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
		var who *stranger
		if len(r.Header.Values("Authorization")) == 0 { // what is there was found good
			who = &stranger{of: s, address: addressOf(r.Context())}
		}
		ctx, done, ok := s.add(r.Context(), who)
		if !ok {
			w.Header().Set("Retry-After", "5")
			answerError(w, r, http.StatusServiceUnavailable, "UNAVAILABLE", "the server takes no more sockets now")
			return
		}
		defer done()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// full says whether there is no room for one more that has signed in.
func (s *Sockets) full() bool { return s.AtMost > 0 && len(s.cancel)-s.waiting >= s.AtMost }

// crowded says whether too many strangers wait already.
func (s *Sockets) crowded(address string) bool {
	return s.strange[address] >= eachAddress || s.AtMost > 0 && s.waiting >= s.AtMost
}

// meet counts a stranger no longer as one.
func (s *Sockets) meet(who *stranger) {
	if who == nil || who.known {
		return
	}
	who.known = true
	s.waiting--
	if s.strange[who.address]--; s.strange[who.address] == 0 {
		delete(s.strange, who.address)
	}
}

// add follows a socket or a stream; who is nil for one that has signed in.
func (s *Sockets) add(parent context.Context, who *stranger) (ctx context.Context, done func(), ok bool) {
	if s == nil {
		return parent, func() {}, true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing || who == nil && s.full() || who != nil && s.crowded(who.address) {
		return nil, nil, false
	}
	if who != nil {
		if s.strange == nil {
			s.strange = map[string]int{}
		}
		s.strange[who.address]++
		s.waiting++
		parent = context.WithValue(parent, strangerKey{}, who)
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
		s.meet(who)
		s.mu.Unlock()
		cancel()
		s.open.Done()
	}, true
}
