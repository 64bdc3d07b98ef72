package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"time"

	"github.com/lib/pq"
)

// hearingTime is how long a notification may take.
const hearingTime = 5 * time.Second

// look is what one statement tells of the server and the session.
const look = `SELECT clock_timestamp(), current_setting('server_version'), current_setting('server_version_num')::int,
	current_user, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),
	coalesce(current_schema(), ''), coalesce(has_schema_privilege(current_schema(), 'CREATE'), false),
	pg_is_in_recovery(), current_setting('server_encoding'), current_setting('statement_timeout'),
	current_setting('max_connections')::int,
	current_setting('fsync')::bool AND current_setting('synchronous_commit') <> 'off',
	coalesce((SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl), '')`

// missing are the tables that the role may not use as the program does.
const missing = `SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
	AND NOT (has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT')
		AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE'))
	ORDER BY relname`

func (s *Store) postgresFacts(ctx context.Context) (*Facts, error) {
	f, p := &Facts{}, &PostgresFacts{}
	f.Postgres = p
	var clock time.Time
	before := time.Now()
	err := s.writers.QueryRowContext(ctx, look).Scan(&clock, &f.Version, &p.Number, &p.Role, &p.Superuser, &p.Schema,
		&p.MayMigrate, &p.Standby, &p.Encoding, &p.StatementTimeout, &p.Connections, &f.Durable, &p.TLS)
	if err != nil {
		return nil, fmt.Errorf("store: look at the server: %w", err)
	}
	// Halfway between asking and the answer is the best guess of when it was said.
	f.Skew = clock.Sub(before.Add(time.Since(before) / 2))
	if p.Missing, err = names(ctx, s.writers, missing); err != nil {
		return nil, fmt.Errorf("store: look at the tables: %w", err)
	}
	if !s.pooled {
		var readOnly string
		if err := s.readers.QueryRowContext(ctx, "SELECT current_setting('default_transaction_read_only')").Scan(&readOnly); err != nil {
			return nil, fmt.Errorf("store: look at a reader: %w", err)
		}
		p.Unsettled = readOnly != "on"
	}
	if !p.Standby {
		p.Hears, p.HearProblem = s.hears(ctx)
	}
	return f, nil
}

// hears sends a notification the way that writes go, and waits for it the way that events come.
func (s *Store) hears(ctx context.Context) (bool, string) {
	ctx, cancel := context.WithTimeout(ctx, hearingTime)
	defer cancel()
	problem := "nothing came within " + hearingTime.String()
	l := pq.NewDialListener(dialer{patience: hearingTime}, s.listening, time.Second, time.Second, nil)
	defer func() { _ = l.Close() }()
	name := "continuum_doctor_" + rand.Text()
	began := make(chan error, 1)
	go func() { began <- l.Listen(name) }()
	select {
	case err := <-began:
		if err != nil {
			return false, err.Error()
		}
	case <-ctx.Done():
		return false, problem
	}
	if _, err := s.writers.ExecContext(ctx, "SELECT pg_notify($1, '')", name); err != nil {
		return false, err.Error()
	}
	select {
	case n := <-l.Notify:
		return n != nil, problem
	case <-ctx.Done():
		return false, problem
	}
}

func names(ctx context.Context, db *sql.DB, query string) ([]string, error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		found = append(found, name)
	}
	return found, rows.Err()
}
