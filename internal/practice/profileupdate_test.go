package practice_test

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/go-cmp/cmp"

	"continuum/ent"
	"continuum/ent/contactpoint"
	"continuum/ent/identifier"
	"continuum/ent/professional"
	"continuum/ent/profile"
	"continuum/ent/share"
	"continuum/internal/practice"
)

func given[T any](value T) graphql.Omittable[T] { return graphql.OmittableOf(value) }

func text(value string) graphql.Omittable[*string] { return graphql.OmittableOf(&value) }

// currentValue is what a refusal says the first field now holds.
func currentValue(err error) string {
	failures := practice.UserErrors(err)
	if len(failures) == 0 || failures[0].CurrentValue == nil {
		return ""
	}
	return *failures[0].CurrentValue
}

func TestUpdateProfile(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.institution(t, "our school", "clinic")
		c.expect(t, "paul", "profile.updated", []string{"lea"}, func(ctx context.Context) error {
			payload, err := c.UpdateProfile(ctx, practice.UpdateProfileInput{
				ID: c.id("lea"), ExpectedVersion: 1,
				FamilyName: text("Øst"), MiddleName: text("M"), Kind: given(ptr(profile.KindSTUDENT)),
				FormerNames: given([]string{"Roy"}), Languages: given([]string{"fr"}), InstitutionID: text(c.id("our school")),
				BirthDate: text("2012-05-17"), BirthDatePrecision: given(ptr(profile.BirthDatePrecisionYEAR)),
				Status: given(ptr(profile.StatusINACTIVE)), Grade: given[*string](nil),
			})
			if err == nil && (payload.Profile.Version != 2 || payload.Profile.FamilyName != "Øst") {
				t.Errorf("gave %v", payload.Profile)
			}
			return err
		})
		row := c.row(t, "lea")
		if row.SortName != "ost lea" || *row.MiddleName != "M" || row.Kind != profile.KindSTUDENT || *row.BirthDate != "2012-01-01" ||
			row.Status != profile.StatusINACTIVE || *row.InstitutionID != c.id("our school") || row.UpdatedByID != c.id("paul") {
			t.Errorf("stored %v", row)
		}
		want := map[string]int{
			"familyName": 2, "middleName": 2, "kind": 2, "formerNames": 2, "languages": 2, "institutionId": 2,
			"birthDate": 2, "birthDatePrecision": 2, "status": 2,
		}
		if diff := cmp.Diff(want, row.FieldVersions); diff != "" {
			t.Errorf("grade did not differ, so it did not change: %s", diff)
		}
		// Null clears.
		_, err := c.UpdateProfile(c.as(t, "paul"), practice.UpdateProfileInput{
			ID: c.id("lea"), ExpectedVersion: 2, MiddleName: given[*string](nil), InstitutionID: given[*string](nil),
			FormerNames: given[[]string](nil), BirthDate: given[*string](nil), BirthDatePrecision: given[*profile.BirthDatePrecision](nil),
		})
		if err != nil {
			t.Fatal(err)
		}
		row = c.row(t, "lea")
		if row.MiddleName != nil || row.InstitutionID != nil || row.BirthDate != nil || len(row.FormerNames) != 0 {
			t.Errorf("cleared %v", row)
		}
	})
}

