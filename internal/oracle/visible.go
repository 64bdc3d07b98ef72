package oracle

import (
	"maps"
	"slices"
)

// Visible lists what m sees of a type, in the order of ids.
func (w *World) Visible(m, typ string) []string {
	if !w.acts(m) {
		return nil
	}
	switch typ {
	case "Record":
		return which(w.Records, func(id string, _ *Record) bool { return w.Level(m, id) >= Metadata })
	case "Profile":
		return which(w.Profiles, func(id string, _ *Profile) bool { return w.reads(m, id) })
	case "Contact":
		return which(w.Contacts, func(id string, _ *Contact) bool { return w.readsContact(m, id) })
	case "RecordLink":
		return which(w.Links, func(_ string, l *Link) bool { return w.seesLink(m, l) })
	case "ContactLink":
		return which(w.ContactLinks, func(_ string, k *ContactLink) bool { return w.reads(m, k.Profile) })
	case "Share":
		return which(w.Shares, func(_ string, s *Share) bool { return w.seesShare(m, s) })
	case "ContactPoint":
		return which(w.Points, func(_ string, h *Holding) bool { return w.seesHolding(m, h) })
	case "Address":
		return which(w.Addresses, func(_ string, h *Holding) bool { return w.seesHolding(m, h) })
	case "Identifier":
		return which(w.Identifiers, func(_ string, h *Holding) bool { return w.reads(m, h.Holder) })
	case "Institution":
		return which(w.Institutions, func(id string, _ *Institution) bool { return w.seesInstitution(m, id) })
	case "WorkspaceProfile":
		return which(w.Files, func(_ string, f *File) bool { return f.Workspace == w.home(m) && w.reads(m, f.Profile) })
	case "Professional":
		return which(w.Professionals, func(id string, _ *Professional) bool { return w.seesProfessional(m, id) })
	case "Unit":
		return which(w.Units, func(id string, _ *Unit) bool { return w.seesUnit(m, id) })
	case "UnitMember":
		return which(w.Memberships, func(_ string, b *Membership) bool { return w.Units[b.Unit].Workspace == w.home(m) })
	case "Workspace":
		return which(w.Workspaces, func(id string, _ *Workspace) bool { return w.seesWorkspace(m, id) })
	case "Transfer":
		return which(w.Transfers, func(_ string, t *Transfer) bool { return w.seesTransfer(m, t) })
	case "SealedCopy":
		return which(w.Copies, func(_ string, c *SealedCopy) bool { return w.isOrWorksIn(m, c.Holder) })
	case "Consent":
		return which(w.Consents, func(_ string, c *Consent) bool { return c.Workspace == w.home(m) && w.reads(m, c.Profile) })
	case "EmergencyAccess":
		return which(w.Emergencies, func(_ string, e *Emergency) bool { return w.seesEmergency(m, e) })
	case "Notification":
		return which(w.Notices, func(_ string, n *Notice) bool { return n.Professional == m })
	default:
		panic("the oracle does not tell who sees a " + typ)
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
		"Share":            which(w.Shares, func(_ string, s *Share) bool { return w.Level(m, s.Record) >= Full || w.mayGiveBack(m, s) }),
		"Transfer":         which(w.Transfers, func(_ string, t *Transfer) bool { return w.mayEnd(m, t) }),
		"Consent":          which(w.Consents, func(_ string, c *Consent) bool { return c.Workspace == w.home(m) && edits(c.Profile) }),
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
	return w.reaches(m, s.Grantee) || w.Level(m, s.Record) >= Full
}

// answersFor says whether m speaks for a principal: m themselves, a unit they are in,
// the workspace that they oversee.
func (w *World) answersFor(m, principal string) bool {
	return w.isOrWorksIn(m, principal) || w.oversees(m, principal)
}

// isOrWorksIn says whether a principal is m, or a unit that m is in.
func (w *World) isOrWorksIn(m, principal string) bool {
	return m == principal || w.membership(m, principal) != nil
}

// owns says whether m is the owner, or a steward of the unit that is.
func (w *World) owns(m, owner string) bool {
	b := w.membership(m, owner)
	return m == owner || b != nil && b.Steward
}

// mayGiveBack says whether m may still take a share, or give it back.
func (w *World) mayGiveBack(m string, s *Share) bool {
	return (s.Status == "PENDING" || s.Status == "ACTIVE") && w.answersFor(m, s.Grantee)
}

// mayEnd says whether m may answer a transfer or take it back, while it waits.
func (w *World) mayEnd(m string, t *Transfer) bool {
	return (t.Status == "OFFERED" || t.Status == "REQUESTED") && (w.answersFor(m, t.To) || w.owns(m, t.From))
}

// A transfer is seen by both of its parties, and by those who oversee their workspaces.
func (w *World) seesTransfer(m string, t *Transfer) bool {
	return w.answersFor(m, t.To) || w.isOrWorksIn(m, t.From) ||
		w.oversees(m, t.FromWorkspace) || w.oversees(m, t.ToWorkspace)
}

// An emergency access is seen by its holder, and in its workspace by those who oversee
// it and by whoever edits the record.
func (w *World) seesEmergency(m string, e *Emergency) bool {
	return e.Professional == m || w.oversees(m, e.Workspace) ||
		w.home(m) == e.Workspace && w.Level(m, e.Record) >= Full
}

// isParty says whether somebody stands in a share or a transfer that m sees.
func (w *World) isParty(m string, is func(principal string) bool) bool {
	for _, s := range w.Shares {
		if (is(s.Giver) || is(s.Grantee)) && w.seesShare(m, s) {
			return true
		}
	}
	for _, t := range w.Transfers {
		if slices.ContainsFunc([]string{t.From, t.To, t.By, t.Answered, t.NewOwner}, is) && w.seesTransfer(m, t) {
			return true
		}
	}
	return false
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
		if w.holds(s) && r.Status != "BINNED" && w.reaches(m, s.Grantee) {
			records = append(records, r)
		}
	}
	return records
}

