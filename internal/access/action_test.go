package access_test

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"continuum/internal/oracle"
)

// most is how many profiles, records and contacts a world holds: few, so that
// things happen to the same ones again.
const most = 8

// actions is what may happen. Each changes the facts and says so to the database;
// what most depends on happens more often.
func (h *history) actions() map[string]func(*rapid.T) {
	actions := map[string]func(*rapid.T){
		"profile is created":       h.profileIsCreated,
		"profile is unlinked":      h.profileIsUnlinked,
		"profile moves":            h.profileMoves,
		"record is created":        h.recordIsCreated,
		"record changes owner":     h.recordChangesOwner,
		"contact is created":       h.contactIsCreated,
		"contact is linked":        h.contactIsLinked,
		"contact link ends":        h.contactLinkEnds,
		"something is held":        h.somethingIsHeld,
		"member joins":             h.memberJoins,
		"member changes":           h.memberChanges,
		"professional's life":      h.professionalChanges,
		"professional's directory": h.directoryChanges,
		"workspace's life":         h.workspaceChanges,
		"unit closes":              h.unitCloses,
		"transfer is opened":       h.transferIsOpened,
		"transfer changes":         h.transferChanges,
		"something is left":        h.somethingIsLeft,
		"emergency begins":         h.emergencyBegins,
	}
	for name, action := range map[string]func(*rapid.T){
		"profile is linked":     h.profileIsLinked,
		"record changes status": h.recordChangesStatus,
		"share is given":        h.shareIsGiven,
		"share changes":         h.shareChanges,
		"time passes":           h.timePasses,
	} {
		actions[name], actions[name+" again"] = action, action
	}
	return actions
}

// one draws an id, and takes the step back when there is none.
func one[T any](t *rapid.T, label string, rows map[string]T) string {
	if len(rows) == 0 {
		t.Skip("nothing to choose from")
	}
	// By position, as the ids themselves are new in each history.
	return ids(rows)[rapid.IntRange(0, len(rows)-1).Draw(t, label)]
}

// pick draws one of the choices; what stands there twice is drawn twice as often.
func pick[T any](t *rapid.T, label string, choices ...T) T {
	return rapid.SampledFrom(choices).Draw(t, label)
}

// room takes the step back when there are enough of something.
func (h *history) room(t *rapid.T, n int) {
	if n >= most {
		t.Skip("enough of them")
	}
}

// homeOf draws where something is at home: mostly where its maker works.
func (h *history) homeOf(t *rapid.T, maker string) string {
	if pick(t, "abroad", false, false, false, true) {
		return one(t, "home", h.facts.Workspaces)
	}
	return h.facts.Professionals[maker].Workspace
}

// institution draws one, or none.
func (h *history) institution(t *rapid.T) string {
	return pick(t, "institution", append(ids(h.facts.Institutions), "")...)
}

func (h *history) profileIsCreated(t *rapid.T) {
	h.room(t, len(h.facts.Profiles))
	maker := one(t, "maker", h.facts.Professionals)
	h.addProfile(fmt.Sprint("profile", len(h.facts.Profiles)),
		oracle.Profile{Home: h.homeOf(t, maker), Creator: maker, Institution: h.institution(t)})
}

func (h *history) profileMoves(t *rapid.T) {
	id := one(t, "profile", h.facts.Profiles)
	p := h.facts.Profiles[id]
	if rapid.Bool().Draw(t, "institution only") {
		p.Institution = h.institution(t)
	} else {
		p.Home = one(t, "home", h.facts.Workspaces)
	}
	h.saveProfile(id)
}

// owner draws a professional or a unit, and the workspace where they work.
func (h *history) owner(t *rapid.T) (id, workspace string) {
	if pick(t, "unit", false, false, true) {
		id = one(t, "owner", h.facts.Units)
		return id, h.facts.Units[id].Workspace
	}
	id = one(t, "owner", h.facts.Professionals)
	return id, h.facts.Professionals[id].Workspace
}

func (h *history) recordIsCreated(t *rapid.T) {
	h.room(t, len(h.facts.Records))
	profile := one(t, "profile", h.facts.Profiles)
	owner, workspace := h.owner(t)
	h.batch(func() {
		id := h.addRecord(fmt.Sprint("record", len(h.facts.Records)), oracle.Record{
			Workspace: workspace, Owner: owner, Confidential: rapid.Bool().Draw(t, "confidential"),
			Status: pick(t, "status", "DRAFT", "OPEN"),
		})
		h.addLink(id, profile)
	})
}

func (h *history) recordChangesStatus(t *rapid.T) {
	id := one(t, "record", h.facts.Records)
	r := h.facts.Records[id]
	r.Status = pick(t, "status", "OPEN", "ARCHIVED", "BINNED")
	r.Confidential = rapid.Bool().Draw(t, "confidential")
	h.saveRecord(id)
}

// recordChangesOwner is what a transfer does: owner, workspace and epoch change
// together, and the shares that are kept come along.
func (h *history) recordChangesOwner(t *rapid.T) {
	id := one(t, "record", h.facts.Records)
	r := h.facts.Records[id]
	r.Owner, r.Workspace = h.owner(t)
	r.Epoch++
	h.batch(func() {
		h.saveRecord(id)
		for _, share := range ids(h.facts.Shares) {
			if s := h.facts.Shares[share]; s.Record == id && s.Epoch == r.Epoch-1 && rapid.Bool().Draw(t, "keep") {
				s.Epoch = r.Epoch
				h.saveShare(share)
			}
		}
	})
}

