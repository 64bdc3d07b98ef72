package practice

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/ent/account"
	"continuum/ent/professional"
	"continuum/ent/workspace"
	"continuum/internal/access"
	"continuum/internal/issuer"
	"continuum/schema"
)

// signInByAccount tells who an access token acts as: the professional that its account
// is in the workspace asked for, or in the one where it has been the longest. Nothing is
// written, unless an invitation waits for them.
func (p *Practice) signInByAccount(ctx context.Context, token string) (*access.Viewer, error) {
	who, err := p.issuer.Verify(ctx, token, access.Now(ctx))
	if err != nil {
		return nil, fmt.Errorf("sign-in: %w", err)
	}
	if who == nil {
		return nil, nil
	}
	acting, err := p.acting(ctx, who)
	if err != nil {
		return nil, fmt.Errorf("sign-in: read the account: %w", err)
	}
	welcomed, err := p.welcome(ctx, who, acting)
	if err != nil {
		return nil, fmt.Errorf("sign-in: welcome who is invited: %w", err)
	}
	if welcomed {
		if acting, err = p.acting(ctx, who); err != nil {
			return nil, fmt.Errorf("sign-in: read the account: %w", err)
		}
	}
	chosen, err := choose(ctx, acting)
	if err != nil || chosen == nil {
		return nil, err
	}
	viewer, err := access.Load(ctx, p.store.Client(), chosen.ID, scopesOf(who))
	if err != nil {
		return nil, fmt.Errorf("sign-in: read who it is: %w", err)
	}
	if viewer != nil {
		viewer.ExpiresAt = &who.Expires
		viewer.Unchosen = len(acting) > 1 && access.WorkspaceAsked(ctx) == ""
	}
	return viewer, nil
}

// acting is what an account may act as now, the longest membership first.
func (p *Practice) acting(ctx context.Context, who *issuer.Identity) ([]*ent.Professional, error) {
	return p.store.Client().Professional.Query().
		Where(professional.StatusEQ(professional.StatusACTIVE), ofAccount(who), inActiveWorkspace).
		Order(professional.ByCreatedAt(), professional.ByID()).
		All(access.System(ctx, "sign-in: nobody asks yet"))
}

func ofAccount(who *issuer.Identity) func(*sql.Selector) {
	return func(s *sql.Selector) {
		a := sql.Table(account.Table).As("a")
		s.Join(a).On(s.C(professional.FieldAccountID), a.C(account.FieldID)).
			Where(sql.And(sql.EQ(a.C(account.FieldIssuer), who.Issuer), sql.EQ(a.C(account.FieldSubject), who.Subject)))
	}
}

func inActiveWorkspace(s *sql.Selector) {
	w := sql.Table(workspace.Table).As("w")
	s.Join(w).On(s.C(professional.FieldWorkspaceID), w.C(workspace.FieldID)).
		Where(sql.EQ(w.C(workspace.FieldStatus), workspace.StatusACTIVE))
}

// choose takes the membership in the workspace that is asked for, or else the first; nil
// for who has none at all, to whom nothing more is told.
func choose(ctx context.Context, acting []*ent.Professional) (*ent.Professional, error) {
	if len(acting) == 0 {
		return nil, nil
	}
	asked := access.WorkspaceAsked(ctx)
	if asked == "" {
		return acting[0], nil
	}
	at := slices.IndexFunc(acting, func(row *ent.Professional) bool { return row.WorkspaceID == asked })
	if at < 0 {
		return nil, access.ErrNoWorkspace
	}
	return acting[at], nil
}

// scopePrefix begins the words of a token's claim "scope" that are for us.
const scopePrefix = "continuum:"

// scopesOf is what a token may be used for: everything, unless it names scopes of ours
// (continuum:profiles_read); then those alone.
func scopesOf(who *issuer.Identity) []schema.Scope {
	named, scopes := false, []schema.Scope{}
	for _, word := range who.Scopes {
		name, ours := strings.CutPrefix(word, scopePrefix)
		named = named || ours
		if scope := schema.Scope(strings.ToUpper(name)); ours && slices.Contains(schema.AllScopes(), scope) {
			scopes = append(scopes, scope)
		}
	}
	if !named {
		return schema.AllScopes()
	}
	return scopes
}
