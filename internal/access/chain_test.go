package access_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"continuum/ent"
	"continuum/internal/access"
	"continuum/internal/oracle"
	"continuum/internal/store"
	"continuum/internal/storetest"
)

// explained are the types that explainAccess tells of.
var explained = []string{
	ent.TypeRecord, ent.TypeProfile, ent.TypeContact, ent.TypeRecordLink, ent.TypeContactLink, ent.TypeContactPoint,
	ent.TypeAddress, ent.TypeIdentifier, ent.TypeWorkspaceProfile, ent.TypeShare,
}

// shared gives the cast shares of each kind, and somebody who edits a directory.
func (c *cast) shared() {
	c.batch(func() {
		c.addShare(oracle.Share{Record: c.id["therapy"], Grantee: c.id["staff"], Level: oracle.Write})
		c.addShare(oracle.Share{Record: c.id["support"], Grantee: c.id["clinic"], Level: oracle.Read})
		c.addShare(oracle.Share{Record: c.id["support"], Grantee: c.id["tom"], Level: oracle.Full})
		c.addShare(oracle.Share{Record: c.id["secret"], Grantee: c.id["cleo"], Level: oracle.Full})
		c.addProfessional("dot", oracle.Professional{Workspace: c.id["school"], Scope: "ALL", Right: "EDIT"})
	})
	for id, name := range c.names {
		c.id[name] = id
	}
}

// Law A10: explainAccess returns a path if and only if access is allowed, and the path
// says how far it goes.
func TestA10_ExplainAccessReturnsAPathIffAccessIsAllowed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCast(t, s)
		c.shared()
		for _, who := range append(slices.Clone(people), "dot") {
			ctx := c.signIn(who)
			for _, typ := range explained {
				all, err := rowsOf(c.system(), s.Client(), typ, everywhere)
				if err != nil {
					t.Fatal(err)
				}
				seen, err := rowsOf(ctx, s.Client(), typ, everywhere)
				if err != nil {
					t.Fatal(err)
				}
				if want := c.facts.Visible(c.id[who], typ); c.id[who] != "" && !slices.Equal(seen, want) {
					t.Errorf("%s sees of %s %s, the oracle says %s", who, typ, c.called(seen), c.called(want))
				}
				for _, id := range all {
					c.checkExplained(t, ctx, who, id, slices.Contains(seen, id))
				}
			}
		}
	})
}

func (c *cast) checkExplained(t *testing.T, ctx context.Context, who, id string, sees bool) {
	t.Helper()
	found, err := access.Explain(ctx, c.store.Client(), id)
	if err != nil {
		t.Fatal(err)
	}
	if a := c.facts.Addresses[id]; a != nil && c.facts.Institutions[a.Holder] != nil {
		sees = false // an institution's address is explained by nothing
	}
	if (found != nil) != sees {
		t.Errorf("%s, %s: explained %v, seen %v", who, c.names[id], found != nil, sees)
	}
	if found == nil {
		return
	}
	m := c.id[who]
	if m == "" {
		m = c.id[who[:3]] // a key
	}
	if c.facts.Records[id] != nil && int(found.Level()) != int(c.facts.Level(m, id)) {
		t.Errorf("%s, %s: level %d, the oracle says %d", who, c.names[id], found.Level(), c.facts.Level(m, id))
	}
	if c.facts.Profiles[id] != nil && (int(found.Right()) != int(c.facts.ProfileRight(m, id)) || int(found.Level()) != int(c.facts.ProfileLevel(m, id))) {
		t.Errorf("%s, %s: right %d and level %d", who, c.names[id], found.Right(), found.Level())
	}
	if c.facts.Contacts[id] != nil && int(found.Right()) != int(c.facts.ContactRight(m, id)) {
		t.Errorf("%s, %s: right %d", who, c.names[id], found.Right())
	}
	for _, chain := range found.Entries {
		c.checkOwn(t, who, m, chain)
	}
}