func TestUpdateProfile_Lists(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		mobile := &practice.ContactPointInput{Kind: contactpoint.KindMOBILE, Value: "514 555-0199"}
		mail := &practice.ContactPointInput{Kind: contactpoint.KindEMAIL, Value: "lea@example.org", Label: ptr("school")}
		phone := &practice.ContactPointInput{Kind: contactpoint.KindPHONE, Value: "+33 1 42 68 53 00", Preferred: ptr(true)}
		home, away := &practice.AddressInput{Line1: "1, rue des Pins"}, &practice.AddressInput{Line1: "2, rue des Pins"}
		ramq, registry := &practice.IdentifierInput{System: "ramq", Value: "1"}, &practice.IdentifierInput{System: "registry", Value: "2"}
		version := 1
		set := func(points []*practice.ContactPointInput, homes []*practice.AddressInput, ids []*practice.IdentifierInput) map[string]string {
			t.Helper()
			c.expect(t, "paul", "profile.updated", []string{"lea"}, func(ctx context.Context) error {
				_, err := c.UpdateProfile(ctx, practice.UpdateProfileInput{
					ID: c.id("lea"), ExpectedVersion: version,
					ContactPoints: given(points), Addresses: given(homes), Identifiers: given(ids),
				})
				return err
			})
			version++
			stored := map[string]string{}
			client, ctx := c.store.Client(), c.now(t)
			for i, row := range client.ContactPoint.Query().Where(contactpoint.ProfileID(c.id("lea"))).Order(contactpoint.ByPosition()).AllX(ctx) {
				if row.Position != i || row.Value != points[i].Value {
					t.Errorf("at %d stands %v", i, row)
				}
				stored[row.Value] = row.ID
			}
			for _, row := range client.Identifier.Query().Where(identifier.ProfileID(c.id("lea"))).AllX(ctx) {
				stored[row.System] = row.ID
			}
			if len(stored) != len(points)+len(ids) {
				t.Errorf("stored %v", stored)
			}
			return stored
		}
		first := set([]*practice.ContactPointInput{mobile, mail}, []*practice.AddressInput{home, away}, []*practice.IdentifierInput{ramq})
		second := set([]*practice.ContactPointInput{phone, mobile}, []*practice.AddressInput{away}, []*practice.IdentifierInput{registry, ramq})
		if first["514 555-0199"] != second["514 555-0199"] || first["ramq"] != second["ramq"] {
			t.Error("what stays keeps its id")
		}
		// The identifiers have no order: the other way round is the same.
		c.unchanged(t, func() {
			_, err := c.UpdateProfile(c.as(t, "paul"), practice.UpdateProfileInput{
				ID: c.id("lea"), ExpectedVersion: version, Identifiers: given([]*practice.IdentifierInput{ramq, registry}),
			})
			c.refused(t, err)
		})
		set(nil, nil, nil)
		if got := c.row(t, "lea").FieldVersions; got["contactPoints"] != version || got["addresses"] != version {
			t.Errorf("field versions %v", got)
		}
	})
}

// Everything that an update can replace, at once, stays within the budget.
func TestUpdateProfile_Statements(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.institution(t, "here", "clinic")
		c.institution(t, "there", "clinic")
		for i, rows := range []int{1, 10, 9} {
			in := practice.UpdateProfileInput{ID: c.id("lea"), ExpectedVersion: i + 1, InstitutionID: text(c.id([]string{"here", "there", "here"}[i]))}
			var points []*practice.ContactPointInput
			var homes []*practice.AddressInput
			var ids []*practice.IdentifierInput
			for n := range rows {
				other := strconv.Itoa(n*10 + i)
				points = append(points, &practice.ContactPointInput{Kind: contactpoint.KindEMAIL, Value: other + "@example.org"})
				homes = append(homes, &practice.AddressInput{Line1: other})
				ids = append(ids, &practice.IdentifierInput{System: "s", Value: other})
			}
			in.ContactPoints, in.Addresses, in.Identifiers = given(points), given(homes), given(ids)
			c.expect(t, "paul", "profile.updated", nil, func(ctx context.Context) error {
				_, err := c.UpdateProfile(ctx, in)
				return err
			})
		}
	})
}

// A number that is there already was read where it was typed first, so an editor from
// another region leaves it alone.
func TestUpdateProfile_KeepsNumbersOfAnotherRegion(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		points := []*practice.ContactPointInput{{Kind: contactpoint.KindMOBILE, Value: "514 555-0199"}}
		in := practice.UpdateProfileInput{ID: c.id("lea"), ExpectedVersion: 1, ContactPoints: given(points)}
		if _, err := c.UpdateProfile(c.as(t, "paul"), in); err != nil {
			t.Fatal(err)
		}
		c.share(t, "follow-up", "bob", share.LevelFULL)
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			return tx.Workspace.UpdateOneID(c.id("school")).SetRegion("FR").Exec(ctx)
		})
		in.ExpectedVersion = 2
		in.ContactPoints = given([]*practice.ContactPointInput{points[0], {Kind: contactpoint.KindPHONE, Value: "01 42 68 53 00"}})
		if _, err := c.UpdateProfile(c.as(t, "bob"), in); err != nil {
			t.Fatal(err)
		}
		got := c.store.Client().ContactPoint.Query().Where(contactpoint.ProfileID(c.id("lea"))).Order(contactpoint.ByPosition()).AllX(c.now(t))
		if len(got) != 2 || got[0].Normalized != "+15145550199" || got[1].Normalized != "+33142685300" {
			t.Errorf("%v", got)
		}
	})
}

