package access

import (
	"encoding/json"
	"strings"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"github.com/lib/pq"
)

// set is a set of rows as SQL: the union of branches, each of which is driven by
// an index of its own. An OR of the same conditions would walk the whole table
// (docs/adr/0003). The empty set is nobody's.
type set []branch

// branch is one SELECT. Its text holds constants of this package only; every
// value is an argument:
//
//	@in   one of a list of ids ([]string)
//	@set  a member of another set (set)
//	@arg  a single value
type branch struct {
	text string
	args []any
}

func from(text string, args ...any) branch { return branch{text, args} }

// in is the predicate that the column's value is in the set.
func (s set) in(column string) *sql.Predicate {
	return sql.P(func(b *sql.Builder) { s.writeIn(b, column) })
}

func (s set) writeIn(b *sql.Builder, column string) {
	if len(s) == 0 {
		b.WriteString("FALSE")
		return
	}
	b.WriteString(column + " IN (")
	s.write(b)
	b.WriteString(")")
}

// table is the set as a derived table, found.
func (s set) table() sql.Querier {
	return sql.ExprFunc(func(b *sql.Builder) {
		b.WriteString("(")
		s.write(b)
		b.WriteString(") AS found")
	})
}

func (s set) write(b *sql.Builder) {
	for i, branch := range s {
		if i > 0 {
			b.WriteString(" UNION ALL ")
		}
		branch.write(b)
	}
}

func (r branch) write(b *sql.Builder) {
	args := r.args
	for rest := r.text; ; {
		before, after, found := strings.Cut(rest, "@")
		b.WriteString(before)
		if !found {
			return
		}
		switch {
		case strings.HasPrefix(after, "in"):
			writeList(b, args[0].([]string))
			rest = after[len("in"):]
		case strings.HasPrefix(after, "set"):
			b.WriteString("IN (")
			args[0].(set).write(b)
			b.WriteString(")")
			rest = after[len("set"):]
		default:
			b.Arg(args[0])
			rest = strings.TrimPrefix(after, "arg")
		}
		args = args[1:]
	}
}

// writeList tests for membership in a list that is one argument, so that the
// statement's text does not depend on the list's length.
func writeList(b *sql.Builder, ids []string) {
	if b.Dialect() == dialect.Postgres {
		b.WriteString("= ANY(")
		b.Arg(pq.StringArray(ids))
		b.WriteString(")")
		return
	}
	list, _ := json.Marshal(ids) // a list of strings always marshals
	b.WriteString("IN (SELECT value FROM json_each(")
	b.Arg(string(list))
	b.WriteString("))")
}

// AnyOf keeps the rows whose column is one of the ids. The list is one argument, so
// the statement's text stays the same whatever its length.
func AnyOf(column string, ids []string) func(*sql.Selector) {
	return func(s *sql.Selector) {
		s.Where(sql.P(func(b *sql.Builder) {
			b.WriteString(s.C(column) + " ")
			writeList(b, ids)
		}))
	}
}
