package graph

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"github.com/lib/pq"

	"continuum/graph/sweep"
	"continuum/internal/rows"
)

// question is what one field asks of the database, of all rows of a level: what hangs on each of these parents.
type question struct {
	parents *parents
	// rows selects the parts. On PostgreSQL they are of the one parent that the statement calls up, in its order; on
	// SQLite of all parents, and the parent's id comes first.
	rows   *sql.Selector
	column string         // of the rows, that names the parent; none where they do not
	rule   *sql.Predicate // what the parent alone decides, on PostgreSQL
	parts  []*rows.Part
	of     []int                       // the parent of each row that was read
	done   func(context.Context) error // nil: nothing is to be done with them
}

// span is where the rows of a parent lie among all that were read.
type span struct{ from, to int }

// spans are the rows of each parent, which must lie together.
func (q *question) spans() ([]span, error) {
	spans := make([]span, len(q.parents.ids))
	for i, parent := range q.of {
		s := &spans[parent]
		switch s.to {
		case 0:
			*s = span{i, i + 1}
		case i:
			s.to++
		default:
			return nil, fmt.Errorf("the rows of one parent of %d lie apart", len(spans))
		}
	}
	return spans, nil
}

// before are the questions with that for the row on which they hang. Where the row is not seen, nothing is looked for below
// it: how long an answer takes must not tell what hangs on a hidden row.
func (q *question) before(more []sweep.Question) []sweep.Question {
	all := []sweep.Question{q}
	for _, m := range more {
		below := m.(*question)
		if below.rule == nil {
			below.rule = q.rule
		}
		all = append(all, below)
	}
	return all
}

// parents are the ids of a level's rows, each once.
type parents struct {
	ids []string
	nth map[string]int
}

// parentsOf are the parents of a level, and which of them each of its rows is.
func parentsOf[P any](level *sweep.Level, id func(*P) string) (p *parents, of []int) {
	p, of = &parents{nth: make(map[string]int, len(level.Rows))}, make([]int, len(level.Rows))
	for i, row := range level.Rows {
		parent := id(row.(*P))
		n, known := p.nth[parent]
		if !known {
			n = len(p.ids)
			p.nth[parent] = n
			p.ids = append(p.ids, parent)
		}
		of[i] = n
	}
	return p, of
}

func oneParent(id string) *parents { return &parents{ids: []string{id}, nth: map[string]int{id: 0}} }

// told is the number of the parent that a row names: by its number, or by its id.
func (p *parents) told(parent any) (int, error) {
	switch parent := parent.(type) {
	case int64:
		return int(parent), nil
	case string:
		if n, known := p.nth[parent]; known {
			return n, nil
		}
		return 0, errors.New("a parent that was not asked about")
	default:
		return 0, fmt.Errorf("a parent that is a %T", parent)
	}
}

// up is the parent's id in a statement that calls the parents up one by one.
const up = "up.id"

// mostTogether is how many questions are asked in one statement: a database plans a long one for longer than it runs it.
const mostTogether = 6

// Answer answers what fields ask of the rows of one level.
func (g guide) Answer(ctx context.Context, questions []sweep.Question) error {
	return g.askTogether(ctx, questions)
}

// askTogether asks questions about the same rows in one statement, as far as they go together.
func (r *Resolver) askTogether(ctx context.Context, questions []sweep.Question) error {
	for len(questions) > 0 {
		some := []*question{questions[0].(*question)}
		for _, q := range questions[1:] {
			next := q.(*question)
			if len(some) == mostTogether || r.store.Engine() != dialect.Postgres || !slices.Equal(some[0].parents.ids, next.parents.ids) {
				break
			}
			some = append(some, next)
		}
		if err := r.readTogether(ctx, some); err != nil {
			return err
		}
		questions = questions[len(some):]
	}
	return nil
}

// readTogether reads the answers of questions that one statement asks.
func (r *Resolver) readTogether(ctx context.Context, questions []*question) error {
	var which int
	var parent any
	lead := []any{&parent}
	if len(questions) > 1 {
		lead = []any{&which, &parent}
	}
	groups := make([][]*rows.Part, len(questions))
	for i, q := range questions {
		groups[i] = q.parts
	}
	statement, args := r.statement(questions)
	err := r.store.Read(ctx, statement, args, lead, func() (int, error) {
		q := questions[which]
		at, err := q.parents.told(parent)
		q.of = append(q.of, at)
		return which, err
	}, groups...)
	if err != nil {
		return err
	}
	for _, q := range questions {
		if q.done == nil {
			continue
		}
		if err := q.done(ctx); err != nil {
			return err
		}
	}
	return nil
}

