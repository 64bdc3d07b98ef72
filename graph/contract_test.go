package graph_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql/introspection"
)

// scenario is a request, and words that its answer must and must not have.
type scenario struct {
	name, who, query string
	vars             vars
	status           int // 200 when 0
	want, not        []string
}

func (h *house) play(t *testing.T, scenarios []scenario) {
	t.Helper()
	for _, s := range scenarios {
		t.Run(s.name, func(t *testing.T) {
			a := h.ask(s.who, s.query, s.vars)
			if want := max(s.status, http.StatusOK); a.status != want {
				t.Errorf("status %d, want %d", a.status, want)
			}
			for _, word := range s.want {
				if !strings.Contains(a.body, word) {
					t.Errorf("no %s in %s", word, a.body)
				}
			}
			for _, word := range append(s.not, "internal error", "pq:", "SQL", `"ent: `) {
				if strings.Contains(a.body, word) {
					t.Errorf("%s in %s\n%s", word, a.body, h.log.faults())
				}
			}
		})
	}
}

func TestContract_Errors(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		names := h.names()
		lea, elodie := names["Léa"], names["Élodie"]
		h.play(t, []scenario{
			{name: "nobody", query: `{viewer{professional{name}}}`, status: 401, want: []string{`"code":"UNAUTHENTICATED"`}, not: []string{`"data"`}},
			{name: "nobody looks at the schema", query: introspection.Query, status: 401, not: []string{"__schema", "Profile"}},
			{name: "somebody does", who: "program", query: introspection.Query, want: []string{`"name":"Profile"`, `"description"`}, not: []string{`"errors"`}},
			{name: "an unknown field", who: "ann", query: `{profile(id:"x"){secrets}}`, want: []string{"secrets", "GRAPHQL_VALIDATION_FAILED"}, not: []string{`"profile"`, `"data"`}},
			{name: "a selected failure", who: "ann", query: `mutation($id:ID!){archiveProfile(input:{id:$id}){profile{id} userErrors{code field message}}}`,
				vars: vars{"id": lea}, want: []string{`"profile":null`, `"code":"NOT_FOUND"`, `"field":"id"`}, not: []string{`"errors"`}},
			{name: "a failure at the top", who: "ann", query: `mutation($id:ID!){archiveProfile(input:{id:$id}){profile{id}}}`,
				vars: vars{"id": lea}, want: []string{`"errors"`, `"code":"NOT_FOUND"`, `"field":"id"`, `"path":["archiveProfile"]`}},
			{name: "several at once", who: "ann", query: `mutation{createProfile(input:{givenName:" ",familyName:"",birthDate:"2999-01-01"}){userErrors{code field}}}`,
				want: []string{`"field":"givenName"`, `"field":"familyName"`, `"field":"birthDate"`, `"INVALID"`}},
			{name: "several at the top", who: "ann", query: `mutation{createProfile(input:{givenName:" ",familyName:""}){profile{id}}}`,
				want: []string{`"field":"givenName"`, `"field":"familyName"`, `"errors"`}},
			{name: "an item of a list", who: "ann", query: `mutation{createProfile(input:{givenName:"A",familyName:"B",contactPoints:[{kind:EMAIL,value:"a@b.ca"},{kind:MOBILE,value:"12"}]}){userErrors{code field}}}`,
				want: []string{`"field":"contactPoints.1.value"`}},
			{name: "forbidden is for what one sees", who: "ben", query: `mutation($id:ID!){updateProfile(input:{id:$id,expectedVersion:1,grade:"1"}){userErrors{code}}}`,
				vars: vars{"id": elodie}, want: []string{"FORBIDDEN"}},
			{name: "a coordinator", who: "cora", query: `mutation($id:ID!){updateRecord(input:{id:$id,expectedVersion:1,title:"x"}){userErrors{code}}}`,
				vars: vars{"id": names["Anxiety"]}, want: []string{"FORBIDDEN"}},
			{name: "a scope", who: "program", query: `mutation{createProfile(input:{givenName:"A",familyName:"B"}){userErrors{code message}}}`,
				want: []string{"MISSING_SCOPE", "PROFILES_WRITE"}},
			{name: "the last profile", who: "bob", query: `mutation($r:ID!,$p:ID!){unlinkProfile(input:{recordId:$r,profileId:$p}){userErrors{code field}}}`,
				vars: vars{"r": names["Learning assessment"], "p": lea}, want: []string{"LAST_PROFILE", `"field":"profileId"`}},
			{name: "linked already", who: "bob", query: `mutation($r:ID!,$p:ID!){linkProfile(input:{recordId:$r,profileId:$p}){userErrors{code}}}`,
				vars: vars{"r": names["Learning assessment"], "p": lea}, want: []string{"ALREADY_LINKED"}},
			{name: "a second primary", who: "bob", query: `mutation($r:ID!,$p:ID!){linkProfile(input:{recordId:$r,profileId:$p,role:PRIMARY}){userErrors{code}}}`,
				vars: vars{"r": names["Learning assessment"], "p": names["Noah"]}, want: []string{"PRIMARY_TAKEN"}},
			{name: "a day that is none", who: "ann", query: `mutation($d:Date){createProfile(input:{givenName:"A",familyName:"B",birthDate:$d}){profile{id}}}`,
				vars: vars{"d": "2026-02-30"}, want: []string{"a Date is written like"}},
			{name: "an instant that is none", who: "ann", query: `{profiles(filter:{updatedSince:"yesterday"}){totalCount}}`, want: []string{"a DateTime is written like"}},
			{name: "a word of an enum that is none", who: "ann", query: `query($s:[RecordStatus!]){records(filter:{status:$s}){totalCount}}`,
				vars: vars{"s": "GONE"}, want: []string{"GRAPHQL_VALIDATION_FAILED"}},
			{name: "one mutation after the other", who: "ann", query: `mutation{a:createProfile(input:{givenName:"A",familyName:"B"}){profile{id}}
				b:createProfile(input:{givenName:"",familyName:"B"}){profile{id}} c:createProfile(input:{givenName:"C",familyName:"D"}){profile{displayName}}}`,
				want: []string{`"path":["b"]`, `"field":"givenName"`}},
			{name: "nothing of the unstored", who: "ann", query: `query($p:String){a:profiles(filter:{namePrefix:$p}){totalCount} b:contacts(filter:{namePrefix:$p}){totalCount}
				c:institutions(filter:{namePrefix:$p}){totalCount} d:professionals(filter:{namePrefix:$p}){totalCount} e:records(filter:{service:$p}){totalCount}
				profiles{nodes{records(filter:{service:$p}){totalCount}}}}`, vars: vars{"p": "\x00"}, want: []string{`"a":{"totalCount":0}`, `"e":{"totalCount":0}`}},
		})
	})
}

