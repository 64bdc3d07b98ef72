package store_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"continuum/ent"
	"continuum/ent/event"
	"continuum/internal/store"
	"continuum/internal/storetest"
)

var eventColumns = []string{"id", "type", "object_id", "topics", "workspace_id", "created_at"}

// What Load wrote reads like what ent would have written: instants, JSON, text with every odd letter, and nothing.
func TestLoad_WritesWhatEntReads(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		at := time.Date(2026, 3, 1, 12, 30, 15, 123456000, time.UTC)
		odd := "tab\t newline\n backslash\\ quote' é \\N"
		err := s.Load(system(t), "events", eventColumns, slices.Values([][]any{
			{"ev_1", "profile.linked", odd, `["prof_1","prof_2"]`, "ws_1", at},
			{"ev_2", "profile.linked", "rec_2", `[]`, nil, at},
		}))
		if err != nil {
			t.Fatal(err)
		}
		all, err := s.Client().Event.Query().Order(ent.Asc(event.FieldID)).All(system(t))
		if err != nil || len(all) != 2 {
			t.Fatalf("%d events: %v", len(all), err)
		}
		if all[0].ObjectID != odd || !all[0].CreatedAt.Equal(at) || !slices.Equal(all[0].Topics, []string{"prof_1", "prof_2"}) {
			t.Errorf("got %+v", all[0])
		}
		if all[1].WorkspaceID != "" || len(all[1].Topics) != 0 {
			t.Errorf("got %+v", all[1])
		}
	})
}

func TestLoad_WritesAllOrNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		row := []any{"ev_1", "profile.linked", "rec_1", `[]`, nil, time.Now()}
		if err := s.Load(system(t), "events", eventColumns, slices.Values([][]any{row, row})); err == nil {
			t.Error("two rows of one id were loaded")
		}
		n, err := s.Client().Event.Query().Count(system(t))
		if err != nil || n != 0 {
			t.Errorf("%d events stayed: %v", n, err)
		}
	})
}

func TestLoad_ServesTheSystemAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		nothing := slices.Values([][]any{})
		if s.Load(t.Context(), "events", eventColumns, nothing) == nil {
			t.Error("somebody loaded rows past the guard")
		}
		err := s.Tx(system(t), func(ctx context.Context, _ *ent.Client) error {
			return s.Load(ctx, "events", eventColumns, nothing)
		})
		if err == nil {
			t.Error("rows were loaded inside a transaction that could not hold them")
		}
	})
}
