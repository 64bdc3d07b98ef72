package practice_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"continuum/ent"
	"continuum/ent/consent"
	"continuum/ent/contactlink"
	"continuum/ent/profile"
	"continuum/internal/access"
	"continuum/internal/practice"
	"continuum/schema"
)

// born gives a profile its date of birth.
func (c *clinic) born(t *testing.T, name, day string, known profile.BirthDatePrecision) {
	t.Helper()
	c.system(t, func(ctx context.Context, tx *ent.Client) error {
		return tx.Profile.UpdateOneID(c.id(name)).SetBirthDate(day).SetBirthDatePrecision(known).Exec(ctx)
	})
}

// relative makes a contact who may consent for a profile, unless change says otherwise.
func (c *clinic) relative(t *testing.T, name, of string, change func(*ent.ContactLinkUpdateOne)) {
	t.Helper()
	c.guardian(t, name, of)
	c.system(t, func(ctx context.Context, tx *ent.Client) error {
		link, err := tx.ContactLink.Query().Where(contactlink.ContactID(c.id(name))).Only(ctx)
		if err != nil {
			return err
		}
		c.ids[name] = link.ID
		update := link.Update().SetMayConsent(true)
		if change != nil {
			change(update)
		}
		return update.Exec(ctx)
	})
}

// consent has Paul record the consent of an adult, to anything, changed as it is told.
func (c *clinic) consent(t *testing.T, name string, change func(*practice.RecordConsentInput)) *ent.Consent {
	t.Helper()
	c.born(t, name, "1990-01-01", profile.BirthDatePrecisionDAY)
	in := practice.RecordConsentInput{ProfileID: c.id(name), Purpose: consent.PurposeSHARE_AND_TRANSFER, Method: consent.MethodWRITTEN}
	if change != nil {
		change(&in)
	}
	payload, err := c.RecordConsent(c.as(t, "paul"), in)
	if err != nil {
		t.Fatal(err)
	}
	return payload.Consent
}

func TestRecordConsent(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.policies(t, practice.UpdateWorkspacePoliciesInput{CoolingOffDays: ptr(7)})
		c.relative(t, "nora", "lea", nil)
		signed := time.Date(2026, 3, 1, 9, 30, 0, 123456789, time.UTC)
		expires := time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)
		in := practice.RecordConsentInput{
			ProfileID: c.id("lea"), ContactLinkID: ptr(c.id("nora")), Purpose: consent.PurposeTRANSFER, TargetID: ptr(c.id("school")),
			Method: consent.MethodVERBAL, SignedAt: &signed, ExpiresAt: &expires,
		}
		c.expect(t, "paul", "consent.recorded", []string{"lea"}, func(ctx context.Context) error {
			payload, err := c.RecordConsent(ctx, in)
			if err != nil {
				return err
			}
			row := c.store.Client().Consent.GetX(c.now(t), payload.Consent.ID)
			if row.WorkspaceID != c.id("clinic") || row.ProfileID != c.id("lea") || *row.ContactLinkID != c.id("nora") ||
				row.Purpose != in.Purpose || *row.TargetID != c.id("school") || row.Method != in.Method || row.CreatedByID != c.id("paul") {
				t.Errorf("kept %v", row)
			}
			if kept := signed.Truncate(time.Microsecond); !row.SignedAt.Equal(kept) || !row.EffectiveAt.Equal(kept.AddDate(0, 0, 7)) ||
				!row.ExpiresAt.Equal(expires) || row.WithdrawnAt != nil {
				t.Errorf("kept the days %v", row)
			}
			return nil
		})

		// An adult gives it themselves, from now on when no day is told.
		before := access.Now(t.Context())
		row := c.consent(t, "leo", nil)
		if row.ContactLinkID != nil || row.TargetID != nil || row.SignedAt.Before(before) || !row.EffectiveAt.Equal(row.SignedAt.AddDate(0, 0, 7)) {
			t.Errorf("kept %v", row)
		}

		// It is for those of the workspace who see the profile, and no other workspace.
		for who, want := range map[string]int{"paul": 2, "rita": 2, "cora": 0, "bob": 0} {
			if seen := c.store.Client().Consent.Query().CountX(c.as(t, who)); seen != want {
				t.Errorf("%s sees %d consents, not %d", who, seen, want)
			}
		}
	})
}

