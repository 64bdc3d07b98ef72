package command

import (
	"context"
	"errors"
	"fmt"
	"os"

	"continuum/internal/store"
)

// backup is the command that copies an SQLite database.
type backup struct {
	File string `arg:"" type:"path" help:"The file to write. One that is there already is left as it is, and is an error."`
}

// byItsOwnTools is what to do on PostgreSQL.
const byItsOwnTools = `PostgreSQL has tools of its own for this, and they are the better ones. Once:

    pg_dump --format=custom --file=continuum.dump "$CONTINUUM_DATABASE"

(through no pooler). For a backup at every instant, and a restore to any of them, pgBackRest or the snapshots of a
managed server. Then restore it into an empty database and prove it:

    pg_restore --no-owner --exit-on-error --dbname="$EMPTY_DATABASE" continuum.dump
    CONTINUUM_DATABASE="$EMPTY_DATABASE" continuum verify
`

// Run copies the database while it is served.
func (b backup) Run(ctx context.Context, c *commands, house House) (err error) {
	if err := c.exists(); err != nil {
		return err
	}
	data, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	err = data.Backup(ctx, b.File)
	if errors.Is(err, store.ErrNoBackup) {
		_, _ = fmt.Fprint(house.Out, byItsOwnTools)
		return errors.New("nothing was backed up")
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(house.Out, "%s holds the database as it is now. Keep the keys of sealed copies apart from it, and prove it:\n"+
		"    continuum verify --database sqlite:%s\n", b.File, b.File)
	return err
}

// exists refuses an SQLite file that is not there: opening would make one.
func (c *commands) exists() error {
	file, err := c.sqliteFile()
	if err != nil || file == "" {
		return err
	}
	if _, err := os.Stat(file); err != nil {
		return fmt.Errorf("there is no database: %w", err)
	}
	return nil
}