func (h *history) profileIsLinked(t *rapid.T) {
	record, profile := one(t, "record", h.facts.Records), one(t, "profile", h.facts.Profiles)
	for _, l := range h.facts.Links {
		if l.Record == record && l.Profile == profile && l.To.IsZero() {
			t.Skip("linked already")
		}
	}
	h.addLink(record, profile)
}

func (h *history) profileIsUnlinked(t *rapid.T) {
	id := one(t, "link", h.facts.Links)
	if !h.facts.Links[id].To.IsZero() {
		t.Skip("ended already")
	}
	h.facts.Links[id].To = h.facts.Now
	h.saveLink(id)
}

var levels = []oracle.Level{oracle.Read, oracle.Write, oracle.Full}

func (h *history) shareIsGiven(t *rapid.T) {
	record := one(t, "record", h.facts.Records)
	grantee := h.principal(t, "grantee")
	status := pick(t, "status", "ACTIVE", "ACTIVE", "ACTIVE", "PENDING", "REVOKED", "EXPIRED", "LEFT", "DECLINED")
	if h.holdsOne(record, grantee, "") && (status == "ACTIVE" || status == "PENDING") {
		t.Skip("given already")
	}
	s := oracle.Share{
		Record: record, Grantee: grantee, Giver: one(t, "giver", h.facts.Professionals), Level: pick(t, "level", levels...), Status: status,
		Starts: h.facts.Now.Add(pick(t, "starts", 0, 0, -time.Hour, time.Hour)),
		Epoch:  h.facts.Records[record].Epoch + pick(t, "epoch", 0, 0, 0, 0, -1, 1),
	}
	if rapid.Bool().Draw(t, "ends") {
		s.Expires = h.facts.Now.Add(pick(t, "expires", time.Hour, 2*time.Hour, 24*time.Hour, 0))
	}
	if s.Epoch == 0 {
		t.Skip("there is no epoch before the first")
	}
	h.addShare(s)
}

// holdsOne says whether a share other than one named is on offer or active.
func (h *history) holdsOne(record, grantee, except string) bool {
	for id, s := range h.facts.Shares {
		if id != except && s.Record == record && s.Grantee == grantee && (s.Status == "ACTIVE" || s.Status == "PENDING") {
			return true
		}
	}
	return false
}

func (h *history) shareChanges(t *rapid.T) {
	id := one(t, "share", h.facts.Shares)
	s := h.facts.Shares[id]
	status := pick(t, "status", "ACTIVE", "ACTIVE", "PENDING", "REVOKED", "EXPIRED", "LEFT", "DECLINED")
	if (status == "ACTIVE" || status == "PENDING") && h.holdsOne(s.Record, s.Grantee, id) {
		t.Skip("given already")
	}
	s.Status, s.Level = status, pick(t, "level", levels...)
	s.Expires = time.Time{}
	if rapid.Bool().Draw(t, "ends") {
		s.Expires = h.facts.Now.Add(pick(t, "expires", -time.Hour, 0, time.Hour))
	}
	h.saveShare(id)
}

func (h *history) contactIsCreated(t *rapid.T) {
	h.room(t, len(h.facts.Contacts))
	maker := one(t, "maker", h.facts.Professionals)
	h.addContact(fmt.Sprint("contact", len(h.facts.Contacts)), oracle.Contact{Home: h.homeOf(t, maker), Creator: maker})
}

func (h *history) contactIsLinked(t *rapid.T) {
	profile, contact := one(t, "profile", h.facts.Profiles), one(t, "contact", h.facts.Contacts)
	for _, k := range h.facts.ContactLinks {
		if k.Profile == profile && k.Contact == contact && k.To.IsZero() {
			t.Skip("linked already")
		}
	}
	h.addContactLink(profile, contact)
}

func (h *history) contactLinkEnds(t *rapid.T) {
	id := one(t, "contact link", h.facts.ContactLinks)
	if !h.facts.ContactLinks[id].To.IsZero() {
		t.Skip("ended already")
	}
	h.facts.ContactLinks[id].To = h.facts.Now
	h.saveContactLink(id)
}

// somethingIsHeld gives somebody a telephone, an address, a number or a file.
func (h *history) somethingIsHeld(t *rapid.T) {
	h.room(t, len(h.facts.Points)+len(h.facts.Addresses)+len(h.facts.Files)-most)
	people := slices.Concat(ids(h.facts.Profiles), ids(h.facts.Contacts))
	if len(h.facts.Profiles) == 0 {
		t.Skip("nobody to hold it")
	}
	switch pick(t, "what", "telephone", "address", "number", "file") {
	case "telephone":
		h.addPoint(pick(t, "holder", people...))
	case "address":
		h.addAddress(pick(t, "holder", append(people, ids(h.facts.Institutions)...)...))
	case "number":
		h.addIdentifier(one(t, "holder", h.facts.Profiles))
	case "file":
		workspace, profile := one(t, "workspace", h.facts.Workspaces), one(t, "holder", h.facts.Profiles)
		for _, f := range h.facts.Files {
			if f.Workspace == workspace && f.Profile == profile {
				t.Skip("kept already")
			}
		}
		h.addFile(workspace, profile)
	}
}

func (h *history) timePasses(t *rapid.T) {
	h.facts.Now = h.facts.Now.Add(pick(t, "time", time.Microsecond, time.Hour-time.Microsecond, time.Hour, 24*time.Hour))
}