func TestRecordConsent_Refused(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.born(t, "lea", "1990-01-01", profile.BirthDatePrecisionDAY)
		c.relative(t, "nora", "lea", nil)
		c.relative(t, "dad of leo", "leo", nil)
		c.profile(t, "erased", "paul")
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			return tx.Profile.UpdateOneID(c.id("erased")).SetStatus(profile.StatusERASED).Exec(ctx)
		})
		c.ids["absent"] = schema.NewID(schema.ProfilePrefix)
		c.ids["absent link"] = schema.NewID(schema.ContactLinkPrefix)
		c.ids["absent unit"] = schema.NewID(schema.UnitPrefix)
		c.ids["noise"] = "prof_\x00"
		past, future := time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
		for name, try := range map[string]struct {
			who, profile string
			change       func(*practice.RecordConsentInput)
			want         string
		}{
			"who reads the profile only":    {"rita", "lea", nil, "FORBIDDEN profileId"},
			"who does not see the profile":  {"cora", "lea", nil, "NOT_FOUND profileId"},
			"somebody of another workspace": {"bob", "lea", nil, "NOT_FOUND profileId"},
			"a profile that is not there":   {"paul", "absent", nil, "NOT_FOUND profileId"},
			"noise":                         {"paul", "noise", nil, "NOT_FOUND profileId"},
			"an erased profile":             {"paul", "erased", nil, "INVALID_STATE profileId"},
			"a contact of another profile": {"paul", "lea", func(in *practice.RecordConsentInput) {
				in.ContactLinkID = ptr(c.id("dad of leo"))
			}, "NOT_FOUND contactLinkId"},
			"a contact link that is not there": {"paul", "lea", func(in *practice.RecordConsentInput) {
				in.ContactLinkID = ptr(c.id("absent link"))
			}, "NOT_FOUND contactLinkId"},
			"a profile for a contact link": {"paul", "lea", func(in *practice.RecordConsentInput) {
				in.ContactLinkID = ptr(c.id("leo"))
			}, "NOT_FOUND contactLinkId"},
			"a target that is not there": {"paul", "lea", func(in *practice.RecordConsentInput) {
				in.TargetID = ptr(c.id("absent unit"))
			}, "NOT_FOUND targetId"},
			"a profile for a target": {"paul", "lea", func(in *practice.RecordConsentInput) {
				in.TargetID = ptr(c.id("leo"))
			}, "NOT_FOUND targetId"},
			"signed in the future": {"paul", "lea", func(in *practice.RecordConsentInput) { in.SignedAt = &future }, "INVALID signedAt"},
			"over before it began": {"paul", "lea", func(in *practice.RecordConsentInput) { in.ExpiresAt = &past }, "INVALID expiresAt"},
			"no such purpose":      {"paul", "lea", func(in *practice.RecordConsentInput) { in.Purpose = "ANY" }, "INVALID purpose"},
			"no such method":       {"paul", "lea", func(in *practice.RecordConsentInput) { in.Method = "" }, "INVALID method"},
		} {
			t.Run(name, func(t *testing.T) {
				in := practice.RecordConsentInput{ProfileID: c.id(try.profile), Purpose: consent.PurposeSHARE, Method: consent.MethodWRITTEN}
				if try.change != nil {
					try.change(&in)
				}
				c.unchanged(t, func() {
					_, err := c.RecordConsent(c.as(t, try.who), in)
					c.refused(t, err, try.want)
				})
			})
		}
		c.unchanged(t, func() {
			in := practice.RecordConsentInput{ProfileID: c.id("lea"), ContactLinkID: ptr(c.id("nora")), Purpose: consent.PurposeSHARE, Method: consent.MethodWRITTEN}
			for _, scopes := range [][]schema.Scope{
				{schema.ScopeProfilesRead},
				{schema.ScopeProfilesWrite, schema.ScopeRecordsRead},
				{schema.ScopeProfilesRead, schema.ScopeProfilesWrite, schema.ScopeRecordsRead},
			} {
				_, err := c.RecordConsent(c.as(t, "paul", scopes...), in)
				c.refused(t, err, "MISSING_SCOPE")
			}
		})
	})
}

