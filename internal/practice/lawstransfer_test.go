package practice_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"continuum/ent"
	"continuum/ent/principal"
	"continuum/ent/professional"
	"continuum/ent/record"
	"continuum/ent/recordlink"
	"continuum/ent/share"
	"continuum/ent/transfer"
	"continuum/ent/unit"
	"continuum/internal/access"
	"continuum/internal/practice"
	"continuum/schema"
)

// owned sees that each record has one owner, who works in the record's workspace.
func (c *clinic) owned(t *testing.T) {
	t.Helper()
	for _, r := range c.store.Client().Record.Query().AllX(c.now(t)) {
		owner := c.store.Client().Principal.Query().Where(principal.ID(r.OwnerID)).OnlyX(c.now(t))
		if owner.WorkspaceID != r.WorkspaceID || owner.Kind == principal.KindWORKSPACE {
			t.Errorf("%s is %s's, in %s", c.name(r.ID), c.name(r.OwnerID), c.name(r.WorkspaceID))
		}
	}
}

func TestT1_ExactlyOneOwnerWhoAgreesWithTheWorkspace(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		c.unit(t, "team", "clinic", "mia", "rita*")
		everybody := []string{"paul", "rita", "mia", "cora", "zed", "yan", "bob", "ivy"}
		owners := func(want string) {
			t.Helper()
			c.owned(t)
			var found []string
			for _, who := range everybody {
				if strings.HasSuffix(c.levels(t, "follow-up", who), ":OWNER") {
					found = append(found, who)
				}
			}
			same(t, "owners", want, strings.Join(found, " "))
		}
		for i, step := range []struct{ from, to, by, want string }{
			{"paul", "team", "mia", "rita"},
			{"rita", "school", "ivy", "ivy"},
			{"ivy", "class", "zed", "yan"},
			{"yan", "paul", "paul", "paul"},
			{"paul", "bob", "bob", "bob"},
		} {
			id := c.offered(t, step.from, c.offering("follow-up", step.to)).ID
			owners([]string{"paul", "rita", "ivy", "yan", "paul"}[i])
			c.must(t, c.accept(c.as(t, step.by), id))
			owners(step.want)
			if r := c.recordRow(t, "follow-up"); r.OwnerEpoch != i+2 {
				t.Errorf("the epoch is %d", r.OwnerEpoch)
			}
		}
		c.must(t, c.assign(c.as(t, "ivy"), "follow-up", "zed"))
		owners("zed")
	})
}

func TestT2_OneOpenOfferARecord(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.share(t, "follow-up", "clinic", share.LevelREAD)
		first := c.requested(t, "rita", "follow-up", "rita").ID
		second := c.requested(t, "mia", "follow-up", "mia").ID
		c.must(t, c.grant(c.as(t, "paul"), c.id("follow-up"), first))
		c.unchanged(t, func() {
			_, err := c.TransferRecord(c.as(t, "paul"), c.offering("follow-up", "mia"))
			c.refused(t, err, "ALREADY_OFFERED recordId")
			c.refused(t, c.grant(c.as(t, "paul"), c.id("follow-up"), second), "ALREADY_OFFERED recordId")
		})
		c.must(t, c.withdraw(c.as(t, "paul"), first))
		c.must(t, c.grant(c.as(t, "paul"), c.id("follow-up"), second))
		open := c.store.Client().Transfer.Query().Where(transfer.StatusEQ(transfer.StatusOFFERED)).CountX(c.now(t))
		same(t, "open offers", 1, open)
	})
}

// Two who offer at once open one offer.
func TestT2_AtOnce(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		errs := make(chan error)
		ctx := c.as(t, "paul")
		for i := range 6 {
			go func() {
				_, err := c.TransferRecord(ctx, c.offering("follow-up", []string{"rita", "mia"}[i%2]))
				errs <- err
			}()
		}
		made := 0
		for range 6 {
			if err := <-errs; err == nil {
				made++
			} else {
				c.refused(t, err, "ALREADY_OFFERED recordId")
			}
		}
		same(t, "offers", 1, made)
	})
}

