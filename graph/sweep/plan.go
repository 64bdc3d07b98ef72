package sweep

import (
	"errors"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// errLeft leaves a query to the resolvers.
var errLeft = errors.New("sweep: left to the resolvers")

// Selection is what is selected of an object type, or of each of several that a field may lead to.
type Selection struct {
	Type   string // empty for a type that is several
	Fields []*Field
	of     map[string]*Selection // by the type of the row
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

// Columns lists those of the row's table that the selection takes, and says whether it takes all of them.
func (s *Selection) Columns() (columns []string, whole bool) {
	for _, f := range s.Fields {
		whole = whole || f.how.Whole
		for _, column := range f.how.Columns {
			if !slices.Contains(columns, column) {
				columns = append(columns, column)
			}
		}
	}
	return columns, whole
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
		s.Fields = append(s.Fields, &fields[i])
	}
	return s, nil
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
