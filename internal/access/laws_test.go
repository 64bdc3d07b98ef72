package access_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"continuum/ent"
	"continuum/ent/contactlink"
	"continuum/ent/contactpoint"
	"continuum/ent/profile"
	"continuum/ent/record"
	"continuum/ent/recordlink"
	"continuum/internal/access"
	"continuum/internal/oracle"
	"continuum/internal/store"
	"continuum/internal/storetest"
	"continuum/schema"
)

// level is what the access function tells of a record, right of a profile.
func (c *cast) level(who, what string) access.Level {
	c.Helper()
	level, err := access.RecordLevel(c.signIn(who), c.store.Client(), c.id[what])
	if err != nil {
		c.Fatal(err)
	}
	return level
}

func (c *cast) right(who, what string) access.Right {
	c.Helper()
	right, err := access.ProfileRight(c.signIn(who), c.store.Client(), c.id[what])
	if err != nil {
		c.Fatal(err)
	}
	return right
}

func (c *cast) sees(t *testing.T, who, typ string) string { return c.seen(t, c.signIn(who), typ) }

// The same facts, reached by another way, give the same access: what was given and
// taken back leaves nothing, and nobody's looking changes anything.
func TestA1_AccessDependsOnTheFactsAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCast(t, s)
		before := c.all(t)
		share := c.addShare(oracle.Share{Record: c.id["secret"], Grantee: c.id["school"], Level: oracle.Full})
		if c.level("tom", "secret") != access.Full {
			t.Error("the share gives tom nothing")
		}
		c.facts.Records[c.id["secret"]].Status = "BINNED"
		c.saveRecord(c.id["secret"])
		c.facts.Shares[share].Status = "REVOKED"
		c.saveShare(share)
		c.facts.Records[c.id["secret"]].Status = "OPEN"
		c.saveRecord(c.id["secret"])
		after := c.all(t)
		for who, want := range before {
			if got := after[who]; got != want {
				t.Errorf("%s saw %s, and sees %s", who, want, got)
			}
		}
	})
}

// all tells what everybody sees of records and profiles.
func (c *cast) all(t *testing.T) map[string]string {
	t.Helper()
	seen := map[string]string{}
	for _, who := range people {
		seen[who] = c.sees(t, who, ent.TypeRecord) + c.sees(t, who, ent.TypeProfile) + c.sees(t, who, ent.TypeContact)
	}
	return seen
}

func TestA2_ReadableRecordOpensItsProfiles(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCast(t, s)
		c.addLink(c.id["therapy"], c.id["noa"])
		for _, who := range people {
			for _, link := range s.Client().RecordLink.Query().Where(recordlink.UnlinkedAtIsNil()).AllX(c.system()) {
				if c.level(who, c.names[link.RecordID]) >= access.Read && c.right(who, c.names[link.ProfileID]) < access.ReadRight {
					t.Errorf("%s reads %s and not %s", who, c.names[link.RecordID], c.names[link.ProfileID])
				}
			}
		}
		if got := c.sees(t, "bob", ent.TypeProfile); got != "[leo mia noa]" {
			t.Errorf("bob, who reads therapy, sees %s", got)
		}
	})
}

// Sue edits ola, whom a record of bob's comes to link; max reads leo, and ann edits
// mia in every place: none of them reaches a record by it.
func TestA3_AProfileOpensNoRecord(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCast(t, s)
		c.facts.Professionals[c.id["max"]].Right = "EDIT"
		c.saveProfessional(c.id["max"])
		c.addLink(c.id["support"], c.id["mia"])
		if c.right("max", "leo") != access.EditRight || c.right("ann", "mia") != access.EditRight {
			t.Fatal("max edits leo, and ann mia")
		}
		for _, who := range []string{"max", "ann"} {
			if got := c.level(who, "support"); got != access.None {
				t.Errorf("%s reaches level %d on support", who, got)
			}
		}
		if got := c.sees(t, "max", ent.TypeRecord) + c.sees(t, "max", ent.TypeRecordLink); got != "[][]" {
			t.Errorf("max sees %s", got)
		}
		if got := c.sees(t, "ann", ent.TypeRecordLink); got != "[mia on therapy noa on secret]" {
			t.Errorf("ann sees the links %s", got)
		}
	})
}

