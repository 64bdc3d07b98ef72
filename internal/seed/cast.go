package seed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"continuum/ent"
	"continuum/internal/practice"
	"continuum/schema"
)

// Cast is the keys to a demo, in the order in which a newcomer tries them.
type Cast struct {
	Keys []Key
}

// Key opens the demo as one of its professionals.
type Key struct {
	Name      string // who it acts as
	Role      string // what they are there
	Workspace string // where
	Token     string // what to send

	professional string
	minted       practice.Key
	scopes       []schema.Scope
}

// draw makes a key for each of the professionals, and one with few scopes for a program of Ann's. They are drawn at
// random: a key that is the same everywhere would open every demo that somebody left running.
func draw() *Cast {
	where := map[string]string{clinic: "clinic", school: "school"}
	cast := &Cast{}
	add := func(p demoProfessional, role string, scopes []schema.Scope) {
		minted := practice.NewKey()
		cast.Keys = append(cast.Keys, Key{
			Name: p.name, Role: role, Workspace: where[p.workspace], Token: minted.Token,
			professional: p.id, minted: minted, scopes: scopes,
		})
	}
	few := []schema.Scope{schema.ScopeProfilesRead, schema.ScopeContactsRead}
	for _, p := range professionals {
		add(p, strings.ToLower(p.title), schema.AllScopes())
		if p.id == ann {
			add(p, "integration: reads profiles and contacts", few)
		}
	}
	return cast
}

func (c *Cast) write(ctx context.Context, tx *ent.Client) error {
	for _, k := range c.Keys {
		err := tx.ApiKey.Create().SetID(k.minted.ID).SetProfessionalID(professionalID(k.professional)).
			SetName("Demo: " + k.Role).SetHash(k.minted.Hash).SetScopes(k.scopes).
			SetCreatedAt(day(0)).SetCreatedByID(professionalID(k.professional)).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// WriteTo lists the keys for people, a line each.
func (c *Cast) WriteTo(w io.Writer) (int64, error) {
	var text strings.Builder
	columns := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for _, k := range c.Keys {
		line := strings.Join([]string{k.Name, k.Workspace, k.Role, k.Token}, "\t")
		if _, err := io.WriteString(columns, line+"\n"); err != nil {
			return 0, err
		}
	}
	if err := columns.Flush(); err != nil {
		return 0, err
	}
	n, err := io.WriteString(w, text.String())
	return int64(n), err
}

// WriteFile keeps the keys in a file that only its owner reads, in place of what stood there.
func (c *Cast) WriteFile(path string) error {
	// The mode of os.OpenFile is for a file that it makes: an older one keeps its own, so it goes first.
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("seed: %w", err)
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	if _, err := c.WriteTo(file); err != nil {
		return errors.Join(fmt.Errorf("seed: %w", err), file.Close())
	}
	return file.Close()
}
