package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"entgo.io/ent/dialect"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations
var migrations embed.FS

// State says how a database stands to this program.
type State int

// The states of a database.
const (
	Fresh   State = iota // nothing was ever migrated: it may be set up without asking
	Older                // it lacks migrations of this program: an operator decides when
	Current              // it is what this program expects
	Newer                // a later program migrated it: this one must not touch it
)

// Migrations are the files of one engine, by name.
func Migrations(engine string) (fs.FS, error) {
	folder := "postgres"
	if engine == dialect.SQLite {
		folder = "sqlite"
	}
	return fs.Sub(migrations, "migrations/"+folder)
}

// Version tells the last migration that the database has, 0 when it has none, and the last that this program has.
func (s *Store) Version(ctx context.Context) (have, want int64, err error) {
	want, err = latest(s.engine)
	if err != nil {
		return 0, 0, err
	}
	have, err = s.version(ctx)
	return have, want, err
}

// State compares the versions.
func (s *Store) State(ctx context.Context) (State, error) {
	have, want, err := s.Version(ctx)
	switch {
	case err != nil:
		return 0, err
	case have == 0:
		return Fresh, nil
	case have < want:
		return Older, nil
	case have == want:
		return Current, nil
	default:
		return Newer, nil
	}
}

// Migrate brings the database to the version of this program; of several processes that try at once one does it. It
// refuses a database that a later program has migrated.
func (s *Store) Migrate(ctx context.Context) error { return s.MigrateTo(ctx, 0) }

// MigrateTo stops at a version; 0 is the latest.
func (s *Store) MigrateTo(ctx context.Context, version int64) error {
	have, want, err := s.Version(ctx)
	if err != nil {
		return err
	}
	if have > want {
		return fmt.Errorf("store: the database is at version %d, newer than this program, which knows %d", have, want)
	}
	if version != 0 {
		want = version
	}
	if have >= want {
		return nil
	}
	if err := s.migrate(ctx, want); err != nil {
		// On SQLite nothing locks the others out. Who finds the work done by another is content.
		if have, check := s.version(ctx); check == nil && have == want {
			return nil
		}
		return fmt.Errorf("store: migrate: %w", err)
	}
	return nil
}

func (s *Store) migrate(ctx context.Context, version int64) (err error) {
	db, err := s.maintenance()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	files, err := Migrations(s.engine)
	if err != nil {
		return err
	}
	opts := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true), goose.WithSlog(slog.Default())}
	gooseDialect := goose.DialectSQLite3
	if s.postgres() {
		gooseDialect = goose.DialectPostgres
		// A table and not an advisory lock: a pooler would hand the lock's session to another.
		locker, err := lock.NewPostgresTableLocker(lock.WithTableLockTimeout(time.Second, 300))
		if err != nil {
			return err
		}
		opts = append(opts, goose.WithLocker(locker))
	}
	provider, err := goose.NewProvider(gooseDialect, db, files, opts...)
	if err != nil {
		return err
	}
	if _, err := provider.UpTo(ctx, version); err != nil {
		return err
	}
	if s.engine == dialect.SQLite {
		return orphans(ctx, db)
	}
	return nil
}

// orphans finds the rows that lost their parent while a migration had foreign keys off.
func orphans(ctx context.Context, db *sql.DB) error {
	var table, parent string
	var row sql.NullInt64
	var key int64
	err := db.QueryRowContext(ctx, "PRAGMA foreign_key_check").Scan(&table, &row, &parent, &key)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	default:
		return fmt.Errorf("a row of %s has lost its row of %s", table, parent)
	}
}

// version asks the database alone; goose would first create its table, which a look must not do.
func (s *Store) version(ctx context.Context) (int64, error) {
	exists := "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'goose_db_version'"
	if s.postgres() {
		exists = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'goose_db_version'"
	}
	var n, have int64
	if err := s.readers.QueryRowContext(ctx, exists).Scan(&n); err != nil || n == 0 {
		return 0, err
	}
	err := s.readers.QueryRowContext(ctx,
		"SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&have)
	return have, err
}

func latest(engine string) (int64, error) {
	files, err := Migrations(engine)
	if err != nil {
		return 0, err
	}
	names, err := fs.Glob(files, "*.sql")
	if err != nil || len(names) == 0 {
		return 0, err
	}
	// Names begin with a timestamp, so the last of them is the latest.
	return goose.NumericComponent(names[len(names)-1])
}
