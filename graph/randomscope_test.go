package graph_test

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// selection is a field, a fragment in its place, or the name of one.
type selection struct {
	parent     *ast.Definition
	field      *ast.FieldDefinition // none of a fragment
	alias      string
	arguments  string // with their brackets
	set        string // of a field whose selection was not drawn
	spread     *fragment
	condition  string
	directives string
	below      []*selection
}

// fragment is one with a name.
type fragment struct {
	name string
	on   string
	set  []*selection
}

// key is the name of a field in the answer.
func (x *selection) key() string {
	if x.alias != "" {
		return x.alias
	}
	return x.field.Name
}

// inside is what a fragment selects.
func (x *selection) inside() []*selection {
	if x.spread != nil {
		return x.spread.set
	}
	return x.below
}

func (x *selection) write(to *strings.Builder) {
	switch {
	case x.spread != nil:
		to.WriteString("..." + x.spread.name + x.directives)
		return
	case x.field == nil:
		to.WriteString("...")
		if x.condition != "" {
			to.WriteString(" on " + x.condition)
		}
		to.WriteString(x.directives)
	default:
		if x.alias != "" {
			to.WriteString(x.alias + ":")
		}
		to.WriteString(x.field.Name + x.arguments + x.directives + x.set)
	}
	writeSet(to, x.below)
}

func writeSet(to *strings.Builder, set []*selection) {
	if len(set) == 0 {
		return
	}
	to.WriteString("{")
	for i, x := range set {
		if i > 0 {
			to.WriteString(" ")
		}
		x.write(to)
	}
	to.WriteString("}")
}

// scope is what stands in one place of the answer, whichever selections put it there: by its name, what was asked for.
type scope map[string]*place

type place struct {
	claims []claim
	below  scope
}

// claim is a field that stands in a place of the answer.
type claim struct {
	parent                 *ast.Definition
	field, arguments, kind string
}

func (x *selection) claim() claim {
	return claim{x.parent, x.field.Name, x.arguments + x.set, x.field.Type.String()}
}

// agree says whether two fields may share a name: they are the same, or no object has both and both look alike.
func (c claim) agree(other claim) bool {
	apart := c.parent != other.parent && c.parent.Kind == ast.Object && other.parent.Kind == ast.Object
	return c.kind == other.kind && (apart || c.field == other.field && c.arguments == other.arguments)
}

// admits says whether the selection may stand in the scope beside what is there.
func (s scope) admits(x *selection) bool {
	if x.field == nil {
		return !slices.ContainsFunc(x.inside(), func(y *selection) bool { return !s.admits(y) })
	}
	there := s[x.key()]
	if there == nil {
		return true
	}
	return !slices.ContainsFunc(there.claims, func(c claim) bool { return !c.agree(x.claim()) }) &&
		!slices.ContainsFunc(x.below, func(y *selection) bool { return !there.below.admits(y) })
}

// add writes down what the selection puts into the scope, and returns the scope below a field.
func (s scope) add(x *selection) scope {
	if x.field == nil {
		for _, y := range x.inside() {
			s.add(y)
		}
		return s
	}
	there := s[x.key()]
	if there == nil {
		there = &place{below: scope{}}
		s[x.key()] = there
	}
	if !slices.Contains(there.claims, x.claim()) {
		there.claims = append(there.claims, x.claim())
	}
	for _, y := range x.below {
		there.below.add(y)
	}
	return there.below
}
