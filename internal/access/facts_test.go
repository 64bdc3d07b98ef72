package access_test

import (
	"context"

	"continuum/ent"
	"continuum/ent/contactlink"
	"continuum/ent/contactpoint"
	"continuum/ent/profile"
	"continuum/ent/record"
	"continuum/ent/recordlink"
	"continuum/ent/share"
	"continuum/internal/oracle"
	"continuum/schema"
)

// The facts of those who are followed: each add tells a new row to both sides, each
// save a changed one.

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
	s.Version = 1
	name := w.names[s.Record] + " to " + w.names[s.Grantee]
	return add(w, w.facts.Shares, schema.SharePrefix, name, s,
		func(ctx context.Context, tx *ent.Client, id string) error {
			return tx.Share.Create().SetID(id).SetRecordID(s.Record).SetGranteeID(s.Grantee).
				SetLevel(shareLevels[s.Level]).SetStatus(share.Status(s.Status)).SetEpoch(s.Epoch).
				SetStartsAt(s.Starts).SetNillableExpiresAt(optional(s.Expires)).
				SetNillableCreatedByID(optional(s.Giver)).Exec(ctx)
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
