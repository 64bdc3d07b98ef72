package practice_test

import (
	"strings"
	"testing"
	"time"

	"continuum/ent/contactpoint"
	"continuum/ent/profile"
	"continuum/internal/practice"
	"continuum/schema"
)

func TestFoldName(t *testing.T) {
	for name, want := range map[string]string{
		"  Éloïse   Tremblay ": "eloise tremblay",
		"Ångström":             "angstrom",
		"Łukasz Øst":           "lukasz ost",
		"Đorđević":             "dordevic",
		"Strauß":               "strauss",
		"ÆØÅ œuvre Þór":        "aeoa oeuvre thor",
		"İstanbul ısı":         "istanbul isi",
		"O’Brien":              "o'brien",
		"ﬁn":                   "fin",
		"Nguyễn":               "nguyen",
		"李小龍":                  "李小龍",
	} {
		if got := practice.FoldName(name); got != want {
			t.Errorf("%q folds to %q, not %q", name, got, want)
		}
	}
}

func FuzzFoldName(f *testing.F) {
	f.Add("Éloïse  ß")
	f.Fuzz(func(t *testing.T, name string) {
		once := practice.FoldName(name)
		if again := practice.FoldName(once); again != once && strings.ToValidUTF8(name, "") == name {
			t.Errorf("%q folds to %q, then to %q", name, once, again)
		}
	})
}

// Each invalid input names its field, and no message repeats what was typed.
func TestInvalidInputs(t *testing.T) {
	long := strings.Repeat("é", 101)
	point := func(kind contactpoint.Kind, value string) func(*practice.CreateProfileInput) {
		return func(in *practice.CreateProfileInput) {
			in.ContactPoints = []*practice.ContactPointInput{{Kind: kind, Value: value}}
		}
	}
	born := func(day string) func(*practice.CreateProfileInput) {
		return func(in *practice.CreateProfileInput) { in.BirthDate = &day }
	}
	cases := map[string]struct {
		set  func(*practice.CreateProfileInput)
		want []string
	}{
		"nothing":          {func(in *practice.CreateProfileInput) { in.GivenName, in.FamilyName = "", " \t" }, []string{"INVALID givenName", "INVALID familyName"}},
		"too long":         {func(in *practice.CreateProfileInput) { in.GivenName = long }, []string{"INVALID givenName"}},
		"control":          {func(in *practice.CreateProfileInput) { in.FamilyName = "a\x00b" }, []string{"INVALID familyName"}},
		"new line":         {func(in *practice.CreateProfileInput) { in.FamilyName = "a\nb" }, []string{"INVALID familyName"}},
		"not UTF-8":        {func(in *practice.CreateProfileInput) { in.MiddleName = ptr("a\xffb") }, []string{"INVALID middleName"}},
		"id of a record":   {func(in *practice.CreateProfileInput) { in.ID = ptr(schema.NewID("rec")) }, []string{"INVALID id"}},
		"id of nothing":    {func(in *practice.CreateProfileInput) { in.ID = ptr("prof_1") }, []string{"INVALID id"}},
		"kind":             {func(in *practice.CreateProfileInput) { in.Kind = ptr(profile.Kind("DOG")) }, []string{"INVALID kind"}},
		"no day":           {born("2011-02-30"), []string{"INVALID birthDate"}},
		"no such form":     {born("30/09/2011"), []string{"INVALID birthDate"}},
		"born tomorrow":    {born("2030-01-02"), []string{"INVALID birthDate"}},
		"born long ago":    {born("1849-12-31"), []string{"INVALID birthDate"}},
		"language":         {func(in *practice.CreateProfileInput) { in.Languages = []string{"fr", "klingonish"} }, []string{"INVALID languages.1"}},
		"languages":        {func(in *practice.CreateProfileInput) { in.Languages = make([]string, 11) }, []string{"INVALID languages"}},
		"former names":     {func(in *practice.CreateProfileInput) { in.FormerNames = make([]string, 11) }, []string{"INVALID formerNames"}},
		"tags":             {func(in *practice.CreateProfileInput) { in.Tags = make([]string, 31) }, []string{"INVALID tags"}},
		"tag":              {func(in *practice.CreateProfileInput) { in.Tags = []string{"a", long} }, []string{"INVALID tags.1"}},
		"contact points":   {func(in *practice.CreateProfileInput) { in.ContactPoints = make([]*practice.ContactPointInput, 21) }, []string{"INVALID contactPoints"}},
		"addresses":        {func(in *practice.CreateProfileInput) { in.Addresses = make([]*practice.AddressInput, 11) }, []string{"INVALID addresses"}},
		"identifiers":      {func(in *practice.CreateProfileInput) { in.Identifiers = make([]*practice.IdentifierInput, 21) }, []string{"INVALID identifiers"}},
		"phone":            {point(contactpoint.KindPHONE, "12"), []string{"INVALID contactPoints.0.value"}},
		"mobile":           {point(contactpoint.KindMOBILE, "none"), []string{"INVALID contactPoints.0.value"}},
		"mail":             {point(contactpoint.KindEMAIL, "nobody"), []string{"INVALID contactPoints.0.value"}},
		"mail with a name": {point(contactpoint.KindEMAIL, "Ann <ann@example.org>"), []string{"INVALID contactPoints.0.value"}},
		"long mail":        {point(contactpoint.KindEMAIL, strings.Repeat("a", 250)+"@x.ca"), []string{"INVALID contactPoints.0.value"}},
		"country": {func(in *practice.CreateProfileInput) {
			in.Addresses = []*practice.AddressInput{{Line1: "1", Country: ptr("CAN")}}
		}, []string{"INVALID addresses.0.country"}},
		"street": {func(in *practice.CreateProfileInput) { in.Addresses = []*practice.AddressInput{{Line1: ""}} }, []string{"INVALID addresses.0.line1"}},
		"twice": {func(in *practice.CreateProfileInput) {
			in.Identifiers = []*practice.IdentifierInput{{System: "s", Value: "1"}, {System: "s", Value: " 1"}}
		}, []string{"INVALID identifiers.1.value"}},
		"identifier system": {func(in *practice.CreateProfileInput) { in.Identifiers = []*practice.IdentifierInput{{Value: "1"}} }, []string{"INVALID identifiers.0.system"}},
	}
	eachClinic(t, func(t *testing.T, c *clinic) {
		ctx := at(c.as(t, "paul"), time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC))
		c.unchanged(t, func() {
			for name, bad := range cases {
				in := practice.CreateProfileInput{GivenName: "Max", FamilyName: "Roy"}
				bad.set(&in)
				_, err := c.CreateProfile(ctx, in)
				t.Log(name)
				c.refused(t, err, bad.want...)
				for _, e := range practice.UserErrors(err) {
					if !strings.HasSuffix(e.Message, ".") || strings.Contains(e.Message, "nobody") || strings.Contains(e.Message, "none") {
						t.Errorf("%s: %q", name, e.Message)
					}
				}
			}
		})
	})
}

