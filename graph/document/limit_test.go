package document_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"continuum/graph/document"
)

// introspection is what graphql-js's getIntrospectionQuery writes with every option on,
// as GraphiQL, codegen and Apollo's tools send it.
const introspection = `query IntrospectionQuery {
  __schema {
    description
    queryType { name kind }
    mutationType { name kind }
    subscriptionType { name kind }
    types { ...FullType }
    directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } }
  }
}
fragment FullType on __Type {
  kind name description specifiedByURL isOneOf
  fields(includeDeprecated: true) {
    name description
    args(includeDeprecated: true) { ...InputValue }
    type { ...TypeRef }
    isDeprecated deprecationReason
  }
  inputFields(includeDeprecated: true) { ...InputValue }
  interfaces { ...TypeRef }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
  possibleTypes { ...TypeRef }
}
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
fragment TypeRef on __Type {
  kind name
  ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
  ofType { kind name ofType { kind name ofType { kind name } } } } } } } } }
}`

// What clients and our own guides send is never too much.
func TestLimits_LetClientsThrough(t *testing.T) {
	documents := map[string]string{"introspection": introspection}
	fenced := regexp.MustCompile("(?s)```graphql\n(.*?)```")
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == "schema") {
			return skip(err)
		}
		kind := filepath.Ext(path)
		if entry.IsDir() || kind != ".md" && kind != ".graphql" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if kind == ".graphql" {
			documents[path] = string(text)
		}
		for _, block := range fenced.FindAllStringSubmatch(string(text), -1) {
			documents[path+": "+block[1]] = block[1]
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(documents) < 5 {
		t.Fatalf("only %d documents were found", len(documents))
	}
	limits := document.NewLimits()
	for name, text := range documents {
		if refused := limits.MutateOperationParameters(t.Context(), &graphql.RawParams{Query: text}); refused != nil {
			t.Errorf("%s: %v", name, refused)
		}
	}
}

// skip leaves a folder out, unless looking at it failed.
func skip(err error) error {
	if err != nil {
		return err
	}
	return filepath.SkipDir
}

// A limit is a limit: one less than what is refused passes. The refusals stand in
// graph/attack_test.go.
func TestLimits_ToTheLast(t *testing.T) {
	limits := document.NewLimits()
	for name, text := range map[string]string{
		"64 kB":           "{a}" + strings.Repeat(" ", 64<<10-3),
		"24 levels":       strings.Repeat("{a", 24) + strings.Repeat("}", 24),
		"50 aliases":      "{x{a:b c:d e:f g:h i:j} " + strings.Repeat("y{a:b c:d e:f g:h i:j} ", 9) + "}",
		"50 directives":   "{a" + strings.Repeat("@a", 50) + "}",
		"100 spreads":     "{a{" + strings.Repeat("...a ", 100) + "}} fragment a on A{b}",
		"10 of a name":    "{" + strings.Repeat("a ", 10) + "}",
		"types of a node": "{node{" + strings.Repeat("...on A{id} ...on B{id} ", 10) + "}}",
		"2 of schema":     "{__schema{a} __type{a}}",
		"200 letters":     "{" + strings.Repeat("a", 200) + "}",
		"100 items":       "{a(b:[" + strings.Repeat("1 ", 100) + "])}",
	} {
		if refused := limits.MutateOperationParameters(t.Context(), &graphql.RawParams{Query: text}); refused != nil {
			t.Errorf("%s: %v", name, refused)
		}
	}
}
