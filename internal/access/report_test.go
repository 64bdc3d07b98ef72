package access_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"continuum/ent"
	"continuum/ent/share"
	"continuum/internal/access"
	"continuum/internal/oracle"
	"continuum/internal/store"
	"continuum/internal/storetest"
	"continuum/schema"
)

// sinceDawn dates what the facts of the cast leave to the clock of the machine.
func (c *cast) sinceDawn(t *testing.T) {
	t.Helper()
	c.write(func(ctx context.Context, tx *ent.Client) error {
		_, first := update(ctx, tx, ent.TypeRecord, everywhere, "created_at", "'2026-01-05 08:00:00+00:00'")
		_, second := update(ctx, tx, ent.TypeRecordLink, everywhere, "linked_at", "'2026-01-05 08:00:00+00:00'")
		return errors.Join(first, second)
	})
}

// opensInEmergency lets somebody read a record for two hours, from now on.
func (c *cast) opensInEmergency(who, what string) {
	c.Helper()
	c.write(func(ctx context.Context, tx *ent.Client) error {
		return tx.EmergencyAccess.Create().SetRecordID(c.id[what]).SetProfessionalID(c.id[who]).
			SetWorkspaceID(c.facts.Professionals[c.id[who]].Workspace).SetReason("a test").
			SetStartedAt(c.facts.Now).SetEndsAt(c.facts.Now.Add(2 * time.Hour)).Exec(ctx)
	})
}

// told spells a report by names, in its order; times are hours from the dawn.
func (c *cast) told(r *access.Report) string {
	if r == nil {
		return "nothing"
	}
	var lines []string
	for _, e := range r.Entries {
		lines = append(lines, "["+c.spelled(e)+"]")
	}
	return strings.Join(lines, " ")
}

func (c *cast) spelled(e access.Chain) string {
	line := string(e.Reason)
	if e.ProfessionalID != "" {
		line += " " + c.names[e.ProfessionalID]
	}
	if e.RecipientID != "" {
		line += " to " + c.names[e.RecipientID]
	}
	line += fmt.Sprintf(" %d %d", e.Level, e.Right)
	for _, part := range []struct{ word, id string }{{"in", e.UnitID}, {"by", e.LinkID}, {"through", e.ShareID}} {
		if part.id != "" {
			line += " " + part.word + " " + c.names[part.id]
		}
	}
	if e.Since != nil {
		line += fmt.Sprintf(" since %gh", e.Since.Sub(dawn).Hours())
	}
	if e.Until != nil {
		line += fmt.Sprintf(" until %gh", e.Until.Sub(dawn).Hours())
	}
	return line
}

// sorted are the lines of a report without their dates, in the order of the alphabet.
func (c *cast) sorted(r *access.Report, but ...access.Reason) []string {
	if r == nil {
		return nil
	}
	var lines []string
	for _, e := range r.Entries {
		e.Since, e.Until = nil, nil
		if !slices.Contains(but, e.Reason) {
			lines = append(lines, c.spelled(e))
		}
	}
	slices.Sort(lines)
	return lines
}

func (c *cast) whoSees(t *testing.T, who, what string, at *time.Time) *access.Report {
	t.Helper()
	ask := access.WhoSeesRecord
	if c.facts.Profiles[c.id[what]] != nil {
		ask = access.WhoSeesProfile
	}
	found, err := ask(c.signIn(who), c.store.Client(), c.id[what], at)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// staffed are those of the cast who works somewhere, by name.
var staffed = []string{"ann", "bob", "cleo", "ada", "sue", "tom", "max", "zoe", "eli", "dot"}

// reach is how far a report says that a colleague of the viewer's gets.
func (c *cast) reach(r *access.Report, m string) (level access.Level) {
	for _, e := range r.Entries {
		whole := e.ProfessionalID == "" && e.RecipientID == c.facts.Professionals[m].Workspace &&
			c.facts.Professionals[m].Status == "ACTIVE"
		if e.ProfessionalID == m || whole {
			level = max(level, e.Level)
		}
	}
	return level
}

// For every colleague the best level that a report tells is the one they have; and a
// report is for FULL alone.
func TestWhoSeesRecord_AgreesWithTheOracle(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCast(t, s)
		c.shared()
		for _, what := range []string{"therapy", "secret", "support", "program"} {
			for _, who := range append(slices.Clone(staffed), "annkey", "nobody") {
				found := c.whoSees(t, who, what, nil)
				asks := c.id[who] != "" && c.facts.Level(c.id[who], c.id[what]) >= oracle.Full
				if (found != nil) != asks {
					t.Errorf("%s asks who sees %s: %s", who, what, c.told(found))
				}
				if found != nil {
					c.checkReport(t, who, what, found)
				}
			}
		}
	})
}

