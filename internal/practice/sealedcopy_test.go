package practice_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"continuum/ent"
	"continuum/ent/contactlink"
	"continuum/ent/contactpoint"
	"continuum/ent/sealedcopy"
	"continuum/ent/transfer"
	"continuum/internal/practice"
	"continuum/internal/seal"
	"continuum/schema"
)

// withKeys gives the clinic's server fresh keys, and returns them.
func (c *clinic) withKeys(t *testing.T) *seal.Keys {
	t.Helper()
	keys, err := seal.New()
	if err != nil {
		t.Fatal(err)
	}
	c.Practice = practice.New(c.store, practice.WithSeal(keys))
	return keys
}

// offerSealed offers Paul's record to Bob, for a sealed copy.
func (c *clinic) offerSealed(t *testing.T) (*practice.TransferRecordPayload, error) {
	t.Helper()
	return c.TransferRecord(c.as(t, "paul"), practice.TransferRecordInput{
		RecordID: c.id("follow-up"), ToID: ptr(c.id("bob")), PreviousOwnerKeeps: ptr(transfer.PreviousOwnerKeepsSEALED_COPY),
	})
}

// handSealed hands Paul's record to Bob, and returns the copy that Paul sees of it.
func (c *clinic) handSealed(t *testing.T) *ent.SealedCopy {
	t.Helper()
	offered, err := c.offerSealed(t)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.AcceptTransfer(c.as(t, "bob"), practice.AcceptTransferInput{ID: offered.Transfer.ID}); err != nil {
		t.Fatal(err)
	}
	return c.copyOf(t, "paul")
}

// copyOf is the one sealed copy that somebody sees.
func (c *clinic) copyOf(t *testing.T, who string) *ent.SealedCopy {
	t.Helper()
	row, err := c.store.Client().SealedCopy.Query().Only(c.as(t, who))
	if err != nil {
		t.Fatal(err)
	}
	return row
}

