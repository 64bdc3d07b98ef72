package access

import (
	"context"
	"slices"

	entgo "entgo.io/ent"
	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/ent/record"
	"continuum/ent/share"
	"continuum/schema"
)

// told is the column by which a page of records tells how much of each of them its
// viewer may read: all of it, what is known of it, or that without the title.
const (
	told      = "viewer_told"
	withTitle = int64(1)
	whole     = int64(2)
)

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
			records.Modify(v.tell)
		}
		if shares, ok := query.(*ent.ShareQuery); ok {
			shares.Modify(v.tellGiver)
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
		case []*ent.Transfer:
			v.maskTransfers(rows)
		case []*ent.Share:
			return rows, v.maskShares(rows)
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

// seeWorkspaces is the rule of workspaces.
func seeWorkspaces(v *Viewer, q *entgo.QueryContext) set {
	if seesColumns(q) {
		return set{from(`SELECT w.id FROM workspaces w WHERE w.id = @arg`, v.WorkspaceID)}
	}
	return v.readableWorkspaces()
}

func (v *Viewer) tell(s *sql.Selector) {
	s.AppendSelectExprAs(sql.ExprFunc(func(b *sql.Builder) {
		b.WriteString("CASE WHEN ")
		v.readableRecords().writeOf(b, record.Table, aliasOf(s))
		b.WriteString(" THEN 2 WHEN " + s.C(record.FieldConfidential) + " THEN 0 ELSE 1 END")
	}), told)
}

// maskRecords leaves, of a record that the viewer only knows of, what METADATA
// gives: number, title unless confidential, kind, status, owner.
func (v *Viewer) maskRecords(rows []*ent.Record) error {
	if !v.Oversees() {
		return nil
	}
	for _, r := range rows {
		part, err := r.Value(told)
		if err != nil {
			return err
		}
		if part == whole {
			continue
		}
		// The row's own flag may not be among the columns that were asked for.
		if part != withTitle {
			r.Title = ""
		}
		r.CreatedByID, r.UpdatedByID = "", ""
		r.Service, r.Reason, r.OpenedAt, r.ClosedAt, r.FieldVersions = nil, nil, nil, nil, nil
	}
	return nil
}

// Colleague says whether a professional works in the viewer's workspace; of others
// only the name and title are for the viewer's eyes.
func (v *Viewer) Colleague(p *ent.Professional) bool { return p.WorkspaceID == v.WorkspaceID }

// Mask leaves, of a professional who came along with another row, what the viewer
// may see of them.
func (v *Viewer) Mask(p *ent.Professional) *ent.Professional {
	rows := []*ent.Professional{p}
	v.maskProfessionals(rows)
	return rows[0]
}

// MaskWorkspace leaves, of a workspace that came along with another row, what the viewer may see of it.
func (v *Viewer) MaskWorkspace(w *ent.Workspace) *ent.Workspace {
	v.maskWorkspaces([]*ent.Workspace{w})
	return w
}

// maskProfessionals leaves, of a professional of another workspace, the name and title.
func (v *Viewer) maskProfessionals(rows []*ent.Professional) {
	for _, p := range rows {
		if v.Colleague(p) {
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

// maskTransfers leaves, of a transfer to which the viewer is no party, what it does: not
// what the parties say to each other.
func (v *Viewer) maskTransfers(rows []*ent.Transfer) {
	for _, t := range rows {
		if slices.Contains(v.Answers(), t.ToID) || slices.Contains(v.Sides(), t.FromID) {
			continue
		}
		t.Message, t.AnswerReason, t.ConsentOverride = nil, nil, nil
	}
}

// givenHere is the column by which a query of shares tells whether somebody of the viewer's
// own workspace gave them.
const givenHere = "viewer_given_here"

func (v *Viewer) tellGiver(s *sql.Selector) {
	s.AppendSelectExprAs(sql.ExprFunc(func(b *sql.Builder) {
		b.WriteString("CASE WHEN EXISTS (SELECT 1 FROM principals y WHERE y.id = " + s.C(share.FieldCreatedByID) + " AND y.workspace_id = ")
		b.Arg(v.WorkspaceID).WriteString(") THEN 1 ELSE 0 END")
	}), givenHere)
}

// maskShares leaves out what was said of a share in another workspace, of one that is not
// the viewer's own: whoever owns a record now reads who had it before, not why.
func (v *Viewer) maskShares(rows []*ent.Share) error {
	for _, s := range rows {
		here, err := s.Value(givenHere)
		if err != nil {
			return err
		}
		if here != int64(1) && !slices.Contains(v.Principals(), s.GranteeID) {
			s.EndReason, s.ConsentOverride = nil, nil
		}
	}
	return nil
}
