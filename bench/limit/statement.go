package main

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/lib/pq"
)

// statement is SQL whose parameters have names: :name is a value, :name... a list that something is tested against.
type statement struct {
	text  string
	names []string
}

// spell writes a statement as the engine wants it. Each name is one parameter, however often it stands there.
func (e engine) spell(text string) *statement {
	s := &statement{}
	list, array := "group_concat", "json_group_array"
	if e == postgres {
		list, array = "string_agg", "jsonb_agg"
	}
	text = strings.NewReplacer("@list", list, "@array", array).Replace(text)
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, ":")
		b.WriteString(before)
		if !found {
			s.text = b.String()
			return s
		}
		if strings.HasPrefix(after, ":") { // a cast
			b.WriteString("::")
			text = after[1:]
			continue
		}
		name := after[:len(after)-len(strings.TrimLeft(after, "abcdefghijklmnopqrstuvwxyz"))]
		text = after[len(name):]
		place := s.place(name)
		rest, list := strings.CutPrefix(text, "...")
		text = rest
		switch {
		case list && e == postgres:
			fmt.Fprintf(&b, "= ANY($%d)", place)
		case list:
			fmt.Fprintf(&b, "IN (SELECT value FROM json_each(?%d))", place)
		case e == postgres:
			fmt.Fprintf(&b, "$%d::%s", place, typeOf(name))
		default:
			fmt.Fprintf(&b, "?%d", place)
		}
	}
}

// typeOf is what PostgreSQL is told of a value: one parameter may stand where it would guess differently.
func typeOf(name string) string {
	switch name {
	case "now", "at":
		return "timestamptz"
	case "rank", "expected":
		return "bigint"
	case "edits":
		return "boolean"
	case "topics":
		return "jsonb"
	default:
		return "varchar"
	}
}

func (s *statement) place(name string) int {
	for i, known := range s.names {
		if known == name {
			return i + 1
		}
	}
	s.names = append(s.names, name)
	return len(s.names)
}

// arguments gives the parameters their values by name.
type arguments struct {
	viewer *viewer
	more   map[string]driver.Value
}

func (a arguments) of(s *statement, e engine) []driver.NamedValue {
	values := make([]driver.NamedValue, len(s.names))
	for i, name := range s.names {
		value, found := a.more[name]
		if !found {
			value = a.viewer.fact(name, e)
		}
		values[i] = driver.NamedValue{Ordinal: i + 1, Value: value}
	}
	return values
}

// list is a list of ids as one argument.
func (e engine) list(ids []string) driver.Value {
	if e == postgres {
		text, _ := pq.StringArray(ids).Value() // strings always have a value
		return text
	}
	text, _ := json.Marshal(ids) // strings always marshal
	return string(text)
}