func TestContract_Pages(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		first := h.must("ann", `{profiles(first:1){pageInfo{endCursor}}}`, nil).text("profiles.pageInfo.endCursor")
		h.play(t, []scenario{
			{name: "too many", who: "ann", query: `{profiles(first:101){nodes{id}}}`, want: []string{"INVALID", `"field":"first"`}},
			{name: "too many nested", who: "ann", query: `{profiles{nodes{records(last:101){nodes{id}}}}}`, want: []string{"INVALID", `"field":"last"`}},
			{name: "fewer than none", who: "ann", query: `{profiles(first:-1){nodes{id}}}`, want: []string{"INVALID", `"field":"first"`}},
			{name: "from both ends", who: "ann", query: `{profiles(first:1,last:1){nodes{id}}}`, want: []string{"INVALID", `"field":"last"`}},
			{name: "none", who: "ann", query: `{profiles(first:0){totalCount nodes{id} edges{cursor} pageInfo{hasNextPage endCursor}}}`,
				want: []string{`"totalCount":5`, `"nodes":[]`, `"edges":[]`, `"hasNextPage":true`, `"endCursor":null`}},
			{name: "no cursor", who: "ann", query: `{profiles(after:"nonsense"){nodes{id}}}`, want: []string{"INVALID", `"field":"after"`}},
			{name: "a cursor of another list", who: "ann", query: `query($c:String){records(before:$c){nodes{id}}}`, vars: vars{"c": first}, want: []string{"INVALID", `"field":"before"`}},
			{name: "a cursor of another order", who: "ann", query: `query($c:String){profiles(after:$c,orderBy:{field:CREATED}){nodes{id}}}`, vars: vars{"c": first}, want: []string{"INVALID"}},
			{name: "between two cursors", who: "ann", query: `query($c:String){profiles(after:$c,before:$c){nodes{id}}}`, vars: vars{"c": first}, want: []string{`"nodes":[]`}},
			{name: "before the second", who: "ann", query: `query($c:String){profiles(first:5,before:$c){nodes{id} pageInfo{hasNextPage hasPreviousPage}}}`, vars: vars{"c": first},
				want: []string{`"hasNextPage":true`, `"hasPreviousPage":false`}},
			{name: "a hundred nodes and one", who: "ann", query: `query($ids:[ID!]!){nodes(ids:$ids){id}}`, vars: vars{"ids": slices.Repeat([]string{"x"}, 101)}, want: []string{"LIMIT_EXCEEDED", "more than 100 items"}},
			{name: "the same node twice", who: "ann", query: `query($ids:[ID!]!){nodes(ids:$ids){...on Profile{givenName}}}`,
				vars: vars{"ids": []string{h.names()["Élodie"], "nothing", h.names()["Élodie"]}},
				want: []string{`[{"givenName":"Élodie"},null,{"givenName":"Élodie"}]`}},
		})
	})
}

