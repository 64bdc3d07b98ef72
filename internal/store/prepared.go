package store

import (
	"context"
	sqldriver "database/sql/driver"
	"errors"
	"strings"

	"github.com/lib/pq"
)

// preparedLimit bounds the statements that one connection knows.
const preparedLimit = 256

// connection is what database/sql looks for in a connection and would lose behind a wrapper.
type connection interface {
	sqldriver.Conn
	sqldriver.ConnBeginTx
	sqldriver.ConnPrepareContext
	sqldriver.ExecerContext
	sqldriver.QueryerContext
	sqldriver.Pinger
	sqldriver.SessionResetter
	sqldriver.Validator
}

// preparing is a connection that prepares a statement the second time it is asked for: the rule about seeing makes
// statements long, and planning one takes either engine longer than running it. A statement seen once is sent as it
// is: with PostgreSQL, preparing costs a round trip.
type preparing struct {
	connection
	known map[string]*prepared
	clock int
}

func newPreparing(c connection) *preparing {
	return &preparing{connection: c, known: map[string]*prepared{}}
}

// CheckNamedValue asks the connection behind, where it has a say.
func (c *preparing) CheckNamedValue(arg *sqldriver.NamedValue) error {
	if checker, ok := c.connection.(sqldriver.NamedValueChecker); ok {
		return checker.CheckNamedValue(arg)
	}
	return sqldriver.ErrSkip
}

// prepared is a statement that was seen; stmt is nil until it is seen again.
type prepared struct {
	stmt statement
	used int
}

// statement is what the statements of both drivers can do.
type statement interface {
	sqldriver.Stmt
	sqldriver.StmtExecContext
	sqldriver.StmtQueryContext
}

func (c *preparing) QueryContext(ctx context.Context, query string, args []sqldriver.NamedValue) (sqldriver.Rows, error) {
	stmt, err := c.statement(ctx, query, args)
	if err != nil {
		return nil, err
	}
	if stmt == nil {
		return c.connection.QueryContext(ctx, query, args)
	}
	rows, err := stmt.QueryContext(ctx, args)
	if c.outdated(err) {
		if again, failure := c.connection.QueryContext(ctx, query, args); failure == nil {
			return again, nil
		}
	}
	return rows, err
}

func (c *preparing) ExecContext(ctx context.Context, query string, args []sqldriver.NamedValue) (sqldriver.Result, error) {
	stmt, err := c.statement(ctx, query, args)
	if err != nil {
		return nil, err
	}
	if stmt == nil {
		return c.connection.ExecContext(ctx, query, args)
	}
	result, err := stmt.ExecContext(ctx, args)
	if c.outdated(err) {
		if again, failure := c.connection.ExecContext(ctx, query, args); failure == nil {
			return again, nil
		}
	}
	return result, err
}

// statement gives the prepared one, or nil where the text should be sent instead.
func (c *preparing) statement(ctx context.Context, query string, args []sqldriver.NamedValue) (statement, error) {
	if len(args) == 0 {
		return nil, nil
	}
	c.clock++
	p, seen := c.known[query]
	if !seen {
		c.makeRoom()
		c.known[query] = &prepared{used: c.clock}
		return nil, nil
	}
	p.used = c.clock
	if p.stmt != nil {
		return p.stmt, nil
	}
	raw, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	stmt, ok := raw.(statement)
	if !ok {
		return nil, errors.Join(errors.New("store: a prepared statement lacks what its driver's had"), raw.Close())
	}
	p.stmt = stmt
	return stmt, nil
}

// makeRoom forgets the statement that was not used for longest.
func (c *preparing) makeRoom() {
	if len(c.known) < preparedLimit {
		return
	}
	var oldest string
	least := c.clock
	for query, p := range c.known {
		if p.used < least {
			oldest, least = query, p.used
		}
	}
	c.forget(oldest)
}

func (c *preparing) forget(query string) {
	if stmt := c.known[query].stmt; stmt != nil {
		// Where it fails the connection is broken, and the next use of it says so.
		_ = stmt.Close()
	}
	delete(c.known, query)
}

// Close gives the statements back first: SQLite does not let go of its file while one is left.
func (c *preparing) Close() error {
	for query := range c.known {
		c.forget(query)
	}
	return c.connection.Close()
}

// outdated says whether a statement failed because a migration changed its columns meanwhile, and forgets what was
// prepared. Inside a transaction the failure has ended it and the text is no use either: Tx tries again.
func (c *preparing) outdated(err error) bool {
	if !planChanged(err) {
		return false
	}
	for query := range c.known {
		c.forget(query)
	}
	return true
}

func planChanged(err error) bool {
	pg, ok := errors.AsType[*pq.Error](err)
	return ok && pg.Code == "0A000" && strings.Contains(pg.Message, "cached plan")
}
