package practice_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"continuum/ent"
	"continuum/ent/address"
	"continuum/ent/contactpoint"
	"continuum/ent/identifier"
	"continuum/ent/profile"
	"continuum/ent/recordlink"
	"continuum/ent/share"
	"continuum/ent/workspaceprofile"
	"continuum/internal/practice"
	"continuum/schema"
)

// share gives somebody a record.
func (c *clinic) share(t *testing.T, record, with string, level share.Level) {
	t.Helper()
	c.system(t, func(ctx context.Context, tx *ent.Client) error {
		return tx.Share.Create().SetRecordID(c.id(record)).SetGranteeID(c.id(with)).SetLevel(level).
			SetStatus(share.StatusACTIVE).SetEpoch(1).Exec(ctx)
	})
}

// institution makes an institution of a workspace.
func (c *clinic) institution(t *testing.T, name, in string) {
	t.Helper()
	c.ids[name] = schema.NewID(schema.InstitutionPrefix)
	c.system(t, func(ctx context.Context, tx *ent.Client) error {
		return tx.Institution.Create().SetID(c.id(name)).SetWorkspaceID(c.id(in)).SetKind("SCHOOL").
			SetName(name).SetSortName(name).Exec(ctx)
	})
}

// row is a profile as it is stored.
func (c *clinic) row(t *testing.T, name string) *ent.Profile {
	t.Helper()
	return c.store.Client().Profile.GetX(c.now(t), c.id(name))
}

// whole is an input that gives everything that a new profile can have.
func (c *clinic) whole(t *testing.T) practice.CreateProfileInput {
	t.Helper()
	c.ids["eva"] = schema.NewID(schema.ProfilePrefix)
	c.institution(t, "our school", "clinic")
	return practice.CreateProfileInput{
		ID: ptr(c.id("eva")), Kind: ptr(profile.KindSTUDENT),
		GivenName: " E\u0301va ", MiddleName: ptr("Łucja"), FamilyName: "Ångström", PreferredName: ptr("Vivi"),
		FormerNames: []string{"Roy", "Roy"}, BirthDate: ptr("2012-05-17"), BirthDatePrecision: ptr(profile.BirthDatePrecisionMONTH),
		Gender: ptr("girl"), Pronouns: ptr(" "), Languages: []string{"FR", "en-ca"}, Grade: ptr("4"),
		InstitutionID: ptr(c.id("our school")),
		ContactPoints: []*practice.ContactPointInput{
			{Kind: contactpoint.KindMOBILE, Value: "514 555-0199", Label: ptr("home"), Preferred: ptr(true)},
			{Kind: contactpoint.KindEMAIL, Value: "Eva@Example.org"},
		},
		Addresses:   []*practice.AddressInput{{Line1: "1, rue des Pins", City: ptr("Québec"), Country: ptr("ca")}},
		Identifiers: []*practice.IdentifierInput{{System: "ramq", Value: "ANGE12"}, {System: "registry", Value: "7"}},
		FileNumber:  ptr("F-1"), Tags: []string{"waiting"},
		LinkTo: &practice.ProfileLinkInput{RecordID: c.id("follow-up"), Role: ptr(recordlink.RolePRIMARY), Reason: ptr("sister")},
	}
}

func TestCreateProfile(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		in := c.whole(t)
		c.expect(t, "paul", "profile.created", []string{"eva", "follow-up", "lea"}, func(ctx context.Context) error {
			payload, err := c.CreateProfile(ctx, in)
			if err == nil && payload.Profile.ID != c.id("eva") {
				t.Errorf("made %v", payload.Profile)
			}
			return err
		})
		row := c.row(t, "eva")
		if row.GivenName != "Éva" || row.SortName != "angstrom eva" || row.Pronouns != nil || *row.BirthDate != "2012-05-01" ||
			row.HomeWorkspaceID != c.id("clinic") || row.CreatedByID != c.id("paul") || row.Version != 1 {
			t.Errorf("stored %v", row)
		}
		if diff := cmp.Diff([][]string{{"Roy"}, {"fr", "en-CA"}}, [][]string{row.FormerNames, row.Languages}); diff != "" {
			t.Error(diff)
		}
		client, ctx := c.store.Client(), c.now(t)
		points := client.ContactPoint.Query().Where(contactpoint.ProfileID(row.ID)).Order(contactpoint.ByPosition()).AllX(ctx)
		if len(points) != 2 || points[0].Normalized != "+15145550199" || points[0].Value != "514 555-0199" ||
			points[1].Normalized != "eva@example.org" || points[1].Value != "Eva@Example.org" {
			t.Errorf("contact points %v", points)
		}
		if home := client.Address.Query().Where(address.ProfileID(row.ID)).OnlyX(ctx); *home.Country != "CA" {
			t.Errorf("address %v", home)
		}
		if n := client.Identifier.Query().Where(identifier.ProfileID(row.ID), identifier.WorkspaceID(c.id("clinic"))).CountX(ctx); n != 2 {
			t.Errorf("%d identifiers", n)
		}
		file := client.WorkspaceProfile.Query().Where(workspaceprofile.ProfileID(row.ID)).OnlyX(ctx)
		if *file.FileNumber != "F-1" || file.WorkspaceID != c.id("clinic") {
			t.Errorf("file %v", file)
		}
		link := client.RecordLink.Query().Where(recordlink.ProfileID(row.ID)).OnlyX(ctx)
		if link.Role != recordlink.RolePRIMARY || link.Position != 2 || *link.LinkReason != "sister" || link.LinkedByID != c.id("paul") {
			t.Errorf("link %v", link)
		}
	})
}

