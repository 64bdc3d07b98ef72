package practice

import (
	"context"
	"fmt"

	"continuum/ent"
	"continuum/ent/workspace"
	"continuum/schema"
)

// UpdateWorkspacePoliciesInput is what the viewer's workspace decides for itself: absent is unchanged.
type UpdateWorkspacePoliciesInput struct {
	OfferDays      *int
	ConsentInside  *schema.ConsentMode
	ConsentAcross  *schema.ConsentMode
	CoolingOffDays *int
	BinDays        *int
	EmergencyHours *int
	AdultAge       *int
}

// UpdateWorkspacePoliciesPayload is what came of UpdateWorkspacePolicies.
type UpdateWorkspacePoliciesPayload struct {
	Outcome
	Workspace *ent.Workspace
}

// UpdateWorkspacePolicies changes what the viewer's workspace decides for itself, for what
// happens from now on. It is for administrators.
func (p *Practice) UpdateWorkspacePolicies(ctx context.Context, in UpdateWorkspacePoliciesInput) (*UpdateWorkspacePoliciesPayload, error) {
	var c checks
	c.policies(in)
	if err := c.err(); err != nil {
		return nil, err
	}
	var out UpdateWorkspacePoliciesPayload
	err := p.change(ctx, schema.ScopeWorkspaceWrite, &out, func(ctx context.Context, w *work) error {
		if err := w.only(schema.RoleAdministrator); err != nil {
			return err
		}
		row, err := w.Workspace.Query().Where(workspace.ID(w.viewer.WorkspaceID)).Only(ctx)
		if err != nil {
			return err
		}
		out.Workspace = row
		policies := in.over(row.Policies)
		if policies == row.Policies {
			return nil
		}
		out.Workspace, err = row.Update().SetPolicies(policies).AddVersion(1).SetUpdatedByID(w.viewer.ProfessionalID).Save(ctx)
		if err != nil {
			return err
		}
		return w.emit(ctx, "workspace.policies_changed", row.ID)
	})
	if err != nil {
		return nil, err
	}
	out.Workspace = out.Workspace.Unwrap()
	return &out, nil
}

// policies checks that each new policy is one that a workspace can live with.
func (c *checks) policies(in UpdateWorkspacePoliciesInput) {
	c.between("offerDays", in.OfferDays, 1, 365)
	c.consentMode("consentInside", in.ConsentInside)
	c.consentMode("consentAcross", in.ConsentAcross)
	c.between("coolingOffDays", in.CoolingOffDays, 0, 90)
	c.between("binDays", in.BinDays, 1, 3650)
	c.between("emergencyHours", in.EmergencyHours, 1, 168)
	c.between("adultAge", in.AdultAge, 10, 30)
}

// between checks a number, if given, that has a least and a most.
func (c *checks) between(field string, value *int, least, most int) {
	if value != nil && (*value < least || *value > most) {
		c.refuse(field, fmt.Sprintf("%s go from %d to %d.", subject(field), least, most))
	}
}

func (c *checks) consentMode(field string, mode *schema.ConsentMode) {
	if mode == nil {
		return
	}
	switch *mode {
	case schema.ConsentOff, schema.ConsentWarn, schema.ConsentRequire:
	default:
		c.refuse(field, subject(field)+" is OFF, WARN or REQUIRE.")
	}
}

// over is the policies with what the input gives.
func (in UpdateWorkspacePoliciesInput) over(p schema.Policies) schema.Policies {
	overwrite(&p.OfferDays, in.OfferDays)
	overwrite(&p.ConsentInside, in.ConsentInside)
	overwrite(&p.ConsentAcross, in.ConsentAcross)
	overwrite(&p.CoolingOffDays, in.CoolingOffDays)
	overwrite(&p.BinDays, in.BinDays)
	overwrite(&p.EmergencyHours, in.EmergencyHours)
	overwrite(&p.AdultAge, in.AdultAge)
	return p
}

// overwrite gives a value the one that was given, if any.
func overwrite[T any](present, given *T) {
	if given != nil {
		*present = *given
	}
}
