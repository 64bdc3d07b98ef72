package graph

import (
	"context"
	"strings"

	"entgo.io/ent/dialect/sql"

	"continuum/ent/predicate"
	"continuum/ent/profile"
	"continuum/ent/record"
	"continuum/internal/access"
	"continuum/internal/practice"
	"continuum/schema"
)

// A filter finds nothing that its answer would hide, and what cannot be stored finds
// nothing at all.

// naming keeps what it is given for a filter by the id of a row of another type, which
// the sign-in must be let to see.
func naming(ctx context.Context, id string, scope schema.Scope, keep func(*sql.Selector)) func(*sql.Selector) {
	if v := access.ViewerFrom(ctx); v == nil || !v.Has(scope) || schema.IDPrefix(id) == "" {
		return nothing
	}
	return keep
}

func nothing(s *sql.Selector) { s.Where(sql.False()) }

// ownedBy keeps the records of an owner. Whoever sees a record sees its owner, unless
// the sign-in knows no professional but its own.
func ownedBy(ctx context.Context, owner string) predicate.Record {
	if v := access.ViewerFrom(ctx); v != nil && v.ProfessionalID == owner {
		return record.OwnerID(owner)
	}
	return naming(ctx, owner, schema.ScopeWorkspaceRead, record.OwnerID(owner))
}

func ofService(service string) predicate.Record {
	if !storable(service) {
		return nothing
	}
	return record.Service(service)
}

// storable says whether a database can hold the text: PostgreSQL refuses the zero byte.
func storable(text string) bool { return !strings.ContainsRune(text, 0) }

// nameBegins keeps the rows whose folded name begins so, as a range that the index
// of the name answers on both engines. All who have a name keep it in the same column.
func nameBegins(prefix string) func(*sql.Selector) {
	folded := practice.FoldName(strings.TrimSpace(prefix))
	return func(s *sql.Selector) {
		if !storable(folded) {
			nothing(s)
			return
		}
		s.Where(sql.And(
			sql.GTE(s.C(profile.FieldSortName), folded),
			sql.LT(s.C(profile.FieldSortName), folded+"\U0010FFFF"),
		))
	}
}
