package practice_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"continuum/ent"
	"continuum/ent/share"
	"continuum/internal/practice"
	"continuum/schema"
)

func (c *clinic) revoke(ctx context.Context, id string) error {
	_, err := c.RevokeShare(ctx, practice.RevokeShareInput{ID: id, Reason: ptr(" It is over ")})
	return err
}

func (c *clinic) leave(ctx context.Context, on string, grantee *string) error {
	_, err := c.LeaveRecord(ctx, practice.LeaveRecordInput{RecordID: c.id(on), GranteeID: grantee, Reason: ptr(" Done ")})
	return err
}

func TestRevokeShare(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		c.professional(t, "fay", "clinic", schema.RolePractitioner)
		c.unit(t, "team", "clinic", "mia", "cora*")
		c.give(t, "paul", "follow-up", "fay", share.LevelFULL)
		for _, try := range []struct {
			by, with string
			level    share.Level
			told     []string
		}{
			{"paul", "rita", share.LevelREAD, []string{"ACCESS_ENDED rita"}},
			{"fay", "rita", share.LevelWRITE, []string{"ACCESS_ENDED rita"}},
			{"paul", "mia", share.LevelFULL, []string{"ACCESS_ENDED mia"}},
			{"paul", "team", share.LevelREAD, []string{"ACCESS_ENDED cora", "ACCESS_ENDED mia"}},
			{"paul", "clinic", share.LevelREAD, []string{"ACCESS_ENDED ann", "ACCESS_ENDED cora"}},
			{"paul", "zed", share.LevelREAD, []string{"ACCESS_ENDED zed"}}, // taken back
		} {
			given := c.give(t, "paul", "follow-up", try.with, try.level)
			before := c.told(t)
			c.expect(t, try.by, "record.unshared", []string{"follow-up", try.with, "follow-up>" + try.with, "lea", "leo"}, func(ctx context.Context) error {
				out, err := c.RevokeShare(ctx, practice.RevokeShareInput{ID: given.ID, Reason: ptr(" It is over ")})
				if err == nil && (out.Share.ID != given.ID || out.Share.Status != share.StatusREVOKED) {
					t.Errorf("gave %v", out.Share)
				}
				return err
			})
			same(t, "told", sorted(append(before, try.told...)), c.told(t))
			row := c.given(t, given.ID)
			if row.Status != share.StatusREVOKED || row.EndedAt == nil || row.EndedByID != c.id(try.by) || *row.EndReason != "It is over" || row.Version != 2 {
				t.Errorf("revoked as %v", row)
			}
			// What nobody has taken never held.
			if held := row.StartsAt.Before(*row.EndedAt); held == (given.Status == share.StatusPENDING) {
				t.Errorf("%s held %v", given.Status, held)
			}
		}
		same(t, "levels", "rita:- mia:- cora:METADATA zed:- fay:FULL", c.levels(t, "follow-up", "rita", "mia", "cora", "zed", "fay"))
	})
}

func TestRevokeShare_Refused(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		for _, name := range []string{"fay", "will", "flo"} {
			c.professional(t, name, "clinic", schema.RolePractitioner)
		}
		read := c.give(t, "paul", "follow-up", "rita", share.LevelREAD).ID
		full := c.give(t, "paul", "follow-up", "fay", share.LevelFULL).ID
		other := c.give(t, "paul", "follow-up", "flo", share.LevelFULL).ID
		c.give(t, "paul", "follow-up", "will", share.LevelWRITE)
		wide := c.give(t, "paul", "follow-up", "clinic", share.LevelREAD).ID
		pending := c.give(t, "paul", "follow-up", "zed", share.LevelREAD).ID
		for _, try := range []struct{ who, id, want string }{
			{"rita", read, "FORBIDDEN id"}, // one's own is given back, not revoked
			{"fay", full, "FORBIDDEN id"},
			{"fay", other, "FORBIDDEN id"}, // FULL does not end FULL
			{"will", read, "NOT_FOUND id"},
			{"will", wide, "FORBIDDEN id"},
			{"ann", read, "NOT_FOUND id"},
			{"cora", wide, "FORBIDDEN id"},
			{"zed", pending, "FORBIDDEN id"},
			{"bob", read, "NOT_FOUND id"},
			{"bob", pending, "NOT_FOUND id"},
			{"paul", schema.NewID(schema.SharePrefix), "NOT_FOUND id"},
			{"paul", c.id("follow-up"), "NOT_FOUND id"},
			{"paul", "shr_\x00", "NOT_FOUND id"},
		} {
			t.Run(fmt.Sprintf("%s revokes %s", try.who, c.name(try.id)), func(t *testing.T) {
				c.unchanged(t, func() { c.refused(t, c.revoke(c.as(t, try.who), try.id), try.want) })
			})
		}
		c.unchanged(t, func() {
			_, err := c.RevokeShare(c.as(t, "paul"), practice.RevokeShareInput{ID: read, Reason: ptr(strings.Repeat("x", 501))})
			c.refused(t, err, "INVALID reason")
			for _, scopes := range [][]schema.Scope{{schema.ScopeRecordsRead}, {schema.ScopeRecordsWrite}} {
				c.refused(t, c.revoke(c.as(t, "paul", scopes...), read), "MISSING_SCOPE")
			}
		})
		if err := c.revoke(c.as(t, "fay"), read); err != nil {
			t.Fatal(err)
		}
		c.unchanged(t, func() { c.refused(t, c.revoke(c.as(t, "paul"), read), "INVALID_STATE id") })
	})
}

