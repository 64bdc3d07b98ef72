package graph_test

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
)

// coverage counts the fields that were answered, and not with null.
type coverage map[string]int

// follow walks an answer beside its operation: it counts what was answered, and hands out each cursor.
func (c coverage) follow(sdl *ast.Schema, o operation, came asked, cursor func(connection, cursor string)) {
	var body struct{ Data map[string]any }
	if json.Unmarshal([]byte(came.body), &body) != nil || len(body.Data) == 0 {
		return
	}
	if doc := understood(sdl, o); doc != nil {
		c.walk(doc.Operations[0].SelectionSet, body.Data, "", cursor)
	}
}

// understood is the document of an operation, whose fields know what they are of; none where it is no document.
func understood(sdl *ast.Schema, o operation) *ast.QueryDocument {
	doc, err := parser.ParseQuery(&ast.Source{Input: o.text})
	if err != nil {
		return nil
	}
	validator.Walk(sdl, doc, &validator.Events{})
	return doc
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
