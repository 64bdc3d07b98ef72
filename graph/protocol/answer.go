package protocol

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"continuum/internal/media"
	"continuum/internal/practice"
)

const (
	maxErrors  = 10  // that an answer tells of
	maxMessage = 300 // letters of an error
)

// few cuts what is told of failures to what a person reads. However an error leaves the
// server, it has come through here.
func few(failures gqlerror.List) gqlerror.List {
	shown := make(gqlerror.List, 0, min(len(failures), maxErrors))
	for _, failure := range failures[:min(len(failures), maxErrors)] {
		if letters := []rune(failure.Message); len(letters) > maxMessage {
			short := *failure
			short.Message = string(letters[:maxMessage-1]) + "…"
			failure = &short
		}
		shown = append(shown, failure)
	}
	return shown
}

// encode writes a response as JSON in one line. Its data is JSON already, and is left
// out when the request has not run.
func encode(response *graphql.Response) []byte {
	body := []byte{'{'}
	add := func(name string, value []byte) {
		if len(body) > 1 {
			body = append(body, ',')
		}
		body = append(append(append(body, '"'), name...), `":`...)
		body = append(body, value...)
	}
	if failures := few(response.Errors); len(failures) > 0 {
		add("errors", marshal(failures))
	}
	if response.Data != nil {
		// No string of JSON holds a bare line feed, so this changes nothing but spaces.
		add("data", bytes.ReplaceAll(response.Data, []byte("\n"), []byte(" ")))
	}
	if len(response.Extensions) > 0 {
		add("extensions", marshal(response.Extensions))
	}
	return append(body, '}')
}

func marshal(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // messages, paths, codes and counts always marshal
	}
	return text
}

// ran says whether a response is that of an operation, and no refusal.
func ran(response *graphql.Response) bool { return response.Data != nil || len(response.Errors) == 0 }

// statusOf is the status of a response. What could not run is told by the status to
// clients that know the newer kind of answer, and by its errors alone to all others;
// what another try may mend, and what is no request at all, is told to everyone.
func statusOf(response *graphql.Response, kind string, header http.Header) int {
	if ran(response) {
		return http.StatusOK
	}
	for _, failure := range response.Errors {
		switch failure.Extensions["code"] {
		case string(practice.CodeRateLimited):
			if after := failure.Extensions["retryAfter"]; after != nil {
				header.Set("Retry-After", fmt.Sprint(after))
			}
			return http.StatusTooManyRequests
		case string(practice.CodeUnavailable):
			header.Set("Retry-After", "1")
			return http.StatusServiceUnavailable
		case string(practice.CodeUnauthenticated):
			header.Set("WWW-Authenticate", "Bearer")
			return http.StatusUnauthorized
		case "INTERNAL":
			return http.StatusInternalServerError
		case "BAD_REQUEST":
			return http.StatusBadRequest
		}
	}
	if kind == media.Newer {
		return http.StatusBadRequest
	}
	return http.StatusOK
}

// write answers with one response.
func write(w http.ResponseWriter, kind string, response *graphql.Response) {
	status := statusOf(response, kind, w.Header())
	w.Header().Set("Content-Type", kind+"; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(encode(response)) // a client that has gone needs no answer
}
