package store_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"continuum/ent"
	"continuum/ent/account"
	"continuum/internal/access"
	"continuum/internal/store"
	"continuum/internal/storetest"
)

// system lets a test write what it likes: the guard has tests of its own.
func system(t *testing.T) context.Context {
	t.Helper()
	return access.System(t.Context(), "tests of the store")
}

func addAccount(ctx context.Context, tx *ent.Client, subject string) error {
	return tx.Account.Create().SetIssuer("https://issuer.example").SetSubject(subject).Exec(ctx)
}

func countAccounts(t *testing.T, s *store.Store) int {
	t.Helper()
	n, err := s.Client().Account.Query().Count(system(t))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestOpen_RefusesWhatItCannotOpen(t *testing.T) {
	for name, test := range map[string]struct{ url, want string }{
		"no scheme":           {"continuum.db", `begins with "sqlite:"`},
		"another engine":      {"mysql://root:secret@localhost/x", `begins with "sqlite:"`},
		"SQLite in memory":    {"sqlite::memory:", "needs a file"},
		"no TLS off loopback": {"postgres://u:secret@db.example/x?sslmode=disable", "verify-full"},
		"TLS unverified":      {"postgres://u:secret@10.0.0.1/x?sslmode=require", "verify-full"},
		"one host of two":     {"postgres://u:secret@localhost,db.example/x?sslmode=disable", "verify-full"},
		"hidden by hostaddr":  {"postgres://u:secret@localhost/x?hostaddr=10.0.0.1&sslmode=disable", "verify-full"},
		"hidden by a host":    {"postgres://u:secret@db.example/x?host=127.0.0.1&sslmode=disable", "verify-full"},
		"unreadable":          {"postgres://u:secret@local host/x", "cannot be parsed"},
		"unknown parameter":   {"postgres://u:secret@localhost:1/x?sslmode=sometimes", "sslmode"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := store.Open(t.Context(), test.url)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got %v, want an error with %q", err, test.want)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the password is in the error: %v", err)
			}
		})
	}
}

// The driver also goes where a service file, or the environment, sends it.
func TestOpen_RefusesWhereElseTheDriverWouldGo(t *testing.T) {
	file := filepath.Join(t.TempDir(), "services")
	if err := os.WriteFile(file, []byte("[far]\nhost=db.example\nsslmode=disable\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PGSERVICEFILE", file)
	for _, url := range []string{"postgres:///x?service=far", "postgres://localhost/x?service=far"} {
		if _, err := store.Open(t.Context(), url); err == nil || !strings.Contains(err.Error(), "verify-full") {
			t.Errorf("%s: got %v", url, err)
		}
	}
	t.Setenv("PGHOST", "db.example")
	if _, err := store.Open(t.Context(), "postgres://:5432/x?sslmode=disable"); err == nil || !strings.Contains(err.Error(), "verify-full") {
		t.Errorf("by PGHOST: got %v", err)
	}
}

func TestOpen_RefusesADirectURLBesideSQLite(t *testing.T) {
	_, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "x.db"), store.WithDirectURL("postgres://localhost/x"))
	if err == nil || !strings.Contains(err.Error(), "no direct URL") {
		t.Errorf("got %v", err)
	}
}

func TestOpen_MakesTheFileForItsOwnerAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a folder?", "100%#.db")
	s, err := store.Open(t.Context(), "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, path + "-wal"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("%s has mode %o", filepath.Base(name), mode)
		}
	}
}

func TestClient_OnlyReads(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		if err := addAccount(system(t), s.Client(), "ann"); err == nil {
			t.Error("a write outside Tx went through")
		}
		if n := countAccounts(t, s); n != 0 {
			t.Errorf("%d accounts", n)
		}
	})
}

func TestClient_GivesBackWhatWasWritten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		at := time.Date(2026, 3, 1, 23, 30, 0, 123456000, time.FixedZone("", -5*3600))
		topics := []string{`a "quoted" one`, "é\u2028", ""}
		err := s.Tx(system(t), func(ctx context.Context, tx *ent.Client) error {
			return tx.Event.Create().SetType("profile.linked").SetObjectID("rec_1").
				SetTopics(topics).SetCreatedAt(at).Exec(ctx)
		})
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Client().Event.Query().Only(system(t))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got.Topics, topics) {
			t.Errorf("topics are %q", got.Topics)
		}
		if !got.CreatedAt.Equal(at) || got.CreatedAt.UTC().Location() != time.UTC {
			t.Errorf("written at %v, read as %v", at, got.CreatedAt)
		}
	})
}

// The bytes decide, not a language: a page ends at the same row on both engines.
func TestClient_SortsTheSameOnBothEngines(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		want := []string{"B", "Z", "a b", "a-b", "ab", "b", "é"}
		err := s.Tx(system(t), func(ctx context.Context, tx *ent.Client) error {
			for _, i := range []int{3, 0, 6, 2, 5, 1, 4} {
				if err := addAccount(ctx, tx, want[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Client().Account.Query().Order(ent.Asc(account.FieldSubject)).Select(account.FieldSubject).Strings(system(t))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestForeignKeysHold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		err := s.Tx(system(t), func(ctx context.Context, tx *ent.Client) error {
			return tx.Institution.Create().SetWorkspaceID("ws_none").SetName("x").SetSortName("x").SetKind("SCHOOL").Exec(ctx)
		})
		if err == nil {
			t.Error("a row without its parent went through")
		}
	})
}

func TestWithStatements(t *testing.T) {
	for _, engine := range storetest.Engines {
		t.Run(storetest.Name(engine), func(t *testing.T) {
			var mu sync.Mutex
			var sent []string
			s := storetest.Open(t, engine, store.WithStatements(func(_ context.Context, statement string) {
				mu.Lock()
				defer mu.Unlock()
				sent = append(sent, statement)
			}))
			err := s.Tx(system(t), func(ctx context.Context, tx *ent.Client) error { return addAccount(ctx, tx, "secret subject") })
			if err != nil {
				t.Fatal(err)
			}
			countAccounts(t, s)
			if len(sent) != 2 || !strings.HasPrefix(sent[0], "INSERT INTO") || !strings.HasPrefix(sent[1], "SELECT COUNT") {
				t.Errorf("reported: %q", sent)
			}
			if strings.Contains(fmt.Sprint(sent), "secret subject") {
				t.Errorf("an argument was reported: %q", sent)
			}
		})
	}
}

func TestReadersWaitForNobody(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		err := s.Tx(system(t), func(ctx context.Context, tx *ent.Client) error {
			if err := addAccount(ctx, tx, "ann"); err != nil {
				return err
			}
			if n := countAccounts(t, s); n != 0 {
				t.Errorf("a reader saw %d rows before the commit", n)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := countAccounts(t, s); n != 1 {
			t.Errorf("a reader saw %d rows after the commit", n)
		}
	})
}
