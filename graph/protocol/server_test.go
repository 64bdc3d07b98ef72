package protocol_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/testserver"
	"github.com/coder/websocket"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"continuum/graph/document"
	"continuum/graph/protocol"
	"continuum/internal/access"
	"continuum/internal/web"
)

// server is the edge over a schema of one field, as the house wires it, on a network
// without wires: under synctest's clock hours pass in no time.
type server struct {
	t       *testing.T
	graph   *testserver.TestServer
	client  *http.Client
	stop    func()
	ended   chan error
	dialled chan net.Conn
	closed  chan struct{}
	expires *time.Time // of whoever signs in
}

func (s *server) Accept() (net.Conn, error) {
	select {
	case conn := <-s.dialled:
		return conn, nil
	case <-s.closed:
		return nil, net.ErrClosed
	}
}

func (s *server) Close() error   { close(s.closed); return nil }
func (s *server) Addr() net.Addr { return &net.UnixAddr{Name: "nowhere"} }

// onTheClock runs a test against a server, on synctest's clock.
func onTheClock(t *testing.T, test func(*testing.T, *server)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &server{
			t: t, graph: testserver.New(), ended: make(chan error, 1),
			dialled: make(chan net.Conn), closed: make(chan struct{}),
		}
		s.client = &http.Client{Transport: &http.Transport{
			DisableKeepAlives: true,
			DialContext: func(context.Context, string, string) (net.Conn, error) {
				near, far := net.Pipe()
				select {
				case s.dialled <- far:
					return near, nil
				case <-s.closed:
					return nil, net.ErrClosed
				}
			},
		}}
		ctx, stop := context.WithCancel(t.Context())
		s.stop = stop
		sockets := &web.Sockets{}
		go func() {
			s.ended <- web.ServeListener(ctx, s, s.edge(sockets), slog.New(slog.DiscardHandler), sockets.Close)
		}()
		test(t, s)
		stop()
		if err := <-s.ended; err != nil {
			t.Errorf("the server ended with %v", err)
		}
	})
}

func (s *server) edge(sockets *web.Sockets) http.Handler {
	speaking := protocol.Config{
		Shelf: document.NewShelf(nil, false), SignIn: s.signIn, Lasting: web.Lasting,
		Seat:    func(ctx context.Context) (context.Context, bool) { return ctx, true },
		Recover: graphql.DefaultRecover, Present: present,
	}
	s.graph.AddTransport(protocol.Socket{Config: speaking})
	s.graph.AddTransport(protocol.HTTP{Config: speaking})
	edge, err := web.New(web.Config{
		GraphQL: s.graph, SignIn: s.signIn, Log: slog.New(slog.DiscardHandler), Sockets: sockets,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return edge
}

// present shows nothing of what went wrong but that it did.
func present(context.Context, error) *gqlerror.Error {
	return document.Refusal("INTERNAL", "internal error")
}

var errAway = errors.New("the database is away")

func (s *server) signIn(ctx context.Context, token string) (context.Context, bool, error) {
	switch token {
	case "good":
		return access.WithViewer(ctx, &access.Viewer{ExpiresAt: s.expires}), true, nil
	case "away":
		return ctx, false, errAway
	default:
		return ctx, false, nil
	}
}

// wire is a socket of a client.
type wire struct {
	t    *testing.T
	conn *websocket.Conn
}

func (s *server) dial(subprotocols ...string) *wire {
	s.t.Helper()
	conn, response, err := websocket.Dial(s.t.Context(), "ws://server/graphql",
		&websocket.DialOptions{HTTPClient: s.client, Subprotocols: subprotocols})
	if err != nil {
		s.t.Fatal(err)
	}
	if response.Body != nil {
		_ = response.Body.Close()
	}
	s.t.Cleanup(func() { _ = conn.CloseNow() })
	return &wire{s.t, conn}
}

// open dials and signs in.
func (s *server) open() *wire {
	s.t.Helper()
	w := s.dial("graphql-transport-ws")
	w.say(`{"type":"connection_init","payload":{"authorization":"Bearer good"}}`)
	if m := w.hear(); m.Type != "connection_ack" {
		s.t.Fatalf("the sign-in gave %v", m)
	}
	return w
}

func (w *wire) say(text string) {
	w.t.Helper()
	if err := w.conn.Write(w.t.Context(), websocket.MessageText, []byte(text)); err != nil {
		w.t.Fatal(err)
	}
}

type heard struct {
	Type, ID string
	Payload  json.RawMessage
}

func (w *wire) hear() (m heard) {
	w.t.Helper()
	_, text, err := w.conn.Read(w.t.Context())
	if err == nil {
		err = json.Unmarshal(text, &m)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return m
}

// ends reads until the socket closes, and wants it to be with a code.
func (w *wire) ends(want websocket.StatusCode) {
	w.t.Helper()
	for {
		if _, _, err := w.conn.Read(w.t.Context()); err != nil {
			if code := websocket.CloseStatus(err); code != want {
				w.t.Errorf("closed with %v, want %d", err, want)
			}
			return
		}
	}
}
