package graph_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"continuum/internal/access"
)

// Law A6: whoever only knows of a record learns its number, its title unless it is
// confidential, its kind, status, owner and the number of profiles; never a name.
func TestA6_MetadataNeverYieldsAName(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w := h.world()
		for _, who := range []string{"cora", "dina", "adam"} {
			e := w.expect(t, who)
			a := h.must(who, `{records(first:20){totalCount nodes{id number title kind service reason status confidential openedAt closedAt
				profileCount owner{id name} profiles(first:9){totalCount edges{node{id}} nodes{id}} formerProfiles(first:9){totalCount nodes{id}}
				viewerCan{read update link share transfer message}}}}`, nil)
			if got := a.number("records.totalCount"); got != len(e.known) {
				t.Errorf("%s knows of %d records, want %d", who, got, len(e.known))
			}
			for _, row := range a.list("records.nodes") {
				h.checkKnown(t, who, w, row.(map[string]any))
			}
			h.noNames(t, who, w, e)
		}
	})
}

func (h *house) checkKnown(t *testing.T, who string, w *world, row map[string]any) {
	t.Helper()
	system := access.System(t.Context(), "the facts of a test")
	fact := h.store.Client().Record.GetX(system, row["id"].(string))
	var title any = fact.Title
	if fact.Confidential {
		title = nil
	}
	live := 0
	for _, link := range w.ids["link"] {
		if w.of[link][0] == fact.ID && !w.gone[link] {
			live++
		}
	}
	empty := map[string]any{"totalCount": 0.0, "nodes": []any{}}
	want := map[string]any{
		"id": fact.ID, "number": fact.Number, "title": title, "kind": string(fact.Kind), "status": string(fact.Status),
		"confidential": fact.Confidential, "profileCount": float64(live), "service": nil, "reason": nil, "openedAt": nil, "closedAt": nil,
		"profiles": map[string]any{"totalCount": 0.0, "edges": []any{}, "nodes": []any{}}, "formerProfiles": empty,
		"viewerCan": map[string]any{"read": false, "update": false, "link": false, "share": false, "transfer": false, "message": false},
	}
	if at(row, "owner.id") != fact.OwnerID {
		t.Errorf("%s sees the owner %v of %q", who, row["owner"], fact.Title)
	}
	delete(row, "owner")
	if diff := cmp.Diff(want, row); diff != "" {
		t.Errorf("%s, %q: %s", who, fact.Title, diff)
	}
}

// noNames asks by every filter and every link for what METADATA does not tell.
func (h *house) noNames(t *testing.T, who string, w *world, e expected) {
	t.Helper()
	for _, service := range []string{"Psychology", "School psychology", "Social work", "Speech therapy"} {
		if a := h.must(who, `query($s:String){records(filter:{service:$s}){totalCount nodes{id}}}`, vars{"s": service}); a.number("records.totalCount") != 0 || len(a.list("records.nodes")) != 0 {
			t.Errorf("%s finds records by their service", who)
		}
	}
	for _, id := range w.ids["prof"] {
		if a := h.must(who, `query($p:ID){records(filter:{profileId:$p}){totalCount nodes{id}}}`, vars{"p": id}); a.number("records.totalCount") != 0 {
			t.Errorf("%s finds records by the profile %s", who, w.tell[id])
		}
	}
	body := h.must(who, `query($ids:[ID!]!){nodes(ids:$ids){...on RecordLink{id record{id} profile{id displayName}} ...on ContactLink{profile{displayName} contact{displayName}}}
		profiles{nodes{displayName givenName familyName}} contacts{nodes{displayName}}}`,
		vars{"ids": append(w.ids["link"][:20:20], w.ids["cl"]...)}).body
	for _, id := range w.ids["prof"] {
		if !e.profiles[id] && strings.Contains(body, w.tell[id]) {
			t.Errorf("%s reads the name %s", who, w.tell[id])
		}
	}
	if who == "adam" {
		return
	}
	for _, hasRecord := range []bool{true, false} {
		if a := h.must(who, `query($h:Boolean){profiles(filter:{hasRecord:$h}){totalCount}}`, vars{"h": hasRecord}); a.number("profiles.totalCount") != 0 {
			t.Errorf("%s counts profiles", who)
		}
	}
}

// Whoever oversees finds a record by what they know of it.
func TestMetadata_FindsByWhatItKnows(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w := h.world()
		for filter, want := range map[string]int{
			`{status:BINNED}`:     1,
			`{status:[ARCHIVED]}`: 2,
			`{kind:GROUP}`:        1,
			`{ownerId:"` + w.id["Équipe langage"] + `"}`:                 1,
			`{ownerId:"` + w.id["Ben Tran@clinic"] + `"}`:                1,
			`{ownerId:"` + w.id["Bob Gagnon@school"] + `"}`:              0,
			`{status:OPEN, ownerId:"` + w.id["Ann Lavoie@clinic"] + `"}`: 3,
		} {
			if got := h.must("cora", `{records(filter:`+filter+`){totalCount}}`, nil).number("records.totalCount"); got != want {
				t.Errorf("%s finds %d, want %d", filter, got, want)
			}
		}
	})
}
