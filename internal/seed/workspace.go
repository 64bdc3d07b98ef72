package seed

import (
	"context"

	"continuum/ent"
	"continuum/ent/institution"
	"continuum/ent/principal"
	"continuum/ent/unit"
	"continuum/ent/workspace"
	"continuum/internal/practice"
)

// The demo's workspaces.
const (
	school = "school"
	clinic = "clinic"
)

func workspaceID(name string) string { return id("ws", name) }

func writeWorkspaces(ctx context.Context, tx *ent.Client) error {
	for _, w := range []struct{ id, name string }{
		{school, "Centre de services scolaire des Érables"},
		{clinic, "Clinique Rivière"},
	} {
		err := tx.Workspace.Create().SetID(workspaceID(w.id)).SetName(w.name).SetKind(workspace.KindORGANIZATION).
			SetCreatedAt(day(0)).SetUpdatedAt(day(0)).Exec(ctx)
		if err != nil {
			return err
		}
		if err := writePrincipal(ctx, tx, workspaceID(w.id), principal.KindWORKSPACE, w.id); err != nil {
			return err
		}
	}
	return nil
}

// writePrincipal lets what has the id own records and hold shares.
func writePrincipal(ctx context.Context, tx *ent.Client, id string, kind principal.Kind, workspace string) error {
	return tx.Principal.Create().SetID(id).SetKind(kind).SetWorkspaceID(workspaceID(workspace)).Exec(ctx)
}

// The demo's institutions.
const (
	ruisseau = "ruisseau"
	pins     = "pins"
	hospital = "hospital"
)

func institutionID(name string) string { return id("inst", name) }

func writeInstitutions(ctx context.Context, tx *ent.Client) error {
	for _, i := range []struct {
		id, workspace, name string
		kind                institution.Kind
	}{
		{ruisseau, school, "École primaire du Ruisseau", institution.KindSCHOOL},
		{pins, school, "École secondaire des Grands-Pins", institution.KindSCHOOL},
		{hospital, clinic, "Hôpital Sainte-Odile", institution.KindHOSPITAL},
	} {
		err := tx.Institution.Create().SetID(institutionID(i.id)).SetWorkspaceID(workspaceID(i.workspace)).
			SetName(i.name).SetSortName(practice.FoldName(i.name)).SetKind(i.kind).
			SetCreatedAt(day(0)).SetUpdatedAt(day(0)).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// The demo's units.
const (
	psychosocial = "psychosocial"
	language     = "language"
)

func unitID(name string) string { return id("unit", name) }

func writeUnits(ctx context.Context, tx *ent.Client) error {
	for _, u := range []struct {
		id, workspace, name string
		kind                unit.Kind
		steward, member     string
	}{
		{psychosocial, school, "Services psychosociaux", unit.KindSERVICE, sam, noorAtSchool},
		{language, clinic, "Équipe langage", unit.KindTEAM, noorAtClinic, ben},
	} {
		err := tx.Unit.Create().SetID(unitID(u.id)).SetWorkspaceID(workspaceID(u.workspace)).SetKind(u.kind).
			SetName(u.name).SetSortName(practice.FoldName(u.name)).SetCreatedAt(day(0)).SetUpdatedAt(day(0)).Exec(ctx)
		if err != nil {
			return err
		}
		if err := writePrincipal(ctx, tx, unitID(u.id), principal.KindUNIT, u.workspace); err != nil {
			return err
		}
		for _, m := range []string{u.steward, u.member} {
			err := tx.UnitMember.Create().SetID(id("umem", u.id+" "+m)).SetUnitID(unitID(u.id)).
				SetProfessionalID(professionalID(m)).SetSteward(m == u.steward).
				SetCreatedAt(day(0)).SetStartedAt(day(0)).Exec(ctx)
			if err != nil {
				return err
			}
		}
	}
	return nil
}
