package web

import (
	"encoding/json"
	"net/http"

	"continuum/internal/media"
)

// answerError refuses a request in the form that GraphQL clients read. The extra extensions come as name, value pairs.
func answerError(w http.ResponseWriter, r *http.Request, status int, code, message string, extensions ...string) {
	extra := map[string]string{"code": code}
	for i := 0; i+1 < len(extensions); i += 2 {
		extra[extensions[i]] = extensions[i+1]
	}
	type graphQLError struct {
		Message    string            `json:"message"`
		Extensions map[string]string `json:"extensions"`
	}
	body, err := json.Marshal(map[string][]graphQLError{"errors": {{message, extra}}})
	if err != nil {
		panic(err) // strings always marshal
	}

	w.Header().Set("Content-Type", media.Accepted(r.Header.Values("Accept")).ErrorKind()+"; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that has gone hears nothing
}

// answerText answers in one line for people and probes.
func answerText(w http.ResponseWriter, status int, line string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(line + "\n")) // a client that has gone hears nothing
}
