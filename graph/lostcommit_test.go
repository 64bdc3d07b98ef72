package graph_test

import (
	"testing"

	"entgo.io/ent/dialect"

	"continuum/internal/storetest"
)

// Whoever loses the answer of a COMMIT is told so, and finds out by sending the same key again: the change is there once,
// whether the database had heard the word or not.
func TestLostCommit_TheKeySortsItOut(t *testing.T) {
	for name, heard := range map[string]bool{"lost on the way there": false, "lost on the way back": true} {
		t.Run(name, func(t *testing.T) {
			url := storetest.URL(t, dialect.Postgres)
			data, cable := storetest.OpenBehind(t, url)
			h := houseOver(t, url, data)
			h.settle()
			h.must("ann", `{viewer{professional{name}}}`, nil) // that the key was used is noted, by a COMMIT of its own
			cable.Break("COMMIT", heard)
			lost := h.keyed("ann", "k", newcomer, vars{"g": "Max"})
			if lost.code() != "UNAVAILABLE" || lost.Errors[0].Extensions["retryAfter"] != 1.0 || lost.at("createProfile") != nil {
				t.Fatalf("the loss is told as %s", lost.body)
			}
			found := h.must("ann", `{profiles(filter:{namePrefix:"roy max"}){nodes{id}}}`, nil)
			again := h.keyed("ann", "k", newcomer, vars{"g": "Max"})
			id := again.text("createProfile.profile.id")
			if before, _ := found.at("profiles.nodes.0.id").(string); heard != (before == id) {
				t.Errorf("found %s, and the retry gets %s", found.body, again.body)
			}
			if n := h.must("ann", `{profiles(filter:{namePrefix:"roy max"}){totalCount}}`, nil).number("profiles.totalCount"); n != 1 {
				t.Errorf("%d effects", n)
			}
		})
	}
}
