package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"continuum/internal/media"
)

// guard lets a request through only in one of three forms: a POST of one JSON object, a GET, or a WebSocket upgrade.
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isUpgrade(r) && media.Accepted(r.Header.Values("Accept")).None() {
			answerError(w, r, http.StatusNotAcceptable, "BAD_REQUEST",
				"accept application/graphql-response+json, application/json or text/event-stream")
			return
		}
		switch r.Method {
		case http.MethodGet:
			next.ServeHTTP(w, r)
		case http.MethodPost:
			body, refused := readObject(w, r)
			if refused != nil {
				answerError(w, r, refused.status, "BAD_REQUEST", refused.message)
				return
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			r.ContentLength = int64(len(body))
			next.ServeHTTP(w, r)
		default:
			w.Header().Set("Allow", "GET, POST")
			answerError(w, r, http.StatusMethodNotAllowed, "BAD_REQUEST", "use POST, or GET for queries")
		}
	})
}

type refusal struct {
	status  int
	message string
}

// readObject reads the body of a POST, or says why it is not one JSON object.
func readObject(w http.ResponseWriter, r *http.Request) ([]byte, *refusal) {
	if !isPlainJSON(r.Header) {
		return nil, &refusal{http.StatusUnsupportedMediaType, "send Content-Type: application/json in UTF-8, not compressed"}
	}

	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return nil, &refusal{http.StatusRequestEntityTooLarge, "the request is larger than 256 kB"}
	}
	if err != nil {
		return nil, &refusal{http.StatusBadRequest, "the request ended too early"}
	}

	// encoding/json replaces bytes that are not UTF-8 instead of refusing them.
	if !utf8.Valid(body) {
		return nil, &refusal{http.StatusBadRequest, "the request is not UTF-8"}
	}
	start := bytes.TrimLeft(body, " \t\r\n")
	if bytes.HasPrefix(start, []byte("[")) {
		return nil, &refusal{http.StatusBadRequest, "send one operation per request, not a list"}
	}
	// Valid wants exactly one value, with nothing after it.
	if !bytes.HasPrefix(start, []byte("{")) || !json.Valid(body) {
		return nil, &refusal{http.StatusBadRequest, "the request is not one JSON object"}
	}
	return body, nil
}

// isPlainJSON accepts application/json and nothing else. A form or plain text could be sent by any page of any site
// without asking first, so this is also a wall against forged requests.
func isPlainJSON(h http.Header) bool {
	types := h.Values("Content-Type")
	if len(types) != 1 || h.Get("Content-Encoding") != "" {
		return false
	}
	kind, parameters, err := mime.ParseMediaType(types[0])
	if err != nil || kind != "application/json" {
		return false
	}
	charset, named := parameters["charset"]
	return !named || strings.EqualFold(charset, "utf-8")
}

// isUpgrade reports whether the request asks for a WebSocket. It is stricter than the GraphQL handler's own test
// (Connection counts for nothing there), so what passes here without a key can only end as a socket there.
func isUpgrade(r *http.Request) bool {
	return r.Method == http.MethodGet &&
		strings.EqualFold(r.Header.Get("Upgrade"), "websocket") &&
		names(r.Header, "Connection", "upgrade")
}

// names reports whether a header that holds a list holds the word.
func names(h http.Header, header, word string) bool {
	for _, list := range h.Values(header) {
		for item := range strings.SplitSeq(list, ",") {
			if strings.EqualFold(strings.TrimSpace(item), word) {
				return true
			}
		}
	}
	return false
}
