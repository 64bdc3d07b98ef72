package graph_test

import (
	"context"
	"time"

	"continuum/ent"
	"continuum/ent/consent"
	"continuum/ent/contact"
	"continuum/ent/contactlink"
	"continuum/ent/notification"
	"continuum/ent/share"
	"continuum/ent/transfer"
	"continuum/internal/access"
	"continuum/schema"
)

const (
	soonOver = -time.Hour      // over an hour ago
	forLong  = 240 * time.Hour // lasts for days
)

// addHanded adds to the demo what nobody reads a record by: shares that wait or have
// ended, transfers in every state, and what is consented to and told.
func (h *house) addHanded() {
	h.t.Helper()
	known := h.names()
	h.change(func(ctx context.Context, tx *ent.Client) error {
		for _, add := range []func(context.Context, *ent.Client, map[string]string) error{
			addHandedShares, addHandedTransfers, addHandedConsents, addHandedEmergencies, addHandedNotices,
		} {
			if err := add(ctx, tx, known); err != nil {
				return err
			}
		}
		return nil
	})
}

func addHandedShares(ctx context.Context, tx *ent.Client, known map[string]string) error {
	for _, s := range []struct {
		record, grantee, giver string
		status                 share.Status
		expires                time.Duration
		override               string
	}{
		{"Learning assessment", "Sol Ayala@", "Bob Gagnon@school", share.StatusPENDING, forLong, "The family cannot be reached."},
		{"Support after a loss", clinicName, "Bob Gagnon@school", share.StatusPENDING, 0, ""},
		{"Parents' evenings", schoolName, "Ann Lavoie@clinic", share.StatusPENDING, soonOver, ""},
		{"Anxiety", "Cora Nadeau@clinic", "Ann Lavoie@clinic", share.StatusREVOKED, 0, ""},
		{"Anxiety", "Dina Haddad@clinic", "Ann Lavoie@clinic", share.StatusACTIVE, soonOver, ""},
	} {
		create := tx.Share.Create().SetRecordID(known[s.record]).SetGranteeID(known[s.grantee]).SetLevel(share.LevelREAD).
			SetStatus(s.status).SetEpoch(1).SetCreatedByID(known[s.giver])
		if s.expires != 0 {
			create.SetStartsAt(access.Now(ctx).Add(-2 * time.Hour)).SetExpiresAt(access.Now(ctx).Add(s.expires))
		}
		if s.override != "" {
			create.SetConsentOverride(s.override)
		}
		if s.status == share.StatusREVOKED {
			create.SetEndedAt(access.Now(ctx)).SetEndedByID(known[s.giver]).SetEndReason("No longer needed.")
		}
		if err := create.Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

func addHandedTransfers(ctx context.Context, tx *ent.Client, known map[string]string) error {
	clinic, school := known[clinicName], known[schoolName]
	for _, x := range []struct {
		record, from, to string
		fromWS, toWS     string
		opener           string
		mode             transfer.Mode
		status           transfer.Status
		epoch            int
		expires          time.Duration
	}{
		{"Exam stress", "Ann Lavoie@clinic", "Services psychosociaux", clinic, school, "Ann Lavoie@clinic", transfer.ModeOFFER, transfer.StatusOFFERED, 1, forLong},
		{groupRecord, "Services psychosociaux", clinicName, school, clinic, "Sam Ouellet@school", transfer.ModeOFFER, transfer.StatusOFFERED, 1, forLong},
		{"Anxiety", "Ann Lavoie@clinic", "Ben Tran@clinic", clinic, clinic, "Ben Tran@clinic", transfer.ModeREQUEST, transfer.StatusREQUESTED, 1, forLong},
		{"Parents' evenings", "Ann Lavoie@clinic", "Noor Rahimi@clinic", clinic, clinic, "Ann Lavoie@clinic", transfer.ModeOFFER, transfer.StatusOFFERED, 1, soonOver},
		{"Thrown away", "Ann Lavoie@clinic", "Ben Tran@clinic", clinic, clinic, "Ann Lavoie@clinic", transfer.ModeOFFER, transfer.StatusOFFERED, 1, forLong},
		{familyRecord, "Bob Gagnon@school", "Sam Ouellet@school", school, school, "Sam Ouellet@school", transfer.ModeREQUEST, transfer.StatusREQUESTED, 7, forLong},
		{strokeRecord, "Ann Lavoie@clinic", "Ben Tran@clinic", clinic, clinic, "Ann Lavoie@clinic", transfer.ModeOFFER, transfer.StatusACCEPTED, 0, forLong},
	} {
		create := tx.Transfer.Create().SetRecordID(known[x.record]).SetMode(x.mode).SetFromID(known[x.from]).SetFromWorkspaceID(x.fromWS).
			SetToID(known[x.to]).SetToWorkspaceID(x.toWS).SetStatus(x.status).SetBaseEpoch(x.epoch).SetSharesDefault(transfer.SharesDefaultKEEP).
			SetMessage("Between ourselves.").SetExpiresAt(access.Now(ctx).Add(x.expires)).SetCreatedByID(known[x.opener])
		if x.status == transfer.StatusACCEPTED {
			create.SetNewOwnerID(known[x.to]).SetAnsweredByID(known[x.to]).SetAnsweredAt(access.Now(ctx)).SetPreviousOwnerKeeps(transfer.PreviousOwnerKeepsSEALED_COPY)
		}
		made, err := create.Save(ctx)
		if err != nil {
			return err
		}
		if x.status != transfer.StatusACCEPTED {
			continue
		}
		err = tx.SealedCopy.Create().SetRecordID(made.RecordID).SetTransferID(made.ID).SetHolderID(made.FromID).SetWorkspaceID(x.fromWS).
			SetNumber("2026-SEALED").SetManifestHash("00").SetContent([]byte("sealed")).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

func addHandedConsents(ctx context.Context, tx *ent.Client, known map[string]string) error {
	mother, err := tx.ContactLink.Query().Where(contactlink.ProfileID(known["Léa"]), contactlink.HasContactWith(contact.ID(known["Sophie"]))).OnlyID(ctx)
	if err != nil {
		return err
	}
	for _, c := range []struct {
		workspace, profile, by string
		link                   *string
		target                 string
		withdrawn              bool
	}{
		{clinicName, "Élodie", "Ann Lavoie@clinic", nil, schoolName, false},
		{clinicName, "Olivier", "Ann Lavoie@clinic", nil, "", true},
		{clinicName, "Léa", "Ben Tran@clinic", &mother, "", false},
		{schoolName, "Léa", "Bob Gagnon@school", &mother, "Sam Ouellet@school", false},
	} {
		create := tx.Consent.Create().SetWorkspaceID(known[c.workspace]).SetProfileID(known[c.profile]).SetNillableContactLinkID(c.link).
			SetPurpose(consent.PurposeSHARE_AND_TRANSFER).SetMethod(consent.MethodWRITTEN).
			SetSignedAt(access.Now(ctx)).SetEffectiveAt(access.Now(ctx)).SetCreatedByID(known[c.by])
		if c.target != "" {
			create.SetTargetID(known[c.target])
		}
		if c.withdrawn {
			create.SetWithdrawnAt(access.Now(ctx)).SetWithdrawnByID(known[c.by])
		}
		if err := create.Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// addHandedEmergencies adds two that are over: one was reviewed.
func addHandedEmergencies(ctx context.Context, tx *ent.Client, known map[string]string) error {
	now := access.Now(ctx)
	for record, reviewer := range map[string]string{"Anxiety": "", "Exam stress": "Dina Haddad@clinic"} {
		create := tx.EmergencyAccess.Create().SetRecordID(known[record]).SetProfessionalID(known["Cora Nadeau@clinic"]).
			SetWorkspaceID(known[clinicName]).SetReason("He called the desk at night.").
			SetStartedAt(now.Add(-25 * time.Hour)).SetEndsAt(now.Add(soonOver))
		if reviewer != "" {
			create.SetReviewedAt(now).SetReviewedByID(known[reviewer])
		}
		if err := create.Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

func addHandedNotices(ctx context.Context, tx *ent.Client, known map[string]string) error {
	request, err := tx.Transfer.Query().Where(transfer.RecordID(known["Anxiety"])).OnlyID(ctx)
	if err != nil {
		return err
	}
	for _, n := range []struct {
		kind              notification.Kind
		to, actor, record string
		transfer          *string
		read              bool
	}{
		{notification.KindTRANSFER_REQUESTED, "Ann Lavoie@clinic", "Ben Tran@clinic", "Anxiety", &request, false},
		{notification.KindRECORD_SHARED, "Ann Lavoie@clinic", "Bob Gagnon@school", olivierRecord, nil, true},
		{notification.KindACCESS_ENDED, "Ben Tran@clinic", "Ann Lavoie@clinic", "Anxiety", nil, false}, // he sees it no more
		{notification.KindACCESS_ENDED, "Bob Gagnon@school", "Sol Ayala@", familyRecord, nil, false},
		{notification.KindTRANSFER_REQUESTED, "Sol Ayala@", "Ben Tran@clinic", "Anxiety", &request, false}, // what it names is not hers
	} {
		create := tx.Notification.Create().SetProfessionalID(known[n.to]).SetKind(n.kind).SetEventID(schema.NewID(schema.EventPrefix)).
			SetActorID(known[n.actor]).SetRecordID(known[n.record]).SetNillableTransferID(n.transfer)
		if n.read {
			create.SetReadAt(access.Now(ctx))
		}
		if err := create.Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
