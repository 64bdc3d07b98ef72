package access_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"continuum/ent"
	"continuum/ent/profile"
	"continuum/ent/record"
	"continuum/ent/recordlink"
	"continuum/ent/workspace"
	"continuum/internal/access"
	"continuum/internal/oracle"
	"continuum/internal/store"
	"continuum/internal/storetest"
	"continuum/schema"
)

// refused says whether the guard turned a change down.
func refused(err error) bool { return errors.Is(err, access.ErrRefused) }

// Holes that an access rule tends to have; each line is tried by somebody who may
// do a good deal otherwise.
func TestHoles_Refused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCast(t, s)
		c.addShare(oracle.Share{Record: c.id["therapy"], Grantee: c.id["sue"], Giver: c.id["ann"], Level: oracle.Full})
		id := c.id
		for _, hole := range []struct {
			what, who string
			try       func(ctx context.Context, tx *ent.Client) error
		}{
			{"create into another workspace", "ann", func(ctx context.Context, tx *ent.Client) error {
				return newRecord(tx).SetWorkspaceID(id["school"]).SetOwnerID(id["ann"]).Exec(ctx)
			}},
			{"create for another owner", "ann", func(ctx context.Context, tx *ent.Client) error {
				return newRecord(tx).SetWorkspaceID(id["clinic"]).SetOwnerID(id["cleo"]).Exec(ctx)
			}},
			{"create in bulk, one of them elsewhere", "ann", func(ctx context.Context, tx *ent.Client) error {
				return tx.Record.CreateBulk(
					newRecord(tx).SetNumber("2").SetWorkspaceID(id["clinic"]).SetOwnerID(id["ann"]),
					newRecord(tx).SetNumber("3").SetWorkspaceID(id["school"]).SetOwnerID(id["ann"]),
				).Exec(ctx)
			}},
			{"create with no parent's right, in bulk", "ann", func(ctx context.Context, tx *ent.Client) error {
				return tx.RecordLink.MapCreateBulk([]string{"noa", "leo"}, func(link *ent.RecordLinkCreate, i int) {
					link.SetRecordID(id["therapy"]).SetProfileID(id[[]string{"noa", "leo"}[i]]).SetRole(recordlink.RoleSECONDARY)
				}).Exec(ctx)
			}},
			{"move a profile to one's own workspace", "sue", func(ctx context.Context, tx *ent.Client) error {
				return tx.Profile.UpdateOneID(id["mia"]).SetHomeWorkspaceID(id["school"]).Exec(ctx)
			}},
			{"move a profile to another workspace", "ann", func(ctx context.Context, tx *ent.Client) error {
				return tx.Profile.UpdateOneID(id["mia"]).SetHomeWorkspaceID(id["school"]).Exec(ctx)
			}},
			{"move a record to one's own workspace", "sue", func(ctx context.Context, tx *ent.Client) error {
				return tx.Record.UpdateOneID(id["therapy"]).SetWorkspaceID(id["school"]).Exec(ctx)
			}},
			{"take a record", "sue", func(ctx context.Context, tx *ent.Client) error {
				return tx.Record.UpdateOneID(id["therapy"]).SetOwnerID(id["sue"]).Exec(ctx)
			}},
			{"give a record away", "ann", func(ctx context.Context, tx *ent.Client) error {
				return tx.Record.UpdateOneID(id["therapy"]).SetOwnerID(id["cleo"]).Exec(ctx)
			}},
			{"move a contact to one's own workspace", "sue", func(ctx context.Context, tx *ent.Client) error {
				return tx.Contact.UpdateOneID(id["gus"]).SetHomeWorkspaceID(id["school"]).Exec(ctx)
			}},
			{"name a foreign institution", "sue", func(ctx context.Context, tx *ent.Client) error {
				return tx.Profile.UpdateOneID(id["mia"]).SetInstitutionID(id["hospital"]).Exec(ctx)
			}},
			{"merge profiles", "ann", func(ctx context.Context, tx *ent.Client) error {
				return tx.Profile.UpdateOneID(id["mia"]).SetMergedIntoID(id["noa"]).Exec(ctx)
			}},
			{"merge profiles from the other end", "ann", func(ctx context.Context, tx *ent.Client) error {
				return tx.Profile.UpdateOneID(id["mia"]).AddMergedIDs(id["noa"]).Exec(ctx)
			}},
			{"make a contact somebody's other self", "tom", func(ctx context.Context, tx *ent.Client) error {
				return tx.Contact.UpdateOneID(id["new"]).SetProfileID(id["noa"]).Exec(ctx)
			}},
			{"act as another account", "ada", func(ctx context.Context, tx *ent.Client) error {
				return tx.Professional.UpdateOneID(id["ann"]).SetAccountID(id["account of bob"]).Exec(ctx)
			}},
			{"forge the author of an event", "ann", func(ctx context.Context, tx *ent.Client) error {
				return eventBy("bob", "clinic")(ctx, c, tx)
			}},
			{"leave out the author of an event", "ann", func(ctx context.Context, tx *ent.Client) error {
				return tx.Event.Create().SetType("x.y").SetObjectID(id["mia"]).SetTopics([]string{}).Exec(ctx)
			}},
		} {
			c.undone(t, c.signIn(hole.who), func(ctx context.Context, tx *ent.Client) {
				if err := hole.try(ctx, tx); !refused(err) {
					t.Errorf("%s could %s: %v", hole.who, hole.what, err)
				}
			})
		}
	})
}

