package access_test

import (
	"context"

	"continuum/ent"
	"continuum/ent/contactlink"
	"continuum/ent/contactpoint"
	"continuum/ent/institution"
	"continuum/ent/principal"
	"continuum/ent/professional"
	"continuum/ent/profile"
	"continuum/ent/record"
	"continuum/ent/recordlink"
	"continuum/ent/share"
	"continuum/ent/unit"
	"continuum/ent/workspace"
	"continuum/internal/oracle"
	"continuum/schema"
)

// Each add tells a new row to both sides, each save a changed one.

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
	return add(w, w.facts.Units, schema.UnitPrefix, name, oracle.Unit{Workspace: inWorkspace},
		func(ctx context.Context, tx *ent.Client, id string) error {
			err := tx.Unit.Create().SetID(id).SetWorkspaceID(inWorkspace).SetKind(unit.KindTEAM).
				SetName(name).SetSortName(name).Exec(ctx)
			if err != nil {
				return err
			}
			return addPrincipal(ctx, tx, principal.KindUNIT, id, inWorkspace)
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

func (w *world) addProfile(name string, p oracle.Profile) string {
	w.Helper()
	return add(w, w.facts.Profiles, schema.ProfilePrefix, name, p,
		func(ctx context.Context, tx *ent.Client, id string) error {
			return tx.Profile.Create().SetID(id).SetHomeWorkspaceID(p.Home).SetCreatedByID(p.Creator).
				SetNillableInstitutionID(optional(p.Institution)).SetKind(profile.KindCLIENT).
				SetGivenName(name).SetFamilyName("Family").SetSortName(name).Exec(ctx)
		})
}

func (w *world) saveProfile(id string) {
	w.Helper()
	p := w.facts.Profiles[id]
	w.write(func(ctx context.Context, tx *ent.Client) error {
		change := tx.Profile.UpdateOneID(id).SetHomeWorkspaceID(p.Home)
		if p.Institution == "" {
			return change.ClearInstitutionID().Exec(ctx)
		}
		return change.SetInstitutionID(p.Institution).Exec(ctx)
	})
}

// addRecord adds one that is open and in its first epoch unless said otherwise.
func (w *world) addRecord(name string, r oracle.Record) string {
	w.Helper()
	if r.Status == "" {
		r.Status = "OPEN"
	}
	r.Epoch = max(r.Epoch, 1)
	return add(w, w.facts.Records, schema.RecordPrefix, name, r,
		func(ctx context.Context, tx *ent.Client, id string) error {
			return tx.Record.Create().SetID(id).SetWorkspaceID(r.Workspace).SetOwnerID(r.Owner).SetOwnerEpoch(r.Epoch).
				SetStatus(record.Status(r.Status)).SetConfidential(r.Confidential).SetKind(record.KindINDIVIDUAL).
				SetNumber(id).SetTitle("title of " + name).SetService("service of " + name).
				SetReason("reason of " + name).SetCreatedByID(r.Owner).Exec(ctx)
		})
}

func (w *world) saveRecord(id string) {
	w.Helper()
	r := w.facts.Records[id]
	w.write(func(ctx context.Context, tx *ent.Client) error {
		return tx.Record.UpdateOneID(id).SetWorkspaceID(r.Workspace).SetOwnerID(r.Owner).SetOwnerEpoch(r.Epoch).
			SetStatus(record.Status(r.Status)).SetConfidential(r.Confidential).Exec(ctx)
	})
}

func (w *world) addLink(recordID, profileID string) string {
	w.Helper()
	name := w.names[profileID] + " on " + w.names[recordID]
	return add(w, w.facts.Links, schema.RecordLinkPrefix, name, oracle.Link{Record: recordID, Profile: profileID},
		func(ctx context.Context, tx *ent.Client, id string) error {
			return tx.RecordLink.Create().SetID(id).SetRecordID(recordID).SetProfileID(profileID).
				SetRole(recordlink.RolePARTICIPANT).Exec(ctx)
		})
}

func (w *world) saveLink(id string) {
	w.Helper()
	w.write(func(ctx context.Context, tx *ent.Client) error {
		return tx.RecordLink.UpdateOneID(id).SetNillableUnlinkedAt(optional(w.facts.Links[id].To)).Exec(ctx)
	})
}

var shareLevels = map[oracle.Level]share.Level{
	oracle.Read: share.LevelREAD, oracle.Write: share.LevelWRITE, oracle.Full: share.LevelFULL,
}

// addShare adds one that is active from now, of the record's present epoch, unless said otherwise.
func (w *world) addShare(s oracle.Share) string {
	w.Helper()
	if s.Status == "" {
		s.Status = "ACTIVE"
	}
	if s.Starts.IsZero() {
		s.Starts = w.facts.Now
	}
	if s.Epoch == 0 {
		s.Epoch = w.facts.Records[s.Record].Epoch
	}
	name := w.names[s.Record] + " to " + w.names[s.Grantee]
	return add(w, w.facts.Shares, schema.SharePrefix, name, s,
		func(ctx context.Context, tx *ent.Client, id string) error {
			return tx.Share.Create().SetID(id).SetRecordID(s.Record).SetGranteeID(s.Grantee).
				SetLevel(shareLevels[s.Level]).SetStatus(share.Status(s.Status)).SetEpoch(s.Epoch).
				SetStartsAt(s.Starts).SetNillableExpiresAt(optional(s.Expires)).Exec(ctx)
		})
}

func (w *world) saveShare(id string) {
	w.Helper()
	s := w.facts.Shares[id]
	w.write(func(ctx context.Context, tx *ent.Client) error {
		change := tx.Share.UpdateOneID(id).SetLevel(shareLevels[s.Level]).SetStatus(share.Status(s.Status)).SetEpoch(s.Epoch)
		if s.Expires.IsZero() {
			return change.ClearExpiresAt().Exec(ctx)
		}
		return change.SetExpiresAt(s.Expires).Exec(ctx)
	})
}

func (w *world) addContact(name string, c oracle.Contact) string {
	w.Helper()
	return add(w, w.facts.Contacts, schema.ContactPrefix, name, c,
		func(ctx context.Context, tx *ent.Client, id string) error {
			return tx.Contact.Create().SetID(id).SetHomeWorkspaceID(c.Home).SetCreatedByID(c.Creator).
				SetGivenName(name).SetSortName(name).Exec(ctx)
		})
}

func (w *world) addContactLink(profileID, contactID string) string {
	w.Helper()
	name := w.names[contactID] + " of " + w.names[profileID]
	k := oracle.ContactLink{Profile: profileID, Contact: contactID}
	return add(w, w.facts.ContactLinks, schema.ContactLinkPrefix, name, k,
		func(ctx context.Context, tx *ent.Client, id string) error {
			return tx.ContactLink.Create().SetID(id).SetProfileID(profileID).SetContactID(contactID).
				SetRelationship(contactlink.RelationshipGUARDIAN).Exec(ctx)
		})
}

func (w *world) saveContactLink(id string) {
	w.Helper()
	w.write(func(ctx context.Context, tx *ent.Client) error {
		return tx.ContactLink.UpdateOneID(id).SetNillableEndedAt(optional(w.facts.ContactLinks[id].To)).Exec(ctx)
	})
}

// addPoint gives a profile or a contact a telephone.
func (w *world) addPoint(holder string) string {
	w.Helper()
	return add(w, w.facts.Points, schema.ContactPointPrefix, "telephone of "+w.names[holder], oracle.Holding{Holder: holder},
		func(ctx context.Context, tx *ent.Client, id string) error {
			point := tx.ContactPoint.Create().SetID(id).SetKind(contactpoint.KindPHONE).
				SetValue("514 555-0100").SetNormalized("+15145550100")
			if w.facts.Contacts[holder] != nil {
				return point.SetContactID(holder).Exec(ctx)
			}
			return point.SetProfileID(holder).Exec(ctx)
		})
}

// addAddress gives a profile, a contact or an institution an address.
func (w *world) addAddress(holder string) string {
	w.Helper()
	return add(w, w.facts.Addresses, schema.AddressPrefix, "address of "+w.names[holder], oracle.Holding{Holder: holder},
		func(ctx context.Context, tx *ent.Client, id string) error {
			address := tx.Address.Create().SetID(id).SetLine1("1 Main Street")
			switch {
			case w.facts.Contacts[holder] != nil:
				return address.SetContactID(holder).Exec(ctx)
			case w.facts.Profiles[holder] != nil:
				return address.SetProfileID(holder).Exec(ctx)
			default:
				return address.SetInstitutionID(holder).Exec(ctx)
			}
		})
}

func (w *world) addIdentifier(profileID string) string {
	w.Helper()
	return add(w, w.facts.Identifiers, schema.IdentifierPrefix, "number of "+w.names[profileID], oracle.Holding{Holder: profileID},
		func(ctx context.Context, tx *ent.Client, id string) error {
			return tx.Identifier.Create().SetID(id).SetWorkspaceID(w.facts.Profiles[profileID].Home).
				SetProfileID(profileID).SetSystem("health").SetValue(id).Exec(ctx)
		})
}

// addFile gives a workspace its own view of a profile.
func (w *world) addFile(workspaceID, profileID string) string {
	w.Helper()
	name := w.names[workspaceID] + "'s " + w.names[profileID]
	return add(w, w.facts.Files, schema.WorkspaceProfilePrefix, name, oracle.File{Workspace: workspaceID, Profile: profileID},
		func(ctx context.Context, tx *ent.Client, id string) error {
			return tx.WorkspaceProfile.Create().SetID(id).SetWorkspaceID(workspaceID).SetProfileID(profileID).Exec(ctx)
		})
}
