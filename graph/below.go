package graph

import (
	"context"
	"errors"

	"entgo.io/ent/dialect/sql"
	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"continuum/ent"
	"continuum/ent/institution"
	"continuum/ent/workspaceprofile"
	"continuum/graph/page"
)

// level primes the loaders for what is selected below a complete level of rows: each
// edge in one statement, whatever the number of rows, and without waiting by the
// clock. Whatever it does not foresee the loaders gather by themselves, so the answer
// is the same either way.
type level struct {
	ctx context.Context
	oc  *graphql.OperationContext
	l   *loaders
	sel ast.SelectionSet
	// alone says that nothing is to be read below: the next level is another's.
	alone bool
}

// errUnforeseen says that no level knows what a field will ask for.
var errUnforeseen = errors.New("no level foresees this field")

// below is the level under the field being resolved.
func below(ctx context.Context) level {
	if _, swept := ctx.Value(sweepingKey{}).(sweeping); swept {
		return level{ctx: ctx, oc: graphql.GetOperationContext(ctx)} // the next level is another's
	}
	v := selectedBelow(ctx)
	v.l = loadersFrom(ctx)
	return v
}

// onField is a level of which one field is read, and nothing below it.
func onField(ctx context.Context) level {
	return level{ctx: ctx, oc: graphql.GetOperationContext(ctx), l: loadersFrom(ctx), alone: true}
}

// selectedBelow is what is selected under the field being resolved, whoever reads it.
func selectedBelow(ctx context.Context) level {
	return level{ctx: ctx, oc: graphql.GetOperationContext(ctx), sel: graphql.GetFieldContext(ctx).Field.Selections}
}

// under is the level under one of the fields selected here.
func (v level) under(f graphql.CollectedField) level {
	if !v.alone {
		v.sel = f.Selections
	}
	return v
}

func (v level) fields(satisfies ...string) []graphql.CollectedField {
	return graphql.CollectFields(v.oc, v.sel, satisfies)
}

