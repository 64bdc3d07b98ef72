package access

import (
	"context"

	entgo "entgo.io/ent"
	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/schema"
)

// readable is the column by which a page of records tells which of them its
// viewer may read, and which they only know of.
const readable = "viewer_reads"

// mask blanks what a viewer may not read in a row that they may know of: the
// content of a record of their workspace, and all but the name of a professional,
// a unit or a workspace that they meet through a share.
func mask(next ent.Querier) ent.Querier {
	return ent.QuerierFunc(func(ctx context.Context, query ent.Query) (ent.Value, error) {
		v := ViewerFrom(ctx)
		if isSystem(ctx) || v == nil || !loadsRows(ctx) {
			return next.Query(ctx, query)
		}
		records, isRecords := query.(*ent.RecordQuery)
		if isRecords && v.Oversees() {
			records.Modify(v.tellReadable)
		}
		value, err := next.Query(ctx, query)
		if err != nil {
			return nil, err
		}
		switch rows := value.(type) {
		case []*ent.Record:
			return rows, v.maskRecords(rows)
		case []*ent.Professional:
			v.maskProfessionals(rows)
		case []*ent.Workspace:
			v.maskWorkspaces(rows)
		}
		return value, nil
	})
}

// loadsRows says whether the query answers with whole rows: counts and ids have
// nothing to mask.
func loadsRows(ctx context.Context) bool {
	switch entgo.QueryFromContext(ctx).Op {
	case entgo.OpQueryAll, entgo.OpQueryFirst, entgo.OpQueryOnly:
		return true
	default:
		return false
	}
}

// seesColumns says whether the query answers with single columns, which cannot be
// masked: it gets only the rows that the viewer may read whole.
func seesColumns(q *entgo.QueryContext) bool {
	return q != nil && (q.Op == entgo.OpQuerySelect || q.Op == entgo.OpQueryGroupBy)
}

// seeRecords is the rule of records: whoever oversees a workspace knows that each
// of its records exists.
func seeRecords(v *Viewer, q *entgo.QueryContext) set {
	if seesColumns(q) {
		return v.readableRecords()
	}
	return v.knownRecords()
}

// seeProfessionals is the rule of professionals.
func seeProfessionals(v *Viewer, q *entgo.QueryContext) set {
	if seesColumns(q) {
		return inWorkspace("professionals")(v)
	}
	return v.readableProfessionals()
}

func (v *Viewer) tellReadable(s *sql.Selector) {
	s.AppendSelectExprAs(sql.ExprFunc(func(b *sql.Builder) {
		b.WriteString("CASE WHEN ")
		v.readableRecords().writeIn(b, s.C("id"))
		b.WriteString(" THEN 1 ELSE 0 END")
	}), readable)
}

// maskRecords leaves, of a record that the viewer only knows of, what METADATA
// gives: number, title unless confidential, kind, status, owner.
func (v *Viewer) maskRecords(rows []*ent.Record) error {
	if !v.Oversees() {
		return nil
	}
	for _, r := range rows {
		reads, err := r.Value(readable)
		if err != nil {
			return err
		}
		if reads == int64(1) {
			continue
		}
		if r.Confidential {
			r.Title = ""
		}
		r.CreatedByID, r.UpdatedByID = "", ""
		r.Service, r.Reason, r.OpenedAt, r.ClosedAt, r.FieldVersions = nil, nil, nil, nil, nil
	}
	return nil
}

// maskProfessionals leaves, of a professional of another workspace, the name and title.
func (v *Viewer) maskProfessionals(rows []*ent.Professional) {
	for _, p := range rows {
		if p.WorkspaceID == v.WorkspaceID {
			continue
		}
		*p = ent.Professional{ID: p.ID, WorkspaceID: p.WorkspaceID, Name: p.Name, Title: p.Title}
	}
}

// maskWorkspaces leaves, of another workspace, the name and kind.
func (v *Viewer) maskWorkspaces(rows []*ent.Workspace) {
	for _, w := range rows {
		if w.ID != v.WorkspaceID {
			w.Policies, w.Region = schema.Policies{}, ""
		}
	}
}
