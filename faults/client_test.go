//go:build faults

package faults_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
)

type variables = map[string]any

// question is an operation as a client posts it, under an idempotency key where it has one.
type question struct {
	token, key, query string
	variables         variables
}

// ask posts a question, and returns the status and the answer.
func ask(ctx context.Context, client *http.Client, url string, q question) (int, string, error) {
	body, err := json.Marshal(map[string]any{"query": q.query, "variables": q.variables})
	if err != nil {
		return 0, "", err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+q.token)
	if q.key != "" {
		r.Header.Set("Idempotency-Key", q.key)
	}
	answer, err := client.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return answer.StatusCode, string(text), err
}

// must asks, and finds a string in the answer.
func (s *server) must(token, query string, vars variables, pattern string) string {
	s.t.Helper()
	status, text, err := ask(s.t.Context(), http.DefaultClient, s.url, question{token: token, query: query, variables: vars})
	m := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if err != nil || status != http.StatusOK || m == nil {
		s.t.Fatalf("%s: %d %s %v", query, status, text, err)
	}
	return m[len(m)-1]
}
