package seed_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"continuum/graph"
	"continuum/internal/access"
	"continuum/internal/practice"
	"continuum/internal/store"
	"continuum/internal/storetest"
)

// The README shows a query over the demo and its answer. It is the answer.
func TestDemo_AnswersTheReadme(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	query, answer := block(t, readme, "graphql"), block(t, readme, "json")
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		cast := demo(t, s)
		body, err := json.Marshal(map[string]string{"query": query})
		if err != nil {
			t.Fatal(err)
		}
		ctx := access.WithViewer(t.Context(), viewer(t, s, cast, "school", "Bob"))
		request := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", bytes.NewReader(body))
		request.Header.Set("Content-Type", "application/json")
		recorder := httptest.NewRecorder()
		graph.New(graph.Config{
			Practice: practice.New(s), Store: s, Log: slog.New(slog.DiscardHandler),
			RequestID: func(context.Context) string { return "" },
		}).ServeHTTP(recorder, request)
		if diff := cmp.Diff(decoded(t, answer), decoded(t, recorder.Body.String())); diff != "" {
			t.Error(diff)
		}
	})
}

// block is the first block of a language in a text of Markdown.
func block(t *testing.T, text []byte, language string) string {
	t.Helper()
	_, rest, found := strings.Cut(string(text), "```"+language+"\n")
	inside, _, closed := strings.Cut(rest, "```")
	if !found || !closed {
		t.Fatalf("there is no block of %s", language)
	}
	return inside
}

func decoded(t *testing.T, text string) (value any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return value
}
