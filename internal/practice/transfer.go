package practice

import (
	"context"
	"time"

	"continuum/ent"
	"continuum/ent/consent"
	"continuum/ent/notification"
	"continuum/ent/record"
	"continuum/ent/transfer"
	"continuum/internal/access"
	"continuum/schema"
)

// TransferRecordInput is which record to offer to whom, and on which terms.
type TransferRecordInput struct {
	ID                   *string
	RecordID             string
	ToID                 *string
	RequestID            *string
	Message              *string
	IncludesConfidential *bool
	PreviousOwnerKeeps   *transfer.PreviousOwnerKeeps
	KeepUntil            *time.Time
	SharesDefault        *transfer.SharesDefault
	Shares               []*SharePlan
	ConsentOverride      *string
}

// SharePlan is what becomes of one share when a record is handed over.
type SharePlan struct {
	ShareID string
	Keep    bool
}

// TransferRecordPayload is what came of TransferRecord.
type TransferRecordPayload struct {
	Outcome
	Transfer          *ent.Transfer
	ConsentMissingIDs []string // the profiles for which a consent is asked for and missing
}

// TransferRecord offers a record to a professional, a unit or another workspace, or turns
// somebody's request into an offer. Nothing changes until it is accepted. It is for the
// record's owner.
func (p *Practice) TransferRecord(ctx context.Context, in TransferRecordInput) (*TransferRecordPayload, error) {
	var check checks
	in = check.offer(ctx, in)
	if err := check.err(); err != nil {
		return nil, err
	}
	var out TransferRecordPayload
	err := p.pastVoid(ctx, in.RecordID, func() error {
		return p.change(ctx, schema.ScopeRecordsWrite, &out, func(ctx context.Context, w *work) error {
			what, err := w.plannedOffer(ctx, in)
			if err != nil {
				return err
			}
			made, err := w.offer(ctx, what)
			if err != nil {
				return err
			}
			out = TransferRecordPayload{Transfer: made.Unwrap(), ConsentMissingIDs: what.missing}
			return w.tellOffered(ctx, what, made)
		})
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// plannedOffer is a checked TransferRecordInput, with the record it is about and to whom.
type plannedOffer struct {
	TransferRecordInput
	record  *linkedRecord
	to      *recipient
	request *openTransfer // that it answers, or nil
	grants  arrow         // by which it answers the request
	expires time.Time
	missing []string // the profiles whose consent is asked for and missing
}

func (o plannedOffer) across() bool { return o.to.workspace != o.record.WorkspaceID }

// overridden says whether it is offered although a consent is missing.
func (o plannedOffer) overridden() bool { return o.ConsentOverride != nil && len(o.missing) > 0 }

// plannedOffer reads what an offer is about, and refuses one that may not be made.
func (w *work) plannedOffer(ctx context.Context, in TransferRecordInput) (plannedOffer, error) {
	what := plannedOffer{TransferRecordInput: in}
	if err := w.reachRecord(ctx, "recordId", in.RecordID, access.Owner); err != nil {
		return what, err
	}
	if err := w.parties(ctx, &what); err != nil {
		return what, err
	}
	if err := what.allowed(); err != nil {
		return what, err
	}
	if err := w.plans(ctx, what); err != nil {
		return what, err
	}
	policies, err := w.policies(ctx, what.record.WorkspaceID)
	if err != nil {
		return what, err
	}
	what.expires = access.Now(ctx).AddDate(0, 0, policies.OfferDays)
	what.missing, err = w.consented(ctx, consentQuestion{
		workspace: what.record.WorkspaceID, across: what.across(), profiles: what.record.profiles(),
		purpose: consent.PurposeTRANSFER, target: what.to.id, targetsIn: what.to.workspace,
		override: in.ConsentOverride, field: "recordId",
	})
	return what, err
}

// parties reads the record of an offer and who is to receive it: whom the input names, or
// whoever made the request that it answers.
func (w *work) parties(ctx context.Context, what *plannedOffer) (err error) {
	if what.RequestID == nil {
		if what.record, err = w.readRecord(ctx, what.RecordID); err != nil {
			return err
		}
		what.to, err = w.recipient(ctx, "toId", *what.ToID)
		return err
	}
	what.request, what.grants, err = w.openTransfer(ctx, "requestId", *what.RequestID, grant)
	if err != nil {
		return err
	}
	if what.request.RecordID != what.RecordID {
		return notFound("requestId")
	}
	if !what.request.to.works {
		return fail(CodeInvalidState, "requestId", "Whoever asked for the record is no longer there to receive it.")
	}
	what.record, what.to = what.request.record, what.request.to
	return nil
}

// allowed refuses what cannot be offered so, whoever asks.
func (o plannedOffer) allowed() error {
	switch {
	case o.record.Status == record.StatusBINNED:
		return thrownAway()
	case o.to.id == o.record.OwnerID:
		return ownedAlready("toId")
	case o.record.Confidential && !said(o.IncludesConfidential):
		return fail(CodeInvalid, "includesConfidential", confidentialAsWhole)
	}
	return nil
}

// offer opens the offer, unless there is one already.
func (w *work) offer(ctx context.Context, what plannedOffer) (*ent.Transfer, error) {
	open, err := w.Transfer.Query().
		Where(transfer.RecordID(what.record.ID), transfer.StatusEQ(transfer.StatusOFFERED)).
		Exist(access.System(ctx, "one open offer a record"))
	if err != nil {
		return nil, err
	}
	if open {
		return nil, alreadyOffered("recordId")
	}
	if what.request == nil {
		return w.insertOffer(ctx, what)
	}
	err = w.turn(ctx, "requestId", what.request, what.grants, func(update *ent.TransferUpdate) {
		what.setTerms(update.Mutation())
	})
	return what.request.Transfer, err
}

func (w *work) insertOffer(ctx context.Context, what plannedOffer) (*ent.Transfer, error) {
	row := w.Transfer.Create().SetID(*what.ID).SetRecordID(what.record.ID).SetMode(transfer.ModeOFFER).SetStatus(transfer.StatusOFFERED).
		SetFromID(what.record.OwnerID).SetFromWorkspaceID(what.record.WorkspaceID).
		SetToID(what.to.id).SetToWorkspaceID(what.to.workspace).SetBaseEpoch(what.record.OwnerEpoch).
		SetCreatedAt(access.Now(ctx)).SetCreatedByID(w.viewer.ProfessionalID).SetUpdatedByID(w.viewer.ProfessionalID)
	what.setTerms(row.Mutation())
	made, err := row.Save(ctx)
	if clashes(err, transfer.FieldRecordID) {
		return nil, alreadyOffered("recordId")
	}
	return made, taken("id", err)
}

func alreadyOffered(field string) *Error {
	return fail(CodeAlreadyOffered, field, "There is an open transfer of this record already.")
}

func ownedAlready(field string) *Error {
	return fail(CodeInvalid, field, "They own the record already.")
}

func thrownAway() *Error {
	return fail(CodeInvalidState, "recordId", "A record that was thrown away cannot be handed over.")
}

// setTerms writes what the offer says.
func (o plannedOffer) setTerms(m *ent.TransferMutation) {
	m.SetIncludesConfidential(said(o.IncludesConfidential))
	m.SetPreviousOwnerKeeps(*o.PreviousOwnerKeeps)
	m.SetSharesDefault(sharesDefault(o.SharesDefault, o.across()))
	m.SetSharePlan(o.plan())
	m.SetExpiresAt(o.expires)
	if o.KeepUntil != nil {
		m.SetKeepUntil(*o.KeepUntil)
	}
	if o.Message != nil {
		m.SetMessage(*o.Message)
	}
	if o.overridden() {
		m.SetConsentOverride(*o.ConsentOverride)
	}
}

// tellOffered leaves the event of an offer, and tells those who may answer it.
func (w *work) tellOffered(ctx context.Context, what plannedOffer, made *ent.Transfer) error {
	behind, err := w.behind(ctx, what.to.id)
	if err != nil {
		return err
	}
	event := "transfer.offered"
	if what.overridden() {
		event += "_without_consent"
	}
	return w.tell(ctx, event, made.ID, transferTopics(made),
		notice{kind: notification.KindTRANSFER_OFFERED, to: behind[what.to.id], record: made.RecordID, transfer: made.ID})
}

// transferTopics is whose screens show what happens to a transfer.
func transferTopics(t *ent.Transfer) []string { return []string{t.RecordID, t.FromID, t.ToID} }
