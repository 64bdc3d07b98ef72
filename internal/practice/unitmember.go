package practice

import (
	"context"
	"slices"

	"continuum/ent"
	"continuum/ent/professional"
	"continuum/ent/unit"
	"continuum/ent/unitmember"
	"continuum/internal/access"
	"continuum/schema"
)

// AddUnitMemberInput is whom to add to which unit.
type AddUnitMemberInput struct {
	UnitID         string
	ProfessionalID string
	Steward        *bool
}

// AddUnitMemberPayload is what came of AddUnitMember.
type AddUnitMemberPayload struct {
	Outcome
	UnitMember *ent.UnitMember
}

// RemoveUnitMemberInput is whose membership to end, and why.
type RemoveUnitMemberInput struct {
	UnitID         string
	ProfessionalID string
	Reason         *string
}

// RemoveUnitMemberPayload is what came of RemoveUnitMember.
type RemoveUnitMemberPayload struct {
	Outcome
	UnitMember *ent.UnitMember
}

// AddUnitMember makes a professional a member of a unit, or changes whether a member
// is a steward.
func (p *Practice) AddUnitMember(ctx context.Context, in AddUnitMemberInput) (*AddUnitMemberPayload, error) {
	steward := in.Steward != nil && *in.Steward
	var out AddUnitMemberPayload
	err := p.change(ctx, schema.ScopeWorkspaceWrite, &out, func(ctx context.Context, w *work) error {
		if err := w.managed(ctx, in.UnitID); err != nil {
			return err
		}
		found, err := w.reachColleagues(ctx, in.ProfessionalID)
		if err != nil {
			return err
		}
		if who := found[in.ProfessionalID]; who == nil || who.Status == professional.StatusENDED {
			return notFound("professionalId")
		}
		before, err := w.membership(ctx, in.UnitID, in.ProfessionalID)
		if err != nil {
			return err
		}
		if err := w.mayAppoint(before, in.ProfessionalID, steward); err != nil {
			return err
		}
		typ := "unit.joined"
		if before == nil {
			out.UnitMember, err = w.join(ctx, in, steward)
		} else {
			typ = "unit.steward_changed"
			out.UnitMember, err = before.Update().SetSteward(steward).Save(ctx)
		}
		if err != nil {
			return err
		}
		return w.emit(ctx, typ, in.UnitID, in.ProfessionalID, out.UnitMember.ID)
	})
	if err != nil {
		return nil, err
	}
	out.UnitMember = out.UnitMember.Unwrap()
	return &out, nil
}

// RemoveUnitMember ends a membership. Anyone may leave.
func (p *Practice) RemoveUnitMember(ctx context.Context, in RemoveUnitMemberInput) (*RemoveUnitMemberPayload, error) {
	var c checks
	reason := c.prose("reason", in.Reason, 500)
	if err := c.err(); err != nil {
		return nil, err
	}
	var out RemoveUnitMemberPayload
	err := p.change(ctx, schema.ScopeWorkspaceWrite, &out, func(ctx context.Context, w *work) error {
		if _, err := w.ownUnit(ctx, in.UnitID); err != nil {
			return err
		}
		if in.ProfessionalID != w.viewer.ProfessionalID && !w.manages(in.UnitID) {
			return notManager()
		}
		before, err := w.membership(ctx, in.UnitID, in.ProfessionalID)
		if err != nil {
			return err
		}
		if before == nil {
			return notFound("professionalId")
		}
		out.UnitMember, err = before.Update().
			SetEndedAt(access.Now(ctx)).
			SetEndedByID(w.viewer.ProfessionalID).
			SetNillableEndReason(reason).
			Save(ctx)
		if err != nil {
			return err
		}
		return w.emit(ctx, "unit.left", in.UnitID, in.ProfessionalID, out.UnitMember.ID)
	})
	if err != nil {
		return nil, err
	}
	out.UnitMember = out.UnitMember.Unwrap()
	return &out, nil
}

// ownUnit reads a unit of the viewer's workspace.
func (w *work) ownUnit(ctx context.Context, id string) (*ent.Unit, error) {
	if err := w.needs(schema.ScopeWorkspaceRead); err != nil {
		return nil, err
	}
	if !schema.ValidID(schema.UnitPrefix, id) {
		return nil, notFound("unitId")
	}
	found, err := w.Unit.Query().Where(unit.ID(id), unit.WorkspaceID(w.viewer.WorkspaceID)).All(ctx)
	return theOne("unitId", found, err)
}

// managed refuses a unit that is closed, and one that the viewer has no say in.
func (w *work) managed(ctx context.Context, id string) error {
	row, err := w.ownUnit(ctx, id)
	if err != nil {
		return err
	}
	if row.Status != unit.StatusACTIVE {
		return notFound("unitId")
	}
	if !w.manages(id) {
		return notManager()
	}
	return nil
}

func notManager() *Error {
	return fail(CodeForbidden, "unitId", "This is for administrators, managers and the unit's stewards.")
}

// manages says whether the viewer may change who belongs to a unit of their workspace.
func (w *work) manages(unitID string) bool {
	return w.viewer.Is(schema.RoleAdministrator, schema.RoleManager) ||
		slices.Contains(w.viewer.Stewarded, unitID)
}

// membership reads a live membership, nil when there is none.
func (w *work) membership(ctx context.Context, unitID, professionalID string) (*ent.UnitMember, error) {
	if !schema.ValidID(schema.ProfessionalPrefix, professionalID) {
		return nil, nil
	}
	found, err := w.UnitMember.Query().
		Where(unitmember.UnitID(unitID), unitmember.ProfessionalID(professionalID), unitmember.EndedAtIsNil()).
		All(ctx)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// mayAppoint refuses what changes nothing, and whoever adds or promotes themselves:
// what a unit owns, and what is shared with it, would open to them. They may step
// down as a steward.
func (w *work) mayAppoint(before *ent.UnitMember, professionalID string, steward bool) error {
	if professionalID == w.viewer.ProfessionalID && (before == nil || steward) {
		return fail(CodeForbidden, "professionalId", "Nobody adds or promotes themselves; ask a colleague to.")
	}
	if before != nil && before.Steward == steward {
		return alreadyMember()
	}
	return nil
}

func (w *work) join(ctx context.Context, in AddUnitMemberInput, steward bool) (*ent.UnitMember, error) {
	made, err := w.UnitMember.Create().
		SetUnitID(in.UnitID).
		SetProfessionalID(in.ProfessionalID).
		SetSteward(steward).
		SetStartedAt(access.Now(ctx)).
		SetCreatedByID(w.viewer.ProfessionalID).
		Save(ctx)
	if clashes(err, unitmember.FieldProfessionalID) {
		return nil, alreadyMember()
	}
	return made, err
}

func alreadyMember() *Error {
	return fail(CodeAlreadyExists, "professionalId", "This professional belongs to the unit in this way already.")
}
