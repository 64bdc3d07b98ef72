package practice_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"continuum/ent"
	"continuum/ent/professional"
	"continuum/ent/share"
	"continuum/ent/transfer"
	"continuum/internal/practice"
	"continuum/schema"
)

func (c *clinic) assign(ctx context.Context, on, to string) error {
	_, err := c.AssignRecord(ctx, practice.AssignRecordInput{RecordID: c.id(on), ToID: c.id(to)})
	return err
}

func TestAssignRecord(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		c.unit(t, "team", "clinic", "mia", "rita*")
		for _, try := range []struct {
			by, to string
			told   []string
			levels string
		}{
			{"cora", "rita", []string{"RECORD_ASSIGNED paul", "RECORD_ASSIGNED rita"}, "paul:- rita:OWNER mia:- cora:METADATA ann:METADATA"},
			{"ann", "team", []string{"RECORD_ASSIGNED paul", "RECORD_ASSIGNED rita", "RECORD_ASSIGNED mia"}, "paul:- rita:OWNER mia:FULL cora:METADATA ann:METADATA"},
			{"ann", "cora", []string{"RECORD_ASSIGNED paul", "RECORD_ASSIGNED cora"}, "paul:- rita:- mia:- cora:OWNER ann:METADATA"},
		} {
			on := "for " + try.to
			c.record(t, on, "paul", "lea", "leo")
			c.set(t, on, func(u *ent.RecordUpdateOne) { u.SetConfidential(true).SetReason("late words") })
			var out *practice.AssignRecordPayload
			c.tells(t, try.told, func() {
				c.expectOf(t, try.by, "record.assigned", 25, []string{on, "paul", try.to, "lea", "leo"}, func(ctx context.Context) (err error) {
					out, err = c.AssignRecord(ctx, practice.AssignRecordInput{RecordID: c.id(on), ToID: c.id(try.to), Message: ptr(" She is ill ")})
					return err
				})
			})
			if out.Record.Title != "" || out.Record.Reason != nil || out.Record.OwnerID != c.id(try.to) {
				t.Errorf("an assignment shows %v", out.Record)
			}
			row := c.moved(t, out.Transfer.ID)
			if row.Mode != transfer.ModeASSIGN || row.Status != transfer.StatusACCEPTED || row.FromID != c.id("paul") || row.ToID != c.id(try.to) ||
				*row.NewOwnerID != c.id(try.to) || row.AnsweredByID != c.id(try.by) || row.CreatedByID != c.id(try.by) || row.BaseEpoch != 1 ||
				*row.Message != "She is ill" || row.SharesDefault != transfer.SharesDefaultKEEP {
				t.Errorf("assigned as %v", row)
			}
			if r := c.recordRow(t, on); r.OwnerID != c.id(try.to) || r.OwnerEpoch != 2 || r.WorkspaceID != c.id("clinic") || r.Number != on {
				t.Errorf("the record is %v", r)
			}
			same(t, on, try.levels, c.levels(t, on, "paul", "rita", "mia", "cora", "ann"))
		}
	})
}

