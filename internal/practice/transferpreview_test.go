package practice_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"continuum/ent"
	"continuum/ent/share"
	"continuum/ent/transfer"
	"continuum/ent/unit"
	"continuum/internal/practice"
	"continuum/schema"
)

// The receiver of an open offer sees what it is about, and nobody else, ever.
func TestPreviewTransfers(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		everybody := []string{"paul", "rita", "mia", "cora", "ann", "zed", "yan", "bob", "ivy"}
		preview := func(made *ent.Transfer, receivers ...string) {
			t.Helper()
			for _, who := range everybody {
				told, err := c.preview(c.as(t, who), c.moved(t, made.ID))
				c.must(t, err)
				if (told != nil) != slices.Contains(receivers, who) {
					t.Errorf("%s is told %v", who, told)
				}
				if told != nil {
					same(t, "the preview", &practice.TransferPreview{Number: "follow-up", Kind: "FAMILY", ProfileCount: 2}, told)
				}
			}
		}
		c.share(t, "follow-up", "rita", share.LevelREAD)
		preview(c.requested(t, "rita", "follow-up", "rita"))
		for to, receivers := range map[string][]string{
			"rita": {"rita"}, "zed": {"zed"}, "class": {"zed", "yan"}, "school": {"bob", "ivy"}, "clinic": {"ann", "cora"},
		} {
			made := c.offered(t, "paul", c.offering("follow-up", to))
			preview(made, receivers...)
			c.must(t, c.withdraw(c.as(t, "paul"), made.ID))
			preview(made)
		}

		// Not once it is over, by the clock or by the facts.
		made := c.offered(t, "paul", c.offering("follow-up", "class"))
		row := c.moved(t, made.ID)
		if told, err := c.preview(c.asOf(t, "zed", row.ExpiresAt), row); err != nil || told != nil {
			t.Errorf("an expired offer tells %v, %v", told, err)
		}
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			return tx.Unit.UpdateOneID(c.id("class")).SetStatus(unit.StatusCLOSED).Exec(ctx)
		})
		preview(made)
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			return tx.Unit.UpdateOneID(c.id("class")).SetStatus(unit.StatusACTIVE).Exec(ctx)
		})
		preview(made, "zed", "yan")
		c.bin(t, "follow-up")
		preview(made)
		_, err := c.preview(t.Context(), row)
		c.refused(t, err, "UNAUTHENTICATED")
		_, err = c.preview(c.as(t, "zed", schema.ScopeProfilesRead), row)
		c.refused(t, err, "MISSING_SCOPE")
	})
}

