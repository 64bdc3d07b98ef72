package graph_test

import (
	"slices"
	"strings"
	"testing"

	"continuum/schema"
)

// Law A2: READ on a record gives READ on every profile that it links, at once.
func TestA2_ReadableRecordOpensItsProfiles(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		names := h.names()
		julien := vars{"id": names["Julien"]}
		query := `query($id:ID!){profile(id:$id){displayName viewerCan{update} records{nodes{title}}}}`
		if a := h.must("noor@school", query, julien); a.at("profile") != nil {
			t.Fatal(a.body)
		}
		h.must("bob", `mutation($r:ID!,$p:ID!){linkProfile(input:{recordId:$r,profileId:$p}){link{id}}}`,
			vars{"r": names[familyRecord], "p": names["Julien"]})
		a := h.must("noor@school", query, julien)
		if a.text("profile.displayName") != "Ju Roy" || a.at("profile.viewerCan.update") != false {
			t.Error(a.body)
		}
		// Of his other records nothing follows.
		if records := a.list("profile.records.nodes"); len(records) != 1 || at(records[0], "title") != familyRecord {
			t.Error(a.body)
		}
	})
}

// Law A5: who leaves a unit reads nothing through it from the next read on, and who
// comes back does again.
func TestA5_TheNextRead(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		names := h.names()
		member := vars{"u": names["Services psychosociaux"], "p": names["Noor Rahimi@school"]}
		count := func() int { return h.must("noor@school", `{profiles{totalCount}}`, nil).number("profiles.totalCount") }
		if n := count(); n != 8 {
			t.Errorf("at first %d", n)
		}
		h.must("adam", `mutation($u:ID!,$p:ID!){removeUnitMember(input:{unitId:$u,professionalId:$p}){unitMember{id}}}`, member)
		if n := count(); n != 0 {
			t.Errorf("out of the unit %d", n)
		}
		h.must("adam", `mutation($u:ID!,$p:ID!){addUnitMember(input:{unitId:$u,professionalId:$p}){unitMember{steward}}}`, member)
		if n := count(); n != 8 {
			t.Errorf("back again %d", n)
		}
		h.must("adam", `mutation($p:ID!){endProfessional(input:{professionalId:$p}){professional{status}}}`, member)
		if a := h.ask("noor@school", `{profiles{totalCount}}`, nil); a.status != 401 {
			t.Errorf("out of the workspace %d %s", a.status, a.body)
		}
	})
}

// Law G4: counts count what the viewer sees, and cursors tell nothing of what they do not.
func TestG4_CountsAndCursorsTellNothingHidden(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w := h.world()
		// Léa is part of records of both workspaces; nobody counts those of the other.
		for who, want := range map[string]int{"bob": 2, "sam": 1, "maya": 0, "ben": 1, "noor@clinic": 1} {
			a := h.must(who, `query($id:ID!){profile(id:$id){records{totalCount nodes{id} pageInfo{hasNextPage hasPreviousPage}}}}`, vars{"id": w.id["Léa"]})
			if n := a.number("profile.records.totalCount"); n != want || len(a.ids("profile.records.nodes")) != want {
				t.Errorf("%s counts %d, want %d", who, n, want)
			}
			if a.at("profile.records.pageInfo.hasNextPage") != false || a.at("profile.records.pageInfo.hasPreviousPage") != false {
				t.Errorf("%s: %s", who, a.body)
			}
		}
		for _, list := range []string{"profiles", "contacts", "records", "institutions"} {
			h.checkForeignCursors(t, w, list)
		}
	})
}

// checkForeignCursors goes on from cursors that others were given: what comes are rows
// of one's own, and the same as beyond a row that is not there.
func (h *house) checkForeignCursors(t *testing.T, w *world, list string) {
	t.Helper()
	for _, giver := range []string{"bob", "ann", "dina", "sol"} {
		given := h.must(giver, `{`+list+`(first:20){edges{cursor node{id}}}}`, nil)
		for _, taker := range viewers() {
			own := h.must(taker, `{`+list+`(first:100){nodes{id}}}`, nil).ids(list + ".nodes")
			for _, edge := range given.list(list + ".edges") {
				cursor, id := at(edge, "cursor").(string), at(edge, "node.id").(string)
				query := `query($c:String){` + list + `(first:100,after:$c){nodes{id} totalCount pageInfo{hasNextPage hasPreviousPage}}}`
				a := h.must(taker, query, vars{"c": cursor})
				forged := h.must(taker, query, vars{"c": forge(t, cursor, func(c map[string]any) { c["i"] = near(id) })})
				beyond := a.ids(list + ".nodes")
				if len(beyond) > 0 && !slices.Equal(beyond, own[len(own)-len(beyond):]) {
					t.Errorf("%s goes on from %s's cursor of %s: %v", taker, giver, w.tell[id], w.called(beyond))
				}
				if !slices.Contains(own, id) && a.body != forged.body {
					t.Errorf("%s tells %s's row %s from nothing: %s, %s", taker, giver, w.tell[id], a.body, forged.body)
				}
			}
		}
	}
}

