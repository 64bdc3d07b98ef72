package practice

import (
	"context"
	"fmt"
	"strings"
	"time"

	"continuum/ent"
	"continuum/ent/apikey"
	"continuum/internal/access"
)

const (
	// useNotedEvery is how long a key's last use may stand before it is noted again.
	useNotedEvery = 5 * time.Minute
	// useNotedWithin bounds how long a sign-in waits for that.
	useNotedWithin = time.Second
)

// noHash is what the secret of an unknown key is compared with: no secret has it.
var noHash = strings.Repeat("0", 2*32)

// SignIn tells who a token acts as: an API key, which begins with ck_, or an access token
// of the issuer. The viewer is nil, without an error, for every token that is refused,
// whatever the reason; access.ErrNoWorkspace says that the context asks for a workspace
// which is not theirs, and any other error is a fault.
func (p *Practice) SignIn(ctx context.Context, token string) (*access.Viewer, error) {
	if strings.HasPrefix(token, tokenPrefix) {
		return p.signInByKey(ctx, token)
	}
	if p.issuer != nil {
		return p.signInByAccount(ctx, token)
	}
	return nil, nil
}

// signInByKey tells who a key's token acts as: one professional, in their workspace.
func (p *Practice) signInByKey(ctx context.Context, token string) (*access.Viewer, error) {
	id, secret, ok := parseToken(token)
	if !ok {
		return nil, nil
	}
	system := access.System(ctx, "sign-in: nobody asks yet")
	viewer, key, err := p.keys.Load(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("sign-in: read the key and who it is: %w", err)
	}
	hash := noHash
	if key != nil {
		hash = key.Hash
	}
	if !sameHash(hash, hashSecret(secret)) || !works(ctx, key) {
		return nil, nil
	}
	if asked := access.WorkspaceAsked(ctx); asked != "" && asked != viewer.WorkspaceID {
		return nil, access.ErrNoWorkspace
	}
	viewer.KeyID, viewer.ExpiresAt = key.ID, key.ExpiresAt
	p.noteUse(system, key)
	return viewer, nil
}

// works says whether a key has neither been revoked nor run out.
func works(ctx context.Context, key *ent.ApiKey) bool {
	return key.RevokedAt == nil && (key.ExpiresAt == nil || key.ExpiresAt.After(access.Now(ctx)))
}

// noteUse writes down that a key was used, when the last note is old. The sign-in
// stands even where the note fails.
func (p *Practice) noteUse(ctx context.Context, key *ent.ApiKey) {
	now := access.Now(ctx)
	old := now.Add(-useNotedEvery)
	if key.LastUsedAt != nil && key.LastUsedAt.After(old) {
		return
	}
	// One note per key at a time: those who come meanwhile would only wait to write the same.
	if _, noting := p.noting.LoadOrStore(key.ID, true); noting {
		return
	}
	defer p.noting.Delete(key.ID)
	ctx, cancel := context.WithTimeout(ctx, useNotedWithin)
	defer cancel()
	err := p.store.Tx(ctx, func(ctx context.Context, tx *ent.Client) error {
		return tx.ApiKey.Update().
			Where(apikey.ID(key.ID), apikey.Or(apikey.LastUsedAtIsNil(), apikey.LastUsedAtLTE(old))).
			SetLastUsedAt(now).
			Exec(ctx)
	})
	if err != nil {
		p.report(ctx, fmt.Errorf("note the use of key %s: %w", key.ID, err))
	}
}
