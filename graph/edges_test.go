package graph_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What the tests look at of a profile, a record and a contact: every edge there is.
const (
	profileEdges = `{id displayName institution{id} homeWorkspace{id} workspaceFile{id} contactPoints{id} addresses{id} identifiers{id}
		contacts(first:9){totalCount nodes{id} edges{link{id profile{id} contact{id}} node{id}}}
		records(first:9){totalCount nodes{id} edges{linkedBy{id} link{id record{id} profile{id}} node{id}}}
		consents(first:9){totalCount nodes{id profile{id} givenBy{id} recordedBy{id} inForce} edges{node{id}}}
		viewerCan{read update link share transfer}}`
	recordEdges = `{id title service reason openedAt profileCount owner{id} workspace{id}
		profiles(first:9){totalCount nodes{id} edges{linkedBy{id} link{id record{id} profile{id}} node{id}}}
		formerProfiles(first:9){totalCount nodes{id} edges{linkedBy{id} link{id unlinkedBy{id} profile{id}} node{id}}}
		shares(first:9,includeEnded:true){totalCount nodes{id status record{id} givenBy{id} endedBy{id} grantee{...on Node{id}} consentOverride} edges{node{id}}}
		openTransfer{id status createdBy{id} from{id} to{...on Node{id}}}
		viewerCan{read update link share transfer}}`
	contactEdges = `{id displayName profile{id} contactPoints{id} addresses{id}
		profiles(first:9){totalCount nodes{id} edges{link{id profile{id} contact{id}} node{id}}}}`
)

// Law A8: every path to a thing gives one viewer the same answer, down to its edges.
func TestA8_EveryPathGivesTheSame(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w := h.world()
		for _, who := range viewers() {
			e := w.expect(t, who)
			for _, kind := range []struct{ name, field, list, edges string }{
				{"Profile", "profile", "profiles", profileEdges},
				{"Record", "record", "records", recordEdges},
				{"Contact", "contact", "contacts", contactEdges},
			} {
				rows := h.must(who, `{`+kind.list+`(first:20){nodes`+kind.edges+` edges{node`+kind.edges+`}}}`, nil)
				for i, row := range rows.list(kind.list + ".nodes") {
					id, _ := at(row, "id").(string)
					if diff := cmp.Diff(row, rows.list(kind.list + ".edges")[i].(map[string]any)["node"]); diff != "" {
						t.Errorf("%s, %s of %s: nodes and edges differ: %s", who, kind.list, w.tell[id], diff)
					}
					other := h.must(who, `query($id:ID!){typed:`+kind.field+`(id:$id)`+kind.edges+
						` node(id:$id){...on `+kind.name+kind.edges+`} nodes(ids:[$id,$id]){...on `+kind.name+kind.edges+`}}`, vars{"id": id})
					for _, path := range []string{"typed", "node", "nodes.0", "nodes.1"} {
						if diff := cmp.Diff(row, other.at(path)); diff != "" {
							t.Errorf("%s, %s %s by %s: %s", who, kind.name, w.tell[id], path, diff)
						}
					}
					w.checkEdges(t, who, e, id, row)
				}
			}
		}
	})
}

// checkEdges compares what stands around a row with what the viewer ought to see there.
func (w *world) checkEdges(t *testing.T, who string, e expected, id string, row any) {
	t.Helper()
	for _, shown := range idsWithin(row) {
		if !e.sees(w, shown) {
			t.Errorf("%s sees %s beside %s", who, w.called([]string{shown}), w.tell[id])
		}
	}
	for path, want := range w.around(e, id) {
		if diff := cmp.Diff(w.called(want), w.called(idsAt(row, path))); diff != "" {
			t.Errorf("%s, %s of %s: %s", who, path, w.tell[id], diff)
		}
		if n, counted := at(row, path+".totalCount").(float64); counted && int(n) != len(idsOf(at(row, path+".edges"))) {
			t.Errorf("%s, %s of %s counts %v rows and shows %d", who, path, w.tell[id], n, len(idsOf(at(row, path+".edges"))))
		}
	}
}

