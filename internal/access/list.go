package access

import (
	"context"
	"slices"
	"strings"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
)

// list is what a statement reads of all that the viewer sees of a type: the first rows in an order, or their number.
type list struct {
	typ    string
	column string // of the order, before the id; none for the number
	desc   bool
}

type listKey struct{}

// Ordered says that a query reads the first rows of all that the viewer sees of a type, in the order of a column and then
// of the id. The rule is the same; it is written so that what is read follows what is asked for.
func Ordered(ctx context.Context, typ, column string, desc bool) context.Context {
	return context.WithValue(ctx, listKey{}, list{typ, column, desc})
}

// Counted says that a query counts all that the viewer sees of a type.
func Counted(ctx context.Context, typ string) context.Context {
	return context.WithValue(ctx, listKey{}, list{typ: typ})
}

// listOf is what a query of the type reads, if it reads a list.
func listOf(ctx context.Context, typ string) (list, bool) {
	l, found := ctx.Value(listKey{}).(list)
	return l, found && l.typ == typ
}

// Whether a directory has more than a list gathers: it is looked up once, before. In so large a one the next row is met soon on
// the way through the whole table in its order; in a smaller one it is found sooner among its own. It decides how the rows are
// found, and never which.
const (
	residents = `WITH size AS MATERIALIZED (SELECT (SELECT TRUE FROM profiles h WHERE h.home_workspace_id = @arg OFFSET 5000 LIMIT 1) AS large)`
	guests    = `WITH size AS MATERIALIZED (SELECT (SELECT TRUE FROM record_links l WHERE l.guest_of = @arg AND ` + liveLink + ` OFFSET 500 LIMIT 1) AS large)`
	large     = `(SELECT large FROM size) AND `
	small     = `(SELECT large FROM size) IS NULL AND `
)

// alone keeps PostgreSQL from reading what is gathered by anything but its ids. It would walk a range of an index, that of
// names that begin alike, once for each of them.
const alone = ` OFFSET 0`

// this is what the rows of a list are called inside of its statement.
const this = "this"

// read keeps the rows of the set in a statement that reads a list. For an IN, PostgreSQL's planner walks a whole table in
// its order where it takes the set for larger than it is, or gathers a whole workspace for its first rows.
//
// So what the viewer's own facts give is gathered once, before, and so are the guests of a directory, who are asked when the page
// comes to them. What all of a workspace gives is not: its own rows come by the index of that condition, in their order; what
// hangs on those, and very many guests, are found on the way through the table, where each row is asked.
func (s set) read(q *sql.Selector, l list, v *Viewer) {
	if q.Table() == nil { // the rule stands in it already
		q.Where(s.in(q.C("id")))
		return
	}
	table, counted := q.TableName(), l.column == ""
	near, far := s.apart()
	own, led := far.ownOf(table), near.led()
	others := func(near set) func(*sql.Builder) {
		return func(b *sql.Builder) {
			far.writeOf(b, table, this)
			b.WriteString(" IS NOT TRUE AND ")
			near.writeGathered(b, this+".id")
		}
	}
	inOrder := func(b *sql.Builder) { far.writeOf(b, table, this) }
	asked := func(b *sql.Builder) { s.ofMany().writeOf(b, table, this) }
	gathered := func(b *sql.Builder) { s.writeGathered(b, this+".id") }
	switch {
	case q.Dialect() != dialect.Postgres || len(s) == 0 || counted && !own:
		q.Where(s.in(q.C("id")))
	case len(far) == 0:
		q.As(table).FromExpr(merged(table, list{}.gathered(table, gathered)))
	case !own:
		q.Prefix(sql.ExprFunc(from(residents, v.WorkspaceID).write))
		q.As(table).FromExpr(merged(table, l.walked(table, when(large, asked)), l.gathered(table, when(small, gathered))))
	case counted || led == nil:
		q.As(table).FromExpr(merged(table, l.walked(table, inOrder), l.gathered(table, others(near))))
	default:
		q.Prefix(sql.ExprFunc(from(guests, v.WorkspaceID).write))
		q.As(table).FromExpr(merged(table, l.walked(table, when(large, asked)), l.walked(table, when(small, inOrder)),
			l.asked(l.gathered(table, when(small, others(led))), func(b *sql.Builder) { near.writeOf(b, table, this) })))
	}
}

