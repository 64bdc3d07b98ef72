package practice

import (
	"context"
	"time"

	"continuum/ent"
	"continuum/ent/apikey"
	"continuum/ent/professional"
	"continuum/internal/access"
	"continuum/schema"
)

// CreateKeyFor makes a key that acts as a professional, for the operator of the server
// to hand to them. Somebody invited becomes active: the operator vouches for them.
// The token is told this once.
func (p *Practice) CreateKeyFor(ctx context.Context, professionalID, name string, scopes []schema.Scope, expires *time.Time) (token string, err error) {
	var c checks
	name = c.text("name", name, 100)
	scopes = c.scopes("scopes", scopes)
	c.future(ctx, "expires", expires)
	if err := c.err(); err != nil {
		return "", err
	}
	key := NewKey()
	err = p.operate(ctx, func(ctx context.Context, w *work) error {
		if !schema.ValidID(schema.ProfessionalPrefix, professionalID) {
			return notFound("professionalId")
		}
		found, err := w.Professional.Query().Where(professional.ID(professionalID)).All(ctx)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return notFound("professionalId")
		}
		switch who := found[0]; who.Status {
		case professional.StatusENDED:
			return fail(CodeInvalidState, "professionalId", "This professional no longer works here.")
		case professional.StatusINVITED:
			err := who.Update().SetStatus(professional.StatusACTIVE).AddVersion(1).Exec(ctx)
			if err != nil {
				return err
			}
		}
		w.viewer.WorkspaceID = found[0].WorkspaceID
		if _, err := w.addKey(ctx, professionalID, key, name, scopes, expires); err != nil {
			return err
		}
		return w.emit(ctx, "api_key.created", key.ID, professionalID)
	})
	if err != nil {
		return "", err
	}
	return key.Token, nil
}

// KeysOf lists the keys of a professional, the earliest first, for the operator of the server.
func (p *Practice) KeysOf(ctx context.Context, professionalID string) ([]*ent.ApiKey, error) {
	ctx = access.System(ctx, "the operator of the server")
	if !schema.ValidID(schema.ProfessionalPrefix, professionalID) {
		return nil, notFound("professionalId")
	}
	known, err := p.store.Client().Professional.Query().Where(professional.ID(professionalID)).Exist(ctx)
	if err != nil {
		return nil, err
	}
	if !known {
		return nil, notFound("professionalId")
	}
	return p.store.Client().ApiKey.Query().Where(apikey.ProfessionalID(professionalID)).
		Order(apikey.ByCreatedAt(), apikey.ByID()).All(ctx)
}

// RevokeKey makes a key stop working at once, for the operator of the server.
func (p *Practice) RevokeKey(ctx context.Context, id string) error {
	return p.operate(ctx, func(ctx context.Context, w *work) error {
		if !schema.ValidID(schema.APIKeyPrefix, id) {
			return notFound("id")
		}
		found, err := w.ApiKey.Query().Where(apikey.ID(id)).WithProfessional().All(ctx)
		key, err := theOne("id", found, err)
		if err != nil {
			return err
		}
		if key.RevokedAt != nil {
			return fail(CodeInvalidState, "id", "This key is revoked already.")
		}
		if err := key.Update().SetRevokedAt(access.Now(ctx)).Exec(ctx); err != nil {
			return err
		}
		w.viewer.WorkspaceID = key.Edges.Professional.WorkspaceID
		return w.emit(ctx, "api_key.revoked", key.ID, key.ProfessionalID)
	})
}