// around is what ought to stand on each edge of a row.
func (w *world) around(e expected, id string) map[string][]string {
	live := func(prefix string, end, other int) (rows []string) {
		for _, link := range w.ids[prefix] {
			if !w.gone[link] && w.of[link][end] == id && e.sees(w, link) && e.sees(w, w.of[link][other]) {
				rows = append(rows, w.of[link][other])
			}
		}
		return rows
	}
	held := func(prefix string) []string {
		return e.of(w, slices.DeleteFunc(slices.Clone(w.ids[prefix]), func(x string) bool { return w.of[x][0] != id }))
	}
	switch id[:4] {
	case "prof":
		return map[string][]string{
			"institution": e.of(w, w.of[id]), "homeWorkspace": e.of(w, []string{w.place[id]}), "workspaceFile": held("wp"),
			"contactPoints": held("cp"), "addresses": held("addr"), "identifiers": held("idnt"),
			"contacts": live("cl", 0, 1), "records": live("link", 1, 0), "consents": held("cons"),
		}
	case "rec_":
		return map[string][]string{
			"owner": e.of(w, w.of[id]), "workspace": e.of(w, []string{w.place[id]}), "profiles": live("link", 0, 1),
			"shares": held("share"), "openTransfer": e.of(w, w.offers[id]),
		}
	default:
		return map[string][]string{
			"profile": e.of(w, w.of[id]), "contactPoints": held("cp"), "addresses": held("addr"), "profiles": live("cl", 1, 0),
		}
	}
}

// idsAt are the ids on an edge: of one row, of a list, of a connection.
func idsAt(row any, path string) []string {
	if list := at(row, path+".nodes"); list != nil {
		return idsOf(list)
	}
	return idsOf(at(row, path))
}

func idsOf(from any) []string {
	var ids []string
	switch from := from.(type) {
	case []any:
		for _, row := range from {
			if id, ok := at(row, "id").(string); ok {
				ids = append(ids, id)
			} else if id, ok := at(row, "link.id").(string); ok {
				ids = append(ids, id)
			} else if id, ok := at(row, "node.id").(string); ok {
				ids = append(ids, id)
			}
		}
	case map[string]any:
		if id, ok := from["id"].(string); ok {
			ids = append(ids, id)
		}
	}
	return ids
}

// idsWithin are all the ids anywhere in an answer.
func idsWithin(from any) []string {
	var ids []string
	switch from := from.(type) {
	case []any:
		for _, row := range from {
			ids = append(ids, idsWithin(row)...)
		}
	case map[string]any:
		for name, value := range from {
			if id, ok := value.(string); ok && name == "id" {
				ids = append(ids, id)
			}
			ids = append(ids, idsWithin(value)...)
		}
	}
	return ids
}

// Who belongs where is told within a workspace, and to no one else.
func TestMatrix_Workspace(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w := h.world()
		for _, who := range viewers() {
			e := w.expect(t, who)
			a := h.must(who, `query($ids:[ID!]!){nodes(ids:$ids){
				...on Unit{id workspace{id} members(first:9){totalCount nodes{id} edges{membership{id unit{id} professional{id}} node{id}}}}
				...on Professional{id name email licenceNumber roles status version workspace{id} units{id} directory{institutions{id}}}
				...on Workspace{id name region policies{adultAge}}}
				viewer{professional{id} workspace{id} account{id} workspaces{id} apiKeys{id professional{id}}}}`,
				vars{"ids": slices.Concat(w.ids["unit"], w.ids["pro"], w.ids["ws"])})
			for _, shown := range idsWithin(a.Data) {
				if !e.sees(w, shown) {
					t.Errorf("%s sees %s", who, w.called([]string{shown}))
				}
			}
			for _, row := range a.list("nodes") {
				id, _ := at(row, "id").(string)
				foreign := id != "" && w.place[id] != e.home && id[:2] != "ws" || id[:min(2, len(id))] == "ws" && id != e.home
				for _, field := range []string{"email", "licenceNumber", "roles", "status", "version", "units", "directory", "region", "policies"} {
					if foreign && at(row, field) != nil {
						t.Errorf("%s sees the %s of %s", who, field, w.tell[id])
					}
				}
			}
			if got, want := a.ids("viewer.apiKeys"), e.of(w, w.ids["key"]); !e.blind && !same(got, want) {
				t.Errorf("%s sees the keys %v, want %v", who, got, want)
			}
		}
	})
}
