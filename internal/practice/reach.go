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
			return fail(CodeMissingScope, "", "This needs the scope "+string(scope)+".")
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

// reachRecord refuses a record, named by a field of the input, on which the viewer has
// less than FULL.
func (w *work) reachRecord(ctx context.Context, field, id string) error {
	if !schema.ValidID(schema.RecordPrefix, id) {
		return notFound(field)
	}
	level, err := access.RecordLevel(ctx, w.Client, id)
	switch {
	case err != nil:
		return err
	case level == access.None:
		return notFound(field)
	case level < access.Full:
		return fail(CodeForbidden, field, "Your level on this record does not let you change it.")
	default:
		return nil
	}
}
