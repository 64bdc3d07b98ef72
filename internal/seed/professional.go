package seed

import (
	"context"

	"continuum/ent"
	"continuum/ent/principal"
	"continuum/ent/professional"
	"continuum/internal/practice"
	"continuum/schema"
)

// The demo's professionals. Noor is one human who works in both workspaces.
const (
	ann          = "ann"
	ben          = "ben"
	cora         = "cora"
	dina         = "dina"
	noorAtClinic = "noor at the clinic"
	bob          = "bob"
	sam          = "sam"
	maya         = "maya"
	adam         = "adam"
	noorAtSchool = "noor at the school"
)

type demoProfessional struct {
	id, account, workspace string
	name, title, licence   string
	role                   schema.Role
}

// professionals stand in the order in which a newcomer best tries them.
var professionals = []demoProfessional{
	{bob, "bob", school, "Bob Gagnon", "School psychologist", "P-00933", schema.RolePractitioner},
	{sam, "sam", school, "Sam Ouellet", "Social worker", "T-05120", schema.RolePractitioner},
	{maya, "maya", school, "Maya Benali", "Headmistress", "", schema.RoleManager},
	{adam, "adam", school, "Adam Fortin", "Administrator", "", schema.RoleAdministrator},
	{noorAtSchool, "noor", school, "Noor Rahimi", "Speech therapist", "O-02236", schema.RolePractitioner},
	{ann, "ann", clinic, "Ann Lavoie", "Psychologist", "P-00417", schema.RolePractitioner},
	{ben, "ben", clinic, "Ben Tran", "Speech therapist", "O-01182", schema.RolePractitioner},
	{cora, "cora", clinic, "Cora Nadeau", "Clinical coordinator", "", schema.RoleCoordinator},
	{dina, "dina", clinic, "Dina Haddad", "Office manager", "", schema.RoleAdministrator},
	{noorAtClinic, "noor", clinic, "Noor Rahimi", "Speech therapist", "O-02236", schema.RolePractitioner},
}

func professionalID(name string) string { return id("pro", name) }

func writeProfessionals(ctx context.Context, tx *ent.Client) error {
	accounts := map[string]bool{}
	for _, p := range professionals {
		if !accounts[p.account] {
			accounts[p.account] = true
			err := tx.Account.Create().SetID(id("acct", p.account)).SetIssuer("https://accounts.example.org").
				SetSubject(p.account).SetEmail(p.account + "@example.org").SetLocale("fr-CA").
				SetCreatedAt(day(0)).SetUpdatedAt(day(0)).Exec(ctx)
			if err != nil {
				return err
			}
		}
		if err := p.write(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

func (p demoProfessional) write(ctx context.Context, tx *ent.Client) error {
	create := tx.Professional.Create().SetID(professionalID(p.id)).SetWorkspaceID(workspaceID(p.workspace)).
		SetAccountID(id("acct", p.account)).SetName(p.name).SetSortName(practice.FoldName(p.name)).
		SetEmail(p.account + "@example.org").SetRoles([]schema.Role{p.role}).SetTitle(p.title).
		SetNillableLicenceNumber(optional(p.licence)).SetStatus(professional.StatusACTIVE).
		SetCreatedAt(day(0)).SetUpdatedAt(day(0))
	if p.id == maya {
		create.SetDirectoryScope(professional.DirectoryScopeINSTITUTIONS).
			SetDirectoryRight(professional.DirectoryRightREAD).
			SetInstitutionIds([]string{institutionID(ruisseau)})
	}
	if err := create.Exec(ctx); err != nil {
		return err
	}
	return writePrincipal(ctx, tx, professionalID(p.id), principal.KindPROFESSIONAL, p.workspace)
}
