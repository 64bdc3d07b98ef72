//go:build faults

package faults_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// opsSocket is a WebSocket that speaks graphql-transport-ws, signed in.
type opsSocket struct {
	t    *testing.T
	conn *websocket.Conn
}

type opsMessage struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

func (s *opsServer) socket(token string) *opsSocket {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), opsPatience)
	defer cancel()
	conn, answer, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(s.url, "http")+"/graphql",
		&websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		s.t.Fatal(err)
	}
	if answer.Body != nil {
		answer.Body.Close()
	}
	s.t.Cleanup(func() { _ = conn.CloseNow() })
	w := &opsSocket{t: s.t, conn: conn}
	w.send("", "connection_init", opsVars{"Authorization": "Bearer " + token})
	if m, err := w.next(); err != nil || m.Type != "connection_ack" {
		s.t.Fatalf("sign-in over a socket: %v %v", m, err)
	}
	return w
}

func (w *opsSocket) send(id, kind string, payload any) {
	w.t.Helper()
	raw, err := json.Marshal(payload)
	if err != nil {
		w.t.Fatal(err)
	}
	text, err := json.Marshal(opsMessage{ID: id, Type: kind, Payload: raw})
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.conn.Write(w.t.Context(), websocket.MessageText, text); err != nil {
		w.t.Fatal(err)
	}
}

func (w *opsSocket) subscribe(id, query string, vars opsVars) {
	w.t.Helper()
	w.send(id, "subscribe", opsVars{"query": query, "variables": vars})
}

// next waits for a message that is not a ping.
func (w *opsSocket) next() (m opsMessage, err error) {
	ctx, cancel := context.WithTimeout(w.t.Context(), opsPatience)
	defer cancel()
	for {
		_, text, err := w.conn.Read(ctx)
		if err != nil {
			return opsMessage{}, err
		}
		m = opsMessage{}
		if err := json.Unmarshal(text, &m); err != nil {
			return opsMessage{}, err
		}
		if m.Type != "ping" {
			return m, nil
		}
		w.send("", "pong", nil)
	}
}

// until waits for a message of a subscription with this text in it.
func (w *opsSocket) until(id, text string) {
	w.t.Helper()
	for {
		m, err := w.next()
		if err != nil {
			w.t.Fatalf("waiting for %s: %v", text, err)
		}
		if m.ID == id && strings.Contains(string(m.Payload), text) {
			return
		}
	}
}

// closed waits for the end of the socket, and tells its code.
func (w *opsSocket) closed() websocket.StatusCode {
	w.t.Helper()
	for {
		if _, err := w.next(); err != nil {
			var closing websocket.CloseError
			if !errors.As(err, &closing) {
				w.t.Fatalf("the socket broke: %v", err)
			}
			return closing.Code
		}
	}
}
