package graph_test

import (
	"slices"
	"strings"
	"testing"
)

// self is whom a viewer of the tests is.
var self = map[string]string{
	"bob": "Bob Gagnon@school", "sam": "Sam Ouellet@school", "maya": "Maya Benali@school", "adam": "Adam Fortin@school",
	"noor@school": "Noor Rahimi@school", "ann": "Ann Lavoie@clinic", "program": "Ann Lavoie@clinic", "ben": "Ben Tran@clinic",
	"cora": "Cora Nadeau@clinic", "dina": "Dina Haddad@clinic", "noor@clinic": "Noor Rahimi@clinic", "sol": "Sol Ayala@",
}

// expected is what one viewer sees, as ids: those of the table, and those that hang on them.
type expected struct {
	profiles, contacts, read, known, edits, institutions map[string]bool
	professionals, units, workspaces, keysOf             map[string]bool
	home                                                 string
	self                                                 string
	blind                                                bool
	// holds are the viewer and their units; answers, besides, the workspace that they oversee.
	holds, answers map[string]bool
	oversees       bool
}

func (w *world) expect(t *testing.T, who string) expected {
	t.Helper()
	s := sights[who]
	set := func(names, comma string) map[string]bool {
		found := map[string]bool{}
		for name := range strings.SplitSeq(names, comma) {
			if name == "" {
				continue
			}
			if w.id[name] == "" {
				t.Fatalf("nothing is called %q", name)
			}
			found[w.id[name]] = true
		}
		return found
	}
	e := expected{
		profiles: set(s.profiles, ","), contacts: set(s.contacts, ";"), read: set(s.records, ";"), known: set(s.knows, ";"),
		edits: set(s.edits, ";"), institutions: set(s.institutions, ","), professionals: set(s.professionals, ","),
		units: set(s.units, ","), workspaces: set(s.workspaces, ","), keysOf: set(s.keysOf, ","), blind: s.blind,
		self: w.id[self[who]], home: w.place[w.id[self[who]]],
	}
	e.addParties(w)
	return e
}

// addParties works out for whom the viewer answers, and adds whom the shares and transfers
// that they see name.
func (e *expected) addParties(w *world) {
	e.holds, e.answers, e.oversees = map[string]bool{e.self: true}, map[string]bool{e.self: true}, w.oversees[e.self]
	for _, m := range w.ids["umem"] {
		if w.of[m][1] == e.self && !w.gone[m] {
			e.holds[w.of[m][0]], e.answers[w.of[m][0]] = true, true
		}
	}
	e.answers[e.home] = e.oversees
	for _, share := range e.of(w, w.ids["share"]) {
		s := w.shares[share]
		e.meets(w, s.CreatedByID)
		if e.edits[s.RecordID] {
			e.meets(w, s.GranteeID)
		}
	}
	for _, id := range e.of(w, w.ids["xfer"]) {
		x := w.transfers[id]
		for _, party := range []*string{&x.FromID, &x.ToID, &x.CreatedByID, &x.AnsweredByID, x.NewOwnerID} {
			if party != nil {
				e.meets(w, *party)
			}
		}
	}
}

// meets adds a party, and where they work.
func (e *expected) meets(w *world, id string) {
	switch prefix, _, _ := strings.Cut(id, "_"); prefix {
	case "pro":
		e.professionals[id], e.workspaces[w.place[id]] = true, true
	case "unit":
		e.units[id], e.workspaces[w.place[id]] = true, true
	case "ws":
		e.workspaces[id] = true
	}
}

// sees says whether the viewer sees the row, whatever its type.
func (e expected) sees(w *world, id string) bool {
	of := w.of[id]
	switch prefix, _, _ := strings.Cut(id, "_"); prefix {
	case "prof":
		return e.profiles[id]
	case "cont":
		return e.contacts[id]
	case "rec":
		return e.read[id] || e.known[id]
	case "inst":
		return e.institutions[id]
	case "pro":
		return e.professionals[id]
	case "unit":
		return e.units[id]
	case "ws":
		return e.workspaces[id]
	case "cp", "idnt", "cl":
		return e.profiles[of[0]] || e.contacts[of[0]]
	case "addr":
		return e.profiles[of[0]] || e.contacts[of[0]] || e.institutions[of[0]]
	case "wp":
		return e.profiles[of[0]] && w.place[id] == e.home
	case "link":
		return !w.gone[id] && e.read[of[0]] || e.edits[of[0]]
	case "umem":
		return !e.blind && w.place[of[0]] == e.home
	case "key":
		return e.keysOf[of[0]]
	case "acct":
		return slices.Contains(of, e.self)
	case "cons":
		return e.profiles[of[0]] && w.place[id] == e.home
	case "share", "xfer", "seal", "emer", "ntf":
		return !e.blind && e.seesHanded(w, id)
	default:
		return false // events and principals have no place in the graph
	}
}

// seesHanded says so of what is shared, handed over, and told.
func (e expected) seesHanded(w *world, id string) bool {
	of, home := w.of[id], w.place[id] == e.home
	switch prefix, _, _ := strings.Cut(id, "_"); prefix {
	case "share":
		grantee := w.shares[id].GranteeID
		return e.edits[of[0]] || e.holds[grantee] || grantee == e.home
	case "xfer":
		x := w.transfers[id]
		return e.answers[x.ToID] || e.holds[x.FromID] || e.oversees && (x.ToWorkspaceID == e.home || x.FromWorkspaceID == e.home)
	case "emer":
		return of[1] == e.self || home && (e.edits[of[0]] || e.oversees)
	default: // a sealed copy, a notification
		return e.holds[of[0]]
	}
}

// of lists which of the ids the viewer sees, in their order.
func (e expected) of(w *world, ids []string) []string {
	var seen []string
	for _, id := range ids {
		if e.sees(w, id) {
			seen = append(seen, id)
		}
	}
	return seen
}

// called names ids, for the reader of a failure.
func (w *world) called(ids []string) []string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = id
		if name := w.tell[id]; name != "" {
			names[i] = name
		}
	}
	slices.Sort(names)
	return names
}

// viewers are all who look, in a fixed order.
func viewers() []string {
	var names []string
	for who := range sights {
		names = append(names, who)
	}
	slices.Sort(names)
	return names
}
