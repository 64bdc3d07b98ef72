package main

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/lib/pq"
)

// engine is how a database spells what the two spell differently.
type engine int

const (
	postgres engine = iota
	sqlite
)

// database is the connections of the server, each taken by one request at a time.
type database struct {
	engine engine
	free   chan *session
}

// connections is as many as the server under test has for reading.
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
	connector, engine, err := connectorOf(address)
	if err != nil {
		return nil, err
	}
	who := engine.spell(whoAsks)
	data := &database{engine: engine, free: make(chan *session, connections)}
	for range connections {
		conn, err := connector.Connect(ctx)
		if err != nil {
			return nil, err
		}
		data.free <- &session{conn: conn, engine: engine, who: who, known: map[*statement]driver.Stmt{}, row: make([]driver.Value, 32)}
	}
	return data, nil
}

func connectorOf(address string) (driver.Connector, engine, error) {
	if !strings.HasPrefix(address, "postgres") {
		return nil, 0, fmt.Errorf("no database at %q", address)
	}
	connector, err := pq.NewConnector(address + "&timezone=UTC&max_parallel_workers_per_gather=0&random_page_cost=1.1" +
		"&plan_cache_mode=force_generic_plan&default_transaction_read_only=off")
	if err != nil {
		return nil, 0, err
	}
	connector.Dialer(wideDialer{})
	return connector, postgres, nil
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