// Of two answers the first wins, and the other is told that it came too late.
func TestT3_OneAnswerWins(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		errs := make(chan error)
		id := c.offered(t, "paul", c.offering("follow-up", "rita")).ID
		paul, rita := c.as(t, "paul"), c.as(t, "rita")
		for _, answer := range []func() error{
			func() error { return c.accept(rita, id) },
			func() error { return c.decline(rita, id) },
			func() error { return c.withdraw(paul, id) },
			func() error { return c.accept(rita, id) },
		} {
			go func() { errs <- answer() }()
		}
		won := 0
		for range 4 {
			if err := <-errs; err == nil {
				won++
			} else {
				c.refused(t, err, "TRANSFER_NOT_OPEN id")
			}
		}
		same(t, "winners", 1, won)
		row, r := c.moved(t, id), c.recordRow(t, "follow-up")
		if accepted := row.Status == transfer.StatusACCEPTED; accepted != (r.OwnerID == c.id("rita")) || accepted != (r.OwnerEpoch == 2) {
			t.Errorf("the transfer is %s, the owner %s", row.Status, c.name(r.OwnerID))
		}
	})
}

func TestT4_BeforeAcceptanceTheTargetsLevelIsUnchanged(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		c.share(t, "follow-up", "rita", share.LevelREAD)
		everybody := []string{"paul", "rita", "mia", "cora", "zed", "yan", "bob", "ivy"}
		levels, rights := c.levels(t, "follow-up", everybody...), c.rights(t, "lea", everybody...)
		for _, to := range []string{"rita", "mia", "cora", "clinic", "zed", "class", "school"} {
			in := c.offering("follow-up", to)
			in.PreviousOwnerKeeps, in.KeepUntil = ptr(transfer.PreviousOwnerKeepsREAD_UNTIL), ptr(time.Now().AddDate(1, 0, 0))
			id := c.offered(t, "paul", in).ID
			same(t, "levels", levels, c.levels(t, "follow-up", everybody...))
			same(t, "rights", rights, c.rights(t, "lea", everybody...))
			for who, seen := range map[string]int{"mia": 0, "zed": 0, "yan": 0, "ivy": 0} {
				ctx := c.as(t, who)
				same(t, "records of "+who, seen, c.store.Client().Record.Query().CountX(ctx))
				same(t, "profiles of "+who, seen, c.store.Client().Profile.Query().CountX(ctx))
			}
			c.must(t, c.withdraw(c.as(t, "paul"), id))
			same(t, "levels", levels, c.levels(t, "follow-up", everybody...))
		}
		// A request gives nothing, and a declined offer leaves nothing.
		c.requested(t, "rita", "follow-up", "rita")
		c.must(t, c.decline(c.as(t, "zed"), c.offered(t, "paul", c.offering("follow-up", "zed")).ID))
		same(t, "levels", levels, c.levels(t, "follow-up", everybody...))
	})
}

func TestT5_ThePreviousOwnerHasWhatTheRowsSay(t *testing.T) {
	until := time.Now().AddDate(0, 1, 0).Truncate(time.Microsecond)
	for name, try := range map[string]struct {
		before             func(t *testing.T, c *clinic)
		to, by             string
		in                 func(*practice.TransferRecordInput)
		level, then, right string
	}{
		"nothing":              {nil, "rita", "rita", nil, "paul:-", "paul:-", "paul:-"},
		"nothing, elsewhere":   {nil, "bob", "bob", nil, "paul:-", "paul:-", "paul:-"},
		"READ for a while":     {nil, "rita", "rita", readUntil(until), "paul:READ", "paul:-", "paul:READ"},
		"READ, elsewhere":      {nil, "bob", "bob", readUntil(until), "paul:READ", "paul:-", "paul:READ"},
		"through a share kept": {func(t *testing.T, c *clinic) { c.give(t, "paul", "follow-up", "clinic", share.LevelWRITE) }, "rita", "rita", nil, "paul:WRITE", "paul:WRITE", "paul:READ"},
		"the unit's own":       {func(t *testing.T, c *clinic) { c.unit(t, "team", "clinic", "paul", "rita") }, "team", "rita", nil, "paul:FULL", "paul:FULL", "paul:EDIT"},
	} {
		t.Run(name, func(t *testing.T) {
			eachClinic(t, func(t *testing.T, c *clinic) {
				if try.before != nil {
					try.before(t, c)
				}
				in := c.offering("follow-up", try.to)
				if try.in != nil {
					try.in(&in)
				}
				c.handed(t, "paul", try.by, in)
				same(t, "level", try.level, c.levels(t, "follow-up", "paul"))
				same(t, "right", try.right, c.rights(t, "lea", "paul"))
				same(t, "level just before the end", try.level, c.levelsAt(t, until.Add(-time.Microsecond), "follow-up", "paul"))
				same(t, "level then", try.then, c.levelsAt(t, until, "follow-up", "paul"))
				if try.in == nil {
					return
				}
				left := c.shareOf(t, "follow-up", "paul")
				if left.Level != share.LevelREAD || left.Origin != share.OriginTRANSFER || left.Epoch != 2 || !left.ExpiresAt.Equal(until) || left.Status != share.StatusACTIVE {
					t.Errorf("left %v", left)
				}
				// It is the new owner's to end.
				c.must(t, c.revoke(c.as(t, try.by), left.ID))
				same(t, "level", "paul:-", c.levels(t, "follow-up", "paul"))
			})
		})
	}
}

