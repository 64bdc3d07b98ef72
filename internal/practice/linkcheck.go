package practice

import (
	"context"
	"slices"

	"continuum/ent/profile"
	"continuum/ent/recordlink"
	"continuum/internal/access"
	"continuum/schema"
)

const reasonLetters = 500

// role refuses a role that there is not. The API's own enum never lets one through;
// other callers might.
func (c *checks) role(field string, role *recordlink.Role) {
	if role != nil && recordlink.RoleValidator(*role) != nil {
		c.refuse(field, "The role is PRIMARY, SECONDARY or PARTICIPANT.")
	}
}

// linkTo checks the record that a new profile is to be linked to.
func (c *checks) linkTo(in *ProfileLinkInput) *ProfileLinkInput {
	if in == nil {
		return nil
	}
	c.role("linkTo.role", in.Role)
	kept := *in
	kept.Reason = c.prose("linkTo.reason", in.Reason, reasonLetters)
	return &kept
}

// roleOr is the role given, or PARTICIPANT.
func roleOr(role *recordlink.Role) recordlink.Role {
	if role == nil {
		return recordlink.RolePARTICIPANT
	}
	return *role
}

// recordForNewProfile is the record that a new profile is to be linked to, or nil.
func (w *work) recordForNewProfile(ctx context.Context, in *ProfileLinkInput) (*linkedRecord, error) {
	if in == nil {
		return nil, nil
	}
	if err := w.needs(schema.ScopeRecordsWrite); err != nil {
		return nil, err
	}
	into, err := w.editableRecord(ctx, "linkTo.recordId", in.RecordID)
	if err != nil {
		return nil, err
	}
	if err := into.openToLinks("linkTo.recordId"); err != nil {
		return nil, err
	}
	if roleOr(in.Role) == recordlink.RolePRIMARY && into.primary() != nil {
		return nil, fail(CodePrimaryTaken, "linkTo.role", primaryTaken)
	}
	return into, nil
}

// linkable refuses a profile, named by a field of the input, that the viewer does not
// read, or that is merged or erased.
func (w *work) linkable(ctx context.Context, field, id string) error {
	if err := w.needs(schema.ScopeProfilesRead); err != nil {
		return err
	}
	if !schema.ValidID(schema.ProfilePrefix, id) {
		return notFound(field)
	}
	found, err := access.ReadProfile(ctx, w.Client, id, profile.FieldStatus)
	switch {
	case err != nil:
		return err
	case found == nil:
		return notFound(field)
	case found.Status == profile.StatusMERGED || found.Status == profile.StatusERASED:
		return fail(CodeInvalidState, field, mergedOrErased)
	default:
		return nil
	}
}

const mergedOrErased = "A profile that was merged or erased cannot be linked."

// linkable refuses one of several profiles that were looked up together.
func (c *checks) linkable(field, id string, found map[string]access.ProfileAccess, gone []string) {
	switch {
	case found[id].Right < access.ReadRight:
		c.errs = append(c.errs, notFound(field))
	case slices.Contains(gone, id):
		c.errs = append(c.errs, fail(CodeInvalidState, field, mergedOrErased))
	}
}
