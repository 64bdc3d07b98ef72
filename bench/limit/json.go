package main

import (
	"database/sql/driver"
	"strconv"
	"time"
	"unicode/utf8"
)

// appendValue writes a value of the database as JSON. An instant is written as the graph writes it.
func appendValue(out []byte, v driver.Value) []byte {
	switch v := v.(type) {
	case nil:
		return append(out, "null"...)
	case string:
		return appendText(out, v)
	case []byte:
		return appendText(out, string(v))
	case int64:
		return strconv.AppendInt(out, v, 10)
	case bool:
		return strconv.AppendBool(out, v)
	case float64:
		return strconv.AppendFloat(out, v, 'g', -1, 64)
	case time.Time:
		out = append(out, '"')
		return append(v.UTC().AppendFormat(out, time.RFC3339Nano), '"')
	default:
		panic("no such value")
	}
}

// appendText quotes a text. What has no control character, quote or backslash is copied as it stands.
func appendText(out []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf && !utf8.ValidString(s) {
			return strconv.AppendQuote(out, s)
		}
	}
	out = append(out, '"')
	return append(append(out, s...), '"')
}

// appendName writes a name to show: the preferred or the given one, then the family's.
func appendName(out []byte, preferred, given, family driver.Value) []byte {
	first := text(given)
	if p := text(preferred); p != "" {
		first = p
	}
	if f := text(family); f != "" {
		first += " " + f
	}
	return appendText(out, first)
}

// appendJSON writes what the database holds as JSON already.
func appendJSON(out []byte, v driver.Value) []byte { return append(out, text(v)...) }

// appendBool writes what SQLite holds as a number.
func appendBool(out []byte, v driver.Value) []byte { return strconv.AppendBool(out, isTrue(v)) }

func isTrue(v driver.Value) bool {
	number, _ := v.(int64)
	truth, _ := v.(bool)
	return truth || number != 0
}

// appendField writes a column of a row under its name in the graph.
func appendField(out []byte, name string, v driver.Value) []byte {
	return appendValue(append(out, name...), v)
}
