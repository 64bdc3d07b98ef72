package practice

import (
	"slices"
	"strconv"

	"continuum/ent/contactlink"
)

// writable are the means by which a contact can be written to, as the SDL's Channel.
var writable = []string{"EMAIL", "SMS", "PHONE", "POST"}

// contactLinks checks what a contact is to each of several profiles.
func (c *checks) contactLinks(in []*ContactLinkInput) []*ContactLinkInput {
	if !c.atMost("links", len(in), 50) {
		return nil
	}
	kept := make([]*ContactLinkInput, len(in))
	for i, link := range in {
		if slices.Contains(profilesOf(in[:i]), link.ProfileID) {
			c.refuse(linkField(i, "profileId"), "This profile is named twice.")
		}
		kept[i] = c.contactLink(i, *link)
	}
	return kept
}

func (c *checks) contactLink(i int, link ContactLinkInput) *ContactLinkInput {
	at := func(name string) string { return linkField(i, name) }
	c.relationship(at("relationship"), link.Relationship)
	if link.Authority != nil {
		c.authority(at("authority"), *link.Authority)
	}
	if link.Restriction != nil {
		c.restriction(at("restriction"), *link.Restriction)
	}
	c.rank(at("emergencyRank"), link.EmergencyRank)
	c.validity(at("validFrom"), at("validTo"), link.ValidFrom, link.ValidTo)
	link.Custody = c.optional(at("custody"), link.Custody, 200)
	link.Channels = c.channels(at("channels"), link.Channels)
	return &link
}

func (c *checks) relationship(field string, value contactlink.Relationship) {
	if contactlink.RelationshipValidator(value) != nil {
		c.refuse(field, "This is no relationship.")
	}
}

func (c *checks) authority(field string, value contactlink.Authority) {
	if contactlink.AuthorityValidator(value) != nil {
		c.refuse(field, "This is no legal authority.")
	}
}

func (c *checks) restriction(field string, value contactlink.Restriction) {
	if contactlink.RestrictionValidator(value) != nil {
		c.refuse(field, "This is no restriction.")
	}
}

// rank is the order in which to call somebody in an emergency.
func (c *checks) rank(field string, value *int) {
	if value != nil && (*value < 1 || *value > 99) {
		c.refuse(field, "The emergency rank goes from 1 to 99.")
	}
}

// validity checks the first and the last day of an authority.
func (c *checks) validity(fromField, toField string, from, to *string) {
	before := len(c.errs)
	if from != nil {
		c.day(fromField, *from)
	}
	if to != nil {
		c.day(toField, *to)
	}
	if len(c.errs) == before && from != nil && to != nil && *to < *from {
		c.refuse(toField, "The last day cannot come before the first.")
	}
}

// channels checks the means of writing to a contact, and drops what is said twice.
func (c *checks) channels(field string, in []string) []string {
	kept := make([]string, 0, len(writable))
	for i, channel := range in {
		if !slices.Contains(writable, channel) {
			c.refuse(field+"."+strconv.Itoa(i), "This is no means of writing to somebody.")
			return kept
		}
		if !slices.Contains(kept, channel) {
			kept = append(kept, channel)
		}
	}
	return kept
}