func TestUpdateProfile_Refused(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.institution(t, "their school", "school")
		c.share(t, "follow-up", "bob", share.LevelREAD)
		c.profile(t, "gone", "paul")
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			return tx.Profile.UpdateOneID(c.id("gone")).SetStatus(profile.StatusMERGED).SetMergedIntoID(c.id("lea")).Exec(ctx)
		})
		change := func(name string) practice.UpdateProfileInput {
			return practice.UpdateProfileInput{ID: c.id(name), ExpectedVersion: 1, GivenName: text("New")}
		}
		later, moved := change("lea"), change("lea")
		later.ExpectedVersion = 2
		moved.InstitutionID = text(c.id("their school"))
		c.unchanged(t, func() {
			for _, refusal := range []struct {
				who  string
				in   practice.UpdateProfileInput
				want string
			}{
				{"mia", change("lea"), "NOT_FOUND id"},
				{"bob", change("lea"), "FORBIDDEN id"},
				{"rita", change("lea"), "FORBIDDEN id"},
				{"paul", practice.UpdateProfileInput{ID: "\xff", ExpectedVersion: 1}, "NOT_FOUND id"},
				{"paul", later, "INVALID expectedVersion"},
				{"paul", moved, "NOT_FOUND institutionId"},
				{"paul", change("gone"), "INVALID_STATE id"},
			} {
				_, err := c.UpdateProfile(c.as(t, refusal.who), refusal.in)
				c.refused(t, err, refusal.want)
			}
		})
		if row := c.row(t, "lea"); row.GivenName != "lea" || row.Version != 1 {
			t.Errorf("changed to %v", row)
		}
	})
}

// A profile that is at an institution of another workspace keeps it when a form that
// shows it comes back.
func TestUpdateProfile_KeepsAForeignInstitution(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.institution(t, "their school", "school")
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			return tx.Profile.UpdateOneID(c.id("lea")).SetInstitutionID(c.id("their school")).Exec(ctx)
		})
		_, err := c.UpdateProfile(c.as(t, "paul"), practice.UpdateProfileInput{
			ID: c.id("lea"), ExpectedVersion: 1, InstitutionID: text(c.id("their school")), Grade: text("5"),
		})
		c.refused(t, err)
	})
}

// Who sees a profile for its institution alone moves it out of their own sight.
func TestUpdateProfile_OutOfSight(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.institution(t, "here", "clinic")
		c.institution(t, "there", "clinic")
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			err := tx.Profile.UpdateOneID(c.id("lea")).SetInstitutionID(c.id("here")).Exec(ctx)
			return errors.Join(err, tx.Professional.UpdateOneID(c.id("rita")).
				SetDirectoryScope(professional.DirectoryScopeINSTITUTIONS).SetInstitutionIds([]string{c.id("here")}).
				SetDirectoryRight(professional.DirectoryRightEDIT).Exec(ctx))
		})
		c.expect(t, "rita", "profile.updated", []string{"lea"}, func(ctx context.Context) error {
			payload, err := c.UpdateProfile(ctx, practice.UpdateProfileInput{
				ID: c.id("lea"), ExpectedVersion: 1, InstitutionID: text(c.id("there")),
			})
			if err == nil && payload.Profile != nil {
				t.Error("the payload shows a profile that Rita no longer sees")
			}
			return err
		})
	})
}

