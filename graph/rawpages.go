package graph

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"continuum/ent"
	"continuum/graph/exec"
	"continuum/graph/page"
	"continuum/graph/sweep"
	"continuum/internal/access"
	"continuum/internal/rows"
	"continuum/schema"
)

// rawPages reads the pages of a nested list for all rows of a level: no more of the rows than is selected.
type rawPages[L, E, N any] struct {
	nested[L, E, N]
	*Resolver
	asked       asked
	window      page.Window
	level       *sweep.Level
	selected    *sweep.Selection
	parents     *parents
	connections []page.Connection[E, N]
}

// askPages asks for the field of a nested list, of all rows of a level.
func askPages[P, L, E, N any](ctx context.Context, r *Resolver, level *sweep.Level, n nested[L, E, N], id func(*P) string) ([]sweep.Question, error) {
	if v := access.ViewerFrom(ctx); n.laid.node == ent.TypeProfile && !v.Has(schema.ScopeProfilesRead) {
		if level.Ahead {
			return nil, sweep.ErrNotAhead
		}
		how, _ := exec.ResolvedField(level.Object, level.Field.Name) // the rows of a join that leads nowhere
		return nil, r.ask(ctx, how, level)
	}
	a, err := askedIn(ctx, level)
	if err != nil {
		return nil, err
	}
	w, err := a.Window(n.order(a))
	if err != nil {
		return nil, err
	}
	parents, of := parentsOf(level, id)
	p := rawPages[L, E, N]{nested: n, Resolver: r, asked: a, window: w, level: level, selected: level.Below, parents: parents}
	p.connections = make([]page.Connection[E, N], len(parents.ids))
	found := make([]any, len(level.Rows))
	for i := range found {
		found[i] = &p.connections[of[i]]
	}
	level.Gives(found)
	return p.questions(ctx), nil
}

func (p *rawPages[L, E, N]) questions(ctx context.Context) (questions []sweep.Question) {
	if p.asked.Rows {
		questions = append(questions, p.page(ctx))
	}
	if p.asked.Count && !p.countsWithRows() {
		questions = append(questions, p.count(ctx))
	}
	return questions
}

// askedIn is what a field asks of its list, and what is selected of the pages.
func askedIn(ctx context.Context, level *sweep.Level) (a asked, err error) {
	if args := level.Field.ArgumentMap(graphql.GetOperationContext(ctx).Variables); len(args) > 0 {
		raw, err := json.Marshal(args)
		if err != nil {
			return a, err
		}
		if err := json.Unmarshal(raw, &a); err != nil {
			return a, err
		}
	}
	a.Count = level.Below.Has("totalCount")
	a.Rows = slices.ContainsFunc(level.Below.Fields, func(f *sweep.Field) bool { return f.Name != "totalCount" && f.Name != "__typename" })
	return a, nil
}

// page asks for the rows of all pages.
func (p *rawPages[L, E, N]) page(ctx context.Context) *question {
	shown := p.shown()
	links, nodes := rows.Of(p.laid.link, "link", p.linkColumns(shown)), rows.Of(p.laid.node, "node", p.nodeColumns())
	q, along := p.pages(ctx, links, nodes)
	total := rows.Numbers("total")
	if p.countsWithRows() {
		q.parts = slices.Insert(q.parts, 0, total)
	}
	q.done = func(ctx context.Context) error {
		handOver(ctx, p.level, nodes.Rows, along)
		spans, err := q.spans()
		for i, s := range spans {
			c := &p.connections[i]
			p.connect(c, links.Rows[s.from:s.to], nodes.Rows[s.from:s.to], shown)
			if s.to > s.from && p.countsWithRows() {
				c.TotalCount = int(total.Rows[s.from].([]int64)[0])
			}
		}
		return err
	}
	return q
}

