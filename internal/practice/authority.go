package practice

import (
	"time"

	"continuum/ent"
	"continuum/ent/contactlink"
)

// AuthorityInForce says whether a contact's legal authority counts on a day: there is
// one, what ties the contact to the person has not ended, and the day is within the
// authority's own days, the last included.
func AuthorityInForce(link *ent.ContactLink, day time.Time) bool {
	if link.Authority == contactlink.AuthorityNONE || link.EndedAt != nil {
		return false
	}
	on := day.Format(time.DateOnly)
	return (link.ValidFrom == nil || *link.ValidFrom <= on) &&
		(link.ValidTo == nil || on <= *link.ValidTo)
}
