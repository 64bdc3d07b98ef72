package practice

import (
	"context"

	"continuum/ent"
	"continuum/ent/apikey"
	"continuum/ent/professional"
	"continuum/ent/unitmember"
	"continuum/internal/access"
	"continuum/schema"
)

// EndProfessionalInput is whose membership of the workspace to end, and why.
type EndProfessionalInput struct {
	ProfessionalID string
	Reason         *string
}

// EndProfessionalPayload is what came of EndProfessional.
type EndProfessionalPayload struct {
	Outcome
	Professional *ent.Professional
}

// EndProfessional ends a professional's membership of the viewer's workspace, and with
// it those of its units, and their keys.
func (p *Practice) EndProfessional(ctx context.Context, in EndProfessionalInput) (*EndProfessionalPayload, error) {
	var c checks
	reason := c.prose("reason", in.Reason, 500)
	if err := c.err(); err != nil {
		return nil, err
	}
	var out EndProfessionalPayload
	err := p.change(ctx, schema.ScopeWorkspaceWrite, &out, func(ctx context.Context, w *work) error {
		row, err := w.administered(ctx, in.ProfessionalID, false)
		if err != nil {
			return err
		}
		out.Professional, err = row.Update().
			SetStatus(professional.StatusENDED).
			SetEndedAt(access.Now(ctx)).
			SetEndedByID(w.viewer.ProfessionalID).
			SetNillableEndReason(reason).
			AddVersion(1).
			SetUpdatedByID(w.viewer.ProfessionalID).
			Save(ctx)
		if err != nil {
			return err
		}
		units, err := w.endMemberships(ctx, row.ID, reason)
		if err != nil {
			return err
		}
		if err := w.revokeKeys(ctx, row.ID); err != nil {
			return err
		}
		return w.emit(ctx, "professional.ended", row.ID, append(units, row.WorkspaceID)...)
	})
	if err != nil {
		return nil, err
	}
	out.Professional = out.Professional.Unwrap()
	return &out, nil
}

// endMemberships ends a professional's live memberships and tells of which units.
func (w *work) endMemberships(ctx context.Context, professionalID string, reason *string) ([]string, error) {
	live := unitmember.And(unitmember.ProfessionalID(professionalID), unitmember.EndedAtIsNil())
	rows, err := w.UnitMember.Query().Where(live).All(access.System(ctx, "whose screens show this professional"))
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	units := make([]string, len(rows))
	for i, row := range rows {
		units[i] = row.UnitID
	}
	return units, w.UnitMember.Update().
		Where(live).
		SetEndedAt(access.Now(ctx)).
		SetEndedByID(w.viewer.ProfessionalID).
		SetNillableEndReason(reason).
		Exec(ctx)
}

// revokeKeys revokes the keys of a professional that still work.
func (w *work) revokeKeys(ctx context.Context, professionalID string) error {
	return w.ApiKey.Update().
		Where(apikey.ProfessionalID(professionalID), apikey.RevokedAtIsNil()).
		SetRevokedAt(access.Now(ctx)).
		SetRevokedByID(w.viewer.ProfessionalID).
		Exec(ctx)
}
