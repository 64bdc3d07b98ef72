package practice

import (
	"context"
	"slices"
	"strconv"

	"continuum/ent"
	"continuum/ent/contactlink"
	"continuum/internal/access"
	"continuum/schema"
)

// ContactLinkInput is what a contact is to one profile.
type ContactLinkInput struct {
	ProfileID             string
	Relationship          contactlink.Relationship
	Authority             *contactlink.Authority
	Custody               *string
	EmergencyRank         *int
	MayReceiveInformation *bool
	MayConsent            *bool
	Restriction           *contactlink.Restriction
	Channels              []string
	ValidFrom             *string
	ValidTo               *string
}

// LinkContactInput is which contact to link to which profiles.
type LinkContactInput struct {
	ContactID string
	Links     []*ContactLinkInput
}

// LinkContactPayload is what came of LinkContact.
type LinkContactPayload struct {
	Outcome
	Contact      *ent.Contact
	ContactLinks []*ent.ContactLink
}

// LinkContact ties a contact to one or several profiles: siblings.
func (p *Practice) LinkContact(ctx context.Context, in LinkContactInput) (*LinkContactPayload, error) {
	var c checks
	if len(in.Links) == 0 {
		c.refuse("links", "Name at least one profile.")
	}
	links := c.contactLinks(in.Links)
	if err := c.err(); err != nil {
		return nil, err
	}
	var payload LinkContactPayload
	err := p.change(ctx, schema.ScopeContactsWrite, &payload, func(ctx context.Context, w *work) (err error) {
		if payload.Contact, err = w.readContact(ctx, "contactId", in.ContactID); err != nil {
			return err
		}
		if err := w.editableProfiles(ctx, links, nil); err != nil {
			return err
		}
		around, err := w.profilesAround(ctx, in.ContactID)
		if err != nil {
			return err
		}
		if err := notYetAround(around, links); err != nil {
			return err
		}
		if payload.ContactLinks, err = w.addContactLinks(ctx, in.ContactID, links); err != nil {
			return err
		}
		return w.emit(ctx, "contact.linked", in.ContactID, append(around, profilesOf(links)...)...)
	})
	if err != nil {
		return nil, err
	}
	payload.Contact = payload.Contact.Unwrap()
	for i, link := range payload.ContactLinks {
		payload.ContactLinks[i] = link.Unwrap()
	}
	return &payload, nil
}

// EndContactLinkInput is which link to end, and why.
type EndContactLinkInput struct {
	ID     string
	Reason *string
}

// EndContactLinkPayload is what came of EndContactLink.
type EndContactLinkPayload struct {
	Outcome
	ContactLink *ent.ContactLink
}

// EndContactLink ends what ties a contact to a profile. The history keeps it.
func (p *Practice) EndContactLink(ctx context.Context, in EndContactLinkInput) (*EndContactLinkPayload, error) {
	var c checks
	reason := c.prose("reason", in.Reason, 500)
	if err := c.err(); err != nil {
		return nil, err
	}
	var out EndContactLinkPayload
	err := p.change(ctx, schema.ScopeContactsWrite, &out, func(ctx context.Context, w *work) error {
		link, err := w.editableContactLink(ctx, in.ID)
		if err != nil {
			return err
		}
		out.ContactLink, err = link.Update().
			SetEndedAt(access.Now(ctx)).
			SetEndedByID(w.viewer.ProfessionalID).
			SetNillableEndReason(reason).
			AddVersion(1).
			SetUpdatedByID(w.viewer.ProfessionalID).
			Save(ctx)
		if err != nil {
			return err
		}
		return w.emit(ctx, "contact_link.ended", link.ID, link.ContactID, link.ProfileID)
	})
	if err != nil {
		return nil, err
	}
	out.ContactLink = out.ContactLink.Unwrap()
	return &out, nil
}

