package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"

	"github.com/lib/pq"
	"go.jetify.com/typeid"
)

// attempts is how often a transaction is tried that collided with another.
const attempts = 10

var errNotFound = errors.New("not found")

// change runs do in one transaction, as strictly as the server does, and again when it collided with another.
func (c *session) change(do func() error) error {
	for left := attempts; ; left-- {
		err := c.once(do)
		if left == 1 || !collided(err) {
			return err
		}
	}
}

func (c *session) once(do func() error) error {
	options := driver.TxOptions{}
	if c.engine == postgres {
		options.Isolation = driver.IsolationLevel(sql.LevelSerializable)
	}
	tx, err := c.conn.(driver.ConnBeginTx).BeginTx(context.Background(), options)
	if err != nil {
		return err
	}
	if err := do(); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func collided(err error) bool {
	failure, ok := errors.AsType[*pq.Error](err)
	return ok && (failure.Code == "40001" || failure.Code == "40P01")
}

// write runs a statement that must write a row: where it writes none, the rule or the state of things refused it.
func (c *session) write(s *statement, args arguments) error {
	known, err := c.prepared(s)
	if err != nil {
		return err
	}
	result, err := known.(driver.StmtExecContext).ExecContext(context.Background(), args.of(s, c.engine))
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(errNotFound, err)
	}
	return nil
}

func newID(prefix string) string { return typeid.Must(typeid.WithPrefix(prefix)).String() }