// For whoever is below METADATA the world with the record and the world without it
// answer every question alike.
func TestA4_AnInvisibleRecordDoesNotExist(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCast(t, s)
		ask := func(who string) []any {
			ctx, client := c.signIn(who), s.Client()
			_, err := client.Record.Get(ctx, c.id["hidden"])
			hidden := client.Record.Query().Where(record.ID(c.id["hidden"]))
			return []any{
				ent.IsNotFound(err), err.Error(), hidden.CountX(ctx), hidden.ExistX(ctx), client.Record.Query().CountX(ctx),
				client.RecordLink.Query().CountX(ctx), client.Share.Query().CountX(ctx), client.Profile.Query().CountX(ctx),
				c.seen(t, ctx, ent.TypeInstitution), c.seen(t, ctx, ent.TypeProfessional), c.seen(t, ctx, ent.TypeWorkspace),
				c.refusal(t, ctx),
			}
		}
		others := []string{"bob", "sue", "tom", "zoe", "bobkey", "nobody"}
		c.id["hidden"] = schema.NewID(schema.RecordPrefix)
		without := map[string][]any{}
		for _, who := range others {
			without[who] = ask(who)
		}
		id := c.addRecord("hidden", oracle.Record{Workspace: c.id["clinic"], Owner: c.id["ann"]})
		c.addLink(id, c.id["mia"])
		c.addShare(oracle.Share{Record: id, Grantee: c.id["cleo"], Level: oracle.Full})
		c.id["hidden"] = id
		for _, who := range others {
			with := ask(who)
			for i := range with {
				if with[i] != without[who][i] {
					t.Errorf("%s can tell by answer %d: %v, %v", who, i, without[who][i], with[i])
				}
			}
		}
	})
}

// refusal is how a change of the hidden record fails.
func (c *cast) refusal(t *testing.T, ctx context.Context) string {
	t.Helper()
	var text string
	c.undone(t, ctx, func(ctx context.Context, tx *ent.Client) {
		_, err := tx.Record.UpdateOneID(c.id["hidden"]).SetTitle("x").Save(ctx)
		text = err.Error()
		if err := linkOn("hidden", "leo")(ctx, c, tx); err != nil {
			text += " / " + err.Error()
		}
	})
	return text
}

// What ends takes effect at the next read.
func TestA5_WhatEndsIsOverAtTheNextRead(t *testing.T) {
	ends := []struct {
		what, who, record string
		do                func(c *cast)
	}{
		{"a share is revoked", "bob", "therapy", func(c *cast) {
			c.facts.Shares[c.id["therapy to bob"]].Status = "REVOKED"
			c.saveShare(c.id["therapy to bob"])
		}},
		{"a share expires by the clock", "bob", "therapy", func(c *cast) {
			c.facts.Shares[c.id["therapy to bob"]].Expires = c.facts.Now.Add(time.Hour)
			c.saveShare(c.id["therapy to bob"])
			c.facts.Now = c.facts.Now.Add(time.Hour)
		}},
		{"the owner changes", "bob", "therapy", func(c *cast) {
			r := c.facts.Records[c.id["therapy"]]
			r.Owner, r.Epoch = c.id["cleo"], r.Epoch+1
			c.saveRecord(c.id["therapy"])
		}},
		{"the record is binned", "bob", "therapy", func(c *cast) {
			c.facts.Records[c.id["therapy"]].Status = "BINNED"
			c.saveRecord(c.id["therapy"])
		}},
		{"a member leaves", "tom", "program", func(c *cast) {
			c.facts.Memberships[c.id["tom in staff"]].To = c.facts.Now
			c.saveMember(c.id["tom in staff"])
		}},
		{"a steward leaves", "sue", "program", func(c *cast) {
			c.facts.Memberships[c.id["sue in staff"]].To = c.facts.Now
			c.saveMember(c.id["sue in staff"])
		}},
		{"a professional is suspended", "ann", "therapy", func(c *cast) {
			c.facts.Professionals[c.id["ann"]].Status = "SUSPENDED"
			c.saveProfessional(c.id["ann"])
		}},
		{"a workspace is suspended", "bob", "support", func(c *cast) {
			c.facts.Workspaces[c.id["school"]].Status = "SUSPENDED"
			c.saveWorkspace(c.id["school"])
		}},
		{"a role is taken", "cleo", "secret", func(c *cast) {
			c.facts.Professionals[c.id["cleo"]].Roles = nil
			c.saveProfessional(c.id["cleo"])
		}},
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for _, end := range ends {
			c := newCast(t, s)
			if c.level(end.who, end.record) == access.None {
				t.Fatalf("%s does not reach %s to begin with", end.who, end.record)
			}
			end.do(c)
			if got := c.level(end.who, end.record); got != access.None {
				t.Errorf("%s: %s is still at level %d", end.what, end.who, got)
			}
			if s.Client().Record.Query().Where(record.ID(c.id[end.record])).ExistX(c.signIn(end.who)) {
				t.Errorf("%s: %s still sees the record", end.what, end.who)
			}
		}
	})
}

