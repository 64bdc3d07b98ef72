package practice_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"continuum/ent"
	"continuum/ent/apikey"
	"continuum/internal/access"
	"continuum/internal/practice"
	"continuum/schema"
)

// key makes a key for somebody and remembers its id; it returns the token.
func (c *clinic) key(t *testing.T, ctx context.Context, name string, scopes ...schema.Scope) string {
	t.Helper()
	if scopes == nil {
		scopes = schema.AllScopes()
	}
	payload, err := c.CreateApiKey(ctx, practice.CreateApiKeyInput{Name: name, Scopes: scopes})
	if err != nil {
		t.Fatal(err)
	}
	c.ids[name] = payload.ApiKey.ID
	return *payload.Secret
}

// signedIn is a context in which the holder of a token asks.
func (c *clinic) signedIn(t *testing.T, token string) context.Context {
	t.Helper()
	viewer, err := c.SignIn(t.Context(), token)
	if err != nil || viewer == nil {
		t.Fatalf("the token is refused: %v", err)
	}
	return access.WithViewer(t.Context(), viewer)
}

func TestCreateApiKey(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		expires := schema.Now().Add(time.Hour)
		var token string
		c.expect(t, "paul", "api_key.created", []string{"paul"}, func(ctx context.Context) error {
			payload, err := c.CreateApiKey(ctx, practice.CreateApiKeyInput{
				Name: "booking", Scopes: []schema.Scope{schema.ScopeProfilesRead, schema.ScopeProfilesRead}, ExpiresAt: &expires,
			})
			if err == nil {
				c.ids["booking"], token = payload.ApiKey.ID, *payload.Secret
			}
			return err
		})
		row := c.store.Client().ApiKey.GetX(c.now(t), c.id("booking"))
		secret := token[strings.LastIndex(token, "_")+1:]
		if row.ProfessionalID != c.id("paul") || len(row.Scopes) != 1 || !row.ExpiresAt.Equal(expires) ||
			!strings.HasPrefix(row.ID, "key_") || !strings.HasPrefix(token, "ck_"+strings.TrimPrefix(row.ID, "key_")+"_") {
			t.Errorf("stored %v", row)
		}
		if len(secret) < 64 || strings.Contains(row.Hash, secret) || len(row.Hash) != 64 {
			t.Error("the secret is kept, or is short")
		}
		viewer := access.ViewerFrom(c.signedIn(t, token))
		if viewer.ProfessionalID != c.id("paul") || viewer.KeyID != row.ID || !viewer.Has(schema.ScopeProfilesRead) || viewer.Has(schema.ScopeProfilesWrite) {
			t.Errorf("signs in as %v", viewer)
		}
	})
}

func TestCreateApiKey_Refused(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		all := schema.AllScopes()
		for name, try := range map[string]struct {
			in   practice.CreateApiKeyInput
			want string
		}{
			"no name":      {practice.CreateApiKeyInput{Scopes: all}, "INVALID name"},
			"no scope":     {practice.CreateApiKeyInput{Name: "X"}, "INVALID scopes"},
			"such scope":   {practice.CreateApiKeyInput{Name: "X", Scopes: []schema.Scope{"ALL"}}, "INVALID scopes.0"},
			"in the past":  {practice.CreateApiKeyInput{Name: "X", Scopes: all, ExpiresAt: ptr(time.Now().Add(-time.Second))}, "INVALID expiresAt"},
			"without them": {practice.CreateApiKeyInput{Name: "X", Scopes: all}, "MISSING_SCOPE scopes"},
		} {
			t.Run(name, func(t *testing.T) {
				c.unchanged(t, func() {
					_, err := c.CreateApiKey(c.as(t, "ann", schema.ScopeWorkspaceWrite), try.in)
					c.refused(t, err, try.want)
				})
			})
		}
		c.unchanged(t, func() {
			_, err := c.CreateApiKey(c.as(t, "ann", schema.ScopeWorkspaceRead), practice.CreateApiKeyInput{Name: "X", Scopes: all})
			c.refused(t, err, "MISSING_SCOPE")
		})
	})
}

