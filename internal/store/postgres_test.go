package store_test

import (
	"context"
	"strings"
	"testing"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/internal/store"
	"continuum/internal/storetest"
)

// Behind a pooler no setting of a session keeps readers from writing, so something else must.
func TestWithDirectURL_LetsReadersOnlyLook(t *testing.T) {
	address := storetest.URL(t, dialect.Postgres)
	s, err := store.Open(t.Context(), address, store.WithDirectURL(address))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	changes := s.Changes(t.Context())
	err = s.Tx(system(t), func(ctx context.Context, tx *ent.Client) error { return addAccount(ctx, tx, "ann") })
	if err != nil {
		t.Fatal(err)
	}
	if err := addAccount(system(t), s.Client(), "ben"); err == nil || !strings.Contains(err.Error(), "outside") {
		t.Errorf("a write outside of a transaction: %v", err)
	}
	if _, err := s.Client().Account.Delete().Exec(system(t)); err == nil {
		t.Error("a removal outside of a transaction passed")
	}
	if n := countAccounts(t, s); n != 1 {
		t.Errorf("%d accounts", n)
	}
	commitEvent(t, s, "rec_1")
	wantEvent(t, changes, "rec_1")
}

// Of several hosts the one that takes writes is meant for readers too, though their sessions may not write.
func TestOpen_ReadsFromTheHostThatTakesWrites(t *testing.T) {
	for name, set := range map[string]func(t *testing.T, address string) string{
		"in the URL": func(_ *testing.T, address string) string { return address + "&target_session_attrs=read-write" },
		"in the environment": func(t *testing.T, address string) string {
			t.Setenv("PGTARGETSESSIONATTRS", "read-write")
			return address
		},
		"of two, each with its port": func(_ *testing.T, address string) string {
			return strings.Replace(address, "@", "@127.0.0.1:1,", 1) + "&target_session_attrs=read-write"
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := store.Open(t.Context(), set(t, storetest.URL(t, dialect.Postgres)))
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			countAccounts(t, s)
		})
	}
}

// What is prepared is planned once, whoever asks; an operator may say otherwise in the URL.
func TestOpen_PlansOnce(t *testing.T) {
	address := storetest.URL(t, dialect.Postgres)
	storetest.OpenAt(t, address)
	for parameter, want := range map[string]string{"": "force_generic_plan", "&plan_cache_mode=auto": "auto"} {
		// Past a pooler, if there is one: it would refuse the parameter, and the role has it instead.
		s, err := store.Open(t.Context(), address+parameter)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		err = s.Tx(system(t), func(ctx context.Context, tx *ent.Client) error { return addAccount(ctx, tx, want) })
		if err != nil {
			t.Fatal(err)
		}
		mode, err := s.Client().Account.Query().Limit(1).Modify(func(q *sql.Selector) {
			q.SelectExpr(sql.Expr("current_setting('plan_cache_mode')"))
		}).String(system(t))
		if err != nil || mode != want {
			t.Errorf("%q: %q, not %q: %v", parameter, mode, want, err)
		}
	}
}
