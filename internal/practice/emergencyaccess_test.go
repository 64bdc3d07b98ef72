package practice_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"continuum/ent"
	"continuum/ent/emergencyaccess"
	"continuum/ent/notification"
	"continuum/ent/record"
	"continuum/internal/access"
	"continuum/internal/practice"
	"continuum/schema"
)

// asOf is a context in which somebody asks as of another instant.
func (c *clinic) asOf(t *testing.T, who string, instant time.Time) context.Context {
	t.Helper()
	ctx := at(t.Context(), instant)
	viewer, err := access.Load(ctx, c.store.Client(), c.id(who), schema.AllScopes())
	if err != nil || viewer == nil {
		t.Fatalf("%s cannot act: %v", who, err)
	}
	return access.WithViewer(ctx, viewer)
}

// level is how far somebody reaches into a record.
func (c *clinic) level(t *testing.T, ctx context.Context, name string) access.Level {
	t.Helper()
	level, err := access.RecordLevel(ctx, c.store.Client(), c.id(name))
	if err != nil {
		t.Fatal(err)
	}
	return level
}

// emergency has somebody open a record in an emergency.
func (c *clinic) emergency(t *testing.T, who, name string) *ent.EmergencyAccess {
	t.Helper()
	payload, err := c.openNow(t, who, name)
	if err != nil {
		t.Fatal(err)
	}
	return payload.EmergencyAccess
}

func (c *clinic) openNow(t *testing.T, who, name string) (*practice.RequestEmergencyAccessPayload, error) {
	return c.RequestEmergencyAccess(c.as(t, who), practice.RequestEmergencyAccessInput{RecordID: c.id(name), Reason: "The child is at the ward"})
}

func TestRequestEmergencyAccess(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.unit(t, "team", "clinic", "paul", "rita")
		var payload *practice.RequestEmergencyAccessPayload
		request := func(ctx context.Context) (err error) {
			payload, err = c.RequestEmergencyAccess(ctx, practice.RequestEmergencyAccessInput{RecordID: c.id("follow-up"), Reason: " At the ward\r\nnow "})
			return err
		}
		// Who oversees the workspace, and whoever is in a unit with the owner.
		for _, who := range []string{"cora", "ann", "rita"} {
			c.expect(t, who, "emergency_access.opened", []string{"follow-up", "lea", "leo", "paul", who}, request)
			row := payload.EmergencyAccess
			if row.Reason != "At the ward\nnow" || row.ProfessionalID != c.id(who) || row.WorkspaceID != c.id("clinic") ||
				row.CreatedByID != c.id(who) || !row.EndsAt.Equal(row.StartedAt.Add(24*time.Hour)) {
				t.Errorf("opened as %v", row)
			}
			if payload.Record.ID != c.id("follow-up") || payload.Record.Title != "follow-up" || payload.Record.CreatedAt.IsZero() {
				t.Errorf("gave the record %v", payload.Record)
			}
			if level := c.level(t, c.as(t, who), "follow-up"); level != access.Read {
				t.Errorf("%s is at level %d", who, level)
			}
		}
	})
}

