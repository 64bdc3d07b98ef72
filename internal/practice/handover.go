package practice

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/ent/emergencyaccess"
	"continuum/ent/notification"
	"continuum/ent/predicate"
	"continuum/ent/profile"
	"continuum/ent/record"
	"continuum/ent/recordlink"
	"continuum/ent/share"
	"continuum/ent/transfer"
	"continuum/internal/access"
)

// handedOver is what a hand-over has done.
type handedOver struct {
	transfer *ent.Transfer
	record   *linkedRecord // as it was before
	owner    *recipient
	plan     map[string]string // grantee -> KEEP or DROP, for whom the offer says it
	kept     []*ent.Share
	ended    []*ent.Share
	void     []*ent.Transfer // open transfers that it has ended
	running  []*ent.EmergencyAccess
}

// handOver does what follows when a record has a new owner: see moveRecord. ctx passes
// through the guard's door. Everything that it reads it reads for both sides, neither of
// which may see it all.
func (w *work) handOver(ctx context.Context, t *ent.Transfer, r *linkedRecord, owner *recipient) (*handedOver, error) {
	done := &handedOver{transfer: t, record: r, owner: owner}
	if t.PreviousOwnerKeeps == transfer.PreviousOwnerKeepsSEALED_COPY {
		if err := w.sealCopy(ctx, t, r); err != nil {
			return nil, err
		}
	}
	if err := w.moveShares(ctx, done); err != nil {
		return nil, err
	}
	if err := w.leaveRead(ctx, done); err != nil {
		return nil, err
	}
	if err := w.moveHomes(ctx, done); err != nil {
		return nil, err
	}
	if err := w.endOthers(ctx, done); err != nil {
		return nil, err
	}
	return done, w.findRunning(ctx, done)
}

func (d *handedOver) across() bool { return d.transfer.FromWorkspaceID != d.owner.workspace }

func (d *handedOver) epoch() int { return d.transfer.BaseEpoch + 1 }

// moveRecord changes owner and workspace, unless the record has changed hands meanwhile.
// It is the first row that a hand-over writes: those who hand the same record over at once
// then wait in one line, and not two of them each for a row that the other holds.
func (w *work) moveRecord(ctx context.Context, r *linkedRecord, owner *recipient) error {
	number, err := w.numberIn(ctx, r, owner)
	if err != nil {
		return err
	}
	n, err := w.Record.Update().
		Where(record.ID(r.ID), record.OwnerEpoch(r.OwnerEpoch), record.OwnerID(r.OwnerID)).
		SetOwnerID(owner.id).SetWorkspaceID(owner.workspace).SetOwnerEpoch(r.OwnerEpoch + 1).SetNumber(number).
		AddVersion(1).SetUpdatedAt(access.Now(ctx)).SetUpdatedByID(w.viewer.ProfessionalID).
		Save(ctx)
	if err == nil && n == 0 {
		err = notOpen("id")
	}
	return err
}

// numberIn is the record's number, or another where the new workspace has it already.
func (w *work) numberIn(ctx context.Context, r *linkedRecord, owner *recipient) (string, error) {
	number := r.Number
	if r.WorkspaceID == owner.workspace {
		return number, nil
	}
	for range draws {
		taken, err := w.Record.Query().
			Where(record.WorkspaceID(owner.workspace), record.Number(number)).
			Exist(access.System(ctx, "a number is taken, whoever may see by which record"))
		if err != nil || !taken {
			return number, err
		}
		number = drawNumber(ctx)
	}
	return "", errNumberTaken
}

// moveHomes moves the home of the record's profiles to the new workspace, where the old
// one keeps no live link to them. Nothing else in their rows changes, not even when they
// last did: that would tell others of a record that they do not see.
func (w *work) moveHomes(ctx context.Context, d *handedOver) error {
	if !d.across() {
		return nil
	}
	return w.Profile.Update().
		Where(access.AnyOf(profile.FieldID, d.record.profiles()), profile.HomeWorkspaceID(d.transfer.FromWorkspaceID),
			notLinkedIn(d.transfer.FromWorkspaceID, d.record.ID)).
		SetHomeWorkspaceID(d.owner.workspace).
		Modify(func(u *sql.UpdateBuilder) { u.Set(profile.FieldUpdatedAt, sql.Expr(profile.FieldUpdatedAt)) }).
		Exec(ctx)
}

