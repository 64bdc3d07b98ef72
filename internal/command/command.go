// Package command is the program's command line: one file per command.
//
// Its one rule: a command opens, wires, runs and stops; it decides nothing about
// people or records. Settings come from flags with the environment behind them, and
// what is secret from the environment or a file alone.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/alecthomas/kong"

	"continuum/internal/store"
)

// House is what the commands share.
type House struct {
	Out  io.Writer
	Log  *slog.Logger
	Page fs.FS // GraphiQL, or nothing where Node did not build it
}

// commands are what the program can do.
type commands struct {
	Database     secret `env:"CONTINUUM_DATABASE" default:"sqlite:data/continuum.db" help:"Where the data is: sqlite:FILE or postgres://HOST/NAME. A URL with a password is taken from the environment or a file alone."`
	DatabaseFile string `env:"CONTINUUM_DATABASE_FILE" type:"existingfile" placeholder:"FILE" help:"A file that holds the database's URL; it goes before --database."`
	Direct       direct `embed:""`

	Serve     serve     `cmd:"" default:"withargs" help:"Serve GraphQL at /graphql, and GraphiQL at /. The default."`
	Migrate   migrate   `cmd:"" help:"Bring the database to the version of this program."`
	Seed      seedData  `cmd:"" help:"Fill the database with the demo, or with large deterministic data."`
	Workspace workspace `cmd:"" help:"Make a workspace with its first administrator, and print their key."`
	Key       key       `cmd:"" help:"Make, list and revoke API keys."`
	SealKeys  sealKeys  `cmd:"" help:"Print a fresh keyset for sealed copies, or add a key to one."`

	Doctor doctorCommand `cmd:"" help:"Say what is wrong with the settings, the database, the keys and the machine, and what to do."`
	Backup backup        `cmd:"" help:"Copy an SQLite database while it is served."`
	Verify verify        `cmd:"" help:"Prove that a restored database is whole: its rows, its version, its sealed copies."`
	Health healthcheck   `cmd:"" name:"healthcheck" help:"Ask the server on this machine whether it is well."`
	SDL    sdl           `cmd:"" name:"sdl" help:"Print the schema of the graph."`
}

// Run does what the arguments say.
func Run(ctx context.Context, args []string, house House) error {
	if err := spokenAloud(args); err != nil {
		return err
	}
	var c commands
	parser, err := kong.New(&c,
		kong.Name("continuum"),
		kong.Description("A GraphQL server for practices and schools that follow people."),
		kong.Writers(house.Out, os.Stderr),
	)
	if err != nil {
		return err
	}
	chosen, err := parser.Parse(args)
	if err != nil {
		return err
	}
	chosen.BindTo(ctx, (*context.Context)(nil))
	return chosen.Run(&c, house)
}

// url is the database's URL, from the setting or from the file that it stands in.
func (c *commands) url() (string, error) {
	if c.DatabaseFile == "" {
		return string(c.Database), nil
	}
	return readURL(c.DatabaseFile)
}

// readURL reads a database's URL from a file.
func readURL(file string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("the database's URL cannot be read: %w", err)
	}
	return strings.TrimSpace(string(text)), nil
}

// beside is where a file of the program's own stands: beside the database's file, or in data/.
func (c *commands) beside(name string) (string, error) {
	url, err := c.url()
	if file, ok := strings.CutPrefix(url, "sqlite:"); ok {
		return filepath.Join(filepath.Dir(file), name), err
	}
	return filepath.Join("data", name), err
}

// sqliteFile is the database's file; none on PostgreSQL.
func (c *commands) sqliteFile() (string, error) {
	url, err := c.url()
	file, found := strings.CutPrefix(url, "sqlite:")
	if !found {
		return "", err
	}
	return file, err
}

// open opens the database that the settings name.
func (c *commands) open(ctx context.Context, opts ...store.Option) (*store.Store, error) {
	url, err := c.url()
	if err != nil {
		return nil, err
	}
	direct, err := c.Direct.url()
	if err != nil {
		return nil, err
	}
	return store.Open(ctx, url, append(opts, store.WithDirectURL(direct))...)
}

// current opens the database and refuses one that is not at this program's version.
func (c *commands) current(ctx context.Context) (*store.Store, error) {
	s, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	if err := upToDate(ctx, s, false); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// upToDate brings a fresh database to this program's version, and an older one when
// it is told to; it refuses a newer one.
func upToDate(ctx context.Context, s *store.Store, mayMigrate bool) error {
	state, err := s.State(ctx)
	if err != nil {
		return err
	}
	have, want, err := s.Version(ctx)
	if err != nil {
		return err
	}
	switch {
	case state == store.Current:
		return nil
	case state == store.Fresh || state == store.Older && mayMigrate:
		return s.Migrate(ctx)
	case state == store.Older:
		return fmt.Errorf("the database is at version %d, this program at %d: back it up, then run `continuum migrate` or serve with --migrate", have, want)
	default:
		return fmt.Errorf("the database is at version %d, this program only at %d: run the newer program", have, want)
	}
}