// open is what a copy says.
func (c *clinic) openCopy(t *testing.T, row *ent.SealedCopy) *practice.SealedRecord {
	t.Helper()
	found, err := c.OpenSealedCopy(c.as(t, "paul"), row)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// people fills Paul's record: Éva, of whom everything is known, is its PRIMARY, and Nora
// is around her and Lea.
func (c *clinic) people(t *testing.T) {
	t.Helper()
	paul := c.as(t, "paul")
	if _, err := c.CreateProfile(paul, c.whole(t)); err != nil {
		t.Fatal(err)
	}
	c.ids["nora"] = schema.NewID(schema.ContactPrefix)
	_, err := c.CreateContact(paul, practice.CreateContactInput{
		ID: ptr(c.id("nora")), GivenName: "Nora", FamilyName: ptr("Émond"), Organization: ptr("Home"), Languages: []string{"fr"},
		ContactPoints: []*practice.ContactPointInput{{Kind: contactpoint.KindEMAIL, Value: "Nora@example.org", Label: ptr("work")}},
		Addresses:     []*practice.AddressInput{{Line1: "2, rue des Érables", PostalCode: ptr("G1G 1G1"), Preferred: ptr(true)}},
		Links: []*practice.ContactLinkInput{
			{
				ProfileID: c.id("eva"), Relationship: contactlink.RelationshipMOTHER, Authority: ptr(contactlink.AuthorityPARENTAL),
				Custody: ptr("every other week"), EmergencyRank: ptr(1), MayReceiveInformation: ptr(true), MayConsent: ptr(true),
				Channels: []string{"EMAIL"}, ValidFrom: ptr("2020-01-01"), ValidTo: ptr("2030-05-17"),
			},
			{ProfileID: c.id("lea"), Relationship: contactlink.RelationshipRELATIVE, Restriction: ptr(contactlink.RestrictionNO_INFORMATION)},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	c.system(t, func(ctx context.Context, tx *ent.Client) error {
		return tx.Record.UpdateOneID(c.id("follow-up")).SetService("Speech").SetReason("What for").
			SetOpenedAt(time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)).Exec(ctx)
	})
	// Who has left is no part of the copy.
	c.profile(t, "gone", "paul")
	c.guardian(t, "former", "eva")
	err = c.link(paul, "gone")
	if err == nil {
		err = c.unlink(paul, "gone")
	}
	if err == nil {
		_, err = c.EndContactLink(paul, practice.EndContactLinkInput{ID: c.tie(t, "former", "eva").ID})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// peopleSealed is what a copy of the record says, before anybody changes it.
func (c *clinic) peopleSealed(t *testing.T) *practice.SealedRecord {
	t.Helper()
	record, links := c.recordRow(t, "follow-up"), map[string]*ent.RecordLink{}
	for _, link := range c.links(t, "follow-up") {
		links[link.ProfileID] = link
	}
	plain := func(name string, contacts ...*practice.SealedContact) *practice.SealedProfile {
		link := links[c.id(name)]
		return &practice.SealedProfile{
			ProfileID: c.id(name), Role: "PARTICIPANT", Position: link.Position, Notify: true, LinkedAt: link.LinkedAt.UTC(),
			Kind: "CLIENT", Status: "ACTIVE", GivenName: name, FamilyName: "Roy", BirthDatePrecision: "DAY",
			FormerNames: []string{}, Languages: []string{}, ContactPoints: []*practice.SealedContactPoint{},
			Addresses: []*practice.SealedAddress{}, Identifiers: []*practice.SealedIdentifier{},
			Contacts: append([]*practice.SealedContact{}, contacts...),
		}
	}
	nora := practice.SealedContact{
		ContactID: c.id("nora"), GivenName: "Nora", FamilyName: ptr("Émond"), Organization: ptr("Home"), Languages: []string{"fr"},
		ContactPoints: []*practice.SealedContactPoint{
			{Kind: "EMAIL", Value: "Nora@example.org", Normalized: "nora@example.org", Label: ptr("work")},
		},
		Addresses: []*practice.SealedAddress{{Line1: "2, rue des Érables", PostalCode: ptr("G1G 1G1"), Preferred: true}},
	}
	mother, relative := nora, nora
	mother.Relationship, mother.Authority, mother.Custody, mother.EmergencyRank = "MOTHER", "PARENTAL", ptr("every other week"), ptr(1)
	mother.MayReceiveInformation, mother.MayConsent, mother.Restriction, mother.Channels = true, true, "NONE", []string{"EMAIL"}
	mother.ValidFrom, mother.ValidTo = ptr("2020-01-01"), ptr("2030-05-17")
	relative.Relationship, relative.Authority, relative.Restriction, relative.Channels = "RELATIVE", "NONE", "NO_INFORMATION", []string{}
	eva := &practice.SealedProfile{
		ProfileID: c.id("eva"), Role: "PRIMARY", Position: 2, Notify: true, LinkedAt: links[c.id("eva")].LinkedAt.UTC(), LinkReason: ptr("sister"),
		Kind: "STUDENT", Status: "ACTIVE", GivenName: "Éva", MiddleName: ptr("Łucja"), FamilyName: "Ångström", PreferredName: ptr("Vivi"),
		FormerNames: []string{"Roy"}, BirthDate: ptr("2012-05-01"), BirthDatePrecision: "MONTH", Gender: ptr("girl"),
		Languages: []string{"fr", "en-CA"}, Grade: ptr("4"), InstitutionName: ptr("our school"),
		ContactPoints: []*practice.SealedContactPoint{
			{Kind: "MOBILE", Value: "514 555-0199", Normalized: "+15145550199", Label: ptr("home"), Preferred: true},
			{Kind: "EMAIL", Value: "Eva@Example.org", Normalized: "eva@example.org"},
		},
		Addresses:   []*practice.SealedAddress{{Line1: "1, rue des Pins", City: ptr("Québec"), Country: ptr("CA")}},
		Identifiers: []*practice.SealedIdentifier{{System: "ramq", Value: "ANGE12"}, {System: "registry", Value: "7"}},
		Contacts:    []*practice.SealedContact{&mother},
	}
	return &practice.SealedRecord{
		Number: "follow-up", Title: "follow-up", Kind: "FAMILY", Service: ptr("Speech"), Reason: ptr("What for"), Status: "OPEN",
		OwnerName: "paul", OpenedAt: ptr(time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)), CreatedAt: record.CreatedAt.UTC(),
		Profiles: []*practice.SealedProfile{plain("lea", &relative), plain("leo"), eva},
	}
}

func TestSealedCopy_IsCompleteAndStaysAsItWas(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.withKeys(t)
		c.people(t)
		want := c.peopleSealed(t)
		row := c.handSealed(t)
		if diff := cmp.Diff(want, c.openCopy(t, row)); diff != "" {
			t.Errorf("the copy says something else (-want +got):\n%s", diff)
		}
		if row.HolderID != c.id("paul") || row.WorkspaceID != c.id("clinic") || row.RecordID != c.id("follow-up") ||
			row.Number != "follow-up" || row.CreatedByID != c.id("bob") || len(row.ManifestHash) != 64 {
			t.Errorf("kept as %v", row)
		}
		bob := c.as(t, "bob")
		_, err := c.UpdateProfile(bob, practice.UpdateProfileInput{ID: c.id("eva"), ExpectedVersion: 1, GivenName: text("Other")})
		if err == nil {
			_, err = c.UpdateRecord(bob, practice.UpdateRecordInput{ID: c.id("follow-up"), ExpectedVersion: c.recordRow(t, "follow-up").Version, Title: text("Other")})
		}
		if err == nil {
			_, err = c.EndContactLink(bob, practice.EndContactLinkInput{ID: c.tie(t, "nora", "eva").ID})
		}
		if err == nil {
			err = c.unlink(bob, "leo")
		}
		if err != nil {
			t.Fatal(err)
		}
		after := c.copyOf(t, "paul")
		if !bytes.Equal(after.Content, row.Content) || after.ManifestHash != row.ManifestHash {
			t.Error("the row of the copy has changed")
		}
		if diff := cmp.Diff(want, c.openCopy(t, after)); diff != "" {
			t.Errorf("the copy has changed (-want +got):\n%s", diff)
		}
	})
}

// Nobody but its holder sees a copy, and nobody changes one.
func TestSealedCopy_IsItsHoldersAlone(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.withKeys(t)
		c.unit(t, "team", "clinic", "paul*", "rita")
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			return tx.Record.UpdateOneID(c.id("follow-up")).SetOwnerID(c.id("team")).Exec(ctx)
		})
		row := c.handSealed(t)
		if got := c.openCopy(t, c.copyOf(t, "rita")).OwnerName; row.HolderID != c.id("team") || got != "team" {
			t.Errorf("a unit's copy is of %s's, by %s", got, row.HolderID)
		}
		for _, who := range []string{"ann", "mia", "cora", "bob"} {
			if n := c.store.Client().SealedCopy.Query().CountX(c.as(t, who)); n != 0 {
				t.Errorf("%s sees the copy", who)
			}
		}
		err := c.store.Tx(c.as(t, "paul"), func(ctx context.Context, tx *ent.Client) error {
			_, err := tx.SealedCopy.Delete().Where(sealedcopy.ID(row.ID)).Exec(ctx)
			return err
		})
		if err == nil {
			t.Error("its holder deletes it")
		}
	})
}

