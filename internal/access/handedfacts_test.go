package access_test

import (
	"context"
	"time"

	"continuum/ent"
	"continuum/ent/consent"
	"continuum/ent/notification"
	"continuum/ent/transfer"
	"continuum/internal/oracle"
	"continuum/schema"
)

// The facts of what is shared and handed over, and what it leaves.

// addTransfer adds an offer by the record's owner, of the record's present epoch, unless
// said otherwise.
func (w *world) addTransfer(t oracle.Transfer) string {
	w.Helper()
	r := w.facts.Records[t.Record]
	if t.Status == "" {
		t.Mode, t.Status = "OFFER", "OFFERED"
	}
	if t.From == "" {
		t.From = r.Owner
	}
	if t.Epoch == 0 {
		t.Epoch = r.Epoch
	}
	t.FromWorkspace, t.ToWorkspace = w.facts.WorkspaceOf(t.From), w.facts.WorkspaceOf(t.To)
	t.Expires = w.facts.Now.Add(14 * 24 * time.Hour)
	name := w.names[t.Record] + " from " + w.names[t.From] + " to " + w.names[t.To]
	return add(w, w.facts.Transfers, schema.TransferPrefix, name, t,
		func(ctx context.Context, tx *ent.Client, id string) error {
			return tx.Transfer.Create().SetID(id).SetRecordID(t.Record).SetMode(transfer.Mode(t.Mode)).
				SetFromID(t.From).SetFromWorkspaceID(t.FromWorkspace).SetToID(t.To).SetToWorkspaceID(t.ToWorkspace).
				SetStatus(transfer.Status(t.Status)).SetBaseEpoch(t.Epoch).SetSharesDefault(transfer.SharesDefaultKEEP).
				SetExpiresAt(t.Expires).SetMessage("message of " + name).SetNillableCreatedByID(optional(t.By)).
				SetNillableNewOwnerID(optional(t.NewOwner)).SetNillableAnsweredByID(optional(t.Answered)).Exec(ctx)
		})
}

func (w *world) saveTransfer(id string) {
	w.Helper()
	t := w.facts.Transfers[id]
	w.write(func(ctx context.Context, tx *ent.Client) error {
		return tx.Transfer.UpdateOneID(id).SetStatus(transfer.Status(t.Status)).
			SetNillableNewOwnerID(optional(t.NewOwner)).SetNillableAnsweredByID(optional(t.Answered)).Exec(ctx)
	})
}

// addCopy seals a copy for the giver of a transfer.
func (w *world) addCopy(transferID string) string {
	w.Helper()
	t := w.facts.Transfers[transferID]
	c := oracle.SealedCopy{Record: t.Record, Transfer: transferID, Holder: t.From}
	return add(w, w.facts.Copies, schema.SealedCopyPrefix, "copy of "+w.names[t.Record], c,
		func(ctx context.Context, tx *ent.Client, id string) error {
			return tx.SealedCopy.Create().SetID(id).SetRecordID(t.Record).SetTransferID(transferID).SetHolderID(t.From).
				SetWorkspaceID(t.FromWorkspace).SetNumber("1").SetManifestHash("hash").SetContent([]byte{1}).Exec(ctx)
		})
}

func (w *world) addConsent(inWorkspace, profileID string) string {
	w.Helper()
	c := oracle.Consent{Workspace: inWorkspace, Profile: profileID, Purpose: "SHARE", Signed: w.facts.Now, Effective: w.facts.Now}
	name := w.names[inWorkspace] + "'s consent of " + w.names[profileID]
	return add(w, w.facts.Consents, schema.ConsentPrefix, name, c,
		func(ctx context.Context, tx *ent.Client, id string) error {
			return tx.Consent.Create().SetID(id).SetWorkspaceID(inWorkspace).SetProfileID(profileID).
				SetPurpose(consent.PurposeSHARE).SetMethod(consent.MethodWRITTEN).
				SetSignedAt(c.Signed).SetEffectiveAt(c.Effective).Exec(ctx)
		})
}

// addEmergency opens a record of somebody's workspace to them, for an hour from now
// unless said otherwise.
func (w *world) addEmergency(e oracle.Emergency) string {
	w.Helper()
	e.Workspace = w.facts.Professionals[e.Professional].Workspace
	if e.From.IsZero() {
		e.From, e.To = w.facts.Now, w.facts.Now.Add(time.Hour)
	}
	name := w.names[e.Professional] + " into " + w.names[e.Record]
	return add(w, w.facts.Emergencies, schema.EmergencyAccessPrefix, name, e,
		func(ctx context.Context, tx *ent.Client, id string) error {
			return tx.EmergencyAccess.Create().SetID(id).SetRecordID(e.Record).SetProfessionalID(e.Professional).
				SetWorkspaceID(e.Workspace).SetReason("reason").SetStartedAt(e.From).SetEndsAt(e.To).Exec(ctx)
		})
}

func (w *world) addNotice(professionalID string) string {
	w.Helper()
	n := oracle.Notice{Professional: professionalID, Kind: "RECORD_SHARED"}
	return add(w, w.facts.Notices, schema.NotificationPrefix, "word to "+w.names[professionalID], n,
		func(ctx context.Context, tx *ent.Client, id string) error {
			return tx.Notification.Create().SetID(id).SetProfessionalID(professionalID).
				SetKind(notification.KindRECORD_SHARED).SetEventID(schema.NewID(schema.EventPrefix)).Exec(ctx)
		})
}
