package store

import (
	"errors"
	"regexp"
	"strings"

	"github.com/lib/pq"
)

// quoted is a line from its first quote to its last: a value may have quotes in it.
var quoted = regexp.MustCompile(`"[^\n]*"`)

// Fault is an error as a log may tell it. Databases, parsers and libraries quote what they could not take, and that may
// be a person's name: whatever is quoted is left out. What PostgreSQL names by itself, which are ours, is put before.
func Fault(err error) string {
	if err == nil {
		return ""
	}
	text := quoted.ReplaceAllString(err.Error(), `"..."`)
	pg, ok := errors.AsType[*pq.Error](err)
	switch {
	case !ok:
		return text
	case pg.Code.Class() == "42": // of the statement itself, where what is quoted is a name of the schema
		text = err.Error()
	}
	named := []string{"SQLSTATE " + string(pg.Code)}
	for _, what := range [][2]string{{"table", pg.Table}, {"column", pg.Column}, {"constraint", pg.Constraint}} {
		if what[1] != "" {
			named = append(named, what[0]+" "+what[1])
		}
	}
	return strings.Join(named, ", ") + ": " + text
}
