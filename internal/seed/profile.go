package seed

import (
	"context"

	"continuum/ent"
	"continuum/ent/profile"
	"continuum/internal/practice"
)

// The demo's profiles.
const (
	lea        = "lea"
	noah       = "noah"
	mia        = "mia"
	julien     = "julien"
	olivier    = "olivier"
	zoe        = "zoe"
	rosalie    = "rosalie"
	samuel     = "samuel"
	yasmine    = "yasmine"
	liam       = "liam"
	anais      = "anais"
	kevin      = "kevin"
	elodie     = "elodie"
	gabriel    = "gabriel"
	marguerite = "marguerite"
	thomas     = "thomas"
)

type demoProfile struct {
	id, maker              string
	given, family          string
	birth                  string
	gender, pronouns       string
	institution, grade     string
	middle, preferred      string
	formerNames, languages []string
	precision              profile.BirthDatePrecision // DAY when empty
	status                 profile.Status             // ACTIVE when empty
}

// students are at home in the school.
var students = []demoProfile{
	{id: lea, maker: bob, given: "Léa", middle: "Jeanne", family: "Fontaine", birth: "2017-04-12", gender: "girl",
		pronouns: "elle", languages: []string{"fr", "en"}, institution: ruisseau, grade: "3"},
	{id: noah, maker: bob, given: "Noah", family: "Fontaine", birth: "2015-10-03", gender: "boy", pronouns: "il",
		languages: []string{"fr", "en"}, institution: ruisseau, grade: "5"},
	{id: mia, maker: bob, given: "Mia", family: "Fontaine", birth: "2020-06-21", gender: "girl",
		languages: []string{"fr"}, institution: ruisseau, grade: "Kindergarten"},
	{id: julien, maker: bob, given: "Julien", family: "Roy", preferred: "Ju", formerNames: []string{"Julien Roy-Dubé"},
		birth: "2008-01-30", gender: "man", pronouns: "il", languages: []string{"fr"}, institution: pins, grade: "Secondary 5"},
	{id: olivier, maker: bob, given: "Olivier", family: "Gagné", birth: "2011-03-08", gender: "boy",
		languages: []string{"fr"}, institution: pins, grade: "Secondary 3"},
	{id: zoe, maker: adam, given: "Zoé", family: "Lapointe", birth: "2018-09-14", gender: "girl",
		languages: []string{"fr"}, institution: ruisseau, grade: "2"},
	{id: rosalie, maker: sam, given: "Rosalie", family: "Gauthier", birth: "2015-12-01", languages: []string{"fr"},
		institution: ruisseau, grade: "5"},
	{id: samuel, maker: sam, given: "Samuel", family: "Côté", birth: "2016-02-17", languages: []string{"fr"},
		institution: ruisseau, grade: "5"},
	{id: yasmine, maker: sam, given: "Yasmine", family: "Haddadi", birth: "2015-05-26", languages: []string{"fr", "ar"},
		institution: ruisseau, grade: "6"},
	{id: liam, maker: sam, given: "Liam", family: "O'Connor", birth: "2014-11-09", languages: []string{"en", "fr"},
		institution: ruisseau, grade: "6"},
	{id: anais, maker: sam, given: "Anaïs", family: "Bouchard", birth: "2015-01-19", languages: []string{"fr"},
		institution: ruisseau, grade: "6"},
	{id: kevin, maker: sam, given: "Kevin", family: "Nguyen", birth: "2015-08-30", languages: []string{"fr", "vi"},
		institution: pins, grade: "6"},
}

// clients are at home in the clinic.
var clients = []demoProfile{
	{id: elodie, maker: ann, given: "Élodie", family: "Marchand", birth: "2007-02-18", gender: "woman", pronouns: "elle",
		languages: []string{"fr", "en-CA"}},
	{id: gabriel, maker: ann, given: "Gabriel", family: "Simard", preferred: "Gab", birth: "1984-07-01",
		precision: profile.BirthDatePrecisionMONTH, languages: []string{"fr"}, institution: hospital},
	{id: marguerite, maker: ben, given: "Marguerite", family: "Caron", formerNames: []string{"Marguerite Plante"},
		birth: "1941-05-05", languages: []string{"fr"}, institution: hospital, status: profile.StatusINACTIVE},
	{id: thomas, maker: ann, given: "Thomas", family: "Bélanger", birth: "1996-01-01",
		precision: profile.BirthDatePrecisionYEAR, languages: []string{"fr"}},
}

func profileID(name string) string { return id("prof", name) }

func writeProfiles(ctx context.Context, tx *ent.Client) error {
	for _, p := range students {
		if err := p.write(ctx, tx, school, profile.KindSTUDENT); err != nil {
			return err
		}
	}
	for _, p := range clients {
		if err := p.write(ctx, tx, clinic, profile.KindCLIENT); err != nil {
			return err
		}
	}
	return nil
}

func (p demoProfile) write(ctx context.Context, tx *ent.Client, home string, kind profile.Kind) error {
	create := tx.Profile.Create().SetID(profileID(p.id)).SetHomeWorkspaceID(workspaceID(home)).SetKind(kind).
		SetGivenName(p.given).SetFamilyName(p.family).SetSortName(practice.FoldName(p.family + " " + p.given)).
		SetNillableMiddleName(optional(p.middle)).SetNillablePreferredName(optional(p.preferred)).
		SetBirthDate(p.birth).SetNillableGender(optional(p.gender)).SetNillablePronouns(optional(p.pronouns)).
		SetLanguages(p.languages).SetNillableGrade(optional(p.grade)).
		SetCreatedAt(day(1)).SetUpdatedAt(day(1)).
		SetCreatedByID(professionalID(p.maker)).SetUpdatedByID(professionalID(p.maker))
	if p.formerNames != nil {
		create.SetFormerNames(p.formerNames)
	}
	if p.institution != "" {
		create.SetInstitutionID(institutionID(p.institution))
	}
	if p.precision != "" {
		create.SetBirthDatePrecision(p.precision)
	}
	if p.status != "" {
		create.SetStatus(p.status)
	}
	return create.Exec(ctx)
}
