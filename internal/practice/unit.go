package practice

import (
	"context"
	"fmt"
	"slices"

	"continuum/ent"
	"continuum/ent/principal"
	"continuum/ent/professional"
	"continuum/ent/unit"
	"continuum/internal/access"
	"continuum/schema"
)

// CreateUnitInput is what unit to create.
type CreateUnitInput struct {
	ID      *string
	Kind    *unit.Kind
	Name    string
	Members []*NewUnitMemberInput
}

// NewUnitMemberInput is a first member of a unit.
type NewUnitMemberInput struct {
	ProfessionalID string
	Steward        *bool
}

// CreateUnitPayload is what came of CreateUnit.
type CreateUnitPayload struct {
	Outcome
	Unit *ent.Unit
}

// CreateUnit makes a team or a service with its first members, of whom the viewer may
// be one: it owns nothing yet.
func (p *Practice) CreateUnit(ctx context.Context, in CreateUnitInput) (*CreateUnitPayload, error) {
	kind := unit.KindTEAM
	if in.Kind != nil {
		kind = *in.Kind
	}
	var c checks
	id := c.id(schema.UnitPrefix, in.ID)
	name := c.text("name", in.Name, 200)
	members := c.members("members", in.Members)
	if err := c.err(); err != nil {
		return nil, err
	}
	var out CreateUnitPayload
	err := p.change(ctx, schema.ScopeWorkspaceWrite, &out, func(ctx context.Context, w *work) error {
		if err := w.only(schema.RoleAdministrator, schema.RoleManager); err != nil {
			return err
		}
		if err := w.colleagues(ctx, members); err != nil {
			return err
		}
		err := w.Principal.Create().
			SetID(id).
			SetKind(principal.KindUNIT).
			SetWorkspaceID(w.viewer.WorkspaceID).
			Exec(ctx)
		if err != nil {
			return taken("id", err)
		}
		out.Unit, err = w.Unit.Create().
			SetID(id).
			SetWorkspaceID(w.viewer.WorkspaceID).
			SetKind(kind).
			SetName(name).
			SetSortName(sortName(name)).
			SetCreatedByID(w.viewer.ProfessionalID).
			Save(ctx)
		if err != nil {
			return err
		}
		if err := w.addMembers(ctx, id, in.Members); err != nil {
			return err
		}
		return w.emit(ctx, "unit.created", id, append(members, w.viewer.WorkspaceID)...)
	})
	if err != nil {
		return nil, err
	}
	out.Unit = out.Unit.Unwrap()
	return &out, nil
}

// members checks the first members of a unit and lists their ids.
func (c *checks) members(field string, in []*NewUnitMemberInput) []string {
	if len(in) > 50 {
		c.refuse(field, "A unit starts with at most 50 members.")
	}
	ids := make([]string, len(in))
	for i, member := range in {
		if slices.Contains(ids[:i], member.ProfessionalID) {
			c.refuse(fmt.Sprintf("%s.%d.professionalId", field, i), "This professional is named twice.")
		}
		ids[i] = member.ProfessionalID
	}
	return ids
}

// colleagues refuses members who do not work in the viewer's workspace.
func (w *work) colleagues(ctx context.Context, ids []string) error {
	found, err := w.reachColleagues(ctx, ids...)
	if err != nil {
		return err
	}
	var missing checks
	for i, id := range ids {
		if row := found[id]; row == nil || row.Status == professional.StatusENDED {
			missing.errs = append(missing.errs, notFound(fmt.Sprintf("members.%d.professionalId", i)))
		}
	}
	return missing.err()
}

// reachColleagues reads those of the professionals that work, or have worked, in the
// viewer's workspace.
func (w *work) reachColleagues(ctx context.Context, ids ...string) (map[string]*ent.Professional, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	if err := w.needs(schema.ScopeWorkspaceRead); err != nil {
		return nil, err
	}
	return access.Colleagues(ctx, w.Client, wellFormed(schema.ProfessionalPrefix, ids))
}

func (w *work) addMembers(ctx context.Context, unitID string, members []*NewUnitMemberInput) error {
	if len(members) == 0 {
		return nil
	}
	rows := make([]*ent.UnitMemberCreate, len(members))
	for i, member := range members {
		rows[i] = w.UnitMember.Create().
			SetUnitID(unitID).
			SetProfessionalID(member.ProfessionalID).
			SetNillableSteward(member.Steward).
			SetCreatedByID(w.viewer.ProfessionalID)
	}
	return w.UnitMember.CreateBulk(rows...).Exec(ctx)
}
