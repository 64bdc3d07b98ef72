package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrNoBackup says that the engine has tools of its own for this.
var ErrNoBackup = errors.New("store: PostgreSQL is backed up by its own tools")

// Backup writes a whole copy of an SQLite database into a new file, for its owner's eyes alone. Readers and the writer go on
// meanwhile; the copy is of one instant. A file that is there already is left as it is, and a copy that fails leaves none.
func (s *Store) Backup(ctx context.Context, file string) error {
	if s.postgres() {
		return ErrNoBackup
	}
	if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("store: %s: %w", file, cmp.Or(err, fs.ErrExist))
	}
	// SQLite makes its file for everybody's eyes, so it makes it in a folder for ours, and it is named when it is whole.
	draft, err := os.MkdirTemp(filepath.Dir(file), ".continuum-backup-")
	if err != nil {
		return fmt.Errorf("store: back up: %w", err)
	}
	err = s.copyTo(ctx, filepath.Join(draft, "copy"), file)
	return errors.Join(err, os.RemoveAll(draft))
}

func (s *Store) copyTo(ctx context.Context, draft, file string) error {
	db, err := s.maintenance()
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", draft); err != nil {
		return fmt.Errorf("store: back up: %w", err)
	}
	if err := os.Chmod(draft, 0o600); err != nil {
		return err
	}
	if err := flush(draft); err != nil {
		return err
	}
	// Not a rename, which would replace a file that came meanwhile.
	if err := os.Link(draft, file); err != nil {
		return fmt.Errorf("store: back up: %w", err)
	}
	return flush(filepath.Dir(file))
}

// flush returns when a file, or the names in a folder, are on the disk.
func flush(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
