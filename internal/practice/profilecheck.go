package practice

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"continuum/ent/profile"
	"continuum/internal/access"
	"continuum/schema"
)

// Limits of a profile's texts, in letters, and of its lists.
const (
	nameLetters     = 100
	wordLetters     = 50
	mostFormerNames = 10
)

// profileChanges checks an update. The lists of rows are looked at later,
// beside those that are there.
func (c *checks) profileChanges(ctx context.Context, in UpdateProfileInput) UpdateProfileInput {
	if kind, set := in.Kind.ValueOK(); set {
		c.cleared("kind", kind == nil)
		c.kind(kind)
	}
	if status, set := in.Status.ValueOK(); set {
		c.cleared("status", status == nil)
		c.status(status)
	}
	c.institution(in.InstitutionID.Value())
	in.GivenName = c.newText("givenName", in.GivenName, nameLetters)
	in.MiddleName = c.newOptional("middleName", in.MiddleName, nameLetters)
	in.FamilyName = c.newText("familyName", in.FamilyName, nameLetters)
	in.PreferredName = c.newOptional("preferredName", in.PreferredName, nameLetters)
	in.Gender = c.newOptional("gender", in.Gender, wordLetters)
	in.Pronouns = c.newOptional("pronouns", in.Pronouns, wordLetters)
	in.Grade = c.newOptional("grade", in.Grade, wordLetters)
	if names, set := in.FormerNames.ValueOK(); set {
		in.FormerNames = graphql.OmittableOf(c.words("formerNames", names, mostFormerNames, nameLetters))
	}
	if tags, set := in.Languages.ValueOK(); set {
		in.Languages = graphql.OmittableOf(c.languages(tags))
	}
	known := c.precision(in.BirthDatePrecision.Value())
	if in.BirthDatePrecision.IsSet() {
		in.BirthDatePrecision = graphql.OmittableOf(&known) // null is none to know, which reads as the day
	}
	if date, set := in.BirthDate.ValueOK(); set {
		in.BirthDate = graphql.OmittableOf(c.birthDate(ctx, date, known))
	}
	return in
}

// ordinary lists the statuses of profiles in ordinary use.
var ordinary = []profile.Status{profile.StatusACTIVE, profile.StatusINACTIVE, profile.StatusDECEASED}

// kind refuses a kind of profile that there is not. The API's own enum never lets one
// through; other callers might.
func (c *checks) kind(kind *profile.Kind) {
	if kind != nil && profile.KindValidator(*kind) != nil {
		c.refuse("kind", "The kind is CLIENT or STUDENT.")
	}
}

// precision is how much of a date of birth is known: the day when nothing is said.
func (c *checks) precision(precision *profile.BirthDatePrecision) profile.BirthDatePrecision {
	if precision == nil {
		return profile.BirthDatePrecisionDAY
	}
	if profile.BirthDatePrecisionValidator(*precision) != nil {
		c.refuse("birthDatePrecision", "The birth date precision is DAY, MONTH or YEAR.")
	}
	return *precision
}

// status refuses a status that an update cannot give.
func (c *checks) status(status *profile.Status) {
	if status != nil && !slices.Contains(ordinary, *status) {
		c.refuse("status", "An update sets the status to ACTIVE, INACTIVE or DECEASED.")
	}
}

// institution refuses an id that names no institution.
func (c *checks) institution(id *string) {
	if id != nil && !schema.ValidID(schema.InstitutionPrefix, *id) {
		c.errs = append(c.errs, notFound("institutionId"))
	}
}

// region is where the viewer's workspace reads a phone number without a country.
func region(ctx context.Context) string {
	if v := access.ViewerFrom(ctx); v != nil {
		return v.Region
	}
	return ""
}
