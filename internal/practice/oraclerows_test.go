package practice_test

import (
	"context"
	"fmt"
	"time"

	"continuum/ent"
	"continuum/ent/share"
	"continuum/internal/oracle"
)

// read tells every row of a type in the oracle's words.
func (l *life) read(ctx context.Context, typ string) (map[string]string, error) {
	c, w := l.store.Client(), oracle.New(l.facts.Now)
	// How a transfer stands is told by what it is about.
	w.Records, w.Units, w.Workspaces = l.facts.Records, l.facts.Units, l.facts.Workspaces
	var err error
	switch typ {
	case ent.TypeRecord:
		w.Records, err = told(ctx, c.Record.Query().All, func(r *ent.Record) (string, *oracle.Record) {
			return r.ID, &oracle.Record{Workspace: r.WorkspaceID, Owner: r.OwnerID, Epoch: r.OwnerEpoch, Status: string(r.Status), Confidential: r.Confidential}
		})
	case ent.TypeShare:
		w.Shares, err = told(ctx, c.Share.Query().All, shareTold)
	case ent.TypeTransfer:
		w.Transfers, err = told(ctx, c.Transfer.Query().All, transferTold)
	case ent.TypeSealedCopy:
		w.Copies, err = told(ctx, c.SealedCopy.Query().All, func(s *ent.SealedCopy) (string, *oracle.SealedCopy) {
			return s.ID, &oracle.SealedCopy{Record: s.RecordID, Transfer: s.TransferID, Holder: s.HolderID}
		})
	case ent.TypeConsent:
		w.Consents, err = told(ctx, c.Consent.Query().All, func(k *ent.Consent) (string, *oracle.Consent) {
			return k.ID, &oracle.Consent{Workspace: k.WorkspaceID, Profile: k.ProfileID, Link: value(k.ContactLinkID), Purpose: string(k.Purpose),
				Target: value(k.TargetID), Signed: k.SignedAt, Effective: k.EffectiveAt, Expires: value(k.ExpiresAt), Withdrawn: value(k.WithdrawnAt)}
		})
	case ent.TypeEmergencyAccess:
		w.Emergencies, err = told(ctx, c.EmergencyAccess.Query().All, func(e *ent.EmergencyAccess) (string, *oracle.Emergency) {
			return e.ID, &oracle.Emergency{Record: e.RecordID, Professional: e.ProfessionalID, Workspace: e.WorkspaceID,
				From: e.StartedAt, To: e.EndsAt, Reviewed: e.ReviewedAt != nil}
		})
	case ent.TypeRecordLink:
		w.Links, err = told(ctx, c.RecordLink.Query().All, func(k *ent.RecordLink) (string, *oracle.Link) {
			return k.ID, &oracle.Link{Record: k.RecordID, Profile: k.ProfileID, To: value(k.UnlinkedAt)}
		})
	case ent.TypeUnitMember:
		w.Memberships, err = told(ctx, c.UnitMember.Query().All, func(b *ent.UnitMember) (string, *oracle.Membership) {
			return b.ID, &oracle.Membership{Unit: b.UnitID, Professional: b.ProfessionalID, Steward: b.Steward, From: b.StartedAt, To: value(b.EndedAt)}
		})
	case ent.TypeProfile:
		w.Profiles, err = told(ctx, c.Profile.Query().All, func(p *ent.Profile) (string, *oracle.Profile) {
			return p.ID, &oracle.Profile{Home: p.HomeWorkspaceID}
		})
	case ent.TypeProfessional:
		w.Professionals, err = told(ctx, c.Professional.Query().All, func(p *ent.Professional) (string, *oracle.Professional) {
			return p.ID, &oracle.Professional{Status: string(p.Status), Scope: string(p.DirectoryScope), Right: string(p.DirectoryRight)}
		})
	case ent.TypeWorkspace:
		w.Workspaces, err = told(ctx, c.Workspace.Query().All, func(in *ent.Workspace) (string, *oracle.Workspace) {
			p := in.Policies
			return in.ID, &oracle.Workspace{Status: string(in.Status), Policies: oracle.Policies{
				OfferDays: p.OfferDays, CoolingOffDays: p.CoolingOffDays, EmergencyHours: p.EmergencyHours, AdultAge: p.AdultAge,
				Inside: string(p.ConsentInside), Across: string(p.ConsentAcross)}}
		})
	default:
		err = fmt.Errorf("no words for a %s", typ)
	}
	if err != nil {
		return nil, err
	}
	return w.Lines(typ), nil
}

// told turns rows into the oracle's.
func told[R, T any](ctx context.Context, all func(context.Context) ([]*R, error), tell func(*R) (string, *T)) (map[string]*T, error) {
	rows, err := all(ctx)
	found := make(map[string]*T, len(rows))
	for _, row := range rows {
		id, t := tell(row)
		found[id] = t
	}
	return found, err
}

// value is what is behind a pointer, or nothing.
func value[T any](p *T) T {
	if p == nil {
		return *new(T)
	}
	return *p
}

var levelsOf = map[share.Level]oracle.Level{
	share.LevelREAD: oracle.Read, share.LevelWRITE: oracle.Write, share.LevelFULL: oracle.Full,
}

func shareTold(s *ent.Share) (string, *oracle.Share) {
	return s.ID, &oracle.Share{Record: s.RecordID, Grantee: s.GranteeID, Giver: s.CreatedByID, Level: levelsOf[s.Level],
		Status: string(s.Status), Starts: s.StartsAt, Expires: value(s.ExpiresAt), Epoch: s.Epoch,
		Confidential: s.IncludesConfidential, Approval: s.RequiresApproval, Version: s.Version, Override: s.ConsentOverride != nil}
}

func transferTold(t *ent.Transfer) (string, *oracle.Transfer) {
	var plan map[string]bool
	for id, what := range t.SharePlan {
		if plan == nil {
			plan = map[string]bool{}
		}
		plan[id] = what == "KEEP"
	}
	return t.ID, &oracle.Transfer{Record: t.RecordID, Mode: string(t.Mode), Status: string(t.Status),
		From: t.FromID, FromWorkspace: t.FromWorkspaceID, To: t.ToID, ToWorkspace: t.ToWorkspaceID, By: t.CreatedByID,
		Answered: t.AnsweredByID, NewOwner: value(t.NewOwnerID), Epoch: t.BaseEpoch, Expires: t.ExpiresAt,
		Confidential: t.IncludesConfidential, Keeps: string(t.PreviousOwnerKeeps), KeepUntil: value(t.KeepUntil),
		Default: string(t.SharesDefault), Plan: plan, Override: t.ConsentOverride != nil}
}

// instants are drawn as distances from now.
const (
	hour = time.Hour
	day  = 24 * time.Hour
)
