// Package store opens the database, SQLite or PostgreSQL, and is the only way to it.
//
// Its one rule: a read goes through Client, a write through Tx, and both hold the guard of internal/access. Nothing
// else in the program makes an ent client.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"entgo.io/ent/dialect"

	"continuum/ent"
	"continuum/internal/access"
	"continuum/internal/rows"
)

// Store is one database, migrated or not.
type Store struct {
	engine  string
	readers *sql.DB
	writers *sql.DB
	reader  *ent.Client
	writer  *ent.Client
	hub     *hub
	pooled  bool // a pooler stands between
	retried func(ctx context.Context, failed error)
	told    func(ctx context.Context, statement string, send func() error) error
	// listening is where PostgreSQL is heard.
	listening string
	line      chan struct{} // held by the one of those who have collided whose turn it is
	// maintenance opens a pool of its own, without the time limits of a request, for migrations.
	maintenance func() (*sql.DB, error)
}

// settings are what the options change.
type settings struct {
	report      func(ctx context.Context, statement string)
	span        func(ctx context.Context, statement string) (ended func(error))
	retried     func(ctx context.Context, failed error)
	readerLimit int
	writerLimit int
	direct      string
}

// Option changes how a store is opened.
type Option func(*settings)

// WithStatements calls report with the text of each SQL statement sent, never with its arguments. BEGIN and COMMIT are
// not reported, nor is what a migration does.
func WithStatements(report func(ctx context.Context, statement string)) Option {
	return func(s *settings) { s.report = report }
}

// WithSpans calls begin before each statement that an operation sends, and what it returns once the database has answered
// it, or its first row.
func WithSpans(begin func(ctx context.Context, statement string) (ended func(error))) Option {
	return func(s *settings) { s.span = begin }
}

// WithRetries calls report before a transaction is tried again; see Collided.
func WithRetries(report func(ctx context.Context, failed error)) Option {
	return func(s *settings) { s.retried = report }
}

// WithConnections bounds the connections that reads and writes may hold at once. SQLite has one writer whatever is said.
func WithConnections(readers, writers int) Option {
	return func(s *settings) { s.readerLimit, s.writerLimit = readers, writers }
}

// WithDirectURL names the PostgreSQL server itself where the store's own URL names a pooler in transaction mode, which
// can neither LISTEN, nor keep a prepared statement or a session's settings. Migrations and Load go there too. Where
// it is empty, the store's own URL is the server's.
func WithDirectURL(url string) Option {
	return func(s *settings) { s.direct = url }
}

// Open opens the database at a URL, "sqlite:FILE" or "postgres://...", and sees that it answers. It changes nothing in
// it: see Migrate.
func Open(ctx context.Context, url string, opts ...Option) (*Store, error) {
	set := settings{
		report:  func(context.Context, string) {},
		span:    func(context.Context, string) func(error) { return func(error) {} },
		retried: func(context.Context, error) {},
	}
	for _, opt := range opts {
		opt(&set)
	}
	s, err := open(url, set)
	if err != nil {
		return nil, err
	}
	s.line = make(chan struct{}, 1)
	s.retried, s.told = set.retried, set.told
	s.reader = s.client(s.readers, set)
	s.writer = s.client(s.writers, set)
	s.writer.Event.Use(collect)
	if err := s.Ping(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func open(url string, set settings) (*Store, error) {
	// The URL stays out of the errors: it may hold a password.
	scheme, rest, _ := strings.Cut(url, ":")
	switch scheme {
	case "sqlite":
		if set.direct != "" {
			return nil, errors.New("store: SQLite has no pooler before it, and so no direct URL")
		}
		return openSQLite(rest, set)
	case "postgres", "postgresql":
		return openPostgres(url, set)
	default:
		return nil, errors.New(`store: a database URL begins with "sqlite:" or "postgres://"`)
	}
}

// client makes a guarded client over a pool. There is no other ent.NewClient in the program.
func (s *Store) client(db *sql.DB, set settings) *ent.Client {
	client := ent.NewClient(ent.Driver(newDriver(s.engine, db, set)))
	access.Guard(client)
	return client
}

// Engine is the name ent has for the database: dialect.SQLite or dialect.Postgres.
func (s *Store) Engine() string { return s.engine }

// Client reads, under the guard. A write through it fails: see Tx.
func (s *Store) Client() *ent.Client { return s.reader }

// Read reads by a statement that is not ent's, and that holds a condition of internal/access by itself: the guard is not
// in the way. What it reads goes where rows.Read puts it.
func (s *Store) Read(ctx context.Context, statement string, args, lead []any, each func() (group int, err error), groups ...[]*rows.Part) error {
	var found *sql.Rows
	err := s.told(ctx, statement, func() (err error) {
		found, err = s.readers.QueryContext(ctx, statement, args...) //nolint:rowserrcheck,sqlclosecheck // rows.Read does both
		return err
	})
	if err != nil {
		return err
	}
	return rows.Read(found, lead, each, groups...)
}

// Ping says whether the database answers, to reads and to writes.
func (s *Store) Ping(ctx context.Context) error {
	// The writer goes first: on SQLite it makes the file that the readers open.
	if err := s.writers.PingContext(ctx); err != nil {
		return fmt.Errorf("store: %s does not answer: %w", s.engine, err)
	}
	if err := s.readers.PingContext(ctx); err != nil {
		return fmt.Errorf("store: %s does not answer: %w", s.engine, err)
	}
	return nil
}

// Pools tells how the connections for reads and for writes are used.
func (s *Store) Pools() (readers, writers sql.DBStats) { return s.readers.Stats(), s.writers.Stats() }

// Close ends every watcher's channel and every connection.
func (s *Store) Close() error {
	return errors.Join(s.hub.close(), s.readers.Close(), s.writers.Close())
}

func (s *Store) postgres() bool { return s.engine == dialect.Postgres }
