package practice_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"continuum/ent"
	"continuum/ent/transfer"
	"continuum/internal/practice"
	"continuum/schema"
)

// outcomes are what came of each record of a caseload, as "follow-up ok".
func (c *clinic) outcomes(results []*practice.CaseloadResult) []string {
	var lines []string
	for _, result := range results {
		line := c.name(result.RecordID) + " ok"
		if result.Error != nil {
			line = fmt.Sprintf("%s %s %s", c.name(result.RecordID), result.Error.Code, *result.Error.Field)
		}
		if (result.Error == nil) != (result.Transfer != nil) {
			line += " both"
		}
		lines = append(lines, line)
	}
	return lines
}

// caseload makes records of Paul's: one confidential, one binned, one offered already.
func (c *clinic) caseload(t *testing.T) {
	t.Helper()
	for _, on := range []string{"second", "secret", "busy", "thrown away"} {
		c.record(t, on, "paul", "lea")
	}
	c.record(t, "foreign", "rita", "leo")
	c.set(t, "secret", func(u *ent.RecordUpdateOne) { u.SetConfidential(true) })
	c.bin(t, "thrown away")
	c.offered(t, "paul", c.offering("busy", "mia"))
}

// T12: each is an offer of its own, with a result of its own.
func TestT12_ACaseloadIsIndependentOffers(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.caseload(t)
		before := len(c.events(t))
		out, err := c.TransferCaseload(c.as(t, "paul"), practice.TransferCaseloadInput{ToID: c.id("rita"), Message: ptr("All yours")})
		c.must(t, err)
		same(t, "all", []string{"follow-up ok", "second ok", "secret INVALID includesConfidential", "busy ALREADY_OFFERED recordId"}, c.outcomes(out.Results))
		if left := c.events(t)[before:]; len(left) != 2 || left[0].Type != "transfer.offered" {
			t.Errorf("left %v", left)
		}
		for _, result := range out.Results[:2] {
			if row := c.moved(t, result.Transfer.ID); row.Status != transfer.StatusOFFERED || row.ToID != c.id("rita") || *row.Message != "All yours" {
				t.Errorf("offered as %v", row)
			}
			c.must(t, c.accept(c.as(t, "rita"), result.Transfer.ID))
		}

		// Those named, in their order, whatever becomes of them.
		c.ids["absent"], c.ids["noise"] = schema.NewID(schema.RecordPrefix), "rec_\x00"
		out, err = c.TransferCaseload(c.as(t, "paul"), practice.TransferCaseloadInput{
			ToID: c.id("mia"), IncludesConfidential: ptr(true),
			RecordIDs: c.all("absent", "foreign", "thrown away", "noise", "secret", "busy", "follow-up", "secret"),
		})
		c.must(t, err)
		same(t, "named", []string{
			"absent NOT_FOUND recordIds", "foreign NOT_FOUND recordIds", "thrown away INVALID_STATE recordId", "noise NOT_FOUND recordIds",
			"secret ok", "busy ALREADY_OFFERED recordId", "follow-up NOT_FOUND recordIds", "secret ALREADY_OFFERED recordId",
		}, c.outcomes(out.Results))
	})
}

func TestTransferCaseload_OfAUnit(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.unit(t, "team", "clinic", "paul*", "mia")
		c.set(t, "follow-up", func(u *ent.RecordUpdateOne) { u.SetOwnerID(c.id("team")) })
		c.record(t, "own", "paul", "lea")
		offer := func(who, from string, ids ...string) ([]*practice.CaseloadResult, error) {
			in := practice.TransferCaseloadInput{ToID: c.id("rita"), RecordIDs: ids, FromID: ptr(c.id(from))}
			out, err := c.TransferCaseload(c.as(t, who), in)
			if err != nil {
				return nil, err
			}
			return out.Results, nil
		}
		c.unchanged(t, func() {
			for _, try := range []struct{ who, from string }{{"mia", "team"}, {"cora", "paul"}, {"cora", "team"}, {"rita", "paul"}, {"bob", "team"}, {"paul", "clinic"}, {"paul", "lea"}} {
				_, err := offer(try.who, try.from)
				c.refused(t, err, "NOT_FOUND fromId")
			}
			_, err := offer("paul", "paul", slices.Repeat([]string{c.id("own")}, 101)...)
			c.refused(t, err, "INVALID recordIds")
			_, err = c.TransferCaseload(c.as(t, "paul", schema.ScopeRecordsRead), practice.TransferCaseloadInput{ToID: c.id("rita")})
			c.refused(t, err, "MISSING_SCOPE")
			_, err = c.TransferCaseload(t.Context(), practice.TransferCaseloadInput{ToID: c.id("rita")})
			c.refused(t, err, "UNAUTHENTICATED")
			results, err := offer("paul", "paul", c.id("follow-up"))
			c.must(t, err)
			same(t, "another owner's", []string{"follow-up NOT_FOUND recordIds"}, c.outcomes(results))
		})
		results, err := offer("paul", "team")
		c.must(t, err)
		same(t, "the unit's", []string{"follow-up ok"}, c.outcomes(results))
	})
}