// A hundred letters are a hundred letters in every script.
func TestLettersAreNotBytes(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		hundred := strings.Repeat("é", 100)
		payload, err := c.CreateProfile(c.as(t, "paul"), practice.CreateProfileInput{GivenName: hundred, FamilyName: strings.Repeat("龍", 100)})
		if err != nil {
			t.Fatal(err)
		}
		if payload.Profile.GivenName != hundred {
			t.Error("letters went missing")
		}
	})
}

func TestUpdateProfile_Invalid(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		_, err := c.UpdateProfile(c.as(t, "paul"), practice.UpdateProfileInput{
			ID: c.id("lea"), ExpectedVersion: 1,
			Kind: given[*profile.Kind](nil), Status: given(ptr(profile.StatusMERGED)),
			GivenName: given[*string](nil), FamilyName: text(" "),
		})
		c.refused(t, err, "INVALID kind", "INVALID status", "INVALID givenName", "INVALID familyName")
		_, err = c.UpdateProfile(c.as(t, "paul"), practice.UpdateProfileInput{
			ID: c.id("lea"), ExpectedVersion: 0,
			ContactPoints: given([]*practice.ContactPointInput{{Kind: contactpoint.KindEMAIL, Value: "a"}}),
		})
		c.refused(t, err, "INVALID expectedVersion")
		_, err = c.UpdateProfile(c.as(t, "paul"), practice.UpdateProfileInput{
			ID: c.id("lea"), ExpectedVersion: 1,
			ContactPoints: given([]*practice.ContactPointInput{{Kind: contactpoint.KindEMAIL, Value: "a"}}),
		})
		c.refused(t, err, "INVALID contactPoints.0.value")
	})
}