func TestRequestEmergencyAccess_Refused(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.unit(t, "team", "clinic", "paul", "rita", "mia")
		c.unit(t, "owners", "clinic", "rita")
		c.professional(t, "omar", "clinic", schema.RolePractitioner)
		c.record(t, "secret", "paul", "lea")
		c.record(t, "thrown away", "paul", "lea")
		c.record(t, "of a unit", "paul", "lea")
		c.record(t, "class", "bob", "zoe")
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			if err := tx.Record.UpdateOneID(c.id("secret")).SetConfidential(true).Exec(ctx); err != nil {
				return err
			}
			if err := tx.Record.UpdateOneID(c.id("of a unit")).SetOwnerID(c.id("owners")).Exec(ctx); err != nil {
				return err
			}
			return tx.Record.UpdateOneID(c.id("thrown away")).SetStatus(record.StatusBINNED).Exec(ctx)
		})
		if _, err := c.RemoveUnitMember(c.as(t, "ann"), practice.RemoveUnitMemberInput{UnitID: c.id("team"), ProfessionalID: c.id("mia")}); err != nil {
			t.Fatal(err)
		}
		c.ids["absent"] = schema.NewID(schema.RecordPrefix)
		c.ids["no record"] = c.id("lea")
		c.ids["noise"] = "rec_\x00"
		for name, try := range map[string]struct{ who, record, want string }{
			"the owner":                             {"paul", "follow-up", "INVALID_STATE recordId"},
			"the owner of a binned one":             {"paul", "thrown away", "INVALID_STATE recordId"},
			"a member of the owning unit":           {"rita", "of a unit", "INVALID_STATE recordId"},
			"a coordinator, confidential":           {"cora", "secret", "FORBIDDEN recordId"},
			"an administrator, binned":              {"ann", "thrown away", "FORBIDDEN recordId"},
			"in a unit with the owner, secret":      {"rita", "secret", "NOT_FOUND recordId"},
			"in a unit with the owner, binned":      {"rita", "thrown away", "NOT_FOUND recordId"},
			"a colleague in no unit of the owner's": {"omar", "follow-up", "NOT_FOUND recordId"},
			"a manager who has left the unit":       {"mia", "follow-up", "NOT_FOUND recordId"},
			"somebody of another workspace":         {"bob", "follow-up", "NOT_FOUND recordId"},
			"a record of another workspace":         {"ann", "class", "NOT_FOUND recordId"},
			"absent":                                {"ann", "absent", "NOT_FOUND recordId"},
			"a profile":                             {"ann", "no record", "NOT_FOUND recordId"},
			"noise":                                 {"ann", "noise", "NOT_FOUND recordId"},
		} {
			t.Run(name, func(t *testing.T) {
				c.unchanged(t, func() {
					_, err := c.openNow(t, try.who, try.record)
					c.refused(t, err, try.want)
				})
			})
		}
		c.unchanged(t, func() {
			for _, reason := range []string{"", " \n ", strings.Repeat("x", 501), "a\x00b"} {
				_, err := c.RequestEmergencyAccess(c.as(t, "cora"), practice.RequestEmergencyAccessInput{RecordID: c.id("follow-up"), Reason: reason})
				c.refused(t, err, "INVALID reason")
			}
			for _, scopes := range [][]schema.Scope{{schema.ScopeRecordsRead}, {schema.ScopeRecordsWrite}} {
				_, err := c.RequestEmergencyAccess(c.as(t, "cora", scopes...), practice.RequestEmergencyAccessInput{RecordID: c.id("follow-up"), Reason: "x"})
				c.refused(t, err, "MISSING_SCOPE")
			}
		})
		c.emergency(t, "cora", "follow-up")
		c.unchanged(t, func() {
			_, err := c.openNow(t, "cora", "follow-up")
			c.refused(t, err, "INVALID_STATE recordId")
		})
	})
}