// statement is what asks the questions, and its values.
func (r *Resolver) statement(questions []*question) (string, []any) {
	first := questions[0]
	if r.store.Engine() != dialect.Postgres {
		return first.rows.Query()
	}
	for _, q := range questions {
		if q.column != "" {
			q.rows.Where(sql.P(func(b *sql.Builder) { b.WriteString(q.column + " = " + up) }))
		}
	}
	b := &sql.Builder{}
	b.SetDialect(dialect.Postgres)
	if len(questions) > 1 {
		writeTogether(b, questions)
		return b.Query()
	}
	b.WriteString("SELECT up.at - 1, below.*")
	first.parents.write(b)
	b.WriteString(" CROSS JOIN LATERAL (").Join(first.rows).WriteString(") AS below")
	if first.rule != nil {
		b.WriteString(" WHERE ").Join(first.rule)
	}
	return b.Query()
}

// write calls the parents up.
func (p *parents) write(b *sql.Builder) {
	b.WriteString(" FROM unnest(").Arg(pq.StringArray(p.ids))
	b.WriteString("::text[]) WITH ORDINALITY AS up(id, at)")
}

// writeTogether writes a statement that asks several questions about the same parents, one after the other. What parents
// decide is asked once for all questions of which they decide the same. Each row has the columns of all questions, and
// nothing in those that are not its own.
func writeTogether(b *sql.Builder, questions []*question) {
	b.WriteString("WITH up AS MATERIALIZED (SELECT up.id, up.at - 1 AS at")
	ruled := writeRules(b, questions)
	questions[0].parents.write(b)
	b.WriteString(") ")
	for i, q := range questions {
		if i > 0 {
			b.WriteString(" UNION ALL ")
		}
		b.WriteString("SELECT " + strconv.Itoa(i) + ", up.at")
		for n, other := range questions {
			switch {
			case n == i:
				b.WriteString(", below.*")
			case i == 0:
				other.writeNothing(b, (*rows.Part).WriteNothing)
			default: // whose types the first has told
				other.writeNothing(b, func(p *rows.Part, b *sql.Builder) { b.WriteString(strings.Repeat(", NULL", len(p.Names))) })
			}
		}
		b.WriteString(" FROM up CROSS JOIN LATERAL (").Join(q.rows).WriteString(") AS below")
		if ruled[i] != "" {
			b.WriteString(" WHERE up." + ruled[i])
		}
	}
}

func (q *question) writeNothing(b *sql.Builder, write func(*rows.Part, *sql.Builder)) {
	for _, part := range q.parts {
		write(part, b)
	}
}

// writeRules selects what the parents decide, and names the column for each question; none where they decide nothing.
func writeRules(b *sql.Builder, questions []*question) (columns []string) {
	var known []spelled
	for _, q := range questions {
		if q.rule == nil {
			columns = append(columns, "")
			continue
		}
		at := slices.IndexFunc(known, func(s spelled) bool { return s.rule == q.rule })
		if at < 0 {
			at = len(known)
			known = append(known, spell(q.rule))
			known[at].writeOnce(b, known[:at])
		}
		columns = append(columns, known[at].column)
	}
	return columns
}

// spelled is what parents decide, as SQL.
type spelled struct {
	rule   *sql.Predicate
	text   string // with its values numbered from 1
	args   []any
	column string // which tells it
}

func spell(rule *sql.Predicate) spelled {
	rule.SetDialect(dialect.Postgres)
	rule.SetTotal(0)
	text, args := rule.Query()
	return spelled{rule: rule, text: text, args: args}
}

// writeOnce selects it, unless one of those before is the same.
func (s *spelled) writeOnce(b *sql.Builder, before []spelled) {
	for _, other := range before {
		if s.text == other.text && reflect.DeepEqual(s.args, other.args) {
			s.column = other.column
			return
		}
	}
	s.column = "sees" + strconv.Itoa(len(before))
	b.WriteString(", ")
	// Where values come before it, its own have other numbers than those it was spelled with.
	if b.Total() == 0 {
		b.Join(sql.Expr(s.text, s.args...))
	} else {
		b.Join(s.rule)
	}
	b.WriteString(" AS " + s.column)
}
