package access

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	entgo "entgo.io/ent"
	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/ent/intercept"
	"continuum/schema"
)

// ErrRefused is returned when a change would touch what its viewer may not. The
// checks of a mutation come first and say it in the product's words; this is the
// wall behind them.
var ErrRefused = errors.New("access: refused")

// Guard puts the rules on every query and every change of the client and of the
// transactions that it opens.
func Guard(client *ent.Client) {
	client.Intercept(ent.TraverseFunc(guardQuery), ent.InterceptFunc(mask))
	client.Use(guardMutation)
}

// guardQuery narrows a query to the rows that the viewer may see.
func guardQuery(ctx context.Context, query ent.Query) error {
	if isSystem(ctx) {
		return nil
	}
	q, err := intercept.NewQuery(query)
	if err != nil {
		return err
	}
	rows := visible(ctx, q.Type())
	if l, is := listOf(ctx, q.Type()); is {
		q.WhereP(func(s *sql.Selector) { rows.read(s, l, ViewerFrom(ctx)) })
		return nil
	}
	if isKnown(ctx) {
		q.WhereP(func(s *sql.Selector) { s.Where(rows.of(tableOf(s))) })
		return nil
	}
	q.WhereP(func(s *sql.Selector) { s.Where(rows.in(s.C("id"))) })
	return nil
}

// tableOf is the table that a query reads, and its name in the statement.
func tableOf(s *sql.Selector) (table, alias string) { return s.TableName(), aliasOf(s) }

// aliasOf is the name in the statement of the table that a query reads.
func aliasOf(s *sql.Selector) string {
	id := s.C("id")
	return id[:strings.LastIndexByte(id, '.')]
}

// visible is the set of the type's rows that the viewer may see: none without a
// viewer, without a rule, or without the scope.
func visible(ctx context.Context, typ string) set {
	v := ViewerFrom(ctx)
	rule, found := rules[typ]
	if v == nil || !found || !v.may(rule.read) {
		return nil
	}
	if rule.see != nil {
		return rule.see(v, entgo.QueryFromContext(ctx))
	}
	var rows set
	table := ent.EntityOf(typ)
	for _, column := range slices.Sorted(maps.Keys(rule.below)) {
		if parents := rule.below[column](v); len(parents) > 0 {
			rows = append(rows, from(`SELECT h.id FROM `+table.Table+` h WHERE h.`+column+` @set`, parents))
		}
	}
	return rows
}

// may says whether the sign-in carries the scope that a rule asks for, if any.
func (v *Viewer) may(scope schema.Scope) bool { return scope == "" || v.Has(scope) }

// guardMutation lets a change through when the viewer may make it: the rows must
// be theirs to change, and each new edge must end at a row on which they have the
// right that the rule names. A create has no WHERE, so both ends are asked for.
func guardMutation(next ent.Mutator) ent.Mutator {
	return ent.MutateFunc(func(ctx context.Context, m ent.Mutation) (ent.Value, error) {
		if isSystem(ctx) {
			return next.Mutate(ctx, m)
		}
		v := ViewerFrom(ctx)
		if v != nil && throughDoor(ctx, m) {
			return next.Mutate(ctx, m)
		}
		rule, found := rules[m.Type()]
		if v == nil || !found || rule.change == nil && rule.ends == nil || !v.may(rule.write) {
			return nil, fmt.Errorf("%w: %s %s", ErrRefused, m.Op(), m.Type())
		}
		if rule.who != nil && !rule.who(v) {
			return nil, fmt.Errorf("%w: %s %s", ErrRefused, m.Op(), m.Type())
		}
		if err := checkEnds(ctx, m, rule); err != nil {
			return nil, err
		}
		if m.Op().Is(ent.OpCreate) {
			if err := checkNew(ctx, m, rule); err != nil {
				return nil, err
			}
			made, err := next.Mutate(ctx, m)
			if err == nil {
				keepMade(ctx, m)
			}
			return made, err
		}
		if rule.change == nil || !rule.removable && m.Op().Is(ent.OpDelete|ent.OpDeleteOne) {
			return nil, fmt.Errorf("%w: %s %s", ErrRefused, m.Op(), m.Type())
		}
		rows := rule.change(v)
		if rule.part != nil && keepsTo(m, rule.parts) && says(m, rule.values) {
			rows = append(rows, rule.part(v)...)
		}
		m.(narrowed).WhereP(func(s *sql.Selector) { s.Where(rows.of(tableOf(s))) })
		return next.Mutate(ctx, m)
	})
}

