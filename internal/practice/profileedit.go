package practice

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"entgo.io/ent/dialect/sql"
	"github.com/99designs/gqlgen/graphql"

	"continuum/ent"
	"continuum/ent/profile"
	"continuum/internal/access"
)

// profileEdit is an update of a profile, weighed: the row as it is to be, and the
// lists that are to be replaced.
type profileEdit struct {
	*edit
	row   *ent.Profile
	lists []func(context.Context) error
}

// editProfile reads a profile and weighs an update of it.
func (w *work) editProfile(ctx context.Context, in UpdateProfileInput) (*profileEdit, error) {
	row, err := w.Profile.Query().Where(profile.ID(in.ID)).Modify(listsToReplace(in)...).Modify(withRecords).Only(ctx)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(ordinary, row.Status) {
		return nil, fail(CodeInvalidState, "id", "This profile is closed to changes.")
	}
	e, err := newEdit(in.ExpectedVersion, row.Version, row.FieldVersions)
	if err != nil {
		return nil, err
	}
	change := &profileEdit{edit: e, row: row}
	change.fields(in)
	if err := w.editLists(change, in); err != nil {
		return nil, err
	}
	return change, e.err()
}

// fields weighs the profile's own fields.
func (e *profileEdit) fields(in UpdateProfileInput) {
	row := e.row
	editValue(e.edit, "kind", in.Kind, &row.Kind)
	editValue(e.edit, "givenName", in.GivenName, &row.GivenName)
	editOptional(e.edit, "middleName", in.MiddleName, &row.MiddleName)
	editValue(e.edit, "familyName", in.FamilyName, &row.FamilyName)
	editOptional(e.edit, "preferredName", in.PreferredName, &row.PreferredName)
	editTexts(e.edit, "formerNames", in.FormerNames, &row.FormerNames)
	editOptional(e.edit, "gender", in.Gender, &row.Gender)
	editOptional(e.edit, "pronouns", in.Pronouns, &row.Pronouns)
	editTexts(e.edit, "languages", in.Languages, &row.Languages)
	editOptional(e.edit, "institutionId", in.InstitutionID, &row.InstitutionID)
	editOptional(e.edit, "grade", in.Grade, &row.Grade)
	editValue(e.edit, "status", in.Status, &row.Status)
	e.birthDate(in)
}

// birthDate weighs the date of birth with how much of it is known: knowing less puts
// 01 in the place of the rest.
func (e *profileEdit) birthDate(in UpdateProfileInput) {
	editValue(e.edit, "birthDatePrecision", in.BirthDatePrecision, &e.row.BirthDatePrecision)
	date := in.BirthDate.Value()
	if !in.BirthDate.IsSet() {
		date = e.row.BirthDate
	}
	if date != nil {
		known := knownPart(*date, e.row.BirthDatePrecision)
		date = &known
	}
	editOptional(e.edit, "birthDate", graphql.OmittableOf(date), &e.row.BirthDate)
}

// listsToReplace adds to the query of a profile the lists that the input gives.
func listsToReplace(in UpdateProfileInput) []func(*sql.Selector) {
	var lists []func(*sql.Selector)
	if in.ContactPoints.IsSet() {
		lists = append(lists, withContactPoints(ofProfile))
	}
	if in.Addresses.IsSet() {
		lists = append(lists, withAddresses(ofProfile))
	}
	if in.Identifiers.IsSet() {
		lists = append(lists, withIdentifiers)
	}
	return lists
}

// editLists weighs the lists that the input gives.
func (w *work) editLists(change *profileEdit, in UpdateProfileInput) error {
	var check checks
	if given, set := in.ContactPoints.ValueOK(); set {
		present, err := contactPointsOf(change.row)
		if err != nil {
			return err
		}
		points := check.contactPoints(w.viewer.Region, given, present...)
		if editRows(change.edit, "contactPoints", points, present) {
			change.replaces(func(ctx context.Context) error {
				return w.writeContactPoints(ctx, ofProfile, in.ID, points, present...)
			})
		}
	}
	if given, set := in.Addresses.ValueOK(); set {
		present, err := addressesOf(change.row)
		if err != nil {
			return err
		}
		addresses := check.addresses(given)
		if editRows(change.edit, "addresses", addresses, present) {
			change.replaces(func(ctx context.Context) error {
				return w.writeAddresses(ctx, ofProfile, in.ID, addresses, present...)
			})
		}
	}
	if given, set := in.Identifiers.ValueOK(); set {
		present, err := identifiersOf(change.row)
		if err != nil {
			return err
		}
		identifiers := check.identifiers("identifiers", given)
		if editIdentifiers(change.edit, identifiers, present) {
			change.replaces(func(ctx context.Context) error {
				return w.writeIdentifiers(ctx, in.ID, identifiers, present...)
			})
		}
	}
	return check.err()
}

func (e *profileEdit) replaces(list func(context.Context) error) { e.lists = append(e.lists, list) }

// saveProfile writes what an edit changes in a profile's own row.
func (w *work) saveProfile(ctx context.Context, e *edit, row *ent.Profile) error {
	read := row.Version
	row.Version, row.FieldVersions = e.next()
	row.SortName = sortName(row.FamilyName, row.GivenName)
	row.UpdatedAt, row.UpdatedByID = access.Now(ctx), w.viewer.ProfessionalID
	update := w.Profile.Update().Where(profile.ID(row.ID), profile.Version(read)).
		SetVersion(row.Version).SetFieldVersions(row.FieldVersions).SetSortName(row.SortName).
		SetUpdatedAt(row.UpdatedAt).SetUpdatedByID(row.UpdatedByID)
	if err := e.apply(update.Mutation()); err != nil {
		return err
	}
	changed, err := update.Save(ctx)
	// The guard asks whether a new institution is the workspace's own, the one end that
	// can be refused here; asking before would be one more statement.
	if errors.Is(err, access.ErrRefused) && slices.Contains(e.fields, "institutionId") {
		return notFound("institutionId")
	}
	if err == nil && changed != 1 {
		err = fmt.Errorf("practice: profile %s changed under its transaction", row.ID)
	}
	return err
}
