// Package sweep answers queries level by level: whatever is selected of all rows of a level is read at once, and the
// answer is written as JSON straight from the rows.
//
// Its one rule: it answers a query whole and without a fault, or not at all. What it does not know how to answer, and
// whatever goes wrong, is the resolvers' to answer.
package sweep

import (
	"context"
	"errors"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Guide knows how the fields of the graph are answered.
type Guide interface {
	// How tells it of one field of an object type; false where only the resolver knows.
	How(object, field string) (How, bool)
	// TypeOf names the object type of a row, where a field may lead to several.
	TypeOf(row any) string
	// Answer answers what fields ask of the rows of one level, in as few statements as it can.
	Answer(ctx context.Context, questions []Question) error
}

// Question is what a field asks of all rows of its level. Only the guide knows what is in it.
type Question any

// How is the way to answer one field, of which exactly one is given.
type How struct {
	// Columns of the row's table that the answer is made of.
	Columns []string
	// Whole says that it takes all of them.
	Whole bool

	// Write appends what stands in the row itself, as JSON; it returns nil when it stands there against the schema.
	Write func(b []byte, row any) []byte
	// One is the object that hangs in the row; nil for none.
	One func(row any) any
	// Many appends the objects of a list that hangs in the row; false for a list that is null.
	Many func(rows []any, row any) ([]any, bool)
	// Read reads an object, or a list, for all rows of a level.
	Read func(ctx context.Context, level *Level) error
	// Ask is Read in two steps, for what can be read together with other fields of the same rows: when the questions are
	// answered, the level was given what was found.
	Ask func(ctx context.Context, level *Level) ([]Question, error)
}

// Level is all rows of which one field is asked, and what was found for them.
type Level struct {
	// Object is the type of the rows.
	Object string
	// Field is the field with its arguments.
	Field graphql.CollectedField
	// Rows are those of which it is asked: one, the root, for a field of the query itself.
	Rows []any
	// Below is what is selected of what is found.
	Below *Selection

	// Ahead says that the rows are yet to be read: those here stand in for them, and of them only the ids are known.
	Ahead bool

	*run
	at *place
}

// ErrNotAhead is what How.Ask says of a field that asks more of its rows than their ids.
var ErrNotAhead = errors.New("sweep: the rows have to be there")

// AskAhead asks what the fields below ask of a row that is yet to be found, so that it can be read together with them. What they
// were given is the found row's.
func (l *Level) AskAhead(standIn any) (questions []Question, err error) {
	for _, f := range l.Below.Fields {
		if f.how.Ask == nil {
			continue
		}
		below := l.of(l.Below, f, []any{standIn})
		below.Ahead = true
		asked, err := f.how.Ask(l.ctx, below)
		if errors.Is(err, ErrNotAhead) {
			continue
		}
		if err != nil {
			return nil, err
		}
		below.at.asked = true
		questions = append(questions, asked...)
	}
	return questions, nil
}

// Brings says what a field below gives for a row that was found, which came along with it.
func (l *Level) Brings(f *Field, row, found any) {
	if l.brought[f] == nil {
		l.brought[f] = map[any]any{}
	}
	l.brought[f][row] = found
}

// Gives says what was found for each row, nil for nothing.
func (l *Level) Gives(found []any) { l.at.found = found }

// GivesLists says what was found for each row, and where each row's list ends.
func (l *Level) GivesLists(found []any, ends []int) { l.at.found, l.at.ends = found, ends }

// GivesNone says for which rows the list is null.
func (l *Level) GivesNone(null []bool) { l.at.null = null }

// GivesEach says what was found for each row, one by one.
func GivesEach[P any](l *Level, of func(row P) any) {
	found := make([]any, len(l.Rows))
	for i, row := range l.Rows {
		found[i] = of(row.(P))
	}
	l.Gives(found)
}

// GivesListOfEach is GivesEach for lists.
func GivesListOfEach[P, T any](l *Level, of func(row P) []*T) {
	ends := make([]int, len(l.Rows))
	var found []any
	for i, row := range l.Rows {
		for _, each := range of(row.(P)) {
			found = append(found, each)
		}
		ends[i] = len(found)
	}
	l.GivesLists(found, ends)
}

// Schema answers queries by sweeping, and leaves everything else to the resolvers behind it.
type Schema struct {
	graphql.ExecutableSchema
	guide Guide
	kinds map[string][]string // an object type, and what it is besides
	left  func()
	plans *plans
}

// New wraps an executable schema. Left, where it is given, is told of each query that is left to the resolvers.
func New(resolvers graphql.ExecutableSchema, guide Guide, left func()) *Schema {
	s := &Schema{ExecutableSchema: resolvers, guide: guide, left: left, kinds: map[string][]string{}, plans: newPlans()}
	for name, definition := range resolvers.Schema().Types {
		if definition.Kind != ast.Object {
			continue
		}
		s.kinds[name] = []string{name}
		for _, kind := range resolvers.Schema().GetImplements(definition) {
			s.kinds[name] = append(s.kinds[name], kind.Name)
		}
	}
	return s
}

// Exec answers the operation of the context.
func (s *Schema) Exec(ctx context.Context) graphql.ResponseHandler {
	operation := graphql.GetOperationContext(ctx)
	if operation.Operation.Operation != ast.Query {
		return s.ExecutableSchema.Exec(ctx)
	}
	var resolvers graphql.ResponseHandler
	done := false
	return func(ctx context.Context) *graphql.Response {
		if resolvers == nil && !done {
			if data := s.answer(ctx, operation); data != nil {
				done = true
				return &graphql.Response{Data: data}
			}
			if s.left != nil {
				s.left()
			}
			resolvers = s.ExecutableSchema.Exec(ctx)
		}
		if done {
			return nil
		}
		return resolvers(ctx)
	}
}

// answer is the whole answer, or nil.
func (s *Schema) answer(ctx context.Context, operation *graphql.OperationContext) []byte {
	p := s.plan(operation)
	if p.root == nil {
		return nil
	}
	r := run{Schema: s, ctx: ctx, places: make([]place, p.places), brought: map[*Field]map[any]any{}}
	if err := r.sweep(p.root, []any{nil}); err != nil {
		return nil
	}
	data, ok := r.write(make([]byte, 0, r.size()), p.root, nil, 0)
	if !ok {
		return nil
	}
	return data
}