func TestA7_EmergencyAccessHasAReasonAnEndAnEventAndANotice(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.policies(t, practice.UpdateWorkspacePoliciesInput{EmergencyHours: ptr(2)})
		c.unit(t, "team", "clinic", "paul", "rita")
		c.record(t, "other", "paul", "leo")
		c.professional(t, "omar", "clinic", schema.RolePractitioner)
		c.unit(t, "ward", "clinic", "paul", "omar")
		opened := c.emergency(t, "omar", "follow-up")
		if opened.Reason == "" || !opened.EndsAt.Equal(opened.StartedAt.Add(2*time.Hour)) {
			t.Errorf("opened as %v", opened)
		}

		// READ and nothing above, on this record and no other, with its profiles.
		for instant, want := range map[time.Time]access.Level{
			opened.StartedAt.Add(-time.Microsecond): access.None,
			opened.StartedAt:                        access.Read,
			opened.EndsAt.Add(-time.Microsecond):    access.Read,
			opened.EndsAt:                           access.None,
		} {
			ctx := c.asOf(t, "omar", instant)
			if level := c.level(t, ctx, "follow-up"); level != want {
				t.Errorf("at %v the level is %d, not %d", instant, level, want)
			}
			if level := c.level(t, ctx, "other"); level != access.None {
				t.Errorf("at %v the level on another record is %d", instant, level)
			}
			right, err := access.ProfileRight(ctx, c.store.Client(), c.id("lea"))
			if err != nil || (right == access.ReadRight) != (want == access.Read) || right == access.EditRight {
				t.Errorf("at %v the right on a profile is %d: %v", instant, right, err)
			}
			seen := c.store.Client().Record.Query().Where(record.ID(c.id("follow-up"))).ExistX(ctx)
			if seen != (want == access.Read) {
				t.Errorf("at %v the record is seen: %v", instant, seen)
			}
		}
		c.unchanged(t, func() {
			_, err := c.ArchiveRecord(c.as(t, "omar"), practice.ArchiveRecordInput{ID: c.id("follow-up")})
			c.refused(t, err, "FORBIDDEN id")
		})

		// The owner is told, and nobody else.
		told := c.store.Client().Notification.Query().AllX(c.now(t))
		if len(told) != 1 || told[0].ProfessionalID != c.id("paul") || told[0].Kind != notification.KindEMERGENCY_ACCESS ||
			*told[0].EmergencyAccessID != opened.ID || *told[0].RecordID != c.id("follow-up") {
			t.Errorf("told %v", told)
		}

		// It is listed for review to those who oversee the workspace.
		for who, want := range map[string]int{"cora": 1, "ann": 1, "paul": 1, "omar": 1, "mia": 0, "rita": 0, "bob": 0} {
			if listed := c.store.Client().EmergencyAccess.Query().Where(emergencyaccess.ReviewedAtIsNil()).CountX(c.as(t, who)); listed != want {
				t.Errorf("%s sees %d, not %d", who, listed, want)
			}
		}

		// Whoever opened it once may open it again when it is over.
		if _, err := c.RequestEmergencyAccess(c.asOf(t, "omar", opened.EndsAt), practice.RequestEmergencyAccessInput{RecordID: c.id("follow-up"), Reason: "again"}); err != nil {
			t.Error(err)
		}
	})
}

func TestA7_EmergencyAccessEndsWithWhatItWasFor(t *testing.T) {
	for name, change := range map[string]func(c *clinic, r *ent.RecordUpdateOne) *ent.RecordUpdateOne{
		"confidential": func(_ *clinic, r *ent.RecordUpdateOne) *ent.RecordUpdateOne { return r.SetConfidential(true) },
		"binned":       func(_ *clinic, r *ent.RecordUpdateOne) *ent.RecordUpdateOne { return r.SetStatus(record.StatusBINNED) },
		"in another workspace": func(c *clinic, r *ent.RecordUpdateOne) *ent.RecordUpdateOne {
			return r.SetWorkspaceID(c.id("school")).SetOwnerID(c.id("bob"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachClinic(t, func(t *testing.T, c *clinic) {
				c.unit(t, "team", "clinic", "paul", "rita")
				c.emergency(t, "rita", "follow-up")
				c.emergency(t, "cora", "follow-up")
				if level := c.level(t, c.as(t, "rita"), "follow-up"); level != access.Read {
					t.Fatalf("level %d", level)
				}
				c.system(t, func(ctx context.Context, tx *ent.Client) error {
					return change(c, tx.Record.UpdateOneID(c.id("follow-up"))).Exec(ctx)
				})
				if level := c.level(t, c.as(t, "rita"), "follow-up"); level != access.None {
					t.Errorf("level %d remains", level)
				}
				if level := c.level(t, c.as(t, "cora"), "follow-up"); level > access.Metadata {
					t.Errorf("level %d remains to the coordinator", level)
				}
			})
		})
	}
}

func TestA7_EmergencyAccessEndsWhenTheRecordIsHandedOver(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.emergency(t, "cora", "follow-up")
		offered, err := c.TransferRecord(c.as(t, "paul"), practice.TransferRecordInput{RecordID: c.id("follow-up"), ToID: ptr(c.id("bob"))})
		if err != nil {
			t.Fatal(err)
		}
		if level := c.level(t, c.as(t, "cora"), "follow-up"); level != access.Read {
			t.Errorf("level %d while it is offered", level)
		}
		if _, err := c.AcceptTransfer(c.as(t, "bob"), practice.AcceptTransferInput{ID: offered.Transfer.ID}); err != nil {
			t.Fatal(err)
		}
		if level := c.level(t, c.as(t, "cora"), "follow-up"); level != access.None {
			t.Errorf("level %d remains", level)
		}
	})
}

