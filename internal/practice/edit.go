package practice

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode"

	"entgo.io/ent"
	"github.com/99designs/gqlgen/graphql"
)

// edit weighs an update against what has changed since its author read the row. Two
// people who change different fields both succeed; of two who change the same one,
// the second is told of a conflict, with the value as it stands.
type edit struct {
	expected  int            // the version that the author read
	version   int            // the version as it stands
	versions  map[string]int // field -> the version at which it last changed
	fields    []string       // what changes now
	values    map[string]any // column -> its new value, nil to clear it
	conflicts Errors
}

// newEdit begins an update of a row that its author read at a version.
func newEdit(expected, version int, versions map[string]int) (*edit, error) {
	if expected < 1 || expected > version {
		return nil, fail(CodeInvalid, "expectedVersion", "There is no such version to have read.")
	}
	return &edit{expected: expected, version: version, versions: versions, values: map[string]any{}}, nil
}

// claims says whether the field may change. When somebody else was faster it may not,
// and the conflict is noted with the present value.
func (e *edit) claims(field string, present any) bool {
	if e.versions[field] <= e.expected {
		e.fields = append(e.fields, field)
		return true
	}
	conflict := fail(CodeConflict, field, subject(field)+" has changed since you read it.")
	now, _ := json.Marshal(present) // texts, enums and lists of them always marshal
	value := string(now)
	conflict.CurrentValue = &value
	e.conflicts = append(e.conflicts, conflict)
	return false
}

// editValue changes a field that always has a value.
func editValue[T comparable](e *edit, field string, given graphql.Omittable[*T], present *T) {
	value := given.Value()
	if value != nil && *value != *present && e.claims(field, *present) {
		*present, e.values[column(field)] = *value, *value
	}
}

// editOptional changes a field that may be empty.
func editOptional[T comparable](e *edit, field string, given graphql.Omittable[*T], present **T) {
	value, set := given.ValueOK()
	if !set || equal(value, *present) || !e.claims(field, *present) {
		return
	}
	*present, e.values[column(field)] = value, nil
	if value != nil {
		e.values[column(field)] = *value
	}
}

// editTexts changes a list of texts.
func editTexts(e *edit, field string, given graphql.Omittable[[]string], present *[]string) {
	value, set := given.ValueOK()
	if set && !slices.Equal(value, *present) && e.claims(field, *present) {
		*present, e.values[column(field)] = value, value
	}
}

// editRows says whether a list of rows is to be replaced by the one given.
func editRows[T comparable](e *edit, field string, given []T, present []stored[T]) bool {
	now := says(present)
	return !slices.Equal(given, now) && e.claims(field, now)
}

// err is all the conflicts, or nil.
func (e *edit) err() error {
	if len(e.conflicts) == 0 {
		return nil
	}
	return e.conflicts
}

// changes says whether anything is to change at all.
func (e *edit) changes() bool { return len(e.fields) > 0 }

// next is the version after the change, and at which version each field then changed last.
func (e *edit) next() (int, map[string]int) {
	versions := maps.Clone(e.versions)
	if versions == nil {
		versions = map[string]int{}
	}
	for _, field := range e.fields {
		versions[field] = e.version + 1
	}
	return e.version + 1, versions
}

// apply puts the new values into a builder's mutation.
func (e *edit) apply(m ent.Mutation) error {
	for name, value := range e.values {
		if value == nil {
			if err := m.ClearField(name); err != nil {
				return err
			}
			continue
		}
		if err := m.SetField(name, value); err != nil {
			return err
		}
	}
	return nil
}

// column is the column behind a field of the SDL: given_name behind givenName.
func column(field string) string {
	var name strings.Builder
	for _, r := range field {
		if unicode.IsUpper(r) {
			name.WriteByte('_')
		}
		name.WriteRune(unicode.ToLower(r))
	}
	return name.String()
}

func equal[T comparable](a, b *T) bool {
	return a == b || a != nil && b != nil && *a == *b
}
