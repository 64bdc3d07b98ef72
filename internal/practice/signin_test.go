package practice_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	"github.com/google/go-cmp/cmp"

	"continuum/ent"
	"continuum/ent/professional"
	"continuum/ent/workspace"
	"continuum/internal/practice"
	"continuum/internal/storetest"
	"continuum/schema"
)

func TestSignIn_Refused(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		token := c.key(t, c.as(t, "paul"), "key")
		id, secret := token[:len("ck_")+26], token[len("ck_")+26:]
		for name, token := range map[string]string{
			"nothing":                "",
			"another scheme":         "sk" + token[2:],
			"no secret":              id + "_",
			"half a secret":          token[:len(token)-1],
			"more than a secret":     token + "0",
			"no id":                  "ck_" + secret,
			"an id that is none":     "ck_" + strings.Repeat("z", 26) + secret,
			"the id of another type": "ck_" + strings.TrimPrefix(c.id("paul"), "pro_") + secret,
			"an unknown id":          practice.NewKey().Token,
			"another secret":         id + "_" + strings.Repeat("0", 64),
			"another letter case":    id + strings.ToUpper(secret),
			"spaces":                 " " + token,
		} {
			if viewer, err := c.SignIn(t.Context(), token); viewer != nil || err != nil {
				t.Errorf("%s: %v, %v", name, viewer, err)
			}
		}
		if viewer, err := c.SignIn(t.Context(), token); viewer == nil || err != nil {
			t.Errorf("the token itself is refused: %v", err)
		}
	})
}

func TestSignIn_SaysNothingOfWhichKeysExist(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		token := c.key(t, c.as(t, "paul"), "key")
		sent := func(token string) []string {
			c.statements = nil
			if viewer, err := c.SignIn(t.Context(), token); viewer != nil || err != nil {
				t.Errorf("%v, %v", viewer, err)
			}
			return c.statements
		}
		unknown, wrong := sent(practice.NewKey().Token), sent(token[:len(token)-64]+strings.Repeat("0", 64))
		if diff := cmp.Diff(unknown, wrong); diff != "" || len(unknown) != 1 {
			t.Errorf("an unknown key and a wrong secret differ:\n%s", diff)
		}
	})
}

func TestA5_AKeyStopsWithWhatItStandsOn(t *testing.T) {
	for name, end := range map[string]func(context.Context, *clinic, *ent.Client) error{
		"revoked": func(ctx context.Context, c *clinic, tx *ent.Client) error {
			return tx.ApiKey.UpdateOneID(c.id("key")).SetRevokedAt(schema.Now()).Exec(ctx)
		},
		"expired": func(ctx context.Context, c *clinic, tx *ent.Client) error {
			return tx.ApiKey.UpdateOneID(c.id("key")).SetExpiresAt(schema.Now()).Exec(ctx)
		},
		"suspended": func(ctx context.Context, c *clinic, tx *ent.Client) error {
			return tx.Professional.UpdateOneID(c.id("paul")).SetStatus(professional.StatusSUSPENDED).Exec(ctx)
		},
		"workspace closed": func(ctx context.Context, c *clinic, tx *ent.Client) error {
			return tx.Workspace.UpdateOneID(c.id("clinic")).SetStatus(workspace.StatusCLOSED).Exec(ctx)
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachClinic(t, func(t *testing.T, c *clinic) {
				token := c.key(t, c.as(t, "paul"), "key")
				c.signedIn(t, token)
				c.system(t, func(ctx context.Context, tx *ent.Client) error { return end(ctx, c, tx) })
				if viewer, err := c.SignIn(t.Context(), token); viewer != nil || err != nil {
					t.Errorf("%v, %v", viewer, err)
				}
			})
		})
	}
}

func TestSignIn_ExpiresByTheClock(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		end := schema.Now().Add(time.Hour)
		payload, err := c.CreateApiKey(c.as(t, "paul"), practice.CreateApiKeyInput{Name: "X", Scopes: schema.AllScopes(), ExpiresAt: &end})
		if err != nil {
			t.Fatal(err)
		}
		for instant, want := range map[time.Time]bool{end.Add(-time.Second): true, end: false, end.Add(time.Second): false} {
			viewer, err := c.SignIn(at(t.Context(), instant), *payload.Secret)
			if err != nil || (viewer != nil) != want {
				t.Errorf("at %s of %s: %v, %v", instant, end, viewer, err)
			}
		}
	})
}

func TestSignIn_NotesItsUseEveryFiveMinutes(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		token := c.key(t, c.as(t, "paul"), "key")
		begin := schema.Now()
		for _, try := range []struct{ after, noted time.Duration }{
			{0, 0}, {time.Minute, 0}, {5*time.Minute - time.Second, 0}, {5 * time.Minute, 5 * time.Minute}, {6 * time.Minute, 5 * time.Minute},
		} {
			if viewer, err := c.SignIn(at(t.Context(), begin.Add(try.after)), token); viewer == nil || err != nil {
				t.Fatalf("after %s: %v", try.after, err)
			}
			row := c.store.Client().ApiKey.GetX(c.now(t), c.id("key"))
			if row.LastUsedAt == nil || !row.LastUsedAt.Equal(begin.Add(try.noted)) {
				t.Errorf("after %s the last use stands at %v", try.after, row.LastUsedAt)
			}
		}
	})
}

// Somebody holds the key's row: its use cannot be noted, and the sign-in stands.
func TestSignIn_StandsWhereItsUseCannotBeNoted(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		token := c.key(t, c.as(t, "paul"), "key")
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			if err := tx.ApiKey.UpdateOneID(c.id("key")).SetName("held").Exec(ctx); err != nil {
				return err
			}
			c.signedIn(t, token)
			return nil
		})
		if len(c.reported) != 1 || strings.Contains(c.reported[0].Error(), token[len("ck_")+26:]) {
			t.Errorf("reported %v", c.reported)
		}
	})
}

func TestMintKey_IsTheSameEveryTime(t *testing.T) {
	id := schema.NewID(schema.APIKeyPrefix)
	secret := [32]byte{1, 2, 3}
	if diff := cmp.Diff(practice.MintKey(id, secret), practice.MintKey(id, secret)); diff != "" {
		t.Error(diff)
	}
	if one, other := practice.NewKey(), practice.NewKey(); one.Token == other.Token || one.Hash == other.Hash {
		t.Error("two new keys are the same")
	}
}

func FuzzSignIn(f *testing.F) {
	s := storetest.Open(f, dialect.SQLite)
	p := practice.New(s)
	for _, seed := range []string{"", "ck_", practice.NewKey().Token, "ck_" + strings.Repeat("0", 26) + "_" + strings.Repeat("f", 64)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		if viewer, err := p.SignIn(t.Context(), token); viewer != nil || err != nil {
			t.Errorf("%q: %v, %v", token, viewer, err)
		}
	})
}
