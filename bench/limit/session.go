package main

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"

	"github.com/lib/pq"
	driversqlite "modernc.org/sqlite"
)

// engine is how a database spells what the two spell differently.
type engine int

const (
	postgres engine = iota
	sqlite
)

// database is the connections of the server, each taken by one request at a time.
type database struct {
	engine  engine
	reading chan *session
	writing chan *session // the same as reading on PostgreSQL; SQLite has one writer
}

// connections is as many as the server under test has for reading on PostgreSQL.
const connections = 16

// session is a connection with the statements that it knows. It talks to the driver itself: database/sql would copy
// each value once more.
type session struct {
	conn   driver.Conn
	engine engine
	who    *statement
	known  map[*statement]driver.Stmt
	row    []driver.Value
}

func open(ctx context.Context, address string) (*database, error) {
	if file, found := strings.CutPrefix(address, "sqlite:"); found {
		return openSQLite(ctx, file)
	}
	connector, err := pq.NewConnector(address + "&timezone=UTC&max_parallel_workers_per_gather=0&random_page_cost=1.1&plan_cache_mode=force_generic_plan")
	if err != nil {
		return nil, err
	}
	connector.Dialer(wideDialer{})
	sessions, err := connect(ctx, connector, postgres, connections)
	return &database{postgres, sessions, sessions}, err
}

// openSQLite opens readers and the one writer, as the server does.
func openSQLite(ctx context.Context, file string) (*database, error) {
	const common = "?_txlock=immediate&_time_format=sqlite&_timezone=UTC&_pragma=busy_timeout(10000)"
	readers, err := driversqlite.NewConnector("file:" + file + common + "&_pragma=query_only(ON)")
	if err != nil {
		return nil, err
	}
	writers, err := driversqlite.NewConnector("file:" + file + common + "&_pragma=journal_mode(WAL)&_pragma=foreign_keys(ON)&_pragma=synchronous(FULL)")
	if err != nil {
		return nil, err
	}
	data := &database{engine: sqlite}
	if data.writing, err = connect(ctx, writers, sqlite, 1); err != nil {
		return nil, err
	}
	data.reading, err = connect(ctx, readers, sqlite, max(4, min(16, 2*runtime.NumCPU())))
	return data, err
}

func connect(ctx context.Context, connector driver.Connector, e engine, count int) (chan *session, error) {
	sessions := make(chan *session, count)
	who := e.spell(whoAsks)
	for range count {
		conn, err := connector.Connect(ctx)
		if err != nil {
			return nil, err
		}
		sessions <- &session{conn: conn, engine: e, who: who, known: map[*statement]driver.Stmt{}, row: make([]driver.Value, 32)}
	}
	return sessions, nil
}

// prepared prepares a statement where the connection does not know it yet.
func (c *session) prepared(s *statement) (driver.Stmt, error) {
	if known := c.known[s]; known != nil {
		return known, nil
	}
	made, err := c.conn.Prepare(s.text)
	if err != nil {
		return nil, fmt.Errorf("%w in %s", err, s.text)
	}
	c.known[s] = made
	return made, nil
}

// query runs a statement and calls row with each of its rows, which is good until the next.
func (c *session) query(s *statement, args arguments, row func([]driver.Value)) error {
	known, err := c.prepared(s)
	if err != nil {
		return err
	}
	rows, err := known.(driver.StmtQueryContext).QueryContext(context.Background(), args.of(s, c.engine))
	if err != nil {
		return err
	}
	dest := c.row[:len(rows.Columns())]
	for {
		if err := rows.Next(dest); errors.Is(err, io.EOF) {
			return rows.Close()
		} else if err != nil {
			return errors.Join(err, rows.Close())
		}
		row(dest)
	}
}
