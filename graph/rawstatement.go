package graph

import (
	"context"
	"fmt"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

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
	ofRecord     bool // whether the rows are live links and the parent is their record, which opens them
}

func nodeTable(l laid) *sql.SelectTable { return sql.Table(ent.EntityOf(l.node).Table).As("node") }

// from selects the rows of a list that the viewer sees. What the parent alone decides is the condition given back.
func (l laid) from(ctx context.Context, engine, parent string, a asked, joined bool) (s *sql.Selector, ofParent *sql.Predicate) {
	link := sql.Table(ent.EntityOf(l.link).Table).As("link")
	s = sql.Dialect(engine).Select().From(link)
	if parent == "" {
		parent = link.C(l.parent)
	}
	if l.ofRecord {
		ofParent = access.ReadsRecordOf(ctx, parent)
	} else {
		ofParent = access.SeesBelow(ctx, l.link, l.parent, parent)
	}
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

// pages asks for the links and nodes of all pages: parent by parent, each in the order of its list.
func (p *rawPages[L, E, N]) pages(ctx context.Context, parts ...*rows.Part) (q *question, along []company) {
	if p.store.Engine() != dialect.Postgres {
		return p.numberedPages(ctx, parts...)
	}
	s, rule := p.laid.from(ctx, dialect.Postgres, up, p.asked, true)
	if p.countsWithRows() {
		s.AppendSelectExpr(sql.Expr("count(*) OVER ()"))
	}
	parts, along = selectAlong(ctx, s, parts, p.laid.node, nodeTable(p.laid), nodesOf(p.selected)...)
	p.window.Where(s)
	p.window.OrderBy(s)
	// Each parent's page is read by its own, along an index: no more than the page, whatever the parent has.
	s.Limit(p.window.Limit + 1)
	return &question{parents: p.parents, rows: s, column: s.C(p.laid.parent), rule: rule, parts: parts}, along
}

// numberedPages numbers the rows of each parent and keeps those of its page: SQLite cannot read page by page.
func (p *rawPages[L, E, N]) numberedPages(ctx context.Context, parts ...*rows.Part) (q *question, along []company) {
	s, rule := p.laid.from(ctx, dialect.SQLite, "", p.asked, true)
	if rule != nil {
		s.Where(rule)
	}
	access.AnyOf(p.laid.parent, p.parents.ids)(s)
	columns := []string{"at"}
	s.AppendSelectAs(s.C(p.laid.parent), "at")
	if p.countsWithRows() {
		s.AppendSelectExprAs(sql.Expr("count(*) OVER (PARTITION BY "+s.C(p.laid.parent)+")"), "total")
		columns = append(columns, "total")
	}
	along = bringAlong(ctx, s, p.laid.node, nodeTable(p.laid), nodesOf(p.selected)...)
	parts = append(parts, partsOf(along)...)
	for _, part := range parts {
		for _, name := range part.Names {
			column := fmt.Sprint("c", len(columns))
			s.AppendSelectAs(part.Column(name), column)
			columns = append(columns, column)
		}
	}
	p.window.Where(s)
	p.window.PerParent(p.laid.parent)(s)
	s.Select(columns...).ClearOrder().OrderBy("at", "row_number")
	return &question{parents: p.parents, rows: s, parts: parts}, along
}

// counts asks for the number of rows of each parent's list.
func (p *rawPages[L, E, N]) counts(ctx context.Context) *question {
	if p.store.Engine() != dialect.Postgres {
		s, rule := p.laid.from(ctx, dialect.SQLite, "", p.asked, false)
		if rule != nil {
			s.Where(rule)
		}
		access.AnyOf(p.laid.parent, p.parents.ids)(s)
		s.Select(s.C(p.laid.parent), sql.Count("*")).GroupBy(s.C(p.laid.parent))
		return &question{parents: p.parents, rows: s}
	}
	s, rule := p.laid.from(ctx, dialect.Postgres, up, p.asked, false)
	return &question{parents: p.parents, rows: s.Select(sql.Count("*")), column: s.C(p.laid.parent), rule: rule}
}
