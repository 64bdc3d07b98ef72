package practice

import (
	"context"

	"continuum/internal/access"
	"continuum/schema"
)

// needs refuses a sign-in that lacks a scope which part of a change asks for.
func (w *work) needs(scopes ...schema.Scope) error {
	for _, scope := range scopes {
		if !w.viewer.Has(scope) {
			return missing(scope)
		}
	}
	return nil
}

// reachProfile refuses a profile, named by a field of the input, on which the viewer
// has not the right.
func (w *work) reachProfile(ctx context.Context, field, id string, right access.Right) (access.ProfileAccess, error) {
	// An id that is none never reaches the database, which may choke on its bytes.
	if !schema.ValidID(schema.ProfilePrefix, id) {
		return access.ProfileAccess{}, notFound(field)
	}
	found, err := access.ProfileAccesses(ctx, w.Client, []string{id})
	if err != nil {
		return access.ProfileAccess{}, err
	}
	switch reached := found[id]; {
	case reached.Right == access.NoRight:
		return reached, notFound(field)
	case reached.Right < right:
		return reached, fail(CodeForbidden, field, "You may read this profile, and not change it.")
	default:
		return reached, nil
	}
}

// levelOn is the viewer's level on a record that a field of the input names, which they
// at least know of.
func (w *work) levelOn(ctx context.Context, field, id string) (access.Level, error) {
	if err := w.needs(schema.ScopeRecordsRead); err != nil {
		return access.None, err
	}
	if !schema.ValidID(schema.RecordPrefix, id) {
		return access.None, notFound(field)
	}
	level, err := access.RecordLevel(ctx, w.Client, id)
	if err == nil && level == access.None {
		err = notFound(field)
	}
	return level, err
}

// reachRecord refuses a record, named by a field of the input, on which the viewer has
// less than a level.
func (w *work) reachRecord(ctx context.Context, field, id string, least access.Level) error {
	level, err := w.levelOn(ctx, field, id)
	if err == nil && level < least {
		err = fail(CodeForbidden, field, "Your level on this record does not let you do this.")
	}
	return err
}

// theOne is the row that an id of the input has found: none is a failure of the field that named it.
func theOne[T any](field string, found []*T, err error) (*T, error) {
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, notFound(field)
	}
	return found[0], nil
}
