package practice

import (
	"context"
	"slices"
	"time"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/ent/notification"
	"continuum/ent/record"
	"continuum/ent/share"
	"continuum/internal/access"
	"continuum/schema"
)

// RevokeShareInput is which share to end, and why.
type RevokeShareInput struct {
	ID     string
	Reason *string
}

// RevokeSharePayload is what came of RevokeShare.
type RevokeSharePayload struct {
	Outcome
	Share *ent.Share
}

// RevokeShare ends a share, or takes one back that nobody has accepted yet: access ends at
// once and nothing else does. It takes FULL on the record, and OWNER for a FULL share.
func (p *Practice) RevokeShare(ctx context.Context, in RevokeShareInput) (*RevokeSharePayload, error) {
	var check checks
	in.Reason = check.prose("reason", in.Reason, reasonLetters)
	if err := check.err(); err != nil {
		return nil, err
	}
	var out RevokeSharePayload
	err := p.change(ctx, schema.ScopeRecordsWrite, &out, func(ctx context.Context, w *work) error {
		given, on, err := w.managedShare(ctx, in.ID)
		if err != nil {
			return err
		}
		ended, err := w.endShare(ctx, given, share.StatusREVOKED, in.Reason)
		if err != nil {
			return err
		}
		out.Share = ended.Unwrap()
		behind, err := w.behind(ctx, given.GranteeID)
		if err != nil {
			return err
		}
		return w.tell(ctx, "record.unshared", on.ID, shareTopics(on, given),
			notice{kind: notification.KindACCESS_ENDED, to: behind[given.GranteeID], record: on.ID, share: given.ID})
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// LeaveRecordInput is which record to leave, for whom, and why.
type LeaveRecordInput struct {
	RecordID  string
	GranteeID *string
	Reason    *string
}

// LeaveRecordPayload is what came of LeaveRecord.
type LeaveRecordPayload struct {
	Outcome
	Share *ent.Share
}

// LeaveRecord gives back the viewer's own share of a record, that of a unit that they
// answer for, or that of the workspace that they oversee.
func (p *Practice) LeaveRecord(ctx context.Context, in LeaveRecordInput) (*LeaveRecordPayload, error) {
	var check checks
	in.Reason = check.prose("reason", in.Reason, reasonLetters)
	if err := check.err(); err != nil {
		return nil, err
	}
	var out LeaveRecordPayload
	err := p.change(ctx, schema.ScopeRecordsWrite, &out, func(ctx context.Context, w *work) error {
		held, on, err := w.heldShare(ctx, in)
		if err != nil {
			return err
		}
		left, err := w.endShare(ctx, held, share.StatusLEFT, in.Reason)
		if err != nil {
			return err
		}
		out.Share = left.Unwrap()
		behind, err := w.behind(ctx, on.OwnerID)
		if err != nil {
			return err
		}
		return w.tell(ctx, "record.left", on.ID, shareTopics(on, held),
			notice{kind: notification.KindACCESS_ENDED, to: behind[on.OwnerID], record: on.ID, share: held.ID})
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// seenShare reads a share that the viewer sees.
func (w *work) seenShare(ctx context.Context, id string) (*ent.Share, error) {
	if err := w.needs(schema.ScopeRecordsRead); err != nil {
		return nil, err
	}
	if !schema.ValidID(schema.SharePrefix, id) {
		return nil, notFound("id")
	}
	found, err := w.Share.Query().Where(share.ID(id)).All(ctx)
	return theOne("id", found, err)
}

// managedShare reads a live share that the viewer may change or end, and its record.
func (w *work) managedShare(ctx context.Context, id string) (*ent.Share, *linkedRecord, error) {
	given, err := w.seenShare(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	level, err := access.RecordLevel(ctx, w.Client, given.RecordID)
	if err != nil {
		return nil, nil, err
	}
	if level < neededFor(given.Level) {
		return nil, nil, fail(CodeForbidden, "id", "Your level on the record does not let you change this share.")
	}
	on, err := w.readRecord(ctx, given.RecordID)
	if err != nil {
		return nil, nil, err
	}
	if !on.lets(given, access.Now(ctx)) {
		return nil, nil, fail(CodeInvalidState, "id", "This share has ended.")
	}
	return given, on, nil
}

// heldShare reads the live share by which the viewer, or whom they answer for, holds a record.
func (w *work) heldShare(ctx context.Context, in LeaveRecordInput) (*ent.Share, *linkedRecord, error) {
	if err := w.needs(schema.ScopeRecordsRead); err != nil {
		return nil, nil, err
	}
	if !schema.ValidID(schema.RecordPrefix, in.RecordID) {
		return nil, nil, notFound("recordId")
	}
	holder := w.viewer.ProfessionalID
	if in.GranteeID != nil {
		holder = *in.GranteeID
	}
	if !slices.Contains(w.givesBackFor(), holder) {
		return nil, nil, notFound("granteeId")
	}
	found, err := w.Share.Query().
		Where(share.RecordID(in.RecordID), share.GranteeID(holder), share.StatusEQ(share.StatusACTIVE)).
		All(ctx)
	if err != nil {
		return nil, nil, err
	}
	if len(found) == 0 {
		return nil, nil, notFound("recordId")
	}
	on, err := w.readRecord(access.System(ctx, "what a share that is given back is about"), in.RecordID)
	if err != nil {
		return nil, nil, err
	}
	if !on.lets(found[0], access.Now(ctx)) {
		return nil, nil, notFound("recordId")
	}
	return found[0], on, nil
}

// givesBackFor lists for whom the viewer may give a share back: a member alone does not
// close a record to the whole unit.
func (w *work) givesBackFor() []string {
	holders := w.viewer.Owns()
	if w.viewer.Oversees() {
		holders = append(holders, w.viewer.WorkspaceID)
	}
	return holders
}

// lets says whether a share is on offer or live: neither ended, nor run out by the clock,
// nor of an owner before, nor of a record that was thrown away.
func (r *linkedRecord) lets(s *ent.Share, now time.Time) bool {
	return (s.Status == share.StatusACTIVE || s.Status == share.StatusPENDING) &&
		!runOut(s.ExpiresAt, now) && s.Epoch == r.OwnerEpoch && r.Status != record.StatusBINNED
}

// endShare ends a share and keeps it: what was, can be told.
func (w *work) endShare(ctx context.Context, s *ent.Share, as share.Status, reason *string) (*ent.Share, error) {
	now := access.Now(ctx)
	return w.Share.UpdateOneID(s.ID).SetStatus(as).SetEndedAt(now).SetEndedByID(w.viewer.ProfessionalID).
		SetNillableEndReason(reason).AddVersion(1).SetUpdatedAt(now).SetUpdatedByID(w.viewer.ProfessionalID).
		Modify(neverHeld(now)).
		Save(ctx)
}

// neverHeld lets a share that nobody has taken begin as it ends, so that the past tells
// of no access that it never gave.
func neverHeld(end time.Time) func(*sql.UpdateBuilder) {
	return func(u *sql.UpdateBuilder) {
		u.Set(share.FieldStartsAt, sql.ExprFunc(func(b *sql.Builder) {
			b.WriteString("CASE WHEN status = 'PENDING' THEN ").Arg(end).WriteString(" ELSE starts_at END")
		}))
	}
}
