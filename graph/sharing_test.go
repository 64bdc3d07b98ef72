package graph_test

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"continuum/internal/storetest"
)

// The guide follows a couple's record from the clinic to the school: a share to a service,
// a transfer to another workspace. Each of its queries is answered as it shows, on both engines.
func TestSharingGuide_AnswersAsShown(t *testing.T) {
	text, err := os.ReadFile("../docs/sharing.md")
	if err != nil {
		t.Fatal(err)
	}
	parts := regexp.MustCompile("(?s)As \\*\\*(\\w+)\\*\\*|```graphql\n(.*?)```\n+```json\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	for _, engine := range storetest.Engines {
		t.Run(storetest.Name(engine), func(t *testing.T) {
			h, who, asked := demoHouse(t, storetest.URL(t, engine)), "", 0
			for _, part := range parts {
				if part[1] != "" {
					who = strings.ToLower(part[1])
					continue
				}
				asked++
				var want struct {
					Data any `json:"data"`
				}
				if err := json.Unmarshal([]byte(part[3]), &want); err != nil {
					t.Fatalf("step %d shows no answer: %v", asked, err)
				}
				if diff := cmp.Diff(want.Data, h.must(who, part[2], nil).Data); diff != "" {
					t.Errorf("%s asks %s\n%s", who, part[2], diff)
				}
			}
			if asked < 12 {
				t.Errorf("the guide asks %d times", asked)
			}
		})
	}
}