func (c *cast) checkReport(t *testing.T, who, what string, found *access.Report) {
	t.Helper()
	home := c.facts.Professionals[c.id[who]].Workspace
	for _, other := range staffed {
		m := c.id[other]
		if c.facts.Professionals[m].Workspace != home {
			continue
		}
		if want := c.facts.Level(m, c.id[what]); int(c.reach(found, m)) != int(want) {
			t.Errorf("%s asks who sees %s: %s at %d, want %d in %s", who, what, other, c.reach(found, m), want, c.told(found))
		}
	}
	for _, e := range found.Entries {
		m := c.facts.Professionals[e.ProfessionalID]
		if m != nil && m.Workspace != home && e.RecipientID != e.ProfessionalID && e.Reason != access.ReasonOwner {
			t.Errorf("%s learns that %s works elsewhere: %s", who, c.names[e.ProfessionalID], c.spelled(e))
		}
	}
}

// Each kind of chain, as it is told to those who may ask, and nothing to the others.
func TestWhoSees_TellsEachChain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCast(t, s)
		c.shared()
		c.sinceDawn(t)
		c.opensInEmergency("cleo", "therapy")
		c.opensInEmergency("ada", "secret") // it is confidential: this opens nothing
		c.addShare(oracle.Share{Record: c.id["therapy"], Grantee: c.id["eli"], Level: oracle.Read})
		c.facts.Now = c.facts.Now.Add(time.Hour)
		for _, row := range []struct {
			who, what string
			want      string
		}{
			{"ann", "therapy", "EMERGENCY cleo 2 0;OVERSIGHT ada 1 0;OVERSIGHT cleo 1 0;OWNER ann 5 0;" +
				"SHARE bob to bob 2 0 through therapy to bob;SHARE to staff 3 0 in staff through therapy to staff"},
			{"bob", "support", "OWNER bob 5 0;SHARE to clinic 2 0 through support to clinic;SHARE tom to tom 4 0 through support to tom"},
			{"tom", "program", "UNIT sue 5 0 in staff;UNIT tom 4 0 in staff"},
			{"cleo", "secret", "OVERSIGHT ada 1 0;OVERSIGHT cleo 1 0;OWNER ann 5 0;SHARE cleo to cleo 4 0 through secret to cleo"},
			{"ann", "mia", "EMERGENCY cleo 2 1 by mia on therapy;OWNER ann 5 2 by mia on therapy;" +
				"SHARE bob to bob 2 1 by mia on therapy through therapy to bob;SHARE to staff 3 1 in staff by mia on therapy through therapy to staff"},
			{"bob", "leo", "DIRECTORY dot 0 2;DIRECTORY max 0 1;OWNER bob 5 2 by leo on support;" +
				"SHARE to clinic 2 1 by leo on support through support to clinic;SHARE tom to tom 4 2 by leo on support through support to tom"},
			{"dot", "leo", "DIRECTORY dot 0 2;DIRECTORY max 0 1"},
			{"dot", "ola", "DIRECTORY dot 0 2"},
			{"sue", "ola", "DIRECTORY dot 0 2;MAKER sue 0 2"},
			{"bob", "mia", ""}, {"max", "leo", ""}, {"cleo", "therapy", ""}, {"bob", "therapy", ""}, {"zoe", "secret", ""},
			{"annkey", "mia", ""}, {"annkey", "therapy", ""}, {"eli", "therapy", ""}, {"nobody", "therapy", ""},
		} {
			if got := strings.Join(c.sorted(c.whoSees(t, row.who, row.what, nil)), ";"); got != row.want {
				t.Errorf("%s asks who sees %s:\n got %s\nwant %s", row.who, row.what, got, row.want)
			}
		}
	})
}