func readUntil(until time.Time) func(*practice.TransferRecordInput) {
	return func(in *practice.TransferRecordInput) {
		in.PreviousOwnerKeeps, in.KeepUntil = ptr(transfer.PreviousOwnerKeepsREAD_UNTIL), &until
	}
}

// READ that would have ended before the acceptance is not given.
func TestT5_ReadThatIsOverBeforeItBegins(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		until := time.Now().Add(time.Hour)
		in := c.offering("follow-up", "rita")
		readUntil(until)(&in)
		id := c.offered(t, "paul", in).ID
		c.must(t, c.accept(c.asOf(t, "rita", until), id))
		same(t, "shares", 0, c.store.Client().Share.Query().CountX(c.now(t)))
	})
}

// The content of a record is what its new owner finds, all of it.
func TestT6_NothingIsDestroyed(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.guardian(t, "nora", "lea", "leo")
		c.must(t, c.unlink(c.as(t, "paul"), "leo"))
		c.must(t, c.link(c.as(t, "paul"), "leo"))
		c.set(t, "follow-up", func(u *ent.RecordUpdateOne) { u.SetReason("late words").SetService("speech") })
		content := func(who string) map[string][]string {
			ctx, client := c.as(t, who), c.store.Client()
			return map[string][]string{
				"records":  {client.Record.Query().OnlyX(ctx).Title, *client.Record.Query().OnlyX(ctx).Reason, *client.Record.Query().OnlyX(ctx).Service},
				"links":    sorted(client.RecordLink.Query().IDsX(ctx)),
				"profiles": sorted(client.Profile.Query().IDsX(ctx)),
				"contacts": sorted(client.Contact.Query().IDsX(ctx)),
				"ties":     sorted(client.ContactLink.Query().IDsX(ctx)),
			}
		}
		before := content("paul")
		rows := c.tables(t, "record_links", "contacts", "contact_links", "contact_points", "addresses")
		if len(before["links"]) != 3 {
			t.Fatalf("%d links", len(before["links"]))
		}
		c.professional(t, "zed", "school", schema.RolePractitioner)
		c.handed(t, "paul", "zed", c.offering("follow-up", "zed"))
		same(t, "content", before, content("zed"))
		same(t, "rows", rows, c.tables(t, "record_links", "contacts", "contact_links", "contact_points", "addresses"))
	})
}

// Byte by byte: a transfer writes the record, the home of the profiles that move, and that those who stay are guests there.
func TestT7_ATransferChangesNoPersonsRow(t *testing.T) {
	tables := []string{
		"profiles", "contacts", "contact_links", "record_links", "contact_points", "addresses", "identifiers", "workspace_profiles",
		"consents", "units", "unit_members", "professionals", "principals", "workspaces", "institutions",
	}
	for name, try := range map[string]struct {
		by, to string
		moves  []string
		guest  string
		hand   func(t *testing.T, c *clinic)
	}{
		"across":         {"zed", "zed", []string{"leo"}, "lea", nil},
		"inside":         {"rita", "rita", nil, "", nil},
		"to a workspace": {"bob", "school", []string{"leo"}, "lea", nil},
		"assigned":       {"", "", nil, "", func(t *testing.T, c *clinic) { c.must(t, c.assign(c.as(t, "cora"), "follow-up", "mia")) }},
	} {
		t.Run(name, func(t *testing.T) {
			eachClinic(t, func(t *testing.T, c *clinic) {
				c.school(t)
				c.guardian(t, "nora", "lea", "leo")
				c.consent(t, "lea", nil)
				c.record(t, "stays", "paul", "lea")
				_, err := c.SetWorkspaceProfile(c.as(t, "paul"), practice.SetWorkspaceProfileInput{
					ProfileID: c.id("leo"), FileNumber: graphql.OmittableOf(ptr("17")),
				})
				c.must(t, err)
				for _, name := range []string{"lea", "leo"} {
					c.system(t, func(ctx context.Context, tx *ent.Client) error {
						return tx.Profile.UpdateOneID(c.id(name)).SetUpdatedAt(time.Date(2020, 1, 2, 3, 4, 5, 678901000, time.UTC)).SetUpdatedByID(c.id("mia")).Exec(ctx)
					})
				}
				want := c.tables(t, tables...)
				for _, moved := range try.moves {
					want["profiles "+c.id(moved)]["home_workspace_id"] = c.id("school")
				}
				for _, row := range want {
					if try.guest != "" && row["record_id"] == c.id("follow-up") && row["profile_id"] == c.id(try.guest) {
						row["guest_of"] = c.id("school")
					}
				}
				if try.hand != nil {
					try.hand(t, c)
				} else {
					in := c.offering("follow-up", try.to)
					readUntil(time.Now().AddDate(1, 0, 0))(&in)
					c.handed(t, "paul", try.by, in)
				}
				same(t, "tables", want, c.tables(t, tables...))
			})
		})
	}
}

