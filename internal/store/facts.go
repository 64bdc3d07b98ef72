package store

import (
	"context"
	"time"
)

// Facts are what an operator wants to know of a database.
type Facts struct {
	Version string
	// Skew is how far the database's clock is before this machine's; 0 on SQLite, which has none of its own.
	Skew time.Duration
	// Damage is the first thing that is wrong inside of an SQLite file; empty when it is whole.
	Damage string
	// Durable says that what was committed outlives a power cut.
	Durable bool

	Postgres *PostgresFacts // nil on SQLite
}

// PostgresFacts are those that only PostgreSQL has.
type PostgresFacts struct {
	Number           int // 150004 is 15.4
	Role             string
	Superuser        bool
	Schema           string   // where tables are made; empty where the role has none
	MayMigrate       bool     // whether it may make tables there
	Missing          []string // tables of the program that it may not read and write
	Standby          bool     // it takes no writes
	Encoding         string
	TLS              string // its version, or empty
	StatementTimeout string // "0" for none
	// Unsettled says that a session did not start with the settings that it asked for: an unnamed pooler stands between.
	Unsettled bool
	// Hears says whether a notification came through.
	Hears       bool
	HearProblem string
	Connections int // that the server admits
}

// Facts looks at the database, and changes nothing in it.
func (s *Store) Facts(ctx context.Context) (*Facts, error) {
	if s.postgres() {
		return s.postgresFacts(ctx)
	}
	return s.sqliteFacts(ctx)
}

func (s *Store) sqliteFacts(ctx context.Context) (*Facts, error) {
	f := &Facts{}
	if err := s.readers.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&f.Version); err != nil {
		return nil, err
	}
	var synchronous int
	if err := s.writers.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&synchronous); err != nil {
		return nil, err
	}
	f.Durable = synchronous >= 2
	var found string
	if err := s.readers.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&found); err != nil {
		return nil, err
	}
	if found != "ok" {
		f.Damage = found
	}
	return f, nil
}
