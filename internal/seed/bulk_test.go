package seed_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"continuum/ent/professional"
	"continuum/ent/recordlink"
	"continuum/internal/practice"
	"continuum/internal/seed"
	"continuum/internal/store"
	"continuum/internal/storetest"
	"continuum/schema"
)

func bulk(t *testing.T, s *store.Store, n int) string {
	t.Helper()
	var told strings.Builder
	if err := seed.Bulk(t.Context(), s, n, func(line string) { told.WriteString(line + "\n") }); err != nil {
		t.Fatal(err)
	}
	return told.String()
}

func TestBulk_FillsInProportion(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const n = 500
		bulk(t, s, n)
		c := s.Client()
		for _, one := range []struct {
			what      string
			have, min int
			max       int
		}{
			{"workspaces", len(rows(t, c.Workspace.Query().IDs)), 2, 2},
			{"profiles", len(rows(t, c.Profile.Query().IDs)), n, n},
			{"records", len(rows(t, c.Record.Query().IDs)), n * 3 / 2, n * 3 / 2},
			{"links", len(rows(t, c.RecordLink.Query().IDs)), n * 5 / 2, n * 5 / 2},
			{"live links", len(rows(t, c.RecordLink.Query().Where(recordlink.UnlinkedAtIsNil()).IDs)), n * 2, n * 24 / 10},
			{"contacts", len(rows(t, c.Contact.Query().IDs)), n * 6 / 5, n * 6 / 5},
			{"contact links", len(rows(t, c.ContactLink.Query().IDs)), 2 * n, 2 * n},
			{"shares", len(rows(t, c.Share.Query().IDs)), n * 3 / 10, n * 3 / 10},
			{"files", len(rows(t, c.WorkspaceProfile.Query().IDs)), n, n},
			{"contact points", len(rows(t, c.ContactPoint.Query().IDs)), 2 * n, 4 * n},
			{"events", len(rows(t, c.Event.Query().IDs)), 0, 0},
		} {
			if one.have < one.min || one.have > one.max {
				t.Errorf("%d %s, not %d to %d", one.have, one.what, one.min, one.max)
			}
		}
	})
}

func TestBulk_KeepsTheLaws(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		bulk(t, s, 500)
		checkLaws(t, s)
	})
}

// The large data stands beside the demo, and comes out the same on both engines.
func TestBulk_IsTheSameEverywhere(t *testing.T) {
	var first map[string][]string
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		demo(t, s)
		bulk(t, s, 500)
		found := content(t, s)
		if first == nil {
			first = found
		}
		if diff := cmp.Diff(first, found); diff != "" {
			t.Error(diff)
		}
	})
}

func TestBulk_GivesTheKeyOfAnAdministrator(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		token := regexp.MustCompile(`ck_\S+`).FindString(bulk(t, s, 100))
		v, err := practice.New(s).SignIn(t.Context(), token)
		if err != nil || v == nil {
			t.Fatalf("the key opens nothing: %v", err)
		}
		if !v.Is(schema.RoleAdministrator) || v.DirectoryRight != professional.DirectoryRightREAD {
			t.Errorf("the key acts as %+v", v)
		}
	})
}

func TestBulk_IsRefusedTwiceAndWhenSmall(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		nothing := func(string) {}
		if seed.Bulk(t.Context(), s, 99, nothing) == nil {
			t.Error("99 profiles passed for large data")
		}
		bulk(t, s, 100)
		if seed.Bulk(t.Context(), s, 200, nothing) == nil {
			t.Error("large data came twice")
		}
	})
}