func TestM1_DifferentFieldsBothSurvive(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.share(t, "follow-up", "bob", share.LevelFULL)
		update := func(who string, set func(*practice.UpdateProfileInput)) error {
			in := practice.UpdateProfileInput{ID: c.id("lea"), ExpectedVersion: 1}
			set(&in)
			_, err := c.UpdateProfile(c.as(t, who), in)
			return err
		}
		phone := func(value string) graphql.Omittable[[]*practice.ContactPointInput] {
			return given([]*practice.ContactPointInput{{Kind: contactpoint.KindPHONE, Value: value}})
		}
		c.refused(t, update("paul", func(in *practice.UpdateProfileInput) {
			in.GivenName, in.ContactPoints = text("Léa"), phone("514 555-0123")
		}))
		c.refused(t, update("bob", func(in *practice.UpdateProfileInput) { in.Grade = text("6") }))
		if row := c.row(t, "lea"); row.GivenName != "Léa" || *row.Grade != "6" || row.Version != 3 {
			t.Errorf("stored %v", row)
		}
		// The same value again is no change, whoever was faster.
		c.unchanged(t, func() {
			c.refused(t, update("bob", func(in *practice.UpdateProfileInput) { in.GivenName = text("Léa") }))
		})
		c.unchanged(t, func() {
			err := update("bob", func(in *practice.UpdateProfileInput) {
				in.GivenName, in.ContactPoints, in.Grade, in.Gender = text("Lea"), phone("514 555-0124"), text("7"), text("girl")
			})
			c.refused(t, err, "CONFLICT givenName", "CONFLICT grade", "CONFLICT contactPoints")
			if currentValue(err) != `"Léa"` {
				t.Errorf("the present value reads %s", currentValue(err))
			}
			points := practice.UserErrors(err)[2]
			if want := `[{"kind":"PHONE","value":"514 555-0123","label":"","preferred":false}]`; *points.CurrentValue != want {
				t.Errorf("the present contact points read %s", *points.CurrentValue)
			}
		})
		if row := c.row(t, "lea"); row.Gender != nil {
			t.Error("a conflict refuses the whole update")
		}
	})
}

func TestM1_AtOnce(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		errs := atOnce(
			func() error {
				_, err := c.UpdateProfile(c.as(t, "paul"), practice.UpdateProfileInput{ID: c.id("lea"), ExpectedVersion: 1, Grade: text("4")})
				return err
			},
			func() error {
				_, err := c.UpdateProfile(c.as(t, "paul"), practice.UpdateProfileInput{ID: c.id("lea"), ExpectedVersion: 1, Gender: text("girl")})
				return err
			},
			func() error {
				_, err := c.UpdateProfile(c.as(t, "paul"), practice.UpdateProfileInput{ID: c.id("lea"), ExpectedVersion: 1, Grade: text("5")})
				return err
			},
		)
		c.refused(t, errs[1])
		if (errs[0] == nil) == (errs[2] == nil) {
			t.Fatalf("of two grades one wins: %v, %v", errs[0], errs[2])
		}
		c.refused(t, errors.Join(errs[0], errs[2]), "CONFLICT grade")
		if row := c.row(t, "lea"); row.Version != 3 || *row.Gender != "girl" {
			t.Errorf("stored %v", row)
		}
	})
}

func TestM2_AnUpdateIsSeenThroughEveryRecord(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.record(t, "class", "bob", "lea")
		if _, err := c.UpdateProfile(c.as(t, "bob"), practice.UpdateProfileInput{ID: c.id("lea"), ExpectedVersion: 1, GivenName: text("Léa")}); err != nil {
			t.Fatal(err)
		}
		for _, who := range []string{"paul", "rita", "bob"} {
			if row, err := c.store.Client().Profile.Get(c.as(t, who), c.id("lea")); err != nil || row.GivenName != "Léa" {
				t.Errorf("%s sees %v, %v", who, row, err)
			}
		}
	})
}

func TestA9_RightsAreReadAgainInTheTransaction(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.share(t, "follow-up", "bob", share.LevelFULL)
		change := practice.UpdateProfileInput{ID: c.id("lea"), ExpectedVersion: 1, Grade: text("4")}
		bob, paul := c.as(t, "bob"), c.as(t, "paul")
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			_, err := tx.Share.Update().SetStatus(share.StatusREVOKED).SetEndedAt(time.Now()).Save(ctx)
			return errors.Join(err, tx.Professional.UpdateOneID(c.id("paul")).SetStatus(professional.StatusSUSPENDED).Exec(ctx))
		})
		c.unchanged(t, func() {
			_, err := c.UpdateProfile(bob, change)
			c.refused(t, err, "NOT_FOUND id")
			_, err = c.UpdateProfile(paul, change)
			c.refused(t, err, "UNAUTHENTICATED")
		})
	})
}

// atOnce runs all of them together.
func atOnce(tries ...func() error) []error {
	errs, done := make([]error, len(tries)), make(chan struct{})
	for i, try := range tries {
		go func() {
			errs[i] = try()
			done <- struct{}{}
		}()
	}
	for range tries {
		<-done
	}
	return errs
}
