package practice

import (
	"context"

	"continuum/ent"
	"continuum/ent/notification"
	"continuum/internal/access"
	"continuum/schema"
)

// DeclineTransferInput is which transfer to decline, and why.
type DeclineTransferInput struct {
	ID     string
	Reason *string
}

// DeclineTransferPayload is what came of DeclineTransfer.
type DeclineTransferPayload struct {
	Outcome
	Transfer *ent.Transfer
}

// DeclineTransfer refuses an offer, which is the receiver's to do, or a request, which is
// the owner's.
func (p *Practice) DeclineTransfer(ctx context.Context, in DeclineTransferInput) (*DeclineTransferPayload, error) {
	var out DeclineTransferPayload
	err := p.endTransfer(ctx, decline, in.ID, in.Reason, "transfer.declined", notification.KindTRANSFER_DECLINED, &out, &out.Transfer)
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// WithdrawTransferInput is which transfer to take back, and why.
type WithdrawTransferInput struct {
	ID     string
	Reason *string
}

// WithdrawTransferPayload is what came of WithdrawTransfer.
type WithdrawTransferPayload struct {
	Outcome
	Transfer *ent.Transfer
}

// WithdrawTransfer takes an offer back, which is the owner's to do, or a request, which is
// that of those who asked.
func (p *Practice) WithdrawTransfer(ctx context.Context, in WithdrawTransferInput) (*WithdrawTransferPayload, error) {
	var out WithdrawTransferPayload
	err := p.endTransfer(ctx, withdraw, in.ID, in.Reason, "transfer.withdrawn", notification.KindTRANSFER_WITHDRAWN, &out, &out.Transfer)
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// endTransfer ends a transfer without a hand-over, tells the other side, and puts it into
// its place in the payload.
func (p *Practice) endTransfer(
	ctx context.Context, does act, id string, reason *string, event string, kind notification.Kind, out any, ended **ent.Transfer,
) error {
	var check checks
	reason = check.prose("reason", reason, reasonLetters)
	if err := check.err(); err != nil {
		return err
	}
	return p.change(ctx, schema.ScopeRecordsWrite, out, func(ctx context.Context, w *work) error {
		t, next, err := w.openTransfer(ctx, "id", id, does)
		if err != nil {
			return err
		}
		other := t.ToID
		if next.by == receiver {
			other = t.FromID
		}
		err = w.turn(ctx, "id", t, next, func(update *ent.TransferUpdate) {
			update.SetAnsweredAt(access.Now(ctx)).SetAnsweredByID(w.viewer.ProfessionalID).SetNillableAnswerReason(reason)
		})
		if err != nil {
			return err
		}
		*ended = t.Unwrap()
		behind, err := w.behind(ctx, other)
		if err != nil {
			return err
		}
		return w.tell(ctx, event, t.ID, transferTopics(t.Transfer),
			notice{kind: kind, to: behind[other], record: t.RecordID, transfer: t.ID})
	})
}
