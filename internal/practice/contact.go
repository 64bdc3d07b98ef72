package practice

import (
	"context"

	"continuum/ent"
	"continuum/ent/contact"
	"continuum/schema"
)

// CreateContactInput is who a contact is, and around whom.
type CreateContactInput struct {
	ID            *string
	GivenName     string
	FamilyName    *string
	Organization  *string
	Languages     []string
	ContactPoints []*ContactPointInput
	Addresses     []*AddressInput
	ProfileID     *string
	Links         []*ContactLinkInput
}

// CreateContactPayload is what came of CreateContact.
type CreateContactPayload struct {
	Outcome
	Contact *ent.Contact
}

// CreateContact makes a contact and links it to the profiles given. Without any, only
// its maker sees it.
func (p *Practice) CreateContact(ctx context.Context, in CreateContactInput) (*CreateContactPayload, error) {
	var c checks
	id := c.id(schema.ContactPrefix, in.ID)
	in.GivenName = c.text("givenName", in.GivenName, 100)
	in.FamilyName = c.optional("familyName", in.FamilyName, 100)
	in.Organization = c.optional("organization", in.Organization, 200)
	in.Languages = c.languages(in.Languages)
	in.Links = c.contactLinks(in.Links)
	points := c.contactPoints(region(ctx), in.ContactPoints)
	addresses := c.addresses(in.Addresses)
	if err := c.err(); err != nil {
		return nil, err
	}
	var out CreateContactPayload
	err := p.change(ctx, schema.ScopeContactsWrite, &out, func(ctx context.Context, w *work) (err error) {
		if err := w.editableProfiles(ctx, in.Links, in.ProfileID); err != nil {
			return err
		}
		if out.Contact, err = w.addContact(ctx, id, in); err != nil {
			return err
		}
		if err := w.writeContactPoints(ctx, ofContact, id, points); err != nil {
			return err
		}
		if err := w.writeAddresses(ctx, ofContact, id, addresses); err != nil {
			return err
		}
		// The links come last: until there is one, the contact is its maker's to fill.
		if _, err := w.addContactLinks(ctx, id, in.Links); err != nil {
			return err
		}
		return w.emit(ctx, "contact.created", id, profilesOf(in.Links)...)
	})
	if err != nil {
		return nil, err
	}
	out.Contact = out.Contact.Unwrap()
	return &out, nil
}

func (w *work) addContact(ctx context.Context, id string, in CreateContactInput) (*ent.Contact, error) {
	made, err := w.Contact.Create().
		SetID(id).
		SetHomeWorkspaceID(w.viewer.WorkspaceID).
		SetGivenName(in.GivenName).
		SetNillableFamilyName(in.FamilyName).
		SetSortName(sortName(orEmpty(in.FamilyName), in.GivenName)).
		SetNillableOrganization(in.Organization).
		SetLanguages(in.Languages).
		SetNillableProfileID(in.ProfileID).
		SetCreatedByID(w.viewer.ProfessionalID).
		SetUpdatedByID(w.viewer.ProfessionalID).
		Save(ctx)
	return made, taken("id", err)
}

// readContact reads a contact that the viewer may see, with its contact points and
// addresses.
func (w *work) readContact(ctx context.Context, field, id string) (*ent.Contact, error) {
	if err := w.needs(schema.ScopeContactsRead); err != nil {
		return nil, err
	}
	if !schema.ValidID(schema.ContactPrefix, id) {
		return nil, notFound(field)
	}
	found, err := w.Contact.Query().
		Where(contact.ID(id)).
		Modify(withContactPoints(ofContact), withAddresses(ofContact)).
		All(ctx)
	return theOne(field, found, err)
}