func TestT12_ACaseloadIsIndependentAssignments(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.caseload(t)
		c.record(t, "of the school", "bob", "zoe")
		before := len(c.events(t))
		out, err := c.AssignCaseload(c.as(t, "cora"), practice.AssignCaseloadInput{FromID: c.id("paul"), ToID: c.id("rita")})
		c.must(t, err)
		same(t, "all", []string{"follow-up ok", "second ok", "secret ok", "busy ok"}, c.outcomes(out.Results))
		if left := c.events(t)[before:]; len(left) != 4 || left[0].Type != "record.assigned" {
			t.Errorf("left %v", left)
		}
		out, err = c.AssignCaseload(c.as(t, "cora"), practice.AssignCaseloadInput{
			FromID: c.id("rita"), ToID: c.id("mia"), RecordIDs: c.all("of the school", "thrown away", "follow-up", "foreign"),
		})
		c.must(t, err)
		same(t, "named", []string{"of the school NOT_FOUND recordIds", "thrown away NOT_FOUND recordIds", "follow-up ok", "foreign ok"}, c.outcomes(out.Results))

		c.unchanged(t, func() {
			for _, who := range []string{"paul", "rita", "mia"} {
				_, err := c.AssignCaseload(c.as(t, who), practice.AssignCaseloadInput{FromID: c.id("rita"), ToID: c.id("paul")})
				c.refused(t, err, "FORBIDDEN fromId")
			}
			// The records of another workspace, of nobody, and of whoever has none answer alike.
			for _, from := range []string{c.id("bob"), schema.NewID(schema.ProfessionalPrefix), c.id("ann"), c.id("clinic")} {
				out, err := c.AssignCaseload(c.as(t, "cora"), practice.AssignCaseloadInput{FromID: from, ToID: c.id("rita")})
				if err != nil || len(out.Results) != 0 {
					t.Errorf("%s: %v, %v", c.name(from), out, err)
				}
			}
			_, err := c.AssignCaseload(c.as(t, "cora"), practice.AssignCaseloadInput{FromID: "nonsense", ToID: c.id("rita")})
			c.refused(t, err, "NOT_FOUND fromId")
			out, err := c.AssignCaseload(c.as(t, "cora"), practice.AssignCaseloadInput{FromID: c.id("rita"), ToID: c.id("cora")})
			c.must(t, err)
			same(t, "to oneself", []string{"second FORBIDDEN toId", "secret FORBIDDEN toId", "busy FORBIDDEN toId"}, c.outcomes(out.Results))
		})
	})
}

// A fault stops a caseload where it stands, and what was done stays done.
func TestT12_AFaultLeavesWholeItems(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.record(t, "second", "paul", "lea")
		ctx, cancel := context.WithCancel(c.as(t, "paul"))
		cancel()
		before := len(c.events(t))
		if _, err := c.TransferCaseload(ctx, practice.TransferCaseloadInput{ToID: c.id("rita")}); err == nil {
			t.Error("a request that was given up worked")
		}
		if after := len(c.events(t)); after != before || strings.Contains(c.levels(t, "second", "rita"), "OWNER") {
			t.Errorf("%d events", after-before)
		}
	})
}
