package practice

import (
	"context"
	"slices"

	"continuum/ent"
	"continuum/ent/notification"
	"continuum/ent/share"
	"continuum/internal/access"
	"continuum/schema"
)

// AcceptShareInput is which share to accept.
type AcceptShareInput struct{ ID string }

// AcceptSharePayload is what came of AcceptShare.
type AcceptSharePayload struct {
	Outcome
	Share *ent.Share
}

// AcceptShare takes a share from another workspace, which opens the record from now on.
// It is for the professional it is offered to, a member of the unit, or those who oversee
// the workspace.
func (p *Practice) AcceptShare(ctx context.Context, in AcceptShareInput) (*AcceptSharePayload, error) {
	var out AcceptSharePayload
	err := p.change(ctx, schema.ScopeRecordsWrite, &out, func(ctx context.Context, w *work) error {
		offered, on, err := w.offeredShare(ctx, in.ID)
		if err != nil {
			return err
		}
		if on.Confidential && !offered.IncludesConfidential {
			return fail(CodeInvalidState, "id", confidentialSince)
		}
		if err := w.shareConsented(ctx, offered, on, true); err != nil {
			return err
		}
		out.Share, err = w.answerShare(ctx, offered, share.StatusACTIVE, nil)
		if err != nil {
			return err
		}
		return w.tell(ctx, "record.share_accepted", on.ID, shareTopics(on, offered),
			notice{kind: notification.KindSHARE_ACCEPTED, to: []string{offered.CreatedByID}, record: on.ID, share: offered.ID})
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// DeclineShareInput is which share to decline, and why.
type DeclineShareInput struct {
	ID     string
	Reason *string
}

// DeclineSharePayload is what came of DeclineShare.
type DeclineSharePayload struct {
	Outcome
	Share *ent.Share
}

// DeclineShare refuses a share from another workspace. It is for those who may accept it.
func (p *Practice) DeclineShare(ctx context.Context, in DeclineShareInput) (*DeclineSharePayload, error) {
	var check checks
	in.Reason = check.prose("reason", in.Reason, reasonLetters)
	if err := check.err(); err != nil {
		return nil, err
	}
	var out DeclineSharePayload
	err := p.change(ctx, schema.ScopeRecordsWrite, &out, func(ctx context.Context, w *work) error {
		offered, on, err := w.offeredShare(ctx, in.ID)
		if err != nil {
			return err
		}
		out.Share, err = w.answerShare(ctx, offered, share.StatusDECLINED, in.Reason)
		if err != nil {
			return err
		}
		return w.tell(ctx, "record.share_declined", on.ID, shareTopics(on, offered),
			notice{kind: notification.KindSHARE_DECLINED, to: []string{offered.CreatedByID}, record: on.ID, share: offered.ID})
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// offeredShare reads a share that waits for the viewer's answer, and the record it would open.
func (w *work) offeredShare(ctx context.Context, id string) (*ent.Share, *linkedRecord, error) {
	offered, err := w.seenShare(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	if !slices.Contains(w.viewer.Answers(), offered.GranteeID) {
		return nil, nil, fail(CodeForbidden, "id", "This share is for somebody else to answer.")
	}
	on, err := w.readRecord(access.System(ctx, "what a share that waits for an answer is about"), offered.RecordID)
	if err != nil {
		return nil, nil, err
	}
	if offered.Status != share.StatusPENDING || !on.lets(offered, access.Now(ctx)) {
		return nil, nil, fail(CodeInvalidState, "id", "This share does not wait for an answer.")
	}
	return offered, on, nil
}

// answerShare turns an offered share, unless another answer was faster.
func (w *work) answerShare(ctx context.Context, offered *ent.Share, to share.Status, reason *string) (*ent.Share, error) {
	now := access.Now(ctx)
	update := w.Share.Update().Where(share.ID(offered.ID), share.StatusEQ(share.StatusPENDING)).
		SetStatus(to).AddVersion(1).SetUpdatedAt(now).SetUpdatedByID(w.viewer.ProfessionalID)
	answered := *offered
	answered.Status, answered.Version, answered.UpdatedAt, answered.UpdatedByID = to, offered.Version+1, now, w.viewer.ProfessionalID
	if to == share.StatusACTIVE {
		update.SetStartsAt(now)
		answered.StartsAt = now
	} else {
		update.SetEndedAt(now).SetEndedByID(w.viewer.ProfessionalID).SetNillableEndReason(reason)
		answered.EndedAt, answered.EndedByID, answered.EndReason = &now, w.viewer.ProfessionalID, reason
	}
	n, err := update.Save(ctx)
	if err == nil && n == 0 {
		err = fail(CodeInvalidState, "id", "This share does not wait for an answer.")
	}
	return answered.Unwrap(), err
}
