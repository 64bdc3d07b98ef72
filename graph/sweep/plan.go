package sweep

import (
	"errors"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// errLeft leaves a query to the resolvers.
var errLeft = errors.New("sweep: left to the resolvers")

// Selection is what is selected of an object type, or of each of several that a field may lead to.
type Selection struct {
	Type   string // empty for a type that is several
	Fields []*Field
	// Columns are those of the row's table that the selection takes; Whole says that it takes all of them.
	Columns []string
	Whole   bool

	of map[string]*Selection // by the type of the row
}

// Field is one field of a selection.
type Field struct {
	graphql.CollectedField
	Below *Selection // nil for a field without a selection

	how   How
	key   []byte // the name in the answer with all that is written around it
	text  []byte // the value, where it is always the same
	place int    // where a run keeps what it finds
}

// Of is what is selected of the rows of one type.
func (s *Selection) Of(name string) *Selection {
	if s.of == nil {
		return s
	}
	return s.of[name]
}

// Each calls what for every field of that name.
func (s *Selection) Each(name string, what func(*Field)) {
	for _, f := range s.Fields {
		if f.Name == name {
			what(f)
		}
	}
}

// Has says whether a field of that name is selected.
func (s *Selection) Has(name string) bool {
	return slices.ContainsFunc(s.Fields, func(f *Field) bool { return f.Name == name })
}

// plan is how a query is answered, whoever asks it and with what variables. Nothing changes it.
type plan struct {
	root   *Selection // nil for a query that is left to the resolvers
	places int
}

// Plans are remembered of so many operations, of short documents and few fields: clients choose them, and each holds its document
// parsed, which is ten times its text.
const (
	manyPlans  = 500
	longest    = 4 << 10 // bytes of the document
	mostPlaces = 200     // fields
)

type plans = lru.Cache[*ast.OperationDefinition, *plan]

func newPlans() *plans {
	remembered, err := lru.New[*ast.OperationDefinition, *plan](manyPlans)
	if err != nil {
		panic(err) // it fails for a size of nothing alone
	}
	return remembered
}

// plan is how the operation is answered. It is found out once for an operation that is remembered with its document, unless its
// variables decide what is selected.
func (s *Schema) plan(operation *graphql.OperationContext) *plan {
	if known, is := s.plans.Get(operation.Operation); is {
		return known
	}
	p := planner{Schema: s, operation: operation}
	root, err := p.selection("Query", operation.Operation.SelectionSet)
	if err != nil {
		root = nil
	}
	made := &plan{root, p.places}
	if len(operation.RawQuery) <= longest && p.places <= mostPlaces && !varies(operation.Doc, operation.Operation.SelectionSet) {
		s.plans.Add(operation.Operation, made)
	}
	return made
}

// varies says whether variables decide what is selected, by @include and @skip.
func varies(doc *ast.QueryDocument, operation ast.SelectionSet) bool {
	return slices.ContainsFunc(doc.Fragments, func(f *ast.FragmentDefinition) bool { return variesIn(f.SelectionSet) }) ||
		variesIn(operation)
}

func variesIn(set ast.SelectionSet) bool {
	return slices.ContainsFunc(set, func(selection ast.Selection) bool {
		switch s := selection.(type) {
		case *ast.Field:
			return decides(s.Directives) || variesIn(s.SelectionSet)
		case *ast.InlineFragment:
			return decides(s.Directives) || variesIn(s.SelectionSet)
		case *ast.FragmentSpread:
			return decides(s.Directives)
		default:
			return true
		}
	})
}

func decides(directives ast.DirectiveList) bool {
	return slices.ContainsFunc(directives, func(d *ast.Directive) bool {
		return slices.ContainsFunc(d.Arguments, func(a *ast.Argument) bool { return a.Value.Kind == ast.Variable })
	})
}

// planner finds out how a query is answered.
type planner struct {
	*Schema
	operation *graphql.OperationContext
	places    int
}

func (p *planner) selection(name string, set ast.SelectionSet) (*Selection, error) {
	definition := p.ExecutableSchema.Schema().Types[name]
	if definition.IsAbstractType() {
		s := &Selection{of: map[string]*Selection{}}
		for _, each := range p.ExecutableSchema.Schema().GetPossibleTypes(definition) {
			var err error
			if s.of[each.Name], err = p.selection(each.Name, set); err != nil {
				return nil, err
			}
		}
		return s, nil
	}
	collected := graphql.CollectFields(p.operation, set, p.kinds[name])
	s := &Selection{Type: name, Fields: make([]*Field, 0, len(collected))}
	fields := make([]Field, len(collected))
	for i, c := range collected {
		// The id of a Node and of an Owner, and what __typename says, are collected apart, and written once.
		if slices.ContainsFunc(s.Fields, func(f *Field) bool { return f.Alias == c.Alias }) {
			continue
		}
		fields[i] = Field{CollectedField: c, key: key(c.Alias, len(s.Fields) == 0), place: p.places}
		p.places++
		if err := p.field(name, &fields[i]); err != nil {
			return nil, err
		}
		s.takes(&fields[i])
	}
	return s, nil
}

// takes adds a field.
func (s *Selection) takes(f *Field) {
	s.Fields = append(s.Fields, f)
	s.Whole = s.Whole || f.how.Whole
	for _, column := range f.how.Columns {
		if !slices.Contains(s.Columns, column) {
			s.Columns = append(s.Columns, column)
		}
	}
}

func (p *planner) field(object string, f *Field) (err error) {
	if len(f.Deferrables) > 0 {
		return errLeft
	}
	if f.Name == "__typename" {
		f.text = []byte(`"` + object + `"`)
		return nil
	}
	how, known := p.guide.How(object, f.Name)
	if !known {
		return errLeft
	}
	f.how = how
	if len(f.Selections) > 0 {
		f.Below, err = p.selection(f.Definition.Type.Name(), f.Selections)
	}
	return err
}

func key(alias string, first bool) []byte {
	b := make([]byte, 0, len(alias)+4)
	if !first {
		b = append(b, ',')
	}
	b = append(b, '"')
	b = append(b, alias...)
	return append(b, '"', ':')
}
