package graph_test

import (
	"encoding/json"
	"os"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The README shows one query and its answer: it is what Bob is answered, in eight
// statements at most.
func TestReadme_AnswersAsShown(t *testing.T) {
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	query := regexp.MustCompile("(?s)```graphql\n(.*?)```").FindSubmatch(text)
	shown := regexp.MustCompile("(?s)```json\n(.*?)```").FindSubmatch(text)
	if query == nil || shown == nil {
		t.Fatal("the README shows no query or no answer")
	}
	var want struct {
		Data any `json:"data"`
	}
	if err := json.Unmarshal(shown[1], &want); err != nil {
		t.Fatal(err)
	}
	eachHouse(t, func(t *testing.T, h *house) {
		a := h.must("bob", string(query[1]), nil)
		if diff := cmp.Diff(want.Data, a.Data); diff != "" {
			t.Error(diff)
		}
		if n := len(h.spent.statements); n > 8 {
			t.Errorf("%d statements", n)
		}
	})
}
