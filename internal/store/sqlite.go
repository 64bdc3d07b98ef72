package store

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"

	"entgo.io/ent/dialect"
	"modernc.org/sqlite"
)

// openSQLite opens a file with two pools: SQLite has one writer, and a second one would only wait for it with its
// transaction open; readers see the last commit and wait for nobody.
func openSQLite(file string, set settings) (*Store, error) {
	if file == "" || file == ":memory:" {
		return nil, errors.New(`store: SQLite needs a file, as in "sqlite:data/continuum.db"`)
	}
	if err := makeFile(file); err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	writers, err := sqlitePool(file, 1, "journal_mode(WAL)", "foreign_keys(ON)", "synchronous(FULL)")
	if err != nil {
		return nil, err
	}
	limit := set.readerLimit
	if limit == 0 {
		limit = max(4, min(16, 2*runtime.NumCPU()))
	}
	readers, err := sqlitePool(file, limit, "query_only(ON)")
	if err != nil {
		return nil, errors.Join(err, writers.Close())
	}
	return &Store{
		engine: dialect.SQLite, readers: readers, writers: writers, hub: &hub{},
		maintenance: func() (*sql.DB, error) {
			return sqlitePool(file, 1, "journal_mode(WAL)", "foreign_keys(ON)", "synchronous(FULL)")
		},
	}, nil
}

// makeFile makes the file and its folder for the owner's eyes alone; SQLite itself would let the group read it.
func makeFile(file string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

func sqlitePool(file string, limit int, pragmas ...string) (*sql.DB, error) {
	query := url.Values{
		// A write transaction takes the lock at its start: one that reads first and then writes could not be retried by waiting.
		"_txlock":      {"immediate"},
		"_time_format": {"sqlite"},
		"_timezone":    {"UTC"},
		// busy_timeout comes first, as the others may have to wait for a lock themselves.
		"_pragma": append([]string{"busy_timeout(10000)"}, pragmas...),
	}
	address := url.URL{Scheme: "file", Opaque: (&url.URL{Path: file}).EscapedPath(), RawQuery: query.Encode()}
	connector, err := sqlite.NewConnector(address.String())
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	db := sql.OpenDB(preparingSQLite{connector})
	db.SetMaxOpenConns(limit)
	db.SetMaxIdleConns(limit)
	return db, nil
}

// preparingSQLite opens connections that keep prepared statements.
type preparingSQLite struct{ sqldriver.Connector }

func (c preparingSQLite) Connect(ctx context.Context) (sqldriver.Conn, error) {
	raw, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	conn, ok := raw.(connection)
	if !ok {
		return nil, fmt.Errorf("store: a %T lacks what a connection of SQLite had", raw)
	}
	return newPreparing(conn), nil
}
