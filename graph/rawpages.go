package graph

import (
	"context"
	"encoding/json"
	"fmt"
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
	parents     []string // each once
	nth         map[string]int
	connections []page.Connection[E, N]
}

// readPages answers the field of a nested list for all rows of a level.
func readPages[P, L, E, N any](ctx context.Context, r *Resolver, level *sweep.Level, n nested[L, E, N], id func(*P) string) error {
	if v := access.ViewerFrom(ctx); n.laid.node == ent.TypeProfile && !v.Has(schema.ScopeProfilesRead) {
		how, _ := exec.ResolvedField(level.Object, level.Field.Name) // the rows of a join that leads nowhere
		return r.ask(ctx, how, level)
	}
	a, err := askedIn(ctx, level)
	if err != nil {
		return err
	}
	w, err := a.Window(n.order(a))
	if err != nil {
		return err
	}
	p := rawPages[L, E, N]{nested: n, Resolver: r, asked: a, window: w, level: level, selected: level.Below, nth: map[string]int{}}
	of := make([]int, len(level.Rows))
	for i, row := range level.Rows {
		of[i] = p.number(id(row.(*P)))
	}
	p.connections = make([]page.Connection[E, N], len(p.parents))
	if a.Rows {
		err = p.read(ctx)
	}
	if err == nil && a.Count && !p.countsWithRows() {
		err = p.count(ctx)
	}
	found := make([]any, len(level.Rows))
	for i := range found {
		found[i] = &p.connections[of[i]]
	}
	level.Gives(found)
	return err
}

// number is the place of a parent among those that are asked about.
func (p *rawPages[L, E, N]) number(parent string) int {
	n, known := p.nth[parent]
	if !known {
		n = len(p.parents)
		p.nth[parent] = n
		p.parents = append(p.parents, parent)
	}
	return n
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

// read reads the rows of all pages.
func (p *rawPages[L, E, N]) read(ctx context.Context) error {
	shown := p.shown()
	links, nodes := rows.Of(p.laid.link, "link", p.linkColumns(shown)), rows.Of(p.laid.node, "node", p.nodeColumns())
	statement, args, along := p.pages(ctx, links, nodes)
	last, from, to := -1, make([]int, len(p.parents)), make([]int, len(p.parents))
	var parent any
	var total int
	lead := []any{&parent}
	if p.countsWithRows() {
		lead = append(lead, &total)
	}
	err := p.store.Read(ctx, statement, args, lead, func() error {
		n, err := p.told(parent)
		if err != nil {
			return err
		}
		if n != last {
			if to[n] != 0 {
				return fmt.Errorf("the rows of one parent of %d lie apart", len(p.parents))
			}
			from[n], to[n], last = len(links.Rows), len(links.Rows), n
			p.connections[n].TotalCount = total
		}
		to[n]++
		return nil
	}, append([]*rows.Part{links, nodes}, partsOf(along)...)...)
	if err != nil {
		return err
	}
	handOver(ctx, p.level, nodes.Rows, along)
	for i := range p.connections {
		p.connect(&p.connections[i], links.Rows[from[i]:to[i]], nodes.Rows[from[i]:to[i]], shown)
	}
	return nil
}

// countsWithRows says whether the statement that reads the rows counts them too: those of the whole list, a row of which
// comes wherever there is one.
func (p *rawPages[L, E, N]) countsWithRows() bool {
	return p.asked.Rows && p.asked.Count && p.window.Whole()
}

// told is the number of the parent that a row names: by its number, or by its id.
func (p *rawPages[L, E, N]) told(parent any) (int, error) {
	switch parent := parent.(type) {
	case int64:
		return int(parent), nil
	case string:
		return p.nth[parent], nil
	default:
		return 0, fmt.Errorf("a parent that is a %T", parent)
	}
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

// count counts the rows of all lists.
func (p *rawPages[L, E, N]) count(ctx context.Context) error {
	statement, args := p.counts(ctx)
	var n int
	var parent any
	return p.store.Read(ctx, statement, args, []any{&parent, &n}, func() error {
		at, err := p.told(parent)
		if err == nil {
			p.connections[at].TotalCount = n
		}
		return err
	})
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
	columns, whole := s.Columns()
	c.add(columns...)
	c.whole = c.whole || whole
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
