package graph_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"continuum/schema"
)

// open are the root fields that every sign-in may ask: who it is, and what it may see by
// an id, which is nothing where it lacks the scope.
var open = []string{"Query.viewer", "Query.node", "Query.nodes", "Query.workspace", "Query.explainAccess"}

// wantsScope finds the scopes in a description.
var wantsScope = regexp.MustCompile(`\b(?:PROFILES|CONTACTS|RECORDS|WORKSPACE)_(?:READ|WRITE)\b`)

// named are the scopes that a description says are needed.
func named(description string) []schema.Scope {
	_, needs, _ := strings.Cut(strings.Join(strings.Fields(description), " "), "Needs ")
	var scopes []schema.Scope
	for _, name := range wantsScope.FindAllString(needs, -1) {
		scopes = append(scopes, schema.Scope(name))
	}
	return scopes
}

// always are those that a field needs whatever it is asked; what it needs with a part of its
// input alone stands behind a semicolon.
func always(description string) []schema.Scope {
	_, needs, _ := strings.Cut(strings.Join(strings.Fields(description), " "), "Needs ")
	needs, _, _ = strings.Cut(needs, ";")
	return named("Needs " + needs)
}

// Every root field names the scope that it needs, and so does every list below one.
func TestSDL_NamesTheScopes(t *testing.T) {
	for _, d := range ours() {
		root := slices.Contains([]string{"Query", "Mutation", "Subscription"}, d.Name)
		for _, f := range d.Fields {
			place := d.Name + "." + f.Name
			if strings.HasPrefix(f.Name, "__") || slices.Contains(open, place) {
				continue
			}
			if root && len(named(f.Description)) == 0 {
				t.Errorf("%s names no scope: %q", place, f.Description)
			}
			if strings.HasSuffix(f.Type.Name(), "Connection") && len(named(f.Description)) == 0 {
				t.Errorf("the list %s names no scope: %q", place, f.Description)
			}
		}
	}
}

// Each root field answers a key that has every scope but the one with its name.
func TestG3_TheErrorNamesTheScope(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w := h.world()
		own := w.owned(w.expect(t, "ann"))
		ann := w.id["Ann Lavoie@clinic"]
		for _, scope := range schema.AllScopes() {
			rest := slices.DeleteFunc(schema.AllScopes(), func(s schema.Scope) bool { return s == scope })
			h.change(withKey(h, "all but "+string(scope), ann, rest...))
			h.change(withKey(h, "only "+string(scope), ann, scope))
		}
		for _, f := range contract().Query.Fields {
			place := "Query." + f.Name
			if strings.HasPrefix(f.Name, "__") || slices.Contains(open, place) || f.Name == "previewShare" {
				continue
			}
			scope := named(f.Description)[0]
			query := "{" + f.Name + "{totalCount}}"
			if f.Arguments.ForName("id") != nil {
				query = fmt.Sprintf("{%s(id:%q){id}}", f.Name, schema.NewID("x"))
			}
			if a := h.ask("all but "+string(scope), query, nil); a.code() != "MISSING_SCOPE" || a.Errors[0].Message != "This needs the scope "+string(scope)+"." {
				t.Errorf("%s without %s: %s", place, scope, a.body)
			}
			if a := h.ask("only "+string(scope), query, nil); len(a.Errors) > 0 {
				t.Errorf("%s with %s alone: %s", place, scope, a.body)
			}
		}
		// A change says its own scope first, whatever else it would need: none of them is done.
		for place, p := range probes {
			if p.kind(place) != "mutation" {
				continue
			}
			text := p.operation(place, own)
			field := regexp.MustCompile(`\{(\w+)`).FindStringSubmatch(text)[1]
			described := contract().Mutation.Fields.ForName(field).Description
			id := own[p.prefixes()[0]]
			if id == "" {
				id = p.absent()
			}
			needed := named(described)
			who := fmt.Sprint("only ", needed)
			if h.keys[who] == "" {
				h.change(withKey(h, who, ann, needed...))
			}
			if a := h.ask(who, text, vars{"id": id}); a.code() == "MISSING_SCOPE" {
				t.Errorf("%s (%s) needs more than it names, %s: %s", field, place, needed, a.body)
			}
			for _, scope := range always(described) {
				a := h.ask("all but "+string(scope), text, vars{"id": id})
				// A caseload looks first at whose it is.
				early := strings.HasSuffix(field, "Caseload") && strings.HasSuffix(string(scope), "_READ") && a.code() != ""
				if !early && (a.code() != "MISSING_SCOPE" || !strings.Contains(a.body, string(scope))) {
					t.Errorf("%s (%s) without %s: %s", field, place, scope, a.body)
				}
			}
		}
	})
}
