package main_test

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"continuum/graph/exec"
)

// TestResolved_EveryFieldIsKnown looks at every field that a query can reach: each stands in the struct behind its
// object, or its resolver is known.
func TestResolved_EveryFieldIsKnown(t *testing.T) {
	sdl := exec.NewExecutableSchema(exec.Config{}).Schema()
	reached := map[string]bool{}
	var look func(definition *ast.Definition)
	look = func(definition *ast.Definition) {
		if reached[definition.Name] {
			return
		}
		reached[definition.Name] = true
		if definition.IsAbstractType() {
			for _, one := range sdl.GetPossibleTypes(definition) {
				look(one)
			}
			return
		}
		for _, f := range definition.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			look(sdl.Types[f.Type.Name()])
			_, plain := exec.PlainField(definition.Name, f.Name)
			_, inner := exec.InnerField(definition.Name, f.Name)
			_, resolved := exec.ResolvedField(definition.Name, f.Name)
			if !plain && !inner && !resolved {
				t.Errorf("nothing is known of %s.%s", definition.Name, f.Name)
			}
		}
	}
	look(sdl.Query)
	if len(reached) < 60 {
		t.Errorf("only %d types were reached", len(reached))
	}
	if reached["CreateProfilePayload"] {
		t.Error("a query reached what a mutation gives")
	}
	if _, known := exec.ResolvedField("TransferRecordPayload", "consentMissing"); known {
		t.Error("a field that no query reaches is known")
	}
}
