package practice

import (
	"context"
	"fmt"

	"continuum/ent/profile"
	"continuum/ent/record"
	"continuum/ent/recordlink"
	"continuum/internal/access"
	"continuum/schema"
)

// Limits of a record's texts, in letters, and of its first profiles.
const (
	titleLetters       = 200
	serviceLetters     = 100
	whyOpenedLetters   = 4000
	mostRecordProfiles = 50
)

func (c *checks) newRecord(in CreateRecordInput) newRecord {
	what := newRecord{CreateRecordInput: in, kind: record.KindINDIVIDUAL, status: record.StatusOPEN}
	what.id = c.id(schema.RecordPrefix, in.ID)
	what.Title = c.text("title", in.Title, titleLetters)
	what.Service = c.optional("service", in.Service, serviceLetters)
	what.Reason = c.prose("reason", in.Reason, whyOpenedLetters)
	if in.Kind != nil {
		c.recordKind(in.Kind)
		what.kind = *in.Kind
	}
	if in.Status != nil {
		what.status = *in.Status
	}
	if what.status != record.StatusDRAFT && what.status != record.StatusOPEN {
		c.refuse("status", "A new record is a DRAFT or OPEN.")
	}
	what.links = c.firstLinks(what)
	if what.status == record.StatusOPEN && len(in.Profiles) == 0 {
		c.errs = append(c.errs, fail(CodeLastProfile, "profiles", "An open record needs at least one profile."))
	}
	return what
}

func (c *checks) recordKind(kind *record.Kind) {
	if kind != nil && record.KindValidator(*kind) != nil {
		c.refuse("kind", "The kind is INDIVIDUAL, COUPLE, FAMILY or GROUP.")
	}
}

// firstLinks checks the first profiles of a record and gives each its role and place.
func (c *checks) firstLinks(what newRecord) []newLink {
	if !c.atMost("profiles", len(what.Profiles), mostRecordProfiles) {
		return nil
	}
	links := make([]newLink, len(what.Profiles))
	seen := map[string]bool{}
	primaries := 0
	for i, one := range what.Profiles {
		at := fmt.Sprintf("profiles.%d.", i)
		c.role(at+"role", one.Role)
		if seen[one.ProfileID] {
			c.refuse(at+"profileId", "This profile is named twice.")
		}
		seen[one.ProfileID] = true
		links[i] = newLink{
			profile: one.ProfileID, role: roleOr(one.Role), position: i,
			notify: one.Notify == nil || *one.Notify, reason: c.prose(at+"reason", one.Reason, reasonLetters),
		}
		if links[i].role == recordlink.RolePRIMARY {
			if primaries++; primaries > 1 {
				c.errs = append(c.errs, fail(CodePrimaryTaken, at+"role", primaryTaken))
			}
		}
	}
	// The first is PRIMARY unless the input says otherwise, of it or by naming another.
	if len(links) > 0 && what.Profiles[0].Role == nil && what.kind != record.KindGROUP && primaries == 0 {
		links[0].role = recordlink.RolePRIMARY
	}
	return links
}

// linkableAll refuses the first profiles that the viewer does not read, or that are
// merged or erased.
func (w *work) linkableAll(ctx context.Context, links []newLink) error {
	if len(links) == 0 {
		return nil
	}
	if err := w.needs(schema.ScopeProfilesRead); err != nil {
		return err
	}
	var ids []string
	for _, link := range links {
		if schema.ValidID(schema.ProfilePrefix, link.profile) {
			ids = append(ids, link.profile)
		}
	}
	found, err := access.ProfileAccesses(ctx, w.Client, ids)
	if err != nil {
		return err
	}
	gone, err := w.Profile.Query().
		Where(profile.IDIn(ids...), profile.StatusIn(profile.StatusMERGED, profile.StatusERASED)).
		IDs(ctx)
	if err != nil {
		return err
	}
	var check checks
	for i, link := range links {
		check.linkable(fmt.Sprintf("profiles.%d.profileId", i), link.profile, found, gone)
	}
	return check.err()
}