func TestLeaveRecord(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		c.unit(t, "team", "clinic", "mia", "cora*")
		for _, try := range []struct {
			with, by string
			named    bool
		}{{"rita", "rita", false}, {"rita", "rita", true}, {"team", "cora", true}, {"clinic", "ann", true}, {"zed", "zed", false}, {"class", "yan", true}, {"school", "ivy", true}} {
			held := c.give(t, "paul", "follow-up", try.with, share.LevelREAD)
			if held.Status == share.StatusPENDING {
				if err := c.acceptShare(c.as(t, try.by), held.ID); err != nil {
					t.Fatal(err)
				}
			}
			held = c.given(t, held.ID)
			var grantee *string
			if try.named {
				grantee = ptr(c.id(try.with))
			}
			before := c.told(t)
			c.expect(t, try.by, "record.left", []string{"follow-up", try.with, "follow-up>" + try.with, "lea", "leo", "paul"}, func(ctx context.Context) error {
				return c.leave(ctx, "follow-up", grantee)
			})
			same(t, "told", sorted(append(before, "ACCESS_ENDED paul")), c.told(t))
			row := c.given(t, held.ID)
			if row.Status != share.StatusLEFT || row.EndedAt == nil || row.EndedByID != c.id(try.by) || *row.EndReason != "Done" || row.Version != held.Version+1 {
				t.Errorf("left as %v", row)
			}
		}
		same(t, "levels", "rita:- mia:- cora:METADATA zed:- ivy:-", c.levels(t, "follow-up", "rita", "mia", "cora", "zed", "ivy"))
	})
}

func TestLeaveRecord_Refused(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		c.unit(t, "team", "clinic", "mia", "cora*")
		c.give(t, "paul", "follow-up", "rita", share.LevelREAD)
		c.give(t, "paul", "follow-up", "team", share.LevelREAD)
		c.give(t, "paul", "follow-up", "clinic", share.LevelREAD)
		c.give(t, "paul", "follow-up", "zed", share.LevelREAD)
		c.ids["absent"], c.ids["noise"] = schema.NewID(schema.RecordPrefix), "rec_\x00"
		for _, try := range []struct{ who, on, grantee, want string }{
			{"mia", "follow-up", "", "NOT_FOUND recordId"}, // through a unit and the workspace only
			{"mia", "follow-up", "team", "NOT_FOUND granteeId"},
			{"rita", "follow-up", "clinic", "NOT_FOUND granteeId"},
			{"mia", "follow-up", "clinic", "NOT_FOUND granteeId"},
			{"mia", "follow-up", "rita", "NOT_FOUND granteeId"},
			{"bob", "follow-up", "clinic", "NOT_FOUND granteeId"},
			{"paul", "follow-up", "rita", "NOT_FOUND granteeId"},
			{"paul", "follow-up", "", "NOT_FOUND recordId"},
			{"zed", "follow-up", "", "NOT_FOUND recordId"}, // not accepted: it is declined
			{"bob", "follow-up", "", "NOT_FOUND recordId"},
			{"bob", "follow-up", "school", "NOT_FOUND recordId"},
			{"rita", "absent", "", "NOT_FOUND recordId"},
			{"rita", "lea", "", "NOT_FOUND recordId"},
			{"rita", "noise", "", "NOT_FOUND recordId"},
		} {
			t.Run(fmt.Sprintf("%s leaves %s for %s", try.who, c.name(c.id(try.on)), try.grantee), func(t *testing.T) {
				var grantee *string
				if try.grantee != "" {
					grantee = ptr(c.id(try.grantee))
				}
				c.unchanged(t, func() { c.refused(t, c.leave(c.as(t, try.who), try.on, grantee), try.want) })
			})
		}
		c.unchanged(t, func() {
			_, err := c.LeaveRecord(c.as(t, "rita"), practice.LeaveRecordInput{RecordID: c.id("follow-up"), Reason: ptr(strings.Repeat("x", 501))})
			c.refused(t, err, "INVALID reason")
			for _, scopes := range [][]schema.Scope{{schema.ScopeRecordsRead}, {schema.ScopeRecordsWrite}} {
				c.refused(t, c.leave(c.as(t, "rita", scopes...), "follow-up", nil), "MISSING_SCOPE")
			}
		})
	})
}

// What the clock, the bin or another owner has ended is not ended again.
func TestEndShare_OverAlready(t *testing.T) {
	for name, over := range map[string]func(t *testing.T, c *clinic) time.Time{
		"run out": func(*testing.T, *clinic) time.Time { return time.Now().Add(2 * time.Hour) },
		"binned":  func(t *testing.T, c *clinic) time.Time { c.bin(t, "follow-up"); return time.Now() },
		"of the owner before": func(t *testing.T, c *clinic) time.Time {
			c.set(t, "follow-up", func(u *ent.RecordUpdateOne) { u.SetOwnerEpoch(2) })
			return time.Now()
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachClinic(t, func(t *testing.T, c *clinic) {
				in := c.sharing("follow-up", "rita", share.LevelREAD)
				in.ExpiresAt = ptr(time.Now().Add(time.Hour))
				id := c.giveSo(t, "paul", in).ID
				instant := over(t, c)
				c.unchanged(t, func() {
					c.refused(t, c.revoke(c.asOf(t, "paul", instant), id), "INVALID_STATE id")
					c.refused(t, c.leave(c.asOf(t, "rita", instant), "follow-up", nil), "NOT_FOUND recordId")
					c.refused(t, c.update(c.asOf(t, "paul", instant), id, 1, nil), "INVALID_STATE id")
				})
			})
		})
	}
}
