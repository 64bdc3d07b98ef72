package protocol

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/coder/websocket"
)

// subprotocol is the only one spoken; the older one has no way to refuse a sign-in.
const subprotocol = "graphql-transport-ws"

// Codes that close a socket: those of graphql-transport-ws, and the general one of a
// server that will soon be back.
const (
	closeBadMessage    websocket.StatusCode = 4400
	closeUnauthorized  websocket.StatusCode = 4401
	closeForbidden     websocket.StatusCode = 4403
	closeNoSubprotocol websocket.StatusCode = 4406
	closeInitTimeout   websocket.StatusCode = 4408
	closeIDTaken       websocket.StatusCode = 4409
	closeTooMany       websocket.StatusCode = 4429
)

// message is what goes over a socket, either way.
type message struct {
	Type    string          `json:"type"`
	ID      string          `json:"id,omitempty"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// longestID is what the id of a subscription may have of letters.
const longestID = 128

// readMessage reads a message of a client; false when it is none.
func readMessage(kind websocket.MessageType, text []byte) (message, bool) {
	var m message
	if kind != websocket.MessageText || !utf8.Valid(text) || decode(text, &m) != nil {
		return m, false
	}
	switch m.Type {
	case "connection_init", "ping", "pong":
		return m, true
	case "subscribe", "complete":
		return m, m.ID != "" && len(m.ID) <= longestID
	default:
		return m, false
	}
}

// hello is what a client says of itself in its first message, as it would in headers.
type hello map[string]any

// readHello reads the payload of connection_init, if there is one.
func readHello(payload json.RawMessage) (h hello, ok bool) {
	return h, len(payload) == 0 || decode(payload, &h) == nil
}

// header returns what stands under a name, whose case means nothing.
func (h hello) header(name string) string {
	for key, value := range h {
		if text, ok := value.(string); ok && strings.EqualFold(key, name) {
			return text
		}
	}
	return ""
}

// workspace is the one that the first message names, or the upgrade does; two names, or
// what is no name, name none that exists.
func (h hello) workspace(upgrade http.Header) string {
	named := slices.Clone(upgrade.Values("X-Workspace"))
	for key, value := range h {
		text, ok := value.(string)
		switch {
		case !strings.EqualFold(key, "X-Workspace") || value == nil || ok && text == "":
		case ok:
			named = append(named, text)
		default:
			return "none"
		}
	}
	for _, name := range named {
		if name != named[0] {
			return "none"
		}
	}
	if len(named) == 0 {
		return ""
	}
	return named[0]
}
