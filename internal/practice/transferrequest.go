package practice

import (
	"context"
	"slices"

	"continuum/ent"
	"continuum/ent/notification"
	"continuum/ent/record"
	"continuum/ent/transfer"
	"continuum/internal/access"
	"continuum/schema"
)

// RequestTransferInput is which record to ask for, for whom, and why.
type RequestTransferInput struct {
	ID       *string
	RecordID string
	ToID     *string
	Message  *string
}

// RequestTransferPayload is what came of RequestTransfer.
type RequestTransferPayload struct {
	Outcome
	Transfer *ent.Transfer
}

// RequestTransfer asks a record's owner to hand it over to the viewer, or to a unit of
// theirs. The owner answers with an offer, or declines. It takes READ on the record.
func (p *Practice) RequestTransfer(ctx context.Context, in RequestTransferInput) (*RequestTransferPayload, error) {
	var check checks
	id := check.id(schema.TransferPrefix, in.ID)
	in.ID = &id
	in.Message = check.prose("message", in.Message, messageLetters)
	if err := check.err(); err != nil {
		return nil, err
	}
	var out RequestTransferPayload
	err := p.pastVoid(ctx, in.RecordID, func() error {
		return p.change(ctx, schema.ScopeRecordsWrite, &out, func(ctx context.Context, w *work) error {
			made, err := w.request(ctx, in)
			if err != nil {
				return err
			}
			out.Transfer = made.Unwrap()
			behind, err := w.behind(ctx, made.FromID)
			if err != nil {
				return err
			}
			return w.tell(ctx, "transfer.requested", made.ID, transferTopics(made),
				notice{kind: notification.KindTRANSFER_REQUESTED, to: behind[made.FromID], record: made.RecordID, transfer: made.ID})
		})
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

func (w *work) request(ctx context.Context, in RequestTransferInput) (*ent.Transfer, error) {
	if err := w.reachRecord(ctx, "recordId", in.RecordID, access.Read); err != nil {
		return nil, err
	}
	on, err := w.readRecord(ctx, in.RecordID)
	if err != nil {
		return nil, err
	}
	to := w.viewer.ProfessionalID
	if in.ToID != nil {
		to = *in.ToID
	}
	switch {
	case !slices.Contains(w.viewer.Sides(), to):
		return nil, notFound("toId")
	case to == on.OwnerID:
		return nil, ownedAlready("toId")
	case on.Status == record.StatusBINNED:
		return nil, thrownAway()
	}
	if to != w.viewer.ProfessionalID {
		if _, err := w.recipient(ctx, "toId", to); err != nil {
			return nil, err
		}
	}
	return w.insertRequest(ctx, on, to, in)
}

func (w *work) insertRequest(ctx context.Context, on *linkedRecord, to string, in RequestTransferInput) (*ent.Transfer, error) {
	asked, err := w.Transfer.Query().
		Where(transfer.RecordID(on.ID), transfer.ToID(to), transfer.StatusEQ(transfer.StatusREQUESTED)).
		Exist(access.System(ctx, "one open request a record and recipient"))
	if err != nil {
		return nil, err
	}
	if asked {
		return nil, alreadyOffered("recordId")
	}
	policies, err := w.policies(ctx, on.WorkspaceID)
	if err != nil {
		return nil, err
	}
	now, across := access.Now(ctx), on.WorkspaceID != w.viewer.WorkspaceID
	made, err := w.Transfer.Create().SetID(*in.ID).SetRecordID(on.ID).SetMode(transfer.ModeREQUEST).SetStatus(transfer.StatusREQUESTED).
		SetFromID(on.OwnerID).SetFromWorkspaceID(on.WorkspaceID).SetToID(to).SetToWorkspaceID(w.viewer.WorkspaceID).
		SetBaseEpoch(on.OwnerEpoch).SetSharesDefault(sharesDefault(nil, across)).SetNillableMessage(in.Message).
		SetExpiresAt(now.AddDate(0, 0, policies.OfferDays)).
		SetCreatedAt(now).SetCreatedByID(w.viewer.ProfessionalID).SetUpdatedByID(w.viewer.ProfessionalID).
		Save(ctx)
	if clashes(err, transfer.FieldRecordID) {
		return nil, alreadyOffered("recordId")
	}
	return made, taken("id", err)
}
