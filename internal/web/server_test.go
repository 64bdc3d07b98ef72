package web_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"continuum/internal/web"

	"github.com/coder/websocket"
)

// pipes is a listener without a network, so that a server can run under synctest's clock.
type pipes struct {
	dialled chan net.Conn
	closed  context.Context
	close   context.CancelFunc
}

func newPipes() *pipes {
	p := &pipes{dialled: make(chan net.Conn)}
	p.closed, p.close = context.WithCancel(context.Background())
	return p
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.dialled:
		return conn, nil
	case <-p.closed.Done():
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { p.close(); return nil }
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipes"} }

func (p *pipes) dial() (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case p.dialled <- far:
		return near, nil
	case <-p.closed.Done():
		return nil, net.ErrClosed
	}
}

// serve runs a server and returns how to stop it and learn how it ended.
func serve(t *testing.T, h http.Handler, onStop ...func(context.Context)) (p *pipes, stop func(), ended chan error) {
	t.Helper()
	p = newPipes()
	ctx, cancel := context.WithCancel(t.Context())
	ended = make(chan error, 1)
	go func() { ended <- web.ServeListener(ctx, p, h, slog.New(slog.DiscardHandler), onStop...) }()
	return p, cancel, ended
}

// talk writes a raw request and reads its answer.
func talk(conn net.Conn, raw string) (*http.Response, error) {
	go io.WriteString(conn, raw)
	return http.ReadResponse(bufio.NewReader(conn), nil)
}

const plainGet = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

func TestStopAnswersWhatIsInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stopping := make(chan struct{})
		p, stop, ended := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			<-stopping
			time.Sleep(9 * time.Second) //nolint:forbidigo // on synctest's clock, which waits for nobody
			fmt.Fprint(w, r.Context().Err())
		}))
		conn, err := p.dial()
		if err != nil {
			t.Fatal(err)
		}
		answered := make(chan string, 1)
		go func() {
			response, err := talk(conn, plainGet)
			if err != nil {
				answered <- err.Error()
				return
			}
			body, _ := io.ReadAll(response.Body)
			answered <- string(body)
		}()
		synctest.Wait()

		stop()
		close(stopping)
		synctest.Wait()
		if _, err := p.dial(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("a stopping server took a new connection: %v", err)
		}
		if got := <-answered; got != "<nil>" {
			t.Errorf("the request in flight got %q, want an answer under a living context", got)
		}
		if err := <-ended; err != nil {
			t.Errorf("ended with %v", err)
		}
	})
}

func TestStopCutsOffWhatNeverEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, stop, ended := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			<-r.Context().Done()
		}))
		conn, err := p.dial()
		if err != nil {
			t.Fatal(err)
		}
		go talk(conn, plainGet)
		synctest.Wait()

		start := time.Now()
		stop()
		if err := <-ended; !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("ended with %v", err)
		}
		if took := time.Since(start); took < 10*time.Second || took > 20*time.Second {
			t.Errorf("waited %v", took)
		}
	})
}

func TestStopClosesSockets(t *testing.T) {
	sockets := &web.Sockets{}
	h := newEdge(t, web.Config{GraphQL: http.HandlerFunc(echo), Sockets: sockets}, &journal{})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- web.ServeListener(ctx, listener, h, slog.New(slog.DiscardHandler), sockets.Close) }()

	conn, _, err := websocket.Dial(t.Context(), "ws://"+listener.Addr().String()+"/graphql", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	if _, _, err := conn.Read(t.Context()); err != nil {
		t.Fatal(err)
	}

	stop()
	if _, _, err := conn.Read(t.Context()); websocket.CloseStatus(err) != websocket.StatusGoingAway {
		t.Errorf("the socket ended with %v", err)
	}
	if err := <-ended; err != nil {
		t.Errorf("ended with %v", err)
	}
}

func TestStopWaitsForItsFunctions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		finished := false
		_, stop, ended := serve(t, http.NotFoundHandler(), func(context.Context) {
			time.Sleep(3 * time.Second) //nolint:forbidigo // on synctest's clock, which waits for nobody
			finished = true
		})
		stop()
		if err := <-ended; err != nil || !finished {
			t.Errorf("ended with %v, function finished: %v", err, finished)
		}
	})
}

// exhausted is a listener that once has no descriptor left.
type exhausted struct {
	*pipes
	failed bool
}

func (e *exhausted) Accept() (net.Conn, error) {
	if e.failed {
		return e.pipes.Accept()
	}
	e.failed = true
	return nil, syscall.EMFILE
}

func TestServerLogNamesNoCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &journal{}
		p := newPipes()
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			ended <- web.ServeListener(ctx, &exhausted{pipes: p}, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
				panic("Tremblay")
			}), slog.New(slog.NewTextHandler(log, nil)))
		}()
		conn, err := p.dial()
		if err != nil {
			t.Fatal(err)
		}
		talk(conn, plainGet)
		stop()
		<-ended
		if text := log.String(); !strings.Contains(text, "too many open files") || strings.Contains(text, "Tremblay") {
			t.Errorf("the log says %s", text)
		}
	})
}

func TestServeReportsABadAddress(t *testing.T) {
	err := web.Serve(t.Context(), "127.0.0.1:-1", http.NotFoundHandler(), slog.New(slog.DiscardHandler))
	if err == nil {
		t.Error("served on a port that cannot be")
	}
}
