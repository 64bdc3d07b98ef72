package practice

import (
	"context"

	"continuum/ent"
	"continuum/ent/consent"
	"continuum/ent/notification"
	"continuum/ent/principal"
	"continuum/ent/record"
	"continuum/internal/access"
	"continuum/schema"
)

// AcceptTransferInput is which transfer to accept, and who is to own the record.
type AcceptTransferInput struct {
	ID      string
	OwnerID *string
}

// AcceptTransferPayload is what came of AcceptTransfer.
type AcceptTransferPayload struct {
	Outcome
	Transfer *ent.Transfer
	Record   *ent.Record
}

// AcceptTransfer takes a record over, in one transaction: its owner and workspace change,
// its profiles follow, the shares that the offer keeps stay and the others end, and the
// previous owner keeps what the offer says. It is for the professional it is offered to, a
// member of the unit, or those who oversee the workspace, who say which professional or
// unit of theirs is to own it.
func (p *Practice) AcceptTransfer(ctx context.Context, in AcceptTransferInput) (*AcceptTransferPayload, error) {
	var out AcceptTransferPayload
	err := p.change(ctx, schema.ScopeRecordsWrite, &out, func(ctx context.Context, w *work) error {
		t, next, err := w.openTransfer(ctx, "id", in.ID, accept)
		if err != nil {
			return err
		}
		owner, err := w.newOwner(ctx, t, in.OwnerID)
		if err != nil {
			return err
		}
		if t.record.Confidential && !t.IncludesConfidential {
			return fail(CodeInvalidState, "id", confidentialSince)
		}
		if err := w.transferStillConsented(ctx, t); err != nil {
			return err
		}
		through, err := access.HandOver(ctx, w.Client, t.ID)
		if err != nil {
			return err
		}
		if err := w.moveRecord(through, t.record, owner); err != nil {
			return err
		}
		err = w.turn(through, "id", t, next, func(update *ent.TransferUpdate) {
			update.SetAnsweredAt(access.Now(ctx)).SetAnsweredByID(w.viewer.ProfessionalID).SetNewOwnerID(owner.id)
		})
		if err != nil {
			return err
		}
		done, err := w.handOver(through, t.Transfer, t.record, owner)
		if err != nil {
			return err
		}
		out.Transfer = t.Unwrap()
		if out.Record, err = w.asSeen(ctx, t.RecordID); err != nil {
			return err
		}
		return w.tellHandedOver(ctx, "record.transferred", notification.KindTRANSFER_ACCEPTED, done)
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// newOwner is who owns the record from now on: whom it was offered to or, where that is a
// workspace, the professional or the unit of it that the input names, the viewer by default.
func (w *work) newOwner(ctx context.Context, t *openTransfer, named *string) (*recipient, error) {
	if t.to.kind != principal.KindWORKSPACE {
		if named != nil && *named != t.ToID {
			return nil, fail(CodeInvalid, "ownerId", "The record is offered to one owner; nobody else can be named.")
		}
		return t.to, nil
	}
	id := w.viewer.ProfessionalID
	if named != nil {
		id = *named
	}
	owner, err := w.recipient(ctx, "ownerId", id)
	if err != nil {
		return nil, err
	}
	if owner.workspace != t.ToWorkspaceID || owner.kind == principal.KindWORKSPACE || !owner.acts {
		return nil, notFound("ownerId")
	}
	if owner.id == t.record.OwnerID {
		return nil, ownedAlready("ownerId")
	}
	return owner, nil
}

// transferStillConsented asks again for the consents, which may have ended since the offer.
func (w *work) transferStillConsented(ctx context.Context, t *openTransfer) error {
	_, err := w.consented(ctx, t.consentQuestion())
	return err
}

// consentQuestion is what an offer that was made asks of the consents.
func (t *openTransfer) consentQuestion() consentQuestion {
	return consentQuestion{
		workspace: t.FromWorkspaceID, across: t.across(), profiles: t.record.profiles(),
		purpose: consent.PurposeTRANSFER, target: t.ToID, targetsIn: t.ToWorkspaceID,
		override: t.ConsentOverride, again: true, field: "id",
	}
}

// asSeen reads a record as the viewer sees it now, which may be that it exists and no more.
func (w *work) asSeen(ctx context.Context, id string) (*ent.Record, error) {
	row, err := w.Record.Query().Where(record.ID(id)).Only(ctx)
	if err != nil {
		return nil, err
	}
	return row.Unwrap(), nil
}