func TestReviewEmergencyAccess(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.unit(t, "team", "clinic", "paul", "rita")
		byRita, byCora := c.emergency(t, "rita", "follow-up"), c.emergency(t, "cora", "follow-up")
		review := func(ctx context.Context, id string) error {
			_, err := c.ReviewEmergencyAccess(ctx, practice.ReviewEmergencyAccessInput{ID: id, Note: ptr(" Well founded ")})
			return err
		}
		for name, try := range map[string]struct{ who, id, want string }{
			"its holder, a coordinator":     {"cora", byCora.ID, "FORBIDDEN id"},
			"its holder":                    {"rita", byRita.ID, "FORBIDDEN id"},
			"the record's owner":            {"paul", byRita.ID, "FORBIDDEN id"},
			"a manager":                     {"mia", byRita.ID, "NOT_FOUND id"},
			"a colleague":                   {"rita", byCora.ID, "NOT_FOUND id"},
			"somebody of another workspace": {"bob", byRita.ID, "NOT_FOUND id"},
			"absent":                        {"bob", schema.NewID(schema.EmergencyAccessPrefix), "NOT_FOUND id"},
			"a record":                      {"ann", c.id("follow-up"), "NOT_FOUND id"},
		} {
			t.Run(name, func(t *testing.T) {
				c.unchanged(t, func() { c.refused(t, review(c.as(t, try.who), try.id), try.want) })
			})
		}
		c.unchanged(t, func() {
			_, err := c.ReviewEmergencyAccess(c.as(t, "ann"), practice.ReviewEmergencyAccessInput{ID: byRita.ID, Note: ptr(strings.Repeat("x", 501))})
			c.refused(t, err, "INVALID note")
			for _, scopes := range [][]schema.Scope{{schema.ScopeRecordsRead}, {schema.ScopeRecordsWrite}} {
				c.refused(t, review(c.as(t, "ann", scopes...), byRita.ID), "MISSING_SCOPE")
			}
		})

		c.expect(t, "cora", "emergency_access.reviewed", []string{"follow-up", "rita"}, func(ctx context.Context) error { return review(ctx, byRita.ID) })
		c.expect(t, "ann", "emergency_access.reviewed", []string{"follow-up", "cora"}, func(ctx context.Context) error { return review(ctx, byCora.ID) })
		row := c.store.Client().EmergencyAccess.GetX(c.now(t), byRita.ID)
		if row.ReviewedAt == nil || row.ReviewedByID != c.id("cora") || *row.ReviewNote != "Well founded" {
			t.Errorf("reviewed as %v", row)
		}
		if level := c.level(t, c.as(t, "rita"), "follow-up"); level != access.Read {
			t.Errorf("a review ends nothing, and the level is %d", level)
		}
		c.unchanged(t, func() { c.refused(t, review(c.as(t, "ann"), byRita.ID), "INVALID_STATE id") })
		if waiting := c.store.Client().EmergencyAccess.Query().Where(emergencyaccess.ReviewedAtIsNil()).IDsX(c.as(t, "ann")); slices.Contains(waiting, byRita.ID) {
			t.Error("it is listed for review still")
		}
	})
}
