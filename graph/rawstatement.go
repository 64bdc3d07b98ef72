package graph

import (
	"context"
	"fmt"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"github.com/lib/pq"

	"continuum/ent"
	"continuum/internal/access"
	"continuum/internal/rows"
)

// laid says how a nested list lies in the tables: rows of one type, whose column names the parent, lead by another
// column to the nodes.
type laid struct {
	link, parent string
	node, via    string
	where        func(context.Context, asked) []func(*sql.Selector)
}

func nodeTable(l laid) *sql.SelectTable { return sql.Table(ent.EntityOf(l.node).Table).As("node") }

// up is the parent's id in a statement that calls the parents up one by one.
const up = "up.id"

// from selects the rows of a list that the viewer sees. What the parent alone decides is the condition given back.
func (l laid) from(ctx context.Context, engine, parent string, a asked, joined bool) (s *sql.Selector, ofParent *sql.Predicate) {
	link := sql.Table(ent.EntityOf(l.link).Table).As("link")
	s = sql.Dialect(engine).Select().From(link)
	if parent == "" {
		parent = link.C(l.parent)
	}
	ofParent = access.SeesBelow(ctx, l.link, l.parent, parent)
	byRecord := ofParent == nil && l.node == ent.TypeRecord
	if joined || byRecord {
		node := nodeTable(l)
		s.Join(node).On(link.C(l.via), node.C("id"))
	}
	for _, where := range l.where(ctx, a) {
		where(s)
	}
	switch {
	case byRecord:
		s.Where(access.ReadsRecord(ctx, "node"))
	case ofParent == nil:
		s.Where(access.Sees(ctx, l.link, "link"))
	}
	return s, ofParent
}

// pages reads the links and nodes of all pages: parent by parent, each in the order of its list.
func (p *rawPages[L, E, N]) pages(ctx context.Context, parts ...*rows.Part) (statement string, args []any, along []company) {
	if p.store.Engine() != dialect.Postgres {
		return p.numberedPages(ctx, parts)
	}
	s, rule := p.laid.from(ctx, dialect.Postgres, up, p.asked, true)
	if p.countsWithRows() {
		s.AppendSelectExpr(sql.Expr("count(*) OVER ()"))
	}
	along = bringAlong(ctx, s, p.laid.node, nodeTable(p.laid), nodesOf(p.selected)...)
	for _, part := range append(parts, partsOf(along)...) {
		part.Select(s)
	}
	p.window.Where(s)
	p.window.OrderBy(s)
	// Each parent's page is read by its own, along an index: no more than the page, whatever the parent has.
	statement, args = p.lateral(s.Limit(p.window.Limit+1), rule)
	return statement, args, along
}

// lateral runs a statement for each parent that the rule lets through.
func (p *rawPages[L, E, N]) lateral(s *sql.Selector, rule *sql.Predicate) (string, []any) {
	return lateral("up.at - 1", p.parents, s.C(p.laid.parent), s, rule)
}

// lateral runs a statement of rows, whose column names the parent, for each parent that the rule lets through, and selects
// first by what the parent is told.
func lateral(first string, parents []string, column string, s *sql.Selector, rule *sql.Predicate) (string, []any) {
	s.Where(sql.P(func(b *sql.Builder) { b.WriteString(column + " = " + up) }))
	b := &sql.Builder{}
	b.SetDialect(dialect.Postgres)
	b.WriteString("SELECT " + first + ", below.* FROM unnest(").Arg(pq.StringArray(parents))
	b.WriteString("::text[]) WITH ORDINALITY AS up(id, at) CROSS JOIN LATERAL (").Join(s).WriteString(") AS below")
	if rule != nil {
		b.WriteString(" WHERE ").Join(rule)
	}
	return b.Query()
}

// numberedPages numbers the rows of each parent and keeps those of its page: SQLite cannot read page by page.
func (p *rawPages[L, E, N]) numberedPages(ctx context.Context, parts []*rows.Part) (statement string, args []any, along []company) {
	s, rule := p.laid.from(ctx, dialect.SQLite, "", p.asked, true)
	if rule != nil {
		s.Where(rule)
	}
	access.AnyOf(p.laid.parent, p.parents)(s)
	columns := []string{"at"}
	s.AppendSelectAs(s.C(p.laid.parent), "at")
	if p.countsWithRows() {
		s.AppendSelectExprAs(sql.Expr("count(*) OVER (PARTITION BY "+s.C(p.laid.parent)+")"), "total")
		columns = append(columns, "total")
	}
	along = bringAlong(ctx, s, p.laid.node, nodeTable(p.laid), nodesOf(p.selected)...)
	for _, part := range append(parts, partsOf(along)...) {
		for _, name := range part.Names {
			column := fmt.Sprint("c", len(columns))
			s.AppendSelectAs(part.Column(name), column)
			columns = append(columns, column)
		}
	}
	p.window.Where(s)
	p.window.PerParent(p.laid.parent)(s)
	s.Select(columns...).ClearOrder().OrderBy("at", "row_number")
	statement, args = s.Query()
	return statement, args, along
}

// counts counts the rows of each parent's list.
func (p *rawPages[L, E, N]) counts(ctx context.Context) (string, []any) {
	if p.store.Engine() != dialect.Postgres {
		s, rule := p.laid.from(ctx, dialect.SQLite, "", p.asked, false)
		if rule != nil {
			s.Where(rule)
		}
		access.AnyOf(p.laid.parent, p.parents)(s)
		return s.Select(s.C(p.laid.parent), sql.Count("*")).GroupBy(s.C(p.laid.parent)).Query()
	}
	s, rule := p.laid.from(ctx, dialect.Postgres, up, p.asked, false)
	return p.lateral(s.Select(sql.Count("*")), rule)
}
