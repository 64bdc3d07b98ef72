package practice_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"continuum/ent"
	"continuum/ent/share"
	"continuum/internal/practice"
	"continuum/schema"
)

func (c *clinic) acceptShare(ctx context.Context, id string) error {
	_, err := c.AcceptShare(ctx, practice.AcceptShareInput{ID: id})
	return err
}

func (c *clinic) declineShare(ctx context.Context, id string) error {
	_, err := c.DeclineShare(ctx, practice.DeclineShareInput{ID: id, Reason: ptr(" Not ours\r\n")})
	return err
}

func TestAcceptShare(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		for _, try := range []struct{ with, by, levels string }{
			{"zed", "zed", "zed:READ yan:- bob:- ivy:-"},
			{"class", "zed", "zed:READ yan:READ bob:- ivy:-"}, // any member
			{"school", "ivy", "zed:READ yan:READ bob:READ ivy:READ"},
		} {
			offered := c.give(t, "paul", "follow-up", try.with, share.LevelREAD)
			before := c.told(t)
			c.expect(t, try.by, "record.share_accepted", []string{"follow-up", try.with, "follow-up>" + try.with, "lea", "leo", "paul"}, func(ctx context.Context) error {
				out, err := c.AcceptShare(ctx, practice.AcceptShareInput{ID: offered.ID})
				if err == nil && (out.Share.ID != offered.ID || out.Share.Status != share.StatusACTIVE || out.Share.Version != 2) {
					t.Errorf("gave %v", out.Share)
				}
				return err
			})
			same(t, "told", sorted(append(before, "SHARE_ACCEPTED paul")), c.told(t))
			row := c.given(t, offered.ID)
			if row.Status != share.StatusACTIVE || !row.StartsAt.After(offered.StartsAt) || row.Version != 2 || row.UpdatedByID != c.id(try.by) || row.EndedAt != nil {
				t.Errorf("accepted as %v", row)
			}
			same(t, "levels", try.levels, c.levels(t, "follow-up", "zed", "yan", "bob", "ivy"))
		}
	})
}

func TestDeclineShare(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		for _, try := range []struct{ with, by string }{{"zed", "zed"}, {"class", "yan"}, {"school", "bob"}} {
			offered := c.give(t, "paul", "follow-up", try.with, share.LevelREAD)
			before := c.told(t)
			c.expect(t, try.by, "record.share_declined", []string{"follow-up", try.with, "follow-up>" + try.with, "paul"}, func(ctx context.Context) error {
				return c.declineShare(ctx, offered.ID)
			})
			same(t, "told", sorted(append(before, "SHARE_DECLINED paul")), c.told(t))
			row := c.given(t, offered.ID)
			if row.Status != share.StatusDECLINED || row.EndedAt == nil || row.EndedByID != c.id(try.by) || *row.EndReason != "Not ours" || row.Version != 2 {
				t.Errorf("declined as %v", row)
			}
			same(t, "levels", "zed:- yan:- bob:- ivy:-", c.levels(t, "follow-up", "zed", "yan", "bob", "ivy"))
			// It can be offered again.
			c.give(t, "paul", "follow-up", try.with, share.LevelREAD)
		}
	})
}

func TestAnswerShare_Refused(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		c.professional(t, "former", "school", schema.RolePractitioner)
		if err := errors.Join(c.add(c.as(t, "bob"), "class", "former", false), c.remove(c.as(t, "bob"), "class", "former")); err != nil {
			t.Fatal(err)
		}
		c.share(t, "follow-up", "rita", share.LevelREAD)
		inside := c.shareOf(t, "follow-up", "rita").ID
		toZed := c.give(t, "paul", "follow-up", "zed", share.LevelREAD).ID
		toClass := c.give(t, "paul", "follow-up", "class", share.LevelREAD).ID
		toSchool := c.give(t, "paul", "follow-up", "school", share.LevelREAD).ID
		tries := []struct{ who, id, want string }{
			{"yan", toZed, "NOT_FOUND id"},
			{"bob", toZed, "NOT_FOUND id"},
			{"ivy", toZed, "NOT_FOUND id"},
			{"paul", toZed, "FORBIDDEN id"},
			{"cora", toZed, "NOT_FOUND id"},
			{"rita", toZed, "NOT_FOUND id"},
			{"former", toClass, "NOT_FOUND id"},
			{"ivy", toClass, "NOT_FOUND id"},
			{"bob", toClass, "NOT_FOUND id"},
			{"paul", toClass, "FORBIDDEN id"},
			{"zed", toSchool, "FORBIDDEN id"}, // a plain member does not answer for all
			{"yan", toSchool, "FORBIDDEN id"},
			{"paul", toSchool, "FORBIDDEN id"},
			{"cora", toSchool, "NOT_FOUND id"},
			{"rita", inside, "INVALID_STATE id"},
			{"zed", schema.NewID(schema.SharePrefix), "NOT_FOUND id"},
			{"zed", c.id("follow-up"), "NOT_FOUND id"},
			{"zed", "shr_\x00", "NOT_FOUND id"},
		}
		for _, try := range tries {
			t.Run(fmt.Sprintf("%s answers %s", try.who, c.name(try.id)), func(t *testing.T) {
				c.unchanged(t, func() {
					c.refused(t, c.acceptShare(c.as(t, try.who), try.id), try.want)
					c.refused(t, c.declineShare(c.as(t, try.who), try.id), try.want)
				})
			})
		}
		c.unchanged(t, func() {
			_, err := c.DeclineShare(c.as(t, "zed"), practice.DeclineShareInput{ID: toZed, Reason: ptr(strings.Repeat("x", 501))})
			c.refused(t, err, "INVALID reason")
			for _, scopes := range [][]schema.Scope{{schema.ScopeRecordsRead}, {schema.ScopeRecordsWrite}} {
				c.refused(t, c.acceptShare(c.as(t, "zed", scopes...), toZed), "MISSING_SCOPE")
				c.refused(t, c.declineShare(c.as(t, "zed", scopes...), toZed), "MISSING_SCOPE")
			}
		})
	})
}

