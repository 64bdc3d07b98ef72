package practice

import (
	"context"
	"time"

	"continuum/ent"
	"continuum/ent/consent"
	"continuum/ent/notification"
	"continuum/ent/record"
	"continuum/ent/share"
	"continuum/internal/access"
	"continuum/schema"
)

// ShareRecordInput is which record to share, with whom, and how far.
type ShareRecordInput struct {
	ID                   *string
	RecordID             string
	GranteeID            string
	Level                share.Level
	RequiresApproval     *bool
	IncludesConfidential *bool
	ExpiresAt            *time.Time
	ConsentOverride      *string
}

// ShareRecordPayload is what came of ShareRecord.
type ShareRecordPayload struct {
	Outcome
	Share  *ent.Share
	Record *ent.Record
	Reach  *ShareReach
}

// ShareRecord gives access to a record: at once inside the record's workspace, and to
// another workspace once somebody there accepts. It takes FULL on the record, and to
// give FULL, OWNER.
func (p *Practice) ShareRecord(ctx context.Context, in ShareRecordInput) (*ShareRecordPayload, error) {
	var check checks
	in = check.newShare(ctx, in)
	if err := check.err(); err != nil {
		return nil, err
	}
	var out ShareRecordPayload
	err := p.pastVoid(ctx, in.RecordID, func() error {
		return p.change(ctx, schema.ScopeRecordsWrite, &out, func(ctx context.Context, w *work) error {
			what, err := w.plannedShare(ctx, in)
			if err != nil {
				return err
			}
			made, err := w.giveShare(ctx, what)
			if err != nil {
				return err
			}
			reach, err := w.reachOf(ctx, what)
			if err != nil {
				return err
			}
			out = ShareRecordPayload{Share: made.Unwrap(), Record: what.record.Unwrap(), Reach: reach}
			return w.tellShared(ctx, what, made)
		})
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// plannedShare is a checked ShareRecordInput, with the record it opens and to whom.
type plannedShare struct {
	ShareRecordInput
	record  *linkedRecord
	to      *recipient
	missing []string // the profiles whose consent is asked for and missing
}

// across says whether the share leaves the record's workspace.
func (s plannedShare) across() bool { return s.to.workspace != s.record.WorkspaceID }

// overridden says whether it is given although a consent is missing.
func (s plannedShare) overridden() bool { return s.ConsentOverride != nil && len(s.missing) > 0 }

// plannedShare reads what a share is about, and refuses one that may not be.
func (w *work) plannedShare(ctx context.Context, in ShareRecordInput) (plannedShare, error) {
	what := plannedShare{ShareRecordInput: in}
	if err := w.reachRecord(ctx, "recordId", in.RecordID, neededFor(in.Level)); err != nil {
		return what, err
	}
	var err error
	if what.record, err = w.readRecord(ctx, in.RecordID); err != nil {
		return what, err
	}
	if what.to, err = w.recipient(ctx, "granteeId", in.GranteeID); err != nil {
		return what, err
	}
	if err := what.allowed(); err != nil {
		return what, err
	}
	own := what.record.WorkspaceID == w.viewer.WorkspaceID
	if what.ConsentOverride != nil && !own {
		return what, fail(CodeForbidden, "consentOverride", "Only professionals of the record's workspace go on without a consent that it asks for.")
	}
	what.missing, err = w.consented(ctx, consentQuestion{
		workspace: what.record.WorkspaceID, across: what.across(), profiles: what.record.profiles(),
		purpose: consent.PurposeSHARE, target: what.to.id, targetsIn: what.to.workspace,
		override: in.ConsentOverride, field: "recordId",
	})
	// Which consents a workspace keeps is for its own professionals to know.
	if !own {
		what.missing = nil
	}
	return what, err
}

// neededFor is the level that it takes to give a share, or to end one: FULL is the
// owner's alone to give.
func neededFor(level share.Level) access.Level {
	if level == share.LevelFULL {
		return access.Owner
	}
	return access.Full
}

// allowed refuses what cannot be shared so, whoever asks.
func (s plannedShare) allowed() error {
	switch {
	case s.record.Status == record.StatusBINNED:
		return fail(CodeInvalidState, "recordId", "A record that was thrown away cannot be shared.")
	case s.to.id == s.record.OwnerID:
		return fail(CodeInvalid, "granteeId", "The owner has the record already.")
	case s.record.Confidential && !said(s.IncludesConfidential):
		return fail(CodeInvalid, "includesConfidential", confidentialAsWhole)
	}
	return nil
}

const confidentialSince = "The record has become confidential since this was offered; ask for another offer."

const confidentialAsWhole = "The record is confidential as a whole; say so to let others into it."

// said is a yes or no that counts as no when absent.
func said(yes *bool) bool { return yes != nil && *yes }

// giveShare begins the share.
func (w *work) giveShare(ctx context.Context, what plannedShare) (*ent.Share, error) {
	held, err := w.shareOf(ctx, what)
	if err != nil {
		return nil, err
	}
	if held != nil {
		return nil, alreadyShared()
	}
	row := w.Share.Create().SetID(*what.ID).SetRecordID(what.record.ID).SetGranteeID(what.to.id).SetLevel(what.Level).
		SetRequiresApproval(said(what.RequiresApproval)).SetIncludesConfidential(said(what.IncludesConfidential)).
		SetStartsAt(access.Now(ctx)).SetNillableExpiresAt(what.ExpiresAt).SetEpoch(what.record.OwnerEpoch).
		SetStatus(share.StatusACTIVE).SetCreatedAt(access.Now(ctx)).
		SetCreatedByID(w.viewer.ProfessionalID).SetUpdatedByID(w.viewer.ProfessionalID)
	if what.across() {
		row.SetStatus(share.StatusPENDING)
	}
	if what.overridden() {
		row.SetConsentOverride(*what.ConsentOverride)
	}
	made, err := row.Save(ctx)
	if clashes(err, share.FieldGranteeID) {
		return nil, alreadyShared()
	}
	return made, taken("id", err)
}

func alreadyShared() *Error {
	return fail(CodeAlreadyShared, "granteeId", "The record is shared with them already; change that share instead.")
}

// shareOf reads the share of the record that the grantee has already, or nil.
func (w *work) shareOf(ctx context.Context, what plannedShare) (*ent.Share, error) {
	found, err := w.Share.Query().
		Where(share.RecordID(what.record.ID), share.GranteeID(what.to.id),
			share.StatusIn(share.StatusPENDING, share.StatusACTIVE)).
		All(ctx)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// runOut says whether the clock has ended something.
func runOut(expires *time.Time, now time.Time) bool { return expires != nil && !expires.After(now) }

// tellShared leaves the event of a new share, and tells those whom it reaches.
func (w *work) tellShared(ctx context.Context, what plannedShare, made *ent.Share) error {
	behind, err := w.behind(ctx, what.to.id)
	if err != nil {
		return err
	}
	event, kind := "record.shared", notification.KindRECORD_SHARED
	if what.across() {
		event, kind = "record.share_offered", notification.KindSHARE_OFFERED
	}
	if what.overridden() {
		event += "_without_consent"
	}
	return w.tell(ctx, event, what.record.ID, shareTopics(what.record, made),
		notice{kind: kind, to: behind[what.to.id], record: what.record.ID, share: made.ID})
}

// shareTopics is whose screens show what happened to a share.
func shareTopics(r *linkedRecord, s *ent.Share) []string {
	return append([]string{s.ID, s.GranteeID}, r.profiles()...)
}
