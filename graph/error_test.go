package graph_test

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// However an error leaves the server, it is short, and guesses nothing.
func TestErrors_AreShort(t *testing.T) {
	long := strings.Repeat("é", 5000)
	eachHouse(t, func(t *testing.T, h *house) {
		query := `{profiles(first:"` + long + `"){totalCount}}`
		check := func(where string, message any) {
			text, _ := message.(string)
			if n := utf8.RuneCountInString(text); n == 0 || n > 300 {
				t.Errorf("%s: %d letters", where, n)
			}
		}
		check("HTTP", h.ask("ann", query, nil).Errors[0].Message)
		_, data := h.listen(t, "ann", asking(query, nil), "text/event-stream").next()
		check("a stream", at(data, "errors.0.message"))
		w := h.open(t, "ann")
		w.subscribe("1", query, nil)
		check("a socket", at(w.next().Payload, "0.message"))
		w.subscribe("2", "{viewer{"+strings.Join(numbered("no%d", 30), " ")+"}}", nil)
		if failures, _ := w.next().Payload.([]any); len(failures) != 10 {
			t.Errorf("%d errors over a socket", len(failures))
		}
	})
}

func TestErrors_GuessNothing(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		for name, query := range map[string]string{
			"a field":        `{viewr{scopes}}`,
			"an argument":    `{profiles(frst:1){totalCount}}`,
			"a type":         `{viewer{...a}} fragment a on Viewe{scopes}`,
			"a leaf":         `{viewer}`,
			"an enum":        `{profiles(orderBy:{field:NAM,direction:ASC}){totalCount}}`,
			"an input field": `{profiles(filter:{statu:ACTIVE}){totalCount}}`,
		} {
			a := h.ask("ann", query, nil)
			if a.code() != invalid || strings.Contains(strings.ToLower(a.body), "did you mean") {
				t.Errorf("%s: %s", name, a.body)
			}
		}
	})
}
