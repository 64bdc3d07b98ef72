package graph_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// difference tells where two answers to one operation part; nothing where they are the same to the byte. Errors may
// stand in another order: resolvers run beside each other.
func difference(reference, served asked) string {
	switch {
	case reference.status != served.status || reference.kind != served.kind:
		return fmt.Sprintf("the status is %d %s, not %d %s", served.status, served.kind, reference.status, reference.kind)
	case reference.body == served.body:
		return ""
	}
	want, got := apart(reference.body), apart(served.body)
	for _, part := range []string{"", "data", "errors", "extensions"} {
		if want[part] != got[part] {
			return part + " " + parting(want[part], got[part])
		}
	}
	return ""
}

// mostErrors is how many errors an answer tells; of more it is left to chance which.
const mostErrors = 10

// apart takes an answer to pieces, its errors in an order of their own. What does not have the form of an answer is one
// piece.
func apart(body string) map[string]string {
	var parts struct {
		Errors     []json.RawMessage
		Data       json.RawMessage
		Extensions json.RawMessage
	}
	if err := json.Unmarshal([]byte(body), &parts); err != nil {
		return map[string]string{"": body}
	}
	errors := make([]string, len(parts.Errors))
	for i, e := range parts.Errors {
		errors[i] = string(e)
	}
	slices.Sort(errors)
	if len(errors) == mostErrors {
		errors = errors[:0]
	}
	return map[string]string{"data": string(parts.Data), "errors": strings.Join(errors, "\n"), "extensions": string(parts.Extensions)}
}

// parting shows two texts around where they part.
func parting(want, got string) string {
	at := 0
	for at < len(want) && at < len(got) && want[at] == got[at] {
		at++
	}
	around := func(text string) string { return text[max(0, at-200):min(len(text), at+200)] }
	return fmt.Sprintf("part at byte %d:\nreference ...%s...\nserved    ...%s...", at, around(want), around(got))
}

// misspelt changes one letter in what a handler answers, as a fast path that is wrong would.
func misspelt(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(misspeller{w}, r)
	})
}

type misspeller struct{ http.ResponseWriter }

func (m misspeller) Write(text []byte) (int, error) {
	return m.ResponseWriter.Write([]byte(strings.Replace(string(text), "a", "b", 1)))
}

// codes counts the errors of an answer by their code.
func codes(body string, into map[string]int) {
	var parts struct{ Errors []failure }
	if json.Unmarshal([]byte(body), &parts) != nil {
		into["no JSON"]++
		return
	}
	told := map[string]bool{}
	for _, e := range parts.Errors {
		told[fmt.Sprint(e.Extensions["code"])] = true
	}
	for code := range maps.Keys(told) {
		into[code]++
	}
}
