package graph_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"continuum/ent"
	"continuum/ent/record"
	"continuum/internal/access"
	"continuum/internal/practice"
	"continuum/schema"
)

// addCrowds gives Ann lists that are longer than a page: a group of 130, a child in 25 records with 25 contacts.
func (w *randomWorld) addCrowds() {
	known := w.names()
	w.change(func(ctx context.Context, tx *ent.Client) error {
		ann, clinic := known["Ann Lavoie@clinic"], known[clinicName]
		group, err := tx.Record.Create().SetWorkspaceID(clinic).SetOwnerID(ann).SetNumber("2026-CROWD").SetTitle("A crowd").
			SetKind(record.KindGROUP).SetService("Psychology").SetStatus(record.StatusOPEN).Save(ctx)
		if err != nil {
			return err
		}
		profiles, err := tx.Profile.MapCreateBulk(make([]struct{}, 130), func(c *ent.ProfileCreate, i int) {
			c.SetHomeWorkspaceID(clinic).SetKind("CLIENT").SetGivenName(fmt.Sprintf("Nº %03d", i)).SetFamilyName("Crowd").
				SetSortName(fmt.Sprintf("crowd no %03d", i/2)).SetCreatedByID(ann) // by twos they sort alike
		}).Save(ctx)
		if err != nil {
			return err
		}
		err = tx.RecordLink.MapCreateBulk(profiles, func(c *ent.RecordLinkCreate, i int) {
			c.SetRecordID(group.ID).SetProfileID(profiles[i].ID).SetRole("PARTICIPANT").SetPosition(i).SetLinkedByID(ann).SetLinkReason("One of many.")
		}).Exec(ctx)
		if err != nil {
			return err
		}
		return w.crowdAround(ctx, tx, profiles[0].ID, ann, clinic)
	})
}

// crowdAround gives one profile 25 records and 25 contacts.
func (w *randomWorld) crowdAround(ctx context.Context, tx *ent.Client, profileID, ann, clinic string) error {
	records, err := tx.Record.MapCreateBulk(make([]struct{}, 25), func(c *ent.RecordCreate, i int) {
		c.SetWorkspaceID(clinic).SetOwnerID(ann).SetNumber(fmt.Sprintf("2026-C%04d", i)).SetTitle(fmt.Sprintf("Crowd %d", i)).
			SetKind(record.KindINDIVIDUAL).SetStatus(record.StatusOPEN)
	}).Save(ctx)
	if err != nil {
		return err
	}
	err = tx.RecordLink.MapCreateBulk(records, func(c *ent.RecordLinkCreate, i int) {
		c.SetRecordID(records[i].ID).SetProfileID(profileID).SetRole("PRIMARY")
	}).Exec(ctx)
	if err != nil {
		return err
	}
	contacts, err := tx.Contact.MapCreateBulk(make([]struct{}, 25), func(c *ent.ContactCreate, i int) {
		c.SetHomeWorkspaceID(clinic).SetGivenName(fmt.Sprintf("Aunt %d", i)).SetSortName("aunt").SetCreatedByID(ann)
	}).Save(ctx)
	if err != nil {
		return err
	}
	return tx.ContactLink.MapCreateBulk(contacts, func(c *ent.ContactLinkCreate, i int) {
		c.SetContactID(contacts[i].ID).SetProfileID(profileID).SetRelationship("RELATIVE").SetValidFrom("2020-01-01").SetValidTo("2030-01-01").
			SetEmergencyRank(i + 1)
	}).Exec(ctx)
}

// addNarrowKeys gives some people keys that lack some scopes, and one of them a key that has none.
func (w *randomWorld) addNarrowKeys() {
	known := w.names()
	w.change(func(ctx context.Context, tx *ent.Client) error {
		for i, name := range []string{"Ann Lavoie@clinic", "Bob Gagnon@school", "Dina Haddad@clinic", "Sam Ouellet@school", "Adam Fortin@school"} {
			var scopes []schema.Scope
			for _, scope := range schema.AllScopes() {
				if i < 4 && w.dice.IntN(4) > 0 {
					scopes = append(scopes, scope)
				}
			}
			if err := w.addKey(ctx, tx, fmt.Sprintf("narrow %d", i), known[name], scopes...); err != nil {
				return err
			}
		}
		key, now := practice.NewKey(), access.Now(ctx)
		return tx.ApiKey.Create().SetID(key.ID).SetHash(key.Hash).SetName("An old one").SetProfessionalID(known["Ann Lavoie@clinic"]).
			SetScopes(schema.AllScopes()).SetExpiresAt(now.Add(time.Hour)).SetRevokedAt(now).Exec(ctx)
	})
}

// addSealed has records handed over whose givers keep sealed copies, in the place of one that no key opens.
func (w *randomWorld) addSealed() {
	w.t.Helper()
	w.change(func(ctx context.Context, tx *ent.Client) error {
		_, err := tx.SealedCopy.Delete().Exec(ctx)
		return err
	})
	known := w.names()
	for _, x := range []struct{ giver, receiver, record, to string }{
		{"bob", "ann", olivierRecord, "Ann Lavoie@clinic"},
		{"bob", "sam", "Learning assessment", "Sam Ouellet@school"},
		{"ann", "ben", "A delicate matter", "Ben Tran@clinic"},
	} {
		offer := w.answer(w.alone, operation{who: x.giver, text: `mutation($r:ID!,$to:ID!){transferRecord(input:{recordId:$r,toId:$to,previousOwnerKeeps:SEALED_COPY,
			includesConfidential:true,consentOverride:"He asked for it."}){transfer{id} userErrors{message}}}`, variables: vars{"r": known[x.record], "to": known[x.to]}})
		id := regexp.MustCompile(`xfer_\w+`).FindString(offer.body)
		taken := w.answer(w.alone, operation{who: x.receiver, text: `mutation($id:ID!){acceptTransfer(input:{id:$id}){transfer{status} userErrors{message}}}`, variables: vars{"id": id}})
		if !strings.Contains(taken.body, `"ACCEPTED"`) {
			w.t.Fatalf("%s, %s", offer.body, taken.body)
		}
	}
	clear(w.seats)
}
