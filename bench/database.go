package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	_ "github.com/lib/pq"  // drives PostgreSQL
	_ "modernc.org/sqlite" // drives SQLite
)

// database is the one that every target reads and writes.
type database struct {
	*sql.DB
	sqlite     bool
	url        string // as this program's settings have it
	version    string
	pid        int          // of the server's first process; 0 where it is not on this machine, or there is none
	statements bool         // whether pg_stat_statements counts them
	since      time.Time    // when this run began; what is younger was written by it
	discard    func() error // of one that was made for this run
}

// buildProgram builds this server as it is released.
func buildProgram(ctx context.Context, folder string) (string, error) {
	program := filepath.Join(folder, "continuum")
	build := exec.CommandContext(ctx, "go", "build", "-o", program, "continuum")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return "", fmt.Errorf("build the server: %w", err)
	}
	return program, nil
}

// prepare opens the database that is named, or makes one on the server that is named, and fills it where it is empty.
func prepare(ctx context.Context, o options, program string) (*database, error) {
	data, err := open(ctx, o.database)
	if err != nil {
		return nil, err
	}
	if data.filled(ctx) {
		return data, data.older(ctx)
	}
	if !data.sqlite {
		if data, err = data.fresh(ctx); err != nil {
			return nil, err
		}
	}
	seed := data.command(ctx, program, "seed", "--profiles="+strconv.Itoa(o.profiles))
	if err := seed.Run(); err != nil {
		return nil, fmt.Errorf("seed: %w", err)
	}
	return data, data.older(ctx)
}

// older makes sure that all of the data is older than this run, which takes back whatever is younger.
func (d *database) older(ctx context.Context) error {
	var younger int
	err := d.QueryRowContext(ctx, `SELECT count(*) FROM profiles WHERE created_at >= $1`, d.since).Scan(&younger)
	if err == nil && younger > 0 {
		err = errors.New("this machine's clock is behind the data")
	}
	return err
}

func open(ctx context.Context, address string) (*database, error) {
	data := &database{url: address, since: time.Now().UTC(), discard: func() error { return nil }}
	file, isFile := strings.CutPrefix(address, "sqlite:")
	switch {
	case isFile:
		return data, data.openSQLite(ctx, file)
	case strings.HasPrefix(address, "postgres"):
		return data, data.openPostgres(ctx)
	default:
		return nil, errors.New("name a database: -database, or run it by make bench")
	}
}

func (d *database) openSQLite(ctx context.Context, file string) (err error) {
	d.sqlite = true
	d.DB, err = sql.Open("sqlite", "file:"+file+"?_time_format=sqlite&_timezone=UTC&_pragma=busy_timeout(10000)")
	if err != nil {
		return err
	}
	err = d.QueryRowContext(ctx, `SELECT sqlite_version()`).Scan(&d.version)
	d.version = "SQLite " + d.version
	return err
}

func (d *database) openPostgres(ctx context.Context) (err error) {
	if d.DB, err = sql.Open("postgres", d.url); err != nil {
		return err
	}
	var backend int
	err = d.QueryRowContext(ctx, `SELECT current_setting('server_version'), pg_backend_pid()`).Scan(&d.version, &backend)
	if err != nil {
		return err
	}
	d.version = "PostgreSQL " + d.version
	if p, found := processOf(backend); found {
		d.pid = p.parent
	}
	_, err = d.ExecContext(ctx, `CREATE EXTENSION IF NOT EXISTS pg_stat_statements; SELECT count(*) FROM pg_stat_statements`)
	d.statements = err == nil // another server may have none: then they are not counted
	return nil
}

// filled says whether the database holds large data: a table that is missing holds none.
func (d *database) filled(ctx context.Context) bool {
	var many bool
	err := d.QueryRowContext(ctx, `SELECT count(*) > 50 FROM profiles`).Scan(&many)
	return err == nil && many
}

// fresh makes a new database on the same server.
func (d *database) fresh(ctx context.Context) (*database, error) {
	name := "bench_" + strconv.FormatInt(time.Now().Unix(), 36)
	if _, err := d.ExecContext(ctx, `CREATE DATABASE `+name); err != nil {
		return nil, err
	}
	u, err := url.Parse(d.url)
	if err != nil {
		return nil, err
	}
	u.Path = "/" + name
	made, err := open(ctx, u.String())
	if err != nil {
		return nil, err
	}
	made.discard = func() error {
		// The program may have been told to stop meanwhile.
		_, err := d.ExecContext(context.WithoutCancel(ctx), `DROP DATABASE `+name+` WITH (FORCE)`)
		return errors.Join(err, d.Close())
	}
	return made, nil
}

// Close closes the database, and throws it away where it was made for this run.
func (d *database) Close() error { return errors.Join(d.DB.Close(), d.discard()) }

// command is one of this program's, on the database.
func (d *database) command(ctx context.Context, program string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, program, args...)
	c.Env = append(os.Environ(), "CONTINUUM_DATABASE="+d.url)
	c.Stderr = os.Stderr
	return c
}

// settle waits until the server has tidied what expired before it was started, and lets the planner look at what there
// is: nothing else shall run while it is measured.
func (d *database) settle(ctx context.Context) error {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		var waiting int
		err := d.QueryRowContext(ctx,
			`SELECT count(*) FROM shares WHERE status IN ('PENDING', 'ACTIVE') AND expires_at <= $1`, time.Now()).Scan(&waiting)
		if err != nil {
			return err
		}
		if waiting == 0 {
			return d.tidy(ctx)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

func (d *database) tidy(ctx context.Context) error {
	text := `VACUUM ANALYZE`
	if d.sqlite {
		text = `PRAGMA wal_checkpoint(TRUNCATE)` // the seed has analyzed its tables
	}
	_, err := d.ExecContext(ctx, text)
	return err
}

// forgetStatements begins to count anew.
func (d *database) forgetStatements(ctx context.Context) error {
	if !d.statements {
		return nil
	}
	_, err := d.ExecContext(ctx, `SELECT pg_stat_statements_reset()`)
	return err
}

// countStatements is how many there were since, of whoever but this program; beginning and ending transactions is none.
func (d *database) countStatements(ctx context.Context) (n int, err error) {
	if !d.statements {
		return 0, nil
	}
	err = d.QueryRowContext(ctx, `SELECT COALESCE(sum(calls), 0) FROM pg_stat_statements
		WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
		AND query NOT LIKE '%pg_stat_statements%' AND query !~* '^(begin|commit|rollback|discard|deallocate)'`).Scan(&n)
	return n, err
}
