package practice_test

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"pgregory.net/rapid"

	"continuum/ent"
	"continuum/ent/consent"
	"continuum/ent/contactlink"
	"continuum/ent/principal"
	"continuum/ent/professional"
	"continuum/ent/profile"
	"continuum/ent/record"
	"continuum/ent/recordlink"
	"continuum/ent/unit"
	"continuum/ent/workspace"
	"continuum/internal/oracle"
	"continuum/schema"
)

var allScopes = schema.AllScopes()

// keys lists ids in order, which is the order they were made in.
func keys[T any](rows map[string]T) []string { return slices.Sorted(maps.Keys(rows)) }

// write makes a change by the system.
func (l *life) write(do func(ctx context.Context, tx *ent.Client) error) {
	l.Helper()
	if err := l.store.Tx(l.system(), do); err != nil {
		l.fail("write a fact: %v", err)
	}
}

// clear empties the database, children first.
func (l *life) clear() {
	l.write(func(ctx context.Context, tx *ent.Client) error {
		for _, remove := range []func(context.Context) (int, error){
			tx.Notification.Delete().Exec, tx.EmergencyAccess.Delete().Exec, tx.Consent.Delete().Exec,
			tx.SealedCopy.Delete().Exec, tx.Transfer.Delete().Exec, tx.Share.Delete().Exec, tx.ContactLink.Delete().Exec,
			tx.Contact.Delete().Exec, tx.RecordLink.Delete().Exec, tx.Record.Delete().Exec, tx.Profile.Delete().Exec,
			tx.UnitMember.Delete().Exec, tx.Unit.Delete().Exec, tx.Professional.Delete().Exec, tx.Principal.Delete().Exec,
			tx.Workspace.Delete().Exec, tx.Event.Delete().Exec,
		} {
			if _, err := remove(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

// named makes an id of a type that people read by a name.
func (l *life) named(prefix, name string) string {
	id := schema.NewID(prefix)
	l.names[id] = name
	return id
}

// mint is an id for what an operation makes, until the database has said which it is.
func (l *life) mint(what string) string {
	l.minted++
	return fmt.Sprint("~", what, l.minted)
}

// beginWorld is two workspaces and a practice, seven professionals, three units, five
// profiles, their contacts, and five records.
func (l *life) beginWorld(t *rapid.T) {
	w := l.facts
	place := func(name string) string {
		id := l.named(schema.WorkspacePrefix, name)
		w.Workspaces[id] = &oracle.Workspace{Status: "ACTIVE", Policies: drawPolicies(t)}
		return id
	}
	clinic, school, office := place("clinic"), place("school"), place("office")
	person := func(name, in, scope, right string, roles ...string) string {
		id := l.named(schema.ProfessionalPrefix, name)
		w.Professionals[id] = &oracle.Professional{Workspace: in, Status: "ACTIVE", Roles: roles, Scope: scope, Right: right}
		l.actors = append(l.actors, id)
		return id
	}
	ann := person("ann", clinic, "OWN", "NONE", "PRACTITIONER")
	bea := person("bea", clinic, "OWN", "NONE", "ADMINISTRATOR")
	cid := person("cid", clinic, "ALL", "READ", "PRACTITIONER")
	dan := person("dan", school, "ALL", "EDIT", "COORDINATOR")
	eve := person("eve", school, "OWN", "EDIT", "ADMINISTRATOR", "PRACTITIONER")
	gil := person("gil", school, "OWN", "NONE", "MANAGER")
	fay := person("fay", office, "OWN", "NONE", "ADMINISTRATOR", "PRACTITIONER")
	team := func(name, in string, steward string, members ...string) string {
		id := l.named(schema.UnitPrefix, name)
		w.Units[id] = &oracle.Unit{Workspace: in, Status: "ACTIVE"}
		for _, m := range append([]string{steward}, members...) {
			w.Memberships[l.named(schema.UnitMemberPrefix, l.names[m]+" in "+name)] =
				&oracle.Membership{Unit: id, Professional: m, Steward: m == steward, From: w.Now}
		}
		return id
	}
	crew, staff := team("crew", clinic, ann, cid), team("staff", school, dan, gil)
	team("desk", school, eve)
	child := func(name, in, maker, born string) string {
		id := l.named(schema.ProfilePrefix, name)
		w.Profiles[id] = &oracle.Profile{Home: in, Creator: maker, Born: born}
		return id
	}
	mia, noa := child("mia", clinic, ann, "1980-02-03"), child("noa", clinic, cid, "2016-05-06")
	leo, ola, pia := child("leo", school, eve, ""), child("ola", school, dan, "1990-07-08"), child("pia", office, fay, "2008-01-06")
	for i, p := range []string{mia, noa, leo, pia, noa} {
		id := l.named(schema.ContactLinkPrefix, fmt.Sprint("contact ", i, " of ", l.names[p]))
		w.ContactLinks[id] = &oracle.ContactLink{Profile: p, Contact: l.contact(i, w.Profiles[p].Home), MayConsent: i != 2, Restriction: "NONE"}
		if i == 3 {
			w.ContactLinks[id].Restriction = "NO_CONTACT"
		}
	}
	file := func(name, owner string, confidential bool, profiles ...string) {
		id := l.named(schema.RecordPrefix, name)
		w.Records[id] = &oracle.Record{Workspace: w.WorkspaceOf(owner), Owner: owner, Epoch: 1, Status: "OPEN", Confidential: confidential}
		for _, p := range profiles {
			w.Links[l.named(schema.RecordLinkPrefix, l.names[p]+" on "+name)] = &oracle.Link{Record: id, Profile: p}
		}
	}
	file("own", ann, false, mia, noa)
	file("common", crew, true, noa)
	file("program", staff, false, leo, mia)
	file("support", eve, false, leo, ola)
	file("private", fay, false, pia)
	_ = bea
	for _, k := range keys(w.Links) {
		if d := pick(t, "consent", 0, hour, day, 3*day, 30*day); d != 0 {
			p := w.Links[k].Profile
			w.Consents[l.named(schema.ConsentPrefix, "first consent "+k)] = &oracle.Consent{
				Workspace: w.Records[w.Links[k].Record].Workspace, Profile: p, Purpose: "SHARE_AND_TRANSFER",
				Target: pick(t, "target", "", "", clinic, school, office, ann, staff),
				Signed: w.Now, Effective: w.Now, Expires: w.Now.Add(d)}
		}
	}
	l.hot = map[string]bool{}
	for range 2 {
		l.hot[pick(t, "about", keys(w.Records)...)] = true
		l.hot[pick(t, "about", l.actors...)], l.hot[pick(t, "about", l.principals()...)] = true, true
	}
	l.insert()
	l.signIn()
	l.first = l.untouched()
	l.owners = map[string]string{}
	for id, r := range w.Records {
		l.owners[id] = r.Owner
	}
}

func (l *life) contact(i int, home string) string {
	id := l.named(schema.ContactPrefix, fmt.Sprint("contact ", i))
	l.facts.Contacts[id] = &oracle.Contact{Home: home}
	return id
}

// insert tells the database the facts that a world begins with.
func (l *life) insert() {
	w := l.facts
	l.write(func(ctx context.Context, tx *ent.Client) error {
		var principals []*ent.PrincipalCreate
		add := func(kind principal.Kind, id string) {
			principals = append(principals, tx.Principal.Create().SetID(id).SetKind(kind).SetWorkspaceID(w.WorkspaceOf(id)))
		}
		places := bulk(w.Workspaces, func(id string, in *oracle.Workspace) *ent.WorkspaceCreate {
			add(principal.KindWORKSPACE, id)
			return tx.Workspace.Create().SetID(id).SetName(l.names[id]).SetKind(workspace.KindORGANIZATION).SetPolicies(policies(in.Policies))
		})
		people := bulk(w.Professionals, func(id string, p *oracle.Professional) *ent.ProfessionalCreate {
			add(principal.KindPROFESSIONAL, id)
			var roles []schema.Role
			for _, r := range p.Roles {
				roles = append(roles, schema.Role(r))
			}
			return tx.Professional.Create().SetID(id).SetWorkspaceID(p.Workspace).SetName(l.names[id]).SetSortName(l.names[id]).
				SetRoles(roles).SetStatus(professional.StatusACTIVE).
				SetDirectoryScope(professional.DirectoryScope(p.Scope)).SetDirectoryRight(professional.DirectoryRight(p.Right))
		})
		units := bulk(w.Units, func(id string, u *oracle.Unit) *ent.UnitCreate {
			add(principal.KindUNIT, id)
			return tx.Unit.Create().SetID(id).SetWorkspaceID(u.Workspace).SetKind(unit.KindTEAM).SetName(l.names[id]).SetSortName(l.names[id])
		})
		members := bulk(w.Memberships, func(id string, b *oracle.Membership) *ent.UnitMemberCreate {
			return tx.UnitMember.Create().SetID(id).SetUnitID(b.Unit).SetProfessionalID(b.Professional).SetSteward(b.Steward).SetStartedAt(b.From)
		})
		profiles := bulk(w.Profiles, func(id string, p *oracle.Profile) *ent.ProfileCreate {
			row := tx.Profile.Create().SetID(id).SetHomeWorkspaceID(p.Home).SetCreatedByID(p.Creator).SetKind(profile.KindCLIENT).
				SetGivenName(l.names[id]).SetFamilyName("Family").SetSortName(l.names[id])
			if p.Born != "" {
				row.SetBirthDate(p.Born)
			}
			return row
		})
		contacts := bulk(w.Contacts, func(id string, c *oracle.Contact) *ent.ContactCreate {
			return tx.Contact.Create().SetID(id).SetHomeWorkspaceID(c.Home).SetGivenName(l.names[id]).SetSortName(l.names[id])
		})
		ties := bulk(w.ContactLinks, func(id string, k *oracle.ContactLink) *ent.ContactLinkCreate {
			return tx.ContactLink.Create().SetID(id).SetProfileID(k.Profile).SetContactID(k.Contact).
				SetRelationship(contactlink.RelationshipGUARDIAN).SetMayConsent(k.MayConsent).
				SetRestriction(contactlink.Restriction(k.Restriction))
		})
		numbers := map[string]int{} // in each workspace the same, so that they clash when a record moves
		records := bulk(w.Records, func(id string, r *oracle.Record) *ent.RecordCreate {
			numbers[r.Workspace]++
			return tx.Record.Create().SetID(id).SetWorkspaceID(r.Workspace).SetOwnerID(r.Owner).SetKind(record.KindFAMILY).
				SetStatus(record.StatusOPEN).SetConfidential(r.Confidential).SetNumber(fmt.Sprint("N-", numbers[r.Workspace])).SetTitle(l.names[id])
		})
		links := bulk(w.Links, func(id string, k *oracle.Link) *ent.RecordLinkCreate {
			return tx.RecordLink.Create().SetID(id).SetRecordID(k.Record).SetProfileID(k.Profile).SetRole(recordlink.RolePARTICIPANT)
		})
		consents := bulk(w.Consents, func(id string, c *oracle.Consent) *ent.ConsentCreate {
			return tx.Consent.Create().SetID(id).SetWorkspaceID(c.Workspace).SetProfileID(c.Profile).
				SetPurpose(consent.Purpose(c.Purpose)).SetMethod(consent.MethodWRITTEN).
				SetSignedAt(c.Signed).SetEffectiveAt(c.Effective).SetExpiresAt(c.Expires).SetNillableTargetID(orNone(c.Target))
		})
		for _, exec := range []func(context.Context) error{
			tx.Workspace.CreateBulk(places...).Exec, tx.Principal.CreateBulk(principals...).Exec,
			tx.Professional.CreateBulk(people...).Exec, tx.Unit.CreateBulk(units...).Exec, tx.UnitMember.CreateBulk(members...).Exec,
			tx.Profile.CreateBulk(profiles...).Exec, tx.Contact.CreateBulk(contacts...).Exec, tx.ContactLink.CreateBulk(ties...).Exec,
			tx.Record.CreateBulk(records...).Exec, tx.RecordLink.CreateBulk(links...).Exec, tx.Consent.CreateBulk(consents...).Exec,
		} {
			if err := exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

// bulk makes a builder for each row, in the order of ids.
func bulk[T, B any](rows map[string]*T, build func(string, *T) B) []B {
	var list []B
	for _, id := range keys(rows) {
		list = append(list, build(id, rows[id]))
	}
	return list
}

func policies(p oracle.Policies) schema.Policies {
	to := schema.Policies{}.Standard()
	to.OfferDays, to.CoolingOffDays, to.EmergencyHours, to.AdultAge = p.OfferDays, p.CoolingOffDays, p.EmergencyHours, p.AdultAge
	to.ConsentInside, to.ConsentAcross = schema.ConsentMode(p.Inside), schema.ConsentMode(p.Across)
	return to
}
