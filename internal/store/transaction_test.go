package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/ent/account"
	"continuum/internal/store"
	"continuum/internal/storetest"
)

func TestTx_RollsBackOnError(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		sour := errors.New("sour")
		err := s.Tx(system(t), func(ctx context.Context, tx *ent.Client) error {
			return errors.Join(addAccount(ctx, tx, "ann"), sour)
		})
		if !errors.Is(err, sour) {
			t.Errorf("got %v", err)
		}
		if n := countAccounts(t, s); n != 0 {
			t.Errorf("%d accounts stayed", n)
		}
	})
}

func TestTx_RollsBackOnPanic(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		func() {
			defer func() {
				if got := recover(); got != "sour" {
					t.Errorf("recovered %v", got)
				}
			}()
			_ = s.Tx(system(t), func(ctx context.Context, tx *ent.Client) error {
				if err := addAccount(ctx, tx, "ann"); err != nil {
					t.Error(err)
				}
				panic("sour")
			})
		}()
		// The writer is free again.
		if err := s.Tx(system(t), func(ctx context.Context, tx *ent.Client) error { return addAccount(ctx, tx, "bea") }); err != nil {
			t.Fatal(err)
		}
		if n := countAccounts(t, s); n != 1 {
			t.Errorf("%d accounts", n)
		}
	})
}

func TestTx_RefusesAnotherInside(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		err := s.Tx(system(t), func(ctx context.Context, _ *ent.Client) error {
			return s.Tx(ctx, func(context.Context, *ent.Client) error { return nil })
		})
		if err == nil {
			t.Error("a transaction opened inside a transaction")
		}
	})
}

// Every writer reads, thinks and writes: without serializability some would be lost.
func TestTx_LosesNoUpdate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		if err := s.Tx(system(t), func(ctx context.Context, tx *ent.Client) error { return addAccount(ctx, tx, "ann") }); err != nil {
			t.Fatal(err)
		}
		increment := func(ctx context.Context, tx *ent.Client) error {
			a, err := tx.Account.Query().Only(ctx)
			if err != nil {
				// What a caller may well do: an answer for people, which hides the cause.
				return errors.New("internal error")
			}
			if err := tx.Account.UpdateOne(a).SetVersion(a.Version + 1).Exec(ctx); err != nil {
				return errors.New("internal error")
			}
			return nil
		}
		const writers = 50
		var group sync.WaitGroup
		for range writers {
			group.Go(func() {
				if err := s.Tx(system(t), increment); err != nil {
					t.Errorf("increment: %v", err)
				}
			})
		}
		group.Wait()
		a, err := s.Client().Account.Query().Only(system(t))
		if err != nil {
			t.Fatal(err)
		}
		if want := 1 + writers; a.Version != want {
			t.Errorf("counted to %d, want %d", a.Version, want)
		}
	})
}

// A collision that PostgreSQL finds while rows are read is tried again, also when whoever reads them shows no error.
func TestTx_TriesAgainWhatFailedAfterTheFirstRow(t *testing.T) {
	address := storetest.URL(t, dialect.Postgres)
	s, db := openOne(t, address), openRaw(t, dialect.Postgres, address)
	for _, subject := range []string{"ann", "bea", "cid"} {
		if err := s.Tx(system(t), func(ctx context.Context, tx *ent.Client) error { return addAccount(ctx, tx, subject) }); err != nil {
			t.Fatal(err)
		}
	}
	run(t, db, `CREATE SEQUENCE calls`)
	run(t, db, `CREATE FUNCTION late() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN
		IF nextval('calls') = 3 THEN RAISE EXCEPTION 'late' USING ERRCODE = 'serialization_failure'; END IF; RETURN 1;
	END $$`)
	for name, read := range map[string]func(context.Context, *ent.AccountQuery) error{
		"read to the end": func(ctx context.Context, q *ent.AccountQuery) error {
			_, err := q.Modify(func(s *sql.Selector) { s.AppendSelectExprAs(sql.Expr("late()"), "late") }).All(ctx)
			return err
		},
		"closed before": func(ctx context.Context, q *ent.AccountQuery) error {
			// A count is one number: ent gives up at the second.
			_, err := q.Modify(func(s *sql.Selector) { s.GroupBy(account.FieldID).Having(sql.ExprP("late() = 1")) }).Count(ctx)
			return err
		},
	} {
		run(t, db, `ALTER SEQUENCE calls RESTART`)
		tried := 0
		err := s.Tx(system(t), func(ctx context.Context, tx *ent.Client) error {
			if tried++; tried > 1 {
				return nil
			}
			if read(ctx, tx.Account.Query()) == nil {
				t.Errorf("%s: nothing failed", name)
			}
			// The transaction is aborted, and this says no more than that.
			return addAccount(ctx, tx, "dan")
		})
		if err != nil || tried != 2 {
			t.Errorf("%s: tried %d times, %v", name, tried, err)
		}
	}
}

func TestTx_EndsWithItsContext(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, cancel := context.WithCancel(system(t))
		err := s.Tx(ctx, func(ctx context.Context, tx *ent.Client) error {
			defer cancel()
			return addAccount(ctx, tx, "ann")
		})
		if !errors.Is(err, context.Canceled) || errors.Is(err, store.ErrUnknownOutcome) {
			t.Errorf("got %v", err)
		}
		if err := s.Tx(system(t), func(ctx context.Context, tx *ent.Client) error { return addAccount(ctx, tx, "bea") }); err != nil {
			t.Fatal(err)
		}
		if n := countAccounts(t, s); n != 1 {
			t.Errorf("%d accounts", n)
		}
	})
}

func TestTx_WaitsNoLongerThanItsContext(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		err := s.Tx(system(t), func(ctx context.Context, tx *ent.Client) error {
			if err := addAccount(ctx, tx, "ann"); err != nil {
				return err
			}
			short, cancel := context.WithTimeout(system(t), 50*time.Millisecond)
			defer cancel()
			// The same subject: it waits for the other to commit, on both engines.
			err := s.Tx(short, func(ctx context.Context, tx *ent.Client) error { return addAccount(ctx, tx, "ann") })
			if err == nil || short.Err() == nil {
				return fmt.Errorf("the second writer did not wait: %w", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