// From elsewhere a unit stands for its members; a key that may not read the workspace is
// told no more of its own; and what is thrown away is its owner's alone.
func TestWhoSees_TellsNobodyWhoWorksElsewhere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCast(t, s)
		c.shared()
		c.sinceDawn(t)
		c.addShare(oracle.Share{Record: c.id["program"], Grantee: c.id["ann"], Level: oracle.Full})
		c.opensInEmergency("max", "program")
		check := func(ctx context.Context, what, want string) {
			t.Helper()
			found, err := access.WhoSeesRecord(ctx, s.Client(), c.id[what], nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(c.sorted(found), ";"); got != want {
				t.Errorf("who sees %s:\n got %s\nwant %s", what, got, want)
			}
		}
		check(c.signIn("ann"), "program", "SHARE ann to ann 4 0 through program to ann;UNIT to staff 5 0 in staff")
		check(c.as(c.id["sue"], schema.ScopeRecordsRead), "program",
			"EMERGENCY max 2 0;SHARE ann to ann 4 0 through program to ann;UNIT to staff 5 0 in staff")
		for _, what := range []string{"program", "therapy"} {
			c.facts.Records[c.id[what]].Status = "BINNED"
			c.saveRecord(c.id[what])
		}
		check(c.signIn("ann"), "program", "")
		check(c.signIn("tom"), "program", "")
		check(c.signIn("sue"), "program", "UNIT sue 5 0 in staff")
		check(c.signIn("ann"), "therapy", "OVERSIGHT ada 1 0;OVERSIGHT cleo 1 0;OWNER ann 5 0")
	})
}

// Law T9, and A4: a report of a profile is the same, whatever else links it that the
// viewer may not edit.
func TestT9_AReportTellsNothingOfOtherRecords(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCast(t, s)
		c.shared()
		before := map[string]string{}
		ask := func(who, what string) string { return c.told(c.whoSees(t, who, what, nil)) }
		pairs := [][2]string{{"ann", "mia"}, {"ann", "noa"}, {"bob", "leo"}, {"tom", "leo"}, {"dot", "ola"}, {"dot", "leo"}}
		for _, p := range pairs {
			before[p[0]+p[1]] = ask(p[0], p[1])
		}
		// Elsewhere, in the next room, and beside a record that the viewer only reads.
		for i, of := range []struct{ place, owner, reader string }{{"practice", "zoe", "max"}, {"clinic", "ada", "cleo"}, {"school", "max", "dot"}} {
			for _, p := range []string{"mia", "noa", "leo", "ola"} {
				r := c.addRecord(fmt.Sprintf("hidden %d %s", i, p), oracle.Record{Workspace: c.id[of.place], Owner: c.id[of.owner]})
				c.addLink(r, c.id[p])
				if of.reader != "dot" {
					c.addShare(oracle.Share{Record: r, Grantee: c.id[of.reader], Level: oracle.Full})
				}
			}
		}
		for _, p := range pairs {
			if after := ask(p[0], p[1]); after != before[p[0]+p[1]] {
				t.Errorf("%s asks who sees %s:\nbefore %s\nafter  %s", p[0], p[1], before[p[0]+p[1]], after)
			}
		}
	})
}

// A report of a profile tells of each colleague what they have through the records that
// the viewer may edit.
func TestWhoSeesProfile_AgreesWithTheOracle(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCast(t, s)
		c.shared()
		for _, what := range []string{"mia", "noa", "leo", "ola"} {
			for _, who := range staffed {
				m := c.id[who]
				found := c.whoSees(t, who, what, nil)
				if (found != nil) != (c.facts.ProfileRight(m, c.id[what]) == oracle.EditRight) {
					t.Errorf("%s asks who sees %s: %s", who, what, c.told(found))
				}
				if found == nil {
					continue
				}
				told := *c.facts
				told.Links = map[string]*oracle.Link{}
				for id, l := range c.facts.Links {
					if c.facts.Level(m, l.Record) >= oracle.Full {
						told.Links[id] = l
					}
				}
				for _, other := range staffed {
					if o := c.id[other]; told.Professionals[o].Workspace == told.Professionals[m].Workspace &&
						int(c.reach(found, o)) != int(told.ProfileLevel(o, c.id[what])) {
						t.Errorf("%s asks who sees %s: %s at %d in %s", who, what, other, c.reach(found, o), c.told(found))
					}
				}
			}
		}
	})
}

