package practice

import (
	"context"
	"fmt"

	"continuum/ent"
	"continuum/ent/principal"
	"continuum/ent/professional"
	"continuum/ent/workspace"
	"continuum/internal/access"
	"continuum/schema"
)

// NewAdministrator is the first administrator of a workspace.
type NewAdministrator struct {
	Name  string
	Email string
	Title *string
}

// CreateWorkspace makes a workspace with its first administrator, and a key of theirs
// that may do everything they may. It is for the operator of the server, and asks
// nobody's rights. The token is told this once.
func (p *Practice) CreateWorkspace(ctx context.Context, name string, kind workspace.Kind, region string, administrator NewAdministrator) (made *ent.Workspace, first *ent.Professional, token string, err error) {
	var c checks
	name = c.text("name", name, 200)
	if region = c.country("region", &region); region == "" && len(c.errs) == 0 {
		c.refuse("region", "The region cannot be empty.")
	}
	if workspace.KindValidator(kind) != nil {
		c.refuse("kind", "A workspace is an ORGANIZATION or INDIVIDUAL.")
	}
	who := newProfessional{
		id:     schema.NewID(schema.ProfessionalPrefix),
		name:   c.text("administrator.name", administrator.Name, 200),
		email:  c.email("administrator.email", administrator.Email),
		title:  c.optional("administrator.title", administrator.Title, 200),
		roles:  []schema.Role{schema.RoleAdministrator, schema.RolePractitioner},
		status: professional.StatusACTIVE,
	}
	if err := c.err(); err != nil {
		return nil, nil, "", err
	}
	key := NewKey()
	err = p.operate(ctx, func(ctx context.Context, w *work) (err error) {
		made, err = w.addWorkspace(ctx, name, kind, region)
		if err != nil {
			return err
		}
		w.viewer.WorkspaceID = made.ID
		if first, err = w.addProfessional(ctx, made.ID, who); err != nil {
			return err
		}
		if _, err := w.addKey(ctx, first.ID, key, "First key", schema.AllScopes(), nil); err != nil {
			return err
		}
		return w.emit(ctx, "workspace.created", made.ID, first.ID)
	})
	if err != nil {
		return nil, nil, "", err
	}
	return made.Unwrap(), first.Unwrap(), key.Token, nil
}

// operate runs do for the operator of the server, who is no professional.
func (p *Practice) operate(ctx context.Context, do func(context.Context, *work) error) error {
	return p.unasked(access.System(ctx, "the operator of the server"), do)
}

func (w *work) addWorkspace(ctx context.Context, name string, kind workspace.Kind, region string) (*ent.Workspace, error) {
	made, err := w.Workspace.Create().SetName(name).SetKind(kind).SetRegion(region).Save(ctx)
	if err != nil {
		return nil, err
	}
	err = w.Principal.Create().
		SetID(made.ID).
		SetKind(principal.KindWORKSPACE).
		SetWorkspaceID(made.ID).
		Exec(ctx)
	if err != nil {
		return nil, fmt.Errorf("make the workspace a principal: %w", err)
	}
	return made, nil
}