// The live shares afterwards are those that the plan keeps, and no others.
func TestT8_TheLiveSharesAreTheKeepSet(t *testing.T) {
	type plan map[string]bool
	for name, try := range map[string]struct {
		to, by string
		change func(c *clinic, in *practice.TransferRecordInput)
		want   []string
	}{
		"inside, unsaid":                 {"rita", "rita", nil, []string{"clinic", "mia", "team", "yan", "zed"}},
		"across, unsaid":                 {"bob", "bob", nil, nil},
		"inside, dropped":                {"rita", "rita", func(_ *clinic, in *practice.TransferRecordInput) { in.SharesDefault = ptr(transfer.SharesDefaultDROP) }, nil},
		"across, kept":                   {"bob", "bob", func(_ *clinic, in *practice.TransferRecordInput) { in.SharesDefault = ptr(transfer.SharesDefaultKEEP) }, []string{"clinic", "mia", "team", "yan", "zed"}},
		"inside, some dropped":           {"rita", "rita", planned(plan{"mia": false, "zed": false}), []string{"clinic", "team", "yan"}},
		"across, some kept":              {"bob", "bob", planned(plan{"mia": true, "zed": true}), []string{"mia", "zed"}},
		"to a holder":                    {"mia", "mia", planned(plan{"mia": true}), []string{"clinic", "team", "yan", "zed"}},
		"to a unit that holds":           {"team", "cora", nil, []string{"clinic", "mia", "yan", "zed"}},
		"one that waits, to its grantee": {"zed", "zed", planned(plan{"zed": true, "yan": true}), []string{"yan"}},
	} {
		t.Run(name, func(t *testing.T) {
			eachClinic(t, func(t *testing.T, c *clinic) {
				c.school(t)
				c.unit(t, "team", "clinic", "cora")
				for _, with := range []string{"mia", "team", "clinic", "yan", "zed", "rita"} {
					c.give(t, "paul", "follow-up", with, share.LevelWRITE)
				}
				c.must(t, c.acceptShare(c.as(t, "yan"), c.id("follow-up>yan"))) // zed's waits
				gone := c.sharing("follow-up", "ivy", share.LevelREAD)
				gone.ExpiresAt = ptr(time.Now().Add(time.Minute))
				c.giveSo(t, "paul", gone)
				c.must(t, c.leave(c.as(t, "rita"), "follow-up", nil))
				in := c.offering("follow-up", try.to)
				if try.change != nil {
					try.change(c, &in)
				}
				id := c.offered(t, "paul", in).ID
				before := map[string]*ent.Share{}
				for _, s := range c.store.Client().Share.Query().AllX(c.now(t)) {
					before[s.ID] = s
				}
				instant := time.Now().Add(time.Hour) // ivy's has run out
				c.must(t, c.accept(c.asOf(t, try.by, instant), id))
				var kept []string
				for _, s := range c.store.Client().Share.Query().AllX(c.now(t)) {
					was := before[s.ID]
					switch {
					case s.GranteeID == c.id("ivy"):
						continue
					case s.Status != share.StatusACTIVE && s.Status != share.StatusPENDING:
						if s.GranteeID != c.id("rita") && (s.Status != share.StatusREVOKED || s.EndedAt == nil || s.EndReason == nil) {
							t.Errorf("ended as %v", s)
						}
						continue
					case s.Epoch != 2:
						t.Errorf("a share of an earlier owner stays: %v", s)
					}
					if s.Level != was.Level || s.Status != was.Status || !s.StartsAt.Equal(was.StartsAt) || s.CreatedByID != was.CreatedByID {
						t.Errorf("kept as %v", s)
					}
					kept = append(kept, c.name(s.GranteeID))
				}
				same(t, "kept", try.want, sorted(kept))
				same(t, "ivy", "ivy:-", strings.ReplaceAll(c.levelsAt(t, instant, "follow-up", "ivy"), "METADATA", "-"))
			})
		})
	}
}