// editableContactLink reads a live link that the viewer may change.
func (w *work) editableContactLink(ctx context.Context, id string) (*ent.ContactLink, error) {
	if err := w.needs(schema.ScopeContactsRead); err != nil {
		return nil, err
	}
	if !schema.ValidID(schema.ContactLinkPrefix, id) {
		return nil, notFound("id")
	}
	found, err := w.ContactLink.Query().Where(contactlink.ID(id)).All(ctx)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, notFound("id")
	}
	link := found[0]
	right, err := access.ProfileRight(ctx, w.Client, link.ProfileID)
	switch {
	case err != nil:
		return nil, err
	case right < access.ReadRight:
		return nil, notFound("id")
	case right < access.EditRight:
		return nil, fail(CodeForbidden, "id", "You may see this profile, not change it.")
	case link.EndedAt != nil:
		return nil, fail(CodeInvalidState, "id", "This link has ended.")
	}
	return link, nil
}

// editableProfiles refuses links to profiles that the viewer may not edit, and a
// contact's own profile that they may not see.
func (w *work) editableProfiles(ctx context.Context, links []*ContactLinkInput, own *string) error {
	ids := profilesOf(links)
	if own != nil {
		ids = append(ids, *own)
	}
	found, err := access.ProfileAccesses(ctx, w.Client, wellFormed(schema.ProfilePrefix, ids))
	if err != nil {
		return err
	}
	var refused checks
	if own != nil && found[*own].Right < access.ReadRight {
		refused.errs = append(refused.errs, notFound("profileId"))
	}
	for i, link := range links {
		switch field := linkField(i, "profileId"); found[link.ProfileID].Right {
		case access.EditRight:
		case access.ReadRight:
			refused.errs = append(refused.errs, fail(CodeForbidden, field, "You may see this profile, not change it."))
		default:
			refused.errs = append(refused.errs, notFound(field))
		}
	}
	return refused.err()
}

// profilesAround lists the profiles that a contact is around, also those that the
// viewer may not see: events tell their screens, and nobody else.
func (w *work) profilesAround(ctx context.Context, contactID string) ([]string, error) {
	links, err := w.ContactLink.Query().
		Where(contactlink.ContactID(contactID), contactlink.EndedAtIsNil()).
		All(access.System(ctx, "whose screens show this contact"))
	ids := make([]string, len(links))
	for i, link := range links {
		ids[i] = link.ProfileID
	}
	return ids, err
}

// notYetAround refuses a second live link between a contact and a profile.
func notYetAround(around []string, links []*ContactLinkInput) error {
	var refused checks
	for i, link := range links {
		if slices.Contains(around, link.ProfileID) {
			refused.errs = append(refused.errs,
				fail(CodeAlreadyLinked, linkField(i, "profileId"), "The contact is linked to this profile already."))
		}
	}
	return refused.err()
}

func (w *work) addContactLinks(ctx context.Context, contactID string, links []*ContactLinkInput) ([]*ent.ContactLink, error) {
	if len(links) == 0 {
		return nil, nil
	}
	rows := make([]*ent.ContactLinkCreate, len(links))
	for i, link := range links {
		rows[i] = w.ContactLink.Create().
			SetContactID(contactID).
			SetProfileID(link.ProfileID).
			SetRelationship(link.Relationship).
			SetNillableAuthority(link.Authority).
			SetNillableCustody(link.Custody).
			SetNillableEmergencyRank(link.EmergencyRank).
			SetNillableMayReceiveInformation(link.MayReceiveInformation).
			SetNillableMayConsent(link.MayConsent).
			SetNillableRestriction(link.Restriction).
			SetChannels(link.Channels).
			SetNillableValidFrom(link.ValidFrom).
			SetNillableValidTo(link.ValidTo).
			SetCreatedByID(w.viewer.ProfessionalID).
			SetUpdatedByID(w.viewer.ProfessionalID)
	}
	made, err := w.ContactLink.CreateBulk(rows...).Save(ctx)
	if clashes(err, contactlink.FieldProfileID) {
		return nil, fail(CodeAlreadyLinked, "links", "Somebody has just linked the contact to one of these profiles.")
	}
	return made, err
}

func profilesOf(links []*ContactLinkInput) []string {
	ids := make([]string, len(links))
	for i, link := range links {
		ids[i] = link.ProfileID
	}
	return ids
}

// wellFormed keeps the ids that can be one: another never reaches the database, which
// may choke on its bytes.
func wellFormed(prefix string, ids []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !schema.ValidID(prefix, id) })
}

func linkField(i int, name string) string { return "links." + strconv.Itoa(i) + "." + name }
