package access_test

import (
	"context"

	"continuum/ent"
	"continuum/ent/institution"
	"continuum/ent/principal"
	"continuum/ent/professional"
	"continuum/ent/unit"
	"continuum/ent/workspace"
	"continuum/internal/oracle"
	"continuum/schema"
)

// The facts of workplaces: each add tells a new row to both sides, each save a
// changed one.

func (w *world) addWorkspace(name string) string {
	w.Helper()
	return add(w, w.facts.Workspaces, schema.WorkspacePrefix, name, oracle.Workspace{Status: "ACTIVE"},
		func(ctx context.Context, tx *ent.Client, id string) error {
			err := tx.Workspace.Create().SetID(id).SetName(name).SetKind(workspace.KindORGANIZATION).Exec(ctx)
			if err != nil {
				return err
			}
			return addPrincipal(ctx, tx, principal.KindWORKSPACE, id, id)
		})
}

func (w *world) saveWorkspace(id string) {
	w.Helper()
	w.write(func(ctx context.Context, tx *ent.Client) error {
		return tx.Workspace.UpdateOneID(id).SetStatus(workspace.Status(w.facts.Workspaces[id].Status)).Exec(ctx)
	})
}

func (w *world) addAccount(name string) string {
	w.Helper()
	id := schema.NewID(schema.AccountPrefix)
	w.names[id] = "account of " + name
	w.write(func(ctx context.Context, tx *ent.Client) error {
		return tx.Account.Create().SetID(id).SetIssuer("test").SetSubject(id).Exec(ctx)
	})
	return id
}

// addProfessional adds one who is an active practitioner without a directory unless said otherwise.
func (w *world) addProfessional(name string, p oracle.Professional) string {
	w.Helper()
	if p.Status == "" {
		p.Status = "ACTIVE"
	}
	if p.Scope == "" {
		p.Scope, p.Right = "OWN", "NONE"
	}
	return add(w, w.facts.Professionals, schema.ProfessionalPrefix, name, p,
		func(ctx context.Context, tx *ent.Client, id string) error {
			err := tx.Professional.Create().SetID(id).SetWorkspaceID(p.Workspace).SetNillableAccountID(optional(p.Account)).
				SetName(name).SetSortName(name).SetRoles(roles(p.Roles)).SetStatus(professional.Status(p.Status)).
				SetLicenceNumber("licence of " + name).SetInstitutionIds(p.Institutions).
				SetDirectoryScope(professional.DirectoryScope(p.Scope)).
				SetDirectoryRight(professional.DirectoryRight(p.Right)).Exec(ctx)
			if err != nil {
				return err
			}
			return addPrincipal(ctx, tx, principal.KindPROFESSIONAL, id, p.Workspace)
		})
}

func (w *world) saveProfessional(id string) {
	w.Helper()
	p := w.facts.Professionals[id]
	w.write(func(ctx context.Context, tx *ent.Client) error {
		return tx.Professional.UpdateOneID(id).SetStatus(professional.Status(p.Status)).SetRoles(roles(p.Roles)).
			SetDirectoryScope(professional.DirectoryScope(p.Scope)).
			SetDirectoryRight(professional.DirectoryRight(p.Right)).SetInstitutionIds(p.Institutions).Exec(ctx)
	})
}

func (w *world) addUnit(name, inWorkspace string) string {
	w.Helper()
	return add(w, w.facts.Units, schema.UnitPrefix, name, oracle.Unit{Workspace: inWorkspace, Status: "ACTIVE"},
		func(ctx context.Context, tx *ent.Client, id string) error {
			err := tx.Unit.Create().SetID(id).SetWorkspaceID(inWorkspace).SetKind(unit.KindTEAM).
				SetName(name).SetSortName(name).Exec(ctx)
			if err != nil {
				return err
			}
			return addPrincipal(ctx, tx, principal.KindUNIT, id, inWorkspace)
		})
}

func (w *world) saveUnit(id string) {
	w.Helper()
	w.write(func(ctx context.Context, tx *ent.Client) error {
		return tx.Unit.UpdateOneID(id).SetStatus(unit.Status(w.facts.Units[id].Status)).Exec(ctx)
	})
}

func (w *world) addMember(unitID, professionalID string, steward bool) string {
	w.Helper()
	name := w.names[professionalID] + " in " + w.names[unitID]
	m := oracle.Membership{Unit: unitID, Professional: professionalID, Steward: steward, From: w.facts.Now}
	return add(w, w.facts.Memberships, schema.UnitMemberPrefix, name, m,
		func(ctx context.Context, tx *ent.Client, id string) error {
			return tx.UnitMember.Create().SetID(id).SetUnitID(unitID).SetProfessionalID(professionalID).
				SetSteward(steward).SetStartedAt(m.From).Exec(ctx)
		})
}

func (w *world) saveMember(id string) {
	w.Helper()
	m := w.facts.Memberships[id]
	w.write(func(ctx context.Context, tx *ent.Client) error {
		return tx.UnitMember.UpdateOneID(id).SetSteward(m.Steward).SetNillableEndedAt(optional(m.To)).Exec(ctx)
	})
}

func (w *world) addInstitution(name, inWorkspace string) string {
	w.Helper()
	return add(w, w.facts.Institutions, schema.InstitutionPrefix, name, oracle.Institution{Workspace: inWorkspace},
		func(ctx context.Context, tx *ent.Client, id string) error {
			return tx.Institution.Create().SetID(id).SetWorkspaceID(inWorkspace).SetName(name).SetSortName(name).
				SetKind(institution.KindSCHOOL).Exec(ctx)
		})
}
