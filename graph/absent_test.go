package graph_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"continuum/schema"
)

// Laws A4 and P5: what a viewer may not see answers, everywhere, like what does not
// exist: the same status, the same bytes.
func TestA4_ForeignIsAbsent(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w := h.world()
		for i, who := range viewers() {
			e := w.expect(t, who)
			own := w.owned(e)
			for j, place := range places() {
				p, probed := probes[place]
				if !probed || p.kind(place) == "subscription" || p.namesAParty() {
					continue
				}
				query := p.operation(place, own)
				for _, id := range some(w.foreign(e, p), i+j, p.kind(place)) {
					absent := schema.NewID(schema.IDPrefix(id))
					here, there := h.ask(who, query, vars{"id": id}), h.ask(who, query, vars{"id": absent})
					if got, want := plain(here, id), plain(there, absent); got != want {
						t.Errorf("%s, %s: of %s %s\nof nothing %s", who, place, w.tell[id], got, want)
					}
					if here.code() == "INTERNAL" {
						t.Errorf("%s, %s: %s", who, place, h.log.faults())
					}
				}
			}
		}
	})
}

// owned is a row of each type that the viewer may write about, or one that is not.
func (w *world) owned(e expected) map[string]string {
	own := map[string]string{}
	for _, prefix := range []string{"prof", "cont", "rec", "unit", "pro", "xfer"} {
		own[prefix] = schema.NewID(prefix)
		for _, id := range w.ids[prefix] {
			if e.sees(w, id) && (prefix != "rec" || e.edits[id]) {
				own[prefix] = id
			}
		}
	}
	return own
}

// foreign lists the rows of a type that the viewer does not see.
func (w *world) foreign(e expected, p probe) []string {
	prefixes := p.prefixes()
	if prefixes == nil {
		prefixes = slices.Sorted(maps.Keys(w.ids))
	}
	var ids []string
	for _, of := range prefixes {
		for _, id := range w.ids[of] {
			if !e.sees(w, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// some picks a few, others for each viewer and place: a change costs a transaction.
func some(ids []string, turn int, kind string) []string {
	few := 4
	if kind == "mutation" {
		few = 2
	}
	if len(ids) <= few {
		return ids
	}
	var picked []string
	for i := range few {
		picked = append(picked, ids[(turn*7+i*len(ids)/few)%len(ids)])
	}
	return picked
}

// echoed is where a caseload's result repeats the id that it is about.
var echoed = regexp.MustCompile(`"recordId":"(\\.|[^"\\])*"`)

// plain is an answer without the id that was asked for.
func plain(a answer, id string) string {
	return fmt.Sprint(a.status, echoed.ReplaceAllString(strings.ReplaceAll(a.body, id, "ID"), `"recordId":"ID"`))
}

// What is no id at all is answered like one that names nothing, without a fault.
func TestA4_NoIdIsAbsent(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w := h.world()
		own := w.owned(w.expect(t, "ann"))
		for _, place := range places() {
			p, probed := probes[place]
			if !probed || p.kind(place) == "subscription" {
				continue
			}
			query := p.operation(place, own)
			absent := p.absent()
			want := plain(h.ask("ann", query, vars{"id": absent}), absent)
			for _, id := range []string{"", "x", "prof_", "\x00", "prof_\x00", strings.Repeat("é", 5000), "' OR 1=1 --"} {
				a := h.ask("ann", query, vars{"id": id})
				if a.code() == "INTERNAL" {
					t.Errorf("%s, %q: %s %s", place, id, a.body, h.log.faults())
				}
				if got := plain(a, "no such thing"); got != want {
					t.Errorf("%s, %q: %s, want %s", place, id, got, want)
				}
			}
		}
	})
}

// A subscription to what a viewer may not see fails like one to nothing.
func TestA4_ForeignIsAbsentForSubscriptions(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w := h.world()
		for i, who := range viewers() {
			e := w.expect(t, who)
			socket := h.open(t, who)
			for _, place := range places() {
				p, probed := probes[place]
				if !probed || p.kind(place) != "subscription" {
					continue
				}
				for j, id := range some(w.foreign(e, p), i, "query") {
					absent := p.absent()
					socket.subscribe(fmt.Sprint("a", j), p.operation(place, nil), vars{"id": id})
					here := socket.failure(t)
					socket.subscribe(fmt.Sprint("b", j), p.operation(place, nil), vars{"id": absent})
					if there := socket.failure(t); here != there {
						t.Errorf("%s, %s: of %s %s, of nothing %s", who, place, w.tell[id], here, there)
					}
					if !strings.Contains(here, "NOT_FOUND") && (who != "program" || !strings.Contains(here, "MISSING_SCOPE")) {
						t.Errorf("%s, %s: %s", who, place, here)
					}
				}
			}
		}
	})
}

// failure is the error message that ends a subscription.
func (w *wire) failure(t *testing.T) string {
	t.Helper()
	m := w.next()
	if m.Type != "error" {
		t.Errorf("the subscription did not fail: %v", m)
	}
	text, err := json.Marshal(m.Payload)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