func TestCreateApiKey_AtMostFifty(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			for range 50 {
				key := practice.NewKey()
				err := tx.ApiKey.Create().SetID(key.ID).SetHash(key.Hash).SetProfessionalID(c.id("paul")).
					SetName("old").SetScopes(schema.AllScopes()).Exec(ctx)
				if err != nil {
					return err
				}
				c.ids["last"] = key.ID
			}
			return nil
		})
		in := practice.CreateApiKeyInput{Name: "one more", Scopes: schema.AllScopes()}
		c.unchanged(t, func() {
			_, err := c.CreateApiKey(c.as(t, "paul"), in)
			c.refused(t, err, "INVALID_STATE")
		})
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			return tx.ApiKey.UpdateOneID(c.id("last")).SetExpiresAt(time.Now().Add(-time.Hour)).Exec(ctx)
		})
		if _, err := c.CreateApiKey(c.as(t, "paul"), in); err != nil {
			t.Errorf("a key that has run out counts: %v", err)
		}
	})
}

func TestG3_AKeyNeverExceedsItsProfessional(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		narrow := c.signedIn(t, c.key(t, c.as(t, "ann"), "narrow", schema.ScopeWorkspaceWrite, schema.ScopeWorkspaceRead))
		_, err := c.CreateApiKey(narrow, practice.CreateApiKeyInput{Name: "wide", Scopes: schema.AllScopes()})
		c.refused(t, err, "MISSING_SCOPE scopes")
		_, err = c.CreateContact(narrow, practice.CreateContactInput{GivenName: "X"})
		c.refused(t, err, "MISSING_SCOPE")

		// A key does what its professional may do now, not what they might when it was made.
		if _, err = c.CreateUnit(narrow, practice.CreateUnitInput{Name: "One"}); err != nil {
			t.Fatal(err)
		}
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			return tx.Professional.UpdateOneID(c.id("ann")).SetRoles([]schema.Role{schema.RolePractitioner}).Exec(ctx)
		})
		_, err = c.CreateUnit(narrow, practice.CreateUnitInput{Name: "Two"})
		c.refused(t, err, "FORBIDDEN")
	})
}

func TestG3_AKeyMakesNoKeyThatOutlivesIt(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		end := schema.Now().Add(time.Hour)
		payload, err := c.CreateApiKey(c.as(t, "paul"), practice.CreateApiKeyInput{Name: "an hour", Scopes: schema.AllScopes(), ExpiresAt: &end})
		if err != nil {
			t.Fatal(err)
		}
		ctx := c.signedIn(t, *payload.Secret)
		for _, expires := range []*time.Time{nil, ptr(end.Add(time.Second))} {
			_, err = c.CreateApiKey(ctx, practice.CreateApiKeyInput{Name: "X", Scopes: schema.AllScopes(), ExpiresAt: expires})
			c.refused(t, err, "INVALID expiresAt")
		}
		_, err = c.CreateApiKey(ctx, practice.CreateApiKeyInput{Name: "X", Scopes: schema.AllScopes(), ExpiresAt: &end})
		c.refused(t, err)
	})
}

func TestRevokeApiKey(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		tokens := map[string]string{"mine": c.key(t, c.as(t, "paul"), "mine"), "theirs": c.key(t, c.as(t, "paul"), "theirs")}
		c.unchanged(t, func() {
			for _, who := range []string{"rita", "mia", "bob"} {
				_, err := c.RevokeApiKey(c.as(t, who), practice.RevokeApiKeyInput{ID: c.id("mine")})
				c.refused(t, err, "NOT_FOUND id")
			}
		})
		for name, who := range map[string]string{"mine": "paul", "theirs": "ann"} {
			in := practice.RevokeApiKeyInput{ID: c.id(name)}
			c.expect(t, who, "api_key.revoked", []string{name, "paul"}, func(ctx context.Context) error {
				payload, err := c.RevokeApiKey(ctx, in)
				if err == nil && payload.ApiKey.RevokedAt == nil {
					t.Error("not revoked")
				}
				return err
			})
			if viewer, err := c.SignIn(t.Context(), tokens[name]); viewer != nil || err != nil {
				t.Errorf("%s still signs in: %v", name, err)
			}
			c.unchanged(t, func() {
				_, err := c.RevokeApiKey(c.as(t, who), in)
				c.refused(t, err, "INVALID_STATE id")
			})
		}
		row := c.store.Client().ApiKey.Query().Where(apikey.ID(c.id("theirs"))).OnlyX(c.now(t))
		if row.RevokedByID != c.id("ann") {
			t.Errorf("revoked by %s", row.RevokedByID)
		}
	})
}