// countsWithRows says whether the statement that reads the rows counts them too: those of the whole list, a row of which
// comes wherever there is one.
func (p *rawPages[L, E, N]) countsWithRows() bool {
	return p.asked.Rows && p.asked.Count && p.window.Whole()
}

// shown is what a page shows besides its nodes.
type shown struct{ edges, cursors, place bool }

func (p *rawPages[L, E, N]) shown() shown {
	s := shown{edges: p.selected.Has("edges"), place: p.selected.Has("pageInfo")}
	s.cursors = s.place
	p.selected.Each("edges", func(f *sweep.Field) { s.cursors = s.cursors || f.Below.Has("cursor") })
	return s
}

// connect makes the page of one parent.
func (p *rawPages[L, E, N]) connect(c *page.Connection[E, N], links, nodes []any, s shown) {
	links, info := page.Part(p.window, links)
	nodes, _ = page.Part(p.window, nodes)
	c.Nodes = make([]*N, len(nodes))
	for i, node := range nodes {
		c.Nodes[i] = node.(*N)
	}
	cursorOf := func(i int) string { return p.window.Cursor(p.key(links[i].(*L))) }
	if c.PageInfo = &info; s.place && len(links) > 0 {
		start, end := cursorOf(0), cursorOf(len(links)-1)
		info.StartCursor, info.EndCursor = &start, &end
	}
	if !s.edges {
		return
	}
	c.Edges = make([]*E, len(links))
	for i, link := range links {
		var cursor string
		if s.cursors {
			cursor = cursorOf(i)
		}
		c.Edges[i] = p.edge(cursor, link.(*L), c.Nodes[i])
	}
}

// linkColumns lists what the answer takes of the links; nil for all.
func (p *rawPages[L, E, N]) linkColumns(s shown) []string {
	columns := columnSet{}
	if s.cursors {
		columns.add("id", p.window.Column)
	}
	p.selected.Each("edges", func(f *sweep.Field) {
		columns.all(f.Below)
		f.Below.Each("link", func(f *sweep.Field) { columns.all(f.Below) })
		f.Below.Each("membership", func(f *sweep.Field) { columns.all(f.Below) })
	})
	return columns.list()
}

// nodeColumns lists what the answer takes of the nodes; nil for all.
func (p *rawPages[L, E, N]) nodeColumns() []string {
	columns := columnSet{}
	for _, selection := range nodesOf(p.selected) {
		columns.all(selection)
	}
	return columns.list()
}

// nodesOf is what is selected of the nodes of a page, in each place where they are shown.
func nodesOf(page *sweep.Selection) (selections []*sweep.Selection) {
	page.Each("nodes", func(f *sweep.Field) { selections = append(selections, f.Below) })
	page.Each("edges", func(f *sweep.Field) {
		f.Below.Each("node", func(f *sweep.Field) { selections = append(selections, f.Below) })
	})
	return selections
}

// count asks for the number of rows of each list.
func (p *rawPages[L, E, N]) count(ctx context.Context) *question {
	total := rows.Numbers("total")
	q := p.counts(ctx)
	q.parts = []*rows.Part{total}
	q.done = func(context.Context) error {
		for i, parent := range q.of {
			p.connections[parent].TotalCount = int(total.Rows[i].([]int64)[0])
		}
		return nil
	}
	return q
}

// columnSet gathers columns, each once.
type columnSet struct {
	names []string
	whole bool
}

func (c *columnSet) add(columns ...string) {
	for _, column := range columns {
		if !slices.Contains(c.names, column) {
			c.names = append(c.names, column)
		}
	}
}

// all adds what a selection takes of a row.
func (c *columnSet) all(s *sweep.Selection) {
	c.add(s.Columns...)
	c.whole = c.whole || s.Whole
}

// list is the columns: nil for all of them, and never none.
func (c *columnSet) list() []string {
	if c.whole {
		return nil
	}
	if len(c.names) == 0 {
		c.add("id")
	}
	return c.names
}