// The giver is told beforehand who will see the record and who will not: the levels
// after the acceptance are what was told.
func TestConsequencesOf(t *testing.T) {
	until := time.Now().AddDate(1, 0, 0)
	for name, try := range map[string]struct {
		to, by           string
		change           func(c *clinic, in *practice.TransferRecordInput)
		gain, lose, keep []string
		moving           []string
	}{
		"inside":                           {"rita", "rita", nil, []string{"rita"}, []string{"paul"}, []string{"cora", "mia", "team", "yan"}, nil},
		"inside, dropped":                  {"rita", "rita", dropAll, []string{"rita"}, []string{"cora", "mia", "paul", "team", "yan"}, nil, nil},
		"to a holder":                      {"mia", "mia", nil, nil, []string{"paul"}, []string{"cora", "mia", "team", "yan"}, nil},
		"to a holder, dropped":             {"mia", "mia", dropAll, nil, []string{"cora", "paul", "team", "yan"}, []string{"mia"}, nil},
		"to the unit of a holder":          {"team", "cora", dropAll, nil, []string{"mia", "paul", "yan"}, []string{"cora", "team"}, nil},
		"to the giver's own unit":          {"both", "ann", dropAll, []string{"both"}, []string{"cora", "mia", "team", "yan"}, []string{"paul"}, nil},
		"READ for a while":                 {"rita", "rita", func(_ *clinic, in *practice.TransferRecordInput) { readUntil(until)(in) }, []string{"rita"}, nil, []string{"cora", "mia", "paul", "team", "yan"}, nil},
		"across":                           {"zed", "zed", nil, []string{"zed"}, []string{"cora", "mia", "paul", "team", "yan"}, nil, []string{"leo"}},
		"across, some kept":                {"zed", "zed", planned(map[string]bool{"yan": true, "mia": true}), []string{"zed"}, []string{"cora", "paul", "team"}, []string{"mia", "yan"}, []string{"leo"}},
		"across, a unit kept":              {"zed", "zed", planned(map[string]bool{"team": true}), []string{"zed"}, []string{"mia", "paul", "yan"}, []string{"cora", "team"}, []string{"leo"}},
		"to a workspace":                   {"school", "bob", nil, []string{"school"}, []string{"cora", "mia", "paul", "team", "yan"}, nil, []string{"leo"}},
		"one that waits is told of nobody": {"zed", "zed", planned(map[string]bool{"ivy": true}), []string{"zed"}, []string{"cora", "mia", "paul", "team", "yan"}, nil, []string{"leo"}},
	} {
		t.Run(name, func(t *testing.T) {
			eachClinic(t, func(t *testing.T, c *clinic) {
				c.school(t)
				c.unit(t, "team", "clinic", "cora")
				c.unit(t, "both", "clinic", "paul", "ann*")
				c.record(t, "stays", "paul", "lea")
				for _, with := range []string{"mia", "team", "cora", "yan", "ivy"} {
					c.give(t, "paul", "follow-up", with, share.LevelREAD)
				}
				c.must(t, c.acceptShare(c.as(t, "yan"), c.id("follow-up>yan"))) // ivy's waits
				in := c.offering("follow-up", try.to)
				if try.change != nil {
					try.change(c, &in)
				}
				made := c.offered(t, "paul", in)
				people := []string{"paul", "rita", "mia", "cora", "ann", "zed", "yan", "bob", "ivy"}
				sees := func(who string) bool {
					return !strings.HasSuffix(c.levels(t, "follow-up", who), "-") && !strings.HasSuffix(c.levels(t, "follow-up", who), "METADATA")
				}
				before, homes := map[string]bool{}, map[string]string{}
				for _, who := range people {
					before[who] = sees(who)
				}
				for _, who := range []string{"lea", "leo"} {
					homes[who] = c.row(t, who).HomeWorkspaceID
				}
				rows := c.tables(t, "transfers", "shares", "records", "profiles", "events")
				would, err := c.ConsequencesOf(c.as(t, "paul"), c.moved(t, made.ID))
				c.must(t, err)
				same(t, "stored", rows, c.tables(t, "transfers", "shares", "records", "profiles", "events"))
				same(t, "gain", try.gain, c.names(would.GainIDs...))
				same(t, "lose", try.lose, c.names(would.LoseIDs...))
				same(t, "keep", try.keep, c.names(would.KeepIDs...))
				same(t, "moving", try.moving, c.names(would.MovingIDs...))
				same(t, "the previous owner", in.PreviousOwnerKeeps == nil, would.PreviousUntil == nil)

				// And so it is.
				c.must(t, c.accept(c.as(t, try.by), made.ID))
				for _, who := range people {
					told := map[string]bool{
						"gain": slices.Contains(would.GainIDs, c.id(who)), "lose": slices.Contains(would.LoseIDs, c.id(who)), "keep": slices.Contains(would.KeepIDs, c.id(who)),
					}
					is := map[string]bool{"gain": !before[who] && sees(who), "lose": before[who] && !sees(who), "keep": before[who] && sees(who)}
					named := told["gain"] || told["lose"] || told["keep"]
					if named {
						same(t, who, told, is)
					}
					// Whoever is not named themselves changes with a principal that is.
					if through := map[string]string{"ann": "both", "bob": "school"}[who]; !named && (is["lose"] || is["gain"] && !slices.Contains(would.GainIDs, c.id(through))) {
						t.Errorf("nothing told of %s: %v", who, is)
					}
				}
				for who, home := range homes {
					if moved := c.row(t, who).HomeWorkspaceID != home; moved != slices.Contains(would.MovingIDs, c.id(who)) {
						t.Errorf("the home of %s moved: %v", who, moved)
					}
				}
			})
		})
	}
}

func dropAll(_ *clinic, in *practice.TransferRecordInput) {
	in.SharesDefault = ptr(transfer.SharesDefaultDROP)
}

// The consequences are for the giver of an open offer.
func TestConsequencesOf_ForTheGiver(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		c.professional(t, "plain", "clinic", schema.RolePractitioner)
		c.unit(t, "owners", "clinic", "plain", "paul*")
		c.set(t, "follow-up", func(u *ent.RecordUpdateOne) { u.SetOwnerID(c.id("owners")) })
		made := c.offered(t, "paul", c.offering("follow-up", "class"))
		told := func(givers ...string) {
			t.Helper()
			for _, who := range []string{"paul", "plain", "rita", "cora", "ann", "zed", "yan", "bob", "ivy"} {
				would, err := c.ConsequencesOf(c.as(t, who), c.moved(t, made.ID))
				c.must(t, err)
				if (would != nil) != slices.Contains(givers, who) {
					t.Errorf("%s is told %v", who, would)
				}
			}
		}
		told("paul")
		would, err := c.ConsequencesOf(c.as(t, "paul"), c.moved(t, made.ID))
		c.must(t, err)
		same(t, "missing", c.all("lea", "leo"), would.ConsentMissing)
		row := c.moved(t, made.ID)
		if late, err := c.ConsequencesOf(c.asOf(t, "paul", row.ExpiresAt), row); err != nil || late != nil {
			t.Errorf("an expired offer tells %v, %v", late, err)
		}
		c.must(t, c.decline(c.as(t, "yan"), made.ID))
		told()
	})
}

// preview is what somebody is told of one transfer before they accept it.
func (c *clinic) preview(ctx context.Context, t *ent.Transfer) (*practice.TransferPreview, error) {
	found, err := c.PreviewTransfers(ctx, []string{t.ID})
	return found[t.ID], err
}
