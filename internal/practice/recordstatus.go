package practice

import (
	"context"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"continuum/ent"
	"continuum/ent/record"
	"continuum/internal/access"
	"continuum/schema"
)

// ArchiveRecordInput is which record to close.
type ArchiveRecordInput struct {
	ID string
}

// ArchiveRecordPayload is what came of ArchiveRecord.
type ArchiveRecordPayload struct {
	Outcome
	Record *ent.Record
}

// ArchiveRecord closes a draft or an open record; it can be reopened. It takes FULL on
// the record.
func (p *Practice) ArchiveRecord(ctx context.Context, in ArchiveRecordInput) (*ArchiveRecordPayload, error) {
	var out ArchiveRecordPayload
	err := p.turnRecord(ctx, in.ID, "record.archived", &out, &out.Record, func(r *linkedRecord, at time.Time) (turn, error) {
		if r.Status != record.StatusDRAFT && r.Status != record.StatusOPEN {
			return turn{}, fail(CodeInvalidState, "id", "Only a draft or an open record can be archived.")
		}
		return turn{record.StatusARCHIVED, r.OpenedAt, &at}, nil
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// ReopenRecordInput is which record to open again.
type ReopenRecordInput struct {
	ID string
}

// ReopenRecordPayload is what came of ReopenRecord.
type ReopenRecordPayload struct {
	Outcome
	Record *ent.Record
}

// ReopenRecord opens a draft or an archived record, which must have a profile. It takes
// FULL on the record.
func (p *Practice) ReopenRecord(ctx context.Context, in ReopenRecordInput) (*ReopenRecordPayload, error) {
	var out ReopenRecordPayload
	err := p.turnRecord(ctx, in.ID, "record.reopened", &out, &out.Record, func(r *linkedRecord, at time.Time) (turn, error) {
		if r.Status != record.StatusDRAFT && r.Status != record.StatusARCHIVED {
			return turn{}, fail(CodeInvalidState, "id", "Only a draft or an archived record can be opened.")
		}
		if len(r.links) == 0 {
			return turn{}, fail(CodeLastProfile, "id", "An open record needs at least one profile.")
		}
		if r.OpenedAt != nil {
			at = *r.OpenedAt
		}
		return turn{record.StatusOPEN, &at, nil}, nil
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// turn is where a record stands next, and since when it is open and closed.
type turn struct {
	status             record.Status
	openedAt, closedAt *time.Time
}

// turnRecord gives a record the status that next says, and puts it into its place in the
// payload.
func (p *Practice) turnRecord(
	ctx context.Context, id, event string, out any, turned **ent.Record, next func(*linkedRecord, time.Time) (turn, error),
) error {
	return p.change(ctx, schema.ScopeRecordsWrite, out, func(ctx context.Context, w *work) error {
		row, err := w.editableRecord(ctx, "id", id)
		if err != nil {
			return err
		}
		to, err := next(row, access.Now(ctx))
		if err != nil {
			return err
		}
		e, err := newEdit(row.Version, row.Version, row.FieldVersions)
		if err != nil {
			return err
		}
		editValue(e, "status", graphql.OmittableOf(&to.status), &row.Status)
		editOptional(e, "openedAt", graphql.OmittableOf(to.openedAt), &row.OpenedAt)
		editOptional(e, "closedAt", graphql.OmittableOf(to.closedAt), &row.ClosedAt)
		if err := w.saveRecord(ctx, e, row.Record); err != nil {
			return err
		}
		*turned = row.Unwrap()
		return w.emit(ctx, event, row.ID, row.profiles()...)
	})
}
