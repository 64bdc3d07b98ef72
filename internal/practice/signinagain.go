package practice

import (
	"context"
	"fmt"

	"continuum/ent"
	"continuum/internal/access"
)

// SignInAgain tells what a viewer who signed in a while ago may do now. It is nil,
// without an error, once their key or they themselves may no longer act.
func (p *Practice) SignInAgain(ctx context.Context, v *access.Viewer) (*access.Viewer, error) {
	if v == nil || v.ExpiresAt != nil && !v.ExpiresAt.After(access.Now(ctx)) {
		return nil, nil
	}
	if v.KeyID != "" {
		key, err := p.store.Client().ApiKey.Get(access.System(ctx, "sign-in: nobody asks yet"), v.KeyID)
		if ent.IsNotFound(err) || err == nil && !works(ctx, key) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("sign-in: read the key: %w", err)
		}
	}
	fresh, err := v.Reload(ctx, p.store.Client())
	if err != nil {
		return nil, fmt.Errorf("sign-in: read who it is: %w", err)
	}
	// A membership that another account holds by now is no longer the one that signed in.
	if fresh != nil && v.KeyID == "" && fresh.AccountID != v.AccountID {
		return nil, nil
	}
	return fresh, nil
}
