package graph_test

import (
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"entgo.io/ent/dialect"
)

// broken takes a table away under the server, as no check foresees.
func (h *house) broken(t *testing.T, table string) {
	t.Helper()
	driver, address := "postgres", h.data
	if h.store.Engine() == dialect.SQLite {
		driver, address = "sqlite", strings.TrimPrefix(h.data, "sqlite:")
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), "ALTER TABLE "+table+" RENAME TO gone"); err != nil {
		t.Fatal(err)
	}
}

// A fault is told to nobody but the log, which the request id leads to.
func TestFaults_AreMasked(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		id := h.names()["Élodie"]
		h.must("ann", `{viewer{professional{name}}}`, nil)
		h.broken(t, "contact_points")
		for name, a := range map[string]answer{
			"a query":    h.ask("ann", `query($id:ID!){profile(id:$id){displayName contactPoints{value}}}`, vars{"id": id}),
			"a list":     h.ask("ann", `{profiles{nodes{contactPoints{value}}}}`, nil),
			"a mutation": h.ask("ann", `mutation{createProfile(input:{givenName:"Plume",familyName:"B",contactPoints:[{kind:EMAIL,value:"plume@example.org"}]}){profile{id} userErrors{code message}}}`, nil),
		} {
			if a.code() != "INTERNAL" || len(a.Errors) == 0 || a.Errors[0].Message != "internal error" {
				t.Errorf("%s: %s", name, a.body)
				continue
			}
			for _, word := range []string{"contact_points", "pq", "SQL", "relation", "table", "ent"} {
				if strings.Contains(strings.ReplaceAll(a.body, "internal error", ""), word+" ") || strings.Contains(a.body, word+":") {
					t.Errorf("%s tells of %s: %s", name, word, a.body)
				}
			}
			request, _ := a.Errors[0].Extensions["requestId"].(string)
			if request == "" || request != a.header.Get("X-Request-Id") {
				t.Errorf("%s: no request id in %s", name, a.body)
			}
			if log := h.log.String(); !strings.Contains(log, request) || !strings.Contains(log, "contact_points") {
				t.Errorf("%s: the log does not tell:\n%s", name, log)
			}
		}
		if strings.Contains(strings.ToLower(h.log.faults()), "plume") {
			t.Error("the log names a person")
		}
	})
}

// forge changes what a cursor says.
func forge(t *testing.T, cursor string, change func(map[string]any)) string {
	t.Helper()
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		t.Fatal(err)
	}
	var c map[string]any
	if err := json.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	change(c)
	text, err = json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// What one list refuses is no fault of another that is read at the same time.
func TestCursors_SpoilNoOtherList(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		names := h.names()
		for range 5 {
			a := h.ask("bob", `query($r:ID!,$s:ID!){bad:record(id:$r){formerProfiles(after:"x"){totalCount}} good:record(id:$s){formerProfiles{totalCount}}
				worse:record(id:$s){formerProfiles(first:-1){totalCount}} better:record(id:$r){formerProfiles(first:1){totalCount}}}`,
				vars{"r": names[familyRecord], "s": names[olivierRecord]})
			if len(a.Errors) != 2 || a.at("good.formerProfiles.totalCount") == nil || a.at("better.formerProfiles.totalCount") == nil {
				t.Error(a.body)
			}
		}
	})
}