// A share that no longer waits is not answered, whatever has ended it.
func TestAnswerShare_OverAlready(t *testing.T) {
	for name, over := range map[string]func(t *testing.T, c *clinic, id string) time.Time{
		"accepted": func(t *testing.T, c *clinic, id string) time.Time {
			if err := c.acceptShare(c.as(t, "zed"), id); err != nil {
				t.Fatal(err)
			}
			return time.Now()
		},
		"declined": func(t *testing.T, c *clinic, id string) time.Time {
			if err := c.declineShare(c.as(t, "zed"), id); err != nil {
				t.Fatal(err)
			}
			return time.Now()
		},
		"taken back": func(t *testing.T, c *clinic, id string) time.Time {
			if _, err := c.RevokeShare(c.as(t, "paul"), practice.RevokeShareInput{ID: id}); err != nil {
				t.Fatal(err)
			}
			return time.Now()
		},
		"run out": func(*testing.T, *clinic, string) time.Time { return time.Now().Add(2 * time.Hour) },
		"binned": func(t *testing.T, c *clinic, _ string) time.Time {
			c.bin(t, "follow-up")
			return time.Now()
		},
		"of the owner before": func(t *testing.T, c *clinic, _ string) time.Time {
			c.set(t, "follow-up", func(u *ent.RecordUpdateOne) { u.SetOwnerEpoch(2) })
			return time.Now()
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachClinic(t, func(t *testing.T, c *clinic) {
				c.school(t)
				in := c.sharing("follow-up", "zed", share.LevelREAD)
				in.ExpiresAt = ptr(time.Now().Add(time.Hour))
				id := c.giveSo(t, "paul", in).ID
				instant := over(t, c, id)
				before := c.given(t, id)
				c.unchanged(t, func() {
					c.refused(t, c.acceptShare(c.asOf(t, "zed", instant), id), "INVALID_STATE id")
					c.refused(t, c.declineShare(c.asOf(t, "zed", instant), id), "INVALID_STATE id")
				})
				same(t, "kept", before.String(), c.given(t, id).String())
			})
		})
	}
}

// Consents are asked for again when the share is accepted.
func TestAcceptShare_ConsentStale(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		c.policies(t, practice.UpdateWorkspacePoliciesInput{ConsentAcross: ptr(schema.ConsentRequire)})
		c.consent(t, "leo", nil)
		kept := c.consent(t, "lea", nil)
		id := c.give(t, "paul", "follow-up", "zed", share.LevelREAD).ID
		if _, err := c.WithdrawConsent(c.as(t, "paul"), practice.WithdrawConsentInput{ID: kept.ID}); err != nil {
			t.Fatal(err)
		}
		c.unchanged(t, func() { c.refused(t, c.acceptShare(c.as(t, "zed"), id), "CONSENT_STALE id") })
		c.profile(t, "max", "paul")
		if err := c.link(c.as(t, "paul"), "max"); err != nil {
			t.Fatal(err)
		}
		c.unchanged(t, func() {
			c.refused(t, c.acceptShare(c.as(t, "zed"), id), "CONSENT_REQUIRED id", "CONSENT_STALE id")
		})
		same(t, "levels", "zed:-", c.levels(t, "follow-up", "zed"))
		c.consent(t, "lea", nil)
		c.consent(t, "max", nil)
		if err := c.acceptShare(c.as(t, "zed"), id); err != nil {
			t.Error(err)
		}
	})
}