// planned keeps and drops the shares with those named.
func planned(keep map[string]bool) func(*clinic, *practice.TransferRecordInput) {
	return func(c *clinic, in *practice.TransferRecordInput) {
		for _, with := range slices.Sorted(maps.Keys(keep)) {
			in.Shares = append(in.Shares, &practice.SharePlan{ShareID: c.id("follow-up>" + with), Keep: keep[with]})
		}
	}
}

// A share that was changed after the offer has another id, and the plan of the one before.
func TestT8_AChangedShareKeepsItsPlan(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.give(t, "paul", "follow-up", "mia", share.LevelREAD)
		in := c.offering("follow-up", "rita")
		planned(map[string]bool{"mia": false})(c, &in)
		id := c.offered(t, "paul", in).ID
		c.must(t, c.update(c.as(t, "paul"), c.id("follow-up>mia"), 1, nil))
		c.must(t, c.accept(c.as(t, "rita"), id))
		same(t, "levels", "mia:-", c.levels(t, "follow-up", "mia"))
	})
}

// What the clock has ended, and nobody has tidied, stands in nobody's way.
func TestT8_AfterAShareThatRanOut(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		gone := c.sharing("follow-up", "rita", share.LevelREAD)
		gone.ExpiresAt = ptr(time.Now().Add(time.Minute))
		c.giveSo(t, "paul", gone)
		now := time.Now().Add(time.Hour)
		hand := func(from, to string) {
			t.Helper()
			in := c.offering("follow-up", to)
			readUntil(now.AddDate(1, 0, 0))(&in)
			out, err := c.TransferRecord(c.asOf(t, from, now), in)
			c.must(t, err)
			c.must(t, c.accept(c.asOf(t, to, now), out.Transfer.ID))
		}
		hand("paul", "rita")
		hand("rita", "mia") // rita's own old share is still written down as active
		same(t, "levels", "rita:READ mia:OWNER paul:READ", c.levelsAt(t, now, "follow-up", "rita", "mia", "paul"))
	})
}

// A profile of two records, one moved to another workspace, is one profile: both sides
// edit it, and neither learns of the other's record.
func TestT9_NeitherSideLearnsOfTheOthersRecord(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		c.record(t, "stays", "paul", "lea")
		c.handed(t, "paul", "zed", c.offering("follow-up", "zed"))
		edit := func(who string) error {
			_, err := c.UpdateProfile(c.as(t, who), practice.UpdateProfileInput{
				ID: c.id("lea"), ExpectedVersion: c.row(t, "lea").Version, PreferredName: graphql.OmittableOf(ptr("by " + who)),
			})
			return err
		}
		for who, sees := range map[string]struct {
			record   string
			profiles []string
		}{"paul": {"stays", []string{"lea"}}, "zed": {"follow-up", []string{"lea", "leo"}}} {
			ctx, client := c.as(t, who), c.store.Client()
			same(t, who+"'s records", []string{sees.record}, c.names(client.Record.Query().IDsX(ctx)...))
			same(t, who+"'s profiles", sees.profiles, c.names(client.Profile.Query().IDsX(ctx)...))
			same(t, who+"'s links", len(sees.profiles), client.RecordLink.Query().CountX(ctx))
			same(t, who+"'s links of lea", 1, client.RecordLink.Query().Where(recordlink.ProfileID(c.id("lea"))).CountX(ctx))
			same(t, who+"'s records of lea", 1, client.RecordLink.Query().Where(recordlink.ProfileID(c.id("lea")), recordlink.HasRecord()).CountX(ctx))
			same(t, "the right", who+":EDIT", c.rights(t, "lea", who))
			c.must(t, edit(who))
			if name := *client.Profile.GetX(ctx, c.id("lea")).PreferredName; name != "by "+who {
				t.Errorf("%s reads %s", who, name)
			}
		}
		// What the other side wrote shows to both.
		same(t, "read", c.store.Client().Profile.GetX(c.as(t, "paul"), c.id("lea")).PreferredName, c.store.Client().Profile.GetX(c.as(t, "zed"), c.id("lea")).PreferredName)
		same(t, "levels", "paul:- cora:-", c.levels(t, "follow-up", "paul", "cora"))
		same(t, "levels", "zed:- ivy:-", c.levels(t, "stays", "zed", "ivy"))
		// The coordinators know of their own workspace's record alone.
		same(t, "cora's", []string{"stays"}, c.names(c.store.Client().Record.Query().IDsX(c.as(t, "cora"))...))
		same(t, "ivy's", []string{"follow-up"}, c.names(c.store.Client().Record.Query().IDsX(c.as(t, "ivy"))...))
	})
}

