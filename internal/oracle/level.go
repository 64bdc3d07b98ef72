package oracle

import (
	"slices"
	"time"
)

// Level is how far somebody reaches into a record.
type Level int

// The levels, each of which holds the ones before it.
const (
	None Level = iota
	Metadata
	Read
	Write
	Full
	Owner
)

// Right is what somebody may do with a profile or a contact.
type Right int

// The rights, each of which holds the ones before it.
const (
	NoRight Right = iota
	ReadRight
	EditRight
)

// acts says whether m is an active professional of an active workspace.
func (w *World) acts(m string) bool {
	p := w.Professionals[m]
	return p != nil && p.Status == "ACTIVE" && w.Workspaces[p.Workspace].Status == "ACTIVE"
}

// membership is m's live membership in a unit, or nil.
func (w *World) membership(m, unit string) *Membership {
	for _, b := range w.Memberships {
		if b.Professional == m && b.Unit == unit && w.live(b.From, b.To) {
			return b
		}
	}
	return nil
}

// live says whether now is in the time from a start until before an end, if there is one.
func (w *World) live(from, to time.Time) bool {
	return !from.After(w.Now) && (to.IsZero() || w.Now.Before(to))
}

// Principals is whom a share may name to reach m: m, the units m is in, m's
// workspace; nobody when m does not act.
func (w *World) Principals(m string) []string {
	if !w.acts(m) {
		return nil
	}
	principals := []string{m, w.Professionals[m].Workspace}
	for unit := range w.Units {
		if w.membership(m, unit) != nil {
			principals = append(principals, unit)
		}
	}
	return principals
}

// reaches says whether a share that names the principal reaches m, who acts.
func (w *World) reaches(m, principal string) bool {
	return principal == m || principal == w.Professionals[m].Workspace || w.membership(m, principal) != nil
}

// Level is how far m reaches into record r.
func (w *World) Level(m, r string) Level {
	if !w.acts(m) {
		return None
	}
	record, level := w.Records[r], None
	if w.oversees(m, record.Workspace) {
		level = Metadata
	}
	binned := record.Status == "BINNED"
	if record.Owner == m {
		return Owner
	}
	if b := w.membership(m, record.Owner); b != nil {
		if b.Steward {
			return Owner
		}
		if !binned {
			return Full
		}
	}
	if binned {
		return level
	}
	for _, s := range w.Shares {
		if s.Record == r && w.holds(s) && w.reaches(m, s.Grantee) {
			level = max(level, s.Level)
		}
	}
	if w.opened(m, r) {
		level = max(level, Read)
	}
	return level
}

// opened says whether m has the record open in an emergency: for some hours, while it
// is where it was, and never while it is confidential.
func (w *World) opened(m, r string) bool {
	record := w.Records[r]
	for _, e := range w.Emergencies {
		if e.Record == r && e.Professional == m && e.Workspace == record.Workspace &&
			w.live(e.From, e.To) && !record.Confidential {
			return true
		}
	}
	return false
}

// holds says whether a share gives anything at this instant, whoever it is for.
func (w *World) holds(s *Share) bool {
	return s.Status == "ACTIVE" && w.live(s.Starts, s.Expires) && s.Epoch == w.Records[s.Record].Epoch
}

// oversees says whether m coordinates or administers the workspace.
func (w *World) oversees(m, workspace string) bool {
	p := w.Professionals[m]
	return p.Workspace == workspace &&
		(slices.Contains(p.Roles, "COORDINATOR") || slices.Contains(p.Roles, "ADMINISTRATOR"))
}

// liveRecords lists the records that link profile p now.
func (w *World) liveRecords(p string) []string {
	var records []string
	for _, l := range w.Links {
		if l.Profile == p && l.To.IsZero() {
			records = append(records, l.Record)
		}
	}
	return records
}

// ProfileLevel is m's highest level on a record that links profile p, from READ up.
func (w *World) ProfileLevel(m, p string) Level {
	best := None
	for _, r := range w.liveRecords(p) {
		if level := w.Level(m, r); level >= Read {
			best = max(best, level)
		}
	}
	return best
}

// ProfileRight is what m may do with profile p.
func (w *World) ProfileRight(m, p string) Right {
	if !w.acts(m) {
		return NoRight
	}
	me, profile, level := w.Professionals[m], w.Profiles[p], w.ProfileLevel(m, p)
	unlinked := len(w.liveRecords(p)) == 0
	switch {
	case level >= Full,
		me.Right == "EDIT" && w.covers(m, p),
		profile.Creator == m && profile.Home == me.Workspace && unlinked:
		return EditRight
	case level >= Read,
		me.Right == "READ" && w.covers(m, p):
		return ReadRight
	default:
		return NoRight
	}
}

// covers says whether m's directory holds profile p: present in m's workspace,
// and within m's scope.
func (w *World) covers(m, p string) bool {
	me, profile := w.Professionals[m], w.Profiles[p]
	present := profile.Home == me.Workspace
	for _, r := range w.liveRecords(p) {
		present = present || w.Records[r].Workspace == me.Workspace
	}
	switch me.Scope {
	case "ALL":
		return present
	case "INSTITUTIONS":
		return present && slices.Contains(me.Institutions, profile.Institution)
	default:
		return present && profile.Creator == m
	}
}

// ContactRight is what m may do with contact c: the best of m's rights on the
// profiles that c is linked to, and EDIT on m's own that was never linked.
func (w *World) ContactRight(m, c string) Right {
	if !w.acts(m) {
		return NoRight
	}
	contact, best, everLinked := w.Contacts[c], NoRight, false
	for _, k := range w.ContactLinks {
		if k.Contact != c {
			continue
		}
		everLinked = true
		if k.To.IsZero() {
			best = max(best, w.ProfileRight(m, k.Profile))
		}
	}
	if !everLinked && contact.Creator == m && contact.Home == w.Professionals[m].Workspace {
		return EditRight
	}
	return best
}