// The database alone tells nothing of what is in a copy.
func TestSealedCopy_TellsNothingWithoutTheKeys(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		keys := c.withKeys(t)
		c.people(t)
		row := c.handSealed(t)
		for _, word := range []string{"Éva", "ngstr", "514 555-0199", "ANGE12", "Nora", "follow-up"} {
			if bytes.Contains(row.Content, []byte(word)) || strings.Contains(row.String(), "Éva") {
				t.Errorf("the row tells %s", word)
			}
		}
		rotated, err := keys.Rotate()
		if err != nil {
			t.Fatal(err)
		}
		c.Practice = practice.New(c.store, practice.WithSeal(rotated))
		c.openCopy(t, row)
		c.withKeys(t)
		c.faulty(t, "another key", row)
		c.Practice = practice.New(c.store)
		c.faulty(t, "no key", row)
	})
}

// A copy that was changed, or put elsewhere, does not open, and shows nothing.
func TestSealedCopy_OpensOnlyAsItWasMade(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.withKeys(t)
		c.people(t)
		row := c.handSealed(t)
		for name, change := range map[string]func(*ent.SealedCopy){
			"a flipped bit":      func(r *ent.SealedCopy) { r.Content[len(r.Content)/2] ^= 1 },
			"the last byte":      func(r *ent.SealedCopy) { r.Content = r.Content[:len(r.Content)-1] },
			"nothing":            func(r *ent.SealedCopy) { r.Content = nil },
			"another id":         func(r *ent.SealedCopy) { r.ID = schema.NewID(schema.SealedCopyPrefix) },
			"another workspace":  func(r *ent.SealedCopy) { r.WorkspaceID = c.id("school") },
			"another holder":     func(r *ent.SealedCopy) { r.HolderID = c.id("rita") },
			"another record":     func(r *ent.SealedCopy) { r.RecordID = schema.NewID(schema.RecordPrefix) },
			"another transfer":   func(r *ent.SealedCopy) { r.TransferID = schema.NewID(schema.TransferPrefix) },
			"another number":     func(r *ent.SealedCopy) { r.Number = "2026-1" },
			"another hash":       func(r *ent.SealedCopy) { r.ManifestHash = hex.EncodeToString(make([]byte, 32)) },
			"no hash":            func(r *ent.SealedCopy) { r.ManifestHash = "" },
			"the hash, shouting": func(r *ent.SealedCopy) { r.ManifestHash = strings.ToUpper(r.ManifestHash) },
		} {
			changed := *row
			changed.Content = bytes.Clone(row.Content)
			change(&changed)
			c.faulty(t, name, &changed)
		}
		moved := schema.NewID(schema.SealedCopyPrefix)
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			if err := tx.SealedCopy.DeleteOneID(row.ID).Exec(ctx); err != nil {
				return err
			}
			return tx.SealedCopy.Create().SetID(moved).SetRecordID(row.RecordID).SetTransferID(row.TransferID).
				SetHolderID(row.HolderID).SetWorkspaceID(row.WorkspaceID).SetNumber(row.Number).
				SetManifestHash(row.ManifestHash).SetContent(row.Content).Exec(ctx)
		})
		c.faulty(t, "moved within the table", c.copyOf(t, "paul"))
	})
}

