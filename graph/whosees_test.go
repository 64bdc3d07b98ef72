package graph_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"continuum/ent"
	"continuum/ent/share"
	"continuum/schema"
)

// chainEdges is all that there is of a chain.
const chainEdges = `{reason level right professional{id} recipient{...on Professional{id} ...on Unit{id} ...on Workspace{id}}
	unit{id} membership{id} profile{id} record{id} link{id} share{id} emergency{id} since until}`

// Law A10: explainAccess returns a path if and only if access is allowed, and leads
// through nothing that the viewer does not see.
func TestA10_ExplainAccessReturnsAPathIffAccessIsAllowed(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w := h.world()
		for _, who := range viewers() {
			e := w.expect(t, who)
			for _, prefix := range []string{"rec", "prof", "cont", "link", "cl", "cp", "addr", "idnt", "wp", "share"} {
				want := slices.DeleteFunc(e.of(w, w.ids[prefix]), func(id string) bool {
					return prefix == "addr" && strings.HasPrefix(w.of[id][0], "inst_")
				})
				if got := h.explained(t, w, e, who, w.ids[prefix]); !slices.Equal(w.called(got), w.called(want)) {
					t.Errorf("%s is told why of %s, want %v", who, w.called(got), w.called(want))
				}
			}
		}
	})
}

// explained lists those of the ids that are explained to a viewer.
func (h *house) explained(t *testing.T, w *world, e expected, who string, ids []string) []string {
	t.Helper()
	var found []string
	for part := range slices.Chunk(ids, 4) {
		var query strings.Builder
		for i, id := range part {
			fmt.Fprintf(&query, "f%d:explainAccess(id:%q){level right complete chains%s}", i, id, chainEdges)
		}
		a := h.must(who, "{"+query.String()+"}", nil)
		for i, id := range part {
			row := a.at(fmt.Sprintf("f%d", i))
			if row == nil {
				continue
			}
			found = append(found, id)
			if len(a.list(fmt.Sprintf("f%d.chains", i))) == 0 {
				t.Errorf("%s sees %s without a reason", who, w.tell[id])
			}
			w.checkShown(t, who, e, id, row)
		}
	}
	return found
}

// checkShown sees that the viewer sees whatever an answer shows.
func (w *world) checkShown(t *testing.T, who string, e expected, id string, row any) {
	t.Helper()
	for _, shown := range idsWithin(row) {
		if !e.sees(w, shown) {
			t.Errorf("%s learns of %s beside %s", who, w.called([]string{shown}), w.tell[id])
		}
	}
}

// A report is for whoever edits, and null for everybody else; it shows nothing that they
// do not see.
func TestWhoSees_IsForThoseWhoEdit(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w := h.world()
		for _, who := range viewers() {
			e := w.expect(t, who)
			for _, id := range e.of(w, w.ids["rec"]) {
				a := h.must(who, `query($id:ID!){record(id:$id){access{complete entries`+chainEdges+`}}}`, vars{"id": id})
				if asks := e.edits[id]; asks != (a.at("record.access") != nil) {
					t.Errorf("%s asks who sees %s: %s", who, w.tell[id], a.body)
				}
				w.checkShown(t, who, e, id, a.at("record.access"))
			}
			for _, id := range e.of(w, w.ids["prof"]) {
				a := h.must(who, `query($id:ID!){profile(id:$id){viewerCan{update} access{complete entries`+chainEdges+`}}}`, vars{"id": id})
				edits := a.at("profile.viewerCan.update") == true || who == "program" && e.profiles[id] && a.at("profile.access") != nil
				if edits != (a.at("profile.access") != nil) {
					t.Errorf("%s asks who sees %s: %s", who, w.tell[id], a.body)
				}
				w.checkShown(t, who, e, id, a.at("profile.access"))
			}
		}
	})
}

// The report names who, through what, and answers for a moment that has passed.
func TestWhoSees_NowAndThen(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		names := h.names()
		query := `query($id:ID!,$at:DateTime){record(id:$id){access(at:$at){complete entries{reason level right professional{name} recipient{...on Professional{name}} until}}}}`
		lines := func(moment *time.Time) string {
			a := h.must("bob", query, vars{"id": names[olivierRecord], "at": moment})
			var all []string
			for _, e := range a.list("record.access.entries") {
				all = append(all, fmt.Sprint(at(e, "reason"), " ", at(e, "level"), " ", at(e, "professional.name"), " ", at(e, "recipient.name")))
			}
			slices.Sort(all)
			return strings.Join(all, "; ")
		}
		const before = "OVERSIGHT METADATA Adam Fortin <nil>; OWNER OWNER Bob Gagnon <nil>; SHARE FULL Ann Lavoie Ann Lavoie"
		if got := lines(nil); got != before {
			t.Error(got)
		}
		then := schema.Now()
		h.change(func(ctx context.Context, tx *ent.Client) error {
			return tx.Share.Update().Where(share.RecordID(names[olivierRecord])).SetStatus(share.StatusREVOKED).SetEndedAt(schema.Now()).Exec(ctx)
		})
		if got := lines(nil); got != "OVERSIGHT METADATA Adam Fortin <nil>; OWNER OWNER Bob Gagnon <nil>" {
			t.Error(got)
		}
		if got := lines(&then); got != "OWNER OWNER Bob Gagnon <nil>; SHARE FULL Ann Lavoie Ann Lavoie" {
			t.Error(got)
		}
		a := h.ask("bob", query, vars{"id": names[olivierRecord], "at": then.Add(time.Hour)})
		if a.code() != "INVALID" || !strings.Contains(a.body, `"field":"at"`) {
			t.Error(a.body)
		}
		foreign := h.ask("ann", query, vars{"id": names[familyRecord], "at": then.Add(time.Hour)})
		if foreign.at("record") != nil || len(foreign.Errors) > 0 {
			t.Error(foreign.body)
		}
	})
}
