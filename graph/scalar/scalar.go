// Package scalar reads and writes the scalars of the SDL.
package scalar

import (
	"io"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// Error says how a scalar is written. It does not repeat what was sent.
type Error struct{ message string }

// Error is the message.
func (e *Error) Error() string { return e.message }

// MarshalDateTime writes an instant in UTC, as in RFC 3339.
func MarshalDateTime(t time.Time) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		_, _ = io.WriteString(w, strconv.Quote(t.UTC().Format(time.RFC3339Nano)))
	})
}

// UnmarshalDateTime reads an instant written as in RFC 3339.
func UnmarshalDateTime(v any) (time.Time, error) {
	s, _ := v.(string)
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}, &Error{"a DateTime is written like 2026-03-31T14:05:00Z"}
	}
	return t.UTC().Truncate(time.Microsecond), nil
}

// MarshalDate writes a day of the calendar.
func MarshalDate(s string) graphql.Marshaler { return graphql.MarshalString(s) }

// UnmarshalDate reads a day of the calendar.
func UnmarshalDate(v any) (string, error) {
	s, _ := v.(string)
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return "", &Error{"a Date is written like 2011-09-30"}
	}
	return s, nil
}
