package graph_test

import (
	"context"
	"strings"

	"continuum/ent"
	"continuum/ent/principal"
	"continuum/ent/professional"
	"continuum/ent/record"
	"continuum/ent/share"
	"continuum/ent/workspace"
	"continuum/internal/access"
	"continuum/internal/practice"
	"continuum/schema"
)

// addNeighbours adds to the demo a third workspace that has nothing to do with it, and
// to the clinic a confidential record and one that was thrown away.
func (h *house) addNeighbours() {
	h.t.Helper()
	known := h.names()
	h.change(func(ctx context.Context, tx *ent.Client) error {
		if err := h.addStranger(ctx, tx); err != nil {
			return err
		}
		ann := known["Ann Lavoie@clinic"]
		for _, r := range []struct {
			title, profile string
			status         record.Status
			confidential   bool
		}{
			{"A delicate matter", "Élodie", record.StatusOPEN, true},
			{"Thrown away", "Gabriel", record.StatusBINNED, false},
		} {
			made, err := tx.Record.Create().SetWorkspaceID(known["Clinique Rivière"]).SetOwnerID(ann).
				SetNumber("2026-" + strings.ToUpper(r.profile[len(r.profile)-4:])).SetTitle(r.title).SetKind(record.KindINDIVIDUAL).SetService("Psychology").
				SetStatus(r.status).SetConfidential(r.confidential).Save(ctx)
			if err != nil {
				return err
			}
			if err := tx.RecordLink.Create().SetRecordID(made.ID).SetProfileID(known[r.profile]).SetRole("PRIMARY").Exec(ctx); err != nil {
				return err
			}
			if r.status != record.StatusBINNED {
				continue
			}
			// What was thrown away is the owner's alone: this share opens nothing.
			err = tx.Share.Create().SetRecordID(made.ID).SetGranteeID(known["Ben Tran@clinic"]).SetLevel(share.LevelFULL).
				SetStatus(share.StatusACTIVE).SetEpoch(1).Exec(ctx)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// addStranger makes Sol and her private practice, with a row of each type.
func (h *house) addStranger(ctx context.Context, tx *ent.Client) error {
	w, err := tx.Workspace.Create().SetName("Cabinet Sol").SetKind(workspace.KindINDIVIDUAL).Save(ctx)
	if err != nil {
		return err
	}
	sol, err := tx.Professional.Create().SetWorkspaceID(w.ID).SetName("Sol Ayala").SetSortName("ayala sol").
		SetEmail("sol@example.org").SetRoles([]schema.Role{schema.RolePractitioner}).SetStatus(professional.StatusACTIVE).Save(ctx)
	if err != nil {
		return err
	}
	u, err := tx.Unit.Create().SetWorkspaceID(w.ID).SetName("Sol's own").SetSortName("sol's own").SetKind("TEAM").Save(ctx)
	if err != nil {
		return err
	}
	for id, kind := range map[string]principal.Kind{
		w.ID: principal.KindWORKSPACE, sol.ID: principal.KindPROFESSIONAL, u.ID: principal.KindUNIT,
	} {
		if err := tx.Principal.Create().SetID(id).SetKind(kind).SetWorkspaceID(w.ID).Exec(ctx); err != nil {
			return err
		}
	}
	if err := tx.UnitMember.Create().SetUnitID(u.ID).SetProfessionalID(sol.ID).SetSteward(true).Exec(ctx); err != nil {
		return err
	}
	site, err := tx.Institution.Create().SetWorkspaceID(w.ID).SetName("Sol's school").SetSortName("sol's school").SetKind("SCHOOL").Save(ctx)
	if err != nil {
		return err
	}
	p, err := tx.Profile.Create().SetHomeWorkspaceID(w.ID).SetKind("CLIENT").SetGivenName("Omar").SetFamilyName("Farah").SetSortName("farah omar").
		SetInstitutionID(site.ID).SetCreatedByID(sol.ID).Save(ctx)
	if err != nil {
		return err
	}
	c, err := tx.Contact.Create().SetHomeWorkspaceID(w.ID).SetGivenName("Hodan").SetFamilyName("Farah").SetSortName("farah hodan").
		SetCreatedByID(sol.ID).Save(ctx)
	if err != nil {
		return err
	}
	r, err := tx.Record.Create().SetWorkspaceID(w.ID).SetOwnerID(sol.ID).SetNumber("2026-SOLSOL").SetTitle("Sol's record").SetKind(record.KindINDIVIDUAL).
		SetService("Psychology").SetStatus(record.StatusOPEN).Save(ctx)
	if err != nil {
		return err
	}
	for _, write := range []interface{ Exec(context.Context) error }{
		tx.ContactLink.Create().SetProfileID(p.ID).SetContactID(c.ID).SetRelationship("MOTHER"),
		tx.RecordLink.Create().SetRecordID(r.ID).SetProfileID(p.ID).SetRole("PRIMARY"),
		tx.Identifier.Create().SetWorkspaceID(w.ID).SetProfileID(p.ID).SetSystem("student-registry").SetValue("FARO"),
		tx.ContactPoint.Create().SetProfileID(p.ID).SetKind("EMAIL").SetValue("o@example.org").SetNormalized("o@example.org"),
		tx.Address.Create().SetProfileID(p.ID).SetLine1("1, rue du Port"),
		tx.WorkspaceProfile.Create().SetWorkspaceID(w.ID).SetProfileID(p.ID).SetFileNumber("S-1"),
	} {
		if err := write.Exec(ctx); err != nil {
			return err
		}
	}
	return h.addKey(ctx, tx, "sol", sol.ID, schema.AllScopes()...)
}

// addKey lets somebody sign in by a key with these scopes.
func (h *house) addKey(ctx context.Context, tx *ent.Client, who, professionalID string, scopes ...schema.Scope) error {
	key := practice.NewKey()
	h.keys[who] = key.Token
	return tx.ApiKey.Create().SetID(key.ID).SetHash(key.Hash).SetName(who).SetProfessionalID(professionalID).SetScopes(scopes).Exec(ctx)
}

// change writes facts that the API has no way to write.
func (h *house) change(write func(context.Context, *ent.Client) error) {
	h.t.Helper()
	if err := h.store.Tx(access.System(h.t.Context(), "the facts of a test"), write); err != nil {
		h.t.Fatal(err)
	}
}

// names tells the ids of what the tests call by its name: a profile and a contact by
// the given name (the contact Julien as "Julien, spouse"), a record by its title, the
// rest by name, professionals with their workspace.
func (h *house) names() map[string]string {
	h.t.Helper()
	ctx := access.System(h.t.Context(), "the facts of a test")
	c := h.store.Client()
	names := map[string]string{}
	places := map[string]string{}
	for _, w := range c.Workspace.Query().AllX(ctx) {
		names[w.Name] = w.ID
		places[w.ID] = map[string]string{"Clinique Rivière": "clinic", "Centre de services scolaire des Érables": "school"}[w.Name]
	}
	for _, p := range c.Professional.Query().AllX(ctx) {
		names[p.Name+"@"+places[p.WorkspaceID]] = p.ID
	}
	for _, u := range c.Unit.Query().AllX(ctx) {
		names[u.Name] = u.ID
	}
	for _, i := range c.Institution.Query().AllX(ctx) {
		names[i.Name] = i.ID
	}
	for _, r := range c.Record.Query().AllX(ctx) {
		names[r.Title] = r.ID
	}
	for _, x := range c.Contact.Query().AllX(ctx) {
		name := x.GivenName
		if x.ProfileID != nil {
			name += ", spouse"
		}
		names[name] = x.ID
	}
	for _, p := range c.Profile.Query().AllX(ctx) {
		names[p.GivenName] = p.ID
	}
	return names
}

// withKey is the change that gives somebody one more key.
func withKey(h *house, who, professionalID string, scopes ...schema.Scope) func(context.Context, *ent.Client) error {
	return func(ctx context.Context, tx *ent.Client) error {
		return h.addKey(ctx, tx, who, professionalID, scopes...)
	}
}
