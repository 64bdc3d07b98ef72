package practice

import (
	"context"
	"fmt"
	"slices"
	"time"

	"continuum/ent"
	"continuum/ent/apikey"
	"continuum/internal/access"
	"continuum/schema"
)

// CreateApiKeyInput is what key to make.
type CreateApiKeyInput struct {
	Name      string
	Scopes    []schema.Scope
	ExpiresAt *time.Time
}

// CreateApiKeyPayload is what came of CreateApiKey.
type CreateApiKeyPayload struct {
	Outcome
	ApiKey *ent.ApiKey
	Secret *string `kept:"never"` // shown once
}

// RevokeApiKeyInput is which key to revoke.
type RevokeApiKeyInput struct {
	ID string
}

// RevokeApiKeyPayload is what came of RevokeApiKey.
type RevokeApiKeyPayload struct {
	Outcome
	ApiKey *ent.ApiKey
}

// keysAtMost bounds the keys of a professional that work at the same time.
const keysAtMost = 50

// CreateApiKey makes a key that acts as the viewer, and never as anybody else: an
// administrator who could make one for a colleague would read as that colleague.
func (p *Practice) CreateApiKey(ctx context.Context, in CreateApiKeyInput) (*CreateApiKeyPayload, error) {
	var c checks
	name := c.text("name", in.Name, 100)
	scopes := c.scopes("scopes", in.Scopes)
	c.future(ctx, "expiresAt", in.ExpiresAt)
	if err := c.err(); err != nil {
		return nil, err
	}
	key := NewKey()
	out := CreateApiKeyPayload{Secret: &key.Token}
	err := p.change(ctx, schema.ScopeWorkspaceWrite, &out, func(ctx context.Context, w *work) (err error) {
		if slices.ContainsFunc(scopes, func(s schema.Scope) bool { return !w.viewer.Has(s) }) {
			return fail(CodeMissingScope, "scopes", "A key cannot do more than the sign-in that makes it.")
		}
		if err := w.withinOwnKey(ctx, in.ExpiresAt); err != nil {
			return err
		}
		if err := w.fewKeys(ctx); err != nil {
			return err
		}
		out.ApiKey, err = w.addKey(ctx, w.viewer.ProfessionalID, key, name, scopes, in.ExpiresAt)
		if err != nil {
			return err
		}
		return w.emit(ctx, "api_key.created", out.ApiKey.ID, out.ApiKey.ProfessionalID)
	})
	if err != nil {
		return nil, err
	}
	out.ApiKey = out.ApiKey.Unwrap()
	return &out, nil
}

// RevokeApiKey makes a key stop working at once.
func (p *Practice) RevokeApiKey(ctx context.Context, in RevokeApiKeyInput) (*RevokeApiKeyPayload, error) {
	var out RevokeApiKeyPayload
	err := p.change(ctx, schema.ScopeWorkspaceWrite, &out, func(ctx context.Context, w *work) error {
		if err := w.needs(schema.ScopeWorkspaceRead); err != nil {
			return err
		}
		if !schema.ValidID(schema.APIKeyPrefix, in.ID) {
			return notFound("id")
		}
		found, err := w.ApiKey.Query().Where(apikey.ID(in.ID)).All(ctx)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return notFound("id")
		}
		if found[0].RevokedAt != nil {
			return fail(CodeInvalidState, "id", "This key is revoked already.")
		}
		out.ApiKey, err = found[0].Update().
			SetRevokedAt(access.Now(ctx)).
			SetRevokedByID(w.viewer.ProfessionalID).
			Save(ctx)
		if err != nil {
			return err
		}
		return w.emit(ctx, "api_key.revoked", out.ApiKey.ID, out.ApiKey.ProfessionalID)
	})
	if err != nil {
		return nil, err
	}
	out.ApiKey = out.ApiKey.Unwrap()
	return &out, nil
}

// withinOwnKey refuses a key that would outlive the key that makes it.
func (w *work) withinOwnKey(ctx context.Context, expires *time.Time) error {
	if w.viewer.KeyID == "" {
		return nil
	}
	own, err := w.ApiKey.Query().Where(apikey.ID(w.viewer.KeyID)).Only(access.System(ctx, "the key that asks"))
	if err != nil {
		return err
	}
	if own.ExpiresAt != nil && (expires == nil || expires.After(*own.ExpiresAt)) {
		return fail(CodeInvalid, "expiresAt", "A key cannot outlive the key that makes it.")
	}
	return nil
}

// fewKeys refuses one key too many.
func (w *work) fewKeys(ctx context.Context) error {
	count, err := w.ApiKey.Query().
		Where(apikey.ProfessionalID(w.viewer.ProfessionalID), apikey.RevokedAtIsNil(),
			apikey.Or(apikey.ExpiresAtIsNil(), apikey.ExpiresAtGT(access.Now(ctx)))).
		Count(access.System(ctx, "how many keys the viewer has"))
	if err == nil && count >= keysAtMost {
		return fail(CodeInvalidState, "", "You have 50 keys that work; revoke one first.")
	}
	return err
}

func (w *work) addKey(ctx context.Context, professionalID string, key Key, name string, scopes []schema.Scope, expires *time.Time) (*ent.ApiKey, error) {
	return w.ApiKey.Create().
		SetID(key.ID).
		SetHash(key.Hash).
		SetProfessionalID(professionalID).
		SetName(name).
		SetScopes(scopes).
		SetNillableExpiresAt(expires).
		SetCreatedByID(w.viewer.ProfessionalID).
		Save(ctx)
}

// scopes checks that there is at least one scope, and drops what is said twice.
func (c *checks) scopes(field string, in []schema.Scope) []schema.Scope {
	if len(in) == 0 {
		c.refuse(field, "Give at least one scope.")
	}
	var out []schema.Scope
	for i, scope := range in {
		if !slices.Contains(schema.AllScopes(), scope) {
			c.refuse(fmt.Sprintf("%s.%d", field, i), "This is no scope.")
		}
		if !slices.Contains(out, scope) {
			out = append(out, scope)
		}
	}
	return out
}

// future checks that an instant, if given, is yet to come.
func (c *checks) future(ctx context.Context, field string, at *time.Time) {
	if at != nil && !at.After(access.Now(ctx)) {
		c.refuse(field, "This instant has passed.")
	}
}
