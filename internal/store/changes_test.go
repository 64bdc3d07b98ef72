package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"testing"
	"time"

	"entgo.io/ent/dialect"

	"continuum/ent"
	"continuum/internal/store"
	"continuum/internal/storetest"
)

func addEvent(ctx context.Context, tx *ent.Client, object string) error {
	return tx.Event.Create().SetType("profile.linked").SetObjectID(object).SetTopics([]string{"prof_1"}).Exec(ctx)
}

func commitEvent(t *testing.T, s *store.Store, object string) {
	t.Helper()
	err := s.Tx(system(t), func(ctx context.Context, tx *ent.Client) error { return addEvent(ctx, tx, object) })
	if err != nil {
		t.Fatal(err)
	}
}

// next waits for a change, as long as a slow machine may need.
func next(t *testing.T, changes <-chan store.Change) store.Change {
	t.Helper()
	select {
	case c, ok := <-changes:
		if !ok {
			t.Fatal("the channel is closed")
		}
		return c
	case <-time.After(20 * time.Second):
		t.Fatal("no change came")
	}
	return store.Change{}
}

func wantEvent(t *testing.T, changes <-chan store.Change, object string) {
	t.Helper()
	c := next(t, changes)
	if c.Missed || c.Event.ObjectID != object || len(c.Event.Topics) != 1 {
		t.Fatalf("got %+v, want the event of %s", c, object)
	}
}

func TestChanges_ReachEveryWatcherInOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		one, two := s.Changes(t.Context()), s.Changes(t.Context())
		_ = s.Tx(system(t), func(ctx context.Context, tx *ent.Client) error {
			return errors.Join(addEvent(ctx, tx, "rec_rolled_back"), errors.New("sour"))
		})
		for i := range 20 {
			commitEvent(t, s, fmt.Sprint("rec_", i))
		}
		for i := range 20 {
			wantEvent(t, one, fmt.Sprint("rec_", i))
			wantEvent(t, two, fmt.Sprint("rec_", i))
		}
	})
}

func TestChanges_ComeAfterTheCommit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		changes := s.Changes(t.Context())
		commitEvent(t, s, "rec_1")
		c := next(t, changes)
		if _, err := s.Client().Event.Get(system(t), c.Event.ID); err != nil {
			t.Errorf("told of an event that a reader does not see: %v", err)
		}
	})
}

func TestChanges_EndWithContextAndStore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, cancel := context.WithCancel(t.Context())
		one, two := s.Changes(ctx), s.Changes(t.Context())
		cancel()
		if _, ok := <-one; ok {
			t.Error("the channel outlived its context")
		}
		commitEvent(t, s, "rec_1")
		wantEvent(t, two, "rec_1")
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if _, ok := <-two; ok {
			t.Error("the channel outlived the store")
		}
		if _, ok := <-s.Changes(t.Context()); ok {
			t.Error("a closed store gave an open channel")
		}
	})
}

func TestChanges_TellASlowWatcherThatItMissedSome(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		slow, quick := s.Changes(t.Context()), s.Changes(t.Context())
		const events = 600
		err := s.Tx(system(t), func(ctx context.Context, tx *ent.Client) error {
			for i := range events {
				if err := addEvent(ctx, tx, fmt.Sprint("rec_", i)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		// Whoever keeps up may overflow too, on SQLite, where all come at once; both must hear of the last or of the gap.
		for _, changes := range []<-chan store.Change{slow, quick} {
			for {
				c := next(t, changes)
				if c.Missed || c.Event.ObjectID == fmt.Sprint("rec_", events-1) {
					break
				}
			}
		}
	})
}

func TestEvent_IsRefusedOutsideTx(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		err := s.Tx(system(t), func(_ context.Context, tx *ent.Client) error {
			return addEvent(system(t), tx, "rec_1")
		})
		if err == nil {
			t.Error("an event was written that no watcher hears")
		}
	})
}

func TestChanges_ComeFromOtherProcesses(t *testing.T) {
	address := storetest.URL(t, dialect.Postgres)
	here, there := storetest.OpenAt(t, address), storetest.OpenAt(t, address)
	changes := here.Changes(t.Context())
	commitEvent(t, there, "rec_1")
	wantEvent(t, changes, "rec_1")
}

func TestChanges_SayWhenTheConnectionWasLost(t *testing.T) {
	address := storetest.URL(t, dialect.Postgres)
	s := storetest.OpenAt(t, address)
	changes := s.Changes(t.Context())
	db, err := sql.Open("postgres", address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var ended int
	err = db.QueryRow(`SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
		WHERE datname = current_database() AND query LIKE 'LISTEN%'`).Scan(&ended)
	if err != nil || ended != 1 {
		t.Fatalf("ended %d listeners: %v", ended, err)
	}
	if c := next(t, changes); !c.Missed {
		t.Fatalf("got %+v", c)
	}
	commitEvent(t, s, "rec_1")
	wantEvent(t, changes, "rec_1")
}
