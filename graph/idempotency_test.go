package graph_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"

	"continuum/internal/access"
)

// keyed posts an operation with the header Idempotency-Key.
func (h *house) keyed(who, key, query string, v vars) answer {
	h.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": v})
	if err != nil {
		h.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, h.url, strings.NewReader(string(body)))
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", key)
	return h.send(who, r)
}

const newcomer = `mutation($g:String!){createProfile(input:{givenName:$g,familyName:"Roy",grade:"4"}){profile{id displayName records{totalCount}} userErrors{code}}}`

func TestIdempotency_HeaderAndDirective(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		first := h.keyed("ann", "k-1", newcomer, vars{"g": "Max"})
		if first.text("createProfile.profile.displayName") != "Max Roy" {
			t.Fatal(first.body)
		}
		if again := h.keyed("ann", "k-1", newcomer, vars{"g": "Max"}); again.body != first.body {
			t.Errorf("first %s\nthen %s", first.body, again.body)
		}
		// The directive is the same key, and the order of the fields is nobody's meaning.
		directed := h.must("ann", `mutation($k:String!){a:createProfile(input:{grade:"4",familyName:"Roy",givenName:"Max"})@idempotent(key:$k){profile{id}}
			b:createProfile(input:{familyName:"Roy",givenName:"Max",grade:"4"})@idempotent(key:"k-1"){profile{id}}}`, vars{"k": "k-1"})
		for _, alias := range []string{"a", "b"} {
			if got := directed.text(alias + ".profile.id"); got != first.text("createProfile.profile.id") {
				t.Errorf("%s: %s", alias, directed.body)
			}
		}
		const two = `mutation{a:archiveProfile(input:{id:"x"}){profile{id}} b:archiveProfile(input:{id:"y"}){profile{id}}}`
		for name, refused := range map[string]answer{
			"another input":     h.keyed("ann", "k-1", newcomer, vars{"g": "Mia"}),
			"another mutation":  h.keyed("ann", "k-1", `mutation{createRecord(input:{title:"t",kind:FAMILY,status:DRAFT}){userErrors{code}}}`, nil),
			"several mutations": h.keyed("ann", "k-2", two, nil),
			"a key of spaces":   h.keyed("ann", "two words", newcomer, vars{"g": "Max"}),
			"an empty key":      h.ask("ann", `mutation{archiveProfile(input:{id:"x"})@idempotent(key:""){profile{id}}}`, nil),
			"two keys":          h.keyed("ann", "k-2", `mutation{archiveProfile(input:{id:"x"})@idempotent(key:"k-3"){profile{id}}}`, nil),
			"below a mutation":  h.ask("ann", `mutation{archiveProfile(input:{id:"x"}){profile @idempotent(key:"k"){id}}}`, nil),
			"in a fragment":     h.ask("ann", `{viewer{...f}} fragment f on Viewer{professional @ idempotent(key:"k"){id}}`, nil),
		} {
			code := `"code":"INVALID"`
			if strings.HasPrefix(name, "another") {
				code = `"code":"IDEMPOTENCY_MISMATCH"`
			}
			if !strings.Contains(refused.body, code) {
				t.Errorf("%s: %s", name, refused.body)
			}
		}
		// A question may carry the header: there is nothing to repeat.
		if a := h.keyed("ann", "k-9", `{viewer{professional{name}}}`, nil); len(a.Errors) > 0 {
			t.Error(a.body)
		}
	})
}

func TestG1_TwentyTwinsOverHTTP(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		answers := make([]string, 20)
		var twins sync.WaitGroup
		for i := range answers {
			twins.Go(func() { answers[i] = h.keyed("ann", "twins", newcomer, vars{"g": "Gemini"}).body })
		}
		twins.Wait()
		for _, body := range answers {
			if body != answers[0] || !strings.Contains(body, "Gemini Roy") {
				t.Errorf("one gets %s, another %s", answers[0], body)
			}
		}
		if n := h.must("ann", `{profiles(filter:{namePrefix:"roy gemini"}){totalCount}}`, nil).number("profiles.totalCount"); n != 1 {
			t.Errorf("%d effects", n)
		}
	})
}

// What is asked for twice is done once, whatever the payload holds.
func TestIdempotency_MutationsOfEachKind(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		events := func() int {
			return h.store.Client().Event.Query().CountX(access.System(t.Context(), "a test counts"))
		}
		names := h.names()
		for _, s := range []scenario{
			{name: "createRecord", who: "ann", query: `mutation{createRecord(input:{title:"Sleep",kind:INDIVIDUAL,status:DRAFT}){record{id number title} userErrors{code}}}`},
			{name: "linkProfile", who: "bob", query: `mutation($r:ID!,$p:ID!){linkProfile(input:{recordId:$r,profileId:$p}){link{id role} record{id} userErrors{code}}}`,
				vars: vars{"r": names["Learning assessment"], "p": names["Noah"]}},
			{name: "shareRecord", who: "ann", query: `mutation($r:ID!,$g:ID!){shareRecord(input:{recordId:$r,granteeId:$g,level:READ}){share{id status} record{id} reach{pending profiles{id} professionals{name} consentMissing{id}} userErrors{code}}}`,
				vars: vars{"r": names["Anxiety"], "g": names["Cora Nadeau@clinic"]}},
			{name: "markNotificationsRead", who: "cora", query: `mutation{markNotificationsRead(input:{}){marked userErrors{code}}}`},
			{name: "createContact", who: "bob", query: `mutation($p:ID!){createContact(input:{givenName:"Nora",links:[{profileId:$p,relationship:MOTHER}]}){contact{id givenName} userErrors{code}}}`,
				vars: vars{"p": names["Noah"]}},
		} {
			before := events()
			first := h.keyed(s.who, s.name, s.query, s.vars)
			if len(first.Errors) > 0 || strings.Contains(first.body, `"code"`) {
				t.Errorf("%s: %s\n%s", s.name, first.body, h.log.faults())
				continue
			}
			after := events()
			if again := h.keyed(s.who, s.name, s.query, s.vars); again.body != first.body {
				t.Errorf("%s: first %s\nthen %s", s.name, first.body, again.body)
			}
			if n := events(); after != before+1 || n != after {
				t.Errorf("%s: %d events at first, %d with the retry", s.name, after-before, n-after)
			}
		}
	})
}