func TestContract_Filters(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		names := h.names()
		for filter, want := range map[string]int{
			`{}`: 9, `{kind:STUDENT}`: 9, `{kind:[CLIENT]}`: 0, `{kind:[]}`: 9, `{kind:null,status:null,hasRecord:null,namePrefix:null,institutionId:null}`: 9,
			`{namePrefix:"fontaine"}`: 3, `{namePrefix:"FONTAINE n"}`: 1, `{namePrefix:"cote"}`: 1, `{namePrefix:"%"}`: 0, `{namePrefix:""}`: 9, `{namePrefix:"o'c"}`: 1,
			`{hasRecord:true}`: 8, `{hasRecord:false}`: 1, fmt.Sprintf(`{institutionId:%q}`, names["École primaire du Ruisseau"]): 8,
			`{status:ACTIVE,namePrefix:"ng"}`: 1, `{status:[INACTIVE,MERGED]}`: 0, `{updatedSince:"2026-09-01T00:00:00Z"}`: 9, `{updatedSince:"2030-01-01T00:00:00Z"}`: 0,
		} {
			if got := h.must("sam", `{profiles(filter:`+filter+`){totalCount}}`, nil).number("profiles.totalCount"); got != want {
				t.Errorf("%s finds %d, want %d", filter, got, want)
			}
		}
		for filter, want := range map[string]int{
			`roles:ADMINISTRATOR`: 1, `roles:[PRACTITIONER,MANAGER]`: 4, `namePrefix:"fortin"`: 0, `namePrefix:"adam f"`: 1, `status:ENDED`: 0, `status:[ACTIVE]`: 5,
		} {
			if got := h.must("sam", `{professionals(filter:{`+filter+`}){totalCount}}`, nil).number("professionals.totalCount"); got != want {
				t.Errorf("%s finds %d, want %d", filter, got, want)
			}
		}
	})
}

// What has left a record is shown to whoever edits it; the name only where something
// else opens it.
func TestContract_FormerProfiles(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		for who, name := range map[string]any{"sam": "Kevin Nguyen", "noor@school": nil} {
			a := h.must(who, `query($r:ID!){record(id:$r){formerProfiles{totalCount nodes{displayName} edges{unlinkedAt link{unlinkReason unlinkedBy{name} profile{displayName}} node{displayName}}}}}`,
				vars{"r": h.names()[groupRecord]})
			if a.number("record.formerProfiles.totalCount") != 1 || a.text("record.formerProfiles.edges.0.link.unlinkedBy.name") != "Sam Ouellet" {
				t.Errorf("%s: %s", who, a.body)
			}
			for _, path := range []string{"nodes.0.displayName", "edges.0.node.displayName", "edges.0.link.profile.displayName"} {
				if got := a.at("record.formerProfiles." + path); got != name {
					t.Errorf("%s, %s: %v, want %v", who, path, got, name)
				}
			}
		}
	})
}
