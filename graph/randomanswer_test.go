package graph_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
)

// difference tells where two answers to one operation part; nothing where they are the same to the byte. Errors may
// stand in another order: resolvers run beside each other.
func difference(reference, served asked) string {
	switch {
	case reference.status != served.status || reference.kind != served.kind:
		return fmt.Sprintf("the status is %d %s, not %d %s", served.status, served.kind, reference.status, reference.kind)
	case reference.body == served.body:
		return ""
	}
	want, got := apart(reference.body), apart(served.body)
	for _, part := range []string{"", "data", "errors", "extensions"} {
		if want[part] != got[part] {
			return part + " " + parting(want[part], got[part])
		}
	}
	return ""
}

// mostErrors is how many errors an answer tells; of more it is left to chance which.
const mostErrors = 10

// apart takes an answer to pieces, its errors in an order of their own. What does not have the form of an answer is one
// piece.
func apart(body string) map[string]string {
	var parts struct {
		Errors     []json.RawMessage
		Data       json.RawMessage
		Extensions json.RawMessage
	}
	if err := json.Unmarshal([]byte(body), &parts); err != nil {
		return map[string]string{"": body}
	}
	errors := make([]string, len(parts.Errors))
	for i, e := range parts.Errors {
		errors[i] = string(e)
	}
	slices.Sort(errors)
	if len(errors) == mostErrors {
		errors = errors[:0]
	}
	return map[string]string{"data": string(parts.Data), "errors": strings.Join(errors, "\n"), "extensions": string(parts.Extensions)}
}

// parting shows two texts around where they part.
func parting(want, got string) string {
	at := 0
	for at < len(want) && at < len(got) && want[at] == got[at] {
		at++
	}
	around := func(text string) string { return text[max(0, at-200):min(len(text), at+200)] }
	return fmt.Sprintf("part at byte %d:\nreference ...%s...\nserved    ...%s...", at, around(want), around(got))
}

// coverage counts the fields that were answered, and not with null.
type coverage map[string]int

// follow walks an answer beside its operation: it counts what was answered, and hands out each cursor.
func (c coverage) follow(sdl *ast.Schema, o operation, came asked, cursor func(connection, cursor string)) {
	var body struct{ Data map[string]any }
	if json.Unmarshal([]byte(came.body), &body) != nil || len(body.Data) == 0 {
		return
	}
	doc, err := parser.ParseQuery(&ast.Source{Input: o.text})
	if err != nil {
		return
	}
	validator.Walk(sdl, doc, &validator.Events{}) // which says of each field what it is
	c.walk(doc.Operations[0].SelectionSet, body.Data, "", cursor)
}

func (c coverage) walk(set ast.SelectionSet, object map[string]any, connection string, cursor func(connection, cursor string)) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.InlineFragment:
			c.walk(s.SelectionSet, object, connection, cursor)
		case *ast.FragmentSpread:
			c.walk(s.Definition.SelectionSet, object, connection, cursor)
		case *ast.Field:
			c.field(s, object[s.Alias], connection, cursor)
		}
	}
}

func (c coverage) field(f *ast.Field, value any, connection string, cursor func(connection, cursor string)) {
	if value == nil {
		return
	}
	c[f.ObjectDefinition.Name+"."+f.Name]++
	if f.Definition == nil {
		return
	}
	if kind := f.Definition.Type.Name(); strings.HasSuffix(kind, "Connection") {
		connection = kind
	}
	switch v := value.(type) {
	case string:
		if f.Name == "cursor" || f.Name == "startCursor" || f.Name == "endCursor" {
			cursor(connection, v)
		}
	case map[string]any:
		c.walk(f.SelectionSet, v, connection, cursor)
	case []any:
		for _, row := range v {
			if object, ok := row.(map[string]any); ok {
				c.walk(f.SelectionSet, object, connection, cursor)
			}
		}
	}
}

// report tells of each field that a query can reach whether it was answered.
func (c coverage) report(sdl *ast.Schema) (reached int, missed []string) {
	queue, seen := []*ast.Definition{sdl.Query}, map[string]bool{"Query": true}
	for len(queue) > 0 {
		of := queue[0]
		queue = queue[1:]
		for _, f := range of.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			if c[of.Name+"."+f.Name] > 0 {
				reached++
			} else if of.Kind == ast.Object {
				missed = append(missed, of.Name+"."+f.Name)
			}
			for _, next := range append(slices.Clone(sdl.GetPossibleTypes(sdl.Types[f.Type.Name()])), sdl.Types[f.Type.Name()]) {
				if next != nil && !seen[next.Name] && !next.IsLeafType() {
					seen[next.Name] = true
					queue = append(queue, next)
				}
			}
		}
	}
	return reached, missed
}

// misspelt changes one letter in what a handler answers, as a fast path that is wrong would.
func misspelt(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(misspeller{w}, r)
	})
}

type misspeller struct{ http.ResponseWriter }

func (m misspeller) Write(text []byte) (int, error) {
	return m.ResponseWriter.Write([]byte(strings.Replace(string(text), "a", "b", 1)))
}

// codes counts the errors of an answer by their code.
func codes(body string, into map[string]int) {
	var parts struct{ Errors []failure }
	if json.Unmarshal([]byte(body), &parts) != nil {
		into["no JSON"]++
		return
	}
	told := map[string]bool{}
	for _, e := range parts.Errors {
		told[fmt.Sprint(e.Extensions["code"])] = true
	}
	for code := range maps.Keys(told) {
		into[code]++
	}
}
