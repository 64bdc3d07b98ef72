package document

import (
	"cmp"
	"fmt"
	"maps"

	"github.com/vektah/gqlparser/v2/ast"
)

// weight is what a selection comes to once its fragments are spread.
type weight struct {
	depth, selections int
	fields            int // at its root
	lists             int // how deep lists of the schema's parts stand in one another
}

// weigher weighs each fragment once, however often it is spread: weighing costs no more
// than reading.
type weigher struct {
	fragments map[string]*ast.FragmentDefinition
	known     map[string]weight
	text      tally
	excess    string // the first limit that was passed
}

// tally counts what stands in the text.
type tally struct{ aliases, directives, spreads, introspection int }

// weigh says which limit a document passes, or nothing.
func weigh(doc *ast.QueryDocument) (excess string) {
	w := &weigher{fragments: map[string]*ast.FragmentDefinition{}, known: map[string]weight{}}
	w.limit(len(doc.Fragments), maxFragments, "fragments")
	for _, fragment := range doc.Fragments {
		w.fragments[fragment.Name] = fragment
		w.name(fragment.Name)
		w.directives(fragment.Directives)
	}
	for _, fragment := range doc.Fragments { // those that nobody spreads too
		w.fragment(fragment.Name)
	}
	for _, operation := range doc.Operations {
		w.name(operation.Name)
		w.directives(operation.Directives)
		for _, variable := range operation.VariableDefinitions {
			w.name(variable.Variable)
			w.directives(variable.Directives)
			w.value(variable.DefaultValue, 0)
		}
		sum := w.set(operation.SelectionSet)
		w.limit(sum.depth, maxDepth, "levels")
		w.limit(sum.selections, maxSelections, "fields")
		w.limit(sum.fields, maxRootFields, "fields at its root")
	}
	w.limit(w.text.aliases, maxAliases, "aliases")
	w.limit(w.text.directives, maxDirectives, "directives")
	w.limit(w.text.spreads, maxSpreads, "spreads of fragments")
	w.limit(w.text.introspection, maxIntrospection, "fields about the schema")
	return w.excess
}

func (w *weigher) limit(n, limit int, what string) {
	if n > limit && w.excess == "" {
		w.excess = fmt.Sprintf("has more than %d %s", limit, what)
	}
}

// name keeps names short: each stands in the answer as often as its field does.
func (w *weigher) name(name string) { w.limit(len(name), maxNameBytes, "letters in a name") }

// set weighs a selection, and counts how often it repeats a name.
func (w *weigher) set(set ast.SelectionSet) weight {
	names := map[string]int{}
	sum := w.add(set, "", names)
	for n := range maps.Values(names) {
		w.limit(n, maxSameName, "fields of the same name beside each other")
	}
	return sum
}

// add weighs a selection below a type condition. Names are counted under each condition
// apart: whoever asks for a node lists its types, each with its id.
func (w *weigher) add(set ast.SelectionSet, condition string, names map[string]int) (sum weight) {
	for _, selection := range set {
		var one weight
		switch s := selection.(type) {
		case *ast.Field:
			one = w.field(s, condition, names)
		case *ast.InlineFragment:
			w.directives(s.Directives)
			one = w.add(s.SelectionSet, cmp.Or(s.TypeCondition, condition), names)
		case *ast.FragmentSpread:
			w.text.spreads++
			w.directives(s.Directives)
			one = w.fragment(s.Name)
		}
		sum.depth = max(sum.depth, one.depth)
		sum.lists = max(sum.lists, one.lists)
		sum.selections = min(sum.selections+one.selections, maxSelections+1)
		sum.fields = min(sum.fields+one.fields, maxSelections+1)
	}
	return sum
}

func (w *weigher) field(f *ast.Field, condition string, names map[string]int) weight {
	w.name(f.Name)
	w.name(f.Alias)
	w.directives(f.Directives)
	for _, argument := range f.Arguments {
		w.value(argument.Value, 0)
	}
	names[condition+" "+f.Name]++
	if f.Alias != f.Name {
		w.text.aliases++
		names[condition+" "+f.Alias]++
	}
	sum := w.set(f.SelectionSet)
	switch f.Name {
	case "fields", "inputFields", "interfaces", "possibleTypes":
		sum.lists++
	case "__schema", "__type":
		w.text.introspection++
		w.limit(sum.lists, maxSchemaLists, "lists of the schema's parts in one another")
		sum.lists = 0
	}
	return weight{depth: sum.depth + 1, selections: min(sum.selections+1, maxSelections+1), fields: 1, lists: sum.lists}
}

func (w *weigher) fragment(name string) weight {
	known, seen := w.known[name]
	if fragment := w.fragments[name]; !seen && fragment != nil {
		w.known[name] = weight{} // one that spreads itself is refused by validation
		known = w.set(fragment.SelectionSet)
		w.known[name] = known
	}
	return known
}

func (w *weigher) directives(all ast.DirectiveList) {
	w.text.directives += len(all)
	for _, directive := range all {
		for _, argument := range directive.Arguments {
			w.value(argument.Value, 0)
		}
	}
}

// value looks at a value that is written in the document, as variables are looked at.
func (w *weigher) value(v *ast.Value, depth int) {
	if v == nil {
		return
	}
	w.limit(depth, maxValueDepth, "levels in a value")
	if v.Kind == ast.ListValue {
		w.limit(len(v.Children), maxListItems, "items in a list")
	}
	for _, child := range v.Children {
		w.value(child.Value, depth+1)
	}
}
