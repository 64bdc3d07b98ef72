package graph_test

import (
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"continuum/graph/exec"
)

// contract is the schema that is served.
func contract() *ast.Schema { return exec.NewExecutableSchema(exec.Config{}).Schema() }

// ours are the types that the SDL declares, not those of GraphQL itself.
func ours() []*ast.Definition {
	var types []*ast.Definition
	for _, d := range contract().Types {
		if !d.BuiltIn && !strings.HasPrefix(d.Name, "__") {
			types = append(types, d)
		}
	}
	slices.SortFunc(types, func(a, b *ast.Definition) int { return strings.Compare(a.Name, b.Name) })
	return types
}

// Whoever explores reads the schema's own words: there are some for everything, in
// whole sentences.
func TestSDL_IsDescribed(t *testing.T) {
	described := func(what, text string) {
		if !strings.HasSuffix(strings.TrimSpace(text), ".") {
			t.Errorf("%s is described as %q", what, text)
		}
	}
	for _, d := range ours() {
		described(d.Name, d.Description)
		for _, f := range d.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			described(d.Name+"."+f.Name, f.Description)
			for _, a := range f.Arguments {
				described(d.Name+"."+f.Name+"("+a.Name+")", a.Description)
			}
		}
		for _, v := range d.EnumValues {
			described(d.Name+"."+v.Name, v.Description)
		}
	}
}

// short are the lists of rows that are no connections: each has few rows by its
// nature, or by a limit of what may be written.
var short = []string{
	"Contact.addresses", "Contact.contactPoints", "Profile.addresses", "Profile.contactPoints", "Profile.identifiers",
	"Institution.addresses", "DirectoryAccess.institutions", "Professional.units", "Viewer.apiKeys", "Viewer.workspaces",
	"Query.nodes", "LinkContactPayload.contactLinks", "AccessReport.entries", "AccessExplanation.chains",
	// As many as a record has profiles or shares, or as a caseload has records.
	"ShareReach.profiles", "ShareReach.professionals", "ShareReach.consentMissing", "Transfer.shares",
	"TransferConsequences.gains", "TransferConsequences.loses", "TransferConsequences.keeps", "TransferConsequences.homeMoves",
	"TransferConsequences.consentMissing", "TransferRecordPayload.consentMissing", "SealedRecord.profiles",
	"SealedProfile.addresses", "SealedProfile.contactPoints", "SealedProfile.contacts", "SealedProfile.identifiers",
	"SealedContact.addresses", "SealedContact.contactPoints",
	"TransferCaseloadPayload.results", "AssignCaseloadPayload.results",
}

// A list of rows is a connection, or short.
func TestSDL_ListsAreConnections(t *testing.T) {
	schema := contract()
	var found []string
	for _, d := range ours() {
		if d.Kind != ast.Object || strings.HasSuffix(d.Name, "Connection") {
			continue
		}
		for _, f := range d.Fields {
			of := schema.Types[f.Type.Name()]
			if f.Type.Elem == nil || of.Kind != ast.Object && of.Kind != ast.Interface && of.Kind != ast.Union || f.Name == "userErrors" {
				continue
			}
			if name := d.Name + "." + f.Name; !strings.HasPrefix(name, "__") {
				found = append(found, name)
			}
		}
	}
	if !same(found, short) {
		t.Errorf("lists that are no connections: %v, want %v", found, short)
	}
}

// Every connection is one: edges with cursors, nodes, a place, a count.
func TestSDL_ConnectionsAreWhole(t *testing.T) {
	for _, d := range ours() {
		if !strings.HasSuffix(d.Name, "Connection") {
			continue
		}
		for field, typ := range map[string]string{"pageInfo": "PageInfo!", "totalCount": "Int!"} {
			if f := d.Fields.ForName(field); f == nil || f.Type.String() != typ {
				t.Errorf("%s has no %s: %s", d.Name, field, typ)
			}
		}
		edges := d.Fields.ForName("edges")
		if edges == nil || d.Fields.ForName("nodes") == nil {
			t.Fatalf("%s has no edges or no nodes", d.Name)
		}
		edge := contract().Types[edges.Type.Name()]
		if c := edge.Fields.ForName("cursor"); c == nil || c.Type.String() != "String!" || edge.Fields.ForName("node") == nil {
			t.Errorf("%s has no cursor or no node", edge.Name)
		}
	}
}

// Every mutation takes one input and returns a payload that can say what went wrong.
func TestSDL_MutationsAreAlike(t *testing.T) {
	for _, f := range contract().Mutation.Fields {
		payload := contract().Types[f.Type.Name()]
		if len(f.Arguments) != 1 || f.Arguments[0].Name != "input" || !strings.HasSuffix(payload.Name, "Payload") {
			t.Errorf("%s is not like the others", f.Name)
		}
		if e := payload.Fields.ForName("userErrors"); e == nil || e.Type.String() != "[UserError!]!" {
			t.Errorf("%s cannot say what went wrong", payload.Name)
		}
	}
}

// A resolver that the generator only sketched compiles, and fails when it is asked.
func TestResolvers_AreWritten(t *testing.T) {
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), ".resolvers.go") {
			continue
		}
		text, err := os.ReadFile(file.Name())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parser.ParseFile(token.NewFileSet(), file.Name(), text, 0); err != nil {
			t.Error(err)
		}
		if strings.Contains(string(text), "not implemented") || strings.Contains(string(text), "!!! WARNING !!!") {
			t.Errorf("%s has something that is not written yet", file.Name())
		}
	}
}