// An update or a delete of what is not there for the viewer changes nothing and
// tells nothing: a foreign id and an absent one answer alike.
func TestHoles_InvisibleRowsAreAbsent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCast(t, s)
		absent := schema.NewID(schema.ProfilePrefix)
		for _, name := range people {
			if slices.Contains([]string{"ann", "nobody", "eli", "annkey", "bobkey"}, name) {
				continue // ann edits noa; the others are refused before any row is looked at
			}
			c.undone(t, c.signIn(name), func(ctx context.Context, tx *ent.Client) {
				foreign := tx.Profile.UpdateOneID(c.id["noa"]).SetGivenName("x").Exec(ctx)
				missing := tx.Profile.UpdateOneID(absent).SetGivenName("x").Exec(ctx)
				if !ent.IsNotFound(foreign) || !ent.IsNotFound(missing) || foreign.Error() != missing.Error() {
					t.Errorf("%s updates noa: %v, and nobody: %v", name, foreign, missing)
				}
				n, err := tx.Profile.Update().Where(profile.ID(c.id["noa"])).SetGivenName("x").Save(ctx)
				if n != 0 || err != nil {
					t.Errorf("%s updated noa: %d, %v", name, n, err)
				}
				n, err = tx.ContactPoint.Delete().Exec(ctx)
				if n != 0 || err != nil {
					t.Errorf("%s deleted telephones: %d, %v", name, n, err)
				}
			})
		}
	})
}

// Rows that gave access are ended, never deleted.
func TestHoles_NothingThatEndsIsDeleted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCast(t, s)
		removable := map[string]bool{ent.TypeContactPoint: true, ent.TypeAddress: true, ent.TypeIdentifier: true}
		for _, typ := range everyType() {
			for _, name := range people {
				c.undone(t, c.signIn(name), func(ctx context.Context, tx *ent.Client) {
					if n, err := remove(ctx, tx, typ, everywhere); !removable[typ] && (n != 0 || !refused(err)) {
						t.Errorf("%s deletes every %s: %d, %v", name, typ, n, err)
					}
				})
			}
		}
	})
}

// Whoever is not signed in, may not act, or brings no scope sees and changes nothing.
func TestHoles_NobodyIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCast(t, s)
		for name, ctx := range map[string]context.Context{
			"nobody": c.ctx(), "eli": c.signIn("eli"), "no viewer": access.WithViewer(c.ctx(), nil),
		} {
			for _, typ := range everyType() {
				if got := c.seen(t, ctx, typ); got != "[]" {
					t.Errorf("%s sees of %s: %s", name, typ, got)
				}
				c.undone(t, ctx, func(ctx context.Context, tx *ent.Client) {
					if n, err := update(ctx, tx, typ, everywhere, "id", "id"); n != 0 || !refused(err) {
						t.Errorf("%s changes of %s: %d, %v", name, typ, n, err)
					}
				})
			}
		}
		ctx := c.as(c.id["ann"], []schema.Scope{}...)
		for _, typ := range everyType() {
			if got := c.seen(t, ctx, typ); got != "[]" && !unscoped[typ] {
				t.Errorf("a key without scopes sees of %s: %s", typ, got)
			}
		}
	})
}

// unscoped are the types of which a key without any scope still sees whom it acts
// for and where.
var unscoped = map[string]bool{
	ent.TypeWorkspace: true, ent.TypeAccount: true, ent.TypeProfessional: true, ent.TypePrincipal: true,
}

