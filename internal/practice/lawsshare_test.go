package practice_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"continuum/ent"
	"continuum/ent/professional"
	"continuum/ent/share"
	"continuum/ent/workspace"
	"continuum/internal/access"
	"continuum/internal/practice"
	"continuum/schema"
)

func TestS1_OneLiveShareARecordAndGrantee(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		c.record(t, "other", "paul", "lea")
		c.give(t, "paul", "follow-up", "rita", share.LevelREAD)
		c.give(t, "paul", "follow-up", "zed", share.LevelREAD)
		again := func() {
			for _, with := range []string{"rita", "zed"} {
				for _, level := range []share.Level{share.LevelREAD, share.LevelWRITE, share.LevelFULL} {
					_, err := c.ShareRecord(c.as(t, "paul"), c.sharing("follow-up", with, level))
					c.refused(t, err, "ALREADY_SHARED granteeId")
				}
			}
		}
		c.unchanged(t, again) // one active, one that waits
		if err := c.acceptShare(c.as(t, "zed"), c.id("follow-up>zed")); err != nil {
			t.Fatal(err)
		}
		c.unchanged(t, again)
		if err := c.update(c.as(t, "paul"), c.id("follow-up>rita"), 1, nil); err != nil {
			t.Fatal(err)
		}
		c.unchanged(t, again)
		// Another record, and another grantee who reaches the same people, are another share.
		c.give(t, "paul", "other", "rita", share.LevelREAD)
		c.give(t, "paul", "follow-up", "clinic", share.LevelREAD)
		// One that has ended leaves room.
		if err := c.leave(c.as(t, "zed"), "follow-up", nil); err != nil {
			t.Fatal(err)
		}
		c.give(t, "paul", "follow-up", "zed", share.LevelREAD)
		for record, want := range map[string]int{"follow-up": 3, "other": 1} {
			live := c.store.Client().Share.Query().Where(share.RecordID(c.id(record)), share.StatusIn(share.StatusPENDING, share.StatusACTIVE)).CountX(c.now(t))
			if live != want {
				t.Errorf("%s has %d live shares", record, live)
			}
		}
	})
}

// Two who share at once make one share.
func TestS1_AtOnce(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		errs := make(chan error)
		ctx := c.as(t, "paul")
		for range 6 {
			go func() {
				_, err := c.ShareRecord(ctx, c.sharing("follow-up", "rita", share.LevelREAD))
				errs <- err
			}()
		}
		made := 0
		for range 6 {
			if err := <-errs; err == nil {
				made++
			} else {
				c.refused(t, err, "ALREADY_SHARED granteeId")
			}
		}
		if made != 1 {
			t.Errorf("made %d shares", made)
		}
	})
}

// A share that has run out makes room for another.
func TestS1_AfterOneThatRanOut(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		in := c.sharing("follow-up", "rita", share.LevelREAD)
		in.ExpiresAt = ptr(time.Now().Add(time.Hour))
		old := c.giveSo(t, "paul", in)
		later := c.asOf(t, "paul", in.ExpiresAt.Add(time.Second))
		out, err := c.ShareRecord(later, c.sharing("follow-up", "rita", share.LevelWRITE))
		if err != nil {
			t.Fatal(err)
		}
		if row := c.given(t, old.ID); row.Status != share.StatusEXPIRED || out.Share.ID == old.ID {
			t.Errorf("the old one is %v", row)
		}
	})
}

func TestS2_LevelsCombineByMaximum(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.unit(t, "team", "clinic", "rita", "cora")
		for _, step := range []struct {
			with  string
			level share.Level
			want  string
		}{
			{"clinic", share.LevelREAD, "rita:READ cora:READ mia:READ"},
			{"team", share.LevelFULL, "rita:FULL cora:FULL mia:READ"},
			{"rita", share.LevelWRITE, "rita:FULL cora:FULL mia:READ"},
		} {
			c.give(t, "paul", "follow-up", step.with, step.level)
			same(t, "levels", step.want, c.levels(t, "follow-up", "rita", "cora", "mia"))
		}
		for _, step := range []struct{ with, want string }{
			{"team", "rita:WRITE cora:READ mia:READ"},
			{"clinic", "rita:WRITE cora:METADATA mia:-"},
			{"rita", "rita:- cora:METADATA mia:-"},
		} {
			if err := c.revoke(c.as(t, "paul"), c.id("follow-up>"+step.with)); err != nil {
				t.Fatal(err)
			}
			same(t, "levels", step.want, c.levels(t, "follow-up", "rita", "cora", "mia"))
		}
	})
}

