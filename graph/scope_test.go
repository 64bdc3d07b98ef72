package graph_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Law G3: a key reaches no further than its scopes. The program may read profiles and
// contacts; of records and of the workspace nothing comes to it by any path.
func TestG3_AKeyOfFewScopes(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w := h.world()
		nothing := map[string]any{"totalCount": 0.0, "nodes": []any{}, "edges": []any{}}
		a := h.must("program", `query($p:ID!,$r:ID!,$links:[ID!]!,$site:ID!,$unit:ID!,$ben:ID!){
			recordNode:node(id:$r){id} nodes(ids:$links){id}
			site:node(id:$site){id} unit:node(id:$unit){id} ben:node(id:$ben){id}
			profile(id:$p){displayName institution{id} workspaceFile{fileNumber} records{totalCount nodes{id} edges{cursor}}
				contacts{nodes{displayName}} viewerCan{read update link share transfer message}}
			bySite:profiles(filter:{institutionId:$site}){totalCount nodes{id} edges{cursor}}
			withRecord:profiles(filter:{hasRecord:true}){totalCount nodes{id} edges{cursor}}
			viewer{scopes apiKeys{id} professional{units{id}}}}`, vars{
			"p": w.id["Gabriel"], "r": w.id["Anxiety"], "links": w.ids["link"], "site": w.id[clinicHospital],
			"unit": w.id["Équipe langage"], "ben": w.id["Ben Tran@clinic"],
		})
		for _, path := range []string{"recordNode", "site", "unit", "ben", "profile.institution"} {
			if got := a.at(path); got != nil {
				t.Errorf("%s: %v", path, got)
			}
		}
		for _, path := range []string{"profile.records", "bySite", "withRecord"} {
			if diff := cmp.Diff(any(nothing), a.at(path)); diff != "" {
				t.Errorf("%s: %s", path, diff)
			}
		}
		if got := len(a.ids("nodes")) + len(a.list("viewer.apiKeys")) + len(a.list("viewer.professional.units")); got != 0 {
			t.Errorf("%d rows of what no scope opens", got)
		}
		if a.text("profile.displayName") != "Gab Simard" || a.text("profile.workspaceFile.fileNumber") != "C-0101" {
			t.Errorf("what the scopes open is not there: %s", a.body)
		}
		can := map[string]any{"read": true, "update": false, "link": false, "share": false, "transfer": false, "message": false}
		if diff := cmp.Diff(any(can), a.at("profile.viewerCan")); diff != "" {
			t.Error(diff)
		}
	})
}

// Of what is shared, handed over and told nothing comes to it either; of consents, those
// of the profiles that it reads.
func TestG3_AKeyOfFewScopesIsToldNothing(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w := h.world()
		nothing := map[string]any{"totalCount": 0.0, "nodes": []any{}}
		a := h.must("program", `query($s:[ID!]!,$x:[ID!]!,$n:[ID!]!,$e:[ID!]!,$c:[ID!]!){
			viewer{sharedWithMe{totalCount nodes{id}} pendingShares{totalCount nodes{id}} transfers{totalCount nodes{id}}
				notifications{totalCount nodes{id}} sealedCopies{totalCount nodes{id}}}
			shares:nodes(ids:$s){id} handed:nodes(ids:$x){id} told:nodes(ids:$n){id} emergencies:nodes(ids:$e){id} consents:nodes(ids:$c){id ...on Consent{givenBy{id}}}}`,
			vars{"s": w.ids["share"], "x": append(w.ids["xfer"], w.ids["seal"]...), "n": w.ids["ntf"], "e": w.ids["emer"], "c": w.ids["cons"]})
		for _, path := range []string{"viewer.sharedWithMe", "viewer.pendingShares", "viewer.transfers", "viewer.notifications", "viewer.sealedCopies"} {
			if diff := cmp.Diff(any(nothing), a.at(path)); diff != "" {
				t.Errorf("%s: %s", path, diff)
			}
		}
		if n := len(a.ids("shares")) + len(a.ids("handed")) + len(a.ids("told")) + len(a.ids("emergencies")); n != 0 {
			t.Errorf("%d rows of what no scope opens", n)
		}
		if got := w.called(a.ids("consents")); len(got) != 2 {
			t.Errorf("it sees %v", got)
		}
	})
}

// Every change is refused to it, whatever it is about, and in the same words.
func TestG3_NoScopeNoChange(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w := h.world()
		own := w.owned(w.expect(t, "ann"))
		for place, p := range probes {
			if p.kind(place) != "mutation" {
				continue
			}
			for _, id := range w.ids[p.prefixes()[0]][:1] {
				a := h.ask("program", p.operation(place, own), vars{"id": id})
				if a.code() != "MISSING_SCOPE" {
					t.Errorf("%s: %s", place, a.body)
				}
			}
		}
	})
}

// A key that reads records and no profiles learns nothing of who they are for.
func TestG3_RecordsWithoutProfiles(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w := h.world()
		h.change(withKey(h, "clerk", w.id["Bob Gagnon@school"], "RECORDS_READ"))
		a := h.must("clerk", `query($r:ID!,$p:ID!,$links:[ID!]!){record(id:$r){title profileCount owner{name}
			profiles{nodes{displayName} edges{role node{displayName} link{profile{displayName}}}}}
			byProfile:records(filter:{profileId:$p}){totalCount} byOwner:records(filter:{ownerId:"`+w.id["Bob Gagnon@school"]+`"}){totalCount}
			nodes(ids:$links){...on RecordLink{role profile{displayName}}}}`,
			vars{"r": w.id[familyRecord], "p": w.id["Léa"], "links": w.ids["link"]})
		for _, name := range []string{"Léa", "Noah", "Mia", "Fontaine"} {
			if strings.Contains(a.body, name) {
				t.Errorf("the name %s in %s", name, a.body)
			}
		}
		if a.number("record.profileCount") != 3 || a.number("byProfile.totalCount") != 0 || a.number("byOwner.totalCount") != 4 {
			t.Error(a.body)
		}
	})
}
