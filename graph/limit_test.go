package graph_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// What asks for too much is refused by its shape alone, before it costs anything.
func TestLimits(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		for name, query := range map[string]string{
			"fragments of fragments": doubling(20),
			"deep":                   strings.Repeat("{viewer{professional{workspace", 9) + "{id}" + strings.Repeat("}}}", 9),
			"long":                   "{" + strings.Repeat("viewer{scopes}", 600) + "}",
			"wide":                   `{profiles(first:100){nodes{records(first:100){nodes{profiles(first:100){nodes{id}}}}}}}`,
			"wider than any number":  nestedLists(11),
			"consequences of many":   `{viewer{transfers(first:100){nodes{consequences{previousOwnerKeeps}}}}}`,
			"shares of shares":       `{viewer{sharedWithMe(first:100){nodes{record{shares(first:100){nodes{record{shares(first:100){totalCount}}}}}}}}}`,
			"whole caseloads":        `mutation{a:assignCaseload(input:{fromId:"x",toId:"y"}){results{recordId}} b:assignCaseload(input:{fromId:"x",toId:"y"}){results{recordId}}}`,
			"many previews":          "{" + strings.Join(numbered(`a%d:previewShare(input:{recordId:"x",granteeId:"y",level:READ}){pending}`, 120), " ") + "}",
			"brackets":               strings.Repeat("{a", 20_000),
			"directives":             "{viewer{scopes " + strings.Repeat("@skip(if:false)", 400) + "}}",
		} {
			t.Run(name, func(t *testing.T) {
				start := time.Now()
				a := h.ask("ann", query, nil)
				if a.code() != "LIMIT_EXCEEDED" || a.Data != nil {
					t.Errorf("%d %.300s", a.status, a.body)
				}
				if spent := time.Since(start); spent > 2*time.Second {
					t.Errorf("it took %v to refuse", spent)
				}
			})
		}
	})
}

// What is large and harmless is answered, and soon.
func TestLimits_AllowMuch(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		for name, query := range map[string]string{
			"the same field 10 times":  "{viewer{" + strings.Repeat("scopes ", 10) + "}}",
			"10 aliases":               "{viewer{" + strings.Join(numbered("a%d:scopes", 10), " ") + "}}",
			"a fan-out":                `{profiles(first:50){nodes{records(first:20){nodes{profiles(first:5){nodes{id displayName}}}}}}}`,
			"a fragment in a fragment": doubling(4),
		} {
			start := time.Now()
			h.must("ann", query, nil)
			if spent := time.Since(start); spent > 3*time.Second {
				t.Errorf("%s took %v", name, spent)
			}
		}
	})
}

// doubling spreads each fragment twice in the next.
func doubling(n int) string {
	var text strings.Builder
	text.WriteString("{viewer{...f0}}")
	for i := range n {
		fmt.Fprintf(&text, "fragment f%d on Viewer{...f%d ...f%d}", i, i+1, i+1)
	}
	fmt.Fprintf(&text, "fragment f%d on Viewer{scopes}", n)
	return text.String()
}

func nestedLists(n int) string {
	text := "id"
	for i := range n {
		field := "records"
		if (n-i)%2 == 1 {
			field = "profiles"
		}
		text = field + "(first:100){nodes{" + text + "}}"
	}
	return "{" + text + "}"
}

// numbered writes a pattern n times, each with its number.
func numbered(pattern string, n int) []string {
	texts := make([]string, n)
	for i := range texts {
		texts[i] = fmt.Sprintf(pattern, i)
	}
	return texts
}