func TestAssignRecord_Refused(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		c.unit(t, "team", "clinic", "mia", "cora")
		c.unit(t, "closed", "clinic", "mia")
		c.record(t, "of the school", "bob", "zoe")
		c.record(t, "thrown away", "paul", "lea")
		c.bin(t, "thrown away")
		c.share(t, "follow-up", "rita", share.LevelFULL)
		c.share(t, "follow-up", "ivy", share.LevelREAD) // a coordinator, elsewhere
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			return tx.Unit.UpdateOneID(c.id("closed")).SetStatus("CLOSED").Exec(ctx)
		})
		c.ids["absent"], c.ids["noise"] = schema.NewID(schema.RecordPrefix), "rec_\x00"
		c.professional(t, "ivo", "clinic", schema.RolePractitioner)
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			return tx.Professional.UpdateOneID(c.id("ivo")).SetStatus(professional.StatusINVITED).Exec(ctx)
		})
		for _, try := range []struct{ who, on, to, want string }{
			{"cora", "follow-up", "ivo", "NOT_FOUND toId"},     // not here yet
			{"paul", "follow-up", "mia", "FORBIDDEN recordId"}, // the owner offers
			{"rita", "follow-up", "mia", "FORBIDDEN recordId"},
			{"mia", "follow-up", "rita", "NOT_FOUND recordId"},
			{"ivy", "follow-up", "ivy", "FORBIDDEN recordId"},
			{"ivy", "follow-up", "rita", "FORBIDDEN recordId"},
			{"bob", "follow-up", "bob", "NOT_FOUND recordId"},
			{"cora", "of the school", "rita", "NOT_FOUND recordId"},
			{"cora", "absent", "rita", "NOT_FOUND recordId"},
			{"cora", "noise", "rita", "NOT_FOUND recordId"},
			{"cora", "lea", "rita", "NOT_FOUND recordId"},
			{"cora", "follow-up", "cora", "FORBIDDEN toId"},
			{"cora", "follow-up", "team", "FORBIDDEN toId"},
			{"cora", "follow-up", "paul", "INVALID toId"},
			{"cora", "follow-up", "bob", "NOT_FOUND toId"},
			{"cora", "follow-up", "class", "NOT_FOUND toId"},
			{"cora", "follow-up", "school", "NOT_FOUND toId"},
			{"cora", "follow-up", "clinic", "NOT_FOUND toId"},
			{"cora", "follow-up", "closed", "NOT_FOUND toId"},
			{"cora", "follow-up", "lea", "NOT_FOUND toId"},
			{"cora", "thrown away", "rita", "INVALID_STATE recordId"},
			{"ann", "follow-up", "team", ""},
		} {
			t.Run(fmt.Sprintf("%s assigns %s to %s", try.who, c.name(c.id(try.on)), try.to), func(t *testing.T) {
				if try.want == "" {
					c.must(t, c.assign(c.as(t, try.who), try.on, try.to))
					return
				}
				c.unchanged(t, func() { c.refused(t, c.assign(c.as(t, try.who), try.on, try.to), try.want) })
			})
		}
		c.unchanged(t, func() {
			_, err := c.AssignRecord(c.as(t, "cora"), practice.AssignRecordInput{
				RecordID: c.id("follow-up"), ToID: c.id("rita"), Message: ptr(strings.Repeat("x", 2001)), KeepUntil: ptr(time.Now().Add(time.Hour)),
			})
			c.refused(t, err, "INVALID message", "INVALID keepUntil")
			for _, scopes := range [][]schema.Scope{{schema.ScopeRecordsRead}, {schema.ScopeRecordsWrite}} {
				c.refused(t, c.assign(c.as(t, "cora", scopes...), "follow-up", "rita"), "MISSING_SCOPE")
			}
		})
	})
}

// An assignment ends what was open: the owner's offer, and the requests.
func TestAssignRecord_EndsWhatWasOpen(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		c.share(t, "follow-up", "rita", share.LevelREAD)
		offer := c.offered(t, "paul", c.offering("follow-up", "zed")).ID
		request := c.requested(t, "rita", "follow-up", "rita").ID
		c.tells(t, []string{"RECORD_ASSIGNED mia", "RECORD_ASSIGNED paul", "TRANSFER_INVALIDATED rita", "TRANSFER_INVALIDATED zed"}, func() {
			c.expectOf(t, "cora", "record.assigned", 25, []string{"follow-up", "follow-up->zed", "follow-up<-rita", "zed", "rita"}, func(ctx context.Context) error {
				return c.assign(ctx, "follow-up", "mia")
			})
		})
		for _, id := range []string{offer, request} {
			if row := c.moved(t, id); row.Status != transfer.StatusINVALIDATED || row.Version != 2 || row.AnsweredAt == nil {
				t.Errorf("ended as %v", row)
			}
		}
		c.refused(t, c.accept(c.as(t, "zed"), offer), "TRANSFER_NOT_OPEN id")
		same(t, "levels", "paul:- mia:OWNER rita:READ zed:-", c.levels(t, "follow-up", "paul", "mia", "rita", "zed"))
	})
}
