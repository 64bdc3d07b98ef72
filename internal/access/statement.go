package access

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/schema"
)

// Conditions for statements that name their rows and are not written by ent. They are the guard's own, made of the same
// sets; whoever writes such a statement puts one of them into it.

// Sees is the condition that the viewer sees the row of a type, which the statement calls alias.
func Sees(ctx context.Context, typ, alias string) *sql.Predicate {
	return visible(ctx, typ).of(ent.EntityOf(typ).Table, alias)
}

// SeesOf is the condition that the viewer sees the row of a type whose id an expression of the statement names.
func SeesOf(ctx context.Context, typ, id string) *sql.Predicate {
	return visible(ctx, typ).named(id)
}

// List narrows a statement that selects from the table of a type, under its own name, to what the viewer sees. It is for those
// that read the first rows in the order of a column and then of the id.
func List(ctx context.Context, s *sql.Selector, typ, column string, desc bool) {
	visible(ctx, typ).read(s, list{typ, column, desc}, ViewerFrom(ctx))
}

// SeesBelow is the condition that the viewer sees the rows of a type, links that have not ended, whose column names the
// parent: an expression of the statement. A parent is asked about once, however many rows hang on it. It is nil where the
// parent alone does not tell, and each row has to be asked about.
func SeesBelow(ctx context.Context, typ, column, parent string) *sql.Predicate {
	v, rule := ViewerFrom(ctx), rules[typ]
	parents := rule.below[column]
	if parents == nil {
		return nil
	}
	if v == nil || !v.may(rule.read) {
		return sql.False()
	}
	return parents(v).named(parent)
}

// ReadsRecord is the condition that the viewer reads the record that the statement calls alias, which opens its live links.
func ReadsRecord(ctx context.Context, alias string) *sql.Predicate {
	return recordsRead(ctx).of("records", alias)
}

// ReadsRecordOf is ReadsRecord of the record that an expression of the statement names.
func ReadsRecordOf(ctx context.Context, id string) *sql.Predicate {
	return recordsRead(ctx).named(id)
}

// recordsRead are the records that the viewer reads; none without a viewer, or without the scope.
func recordsRead(ctx context.Context) set {
	v := ViewerFrom(ctx)
	if v == nil || !v.Has(schema.ScopeRecordsRead) {
		return nil
	}
	return v.readableRecords()
}

// LevelWith selects what ProfileAccessOf takes: the viewer's level and right with the profile that an expression of the
// statement names.
func LevelWith(ctx context.Context, engine, profile string) *sql.Selector {
	s := sql.Dialect(engine)
	v := ViewerFrom(ctx)
	if v == nil {
		return s.SelectExpr(sql.Expr("0, 0"))
	}
	return s.SelectExpr(sql.Expr("MAX(level), MAX(access)")).FromExpr(v.profileLevels(atHand(profile)).table())
}