// notLinkedIn keeps the profiles that no record of a workspace links, but for one; of
// those links that pass the narrowing, where there is any.
func notLinkedIn(workspaceID, butFor string, narrow ...func(*sql.Selector)) predicate.Profile {
	return func(s *sql.Selector) {
		l, r := sql.Table(recordlink.Table).As("l"), sql.Table(record.Table).As("r")
		linked := sql.Dialect(s.Dialect()).Select(l.C(recordlink.FieldID)).From(l).
			Join(r).On(l.C(recordlink.FieldRecordID), r.C(record.FieldID)).
			Where(sql.And(
				sql.ColumnsEQ(l.C(recordlink.FieldProfileID), s.C(profile.FieldID)),
				sql.IsNull(l.C(recordlink.FieldUnlinkedAt)),
				sql.EQ(r.C(record.FieldWorkspaceID), workspaceID),
				sql.NEQ(r.C(record.FieldID), butFor),
			))
		for _, keep := range narrow {
			keep(linked)
		}
		s.Where(sql.NotExists(linked))
	}
}

// endOthers ends the open transfers of the record that its new owner has made void. What
// was over before is left to the clock.
func (w *work) endOthers(ctx context.Context, d *handedOver) error {
	others := []predicate.Transfer{
		transfer.RecordID(d.record.ID), transfer.IDNEQ(d.transfer.ID),
		transfer.StatusIn(transfer.StatusOFFERED, transfer.StatusREQUESTED),
		transfer.ExpiresAtGT(access.Now(ctx)), transfer.Not(that(toClosedUnit)),
	}
	var err error
	d.void, err = w.Transfer.Query().Where(others...).All(access.System(ctx, "what a hand-over makes void"))
	if err != nil || len(d.void) == 0 {
		return err
	}
	now := access.Now(ctx)
	return w.Transfer.Update().Where(others...).SetStatus(transfer.StatusINVALIDATED).
		SetAnsweredAt(now).SetUpdatedAt(now).SetUpdatedByID(w.viewer.ProfessionalID).AddVersion(1).Exec(ctx)
}

// findRunning finds the emergency accesses that go on under the new owner, who is told of
// them as the previous one was.
func (w *work) findRunning(ctx context.Context, d *handedOver) (err error) {
	d.running, err = w.EmergencyAccess.Query().
		Where(emergencyaccess.RecordID(d.record.ID), emergencyaccess.WorkspaceID(d.owner.workspace),
			emergencyaccess.EndsAtGT(access.Now(ctx))).
		All(access.System(ctx, "what the new owner is told of"))
	return err
}

// tellHandedOver leaves the event of a hand-over and tells everybody whom it concerns:
// the previous owner, the new one, those whose share has ended, those whose own transfer is void.
func (w *work) tellHandedOver(ctx context.Context, event string, kind notification.Kind, d *handedOver) error {
	about := func(kind notification.Kind, to []string) notice {
		return notice{kind: kind, to: to, record: d.record.ID, transfer: d.transfer.ID}
	}
	concerned := []string{d.transfer.FromID, d.owner.id}
	topics := append([]string{d.transfer.ID, d.transfer.FromID, d.transfer.ToID, d.owner.id}, d.record.profiles()...)
	for _, s := range d.ended {
		concerned, topics = append(concerned, s.GranteeID), append(topics, s.ID, s.GranteeID)
	}
	for _, t := range d.void {
		concerned, topics = append(concerned, t.ToID), append(topics, t.ID, t.ToID)
	}
	behind, err := w.behind(ctx, concerned...)
	if err != nil {
		return err
	}
	notices := []notice{about(kind, behind[d.transfer.FromID]), about(notification.KindRECORD_ASSIGNED, behind[d.owner.id])}
	for _, s := range d.ended {
		if s.Status == share.StatusACTIVE {
			notices = append(notices, notice{kind: notification.KindACCESS_ENDED, to: behind[s.GranteeID], record: d.record.ID, share: s.ID})
		}
	}
	for _, t := range d.void {
		notices = append(notices, notice{kind: notification.KindTRANSFER_INVALIDATED, to: behind[t.ToID], record: d.record.ID, transfer: t.ID})
	}
	for _, e := range d.running {
		notices = append(notices, notice{kind: notification.KindEMERGENCY_ACCESS, to: behind[d.owner.id], record: d.record.ID, emergency: e.ID})
	}
	return w.tell(ctx, event, d.record.ID, topics, notices...)
}
