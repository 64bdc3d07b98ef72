package graph_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"continuum/graph/document"
)

const trustedText = `query Me { viewer { professional { name } } }`

// trusting is a house whose pages may run trusted documents, and perhaps nothing else.
func (h *house) trusting(t *testing.T, only bool) {
	t.Helper()
	manifest, err := document.ReadManifest(strings.NewReader(`{"me":` + quoted(trustedText) + `}`))
	if err != nil {
		t.Fatal(err)
	}
	*h.shelf = *document.NewShelf(manifest, only)
}

func quoted(text string) string {
	out, _ := json.Marshal(text) // a text always marshals
	return string(out)
}

// page posts as a page of a browser does.
func (h *house) page(t *testing.T, body string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return h.send("ann", r)
}

func persisted(query, hash string) string {
	body := map[string]any{"extensions": map[string]any{"persistedQuery": map[string]any{"version": 1, "sha256Hash": hash}}}
	if query != "" {
		body["query"] = query
	}
	out, _ := json.Marshal(body) // maps of texts always marshal
	return string(out)
}

// A hash stands for a document once somebody has sent both, and both fit.
func TestDocuments_Persisted(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		const text = `{viewer{professional{name}}}`
		hash := document.Hash(text)
		if a := h.post("ann", persisted("", hash)); a.code() != "PERSISTED_QUERY_NOT_FOUND" || a.Errors[0].Message != "PersistedQueryNotFound" || a.status != 200 {
			t.Errorf("before it was sent: %d %s", a.status, a.body)
		}
		if a := h.post("bob", persisted(`{viewer{scopes}}`, hash)); a.code() != "BAD_REQUEST" || a.status != 400 {
			t.Errorf("another text under the hash: %d %s", a.status, a.body)
		}
		if a := h.post("ann", persisted("", hash)); a.code() != "PERSISTED_QUERY_NOT_FOUND" {
			t.Errorf("the other text was kept: %s", a.body)
		}
		for _, body := range []string{persisted(text, hash), persisted("", hash)} {
			if a := h.post("ann", body); !strings.Contains(a.body, "Ann Lavoie") {
				t.Errorf("%s: %s", body, a.body)
			}
		}
		if a := h.post("bob", persisted("", hash)); strings.Contains(a.body, "Ann Lavoie") || a.Data == nil {
			t.Errorf("somebody else: %s", a.body)
		}
		// What may not run is not kept.
		for _, text := range []string{`{nothing}`, `{`, "{viewer{" + strings.Repeat("scopes ", 11) + "}}"} {
			h.post("ann", persisted(text, document.Hash(text)))
			if a := h.post("ann", persisted("", document.Hash(text))); a.code() != "PERSISTED_QUERY_NOT_FOUND" {
				t.Errorf("%.20s was kept: %s", text, a.body)
			}
		}
		for _, extension := range []string{`7`, `{}`, `{"version":2,"sha256Hash":"` + hash + `"}`, `{"version":1,"sha256Hash":"x"}`, `{"version":1,"sha256Hash":7}`} {
			if a := h.post("ann", `{"extensions":{"persistedQuery":`+extension+`}}`); a.code() != "BAD_REQUEST" {
				t.Errorf("%s: %d %s", extension, a.status, a.body)
			}
		}
	})
}

func TestDocuments_Trusted(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.trusting(t, false)
		for name, c := range map[string]struct{ body, want string }{
			"by its id":         {`{"documentId":"me"}`, "Ann Lavoie"},
			"by its hash":       {persisted("", document.Hash(trustedText)), "Ann Lavoie"},
			"an unknown id":     {`{"documentId":"other"}`, "DOCUMENT_NOT_FOUND"},
			"an id and a query": {`{"documentId":"me","query":"{viewer{scopes}}"}`, "BAD_REQUEST"},
			"a number":          {`{"documentId":7}`, "BAD_REQUEST"},
			"another document":  {`{"query":"{viewer{scopes}}"}`, `"scopes":[`},
		} {
			if a := h.page(t, c.body); !strings.Contains(a.body, c.want) {
				t.Errorf("%s: %d %s", name, a.status, a.body)
			}
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.url+"?documentId=me", nil)
		if err != nil {
			t.Fatal(err)
		}
		if a := h.send("ann", r); !strings.Contains(a.body, "Ann Lavoie") {
			t.Errorf("a GET: %s", a.body)
		}
	})
}

// With nothing but trusted documents, no way of asking lets a page run another one.
func TestDocuments_TrustedOnly(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.trusting(t, true)
		const other = `{viewer{scopes}}`
		const refusal = "DOCUMENT_NOT_TRUSTED"
		for name, c := range map[string]struct{ body, want string }{
			"by its id":           {`{"documentId":"me"}`, "Ann Lavoie"},
			"by its text":         {`{"query":` + quoted(trustedText) + `}`, "Ann Lavoie"},
			"another":             {`{"query":` + quoted(other) + `}`, refusal},
			"GraphiQL's question": {`{"query":"{__schema{types{name}}}"}`, refusal},
			"another with a hash": {persisted(other, document.Hash(other)), refusal},
			"a hash alone":        {persisted("", document.Hash(other)), refusal},
		} {
			if a := h.page(t, c.body); !strings.Contains(a.body, c.want) {
				t.Errorf("%s: %d %s", name, a.status, a.body)
			}
		}
		streamed := h.listen(t, "ann", `{"query":`+quoted(other)+`}`, "text/event-stream", "Sec-Fetch-Site", "same-origin")
		if _, data := streamed.next(); at(data, "errors.0.extensions.code") != refusal {
			t.Errorf("as a stream: %v", data)
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.url+"?query="+url.QueryEscape(other), nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		if a := h.send("ann", r); a.code() != refusal {
			t.Errorf("over GET: %d %s", a.status, a.body)
		}
		w := h.dialWith(t, http.Header{"Origin": {strings.TrimSuffix(h.url, "/graphql")}})
		w.init(h.keys["ann"])
		w.subscribe("1", other, nil)
		if m := w.next(); m.Type != "error" || at(m.Payload, "0.extensions.code") != refusal {
			t.Errorf("over a socket: %v", m)
		}
		w.send(message{ID: "2", Type: "subscribe", Payload: vars{"documentId": "me"}})
		if m := w.next(); at(m.Payload, "data.viewer.professional.name") != "Ann Lavoie" {
			t.Errorf("a trusted one over a socket: %v", m)
		}
		// A program sends what it likes, even once it has been kept for programs.
		for _, body := range []string{persisted(other, document.Hash(other)), persisted("", document.Hash(other))} {
			if a := h.post("ann", body); a.Data == nil {
				t.Errorf("a program: %s", a.body)
			}
		}
		if a := h.page(t, persisted("", document.Hash(other))); a.code() != refusal {
			t.Errorf("a page by a program's hash: %s", a.body)
		}
	})
}
