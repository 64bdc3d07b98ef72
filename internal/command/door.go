package command

import (
	"context"
	"errors"
	"strings"

	"continuum/ent/apikey"
	"continuum/internal/access"
	"continuum/internal/store"
)

// howToSignIn is how an operator lets the first person in.
const howToSignIn = "make a workspace, which prints a key (continuum workspace --help), or name the issuer of access tokens (--oidc-issuer)"

// lock refuses to open a door that nobody could have a key to: it says so before the
// first caller tries, and before somebody looks for a switch that turns sign-in off. There is none.
func (s serve) lock(ctx context.Context, data *store.Store, url string, loopback bool) (keys bool, err error) {
	keys, err = workingKeys(ctx, data)
	if err != nil || keys || s.OIDC.configured() {
		return keys, err
	}
	if !loopback {
		return false, errors.New("nobody could sign in, so this address is not opened: " + howToSignIn + "; or listen on loopback")
	}
	if !strings.HasPrefix(url, "sqlite:") {
		return false, errors.New("nobody could sign in to this PostgreSQL, so it is not served: " + howToSignIn)
	}
	return false, nil
}

// workingKeys says whether anybody has a key that signs in.
func workingKeys(ctx context.Context, data *store.Store) (bool, error) {
	return data.Client().ApiKey.Query().
		Where(apikey.RevokedAtIsNil(), apikey.Or(apikey.ExpiresAtIsNil(), apikey.ExpiresAtGT(access.Now(ctx)))).
		Exist(access.System(ctx, "is there a way to sign in?"))
}