func TestCreateProfile_NeedsNoRecord(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.expect(t, "rita", "profile.created", nil, func(ctx context.Context) error {
			payload, err := c.CreateProfile(ctx, practice.CreateProfileInput{GivenName: "Max", FamilyName: "O’Brien"})
			if err != nil {
				return err
			}
			seen, err := c.store.Client().Profile.Get(ctx, payload.Profile.ID)
			if err == nil && (seen.Kind != profile.KindCLIENT || seen.SortName != "o'brien max") {
				t.Errorf("made %v", seen)
			}
			return err
		})
	})
}

func TestCreateProfile_Refused(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.institution(t, "their school", "school")
		c.share(t, "follow-up", "rita", share.LevelREAD)
		named := practice.CreateProfileInput{GivenName: "Max", FamilyName: "Roy"}
		with := func(set func(*practice.CreateProfileInput)) practice.CreateProfileInput {
			in := named
			set(&in)
			return in
		}
		to := func(record string) func(*practice.CreateProfileInput) {
			return func(in *practice.CreateProfileInput) { in.LinkTo = &practice.ProfileLinkInput{RecordID: record} }
		}
		c.unchanged(t, func() {
			for _, refusal := range []struct {
				who  string
				in   practice.CreateProfileInput
				want string
			}{
				{"paul", with(func(in *practice.CreateProfileInput) { in.ID = ptr(c.id("zoe")) }), "ALREADY_EXISTS id"},
				{"paul", with(func(in *practice.CreateProfileInput) { in.InstitutionID = ptr(c.id("their school")) }), "NOT_FOUND institutionId"},
				{"paul", with(func(in *practice.CreateProfileInput) { in.InstitutionID = ptr(schema.NewID("inst")) }), "NOT_FOUND institutionId"},
				{"paul", with(func(in *practice.CreateProfileInput) { in.InstitutionID = ptr("\x00") }), "NOT_FOUND institutionId"},
				{"bob", with(to(c.id("follow-up"))), "NOT_FOUND linkTo.recordId"},
				{"bob", with(to("\x00")), "NOT_FOUND linkTo.recordId"},
				{"rita", with(to(c.id("follow-up"))), "FORBIDDEN linkTo.recordId"},
				{"ann", with(to(c.id("follow-up"))), "FORBIDDEN linkTo.recordId"},
			} {
				_, err := c.CreateProfile(c.as(t, refusal.who), refusal.in)
				c.refused(t, err, refusal.want)
			}
			_, err := c.CreateProfile(c.as(t, "paul", schema.ScopeProfilesWrite, schema.ScopeRecordsRead), with(to(c.id("follow-up"))))
			c.refused(t, err, "MISSING_SCOPE")
			_, err = c.CreateProfile(c.as(t, "paul", schema.ScopeProfilesRead), named)
			c.refused(t, err, "MISSING_SCOPE")
			_, err = c.CreateProfile(t.Context(), named)
			c.refused(t, err, "UNAUTHENTICATED")
		})
		if n := c.store.Client().Profile.Query().Where(profile.FamilyName("Roy"), profile.GivenName("Max")).CountX(c.now(t)); n != 0 {
			t.Errorf("%d rows stayed of what was refused", n)
		}
	})
}

// A taken file number or identifier reads the same whoever holds it, and is free in
// another workspace.
func TestCreateProfile_Taken(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		if _, err := c.CreateProfile(c.as(t, "paul"), c.whole(t)); err != nil {
			t.Fatal(err)
		}
		number := practice.CreateProfileInput{GivenName: "A", FamilyName: "B", FileNumber: ptr("F-1")}
		ramq := practice.CreateProfileInput{GivenName: "A", FamilyName: "B", Identifiers: []*practice.IdentifierInput{{System: "ramq", Value: "ANGE12"}}}
		both := ramq
		both.Identifiers = append(both.Identifiers, &practice.IdentifierInput{System: "other", Value: "1"})
		var said [2]error
		for i, who := range []string{"paul", "mia"} { // Mia does not see Eva.
			_, err := c.CreateProfile(c.as(t, who), number)
			c.refused(t, err, "ALREADY_EXISTS fileNumber")
			_, err = c.CreateProfile(c.as(t, who), both)
			c.refused(t, err, "ALREADY_EXISTS identifiers")
			_, said[i] = c.CreateProfile(c.as(t, who), ramq)
			c.refused(t, said[i], "ALREADY_EXISTS identifiers.0.value")
		}
		if said[0].Error() != said[1].Error() || strings.Contains(said[0].Error(), "ANGE12") {
			t.Errorf("%v, %v", said[0], said[1])
		}
		for _, in := range []practice.CreateProfileInput{number, ramq} {
			if _, err := c.CreateProfile(c.as(t, "bob"), in); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestArchiveProfile(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.share(t, "follow-up", "mia", share.LevelREAD)
		in := practice.ArchiveProfileInput{ID: c.id("lea")}
		c.unchanged(t, func() {
			_, err := c.ArchiveProfile(c.as(t, "bob"), in)
			c.refused(t, err, "NOT_FOUND id")
			_, err = c.ArchiveProfile(c.as(t, "mia"), in)
			c.refused(t, err, "FORBIDDEN id")
		})
		c.expect(t, "paul", "profile.archived", []string{"lea"}, func(ctx context.Context) error {
			payload, err := c.ArchiveProfile(ctx, in)
			if err == nil && payload.Profile.Status != profile.StatusINACTIVE {
				t.Errorf("stands at %s", payload.Profile.Status)
			}
			return err
		})
		if row := c.row(t, "lea"); row.Status != profile.StatusINACTIVE || row.Version != 2 || row.UpdatedByID != c.id("paul") {
			t.Errorf("stored %v", row)
		}
		_, err := c.ArchiveProfile(c.as(t, "paul"), in)
		c.refused(t, err, "INVALID_STATE id")
	})
}