// Every level tries to give every level, by sharing and by changing a share.
func TestS3_NobodyGivesAboveTheirOwnLevel(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		for _, name := range []string{"reader", "writer", "full", "plain", "steward", "held"} {
			c.professional(t, name, "clinic", schema.RolePractitioner)
		}
		c.unit(t, "owners", "clinic", "plain", "steward*")
		c.record(t, "theirs", "paul", "lea")
		c.set(t, "theirs", func(u *ent.RecordUpdateOne) { u.SetOwnerID(c.id("owners")) })
		for _, on := range []string{"follow-up", "theirs"} {
			c.share(t, on, "reader", share.LevelREAD)
			c.share(t, on, "writer", share.LevelWRITE)
			c.share(t, on, "full", share.LevelFULL)
		}
		c.share(t, "theirs", "held", share.LevelREAD)
		held := c.shareOf(t, "theirs", "held")
		for who, gives := range map[string][]share.Level{
			"reader": nil, "writer": nil, "cora": nil, "ann": nil, "held": nil,
			"full":    {share.LevelREAD, share.LevelWRITE},
			"plain":   {share.LevelREAD, share.LevelWRITE},
			"steward": {share.LevelREAD, share.LevelWRITE, share.LevelFULL},
		} {
			for _, level := range []share.Level{share.LevelREAD, share.LevelWRITE, share.LevelFULL} {
				out, err := c.ShareRecord(c.as(t, who), c.sharing("theirs", "rita", level))
				if given := err == nil; given != slices.Contains(gives, level) {
					t.Errorf("%s gives %s: %v", who, level, err)
				}
				if err == nil {
					if err := c.revoke(c.as(t, "steward"), out.Share.ID); err != nil {
						t.Fatal(err)
					}
				}
				version := held.Version
				err = c.update(c.as(t, who), held.ID, version, func(in *practice.UpdateShareInput) { in.Level = omit(level) })
				if given := err == nil; given != slices.Contains(gives, level) {
					t.Errorf("%s changes to %s: %v", who, level, err)
				}
				held = c.shareOf(t, "theirs", "held")
				if held.Level == share.LevelFULL {
					if err := c.update(c.as(t, "steward"), held.ID, held.Version, func(in *practice.UpdateShareInput) { in.Level = omit(share.LevelREAD) }); err != nil {
						t.Fatal(err)
					}
					held = c.shareOf(t, "theirs", "held")
				}
			}
		}
	})
}

func TestS4_AShareAcrossGivesNothingUntilAccepted(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		everybody := []string{"zed", "yan", "bob", "ivy"}
		for _, try := range []struct{ with, by, want string }{
			{"zed", "zed", "zed:FULL yan:- bob:- ivy:-"},
			{"class", "yan", "zed:FULL yan:FULL bob:- ivy:-"},
			{"school", "bob", "zed:FULL yan:FULL bob:FULL ivy:FULL"},
		} {
			given := c.give(t, "paul", "follow-up", try.with, share.LevelFULL)
			same(t, "levels", "zed:- yan:- bob:- ivy:-", c.levels(t, "follow-up", everybody...))
			same(t, "rights", "zed:- yan:- bob:- ivy:-", c.rights(t, "lea", everybody...))
			// Not by waiting either.
			same(t, "levels", "zed:- yan:- bob:- ivy:-", c.levelsAt(t, time.Now().AddDate(1, 0, 0), "follow-up", everybody...))
			for _, who := range everybody {
				if n := c.store.Client().Record.Query().CountX(c.as(t, who)); n != 0 {
					t.Errorf("%s sees %d records", who, n)
				}
			}
			if err := c.acceptShare(c.as(t, try.by), given.ID); err != nil {
				t.Fatal(err)
			}
			same(t, "levels", try.want, c.levels(t, "follow-up", everybody...))
			if err := c.revoke(c.as(t, "paul"), given.ID); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// Ending a share takes the access away and changes nothing else.
func TestS5_EndingAShareRemovesAccessAndNothingElse(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.guardian(t, "nora", "lea")
		for name, end := range map[string]func(id string) error{
			"revoked": func(id string) error { return c.revoke(c.as(t, "paul"), id) },
			"left":    func(string) error { return c.leave(c.as(t, "rita"), "follow-up", nil) },
		} {
			id := c.give(t, "paul", "follow-up", "rita", share.LevelFULL).ID
			same(t, "levels", "rita:FULL", c.levels(t, "follow-up", "rita"))
			before := c.tables(t, "profiles", "contacts", "contact_links", "contact_points", "records", "record_links", "transfers", "units", "unit_members")
			if err := end(id); err != nil {
				t.Fatal(err)
			}
			same(t, name, before, c.tables(t, "profiles", "contacts", "contact_links", "contact_points", "records", "record_links", "transfers", "units", "unit_members"))
			same(t, "levels", "paul:OWNER rita:-", c.levels(t, "follow-up", "paul", "rita"))
			if row := c.given(t, id); row.Level != share.LevelFULL || row.CreatedByID != c.id("paul") {
				t.Errorf("what was can no longer be told: %v", row)
			}
		}
	})
}

