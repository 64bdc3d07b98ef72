package store_test

import (
	"context"
	"errors"
	"testing"

	"entgo.io/ent/dialect"

	"continuum/ent"
	"continuum/internal/store"
	"continuum/internal/storetest"
)

// openBehind opens a store behind a cable.
func openBehind(t *testing.T) (*store.Store, *storetest.Cable) {
	t.Helper()
	return storetest.OpenBehind(t, storetest.URL(t, dialect.Postgres))
}

func TestTx_SaysWhenACommitWasLost(t *testing.T) {
	for name, forward := range map[string]bool{"on the way there": false, "on the way back": true} {
		t.Run(name, func(t *testing.T) {
			s, cable := openBehind(t)
			cable.Break("COMMIT", forward)
			runs := 0
			err := s.Tx(system(t), func(ctx context.Context, tx *ent.Client) error {
				runs++
				return addAccount(ctx, tx, "ann")
			})
			if !errors.Is(err, store.ErrUnknownOutcome) {
				t.Errorf("got %v", err)
			}
			if runs != 1 {
				t.Errorf("ran %d times: what may stand already was done again", runs)
			}
			want := 0
			if forward {
				want = 1
			}
			if n := countAccounts(t, s); n != want {
				t.Errorf("%d accounts, want %d", n, want)
			}
		})
	}
}

func TestTx_TriesAgainWhenTheConnectionBreaksBeforeCommit(t *testing.T) {
	s, cable := openBehind(t)
	cable.Break("INSERT INTO", true)
	runs := 0
	err := s.Tx(system(t), func(ctx context.Context, tx *ent.Client) error {
		runs++
		return addAccount(ctx, tx, "ann")
	})
	if err != nil {
		t.Fatal(err)
	}
	if runs != 2 {
		t.Errorf("ran %d times", runs)
	}
	if n := countAccounts(t, s); n != 1 {
		t.Errorf("%d accounts", n)
	}
}