// behindShare says whether a record that is shared with m has something about it.
func (w *World) behindShare(m string, has func(*Record) bool) bool {
	return slices.ContainsFunc(w.sharedWith(m), has)
}

// Professionals are seen by their colleagues, behind the records they share, and in
// the shares and transfers that name them.
func (w *World) seesProfessional(m, p string) bool {
	return w.home(p) == w.home(m) || w.behindShare(m, func(r *Record) bool { return r.Owner == p }) ||
		w.isParty(m, func(principal string) bool { return principal == p })
}

// Units are seen in their workspace, behind the records they share, and in the shares
// and transfers that name them.
func (w *World) seesUnit(m, u string) bool {
	return w.Units[u].Workspace == w.home(m) || w.behindShare(m, func(r *Record) bool { return r.Owner == u }) ||
		w.isParty(m, func(principal string) bool { return principal == u })
}

// WorkspaceOf is where a principal belongs: a professional, a unit, or a workspace itself.
func (w *World) WorkspaceOf(principal string) string {
	switch {
	case w.Professionals[principal] != nil:
		return w.Professionals[principal].Workspace
	case w.Units[principal] != nil:
		return w.Units[principal].Workspace
	case w.Workspaces[principal] != nil:
		return principal
	default:
		return ""
	}
}

// A workspace is seen by those who act in it under any of their memberships, behind
// the records it shares, and behind the shares and transfers that name somebody of it.
func (w *World) seesWorkspace(m, ws string) bool {
	if w.home(m) == ws || w.behindShare(m, func(r *Record) bool { return r.Workspace == ws }) ||
		w.isParty(m, func(principal string) bool { return w.WorkspaceOf(principal) == ws }) {
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

// Answers says whether m acts and speaks for a principal.
func (w *World) Answers(m, principal string) bool { return w.acts(m) && w.answersFor(m, principal) }
