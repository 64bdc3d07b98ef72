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

// socket is a WebSocket that speaks graphql-transport-ws, signed in.
type socket struct {
	t    *testing.T
	conn *websocket.Conn
}

type message struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// socket opens a WebSocket, and signs in.
func (s *server) socket(token string) *socket {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
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
	w := &socket{t: s.t, conn: conn}
	w.send("", "connection_init", variables{"Authorization": "Bearer " + token})
	if m, err := w.next(); err != nil || m.Type != "connection_ack" {
		s.t.Fatalf("sign-in over a socket: %v %v", m, err)
	}
	return w
}

func (w *socket) send(id, kind string, payload any) {
	w.t.Helper()
	raw, err := json.Marshal(payload)
	if err != nil {
		w.t.Fatal(err)
	}
	text, err := json.Marshal(message{ID: id, Type: kind, Payload: raw})
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.conn.Write(w.t.Context(), websocket.MessageText, text); err != nil {
		w.t.Fatal(err)
	}
}

func (w *socket) subscribe(id, query string, vars variables) {
	w.t.Helper()
	w.send(id, "subscribe", variables{"query": query, "variables": vars})
}

// next waits for a message that is not a ping.
func (w *socket) next() (m message, err error) {
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	for {
		_, text, err := w.conn.Read(ctx)
		if err != nil {
			return message{}, err
		}
		m = message{}
		if err := json.Unmarshal(text, &m); err != nil {
			return message{}, err
		}
		if m.Type != "ping" {
			return m, nil
		}
		w.send("", "pong", nil)
	}
}

// until waits for a message of a subscription with this text in it.
func (w *socket) until(id, text string) {
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
func (w *socket) closed() websocket.StatusCode {
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