// A share of an owner before, which the transfer did not keep, is never live: not read
// by, not changed, not left, not accepted.
func TestS6_AShareOfAnEarlierOwnerIsNeverLive(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		active := c.give(t, "paul", "follow-up", "rita", share.LevelFULL).ID
		waiting := c.give(t, "paul", "follow-up", "zed", share.LevelREAD).ID
		// As if the hand-over had forgotten them.
		c.set(t, "follow-up", func(u *ent.RecordUpdateOne) { u.SetOwnerID(c.id("mia")).SetOwnerEpoch(2) })
		same(t, "levels", "rita:- zed:- paul:- mia:OWNER", c.levels(t, "follow-up", "rita", "zed", "paul", "mia"))
		c.refused(t, c.acceptShare(c.as(t, "zed"), waiting), "INVALID_STATE id")
		c.refused(t, c.leave(c.as(t, "rita"), "follow-up", nil), "NOT_FOUND recordId")
		c.refused(t, c.update(c.as(t, "mia"), active, 1, nil), "INVALID_STATE id")
		c.refused(t, c.revoke(c.as(t, "mia"), active), "INVALID_STATE id")
		// Nor does a plan keep it.
		in := c.offering("follow-up", "cora")
		in.Shares = []*practice.SharePlan{{ShareID: active, Keep: true}}
		_, err := c.TransferRecord(c.as(t, "mia"), in)
		c.refused(t, err, "NOT_FOUND shares.0.shareId")
		c.handed(t, "mia", "cora", c.offering("follow-up", "cora"))
		same(t, "levels", "rita:- cora:OWNER", c.levels(t, "follow-up", "rita", "cora"))
	})
}

// A share ends at its instant, whether or not anything has tidied its status.
func TestS8_AShareEndsAtItsInstant(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		until := time.Date(2091, 5, 6, 7, 8, 9, 0, time.UTC)
		in := c.sharing("follow-up", "rita", share.LevelFULL)
		in.ExpiresAt = &until
		c.giveSo(t, "paul", in)
		in.GranteeID = c.id("zed")
		waiting := c.giveSo(t, "paul", in).ID
		for instant, want := range map[time.Time]string{
			until.Add(-time.Microsecond): "rita:FULL", until: "rita:-", until.Add(time.Hour): "rita:-",
		} {
			same(t, instant.String(), want, c.levelsAt(t, instant, "follow-up", "rita"))
			ctx := c.asOf(t, "rita", instant)
			right, err := access.ProfileRight(ctx, c.store.Client(), c.id("leo"))
			if err != nil || (right == access.EditRight) != (want == "rita:FULL") {
				t.Errorf("at %v the right is %d: %v", instant, right, err)
			}
		}
		c.refused(t, c.acceptShare(c.asOf(t, "zed", until), waiting), "INVALID_STATE id")
		if err := c.acceptShare(c.asOf(t, "zed", until.Add(-time.Microsecond)), waiting); err != nil {
			t.Error(err)
		}
		if row := c.shareOf(t, "follow-up", "rita"); row.Status != share.StatusACTIVE {
			t.Errorf("the clock wrote %v", row)
		}
	})
}

// A share does not begin before it was given.
func TestS8_AShareBeginsWhenItIsGiven(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		row := c.give(t, "paul", "follow-up", "rita", share.LevelREAD)
		same(t, "before", "rita:-", c.levelsAt(t, row.StartsAt.Add(-time.Microsecond), "follow-up", "rita"))
		same(t, "then", "rita:READ", c.levelsAt(t, row.StartsAt, "follow-up", "rita"))
	})
}

