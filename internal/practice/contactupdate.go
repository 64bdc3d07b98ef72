package practice

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"continuum/ent"
	"continuum/internal/access"
	"continuum/schema"
)

// UpdateContactInput is what to change in a contact.
type UpdateContactInput struct {
	ID              string
	ExpectedVersion int
	GivenName       graphql.Omittable[*string]
	FamilyName      graphql.Omittable[*string]
	Organization    graphql.Omittable[*string]
	Languages       graphql.Omittable[[]string]
	ContactPoints   graphql.Omittable[[]*ContactPointInput]
	Addresses       graphql.Omittable[[]*AddressInput]
	ProfileID       graphql.Omittable[*string]
}

// UpdateContactPayload is what came of UpdateContact.
type UpdateContactPayload struct {
	Outcome
	Contact *ent.Contact
}

// UpdateContact changes a contact, for every profile that it is around.
func (p *Practice) UpdateContact(ctx context.Context, in UpdateContactInput) (*UpdateContactPayload, error) {
	var out UpdateContactPayload
	err := p.change(ctx, schema.ScopeContactsWrite, &out, func(ctx context.Context, w *work) error {
		row, err := w.readContact(ctx, "id", in.ID)
		if err != nil {
			return err
		}
		right, err := access.ContactRight(ctx, w.Client, row.ID)
		if err != nil {
			return err
		}
		if right < access.EditRight {
			return fail(CodeForbidden, "id", "You may see this contact, not change it.")
		}
		out.Contact, err = w.editContact(ctx, row, in)
		return err
	})
	if err != nil {
		return nil, err
	}
	out.Contact = out.Contact.Unwrap()
	return &out, nil
}

// editContact checks and writes what is to change in a contact.
func (w *work) editContact(ctx context.Context, row *ent.Contact, in UpdateContactInput) (*ent.Contact, error) {
	var c checks
	in.GivenName = c.newText("givenName", in.GivenName, 100)
	in.FamilyName = c.newOptional("familyName", in.FamilyName, 100)
	in.Organization = c.newOptional("organization", in.Organization, 200)
	if in.Languages.IsSet() {
		in.Languages = graphql.OmittableOf(c.languages(in.Languages.Value()))
	}
	presentPoints, err := contactPointsOf(row)
	if err != nil {
		return nil, err
	}
	presentAddresses, err := addressesOf(row)
	if err != nil {
		return nil, err
	}
	points := c.contactPoints(w.viewer.Region, in.ContactPoints.Value(), presentPoints...)
	addresses := c.addresses(in.Addresses.Value())
	if err := c.err(); err != nil {
		return nil, err
	}
	ownProfile, err := w.shownProfile(ctx, row, in.ProfileID)
	if err != nil {
		return nil, err
	}
	e, err := newEdit(in.ExpectedVersion, row.Version, row.FieldVersions)
	if err != nil {
		return nil, err
	}
	editValue(e, "givenName", in.GivenName, &row.GivenName)
	editOptional(e, "familyName", in.FamilyName, &row.FamilyName)
	editOptional(e, "organization", in.Organization, &row.Organization)
	editTexts(e, "languages", in.Languages, &row.Languages)
	editOptional(e, "profileId", in.ProfileID, &ownProfile)
	newPoints := in.ContactPoints.IsSet() && editRows(e, "contactPoints", points, presentPoints)
	newAddresses := in.Addresses.IsSet() && editRows(e, "addresses", addresses, presentAddresses)
	if err := e.err(); err != nil || !e.changes() {
		return row, err
	}
	if newPoints {
		if err := w.writeContactPoints(ctx, ofContact, row.ID, points, presentPoints...); err != nil {
			return nil, err
		}
	}
	if newAddresses {
		if err := w.writeAddresses(ctx, ofContact, row.ID, addresses, presentAddresses...); err != nil {
			return nil, err
		}
	}
	return w.writeContact(ctx, row, e)
}

// shownProfile is the contact's own profile as the viewer sees it: none where it is
// not for them. It refuses a new one that they may not see.
func (w *work) shownProfile(ctx context.Context, row *ent.Contact, given graphql.Omittable[*string]) (*string, error) {
	if !given.IsSet() {
		return nil, nil
	}
	var ids []string
	for _, id := range []*string{given.Value(), row.ProfileID} {
		if id != nil {
			ids = append(ids, *id)
		}
	}
	found, err := access.ProfileAccesses(ctx, w.Client, wellFormed(schema.ProfilePrefix, ids))
	if err != nil {
		return nil, err
	}
	if id := given.Value(); id != nil && found[*id].Right < access.ReadRight {
		return nil, notFound("profileId")
	}
	if row.ProfileID == nil || found[*row.ProfileID].Right < access.ReadRight {
		return nil, nil
	}
	return row.ProfileID, nil
}

// writeContact writes what the edit changes. The screens of all the contact's
// profiles show it, also those that the viewer may not see.
func (w *work) writeContact(ctx context.Context, row *ent.Contact, e *edit) (*ent.Contact, error) {
	version, versions := e.next()
	update := row.Update().
		SetSortName(sortName(orEmpty(row.FamilyName), row.GivenName)).
		SetVersion(version).
		SetFieldVersions(versions).
		SetUpdatedByID(w.viewer.ProfessionalID)
	if err := e.apply(update.Mutation()); err != nil {
		return nil, err
	}
	changed, err := update.Save(ctx)
	if err != nil {
		return nil, err
	}
	around, err := w.profilesAround(ctx, row.ID)
	if err != nil {
		return nil, err
	}
	return changed, w.emit(ctx, "contact.updated", row.ID, around...)
}