// faulty sees that a copy does not open: a fault, which tells nobody anything.
func (c *clinic) faulty(t *testing.T, name string, row *ent.SealedCopy) {
	t.Helper()
	found, err := c.OpenSealedCopy(c.as(t, "paul"), row)
	if err == nil || found != nil || practice.UserErrors(err) != nil {
		t.Errorf("%s: opens as %v, %v", name, found, err)
	}
	if err != nil && (strings.Contains(err.Error(), "Éva") || !strings.Contains(err.Error(), row.ID)) {
		t.Errorf("%s: the fault reads %v", name, err)
	}
}

func TestSealedCopy_NeedsKeys(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		keyless := c.Practice
		c.unchanged(t, func() {
			_, err := c.offerSealed(t)
			c.refused(t, err, "INVALID_STATE previousOwnerKeeps")
			_, err = c.AssignRecord(c.as(t, "cora"), practice.AssignRecordInput{
				RecordID: c.id("follow-up"), ToID: c.id("rita"), PreviousOwnerKeeps: ptr(transfer.PreviousOwnerKeepsSEALED_COPY),
			})
			c.refused(t, err, "INVALID_STATE previousOwnerKeeps")
		})
		c.withKeys(t)
		offered, err := c.offerSealed(t)
		if err != nil {
			t.Fatal(err)
		}
		accept := func() error {
			_, err := c.AcceptTransfer(c.as(t, "bob"), practice.AcceptTransferInput{ID: offered.Transfer.ID})
			return err
		}
		withKeys := c.Practice
		c.Practice = keyless // the keys are lost between offer and answer
		c.unchanged(t, func() { c.refused(t, accept(), "INVALID_STATE previousOwnerKeeps") })
		c.Practice = withKeys
		if err := accept(); err != nil {
			t.Error(err)
		}
		if n := c.store.Client().SealedCopy.Query().CountX(c.now(t)); n != 1 {
			t.Errorf("%d copies", n)
		}
	})
}

