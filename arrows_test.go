package main_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// arrows says what each room may import of ours; docs/adr and the README draw the picture. Rooms that nobody may import
// stand here too. A room that is missing is a mistake: place it first.
var arrows = map[string][]string{
	"":                            {"internal/command", "web"},
	"internal/command":            {"ent", "graph", "graph/document", "graph/exec", "internal/access", "internal/doctor", "internal/issuer", "internal/practice", "internal/seal", "internal/seed", "internal/store", "internal/telemetry", "internal/web", "schema"},
	"internal/doctor":             {"internal/store"},
	"internal/seed":               {"ent", "internal/access", "internal/practice", "internal/store", "schema"},
	"graph":                       {"ent", "graph/document", "graph/exec", "graph/page", "graph/protocol", "graph/scalar", "graph/sweep", "internal/access", "internal/practice", "internal/rows", "internal/store", "schema"},
	"graph/document":              {},
	"graph/protocol":              {"graph/document", "internal/access", "internal/media", "internal/practice"},
	"graph/exec":                  {"ent", "graph/page", "graph/scalar", "internal/access", "internal/practice", "schema"},
	"graph/page":                  {"ent", "schema"},
	"graph/scalar":                {},
	"graph/sweep":                 {},
	"internal/web":                {"internal/access", "internal/media"},
	"internal/media":              {},
	"internal/telemetry":          {},
	"internal/practice":           {"ent", "internal/access", "internal/issuer", "internal/seal", "internal/store", "schema"},
	"internal/issuer":             {},
	"internal/issuertest":         {},
	"internal/seal":               {},
	"internal/store":              {"ent", "internal/access", "internal/rows"},
	"internal/store/newmigration": {"internal/store"},
	"internal/storetest":          {"ent", "internal/access", "internal/store", "schema"},
	"internal/access":             {"ent", "internal/rows", "schema"},
	"internal/rows":               {"ent"},
	"internal/oracle":             {},
	"ent":                         {"ent", "schema"},
	"schema":                      {},
	"schema/generate":             {},
	"web":                         {},
	"bench":                       {}, // it looks at the program from outside
	"bench/limit":                 {}, // what it is compared with shares nothing with it
	"examples/partner":            {}, // a partner's program has nothing of ours but the SDL
}

func TestArrows_PointDownOnly(t *testing.T) {
	for _, pkg := range packages(t) {
		from := room(pkg.ImportPath)
		allowed, placed := arrows[from]
		if !placed {
			t.Errorf("%s has no place in the house", pkg.ImportPath)
		}
		for _, path := range pkg.Imports {
			to, ours := strings.CutPrefix(path, "continuum/")
			if ours && room(path) != from && !slices.Contains(allowed, room(path)) {
				t.Errorf("%s imports %s", pkg.ImportPath, to)
			}
		}
	}
}

// room is a package's place in arrows. Packages below ent are one room: a machine wrote them all.
func room(path string) string {
	path = strings.TrimPrefix(strings.TrimPrefix(path, "continuum"), "/")
	if strings.HasPrefix(path, "ent/") {
		return "ent"
	}
	return path
}

type listed struct {
	ImportPath string
	Imports    []string
}

// packages lists ours with what they import, tests apart: a test may look from above.
func packages(t *testing.T) []listed {
	t.Helper()
	output, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for decoder := json.NewDecoder(strings.NewReader(string(output))); ; {
		var one listed
		switch err := decoder.Decode(&one); {
		case errors.Is(err, io.EOF):
			return all
		case err != nil:
			t.Fatal(err)
		}
		all = append(all, one)
	}
}
