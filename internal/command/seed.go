package command

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"

	"continuum/internal/seed"
	"continuum/internal/store"
)

// seedData is the command that fills a database.
type seedData struct {
	Profiles int `placeholder:"N" help:"Add large deterministic data: N profiles with their records, links and contacts. The demo when absent."`
}

// Run fills the database; a fresh one is brought to this program's version first.
func (s seedData) Run(ctx context.Context, c *commands, house House) (err error) {
	data, err := c.current(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	if s.Profiles > 0 {
		return seed.Bulk(ctx, data, s.Profiles, func(done string) { _, _ = fmt.Fprintln(house.Out, done) })
	}
	cast, _, err := c.demo(ctx, data)
	if err != nil {
		return err
	}
	if cast == nil {
		return errors.New("the database has the demo already")
	}
	_, err = cast.WriteTo(house.Out)
	return err
}

// demo makes the demo where there is none yet. Its keys stand in a file beside the
// database, so that they can be told again.
func (c *commands) demo(ctx context.Context, data *store.Store) (made *seed.Cast, keys string, err error) {
	if keys, err = c.beside("demo-keys.txt"); err != nil {
		return nil, "", err
	}
	made, err = seed.Demo(ctx, data)
	if err != nil || made == nil {
		return nil, keys, err
	}
	if err := os.MkdirAll(filepath.Dir(keys), 0o700); err != nil {
		return nil, "", err
	}
	return made, keys, made.WriteFile(keys)
}

// greet makes the demo where there is none yet, and tells a newcomer how to begin.
func greet(ctx context.Context, c *commands, data *store.Store, at net.Addr, house House) error {
	_, keys, err := c.demo(ctx, data)
	if err != nil {
		return err
	}
	told, err := os.ReadFile(keys)
	if err != nil {
		return fmt.Errorf("the demo is there, but its keys are not: remove the database to make it anew: %w", err)
	}
	first, _, _ := strings.Cut(string(told), "\n")
	fields := strings.Fields(first)
	if len(fields) == 0 {
		return fmt.Errorf("%s is empty: remove the database to make the demo anew", keys)
	}
	_, err = fmt.Fprintf(house.Out, `
Continuum listens at http://%s

  1. Open it in a browser. GraphiQL shows a query over the demo.
  2. Paste this into the Headers pane, below the query:
     {"Authorization": "Bearer %s"}
  3. Run the query, then try other pairs of eyes (the keys are in %s too):
     Ben, in the clinic, sees the same Léa beside another record; neither learns of the other's.
     Cora, who coordinates, knows which records there are, and not one name.

%s
`, at, fields[len(fields)-1], keys, indent(string(told)))
	return err
}

func indent(text string) string {
	return "     " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n     ")
}