func TestT10_TheHomeMovesWhenTheSourceKeepsNoLink(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		c.workspace(t, "ward")
		c.professional(t, "will", "ward", schema.RolePractitioner)
		for _, name := range []string{"only", "also here", "also archived", "was here", "of the ward"} {
			c.profile(t, name, "paul")
		}
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			return tx.Profile.UpdateOneID(c.id("of the ward")).SetHomeWorkspaceID(c.id("ward")).Exec(ctx)
		})
		c.record(t, "moves", "paul", "only", "also here", "also archived", "was here", "of the ward")
		c.record(t, "stays", "paul", "also here", "was here")
		c.record(t, "archived", "paul", "also archived")
		c.record(t, "of will", "will", "only") // elsewhere: no link of the source
		c.set(t, "archived", func(u *ent.RecordUpdateOne) { u.SetStatus(record.StatusARCHIVED) })
		_, err := c.UnlinkProfile(c.as(t, "paul"), practice.UnlinkProfileInput{RecordID: c.id("stays"), ProfileID: c.id("was here")})
		c.must(t, err)
		_, err = c.SetWorkspaceProfile(c.as(t, "paul"), practice.SetWorkspaceProfileInput{ProfileID: c.id("only"), FileNumber: graphql.OmittableOf(ptr("17"))})
		c.must(t, err)
		homes := func() map[string]string {
			at := map[string]string{}
			for _, name := range []string{"only", "also here", "also archived", "was here", "of the ward", "lea"} {
				at[name] = c.name(c.row(t, name).HomeWorkspaceID)
			}
			return at
		}
		c.handed(t, "paul", "rita", c.offering("moves", "rita"))
		same(t, "inside", map[string]string{"only": "clinic", "also here": "clinic", "also archived": "clinic", "was here": "clinic", "of the ward": "ward", "lea": "clinic"}, homes())
		c.handed(t, "rita", "zed", c.offering("moves", "zed"))
		same(t, "across", map[string]string{"only": "school", "also here": "clinic", "also archived": "clinic", "was here": "school", "of the ward": "ward", "lea": "clinic"}, homes())

		// The clinic's own view stays the clinic's.
		view := c.store.Client().WorkspaceProfile.Query().OnlyX(c.now(t))
		same(t, "the view's workspace", "clinic", c.name(view.WorkspaceID))
		same(t, "zed's views", 0, c.store.Client().WorkspaceProfile.Query().CountX(c.as(t, "zed")))
		// Rita's directory reads whom the clinic still knows.
		same(t, "rita's directory", []string{"also archived", "also here", "lea", "leo"}, c.names(c.store.Client().Profile.Query().IDsX(c.as(t, "rita"))...))
	})
}

func TestT11_AUnitsMembersOfThatMoment(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		c.professional(t, "early", "school", schema.RolePractitioner)
		c.professional(t, "late", "school", schema.RolePractitioner)
		c.must(t, c.add(c.as(t, "bob"), "class", "early", false))
		id := c.offered(t, "paul", c.offering("follow-up", "class")).ID
		late := c.as(t, "late") // signed in before they came
		c.must(t, c.remove(c.as(t, "bob"), "class", "early"))
		c.must(t, c.add(c.as(t, "bob"), "class", "late", false))
		c.unchanged(t, func() { c.refused(t, c.accept(c.as(t, "early"), id), "NOT_FOUND id") })
		c.must(t, c.accept(late, id))
		same(t, "levels", "early:- late:FULL zed:FULL yan:OWNER", c.levels(t, "follow-up", "early", "late", "zed", "yan"))
	})
}

// Whoever has left by the time of their own acceptance comes too late.
func TestT11_WhoeverHasLeft(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		id := c.offered(t, "paul", c.offering("follow-up", "class")).ID
		zed := c.as(t, "zed")
		c.must(t, c.remove(c.as(t, "bob"), "class", "zed"))
		c.unchanged(t, func() {
			c.refused(t, c.accept(zed, id), "NOT_FOUND id")
			c.refused(t, c.decline(zed, id), "NOT_FOUND id")
		})
	})
}

