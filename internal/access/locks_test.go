package access_test

import (
	"context"
	"slices"
	"testing"

	"entgo.io/ent/dialect"

	"continuum/ent"
	"continuum/ent/profile"
	"continuum/internal/access"
	"continuum/internal/store"
	"continuum/internal/storetest"
	"continuum/schema"
)

// A change collides with whatever changes what it has read. Somebody who has made hundreds of profiles changes one of them:
// PostgreSQL must not have read so many others that it holds all of a table.
func TestChangesLockWhatTheyName(t *testing.T) {
	url := storetest.URL(t, dialect.Postgres)
	gather(t, url)
	db := openSQL(t, url)
	s, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	viewer, err := access.Load(t.Context(), s.Client(), crowdID("pro", 4*4+1), schema.AllScopes())
	if err != nil || viewer == nil {
		t.Fatalf("load: %v", err)
	}
	ctx := access.WithViewer(t.Context(), viewer)
	made := s.Client().Profile.Query().Where(profile.CreatedByID(viewer.ProfessionalID)).IDsX(access.System(ctx, "how many there are"))
	if len(made) < 100 {
		t.Fatalf("they have made %d profiles, too few to show anything", len(made))
	}
	id := s.Client().Profile.Query().Order(ent.Asc(profile.FieldID)).FirstIDX(ctx)
	err = s.Tx(ctx, func(ctx context.Context, tx *ent.Client) error {
		right, err := access.ProfileRight(ctx, tx, id)
		if err != nil || right != access.EditRight {
			t.Fatalf("the right on %s is %v: %v", id, right, err)
		}
		if n, err := tx.Profile.Update().Where(profile.ID(id)).SetGender("as said").Save(ctx); n != 1 || err != nil {
			t.Fatalf("%d changed: %v", n, err)
		}
		rows, err := db.QueryContext(ctx, `SELECT CAST(CAST(relation AS regclass) AS text) FROM pg_locks
			WHERE mode = 'SIReadLock' AND locktype = 'relation' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var table string
			if err := rows.Scan(&table); err != nil {
				return err
			}
			if slices.Contains(large, table) {
				t.Errorf("the change holds all of %s", table)
			}
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
}