// An assignment keeps a copy too, for an owner who is not there to ask for it, and shows
// nothing of it to whoever assigns.
func TestSealedCopy_OfWhatIsAssigned(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.withKeys(t)
		_, err := c.AssignRecord(c.as(t, "cora"), practice.AssignRecordInput{
			RecordID: c.id("follow-up"), ToID: c.id("rita"), PreviousOwnerKeeps: ptr(transfer.PreviousOwnerKeepsSEALED_COPY),
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := c.openCopy(t, c.copyOf(t, "paul")); len(got.Profiles) != 2 || got.Title != "follow-up" {
			t.Errorf("kept %v", got)
		}
	})
}

// A copy costs four statements, of one profile and of forty.
func TestSealedCopy_Statements(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.withKeys(t)
		spent := func(record string, people []string, keeps transfer.PreviousOwnerKeeps) int {
			c.record(t, record, "paul", people...)
			offered, err := c.TransferRecord(c.as(t, "paul"), practice.TransferRecordInput{
				RecordID: c.id(record), ToID: ptr(c.id("bob")), PreviousOwnerKeeps: &keeps,
			})
			if err != nil {
				t.Fatal(err)
			}
			bob := c.as(t, "bob")
			c.statements = nil
			if _, err := c.AcceptTransfer(bob, practice.AcceptTransferInput{ID: offered.Transfer.ID}); err != nil {
				t.Fatal(err)
			}
			return len(c.statements)
		}
		var many []string
		for i := range 40 {
			name := fmt.Sprintf("p%d", i)
			c.profile(t, name, "paul")
			many = append(many, name)
		}
		c.guardian(t, "nora", many[:20]...)
		for i, people := range [][]string{many[:1], many} {
			without := spent(fmt.Sprintf("without-%d", i), people, transfer.PreviousOwnerKeepsNOTHING)
			with := spent(fmt.Sprintf("with-%d", i), people, transfer.PreviousOwnerKeepsSEALED_COPY)
			if with-without != 4 || with > 25 {
				t.Errorf("%d profiles: %d statements with a copy, %d without:\n%s", len(people), with, without, strings.Join(c.statements, "\n"))
			}
		}
	})
}

// Whoever adds a field decides whether a copy keeps it. What it leaves out is how the row
// is kept, and whose it is now.
func TestSealedCopy_HasAFieldForEachThatIsStored(t *testing.T) {
	kept := []string{"ID", "CreatedByID", "UpdatedAt", "UpdatedByID", "Version", "FieldVersions", "Edges", "CreatedAt", "SortName"}
	for _, pair := range []struct {
		stored, sealed any
		not            []string
	}{
		{ent.Record{}, practice.SealedRecord{}, []string{"WorkspaceID", "OwnerID", "OwnerEpoch"}},
		{ent.Profile{}, practice.SealedProfile{}, []string{"HomeWorkspaceID", "InstitutionID", "MergedIntoID"}},
		{ent.RecordLink{}, practice.SealedProfile{}, []string{"RecordID", "GuestOf", "LinkedByID", "UnlinkedAt", "UnlinkedByID", "UnlinkReason"}},
		// Whether a contact is somebody's client besides is not the holder's to know.
		{ent.Contact{}, practice.SealedContact{}, []string{"HomeWorkspaceID", "ProfileID"}},
		{ent.ContactLink{}, practice.SealedContact{}, []string{"ProfileID", "EndedAt", "EndedByID", "EndReason"}},
		{ent.ContactPoint{}, practice.SealedContactPoint{}, []string{"ProfileID", "ContactID", "Position"}},
		{ent.Address{}, practice.SealedAddress{}, []string{"ProfileID", "ContactID", "InstitutionID", "Position"}},
		{ent.Identifier{}, practice.SealedIdentifier{}, []string{"WorkspaceID", "ProfileID"}},
	} {
		stored, sealed := reflect.TypeOf(pair.stored), reflect.TypeOf(pair.sealed)
		for _, field := range reflect.VisibleFields(stored) {
			_, has := sealed.FieldByName(field.Name)
			if field.IsExported() && !has && !slices.Contains(kept, field.Name) && !slices.Contains(pair.not, field.Name) {
				t.Errorf("%s.%s has no place in %s", stored, field.Name, sealed)
			}
		}
	}
}
