package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"continuum/internal/storetest"
)

// Whoever asks for the same under many names has the database join no more than for a few.
func TestAlong_FewAtOnce(t *testing.T) {
	for _, engine := range storetest.Engines {
		t.Run(storetest.Name(engine), func(t *testing.T) {
			w := newRandomWorld(t, storetest.URL(t, engine), 1)
			var owners, nodes strings.Builder
			for i := range 6 {
				fmt.Fprintf(&owners, " o%d: owner{id}", i)
			}
			for i := range 6 {
				fmt.Fprintf(&nodes, " n%d: nodes{id%s}", i, owners.String())
			}
			profile := w.some("ann", "prof")
			for _, text := range []string{
				`{profile(id:"` + profile + `"){records{` + nodes.String() + `}}}`,
				`{record(id:"` + w.some("ann", "rec") + `"){id` + owners.String() + `}}`,
			} {
				o := operation{who: "ann", text: text}
				fell := w.fell
				reference, served := w.answer(w.alone, o), w.answer(w.served, o)
				if diff := difference(reference, served); diff != "" || w.fell != fell || strings.Contains(served.body, `"errors"`) {
					t.Errorf("%s: %s; left to the resolvers: %v; %.300s", text, diff, w.fell != fell, served.body)
				}
				if slices.ContainsFunc(served.statements, func(s string) bool { return strings.Count(s, "LEFT JOIN") > 8 }) {
					t.Errorf("%s: one statement joins more than a few", text)
				}
			}
		})
	}
}