func TestT11_AClosedUnitInvalidatesIt(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		id := c.offered(t, "paul", c.offering("follow-up", "class")).ID
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			return tx.Unit.UpdateOneID(c.id("class")).SetStatus(unit.StatusCLOSED).Exec(ctx)
		})
		c.unchanged(t, func() { c.refused(t, c.accept(c.as(t, "zed"), id), "TRANSFER_NOT_OPEN id") })
		same(t, "levels", "paul:OWNER zed:- yan:-", c.levels(t, "follow-up", "paul", "zed", "yan"))
	})
}

// The table "Cases decided" of the domain, row by row.

func TestDecided_ARevokedShareLeavesTheProfileOfAnotherRecord(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		c.record(t, "r2", "zed", "lea")
		c.must(t, c.acceptShare(c.as(t, "zed"), c.give(t, "paul", "follow-up", "zed", share.LevelFULL).ID))
		same(t, "rights", "zed:EDIT yan:-", c.rights(t, "leo", "zed", "yan"))
		tables := []string{"profiles", "record_links", "records", "contacts", "contact_links"}
		before := c.tables(t, tables...)
		c.must(t, c.revoke(c.as(t, "paul"), c.id("follow-up>zed")))
		same(t, "rights on lea", "zed:EDIT paul:EDIT", c.rights(t, "lea", "zed", "paul"))
		same(t, "rights on leo", "zed:- paul:EDIT", c.rights(t, "leo", "zed", "paul"))
		same(t, "level", "zed:OWNER", c.levels(t, "r2", "zed"))
		same(t, "rows", before, c.tables(t, tables...))
	})
}

func TestDecided_AMemberWhoLeavesAndReturns(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.unit(t, "team", "clinic", "rita", "mia")
		c.give(t, "paul", "follow-up", "team", share.LevelWRITE)
		same(t, "in", "rita:WRITE mia:WRITE", c.levels(t, "follow-up", "rita", "mia"))
		c.must(t, c.remove(c.as(t, "ann"), "team", "mia"))
		same(t, "out", "rita:WRITE mia:-", c.levels(t, "follow-up", "rita", "mia"))
		c.must(t, c.add(c.as(t, "ann"), "team", "mia", false))
		same(t, "in again", "rita:WRITE mia:WRITE", c.levels(t, "follow-up", "rita", "mia"))
	})
}

func TestDecided_UnlinkingEndsWhatASharedRecordOpened(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.record(t, "other", "paul", "leo")
		c.give(t, "paul", "follow-up", "mia", share.LevelREAD)
		c.give(t, "paul", "follow-up", "cora", share.LevelREAD)
		c.give(t, "paul", "other", "cora", share.LevelREAD)
		same(t, "linked", "mia:READ cora:READ", c.rights(t, "leo", "mia", "cora"))
		c.must(t, c.unlink(c.as(t, "paul"), "leo"))
		same(t, "unlinked", "mia:- cora:READ", c.rights(t, "leo", "mia", "cora"))
		same(t, "the other", "mia:READ cora:READ", c.rights(t, "lea", "mia", "cora"))
	})
}

func TestDecided_AnOpenOfferBindsNobodysHands(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		in := c.offering("follow-up", "zed")
		in.SharesDefault = ptr(transfer.SharesDefaultKEEP)
		id := c.offered(t, "paul", in).ID
		paul := c.as(t, "paul")
		c.profile(t, "max", "paul")
		c.must(t, c.link(paul, "max"))
		c.must(t, c.unlink(paul, "leo"))
		c.give(t, "paul", "follow-up", "mia", share.LevelREAD)
		_, err := c.ArchiveRecord(paul, practice.ArchiveRecordInput{ID: c.id("follow-up")})
		c.must(t, err)
		c.must(t, c.accept(c.as(t, "zed"), id))
		if r := c.recordRow(t, "follow-up"); r.Status != record.StatusARCHIVED || r.OwnerID != c.id("zed") {
			t.Errorf("taken over as %v", r)
		}
		same(t, "levels", "zed:OWNER mia:READ paul:-", c.levels(t, "follow-up", "zed", "mia", "paul"))
		same(t, "max", "zed:EDIT mia:READ", c.rights(t, "max", "zed", "mia"))
		same(t, "leo", "zed:- mia:-", c.rights(t, "leo", "zed", "mia"))
		same(t, "home of max", "school", c.name(c.row(t, "max").HomeWorkspaceID))
		same(t, "home of leo", "clinic", c.name(c.row(t, "leo").HomeWorkspaceID))
	})
}