// A report of an earlier instant tells what was: whatever ended since is there, and
// whatever began since is not.
func TestWhoSees_AtAnEarlierInstant(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCast(t, s)
		c.shared()
		c.addLink(c.id["support"], c.id["mia"])
		c.id["mia on secret"] = c.addLink(c.id["secret"], c.id["mia"])
		c.sinceDawn(t)
		c.opensInEmergency("cleo", "therapy")
		c.facts.Now = dawn.Add(time.Hour)
		past := c.facts.Now
		undated := []access.Reason{access.ReasonOversight, access.ReasonDirectory, access.ReasonMaker}
		askers := [][2]string{{"ann", "therapy"}, {"bob", "support"}, {"sue", "program"}, {"bob", "mia"}, {"ann", "mia"}}
		was := map[string][]string{}
		for _, a := range askers {
			was[a[0]+a[1]] = c.sorted(c.whoSees(t, a[0], a[1], nil), undated...)
		}
		for _, a := range askers {
			if got := c.sorted(c.whoSees(t, a[0], a[1], &past)); !slices.Equal(got, was[a[0]+a[1]]) {
				t.Errorf("at the very instant, %s asks who sees %s:\n got %v\nwant %v", a[0], a[1], got, was[a[0]+a[1]])
			}
		}
		c.facts.Now = dawn.Add(3 * time.Hour)
		c.afterwards(t)
		c.facts.Now = dawn.Add(4 * time.Hour)
		for _, a := range askers {
			if got := c.sorted(c.whoSees(t, a[0], a[1], &past)); !slices.Equal(got, was[a[0]+a[1]]) {
				t.Errorf("%s asks who saw %s:\n got %v\nwant %v", a[0], a[1], got, was[a[0]+a[1]])
			}
			if got := c.sorted(c.whoSees(t, a[0], a[1], nil), undated...); slices.Equal(got, was[a[0]+a[1]]) {
				t.Errorf("%s asks who sees %s: nothing has changed: %v", a[0], a[1], got)
			}
		}
		before := dawn.Add(-time.Hour)
		if got := c.whoSees(t, "ann", "therapy", &before); got == nil || len(got.Entries) > 0 {
			t.Errorf("before it was made: %s", c.told(got))
		}
	})
}

// afterwards ends what gave access: a share is revoked, one is left, one runs out, a
// member leaves the unit, a link ends, a colleague ends, and the support is handed over
// twice.
func (c *cast) afterwards(t *testing.T) {
	t.Helper()
	now := c.facts.Now
	c.write(func(ctx context.Context, tx *ent.Client) error {
		end := func(name string, status share.Status) error {
			return tx.Share.UpdateOneID(c.id[name]).SetStatus(status).SetEndedAt(now).Exec(ctx)
		}
		return errors.Join(
			end("therapy to bob", share.StatusREVOKED), end("therapy to staff", share.StatusLEFT),
			tx.Share.UpdateOneID(c.id["support to clinic"]).SetExpiresAt(now).Exec(ctx),
			end("support to tom", share.StatusREVOKED),
			tx.UnitMember.UpdateOneID(c.id["tom in staff"]).SetEndedAt(now).Exec(ctx),
			tx.Professional.UpdateOneID(c.id["tom"]).SetStatus("ENDED").SetEndedAt(now).Exec(ctx),
			tx.Professional.UpdateOneID(c.id["cleo"]).SetStatus("ENDED").SetEndedAt(now).Exec(ctx),
			tx.RecordLink.UpdateOneID(c.id["mia on secret"]).SetUnlinkedAt(now).Exec(ctx),
			c.wasHandedOver(ctx, tx, "support", "bob", "staff", 1, now.Add(-time.Minute)),
			c.wasHandedOver(ctx, tx, "support", "staff", "bob", 2, now),
		)
	})
	for _, m := range []string{"tom", "cleo"} {
		c.facts.Professionals[c.id[m]].Status = "ENDED"
	}
}

// handOver makes a record go from one owner to another at an instant.
func (c *cast) wasHandedOver(ctx context.Context, tx *ent.Client, what, from, to string, epoch int, at time.Time) error {
	r := c.facts.Records[c.id[what]]
	r.Owner, r.Epoch = c.id[to], epoch+1
	return errors.Join(
		tx.Transfer.Create().SetRecordID(c.id[what]).SetMode("OFFER").SetFromID(c.id[from]).SetToID(c.id[to]).
			SetFromWorkspaceID(r.Workspace).SetToWorkspaceID(r.Workspace).SetStatus("ACCEPTED").SetBaseEpoch(epoch).
			SetSharesDefault("DROP").SetExpiresAt(at.Add(time.Hour)).SetAnsweredAt(at).SetNewOwnerID(c.id[to]).Exec(ctx),
		tx.Record.UpdateOneID(c.id[what]).SetOwnerID(c.id[to]).SetOwnerEpoch(epoch+1).Exec(ctx))
}

