package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"entgo.io/ent/dialect"

	"continuum/ent"
	"continuum/internal/access"
)

// ErrUnknownOutcome says that the connection broke during COMMIT: the change may stand or not. The caller finds out by
// its idempotency key.
var ErrUnknownOutcome = errors.New("store: the connection broke during COMMIT, the outcome is unknown")

// transaction is what one try of a Tx carries in its context.
type transaction struct {
	events  []*ent.Event
	passing error // the last failure that another try may mend
}

type transactionKey struct{}

func transactionOf(ctx context.Context) *transaction {
	tx, _ := ctx.Value(transactionKey{}).(*transaction)
	return tx
}

// Tx runs fn in one write transaction: serializable on PostgreSQL, alone on SQLite. When it collides with another, or
// the connection breaks before COMMIT, fn runs again from the start, so it must leave nothing behind outside tx. Inside
// fn use the context and the client that it is given: a statement sent elsewhere would wait for the one writer.
func (s *Store) Tx(ctx context.Context, fn func(ctx context.Context, tx *ent.Client) error) error {
	if transactionOf(ctx) != nil {
		return errors.New("store: a transaction inside a transaction")
	}
	err := s.attempt(ctx, fn)
	for try := 1; err != nil && try < tries && passing(err) && !errors.Is(err, ErrUnknownOutcome); try++ {
		if pause(ctx, try) != nil {
			return err
		}
		s.retried(ctx, err)
		err = s.retry(ctx, err, fn)
	}
	return err
}

// longestInLine bounds how long one waits for their turn: somebody slow must not hold up the others.
const longestInLine = 500 * time.Millisecond

// retry is another attempt. Those who have collided go one by one: together they would collide again, with each other.
func (s *Store) retry(ctx context.Context, failed error, fn func(ctx context.Context, tx *ent.Client) error) error {
	if Collided(failed) {
		timer := time.NewTimer(longestInLine)
		defer timer.Stop()
		select {
		case s.line <- struct{}{}:
			defer func() { <-s.line }()
		case <-timer.C:
		case <-ctx.Done():
			return failed
		}
	}
	return s.attempt(ctx, fn)
}

func (s *Store) attempt(ctx context.Context, fn func(ctx context.Context, tx *ent.Client) error) error {
	// On SQLite the level says nothing, as there is one writer.
	opts := &sql.TxOptions{}
	if s.postgres() {
		opts.Isolation = sql.LevelSerializable
	}
	state := &transaction{}
	ctx = access.InTransaction(context.WithValue(ctx, transactionKey{}, state))
	tx, err := s.writer.BeginTx(ctx, opts)
	if err != nil {
		return fmt.Errorf("store: begin: %w", err)
	}
	finished := false
	defer func() {
		// Reached unfinished only by a panic, or by a test that ends its goroutine.
		if !finished {
			_ = tx.Rollback()
		}
	}()
	err = fn(ctx, tx.Client())
	finished = true
	if err != nil {
		// Where the rollback fails too, the connection is gone and the server rolls back by itself.
		_ = tx.Rollback()
		return again(err, state.passing)
	}
	return s.commit(ctx, tx, state)
}

// commit commits and publishes, in the order of the commits.
func (s *Store) commit(ctx context.Context, tx *ent.Tx, state *transaction) error {
	if s.engine == dialect.SQLite {
		s.hub.order.Lock()
		defer s.hub.order.Unlock()
	}
	if err := tx.Commit(); err != nil {
		// When the context ended just before, database/sql has rolled back by itself and says only that it is done.
		if errors.Is(err, sql.ErrTxDone) && ctx.Err() != nil {
			err = ctx.Err()
		}
		// A transaction that had lost its connection before never got as far as COMMIT.
		if state.passing == nil && doubtful(err) {
			return fmt.Errorf("%w: %w", ErrUnknownOutcome, err)
		}
		return again(fmt.Errorf("store: commit: %w", err), state.passing)
	}
	if s.engine == dialect.SQLite {
		for _, event := range state.events {
			s.hub.publish(Change{Event: event.Unwrap()})
		}
	}
	return nil
}

// again puts before what fn said the failure below it, so that Tx sees that another try may help: what fn said may be
// no more than that the transaction is aborted.
func again(err, cause error) error {
	if cause == nil || errors.Is(err, cause) {
		return err
	}
	return fmt.Errorf("%w (and then: %w)", cause, err)
}
