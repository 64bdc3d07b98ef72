package web_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"continuum/internal/web"
)

// crowded is an edge with one place, which its first request holds until the test's end, and a line for one.
func crowded(t *testing.T, patience time.Duration) (server *httptest.Server, gate *web.Gate, shed *atomic.Int64, release func()) {
	t.Helper()
	entered, free := make(chan struct{}, 1), make(chan struct{})
	release = sync.OnceFunc(func() { close(free) })
	shed = &atomic.Int64{}
	gate = web.NewGate(1, 1, patience)
	gate.OnShed = func() { shed.Add(1) }
	server, _ = start(t, web.Config{Gate: gate, GraphQL: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		select {
		case entered <- struct{}{}:
		default:
		}
		<-free
		io.WriteString(w, `{"data":{}}`)
	})})
	t.Cleanup(release)
	go http.DefaultTransport.RoundTrip(request(t, server, nil))
	<-entered
	return server, gate, shed, release
}

// One who waits in vain is told so, and while they wait the next is turned away at once. Probes are never shed.
func TestGate_Sheds(t *testing.T) {
	server, gate, shed, release := crowded(t, 300*time.Millisecond)
	waited := make(chan answer)
	start := time.Now()
	go func() { waited <- send(t, request(t, server, nil)) }()
	first := send(t, request(t, server, nil)) // either of the two comes first into the line
	second := <-waited
	if took := time.Since(start); took < 300*time.Millisecond || took > 3*time.Second {
		t.Errorf("both were answered after %v", took)
	}
	for _, got := range []answer{first, second} {
		if got.status != http.StatusServiceUnavailable || got.header.Get("Retry-After") != "1" || got.code(t) != "UNAVAILABLE" {
			t.Errorf("got %d %v %s", got.status, got.header, got.body)
		}
	}
	if shed.Load() != 2 || gate.Running() != 1 {
		t.Errorf("shed %d, running %d", shed.Load(), gate.Running())
	}
	for _, path := range []string{"/livez", "/readyz"} {
		if got := get(t, server.URL+path); got.status != http.StatusOK {
			t.Errorf("%s was shed: %d", path, got.status)
		}
	}
	release()
	if got := send(t, request(t, server, nil)); got.status != http.StatusOK {
		t.Errorf("after the crowd: %d", got.status)
	}
}

// One who waits gets the place that comes free.
func TestGate_Waits(t *testing.T) {
	server, _, _, release := crowded(t, time.Minute)
	waited := make(chan answer)
	go func() { waited <- send(t, request(t, server, nil)) }()
	release()
	if got := <-waited; got.status != http.StatusOK {
		t.Errorf("got %d", got.status)
	}
}

// Whoever sends slowly holds no place while they do.
func TestGate_HoldsNoPlaceForASlowBody(t *testing.T) {
	gate := web.NewGate(1, 1, time.Minute)
	server, _ := start(t, web.Config{Gate: gate})
	var slow []net.Conn
	for range 5 {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n{", annsKey, len(question))
		slow = append(slow, conn)
	}
	if got := send(t, request(t, server, nil)); got.status != http.StatusOK {
		t.Errorf("got %d beside slow senders", got.status)
	}
	for _, conn := range slow {
		fmt.Fprint(conn, question[1:])
		if response, err := talk(conn, ""); err != nil || response.StatusCode != http.StatusOK {
			t.Errorf("a slow sender got %v, %v", response, err)
		}
	}
}

// A place is free again when the answer begins: a stream, a socket and a slow reader hold none.
func TestGate_GivesThePlaceBack(t *testing.T) {
	gate := web.NewGate(1, 1, time.Minute)
	begun := make(chan struct{})
	server, _ := start(t, web.Config{Gate: gate, GraphQL: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Upgrade") != "":
			echo(w, r)
		case r.Header.Get("Accept") == "text/event-stream":
			http.NewResponseController(w).Flush()
			close(begun)
			<-r.Context().Done()
		default:
			execute(w, r)
		}
	})})
	conn, status := dial(t, server, nil)
	if status != http.StatusSwitchingProtocols {
		t.Fatal(status)
	}
	if _, _, err := conn.Read(t.Context()); err != nil {
		t.Fatal(err)
	}
	stream, err := http.DefaultTransport.RoundTrip(request(t, server, func(r *http.Request) { r.Header.Set("Accept", "text/event-stream") }))
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	<-begun
	if got := send(t, request(t, server, nil)); got.status != http.StatusOK || gate.Running() != 0 {
		t.Errorf("got %d, running %d", got.status, gate.Running())
	}
}

func TestSocketsAreBounded(t *testing.T) {
	sockets := &web.Sockets{AtMost: 2, AtMostEach: 1}
	server, _ := start(t, web.Config{GraphQL: http.HandlerFunc(echo), Sockets: sockets})
	signedIn := http.Header{"Authorization": {"Bearer " + annsKey}}
	// Strangers have as much room of their own, and take none of the others'.
	for i, want := range []int{101, 101, 503} {
		if _, status := dial(t, server, nil); status != want {
			t.Errorf("stranger %d: %d", i, status)
		}
		if _, status := dial(t, server, signedIn); status != want {
			t.Errorf("socket %d: %d", i, status)
		}
	}
	if sockets.Open() != 4 {
		t.Errorf("%d are open", sockets.Open())
	}
	if !sockets.Claim(t.Context(), "ann") || sockets.Claim(t.Context(), "ann") || !sockets.Claim(t.Context(), "ben") {
		t.Error("each credential may have one")
	}
}

// A stranger who signs in needs room among those who have.
func TestSocketsAreBounded_WhenStrangersSignIn(t *testing.T) {
	sockets := &web.Sockets{AtMost: 1}
	server, _ := start(t, web.Config{Sockets: sockets, GraphQL: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !sockets.Claim(r.Context(), "ann") {
			http.Error(w, "no room", http.StatusTooManyRequests)
			return
		}
		echo(w, r)
	})})
	for i, want := range []int{http.StatusSwitchingProtocols, http.StatusTooManyRequests} {
		if _, status := dial(t, server, nil); status != want {
			t.Errorf("socket %d: %d", i, status)
		}
	}
}

// No address keeps others out by sockets that never sign in.
func TestSocketsAreBounded_ByAddress(t *testing.T) {
	server, _ := start(t, web.Config{GraphQL: http.HandlerFunc(echo), Sockets: &web.Sockets{AtMost: 2000}})
	for range 100 {
		dial(t, server, nil)
	}
	if _, status := dial(t, server, nil); status != http.StatusServiceUnavailable {
		t.Errorf("one more: %d", status)
	}
}
