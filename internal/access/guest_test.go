package access_test

import (
	"context"
	"testing"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/internal/access"
	"continuum/internal/oracle"
	"continuum/internal/store"
	"continuum/internal/storetest"
)

// guestsAgree fails when a link does not say of whom its profile is a guest.
func (w *world) guestsAgree() {
	w.Helper()
	if n, err := w.store.Client().RecordLink.Query().Where(storetest.MisledLinks).Count(w.system()); err != nil || n > 0 {
		w.Fatalf("%d links say wrong of whom their profile is a guest: %v", n, err)
	}
}

// The column finds guests and decides nothing: if it were wrong nobody would be shown who is none, and whoever is named would be seen.
func TestGuests_AreNotMadeByTheirColumn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCast(t, s)
		school := c.of("school")
		dan := c.addProfessional("dan", oracle.Professional{Workspace: school, Scope: "ALL", Right: "EDIT"})
		c.addProfessional("ian", oracle.Professional{Workspace: school, Scope: "INSTITUTIONS", Right: "READ", Institutions: []string{c.of("hospital")}})
		c.addLink(c.of("support"), c.addProfile("guest", oracle.Profile{Home: c.of("practice"), Creator: c.of("zoe")}))
		c.guestsAgree()
		c.mislead(school)
		for range 4 { // each spelling once
			c.compare(compared)
		}
		c.mislead(nil)
		found, err := rowsOf(access.Known(c.as(dan)), s.Client(), ent.TypeProfile, only(c.of("guest")))
		if err != nil || len(found) != 1 {
			t.Errorf("dan, who names the guest, sees %s: %v", c.called(found), err)
		}
	})
}

// mislead has every link say the same.
func (c *cast) mislead(guestOf any) {
	c.write(func(ctx context.Context, tx *ent.Client) error {
		return tx.RecordLink.Update().Modify(func(u *sql.UpdateBuilder) {
			if guestOf == nil {
				u.SetNull("guest_of")
			} else {
				u.Set("guest_of", guestOf)
			}
		}).Exec(ctx)
	})
}