// However a question is put, it is answered from the visible rows.
func TestHoles_EveryQuestionIsNarrowed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c, client := newCast(t, s), s.Client()
		bob := c.signIn("bob") // sees leo and mia, not noa and ola
		if n := client.Profile.Query().CountX(bob); n != 2 {
			t.Errorf("count: %d", n)
		}
		if client.Profile.Query().Where(profile.ID(c.id["noa"])).ExistX(bob) {
			t.Error("noa exists")
		}
		if _, err := client.Profile.Get(bob, c.id["noa"]); !ent.IsNotFound(err) {
			t.Errorf("get: %v", err)
		}
		if got := client.Profile.Query().Order(profile.BySortName()).Select(profile.FieldSortName).StringsX(bob); len(got) != 2 {
			t.Errorf("select: %v", got)
		}
		if got := client.Profile.Query().GroupBy(profile.FieldSortName).StringsX(bob); len(got) != 2 {
			t.Errorf("group: %v", got)
		}
		if got := client.Profile.Query().Aggregate(ent.Count()).IntX(bob); got != 2 {
			t.Errorf("aggregate: %d", got)
		}
		if got := client.Profile.Query().Aggregate(ent.Max(profile.FieldSortName)).StringX(bob); got != "mia" {
			t.Errorf("maximum: %s", got)
		}
		if got := client.Profile.Query().Where(profile.Or(profile.SortName("noa"), profile.SortName("leo"))).AllX(bob); len(got) != 1 {
			t.Errorf("an OR does not widen: %v", got)
		}
		c.undone(t, bob, func(ctx context.Context, tx *ent.Client) {
			if n := tx.Profile.Query().CountX(ctx); n != 2 {
				t.Errorf("in a transaction: %d", n)
			}
		})
	})
}

// A walk along edges meets the guard at its last step, and eager loading at each.
func TestHoles_WalksAreNarrowed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c, client := newCast(t, s), s.Client()
		cleo, bob := c.signIn("cleo"), c.signIn("bob")
		if got := client.RecordLink.Query().QueryProfile().IDsX(bob); c.called(got) != "[leo mia]" {
			t.Errorf("bob walks from links to profiles: %s", c.called(got))
		}
		if got := client.RecordLink.Query().QueryProfile().IDsX(cleo); len(got) != 0 {
			t.Errorf("cleo walks from links to profiles: %s", c.called(got))
		}
		// The links that bob may not see lead him nowhere either: every step is guarded.
		if got := client.RecordLink.Query().QueryRecord().IDsX(bob); c.called(got) != "[support therapy]" {
			t.Errorf("bob walks from links to records: %s", c.called(got))
		}
		link := client.RecordLink.Query().Where(recordlink.ProfileID(c.id["mia"])).
			WithRecord().WithProfile(func(q *ent.ProfileQuery) { q.WithInstitution().WithHomeWorkspace() }).OnlyX(bob)
		if link.Edges.Record == nil || link.Edges.Profile.Edges.Institution == nil {
			t.Errorf("bob loads along his way: %v", link.Edges)
		}
		if w := link.Edges.Profile.Edges.HomeWorkspace; w.Region != "" {
			t.Errorf("what is loaded along the way is not blanked: %v", w)
		}
		key := client.Profile.Query().Where(profile.ID(c.id["mia"])).WithInstitution().OnlyX(c.signIn("annkey"))
		if key.Edges.Institution != nil {
			t.Error("a key that reads profiles only loads an institution along the way")
		}
		for _, share := range client.Share.Query().WithRecord().AllX(c.signIn("zoe")) {
			if share.Edges.Record != nil {
				t.Error("zoe loads a record that is only on offer to her")
			}
		}
	})
}

// A HasXWith predicate is a bare subquery that no interceptor sees: a filter that
// came from a client would be an oracle. So none does: this says what is true.
func TestHoles_EdgePredicatesAreBare(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCast(t, s)
		cleo := c.signIn("cleo")
		owned := record.HasWorkspaceWith(workspace.Name("clinic"))
		if n := s.Client().Record.Query().Where(owned).CountX(cleo); n != 2 {
			t.Errorf("the outer query is guarded all the same: %d", n)
		}
		reason := record.ReasonContains("reason of secret")
		if n := s.Client().Record.Query().Where(reason).CountX(cleo); n != 1 {
			t.Errorf("a filter reaches what METADATA blanks, which is why access.InReadableRecord exists: %d", n)
		}
		readable := access.InReadableRecord(cleo, record.FieldID)
		if n := s.Client().Record.Query().Where(reason, readable).CountX(cleo); n != 0 {
			t.Errorf("with InReadableRecord it finds nothing: %d", n)
		}
	})
}

// A right that has ended is gone at the next statement of the same sign-in, as far
// as the facts are the row's; the viewer's own are read once per request.
func TestHoles_NothingIsCached(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCast(t, s)
		bob := c.signIn("bob")
		if n := s.Client().Record.Query().Where(record.ID(c.id["therapy"])).CountX(bob); n != 1 {
			t.Fatalf("bob does not see therapy: %d", n)
		}
		share := c.id["therapy to bob"]
		c.facts.Shares[share].Expires = c.facts.Now.Add(-time.Second)
		c.saveShare(share)
		if n := s.Client().Record.Query().Where(record.ID(c.id["therapy"])).CountX(bob); n != 0 {
			t.Errorf("bob still sees therapy: %d", n)
		}
	})
}