// checkOwn sees that a chain goes from the viewer through what they may see.
func (c *cast) checkOwn(t *testing.T, who, m string, chain access.Chain) {
	t.Helper()
	if chain.ProfessionalID != m {
		t.Errorf("%s is told the chain of %s", who, c.names[chain.ProfessionalID])
	}
	if r := chain.RecordID; r != "" && c.facts.Level(m, r) < oracle.Metadata {
		t.Errorf("%s is told of the record %s", who, c.names[r])
	}
	if (chain.UnitID == "") != (chain.MembershipID == "") {
		t.Errorf("%s is told of a unit without the membership: %+v", who, chain)
	}
	if m := c.facts.Memberships[chain.MembershipID]; m != nil && m.Unit != chain.UnitID {
		t.Errorf("%s is told of the wrong membership: %+v", who, chain)
	}
}

// Each chain names its facts, and since when and until when they hold together.
func TestExplain_TellsTheFacts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCast(t, s)
		c.shared()
		c.sinceDawn(t)
		c.opensInEmergency("cleo", "therapy")
		c.facts.Now = c.facts.Now.Add(time.Hour)
		for _, row := range []struct{ who, what, want string }{
			{"ann", "therapy", "[OWNER ann 5 0 since 0h]"},
			{"tom", "therapy", "[SHARE tom to staff 3 0 in staff through therapy to staff since 0h]"},
			{"bob", "therapy", "[SHARE bob to bob 2 0 through therapy to bob since 0h]"},
			{"cleo", "therapy", "[EMERGENCY cleo 2 0 since 0h until 2h] [OVERSIGHT cleo 1 0]"},
			{"sue", "program", "[UNIT sue 5 0 in staff since 0h]"},
			{"tom", "program", "[UNIT tom 4 0 in staff since 0h]"},
			{"ann", "mia", "[OWNER ann 5 2 by mia on therapy since 0h]"},
			{"max", "leo", "[DIRECTORY max 0 1]"},
			{"sue", "ola", "[MAKER sue 0 2]"},
			{"tom", "new", "[MAKER tom 0 2]"},
			{"bob", "gus", "[SHARE bob to bob 2 1 by mia on therapy through therapy to bob since 0h]"},
			{"zoe", "secret to zoe", "[GRANTEE zoe to zoe 0 0 through secret to zoe since 0h]"},
		} {
			found, err := access.Explain(c.signIn(row.who), s.Client(), c.id[row.what])
			if err != nil || found == nil {
				t.Fatalf("%s, %s: %v, %v", row.who, row.what, found, err)
			}
			if got := c.told(found); got != row.want {
				t.Errorf("%s, %s:\n got %s\nwant %s", row.who, row.what, got, row.want)
			}
		}
	})
}

// The statements do not depend on the data.
func TestExplain_Budget(t *testing.T) {
	for _, engine := range storetest.Engines {
		t.Run(storetest.Name(engine), func(t *testing.T) {
			var spent int
			s := storetest.Open(t, engine, store.WithStatements(func(context.Context, string) { spent++ }))
			c := newCast(t, s)
			c.shared()
			for what, most := range map[string]int{"therapy": 3, "mia": 3, "gus": 4, "mia on therapy": 4, "telephone of mia": 4} {
				ctx := c.signIn("ann")
				spent = 0
				if _, err := access.Explain(ctx, s.Client(), c.id[what]); err != nil {
					t.Fatal(err)
				}
				if spent > most {
					t.Errorf("%s: %d statements, want at most %d", what, spent, most)
				}
			}
			ctx := c.signIn("ann")
			spent = 0
			if _, err := access.WhoSeesRecord(ctx, s.Client(), c.id["therapy"], nil); err != nil || spent != 3 {
				t.Errorf("who sees a record: %d statements, %v", spent, err)
			}
			spent = 0
			if _, err := access.WhoSeesProfile(ctx, s.Client(), c.id["mia"], nil); err != nil || spent != 4 {
				t.Errorf("who sees a profile: %d statements, %v", spent, err)
			}
		})
	}
}
