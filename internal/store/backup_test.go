package store_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"entgo.io/ent/dialect"

	"continuum/ent"
	"continuum/internal/store"
	"continuum/internal/storetest"
)

// A copy taken between writes is of one instant: of two rows that one transaction writes it has both or none.
func TestBackup_IsOfOneInstant(t *testing.T) {
	s := storetest.Open(t, dialect.SQLite)
	ctx, stop := context.WithCancel(system(t))
	var writer sync.WaitGroup
	began := make(chan struct{})
	writer.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			err := s.Tx(ctx, func(ctx context.Context, tx *ent.Client) error {
				return errors.Join(addAccount(ctx, tx, fmt.Sprint("ann", i)), addAccount(ctx, tx, fmt.Sprint("ben", i)))
			})
			if err != nil && ctx.Err() == nil {
				t.Errorf("a write beside the backup: %v", err)
				return
			}
			if i == 10 {
				close(began)
			}
		}
	})
	<-began
	for range 5 {
		file := filepath.Join(t.TempDir(), "copy.db")
		if err := s.Backup(t.Context(), file); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(file)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v, %v", info.Mode(), err)
		}
		copied := storetest.OpenAt(t, "sqlite:"+file)
		if err := copied.Whole(t.Context()); err != nil {
			t.Error(err)
		}
		if n := countAccounts(t, copied); n < 20 || n%2 != 0 {
			t.Errorf("the copy has %d rows, which were written in pairs", n)
		}
		if state, err := copied.State(t.Context()); err != nil || state != store.Current {
			t.Errorf("the copy's state is %v, %v", state, err)
		}
	}
	stop()
	writer.Wait()
}

func TestBackup_LeavesWhatIsThere(t *testing.T) {
	s := storetest.Open(t, dialect.SQLite)
	file := filepath.Join(t.TempDir(), "copy.db")
	if err := os.WriteFile(file, []byte("dear to somebody"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(t.Context(), file); !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v", err)
	}
	if left, err := os.ReadFile(file); err != nil || string(left) != "dear to somebody" {
		t.Errorf("the file holds %q, %v", left, err)
	}
	if err := s.Backup(t.Context(), filepath.Join(t.TempDir(), "no", "such", "folder")); err == nil {
		t.Error("a copy into nowhere passed")
	}
	if left, err := os.ReadDir(filepath.Dir(file)); err != nil || len(left) != 1 {
		t.Errorf("left beside it: %v, %v", left, err)
	}
}

func TestBackup_SendsPostgreSQLToItsOwnTools(t *testing.T) {
	s := storetest.Open(t, dialect.Postgres)
	if err := s.Backup(t.Context(), filepath.Join(t.TempDir(), "copy")); !errors.Is(err, store.ErrNoBackup) {
		t.Errorf("got %v", err)
	}
}

// Two databases with the same rows have the same inventory, and one that differs in a single value another.
func TestInventory_TellsWhatDiffers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		inventory := func() (rows int, digest uint64) {
			t.Helper()
			all, err := s.Inventory(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range all {
				if h.Table == "accounts" {
					return h.Rows, h.Digest
				}
			}
			t.Fatalf("no accounts in %v", all)
			return 0, 0
		}
		write := func(fn func(ctx context.Context, tx *ent.Client) error) {
			t.Helper()
			if err := s.Tx(system(t), fn); err != nil {
				t.Fatal(err)
			}
		}
		write(func(ctx context.Context, tx *ent.Client) error {
			return errors.Join(addAccount(ctx, tx, "ann"), addAccount(ctx, tx, "ben"))
		})
		rows, before := inventory()
		if again, same := inventory(); rows != 2 || again != 2 || same != before {
			t.Errorf("%d rows, and the next look differs", rows)
		}
		write(func(ctx context.Context, tx *ent.Client) error {
			return tx.Account.Update().SetLocale("en-CA").Exec(ctx)
		})
		if rows, after := inventory(); rows != 2 || after == before {
			t.Error("other values went unnoticed")
		}
	})
}
