package graph_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// What cannot run is told by the status to a client that knows the newer type of
// answer, and by the errors alone to all others; no answer has data then.
func TestHTTP_Statuses(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		const older, newer = "application/json", "application/graphql-response+json"
		for _, c := range []struct {
			name, body   string
			older, newer int
			data         bool
		}{
			{"a query", `{"query":"{viewer{scopes}}"}`, 200, 200, true},
			{"a failure", `{"query":"{profiles(first:-1){nodes{id}}}"}`, 200, 200, true},
			{"no GraphQL", `{"query":"{"}`, 200, 400, false},
			{"an unknown field", `{"query":"{nothing}"}`, 200, 400, false},
			{"an unknown operation", `{"query":"query a{viewer{scopes}}","operationName":"b"}`, 200, 400, false},
			{"a variable that does not fit", `{"query":"query($id:ID!){node(id:$id){id}}"}`, 200, 400, false},
			{"too much", `{"query":"{viewer{scopes ` + strings.Repeat("a", 10) + strings.Repeat(" a", 3000) + `}}"}`, 200, 400, false},
			{"no query", `{}`, 400, 400, false},
			{"an empty query", `{"query":""}`, 400, 400, false},
			{"a query under another name", `{"Query":"{viewer{scopes}}"}`, 400, 400, false},
			{"a number for a query", `{"query":7}`, 400, 400, false},
			{"a list of variables", `{"query":"{viewer{scopes}}","variables":[7]}`, 400, 400, false},
			{"a word for extensions", `{"query":"{viewer{scopes}}","extensions":"x"}`, 400, 400, false},
			{"a batch", `[{"query":"{viewer{scopes}}"}]`, 400, 400, false},
		} {
			for accept, status := range map[string]int{older: c.older, newer: c.newer, "*/*": c.older, newer + ", " + older + ";q=0.9": c.newer} {
				r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.url, strings.NewReader(c.body))
				if err != nil {
					t.Fatal(err)
				}
				r.Header.Set("Content-Type", older)
				r.Header.Set("Accept", accept)
				a := h.send("ann", r)
				if a.status != status {
					t.Errorf("%s for %s: %d, want %d", c.name, accept, a.status, status)
				}
				if strings.Contains(a.body, `"data"`) != c.data {
					t.Errorf("%s for %s: %s", c.name, accept, a.body)
				}
				want := older
				if strings.HasPrefix(accept, newer) {
					want = newer
				}
				if kind := a.header.Get("Content-Type"); !strings.HasPrefix(kind, want+";") {
					t.Errorf("%s for %s: an answer of type %s", c.name, accept, kind)
				}
			}
		}
	})
}

// A GET asks, and never changes anything.
func TestHTTP_Get(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		get := func(query, variables string) answer {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.url, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.URL.RawQuery = url.Values{"query": {query}, "variables": {variables}}.Encode()
			return h.send("ann", r)
		}
		if a := get(`query($n:Int){profiles(first:$n){nodes{displayName}}}`, `{"n":1}`); a.status != 200 || len(a.list("profiles.nodes")) != 1 {
			t.Errorf("a query: %d %s", a.status, a.body)
		}
		if a := get(`{viewer{scopes}}`, `[`); a.status != 400 {
			t.Errorf("broken variables: %d %s", a.status, a.body)
		}
		before := h.must("ann", `{profiles{totalCount}}`, nil).body
		if a := get(`mutation{createProfile(input:{givenName:"A",familyName:"B"}){profile{id}}}`, ""); a.status != 405 || a.header.Get("Allow") != "POST" || a.Data != nil {
			t.Errorf("a mutation: %d %s", a.status, a.body)
		}
		if after := h.must("ann", `{profiles{totalCount}}`, nil).body; after != before {
			t.Error("a GET has changed something")
		}
	})
}

// An answer tells of ten errors and no more, however many there are.
func TestHTTP_FewErrors(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		for name, query := range map[string]string{
			"of the request":   "{viewer{" + strings.Repeat("no such thing ", 20) + "}}",
			"of the execution": "{viewer{scopes}" + strings.Repeat("profiles(first:-1){nodes{id}} ", 1) + strings.Join(numbered("a%d:profiles(first:-1){nodes{id}}", 20), " ") + "}",
		} {
			if a := h.ask("ann", query, nil); len(a.Errors) == 0 || len(a.Errors) > 10 {
				t.Errorf("%s: %d errors", name, len(a.Errors))
			}
		}
	})
}
