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

// preparing is a connection that prepares a statement the second time it is asked for, which halves what PostgreSQL
// has to do for it from then on. A statement seen once is sent as it is: preparing costs a round trip.
type preparing struct {
	connection
	known map[string]*prepared
	clock int
}

// prepared is a statement that was seen; stmt is nil until it is seen again.
type prepared struct {
	stmt pqStmt
	used int
}

// pqStmt is what lib/pq's statements can do.
type pqStmt interface {
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
func (c *preparing) statement(ctx context.Context, query string, args []sqldriver.NamedValue) (pqStmt, error) {
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
	stmt, ok := raw.(pqStmt)
	if !ok {
		return nil, errors.Join(errors.New("store: a prepared statement lacks what lib/pq's had"), raw.Close())
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
