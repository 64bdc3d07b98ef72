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

// Whether more profiles than a directory gathers are at home in the viewer's workspace: it is looked up once, before. In so
// large a one the next row is met soon on the way through all profiles in their order; in a smaller one it is found sooner
// among its own. It decides how the rows are found, and never which.
const (
	size  = `WITH size AS MATERIALIZED (SELECT (SELECT TRUE FROM profiles h WHERE h.home_workspace_id = @arg OFFSET 5000 LIMIT 1) AS large)`
	large = `(SELECT large FROM size) AND `
	small = `(SELECT large FROM size) IS NULL AND `
)

// alone keeps PostgreSQL from reading what is gathered by anything but its ids. It would walk a range of an index, that of
// names that begin alike, once for each of them.
const alone = ` OFFSET 0`

// this is what the rows of a list are called inside of its statement.
const this = "this"

// read keeps the rows of the set in a statement that reads a list. For an IN, PostgreSQL's planner walks a whole table in
// its order where it takes the set for larger than it is, or gathers a whole workspace for its first rows.
//
// So what the viewer's own facts give is gathered once, before. What all of a workspace gives is not: its own rows come by
// the index of that condition, in their order; where there are others too, each row on the way is asked.
func (s set) read(q *sql.Selector, l list, v *Viewer) {
	if q.Table() == nil { // the rule stands in it already
		q.Where(s.in(q.C("id")))
		return
	}
	table := q.TableName()
	near, far := s.apart()
	own, others := far.ownFirst(table)
	whole := l.column == ""
	switch {
	case q.Dialect() != dialect.Postgres || len(s) == 0 || whole && len(own) == 0 && len(far) > 0:
		q.Where(s.in(q.C("id")))
	case len(far) == 0:
		q.As(table).FromExpr(sql.ExprFunc(func(b *sql.Builder) {
			b.WriteString("(" + rowsOf(table))
			near.writeGathered(b, this+".id", nil)
			b.WriteString(alone + ") AS " + table)
		}))
	case len(others) == 0:
		q.As(table).FromExpr(l.merged(table,
			func(b *sql.Builder) {
				own.writeOf(b, table, this)
				b.WriteString(" IS NOT TRUE AND ")
				near.writeGathered(b, this+".id", nil)
			},
			func(b *sql.Builder) { own.writeOf(b, table, this) }))
	case whole:
		q.As(table).FromExpr(l.merged(table,
			func(b *sql.Builder) { slices.Concat(near, others).writeGathered(b, this+".id", own) },
			func(b *sql.Builder) { own.writeOf(b, table, this) }))
	default:
		q.Prefix(sql.ExprFunc(from(size, v.WorkspaceID).write))
		walked, rest := []func(*sql.Builder){func(b *sql.Builder) {
			b.WriteString(large)
			s.ofMany().writeOf(b, table, this)
		}}, s
		if len(own) > 0 {
			rest = slices.Concat(near, others)
			walked = append(walked, func(b *sql.Builder) {
				b.WriteString(small)
				own.writeOf(b, table, this)
			})
		}
		q.As(table).FromExpr(l.merged(table, func(b *sql.Builder) {
			b.WriteString(small)
			rest.writeGathered(b, this+".id", own)
		}, walked...))
	}
}

// merged is the table's rows of which one condition holds, never two. Those that are walked come in the order of the list by
// an index, the others are gathered and sorted, and PostgreSQL merges them and stops when the page is full.
func (l list) merged(table string, gathered func(*sql.Builder), walked ...func(*sql.Builder)) sql.Querier {
	order := ""
	if l.column != "" {
		direction := ""
		if l.desc {
			direction = " DESC"
		}
		order = " ORDER BY " + this + "." + l.column + direction + ", " + this + ".id" + direction
	}
	return sql.ExprFunc(func(b *sql.Builder) {
		b.WriteString("(")
		for _, where := range walked {
			b.WriteString("(" + rowsOf(table))
			where(b)
			b.WriteString(order + ") UNION ALL ")
		}
		b.WriteString("(" + rowsOf(table))
		gathered(b)
		b.WriteString(order + alone + ")) AS " + table)
	})
}

func rowsOf(table string) string { return "SELECT * FROM " + table + " AS " + this + " WHERE " }

// writeGathered writes that the value of a column is in the set, which is gathered once before, without some.
func (s set) writeGathered(b *sql.Builder, column string, without set) {
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
	for _, r := range without {
		b.WriteString(" EXCEPT ") // each by itself: a union would add what comes after the first
		r.write(b)
	}
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

// about is the branch with another set as its i-th value; nothing without one.
func (r branch) about(i int, s set) set {
	if len(s) == 0 {
		return nil
	}
	r.args = slices.Clone(r.args)
	r.args[i] = s
	return set{r}
}

// ownFirst parts the branches that are conditions on the table's own rows from the others.
func (s set) ownFirst(table string) (own, others set) {
	for _, r := range s {
		if _, is := r.own(table); is {
			own = append(own, r)
		} else {
			others = append(others, r)
		}
	}
	return own, others
}

// own is the condition of a branch that asks nothing but the table's own rows, about a letter.
func (r branch) own(table string) (where string, is bool) {
	selected, where, _ := strings.Cut(r.text, " WHERE ")
	letter := strings.TrimPrefix(selected, "SELECT ")[:1]
	return where, strings.TrimSpace(selected) == "SELECT "+letter+".id FROM "+table+" "+letter
}
