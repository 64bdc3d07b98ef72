package graph_test

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// explore finds out which fields are answered by no resolver: it asks for each alone, on a way on which no other is left
// to them.
func (w *randomWorld) explore(sdl *ast.Schema) map[string]bool {
	w.t.Helper()
	answered := map[string]bool{}
	type way struct {
		of            *ast.Definition
		before, after string
	}
	known := map[string]bool{"Query": true}
	for queue := []way{{of: sdl.Query, before: "{", after: "}"}}; len(queue) > 0; queue = queue[1:] {
		from := queue[0]
		if from.of.IsAbstractType() {
			for _, possible := range sdl.GetPossibleTypes(from.of) {
				if !known[possible.Name] {
					known[possible.Name] = true
					queue = append(queue, way{possible, from.before + "...on " + possible.Name + "{", "}" + from.after})
				}
			}
		}
		for _, f := range from.of.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			of, set := sdl.Types[f.Type.Name()], ""
			if !of.IsLeafType() {
				set = "{__typename}"
			}
			called := f.Name + required(f)
			before := w.fell
			came := w.answer(w.served, operation{who: "ann", text: from.before + called + set + from.after})
			if strings.Contains(came.body, "GRAPHQL_VALIDATION_FAILED") {
				w.t.Fatalf("%s%s%s: %s", from.before, called+set, from.after, came.body)
			}
			if w.fell > before || strings.Contains(came.body, `"errors":`) {
				continue
			}
			answered[from.of.Name+"."+f.Name] = true
			if !of.IsLeafType() && !known[of.Name] {
				known[of.Name] = true
				queue = append(queue, way{of, from.before + called + "{", "}" + from.after})
			}
		}
	}
	return answered
}

// required are the arguments without which a field cannot be asked for; they name nothing.
func required(f *ast.FieldDefinition) string {
	var parts []string
	for _, a := range f.Arguments {
		switch {
		case !a.Type.NonNull || a.DefaultValue != nil:
		case a.Type.Elem != nil:
			parts = append(parts, a.Name+`:["x"]`)
		case a.Type.Name() == "ShareRecordInput":
			parts = append(parts, a.Name+`:{recordId:"x",granteeId:"x",level:READ}`)
		default:
			parts = append(parts, a.Name+`:"x"`)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "(" + strings.Join(parts, ",") + ")"
}

// leftOut are the fields that a query can reach and that are not in the set.
func leftOut(sdl *ast.Schema, answered map[string]bool) []string {
	_, missed := coverage{}.report(sdl)
	return slices.DeleteFunc(missed, func(field string) bool { return answered[field] })
}