// keepMade remembers that a profile or a contact that was just made is its maker's: it says that they made it, it is at home in
// their workspace, or its end there would have been refused, and nothing links it yet.
func keepMade(ctx context.Context, m ent.Mutation) {
	id, _ := m.(interface{ ID() (string, bool) }).ID()
	if maker, _ := m.Field("created_by_id"); maker != ViewerFrom(ctx).ProfessionalID {
		return
	}
	switch m.Type() {
	case ent.TypeProfile:
		remember(ctx, profileRead, id)
		remember(ctx, profileEdit, id)
	case ent.TypeContact:
		remember(ctx, contactRead, id)
		remember(ctx, contactEdit, id)
	}
}

// keepsTo says whether an update gives new values to some of the columns and does
// nothing else.
func keepsTo(m ent.Mutation, columns []string) bool {
	if len(m.ClearedFields()) > 0 || len(m.ClearedEdges()) > 0 || len(m.RemovedEdges()) > 0 {
		return false
	}
	written := slices.Concat(m.Fields(), m.AddedFields())
	for _, edge := range m.AddedEdges() {
		written = append(written, edge+"_id") // an edge without a column of its own is in none
	}
	return !slices.ContainsFunc(written, func(field string) bool { return !slices.Contains(columns, field) })
}

// says whether a change gives none but these values to the columns that have them listed.
func says(m ent.Mutation, values map[string][]string) bool {
	for column, among := range values {
		if value, set := m.Field(column); set && !slices.Contains(among, fmt.Sprint(value)) {
			return false
		}
	}
	return true
}

// checkNew refuses a new row of a type that nobody adds to, and one that says what it may not.
func checkNew(ctx context.Context, m ent.Mutation, rule rule) error {
	if rule.ends == nil {
		return fmt.Errorf("%w: %s %s", ErrRefused, m.Op(), m.Type())
	}
	if rule.begin == nil {
		return nil
	}
	ok, err := rule.begin(ctx, m)
	if err == nil && !ok {
		err = fmt.Errorf("%w: %s %s", ErrRefused, m.Op(), m.Type())
	}
	return err
}

// checkEnds asks for the right on the other end of every edge that the change adds.
func checkEnds(ctx context.Context, m ent.Mutation, rule rule) error {
	client := m.(interface{ Client() *ent.Client }).Client()
	for _, edge := range m.AddedEdges() {
		r, known := rule.ends[edge]
		if !known || !ViewerFrom(ctx).may(rule.scopes[edge]) {
			return fmt.Errorf("%w: %s.%s has no rule, or the key lacks its scope", ErrRefused, m.Type(), edge)
		}
		if r.forLife() && !m.Op().Is(ent.OpCreate) {
			return fmt.Errorf("%w: %s.%s does not change", ErrRefused, m.Type(), edge)
		}
		for _, id := range m.AddedIDs(edge) {
			ok, err := sees(ctx, client, r, id.(string))
			if err != nil {
				return err
			}
			if !ok {
				return fmt.Errorf("%w: %s.%s", ErrRefused, m.Type(), edge)
			}
		}
	}
	for field, r := range rule.fields {
		value, set := m.Field(field)
		if !set {
			if m.Op().Is(ent.OpCreate) {
				return fmt.Errorf("%w: %s.%s is missing", ErrRefused, m.Type(), field)
			}
			continue
		}
		if ok, err := sees(ctx, client, r, value.(string)); err != nil || !ok {
			return errors.Join(fmt.Errorf("%w: %s.%s", ErrRefused, m.Type(), field), err)
		}
	}
	return nil
}