// near is an id that is not there, right before one that is.
func near(id string) string {
	last := id[len(id)-1]
	if last == '0' {
		return id
	}
	near := id[:len(id)-1] + string(rune(last-1))
	if schema.IDPrefix(near) == "" {
		return id
	}
	return near
}

// Law K1: one edit of a guardian shows on all siblings. Law K5: and around whom else
// the guardian stands is told only to whom may see them.
func TestK1_OneEditOfAGuardianShowsOnAllSiblings(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		names := h.names()
		h.must("bob", `mutation($id:ID!){updateContact(input:{id:$id,expectedVersion:1,familyName:"Laurier"}){contact{displayName}}}`, vars{"id": names["Sophie"]})
		for who, siblings := range map[string]int{"bob": 3, "maya": 3, "ben": 1, "noor@clinic": 1} {
			a := h.must(who, `query($ids:[ID!]!,$s:ID!){nodes(ids:$ids){...on Profile{contacts(first:1){nodes{displayName}}}}
				contact(id:$s){profiles{totalCount nodes{displayName}}}}`,
				vars{"ids": []string{names["Léa"], names["Noah"], names["Mia"]}, "s": names["Sophie"]})
			if n := strings.Count(a.body, "Sophie Laurier"); n != siblings {
				t.Errorf("%s sees her %d times, want %d: %s", who, n, siblings, a.body)
			}
			if n := a.number("contact.profiles.totalCount"); n != siblings {
				t.Errorf("%s counts %d siblings, want %d", who, n, siblings)
			}
		}
	})
}

// Law M1: edits of different fields both survive; of the same field the second is told
// of a conflict, and of the value as it stands.
func TestM1_Conflicts(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		id := h.names()["Olivier"]
		update := func(who, fields string) answer {
			return h.must(who, `mutation($id:ID!){updateProfile(input:{id:$id,expectedVersion:1,`+fields+`}){profile{version grade pronouns gender}
				userErrors{code field message currentValue}}}`, vars{"id": id})
		}
		update("bob", `grade:"Secondary 4"`)
		if a := update("ann", `pronouns:"il"`); a.text("updateProfile.profile.grade") != "Secondary 4" || a.text("updateProfile.profile.pronouns") != "il" {
			t.Errorf("another field: %s", a.body)
		}
		a := update("ann", `grade:"Secondary 5",gender:"young man"`)
		if a.code() != "CONFLICT" || a.text("updateProfile.userErrors.0.field") != "grade" || a.text("updateProfile.userErrors.0.currentValue") != `"Secondary 4"` {
			t.Errorf("the same field: %s", a.body)
		}
		for _, name := range []string{"Bob", "Gagnon", "pro_"} {
			if strings.Contains(a.body, name) {
				t.Errorf("it tells who was faster: %s", a.body)
			}
		}
		if a := h.must("bob", `query($id:ID!){profile(id:$id){gender version}}`, vars{"id": id}); a.text("profile.gender") != "boy" || a.number("profile.version") != 3 {
			t.Errorf("half of a refused edit: %s", a.body)
		}
	})
}

// Absent is unchanged, null clears, and what cannot be cleared says so.
func TestUpdate_AbsentAndNull(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		id := h.names()["Julien"]
		update := func(version int, input vars) answer {
			input["id"], input["expectedVersion"] = id, version
			return h.must("bob", `mutation($in:UpdateProfileInput!){updateProfile(input:$in){profile{preferredName gender pronouns formerNames displayName
				contactPoints{value}} userErrors{code field}}}`, vars{"in": input})
		}
		a := update(1, vars{"preferredName": nil, "formerNames": []string{}})
		if a.at("updateProfile.profile.preferredName") != nil || a.text("updateProfile.profile.gender") != "man" || len(a.list("updateProfile.profile.formerNames")) != 0 {
			t.Error(a.body)
		}
		if a := update(2, vars{"givenName": nil}); a.code() != "INVALID" || a.text("updateProfile.userErrors.0.field") != "givenName" {
			t.Error(a.body)
		}
		if a := update(2, vars{}); a.text("updateProfile.profile.displayName") != "Julien Roy" {
			t.Error(a.body)
		}
	})
}

// An id of the client's own making keeps a retry from creating twice.
func TestCreate_WithOnesOwnId(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		create := func(who, id string) answer {
			return h.ask(who, `mutation($id:ID){createProfile(input:{id:$id,givenName:"A",familyName:"B"}){profile{id} userErrors{code field message}}}`, vars{"id": id})
		}
		id := schema.NewID("prof")
		if a := create("ann", id); a.text("createProfile.profile.id") != id {
			t.Error(a.body)
		}
		again, elsewhere := create("ann", id), create("sol", id)
		if again.code() != "ALREADY_EXISTS" || again.body != elsewhere.body {
			t.Errorf("%s, %s", again.body, elsewhere.body)
		}
		for _, bad := range []string{"", "x", schema.NewID("rec"), id + "0", "prof_\x00"} {
			if a := create("ann", bad); a.code() != "INVALID" || a.text("createProfile.userErrors.0.field") != "id" {
				t.Errorf("%q: %s", bad, a.body)
			}
		}
	})
}
