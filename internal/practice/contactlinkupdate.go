package practice

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"continuum/ent"
	"continuum/ent/contactlink"
	"continuum/schema"
)

// UpdateContactLinkInput is what to change in what ties a contact to a profile.
type UpdateContactLinkInput struct {
	ID                    string
	ExpectedVersion       int
	Relationship          graphql.Omittable[*contactlink.Relationship]
	Authority             graphql.Omittable[*contactlink.Authority]
	Custody               graphql.Omittable[*string]
	EmergencyRank         graphql.Omittable[*int]
	MayReceiveInformation graphql.Omittable[*bool]
	MayConsent            graphql.Omittable[*bool]
	Restriction           graphql.Omittable[*contactlink.Restriction]
	Channels              graphql.Omittable[[]string]
	ValidFrom             graphql.Omittable[*string]
	ValidTo               graphql.Omittable[*string]
}

// UpdateContactLinkPayload is what came of UpdateContactLink.
type UpdateContactLinkPayload struct {
	Outcome
	ContactLink *ent.ContactLink
}

// UpdateContactLink changes what a contact is to a profile.
func (p *Practice) UpdateContactLink(ctx context.Context, in UpdateContactLinkInput) (*UpdateContactLinkPayload, error) {
	var c checks
	c.newContactLink(&in)
	if err := c.err(); err != nil {
		return nil, err
	}
	var out UpdateContactLinkPayload
	err := p.change(ctx, schema.ScopeContactsWrite, &out, func(ctx context.Context, w *work) error {
		link, err := w.editableContactLink(ctx, in.ID)
		if err != nil {
			return err
		}
		if in.ExpectedVersion < 1 || in.ExpectedVersion > link.Version {
			return fail(CodeInvalid, "expectedVersion", "There is no such version to have read.")
		}
		differences := in.differences(link)
		if len(differences) == 0 {
			out.ContactLink = link
			return nil
		}
		if in.ExpectedVersion < link.Version {
			return differences
		}
		if err := in.keepsDaysInOrder(link); err != nil {
			return err
		}
		update := link.Update().AddVersion(1).SetUpdatedByID(w.viewer.ProfessionalID)
		in.write(update)
		if out.ContactLink, err = update.Save(ctx); err != nil {
			return err
		}
		return w.emit(ctx, "contact_link.updated", link.ID, link.ContactID, link.ProfileID)
	})
	if err != nil {
		return nil, err
	}
	out.ContactLink = out.ContactLink.Unwrap()
	return &out, nil
}

// newContactLink checks the new values, and that nothing is cleared that always has one.
func (c *checks) newContactLink(in *UpdateContactLinkInput) {
	if value, set := required(c, "relationship", in.Relationship); set {
		c.relationship("relationship", value)
	}
	if value, set := required(c, "authority", in.Authority); set {
		c.authority("authority", value)
	}
	if value, set := required(c, "restriction", in.Restriction); set {
		c.restriction("restriction", value)
	}
	required(c, "mayReceiveInformation", in.MayReceiveInformation)
	required(c, "mayConsent", in.MayConsent)
	c.rank("emergencyRank", in.EmergencyRank.Value())
	c.validity("validFrom", "validTo", in.ValidFrom.Value(), in.ValidTo.Value())
	in.Custody = c.newOptional("custody", in.Custody, 200)
	if in.Channels.IsSet() {
		in.Channels = graphql.OmittableOf(c.channels("channels", in.Channels.Value()))
	}
}

// required is the new value of a field that cannot be cleared.
func required[T any](c *checks, field string, value graphql.Omittable[*T]) (T, bool) {
	given, set := value.ValueOK()
	c.cleared(field, set && given == nil)
	if given == nil {
		return *new(T), false
	}
	return *given, true
}

// differences are the fields given whose present value is another, each as the
// conflict that it is when somebody was faster.
func (in *UpdateContactLinkInput) differences(link *ent.ContactLink) Errors {
	var found Errors
	note := func(field string, same bool, present any) {
		if same {
			return
		}
		conflict := fail(CodeConflict, field, subject(field)+" may have changed since you read it.")
		now, _ := json.Marshal(present) // texts, numbers and lists of them always marshal
		value := string(now)
		conflict.CurrentValue = &value
		found = append(found, conflict)
	}
	note("relationship", same(in.Relationship, &link.Relationship), link.Relationship)
	note("authority", same(in.Authority, &link.Authority), link.Authority)
	note("custody", same(in.Custody, link.Custody), link.Custody)
	note("emergencyRank", same(in.EmergencyRank, link.EmergencyRank), link.EmergencyRank)
	note("mayReceiveInformation", same(in.MayReceiveInformation, &link.MayReceiveInformation), link.MayReceiveInformation)
	note("mayConsent", same(in.MayConsent, &link.MayConsent), link.MayConsent)
	note("restriction", same(in.Restriction, &link.Restriction), link.Restriction)
	note("channels", !in.Channels.IsSet() || slices.Equal(in.Channels.Value(), link.Channels), link.Channels)
	note("validFrom", same(in.ValidFrom, link.ValidFrom), link.ValidFrom)
	note("validTo", same(in.ValidTo, link.ValidTo), link.ValidTo)
	return found
}

// same says whether a field keeps its present value.
func same[T comparable](given graphql.Omittable[*T], present *T) bool {
	return !given.IsSet() || equal(given.Value(), present)
}

// keepsDaysInOrder refuses a first day after the last, whichever of them is new.
func (in *UpdateContactLinkInput) keepsDaysInOrder(link *ent.ContactLink) error {
	from, to := link.ValidFrom, link.ValidTo
	if in.ValidFrom.IsSet() {
		from = in.ValidFrom.Value()
	}
	if in.ValidTo.IsSet() {
		to = in.ValidTo.Value()
	}
	if from == nil || to == nil || *from <= *to {
		return nil
	}
	if in.ValidTo.IsSet() {
		return fail(CodeInvalid, "validTo", "The last day cannot come before the first.")
	}
	return fail(CodeInvalid, "validFrom", "The first day cannot come after the last.")
}

// write puts the new values into the update.
func (in *UpdateContactLinkInput) write(update *ent.ContactLinkUpdateOne) {
	update.SetNillableRelationship(in.Relationship.Value()).
		SetNillableAuthority(in.Authority.Value()).
		SetNillableMayReceiveInformation(in.MayReceiveInformation.Value()).
		SetNillableMayConsent(in.MayConsent.Value()).
		SetNillableRestriction(in.Restriction.Value())
	if in.Channels.IsSet() {
		update.SetChannels(in.Channels.Value())
	}
	setOrClear(in.Custody, update.SetCustody, update.ClearCustody)
	setOrClear(in.EmergencyRank, update.SetEmergencyRank, update.ClearEmergencyRank)
	setOrClear(in.ValidFrom, update.SetValidFrom, update.ClearValidFrom)
	setOrClear(in.ValidTo, update.SetValidTo, update.ClearValidTo)
}

// setOrClear writes a new value that may be none.
func setOrClear[T, B any](given graphql.Omittable[*T], set func(T) B, clearIt func() B) {
	value, changes := given.ValueOK()
	switch {
	case !changes:
	case value == nil:
		clearIt()
	default:
		set(*value)
	}
}