// A cursor may say anything; what no row could have said is refused, and none of it
// is a fault.
func TestCursors_Forged(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		names := h.names()
		lists := map[string]string{
			"profiles.edges.0.cursor":             `profiles(first:1,after:$c){edges{cursor}}`,
			"records.edges.0.cursor":              `records(first:1,after:$c){edges{cursor}}`,
			"record.profiles.edges.0.cursor":      `record(id:"` + names[couplesRecord] + `"){profiles(first:1,after:$c){edges{cursor}}}`,
			"profile.records.edges.0.cursor":      `profile(id:"` + names["Élodie"] + `"){records(first:1,after:$c){edges{cursor}}}`,
			"profile.contacts.edges.0.cursor":     `profile(id:"` + names["Élodie"] + `"){contacts(first:1,after:$c){edges{cursor}}}`,
			"viewer.transfers.edges.0.cursor":     `viewer{transfers(first:1,after:$c){edges{cursor}}}`,
			"viewer.notifications.edges.0.cursor": `viewer{notifications(first:1,after:$c){edges{cursor}}}`,
			"viewer.sharedWithMe.edges.0.cursor":  `viewer{sharedWithMe(first:1,after:$c){edges{cursor}}}`,
			"profile.consents.edges.0.cursor":     `profile(id:"` + names["Élodie"] + `"){consents(first:1,after:$c){edges{cursor}}}`,
			"record.shares.edges.0.cursor":        `record(id:"` + names[couplesRecord] + `"){shares(first:1,after:$c){edges{cursor}}}`,
			"node.members.edges.0.cursor":         `node(id:"` + names["Équipe langage"] + `"){...on Unit{members(first:1,after:$c){edges{cursor}}}}`,
		}
		for path, list := range lists {
			query := `query($c:String){` + list + `}`
			genuine := h.must("ann", query, nil).text(path)
			for _, key := range []any{nil, "x", "\x00", 1, -1, 1.5, 1e300, math.MaxInt64, []any{}, map[string]any{}, false, "2026-01-01", "0001-01-01T00:00:00Z",
				"9999-12-31T23:59:59.999999999Z", strings.Repeat("é", 300), "'"} {
				a := h.ask("ann", query, vars{"c": forge(t, genuine, func(c map[string]any) { c["k"] = key })})
				if code := a.code(); code != "" && code != "INVALID" {
					t.Errorf("%s, key %v: %s\n%s", path, key, a.body, h.log.faults())
				}
			}
			for _, column := range []any{nil, "id", "birth_date", "x; DROP TABLE profiles", 7} {
				a := h.ask("ann", query, vars{"c": forge(t, genuine, func(c map[string]any) { c["c"] = column })})
				if a.code() != "INVALID" {
					t.Errorf("%s, column %v: %s", path, column, a.body)
				}
			}
			for _, id := range []any{nil, "", "\x00", 7, "prof_"} {
				a := h.ask("ann", query, vars{"c": forge(t, genuine, func(c map[string]any) { c["i"] = id })})
				if a.code() != "INVALID" {
					t.Errorf("%s, id %v: %s", path, id, a.body)
				}
			}
		}
	})
}

// Nested lists are paged like others, from either end, for each parent at once.
func TestCursors_NestedListsArePaged(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		names := h.names()
		h.must("sam", `mutation($r:ID!,$a:ID!,$b:ID!){a:unlinkProfile(input:{recordId:$r,profileId:$a}){link{id}} b:unlinkProfile(input:{recordId:$r,profileId:$b}){link{id}}}`,
			vars{"r": names[groupRecord], "a": names["Rosalie"], "b": names["Liam"]})
		for field, c := range map[string]struct{ who, parent, order string }{
			"...on Record{list:profiles":       {"sam", names[groupRecord], ""},
			"...on Record{list:formerProfiles": {"sam", names[groupRecord], ""},
			"...on Profile{list:contacts":      {"bob", names["Léa"], ""},
			"...on Profile{list:records":       {"ann", names["Élodie"], ",orderBy:{direction:ASC}"},
			"...on Profile{list: records":      {"ann", names["Élodie"], ""},
			"...on Contact{list:profiles":      {"bob", names["Sophie"], ""},
			"...on Unit{list:members":          {"bob", names["Services psychosociaux"], ""},
			"...on Record{list:shares":         {"ann", names["Anxiety"], ",includeEnded:true"},
		} {
			read := func(arguments string) answer {
				return h.must(c.who, fmt.Sprintf(`{node(id:%q){%s(%s%s){totalCount edges{cursor node{id}} pageInfo{hasNextPage hasPreviousPage startCursor endCursor}}}}}`,
					c.parent, field, arguments, c.order), nil)
			}
			whole := read("first:20").list("node.list.edges")
			if len(whole) < 2 {
				t.Fatalf("%s has too few rows to page", field)
			}
			after, before := "", ""
			for i, edge := range whole {
				a := read("first:1" + after)
				if got := a.at("node.list.edges.0"); fmt.Sprint(got) != fmt.Sprint(edge) || a.number("node.list.totalCount") != len(whole) ||
					a.at("node.list.pageInfo.hasNextPage") != (i < len(whole)-1) || a.at("node.list.pageInfo.hasPreviousPage") != (i > 0) {
					t.Errorf("%s, row %d forward: %s", field, i, a.body)
				}
				after = fmt.Sprintf(",after:%q", a.text("node.list.pageInfo.endCursor"))
				last := whole[len(whole)-1-i]
				b := read("last:1" + before)
				if got := b.at("node.list.edges.0"); fmt.Sprint(got) != fmt.Sprint(last) || b.at("node.list.pageInfo.hasPreviousPage") != (i < len(whole)-1) {
					t.Errorf("%s, row %d backward: %s", field, i, b.body)
				}
				before = fmt.Sprintf(",before:%q", b.text("node.list.pageInfo.startCursor"))
			}
		}
	})
}