func TestK4_AMinorsConsentComesFromALinkThatMayConsent(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		signed := time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)
		give := func(link string) error {
			in := practice.RecordConsentInput{ProfileID: c.id("lea"), Purpose: consent.PurposeSHARE, Method: consent.MethodWRITTEN, SignedAt: &signed}
			if link != "" {
				in.ContactLinkID = ptr(c.id(link))
			}
			_, err := c.RecordConsent(c.as(t, "paul"), in)
			return err
		}

		// Of age on the day signed, and not a day before; what is not known of a date is late.
		for _, try := range []struct {
			born  string
			known profile.BirthDatePrecision
			adult bool
		}{
			{"2008-03-01", profile.BirthDatePrecisionDAY, true},
			{"2008-03-02", profile.BirthDatePrecisionDAY, false},
			{"2008-02-01", profile.BirthDatePrecisionMONTH, true},
			{"2008-03-01", profile.BirthDatePrecisionMONTH, false},
			{"2007-01-01", profile.BirthDatePrecisionYEAR, true},
			{"2008-01-01", profile.BirthDatePrecisionYEAR, false},
		} {
			c.born(t, "lea", try.born, try.known)
			switch err := give(""); {
			case try.adult && err != nil:
				t.Errorf("born %s (%s): %v", try.born, try.known, err)
			case !try.adult:
				c.refused(t, err, "INVALID contactLinkId")
			}
		}
		c.born(t, "lea", "2012-05-05", profile.BirthDatePrecisionDAY)
		c.policies(t, practice.UpdateWorkspacePoliciesInput{AdultAge: ptr(13)})
		if err := give(""); err != nil {
			t.Errorf("the workspace says from what age: %v", err)
		}
		c.policies(t, practice.UpdateWorkspacePoliciesInput{AdultAge: ptr(14)})
		c.refused(t, give(""), "INVALID contactLinkId")
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			return tx.Profile.UpdateOneID(c.id("lea")).ClearBirthDate().Exec(ctx)
		})
		c.refused(t, give(""), "INVALID contactLinkId")

		// Through a live link that may consent, for a minor and for an adult alike.
		c.relative(t, "mother", "lea", nil)
		c.relative(t, "tutor", "lea", func(u *ent.ContactLinkUpdateOne) {
			u.SetAuthority(contactlink.AuthorityTUTOR).SetValidFrom("2026-03-01").SetValidTo("2026-03-01")
		})
		c.relative(t, "uninformed", "lea", func(u *ent.ContactLinkUpdateOne) { u.SetRestriction(contactlink.RestrictionNO_INFORMATION) })
		c.relative(t, "aunt", "lea", func(u *ent.ContactLinkUpdateOne) { u.SetMayConsent(false) })
		c.relative(t, "kept away", "lea", func(u *ent.ContactLinkUpdateOne) { u.SetRestriction(contactlink.RestrictionNO_CONTACT) })
		c.relative(t, "former tutor", "lea", func(u *ent.ContactLinkUpdateOne) {
			u.SetAuthority(contactlink.AuthorityTUTOR).SetValidTo("2026-02-28")
		})
		c.relative(t, "former", "lea", func(u *ent.ContactLinkUpdateOne) { u.SetEndedAt(time.Now().UTC()) })
		for _, day := range []string{"2012-05-05", "1990-01-01"} {
			c.born(t, "lea", day, profile.BirthDatePrecisionDAY)
			for link, want := range map[string]string{
				"mother": "", "tutor": "", "uninformed": "",
				"aunt":         "INVALID contactLinkId",
				"kept away":    "INVALID contactLinkId",
				"former tutor": "INVALID contactLinkId",
				"former":       "NOT_FOUND contactLinkId",
			} {
				switch err := give(link); {
				case want != "":
					c.refused(t, err, want)
				case err != nil:
					t.Errorf("through %s of somebody born %s: %v", link, day, err)
				}
			}
		}
	})
}

func TestWithdrawConsent(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		row := c.consent(t, "lea", nil)
		withdraw := func(ctx context.Context, id string) error {
			_, err := c.WithdrawConsent(ctx, practice.WithdrawConsentInput{ID: id, Reason: ptr(" Changed their mind ")})
			return err
		}
		for name, try := range map[string]struct{ who, id, want string }{
			"who reads the profile only":    {"rita", row.ID, "FORBIDDEN id"},
			"who does not see the profile":  {"cora", row.ID, "NOT_FOUND id"},
			"somebody of another workspace": {"bob", row.ID, "NOT_FOUND id"},
			"absent":                        {"paul", schema.NewID(schema.ConsentPrefix), "NOT_FOUND id"},
			"a profile":                     {"paul", c.id("lea"), "NOT_FOUND id"},
			"noise":                         {"paul", "cons_\x00", "NOT_FOUND id"},
		} {
			t.Run(name, func(t *testing.T) {
				c.unchanged(t, func() { c.refused(t, withdraw(c.as(t, try.who), try.id), try.want) })
			})
		}
		c.unchanged(t, func() {
			_, err := c.WithdrawConsent(c.as(t, "paul"), practice.WithdrawConsentInput{ID: row.ID, Reason: ptr(strings.Repeat("x", 501))})
			c.refused(t, err, "INVALID reason")
			for _, scopes := range [][]schema.Scope{{schema.ScopeProfilesRead}, {schema.ScopeProfilesWrite, schema.ScopeRecordsRead}} {
				c.refused(t, withdraw(c.as(t, "paul", scopes...), row.ID), "MISSING_SCOPE")
			}
		})
		c.expect(t, "paul", "consent.withdrawn", []string{"lea"}, func(ctx context.Context) error { return withdraw(ctx, row.ID) })
		row = c.store.Client().Consent.GetX(c.now(t), row.ID)
		if row.WithdrawnAt == nil || row.WithdrawnByID != c.id("paul") || *row.WithdrawReason != "Changed their mind" || row.Version != 2 {
			t.Errorf("withdrawn as %v", row)
		}
		c.unchanged(t, func() { c.refused(t, withdraw(c.as(t, "paul"), row.ID), "INVALID_STATE id") })
	})
}
