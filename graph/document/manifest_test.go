package document_test

import (
	"slices"
	"strings"
	"testing"

	"continuum/graph/document"
)

func TestReadManifest(t *testing.T) {
	const text = `query Me { viewer { id } }`
	for name, c := range map[string]struct{ manifest, want string }{
		"Relay and codegen":  {`{"f2b2":"query Me { viewer { id } }"}`, ""},
		"Apollo":             {`{"format":"apollo-persisted-query-manifest","version":1,"operations":[{"id":"f2b2","name":"Me","type":"query","body":"query Me { viewer { id } }"}]}`, ""},
		"a later Apollo":     {`{"format":"apollo-persisted-query-manifest","version":2,"operations":[]}`, "not known here"},
		"another format":     {`{"format":"x","version":1,"operations":[]}`, "not known here"},
		"half of Apollo":     {`{"format":"apollo-persisted-query-manifest"}`, "lacks a part"},
		"an id twice":        {`{"format":"apollo-persisted-query-manifest","version":1,"operations":[{"id":"a","body":"{a}"},{"id":"a","body":"{b}"}]}`, "stands twice"},
		"no id":              {`{"format":"apollo-persisted-query-manifest","version":1,"operations":[{"body":"{a}"}]}`, "missing"},
		"nothing":            {`{}`, "no document"},
		"a list":             {`[]`, "not a JSON object"},
		"a number":           {`{"a":7}`, "not a text"},
		"no GraphQL":         {`{"a":"{"}`, `document "a"`},
		"nothing to read at": {``, "not a JSON object"},
	} {
		manifest, err := document.ReadManifest(strings.NewReader(c.manifest))
		switch {
		case c.want == "" && (err != nil || manifest["f2b2"] != text):
			t.Errorf("%s: %v, %v", name, manifest, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

func TestShelf_NamesTrustedOperations(t *testing.T) {
	manifest, err := document.ReadManifest(strings.NewReader(`{"a":"query Me{viewer{id}} mutation Save{x}","b":"{viewer{id}}","c":"query Other{viewer{id}}"}`))
	if err != nil {
		t.Fatal(err)
	}
	names := document.NewShelf(manifest, false).Names()
	slices.Sort(names)
	if !slices.Equal(names, []string{"Me", "Other", "Save"}) {
		t.Errorf("names: %v", names)
	}
}
