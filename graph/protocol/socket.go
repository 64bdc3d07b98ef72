package protocol

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"

	"continuum/internal/access"
)

const (
	initTime         = 5 * time.Second
	maxMessageBytes  = 256 << 10 // of a client's message, as of a body
	maxSubscriptions = 50        // of one socket, at a time
	maxUnsaid        = 50        // operations of one socket whose last word its client has not taken yet
)

// Socket is GraphQL over a WebSocket by graphql-transport-ws, signed in by its first
// message. Its Origin has been checked at the edge.
type Socket struct{ Config }

var _ graphql.Transport = Socket{}

// Supports takes every request that asks for a socket.
func (Socket) Supports(r *http.Request) bool { return asksForSocket(r) }

// Do serves a socket until it closes. The context of its request ends when the server
// stops, and not before.
func (t Socket) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		Subprotocols: []string{subprotocol}, InsecureSkipVerify: true,
	})
	if err != nil {
		return // Accept has answered
	}
	defer conn.CloseNow() //nolint:errcheck // closed already, unless something broke
	if conn.Subprotocol() != subprotocol {
		_ = conn.Close(closeNoSubprotocol, "Subprotocol not acceptable")
		return
	}
	conn.SetReadLimit(maxMessageBytes)
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(r.Context()))
	c := &connection{
		Config: t.Config, conn: conn, exec: exec, ctx: ctx, cancel: cancel, headers: r.Header,
		active: map[string]context.CancelFunc{}, places: make(chan struct{}, maxSubscriptions+maxUnsaid),
	}
	defer context.AfterFunc(r.Context(), func() { c.close(websocket.StatusServiceRestart, "Service restart") })()
	c.serve()
}

// connection is one socket.
type connection struct {
	Config
	conn    *websocket.Conn
	exec    graphql.GraphExecutor
	headers http.Header
	ctx     context.Context // of everything on the socket; signed in once it is acknowledged
	cancel  context.CancelCauseFunc
	running sync.WaitGroup
	places  chan struct{} // held by each operation until its last word is taken
	acked   bool          // only the reader looks

	mu     sync.Mutex
	active map[string]context.CancelFunc // by the ids that clients gave
}

// serve reads messages until the socket closes, and returns when all that ran on it has
// ended.
func (c *connection) serve() {
	defer c.running.Wait()
	defer c.cancel(nil)
	impatient := time.AfterFunc(initTime, func() { c.close(closeInitTimeout, "Connection initialisation timeout") })
	defer impatient.Stop()
	for {
		// A context that ends here would break the socket off, without a code.
		kind, text, err := c.conn.Read(context.WithoutCancel(c.ctx))
		if err != nil {
			return
		}
		m, ok := readMessage(kind, text)
		if !ok {
			c.close(closeBadMessage, "Invalid message")
			return
		}
		switch {
		case m.Type == "connection_init" && c.acked:
			c.close(closeTooMany, "Too many initialisation requests")
			return
		case m.Type == "connection_init":
			if !c.signIn(m) {
				return
			}
			impatient.Stop()
		case !c.hear(m):
			return
		}
	}
}

// hear takes any message but the first; false when it closed the socket.
func (c *connection) hear(m message) bool {
	switch {
	case m.Type == "ping":
		c.send(message{Type: "pong", Payload: m.Payload})
	case m.Type == "complete":
		c.mu.Lock()
		defer c.mu.Unlock()
		if cancel := c.active[m.ID]; cancel != nil {
			cancel()
		}
	case m.Type == "subscribe" && !c.acked:
		c.close(closeUnauthorized, "Unauthorized")
		return false
	case m.Type == "subscribe":
		return c.subscribe(m)
	}
	return true
}

// signIn signs in by the first message, as a header would: {"Authorization": "Bearer
// ck_..."}. An upgrade that carried the header is signed in already.
func (c *connection) signIn(m message) bool {
	said, ok := readHello(m.Payload)
	if !ok {
		c.close(closeBadMessage, "Invalid message")
		return false
	}
	asked := said.workspace(c.headers)
	if v := access.ViewerFrom(c.ctx); v != nil {
		if asked != "" && asked != v.WorkspaceID {
			c.close(closeForbidden, "Forbidden")
			return false
		}
	} else {
		token, bearer := strings.CutPrefix(said.header("Authorization"), "Bearer ")
		signed, ok, err := c.SignIn(access.InWorkspace(c.ctx, asked), token)
		switch {
		case errors.Is(err, access.ErrNoWorkspace):
			c.close(closeForbidden, "Forbidden")
			return false
		case err != nil:
			c.close(websocket.StatusTryAgainLater, "Try again in a moment")
			return false
		case !ok || !bearer:
			c.close(closeForbidden, "Forbidden")
			return false
		}
		c.ctx = signed
	}
	seated, room := c.Seat(c.ctx)
	if !room {
		c.close(closeTooMany, "Too many sockets")
		return false
	}
	c.acked = true
	c.ctx = context.WithValue(seated, lastingKey{}, true)
	c.watch()
	c.send(message{Type: "connection_ack"})
	return true
}

// watch closes the socket when its sign-in runs out, and when the other side is gone
// without a word.
func (c *connection) watch() {
	var expired <-chan time.Time
	if ends := access.ViewerFrom(c.ctx).ExpiresAt; ends != nil {
		expired = time.After(ends.Sub(access.Now(c.ctx)))
	}
	c.running.Go(func() {
		clock := time.NewTicker(keepAlive)
		defer clock.Stop()
		for {
			select {
			case <-c.ctx.Done():
				return
			case <-expired:
				c.close(closeForbidden, "The sign-in has expired")
				return
			case <-clock.C:
				ctx, cancel := context.WithTimeout(c.ctx, keepAlive)
				err := c.conn.Ping(ctx)
				cancel()
				if err != nil {
					c.cancel(err)
					_ = c.conn.CloseNow()
					return
				}
			}
		}
	})
}

// send writes a message. A client that does not take it in time has lost the socket.
func (c *connection) send(m message) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.ctx), writeTime)
	defer cancel()
	_ = c.conn.Write(ctx, websocket.MessageText, marshal(m)) // the reader sees that it broke
}

// close ends all that runs, and says goodbye.
func (c *connection) close(code websocket.StatusCode, reason string) {
	c.cancel(nil)
	_ = c.conn.Close(code, reason)
}
