package practice

import (
	"strings"

	"entgo.io/ent/dialect/sql/sqlgraph"
)

// taken turns the database's word that a value is not unique into a failure on the
// field, which reads the same whoever holds the value. Other errors stay as they are.
func taken(field string, err error) error {
	if !sqlgraph.IsUniqueConstraintError(err) {
		return err
	}
	if field == "identifiers" {
		return fail(CodeAlreadyExists, field, "One of the identifiers is taken already.")
	}
	return fail(CodeAlreadyExists, field, subject(field)+" is taken already.")
}

// clashes says whether a unique index over the column refused a row. Both engines name
// the columns of the index in their message, and no value.
func clashes(err error, column string) bool {
	return sqlgraph.IsUniqueConstraintError(err) && strings.Contains(err.Error(), column)
}
