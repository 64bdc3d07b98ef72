package graph_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// answer is what came back.
type answer struct {
	t      testing.TB
	status int
	header http.Header
	body   string
	Data   any       `json:"data"`
	Errors []failure `json:"errors"`
}

type failure struct {
	Message    string         `json:"message"`
	Path       []any          `json:"path"`
	Extensions map[string]any `json:"extensions"`
}

func read(t testing.TB, status int, header http.Header, body []byte) answer {
	t.Helper()
	a := answer{t: t, status: status, header: header, body: string(body)}
	if err := json.Unmarshal(body, &a); err != nil {
		t.Fatalf("the answer is no JSON: %d %s", status, body)
	}
	return a
}

// at follows a path like profile.records.nodes.0.id; what is not there is nil.
func (a answer) at(path string) any { return at(a.Data, path) }

func at(from any, path string) any {
	for step := range strings.SplitSeq(path, ".") {
		switch value := from.(type) {
		case map[string]any:
			from = value[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(value) {
				return nil
			}
			from = value[i]
		default:
			return nil
		}
	}
	return from
}

func (a answer) text(path string) string {
	a.t.Helper()
	text, ok := a.at(path).(string)
	if !ok {
		a.t.Fatalf("no text at %s in %s", path, a.body)
	}
	return text
}

// lacksScope says whether all that went wrong is that the key lacks a scope.
func (a answer) lacksScope() bool {
	for _, e := range a.Errors {
		if e.Extensions["code"] != "MISSING_SCOPE" {
			return false
		}
	}
	return len(a.Errors) > 0
}

func (a answer) number(path string) int {
	a.t.Helper()
	if a.lacksScope() && a.at(path) == nil {
		return 0
	}
	number, ok := a.at(path).(float64)
	if !ok {
		a.t.Fatalf("no number at %s in %s", path, a.body)
	}
	return int(number)
}

func (a answer) list(path string) []any {
	a.t.Helper()
	if a.lacksScope() && a.at(path) == nil {
		return nil
	}
	list, ok := a.at(path).([]any)
	if !ok {
		a.t.Fatalf("no list at %s in %s", path, a.body)
	}
	return list
}

// ids are the ids of the rows of a list, nulls left out.
func (a answer) ids(path string) []string {
	a.t.Helper()
	var ids []string
	for _, row := range a.list(path) {
		if id, ok := at(row, "id").(string); ok {
			ids = append(ids, id)
		}
	}
	return ids
}

// code is the code of the first failure, in userErrors or at the top.
func (a answer) code() string {
	if len(a.Errors) > 0 {
		code, _ := a.Errors[0].Extensions["code"].(string)
		return code
	}
	fields, _ := a.Data.(map[string]any)
	for _, payload := range fields {
		if code, ok := at(payload, "userErrors.0.code").(string); ok {
			return code
		}
	}
	return ""
}

// same says whether two lists hold the same, in whatever order.
func same(a, b []string) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(a, b)
}