func TestDecided_BinningInvalidatesAnOffer(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		id := c.offered(t, "paul", c.offering("follow-up", "rita")).ID
		c.bin(t, "follow-up")
		c.unchanged(t, func() { c.refused(t, c.accept(c.as(t, "rita"), id), "TRANSFER_NOT_OPEN id") })
	})
}

func TestDecided_AShareThatWaitsFollowsThePlan(t *testing.T) {
	for plan, want := range map[transfer.SharesDefault]share.Status{"DROP": share.StatusREVOKED, "KEEP": share.StatusPENDING} {
		t.Run(string(plan), func(t *testing.T) {
			eachClinic(t, func(t *testing.T, c *clinic) {
				c.school(t)
				waiting := c.give(t, "paul", "follow-up", "zed", share.LevelREAD).ID
				in := c.offering("follow-up", "rita")
				in.SharesDefault = ptr(plan)
				c.handed(t, "paul", "rita", in)
				same(t, "status", want, c.given(t, waiting).Status)
				err := c.acceptShare(c.as(t, "zed"), waiting)
				if (err == nil) != (plan == "KEEP") {
					t.Errorf("accepted afterwards: %v", err)
				}
				same(t, "levels", map[transfer.SharesDefault]string{"DROP": "zed:-", "KEEP": "zed:READ"}[plan], c.levels(t, "follow-up", "zed"))
			})
		})
	}
}

func TestDecided_TwoWorkspacesEditOneField(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		c.must(t, c.acceptShare(c.as(t, "zed"), c.give(t, "paul", "follow-up", "zed", share.LevelFULL).ID))
		version := c.row(t, "lea").Version
		edit := func(who, name string) error {
			_, err := c.UpdateProfile(c.as(t, who), practice.UpdateProfileInput{ID: c.id("lea"), ExpectedVersion: version, PreferredName: graphql.OmittableOf(&name)})
			return err
		}
		c.must(t, edit("paul", "Léa"))
		err := edit("zed", "Leah")
		c.refused(t, err, "CONFLICT preferredName")
		for _, word := range []string{c.id("paul"), "paul", "clinic", c.id("clinic")} {
			if strings.Contains(err.Error(), word) {
				t.Errorf("the conflict tells %q: %v", word, err)
			}
		}
	})
}

func TestDecided_ATransferReturnsAsANewOffer(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		in := c.offering("follow-up", "zed")
		readUntil(time.Now().AddDate(1, 0, 0))(&in)
		there := c.handed(t, "paul", "zed", in)
		same(t, "there", "paul:READ zed:OWNER", c.levels(t, "follow-up", "paul", "zed"))
		back := c.offered(t, "zed", c.offering("follow-up", "paul"))
		c.must(t, c.accept(c.as(t, "paul"), back.ID))
		if back.ID == there.ID || c.moved(t, there.ID).Status != transfer.StatusACCEPTED || c.moved(t, back.ID).BaseEpoch != 2 {
			t.Error("the return is not an offer of its own")
		}
		same(t, "back", "paul:OWNER zed:-", c.levels(t, "follow-up", "paul", "zed"))
		same(t, "homes", []string{"clinic", "clinic"}, []string{c.name(c.row(t, "lea").HomeWorkspaceID), c.name(c.row(t, "leo").HomeWorkspaceID)})
		// And there again, for which nothing stands in the way.
		c.handed(t, "paul", "zed", in)
		same(t, "again", "paul:READ zed:OWNER", c.levels(t, "follow-up", "paul", "zed"))
	})
}

// An offer by one who has left is nobody's to accept from, and the record is assigned on.
func TestDecided_TheGiverHasLeft(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			return tx.Professional.UpdateOneID(c.id("paul")).SetStatus(professional.StatusENDED).Exec(ctx)
		})
		c.must(t, c.assign(c.as(t, "cora"), "follow-up", "mia"))
		same(t, "levels", "mia:OWNER", c.levels(t, "follow-up", "mia"))
		viewer, err := access.Load(t.Context(), c.store.Client(), c.id("paul"), schema.AllScopes())
		if viewer != nil || err != nil {
			t.Errorf("acts still: %v", err)
		}
	})
}
