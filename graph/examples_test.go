package graph_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// GraphiQL's examples, in their order on the demo: each is answered without an error to
// whom it names, or is a subscription that the browser test runs.
func TestExamples_AreAnswered(t *testing.T) {
	text, err := os.ReadFile("../web/src/examples.graphql")
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(string(text), "## ")[1:]
	if len(parts) < 10 {
		t.Fatalf("%d examples", len(parts))
	}
	eachHouse(t, func(t *testing.T, h *house) {
		for _, part := range parts {
			title, _, _ := strings.Cut(part, "\n")
			who := "bob"
			if strings.Contains(part, "# As Ben") {
				who = "ben"
			}
			if strings.Contains(part, "\nsubscription ") {
				continue
			}
			a := h.must(who, "# "+part, nil)
			answer, err := json.Marshal(a.Data)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(answer), `"code":`) {
				t.Errorf("%s: %s", title, answer)
			}
		}
	})
}