// each calls what for every place where the selection of a connection shows its
// nodes: under nodes, and under the node of its edges.
func (v level) each(what func(level) error) error {
	for _, f := range v.fields() {
		switch f.Name {
		case "nodes":
			if err := what(v.under(f)); err != nil {
				return err
			}
		case "edges":
			for _, inner := range v.under(f).fields() {
				if inner.Name != "node" {
					continue
				}
				if err := what(v.under(f).under(inner)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (v level) profilesOfList(rows []*ent.Profile) error {
	return v.each(func(v level) error { return v.profiles(rows) })
}

func (v level) recordsOfList(rows []*ent.Record) error {
	return v.each(func(v level) error { return v.records(rows) })
}

func (v level) contactsOfList(rows []*ent.Contact) error {
	return v.each(func(v level) error { return v.contacts(rows) })
}

// profiles primes what is selected of each profile.
func (v level) profiles(rows []*ent.Profile) error {
	return primeFields(v, "Profile", rows, v.profileField)
}

func (v level) profileField(f graphql.CollectedField, rows []*ent.Profile) (err error) {
	ids := idsOf(rows, func(p *ent.Profile) string { return p.ID })
	switch f.Name {
	case "contactPoints":
		_, err = v.l.profilePoints.prime(v.ctx, ids)
	case "addresses":
		_, err = v.l.profileAddresses.prime(v.ctx, ids)
	case "identifiers":
		_, err = v.l.identifiers.prime(v.ctx, ids)
	case "viewerCan":
		_, err = v.l.profileAccess.prime(v.ctx, ids)
	case "workspaceFile":
		_, err = v.l.files.prime(v.ctx, idsOf(alone(rows, workspaceprofile.Table), func(p *ent.Profile) string { return p.ID }))
	case "institution":
		_, err = v.l.institutions.prime(v.ctx, someOf(alone(rows, institution.Table), func(p *ent.Profile) *string { return p.InstitutionID }))
	case "homeWorkspace":
		_, err = v.l.workspaces.prime(v.ctx, idsOf(rows, func(p *ent.Profile) string { return p.HomeWorkspaceID }))
	case "contacts":
		err = primePages(v.under(f), f, v.l.profileContacts, ids, level.contacts)
	case "records":
		err = primePages(v.under(f), f, v.l.profileRecords, ids, level.records)
	case "consents":
		err = primePages(v.under(f), f, v.l.profileConsents, ids, level.consents)
	default:
		err = errUnforeseen
	}
	return err
}

// records primes what is selected of each record.
func (v level) records(rows []*ent.Record) error {
	return primeFields(v, "Record", rows, v.recordField)
}

func (v level) recordField(f graphql.CollectedField, rows []*ent.Record) (err error) {
	ids := idsOf(rows, func(r *ent.Record) string { return r.ID })
	switch f.Name {
	case "owner":
		_, err = v.l.owners.prime(v.ctx, idsOf(rows, func(r *ent.Record) string { return r.OwnerID }))
	case "workspace":
		_, err = v.l.workspaces.prime(v.ctx, idsOf(rows, func(r *ent.Record) string { return r.WorkspaceID }))
	case "viewerCan":
		_, err = v.l.recordLevels.prime(v.ctx, ids)
	case "profileCount":
		_, err = v.l.profileCounts.prime(v.ctx, ids)
	case "profiles":
		err = primePages(v.under(f), f, v.l.recordProfiles, ids, level.profiles)
	case "formerProfiles":
		err = primePages(v.under(f), f, v.l.formerProfiles, ids, level.profiles)
	case "shares":
		err = primePages(v.under(f), f, v.l.recordShares, ids, level.shares)
	case "openTransfer":
		err = primeRows(v.under(f), v.l.openTransfers, ids, level.transfers)
	default:
		err = errUnforeseen
	}
	return err
}

// contacts primes what is selected of each contact.
func (v level) contacts(rows []*ent.Contact) error {
	return primeFields(v, "Contact", rows, v.contactField)
}

func (v level) contactField(f graphql.CollectedField, rows []*ent.Contact) (err error) {
	ids := idsOf(rows, func(c *ent.Contact) string { return c.ID })
	switch f.Name {
	case "contactPoints":
		_, err = v.l.contactPoints.prime(v.ctx, ids)
	case "addresses":
		_, err = v.l.contactAddresses.prime(v.ctx, ids)
	case "profile":
		_, err = v.l.profiles.prime(v.ctx, someOf(rows, func(c *ent.Contact) *string { return c.ProfileID }))
	case "profiles":
		err = primePages(v.under(f), f, v.l.contactProfiles, ids, level.profiles)
	default:
		err = errUnforeseen
	}
	return err
}

// primeFields primes one by one the fields that are selected of the rows, those that the
// viewer may not see left out.
func primeFields[T any](v level, typ string, rows []*T, one func(graphql.CollectedField, []*T) error) error {
	if rows = seen(rows); len(rows) == 0 {
		return nil
	}
	for _, f := range v.fields(typ, "Node") {
		if err := one(f, rows); err != nil && !errors.Is(err, errUnforeseen) {
			return err
		}
	}
	return nil
}

// primePages reads the pages of a nested list for all parents, and goes on below the
// nodes of all of them.
func primePages[E, N any](v level, f graphql.CollectedField, l *loader[pageKey, *page.Connection[E, N]], parents []string,
	next func(level, []*N) error) error {
	spelled, err := askedOf(v.ctx, f)
	if err != nil {
		return err
	}
	keys := make([]pageKey, len(parents))
	for i, parent := range parents {
		keys[i] = pageKey{parent, spelled}
	}
	found, err := l.prime(v.ctx, keys)
	if err != nil {
		return err
	}
	var nodes []*N
	for _, key := range keys {
		nodes = append(nodes, found[key].Nodes...)
	}
	return v.each(func(v level) error { return next(v, nodes) })
}

// alongProfiles joins to a query of profiles the single rows that are selected of each.
func alongProfiles(ctx context.Context) []func(*sql.Selector) {
	v := selectedBelow(ctx)
	var joins []func(*sql.Selector)
	seen := map[string]bool{}
	note := func(v level) error {
		for _, f := range v.fields("Profile", "Node") {
			if seen[f.Name] {
				continue
			}
			seen[f.Name] = true
			switch f.Name {
			case "institution":
				joins = append(joins, withInstitution(ctx))
			case "workspaceFile":
				joins = append(joins, withFile(ctx))
			}
		}
		return nil
	}
	_ = note(v)      // the field is a profile,
	_ = v.each(note) // or a list of them
	return joins
}
