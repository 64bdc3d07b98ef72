package graph_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"continuum/internal/storetest"
)

// patience is how long a test waits for a message that must come.
const patience = 20 * time.Second

// wire is a WebSocket that speaks graphql-transport-ws.
type wire struct {
	t     *testing.T
	conn  *websocket.Conn
	turns int // changes that were made until the server followed
}

// message is what goes over a wire.
type message struct {
	ID      string `json:"id,omitempty"`
	Type    string `json:"type"`
	Payload any    `json:"payload,omitempty"`
}

// dial opens a wire on which nobody has signed in.
func (h *house) dial(t *testing.T) *wire {
	t.Helper()
	return h.dialWith(t, nil)
}

// dialWith opens a wire with headers, for the subprotocols given or else for ours.
func (h *house) dialWith(t *testing.T, header http.Header, subprotocols ...string) *wire {
	t.Helper()
	if subprotocols == nil {
		subprotocols = []string{"graphql-transport-ws"}
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	conn, response, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(h.url, "http"),
		&websocket.DialOptions{Subprotocols: subprotocols, HTTPHeader: header})
	if err != nil {
		t.Fatal(err)
	}
	if response.Body != nil {
		_ = response.Body.Close()
	}
	t.Cleanup(func() { _ = conn.CloseNow() })
	return &wire{t: t, conn: conn}
}

// open dials and signs in.
func (h *house) open(t *testing.T, who string) *wire {
	t.Helper()
	w := h.dial(t)
	w.init(h.keys[who])
	return w
}

// init signs in.
func (w *wire) init(token string) {
	w.t.Helper()
	w.send(message{Type: "connection_init", Payload: vars{"Authorization": "Bearer " + token}})
	if m := w.next(); m.Type != "connection_ack" {
		w.t.Fatalf("the sign-in gave %v", m)
	}
}

func (w *wire) send(m message) {
	w.t.Helper()
	text, err := json.Marshal(m)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.conn.Write(w.t.Context(), websocket.MessageText, text); err != nil {
		w.t.Fatal(err)
	}
}

// next waits for a message, answering the pings between.
func (w *wire) next() message {
	w.t.Helper()
	m, err := w.read()
	if err != nil {
		w.t.Fatal(err)
	}
	return m
}

func (w *wire) read() (message, error) {
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	for {
		_, text, err := w.conn.Read(ctx)
		if err != nil {
			return message{}, err
		}
		var m message
		if err := json.Unmarshal(text, &m); err != nil {
			return message{}, err
		}
		if m.Type != "ping" {
			return m, nil
		}
		w.send(message{Type: "pong"})
	}
}

// subscribe follows something, and waits until the server does.
func (w *wire) subscribe(id, query string, v vars) {
	w.t.Helper()
	w.send(message{ID: id, Type: "subscribe", Payload: vars{"query": query, "variables": v}})
}

// closed waits for the end of the wire, and tells its code.
func (w *wire) closed() websocket.StatusCode {
	w.t.Helper()
	for {
		if _, err := w.read(); err != nil {
			var closing websocket.CloseError
			if !errors.As(err, &closing) {
				w.t.Fatalf("the socket broke: %v", err)
			}
			return closing.Code
		}
	}
}

// quiet proves that nothing more comes: what is asked next is answered next.
func (w *wire) quiet() {
	w.t.Helper()
	w.subscribe("quiet", `{__typename}`, nil)
	if m := w.next(); m.ID != "quiet" || m.Type != "next" {
		w.t.Errorf("something came after the end: %v", m)
	}
	if m := w.next(); m.ID != "quiet" || m.Type != "complete" {
		w.t.Errorf("something came after the end: %v", m)
	}
}

// However a socket signs in, it acts in the workspace that it names, or not at all.
func TestSocket_NamesItsWorkspace(t *testing.T) {
	h := demoHouse(t, storetest.URL(t, storetest.Engines[0]))
	bearer := "Bearer " + h.keys["ann"]
	own := h.must("ann", `{viewer{workspace{id}}}`, nil).text("viewer.workspace.id")
	for name, c := range map[string]struct {
		header http.Header
		says   vars
		opens  bool
	}{
		"its own":                           {nil, vars{"Authorization": bearer, "x-workspace": own}, true},
		"another":                           {nil, vars{"Authorization": bearer, "X-Workspace": "ws_other"}, false},
		"two":                               {nil, vars{"Authorization": bearer, "X-Workspace": own, "x-workspace": "ws_other"}, false},
		"no name":                           {nil, vars{"Authorization": bearer, "X-Workspace": 7}, false},
		"another, by the upgrade":           {http.Header{"X-Workspace": {"ws_other"}}, vars{"Authorization": bearer}, false},
		"its own, after a sign-in before":   {http.Header{"Authorization": {bearer}}, vars{"X-Workspace": own}, true},
		"another, after a sign-in before":   {http.Header{"Authorization": {bearer}}, vars{"X-Workspace": "ws_other"}, false},
		"another than the upgrade did":      {http.Header{"Authorization": {bearer}, "X-Workspace": {own}}, vars{"X-Workspace": "ws_other"}, false},
		"nothing after a sign-in before it": {http.Header{"Authorization": {bearer}}, vars{}, true},
	} {
		t.Run(name, func(t *testing.T) {
			w := h.dialWith(t, c.header)
			w.send(message{Type: "connection_init", Payload: c.says})
			if c.opens {
				if m := w.next(); m.Type != "connection_ack" {
					t.Errorf("got %v", m)
				}
			} else if code := w.closed(); code != 4403 {
				t.Errorf("closed with %d", code)
			}
		})
	}
}
