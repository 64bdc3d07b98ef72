package practice

import (
	"context"
	"slices"

	"continuum/ent"
	"continuum/ent/record"
	"continuum/ent/recordlink"
	"continuum/internal/access"
)

// linkedRecord is a record with its live links, in their order.
type linkedRecord struct {
	*ent.Record
	links []liveLink
}

// liveLink is what a change needs to know of a link.
type liveLink struct {
	id       string
	position int
	profile  string
	role     recordlink.Role
	notify   bool
}

// editableRecord reads a record, named by a field of the input, on which the viewer has FULL.
func (w *work) editableRecord(ctx context.Context, field, id string) (*linkedRecord, error) {
	if err := w.reachRecord(ctx, field, id, access.Full); err != nil {
		return nil, err
	}
	return w.readRecord(ctx, id)
}

// readRecord reads a record with its live links, as far as ctx may see it.
func (w *work) readRecord(ctx context.Context, id string) (*linkedRecord, error) {
	row, err := w.Record.Query().Where(record.ID(id)).
		Modify(withList(recordlink.Table, "record_id", " AND x.unlinked_at IS NULL", byPlace,
			"id", "position", "profile_id", "role", "notify")).
		Only(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := listOf(row, recordlink.Table)
	if err != nil {
		return nil, err
	}
	found := &linkedRecord{Record: row}
	for _, r := range rows {
		found.links = append(found.links, liveLink{r.text(0), r.number(1), r.text(2), recordlink.Role(r.text(3)), r.yes(4)})
	}
	return found, nil
}

// openToLinks refuses to begin or change a link of a record that is closed.
func (r *linkedRecord) openToLinks(field string) error {
	if r.Status != record.StatusDRAFT && r.Status != record.StatusOPEN {
		return fail(CodeInvalidState, field, "Only a draft or an open record can be linked to profiles.")
	}
	return nil
}

// end is the place behind the last link.
func (r *linkedRecord) end() int {
	if len(r.links) == 0 {
		return 0
	}
	return r.links[len(r.links)-1].position + 1
}

// link is the live link of a profile, or nil.
func (r *linkedRecord) link(profileID string) *liveLink {
	return r.first(func(l liveLink) bool { return l.profile == profileID })
}

// primary is the live link of the PRIMARY profile, or nil.
func (r *linkedRecord) primary() *liveLink {
	return r.first(func(l liveLink) bool { return l.role == recordlink.RolePRIMARY })
}

func (r *linkedRecord) first(match func(liveLink) bool) *liveLink {
	if i := slices.IndexFunc(r.links, match); i >= 0 {
		return &r.links[i]
	}
	return nil
}

// profiles lists the profiles whose pages show the record.
func (r *linkedRecord) profiles() []string {
	ids := make([]string, len(r.links))
	for i, link := range r.links {
		ids[i] = link.profile
	}
	return ids
}

// What the laws of links say.
const (
	alreadyLinked = "This profile is already part of the record."
	primaryTaken  = "The record already has a PRIMARY profile."
	lastProfile   = "An open record keeps at least one profile; replace it, or archive the record first."
)

// newLink is a link to begin.
type newLink struct {
	profile  string
	role     recordlink.Role
	position int
	notify   bool
	reason   *string
}

// insertLinks begins links of a record.
func (w *work) insertLinks(ctx context.Context, recordID string, links ...newLink) ([]*ent.RecordLink, error) {
	rows := make([]*ent.RecordLinkCreate, len(links))
	for i, link := range links {
		rows[i] = w.RecordLink.Create().SetRecordID(recordID).SetProfileID(link.profile).
			SetRole(link.role).SetPosition(link.position).SetNotify(link.notify).SetNillableLinkReason(link.reason).
			SetLinkedAt(access.Now(ctx)).SetLinkedByID(w.viewer.ProfessionalID).SetUpdatedByID(w.viewer.ProfessionalID)
	}
	made, err := w.RecordLink.CreateBulk(rows...).Save(ctx)
	// Both were looked at before; these are what a race leaves.
	switch {
	case clashes(err, "profile_id"):
		return nil, fail(CodeAlreadyLinked, "", alreadyLinked)
	case clashes(err, "record_id"):
		return nil, fail(CodePrimaryTaken, "", primaryTaken)
	}
	return made, err
}