// After a hand-over into another workspace the new owner asks who saw the record before.
func TestWhoSees_AcrossAHandOver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCast(t, s)
		c.shared()
		c.sinceDawn(t)
		c.opensInEmergency("cleo", "therapy")
		c.facts.Now = dawn.Add(3 * time.Hour)
		c.write(func(ctx context.Context, tx *ent.Client) error {
			return errors.Join(c.wasHandedOver(ctx, tx, "therapy", "ann", "max", 1, c.facts.Now),
				tx.Record.UpdateOneID(c.id["therapy"]).SetWorkspaceID(c.id["school"]).Exec(ctx))
		})
		c.facts.Now = dawn.Add(4 * time.Hour)
		past := dawn.Add(time.Hour)
		// The shares were not kept: they ended with the epoch. Of the clinic's emergency nothing is told.
		want := "[OWNER ann 5 0 since 0h until 3h] [SHARE sue to staff 3 0 in staff through therapy to staff since 0h]" +
			" [SHARE tom to staff 3 0 in staff through therapy to staff since 0h] [SHARE bob to bob 2 0 through therapy to bob since 0h]"
		if got := c.whoSees(t, "max", "therapy", &past); !sameLines(c.told(got), want) {
			t.Errorf("\n got %s\nwant %s", c.told(got), want)
		}
		if got := c.told(c.whoSees(t, "max", "therapy", nil)); got != "[OWNER max 5 0 since 3h]" {
			t.Error(got)
		}
		if got := c.whoSees(t, "ann", "therapy", &past); got != nil {
			t.Errorf("ann, who owns it no more: %s", c.told(got))
		}
	})
}

// sameLines compares two reports as they are told, whatever the order of equals.
func sameLines(a, b string) bool {
	split := func(s string) []string {
		lines := strings.Split(s, "] [")
		for i := range lines {
			lines[i] = strings.Trim(lines[i], "[]")
		}
		slices.Sort(lines)
		return lines
	}
	return slices.Equal(split(a), split(b))
}

// What has not come yet is not asked for, and what was never accepted never held.
func TestWhoSees_Refuses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCast(t, s)
		c.sinceDawn(t)
		c.facts.Now = dawn.Add(2 * time.Hour)
		c.write(func(ctx context.Context, tx *ent.Client) error {
			return errors.Join(
				tx.Share.UpdateOneID(c.id["secret to zoe"]).SetStatus(share.StatusDECLINED).SetEndedAt(c.facts.Now).Exec(ctx),
				tx.Share.UpdateOneID(c.id["therapy to bob"]).SetStatus(share.StatusPENDING).Exec(ctx))
		})
		c.facts.Now = dawn.Add(3 * time.Hour)
		past, future := dawn.Add(time.Hour), dawn.Add(4*time.Hour)
		for _, what := range []string{"secret", "therapy"} {
			if got := c.told(c.whoSees(t, "ann", what, &past)); got != "[OWNER ann 5 0 since 0h]" {
				t.Error(got)
			}
		}
		for _, what := range []string{"secret", "nothing"} {
			if _, err := access.WhoSeesRecord(c.signIn("ann"), s.Client(), c.id[what], &future); !errors.Is(err, access.ErrFuture) {
				t.Errorf("%s in the future: %v", what, err)
			}
		}
	})
}

// A report holds so many entries and says when there are more.
func TestWhoSees_IsBounded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCast(t, s)
		c.batch(func() {
			for i := range 500 {
				who := c.addProfessional(fmt.Sprintf("p%d", i), oracle.Professional{Workspace: c.id["school"]})
				c.addMember(c.id["staff"], who, false)
			}
		})
		found := c.whoSees(t, "sue", "program", nil)
		if len(found.Entries) != 500 || found.Complete {
			t.Errorf("%d entries, complete %v", len(found.Entries), found.Complete)
		}
		if found := c.whoSees(t, "bob", "support", nil); !found.Complete {
			t.Errorf("%d entries, and more", len(found.Entries))
		}
	})
}
