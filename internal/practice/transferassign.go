package practice

import (
	"context"
	"errors"
	"slices"
	"time"

	"continuum/ent"
	"continuum/ent/notification"
	"continuum/ent/principal"
	"continuum/ent/record"
	"continuum/ent/transfer"
	"continuum/internal/access"
	"continuum/schema"
)

// AssignRecordInput is which record to reassign to whom.
type AssignRecordInput struct {
	RecordID           string
	ToID               string
	Message            *string
	PreviousOwnerKeeps *transfer.PreviousOwnerKeeps
	KeepUntil          *time.Time
	SharesDefault      *transfer.SharesDefault
}

// AssignRecordPayload is what came of AssignRecord.
type AssignRecordPayload struct {
	Outcome
	Transfer *ent.Transfer
	Record   *ent.Record
}

// AssignRecord gives a record another owner of the same workspace, at once and without
// showing its content. It is for those who oversee the workspace, and never to their own
// advantage.
func (p *Practice) AssignRecord(ctx context.Context, in AssignRecordInput) (*AssignRecordPayload, error) {
	var check checks
	terms := check.assignment(ctx, in)
	if err := check.err(); err != nil {
		return nil, err
	}
	var out AssignRecordPayload
	err := p.change(ctx, schema.ScopeRecordsWrite, &out, func(ctx context.Context, w *work) error {
		through, what, err := w.plannedAssignment(ctx, terms)
		if err != nil {
			return err
		}
		if err := w.moveRecord(through, what.record, what.to); err != nil {
			return err
		}
		t, err := w.insertAssignment(through, what)
		if err != nil {
			return err
		}
		done, err := w.handOver(through, t, what.record, what.to)
		if err != nil {
			return err
		}
		out.Transfer = t.Unwrap()
		if out.Record, err = w.asSeen(ctx, t.RecordID); err != nil {
			return err
		}
		return w.tellHandedOver(ctx, "record.assigned", notification.KindRECORD_ASSIGNED, done)
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// assignment checks what an assignment says: an offer with fewer words.
func (c *checks) assignment(ctx context.Context, in AssignRecordInput) TransferRecordInput {
	return c.offer(ctx, TransferRecordInput{
		RecordID: in.RecordID, ToID: &in.ToID, Message: in.Message,
		PreviousOwnerKeeps: in.PreviousOwnerKeeps, KeepUntil: in.KeepUntil, SharesDefault: in.SharesDefault,
	})
}

// plannedAssignment reads what an assignment is about, refuses one that may not be, and
// opens the door of the guard for the record.
func (w *work) plannedAssignment(ctx context.Context, in TransferRecordInput) (context.Context, plannedOffer, error) {
	what := plannedOffer{TransferRecordInput: in, expires: access.Now(ctx)}
	if _, err := w.levelOn(ctx, "recordId", in.RecordID); err != nil {
		return nil, what, err
	}
	if !w.viewer.Oversees() {
		return nil, what, notOverseen()
	}
	through, err := access.Assign(ctx, w.Client, in.RecordID)
	if errors.Is(err, access.ErrRefused) {
		err = notOverseen()
	}
	if err != nil {
		return nil, what, err
	}
	what.record, err = w.readRecord(access.System(ctx, "a record is assigned without showing it"), in.RecordID)
	if err != nil {
		return nil, what, err
	}
	if what.to, err = w.recipient(ctx, "toId", *in.ToID); err != nil {
		return nil, what, err
	}
	if err := w.mayAssign(what); err != nil {
		return nil, what, err
	}
	return through, what, w.plans(ctx, what)
}

func notOverseen() *Error {
	return fail(CodeForbidden, "recordId", "This is for those who oversee the record's workspace.")
}

// mayAssign refuses an owner of another workspace, and one by whom the viewer would come
// to read what they only oversee.
func (w *work) mayAssign(what plannedOffer) error {
	switch {
	case what.to.workspace != w.viewer.WorkspaceID || what.to.kind == principal.KindWORKSPACE || !what.to.acts:
		return notFound("toId")
	case slices.Contains(w.viewer.Sides(), what.to.id):
		return fail(CodeForbidden, "toId", "Nobody assigns a record to themselves, or to a unit of theirs; ask a colleague to.")
	case what.to.id == what.record.OwnerID:
		return ownedAlready("toId")
	case what.record.Status == record.StatusBINNED:
		return thrownAway()
	}
	return nil
}

// insertAssignment keeps the hand-over for the history: it was never open.
func (w *work) insertAssignment(ctx context.Context, what plannedOffer) (*ent.Transfer, error) {
	now := access.Now(ctx)
	row := w.Transfer.Create().SetID(*what.ID).SetRecordID(what.record.ID).SetMode(transfer.ModeASSIGN).SetStatus(transfer.StatusACCEPTED).
		SetFromID(what.record.OwnerID).SetFromWorkspaceID(what.record.WorkspaceID).
		SetToID(what.to.id).SetToWorkspaceID(what.to.workspace).SetBaseEpoch(what.record.OwnerEpoch).
		SetNewOwnerID(what.to.id).SetAnsweredAt(now).SetAnsweredByID(w.viewer.ProfessionalID).
		SetCreatedAt(now).SetCreatedByID(w.viewer.ProfessionalID).SetUpdatedByID(w.viewer.ProfessionalID)
	what.setTerms(row.Mutation())
	return row.Save(ctx)
}