// METADATA never yields a name or a contact, whichever way it is asked.
func TestA6_MetadataYieldsNoPerson(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c, client := newCast(t, s), s.Client()
		for _, who := range []string{"cleo", "ada"} {
			ctx := c.signIn(who)
			if c.level(who, "therapy") != access.Metadata || c.right(who, "mia") != access.NoRight {
				t.Errorf("%s: level %d, right %d", who, c.level(who, "therapy"), c.right(who, "mia"))
			}
			found := []int{
				client.RecordLink.Query().Where(recordlink.RecordID(c.id["therapy"])).CountX(ctx),
				client.RecordLink.Query().Where(recordlink.RecordID(c.id["therapy"])).QueryProfile().CountX(ctx),
				client.Profile.Query().Where(profile.GivenName("mia")).CountX(ctx),
				client.ContactLink.Query().Where(contactlink.ProfileID(c.id["mia"])).QueryContact().CountX(ctx),
				client.ContactPoint.Query().Where(contactpoint.ProfileID(c.id["mia"])).CountX(ctx),
				client.Institution.Query().CountX(ctx) - 1, // the hospital, which is their own
			}
			if slices.Max(found) > 0 {
				t.Errorf("%s found %v", who, found)
			}
		}
	})
}

// Every path to a record, a profile, a link or a contact gives one viewer the same answer.
func TestA8_EveryPathGivesTheSameAnswer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c, client := newCast(t, s), s.Client()
		for _, who := range people {
			if strings.HasSuffix(who, "key") {
				continue // the access function tells of the professional; scopes narrow it, as TestMatrix shows
			}
			ctx := c.signIn(who)
			for _, name := range []string{"mia", "noa", "leo", "ola"} {
				one := client.Profile.Query().Where(profile.ID(c.id[name]))
				_, err := client.Profile.Get(ctx, c.id[name])
				c.same(t, who, name, c.right(who, name) >= access.ReadRight, err == nil, one.Clone().ExistX(ctx),
					one.Clone().CountX(ctx) == 1, slices.Contains(client.Profile.Query().IDsX(ctx), c.id[name]),
					len(one.Clone().Select(profile.FieldID).StringsX(ctx)) == 1,
					len(client.Profile.Query().Order(ent.Asc(profile.FieldSortName)).Where(profile.SortName(name)).Limit(1).AllX(ctx)) == 1)
			}
			for _, name := range []string{"therapy", "secret", "support", "program"} {
				one := client.Record.Query().Where(record.ID(c.id[name]))
				_, err := client.Record.Get(ctx, c.id[name])
				level := c.level(who, name)
				c.same(t, who, name, level >= access.Metadata, err == nil, one.Clone().ExistX(ctx),
					one.Clone().CountX(ctx) == 1, slices.Contains(client.Record.Query().IDsX(ctx), c.id[name]))
				c.same(t, who, name+"'s links", level >= access.Read,
					client.RecordLink.Query().Where(recordlink.RecordID(c.id[name])).ExistX(ctx),
					client.RecordLink.Query().Where(recordlink.RecordID(c.id[name])).QueryProfile().ExistX(ctx),
					len(one.Clone().Select(record.FieldTitle).StringsX(ctx)) == 1)
			}
		}
	})
}

func (c *cast) same(t *testing.T, who, what string, want bool, answers ...bool) {
	t.Helper()
	for i, got := range answers {
		if got != want {
			t.Errorf("%s, %s: path %d says %v, the access function %v", who, what, i, got, want)
		}
	}
}