// What has ended shows at the next read, also to whoever signed in before.
func TestA5_AnEndedShareTakesEffectAtTheNextRead(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		c.unit(t, "team", "clinic", "mia", "cora")
		for _, try := range []struct {
			with, who string
			end       func(t *testing.T, id string)
		}{
			{"mia", "mia", func(t *testing.T, id string) { c.must(t, c.revoke(c.as(t, "paul"), id)) }},
			{"mia", "mia", func(t *testing.T, _ string) { c.must(t, c.leave(c.as(t, "mia"), "follow-up", nil)) }},
			{"team", "mia", func(t *testing.T, id string) { c.must(t, c.revoke(c.as(t, "paul"), id)) }},
			{"clinic", "mia", func(t *testing.T, id string) { c.must(t, c.revoke(c.as(t, "paul"), id)) }},
			{"mia", "mia", func(t *testing.T, _ string) { c.handed(t, "paul", "rita", c.dropping("follow-up", "rita")) }},
		} {
			id := c.give(t, "paul", "follow-up", try.with, share.LevelREAD).ID
			ctx := c.as(t, try.who)
			if n := c.store.Client().Record.Query().CountX(ctx); n != 1 {
				t.Fatalf("%s sees %d records", try.who, n)
			}
			try.end(t, id)
			for what, n := range map[string]int{
				"records":  c.store.Client().Record.Query().CountX(ctx),
				"profiles": c.store.Client().Profile.Query().CountX(ctx),
				"links":    c.store.Client().RecordLink.Query().CountX(ctx),
			} {
				if n != 0 {
					t.Errorf("%s still sees %d %s", try.who, n, what)
				}
			}
		}
		// And whoever gave the record away.
		if n := c.store.Client().Record.Query().CountX(c.as(t, "paul")); n != 0 {
			t.Errorf("the previous owner still sees %d records", n)
		}
	})
}

// A membership, and a workspace, take the shares through them along.
func TestA5_AnEndedMembershipTakesItsShares(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		for _, with := range []string{"zed", "class"} {
			c.must(t, c.acceptShare(c.as(t, "zed"), c.give(t, "paul", "follow-up", with, share.LevelREAD).ID))
		}
		same(t, "levels", "zed:READ yan:READ", c.levels(t, "follow-up", "zed", "yan"))
		ctx := c.as(t, "yan")
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			return tx.Professional.UpdateOneID(c.id("yan")).SetStatus(professional.StatusENDED).Exec(ctx)
		})
		c.refused(t, c.leave(ctx, "follow-up", ptr(c.id("class"))), "UNAUTHENTICATED")
		same(t, "levels", "zed:READ", c.levels(t, "follow-up", "zed"))
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			return tx.Workspace.UpdateOneID(c.id("school")).SetStatus(workspace.StatusSUSPENDED).Exec(ctx)
		})
		if viewer, err := access.Load(t.Context(), c.store.Client(), c.id("zed"), schema.AllScopes()); err != nil || viewer != nil {
			t.Errorf("acts still: %v, %v", viewer, err)
		}
	})
}

// The rights are those of the writing transaction, whatever the sign-in believed.
func TestA9_RightsAreCheckedAgainInTheWritingTransaction(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		c.unit(t, "team", "clinic", "mia*")
		c.professional(t, "fay", "clinic", schema.RolePractitioner)
		c.give(t, "paul", "follow-up", "fay", share.LevelFULL)
		toTeam := c.give(t, "paul", "follow-up", "team", share.LevelREAD).ID
		waiting := c.give(t, "paul", "follow-up", "class", share.LevelREAD).ID
		fay, mia, yan, paul := c.as(t, "fay"), c.as(t, "mia"), c.as(t, "yan"), c.as(t, "paul")
		c.must(t, c.revoke(paul, c.id("follow-up>fay")))
		c.must(t, c.remove(c.as(t, "ann"), "team", "mia"))
		c.must(t, c.remove(c.as(t, "bob"), "class", "yan"))
		c.handed(t, "paul", "cora", c.offering("follow-up", "cora"))
		c.unchanged(t, func() {
			_, err := c.ShareRecord(fay, c.sharing("follow-up", "rita", share.LevelREAD))
			c.refused(t, err, "NOT_FOUND recordId")
			c.refused(t, c.revoke(fay, toTeam), "NOT_FOUND id")
			c.refused(t, c.update(fay, toTeam, 1, nil), "NOT_FOUND id")
			c.refused(t, c.leave(mia, "follow-up", ptr(c.id("team"))), "NOT_FOUND granteeId")
			c.refused(t, c.acceptShare(yan, waiting), "NOT_FOUND id")
			c.refused(t, c.declineShare(yan, waiting), "NOT_FOUND id")
			_, err = c.ShareRecord(paul, c.sharing("follow-up", "rita", share.LevelREAD))
			c.refused(t, err, "NOT_FOUND recordId")
			c.refused(t, c.revoke(paul, toTeam), "NOT_FOUND id")
			_, err = c.TransferRecord(paul, c.offering("follow-up", "rita"))
			c.refused(t, err, "NOT_FOUND recordId")
		})
	})
}