// when is a condition of those that are written where a directory is large, or small.
func when(size string, where func(*sql.Builder)) func(*sql.Builder) {
	return func(b *sql.Builder) {
		b.WriteString(size)
		where(b)
	}
}

// merged is the table's rows of several kinds, of which each is of one at the most. PostgreSQL merges them in the order of the
// list and stops when the page is full.
func merged(table string, kinds ...func(*sql.Builder)) sql.Querier {
	return sql.ExprFunc(func(b *sql.Builder) {
		b.WriteString("((")
		for i, rows := range kinds {
			if i > 0 {
				b.WriteString(") UNION ALL (")
			}
			rows(b)
		}
		b.WriteString(")) AS " + table)
	})
}

// walked are rows that come in the order of the list by an index.
func (l list) walked(table string, where func(*sql.Builder)) func(*sql.Builder) {
	return func(b *sql.Builder) {
		b.WriteString("SELECT * FROM " + table + " AS " + this + " WHERE ")
		where(b)
		b.WriteString(l.order())
	}
}

// gathered are rows that are read by their ids, and sorted.
func (l list) gathered(table string, where func(*sql.Builder)) func(*sql.Builder) {
	return func(b *sql.Builder) {
		l.walked(table, where)(b)
		b.WriteString(alone)
	}
}

// asked are those of some rows, which come in the order of the list, that a condition lets through. It is asked of no more
// than the page needs.
func (l list) asked(rows, where func(*sql.Builder)) func(*sql.Builder) {
	return func(b *sql.Builder) {
		b.WriteString("SELECT * FROM (")
		rows(b)
		b.WriteString(") AS " + this + " WHERE ")
		where(b)
		b.WriteString(l.order())
	}
}

func (l list) order() string {
	if l.column == "" {
		return ""
	}
	direction := ""
	if l.desc {
		direction = " DESC"
	}
	return " ORDER BY " + this + "." + l.column + direction + ", " + this + ".id" + direction
}

// writeGathered writes that the value of a column is in the set, which is gathered once before.
func (s set) writeGathered(b *sql.Builder, column string) {
	if len(s) == 0 {
		b.WriteString("FALSE")
		return
	}
	opens, closes := " = ANY(ARRAY(", "))"
	if b.Dialect() != dialect.Postgres {
		opens, closes = " IN (", ")"
	}
	b.WriteString(column + opens)
	s.writeAt(b, gathered)
	b.WriteString(closes)
}

// apart parts what the viewer's own facts give from what all of their workspace gives.
func (s set) apart() (near, far set) {
	for _, r := range s {
		i := slices.IndexFunc(r.args, func(arg any) bool { _, is := arg.(set); return is })
		switch {
		case r.far:
			far = append(far, r)
		case i < 0:
			near = append(near, r)
		default:
			n, f := r.args[i].(set).apart()
			near = append(near, r.about(i, n)...)
			far = append(far, r.about(i, f)...)
		}
	}
	return near, far
}

// led is the set with what leads to rows of it in the place of those branches that something leads to; nil where nothing does.
func (s set) led() set {
	var some bool
	led := slices.Clone(s)
	for i, r := range s {
		if r.lead != nil {
			led[i], some = *r.lead, true
		}
	}
	if !some {
		return nil
	}
	return led
}

// about is the branch with another set as its i-th value; nothing without one.
func (r branch) about(i int, s set) set {
	if len(s) == 0 {
		return nil
	}
	r.args = slices.Clone(r.args)
	r.args[i] = s
	return set{r}
}

// ownOf says whether every branch is a condition on the table's own rows.
func (s set) ownOf(table string) bool {
	return !slices.ContainsFunc(s, func(r branch) bool {
		_, is := r.own(table)
		return !is
	})
}

// own is the condition of a branch that asks nothing but the table's own rows, about a letter.
func (r branch) own(table string) (where string, is bool) {
	selected, where, _ := strings.Cut(r.text, " WHERE ")
	letter := strings.TrimPrefix(selected, "SELECT ")[:1]
	return where, strings.TrimSpace(selected) == "SELECT "+letter+".id FROM "+table+" "+letter
}
