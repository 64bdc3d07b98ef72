package oracle

import (
	"maps"
	"slices"
)

// Visible lists what m sees of each type, by the type's name, in the order of ids.
func (w *World) Visible(m string) map[string][]string {
	if !w.acts(m) {
		return map[string][]string{}
	}
	return map[string][]string{
		"Record":           which(w.Records, func(id string, _ *Record) bool { return w.Level(m, id) >= Metadata }),
		"Profile":          which(w.Profiles, func(id string, _ *Profile) bool { return w.reads(m, id) }),
		"Contact":          which(w.Contacts, func(id string, _ *Contact) bool { return w.readsContact(m, id) }),
		"RecordLink":       which(w.Links, func(_ string, l *Link) bool { return w.seesLink(m, l) }),
		"ContactLink":      which(w.ContactLinks, func(_ string, k *ContactLink) bool { return w.reads(m, k.Profile) }),
		"Share":            which(w.Shares, func(_ string, s *Share) bool { return w.seesShare(m, s) }),
		"ContactPoint":     which(w.Points, func(_ string, h *Holding) bool { return w.seesHolding(m, h) }),
		"Address":          which(w.Addresses, func(_ string, h *Holding) bool { return w.seesHolding(m, h) }),
		"Identifier":       which(w.Identifiers, func(_ string, h *Holding) bool { return w.reads(m, h.Holder) }),
		"Institution":      which(w.Institutions, func(id string, _ *Institution) bool { return w.seesInstitution(m, id) }),
		"WorkspaceProfile": which(w.Files, func(_ string, f *File) bool { return f.Workspace == w.home(m) && w.reads(m, f.Profile) }),
		"Professional":     which(w.Professionals, func(id string, _ *Professional) bool { return w.seesProfessional(m, id) }),
		"Unit":             which(w.Units, func(id string, _ *Unit) bool { return w.seesUnit(m, id) }),
		"UnitMember":       which(w.Memberships, func(_ string, b *Membership) bool { return w.Units[b.Unit].Workspace == w.home(m) }),
		"Workspace":        which(w.Workspaces, func(id string, _ *Workspace) bool { return w.seesWorkspace(m, id) }),
	}
}

// Changeable lists what m may update of each type that histories change.
func (w *World) Changeable(m string) map[string][]string {
	if !w.acts(m) {
		return map[string][]string{}
	}
	edits := func(p string) bool { return w.ProfileRight(m, p) == EditRight }
	return map[string][]string{
		"Record":           which(w.Records, func(id string, _ *Record) bool { return w.Level(m, id) >= Full }),
		"Profile":          which(w.Profiles, func(id string, _ *Profile) bool { return edits(id) }),
		"Contact":          which(w.Contacts, func(id string, _ *Contact) bool { return w.ContactRight(m, id) == EditRight }),
		"RecordLink":       which(w.Links, func(_ string, l *Link) bool { return w.Level(m, l.Record) >= Full }),
		"ContactLink":      which(w.ContactLinks, func(_ string, k *ContactLink) bool { return edits(k.Profile) }),
		"WorkspaceProfile": which(w.Files, func(_ string, f *File) bool { return f.Workspace == w.home(m) && w.reads(m, f.Profile) }),
	}
}

// which lists the ids of the rows that a rule lets through.
func which[T any](rows map[string]T, rule func(id string, row T) bool) []string {
	var ids []string
	for _, id := range slices.Sorted(maps.Keys(rows)) {
		if rule(id, rows[id]) {
			ids = append(ids, id)
		}
	}
	return ids
}

func (w *World) home(m string) string { return w.Professionals[m].Workspace }

func (w *World) reads(m, p string) bool { return w.ProfileRight(m, p) >= ReadRight }

func (w *World) readsContact(m, c string) bool { return w.ContactRight(m, c) >= ReadRight }

// Live links are seen by whoever reads the record, ended ones by whoever edits it.
func (w *World) seesLink(m string, l *Link) bool {
	if l.To.IsZero() {
		return w.Level(m, l.Record) >= Read
	}
	return w.Level(m, l.Record) >= Full
}

// A share is seen by whoever it is given to, whatever became of it, and by whoever
// edits the record.
func (w *World) seesShare(m string, s *Share) bool {
	return slices.Contains(w.Principals(m), s.Grantee) || w.Level(m, s.Record) >= Full
}

// What hangs on somebody is seen by whoever sees them.
func (w *World) seesHolding(m string, h *Holding) bool {
	switch {
	case w.Profiles[h.Holder] != nil:
		return w.reads(m, h.Holder)
	case w.Contacts[h.Holder] != nil:
		return w.readsContact(m, h.Holder)
	default:
		return w.seesInstitution(m, h.Holder)
	}
}

// Institutions are seen in their workspace, and through the profiles that name them.
func (w *World) seesInstitution(m, i string) bool {
	if w.Institutions[i].Workspace == w.home(m) {
		return true
	}
	for id, p := range w.Profiles {
		if p.Institution == i && w.reads(m, id) {
			return true
		}
	}
	return false
}

// sharedWith lists the records that a share opens to m at this instant.
func (w *World) sharedWith(m string) []*Record {
	var records []*Record
	for _, s := range w.Shares {
		r := w.Records[s.Record]
		if w.holds(s) && r.Status != "BINNED" && slices.Contains(w.Principals(m), s.Grantee) {
			records = append(records, r)
		}
	}
	return records
}

// behindShare says whether a record that is shared with m has something about it.
func (w *World) behindShare(m string, has func(*Record) bool) bool {
	return slices.ContainsFunc(w.sharedWith(m), has)
}

// Professionals are seen by their colleagues, and behind the records they share.
func (w *World) seesProfessional(m, p string) bool {
	return w.home(p) == w.home(m) || w.behindShare(m, func(r *Record) bool { return r.Owner == p })
}

// Units are seen in their workspace, and behind the records they share.
func (w *World) seesUnit(m, u string) bool {
	return w.Units[u].Workspace == w.home(m) || w.behindShare(m, func(r *Record) bool { return r.Owner == u })
}

// A workspace is seen by those who act in it under any of their memberships, and
// behind the records it shares.
func (w *World) seesWorkspace(m, ws string) bool {
	if w.home(m) == ws || w.behindShare(m, func(r *Record) bool { return r.Workspace == ws }) {
		return true
	}
	for _, other := range w.Professionals {
		if other.Account != "" && other.Account == w.Professionals[m].Account &&
			other.Workspace == ws && other.Status == "ACTIVE" {
			return true
		}
	}
	return false
}
