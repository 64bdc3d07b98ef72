package practice

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"continuum/ent/record"
	"continuum/ent/recordlink"
	"continuum/ent/transfer"
	"continuum/internal/access"
	"continuum/schema"
)

// TransferPreview is what a receiver sees of the record before they accept.
type TransferPreview struct {
	Number       string
	Kind         record.Kind
	ProfileCount int
}

// PreviewTransfers tells, of those of the transfers that are open offers which the viewer
// may accept, what they are about. Whoever receives has no level on the record yet, so
// this is all that they learn of it.
func (p *Practice) PreviewTransfers(ctx context.Context, ids []string) (map[string]*TransferPreview, error) {
	w, err := p.look(ctx, schema.ScopeRecordsRead)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		ID     string      `sql:"id"`
		Number string      `sql:"number"`
		Kind   record.Kind `sql:"kind"`
		Count  int         `sql:"count"`
	}
	err = w.Transfer.Query().
		Where(access.AnyOf(transfer.FieldID, ids), access.AnyOf(transfer.FieldToID, w.viewer.Answers()),
			TransferStatusIn(w.viewer.At, transfer.StatusOFFERED)).
		Modify(previewed).
		Scan(access.System(ctx, "what a receiver is told before they accept"), &rows)
	previews := make(map[string]*TransferPreview, len(rows))
	for _, r := range rows {
		previews[r.ID] = &TransferPreview{Number: r.Number, Kind: r.Kind, ProfileCount: r.Count}
	}
	return previews, err
}

// previewed selects of the records on offer their number, kind and number of profiles.
func previewed(s *sql.Selector) {
	r := sql.Table(record.Table).As("r")
	s.Join(r).On(s.C(transfer.FieldRecordID), r.C(record.FieldID))
	s.Select(s.C(transfer.FieldID), sql.As(r.C(record.FieldNumber), "number"), sql.As(r.C(record.FieldKind), "kind")).
		AppendSelectExprAs(sql.Expr("(SELECT COUNT(*) FROM "+recordlink.Table+" l WHERE l.record_id = "+r.C(record.FieldID)+
			" AND l.unlinked_at IS NULL)"), "count")
}
