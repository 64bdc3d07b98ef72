package practice

import (
	"context"
	"slices"
	"time"

	"continuum/ent"
	"continuum/ent/record"
	"continuum/ent/transfer"
	"continuum/internal/access"
	"continuum/schema"
)

// act is what may be done to an open transfer.
type act string

// The acts.
const (
	grant    act = "grant" // turn a request into an offer
	accept   act = "accept"
	decline  act = "decline"
	withdraw act = "withdraw"
)

// side is who may do it.
type side string

// The sides: the record's owner, and those for whom it is received.
const (
	giver    side = "giver"
	receiver side = "receiver"
)

type arrow struct {
	to transfer.Status
	by side
}

// transferArrows is the state machine of transfers. A status that is missing here is an
// end. Besides, the clock turns what is open into EXPIRED, and into INVALIDATED what has
// become void: the record was thrown away or has another owner, or the unit is closed
// (see tidy.go; a read does not wait for it).
//
//	           grant          accept
//	REQUESTED ------> OFFERED ------> ACCEPTED <------ assigned
//	    |                |
//	    +-- decline, withdraw, the clock --> DECLINED, WITHDRAWN, EXPIRED, INVALIDATED
var transferArrows = map[transfer.Status]map[act]arrow{
	transfer.StatusREQUESTED: {
		grant:    {transfer.StatusOFFERED, giver},
		decline:  {transfer.StatusDECLINED, giver},
		withdraw: {transfer.StatusWITHDRAWN, receiver},
	},
	transfer.StatusOFFERED: {
		accept:   {transfer.StatusACCEPTED, receiver},
		decline:  {transfer.StatusDECLINED, receiver},
		withdraw: {transfer.StatusWITHDRAWN, giver},
	},
}

// openTransfer is a transfer with what its state hangs on.
type openTransfer struct {
	*ent.Transfer
	record *linkedRecord
	to     *recipient
}

// across says whether the record leaves its workspace.
func (t *openTransfer) across() bool { return t.FromWorkspaceID != t.ToWorkspaceID }

func notOpen(field string) *Error {
	return fail(CodeTransferNotOpen, field, "This transfer is no longer open.")
}

// openTransfer reads a transfer on which the viewer may act so, and refuses any other: one
// that they do not see, one that is not open, one that is for the other side.
func (w *work) openTransfer(ctx context.Context, field, id string, does act) (*openTransfer, arrow, error) {
	row, err := w.seenTransfer(ctx, field, id)
	if err != nil {
		return nil, arrow{}, err
	}
	next, known := transferArrows[row.Status][does]
	if !known {
		return nil, next, notOpen(field)
	}
	t := &openTransfer{Transfer: row}
	if err := w.readFacts(ctx, t); err != nil {
		return nil, next, err
	}
	switch {
	case !t.isOpen(access.Now(ctx)):
		return nil, next, notOpen(field)
	case !w.stands(next.by, row):
		return nil, next, fail(CodeForbidden, field, "This is for the other side of the transfer to do.")
	}
	return t, next, nil
}

// seenTransfer reads a transfer that the viewer sees.
func (w *work) seenTransfer(ctx context.Context, field, id string) (*ent.Transfer, error) {
	if err := w.needs(schema.ScopeRecordsRead); err != nil {
		return nil, err
	}
	if !schema.ValidID(schema.TransferPrefix, id) {
		return nil, notFound(field)
	}
	found, err := w.Transfer.Query().Where(transfer.ID(id)).All(ctx)
	return theOne(field, found, err)
}

// readFacts reads the record and the recipient, whom the other side may not see.
func (w *work) readFacts(ctx context.Context, t *openTransfer) (err error) {
	if t.record, err = w.readRecord(access.System(ctx, "what a transfer is about"), t.RecordID); err != nil {
		return err
	}
	found, err := w.recipients(ctx, t.ToID)
	t.to = found[t.ToID]
	return err
}

// isOpen says whether a transfer still waits for an answer: by the clock, and by the facts.
// One to somebody who has left does, so that it can be taken back.
func (t *openTransfer) isOpen(now time.Time) bool {
	return t.ExpiresAt.After(now) && t.BaseEpoch == t.record.OwnerEpoch &&
		t.record.Status != record.StatusBINNED && t.to != nil && !t.to.closed
}

// stands says whether the viewer is on a side of a transfer.
func (w *work) stands(on side, t *ent.Transfer) bool {
	if on == giver {
		return slices.Contains(w.viewer.Owns(), t.FromID)
	}
	return slices.Contains(w.viewer.Answers(), t.ToID)
}

// turn follows an arrow, unless another answer was faster.
func (w *work) turn(ctx context.Context, field string, t *openTransfer, next arrow, set func(*ent.TransferUpdate)) error {
	now := access.Now(ctx)
	update := w.Transfer.Update().Where(transfer.ID(t.ID), transfer.StatusEQ(t.Status)).
		SetStatus(next.to).AddVersion(1).SetUpdatedAt(now).SetUpdatedByID(w.viewer.ProfessionalID)
	set(update)
	n, err := update.Save(ctx)
	switch {
	case clashes(err, transfer.FieldRecordID):
		return alreadyOffered(field)
	case err != nil:
		return err
	case n == 0:
		return notOpen(field)
	}
	fresh, err := w.Transfer.Query().Where(transfer.ID(t.ID)).Only(ctx)
	if err != nil {
		return err
	}
	t.Transfer = fresh
	return nil
}
