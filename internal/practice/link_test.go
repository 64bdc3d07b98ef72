package practice_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"continuum/ent"
	"continuum/ent/profile"
	"continuum/ent/record"
	"continuum/ent/recordlink"
	"continuum/ent/share"
	"continuum/internal/practice"
)

// links lists the live links of a record, in their order.
func (c *clinic) links(t *testing.T, name string) []*ent.RecordLink {
	t.Helper()
	return c.store.Client().RecordLink.Query().
		Where(recordlink.RecordID(c.id(name)), recordlink.UnlinkedAtIsNil()).
		Order(recordlink.ByPosition()).AllX(c.now(t))
}

// linked lists the names of the profiles of the follow-up, in their order.
func (c *clinic) linked(t *testing.T) string {
	t.Helper()
	var names []string
	for _, link := range c.links(t, "follow-up") {
		for name, id := range c.ids {
			if id == link.ProfileID {
				names = append(names, name+":"+strings.ToLower(string(link.Role)))
			}
		}
	}
	return strings.Join(names, " ")
}

func (c *clinic) link(ctx context.Context, name string) error {
	_, err := c.LinkProfile(ctx, practice.LinkProfileInput{RecordID: c.id("follow-up"), ProfileID: c.id(name)})
	return err
}

func (c *clinic) unlink(ctx context.Context, name string) error {
	_, err := c.UnlinkProfile(ctx, practice.UnlinkProfileInput{RecordID: c.id("follow-up"), ProfileID: c.id(name), Reason: ptr("moved")})
	return err
}

func (c *clinic) replace(ctx context.Context, name, by string) error {
	_, err := c.ReplaceProfile(ctx, practice.ReplaceProfileInput{RecordID: c.id("follow-up"), ProfileID: c.id(name), ReplacementID: c.id(by)})
	return err
}

func (c *clinic) primary(ctx context.Context, name string) error {
	_, err := c.SetPrimaryProfile(ctx, practice.SetPrimaryProfileInput{RecordID: c.id("follow-up"), ProfileID: c.id(name)})
	return err
}

func (c *clinic) stand(t *testing.T, status record.Status) {
	t.Helper()
	c.system(t, func(ctx context.Context, tx *ent.Client) error {
		return tx.Record.UpdateOneID(c.id("follow-up")).SetStatus(status).Exec(ctx)
	})
}

func TestLinkProfile(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.profile(t, "max", "paul")
		c.profile(t, "eva", "paul")
		c.expect(t, "paul", "profile.linked", []string{"follow-up", "max", "lea", "leo"}, func(ctx context.Context) error {
			payload, err := c.LinkProfile(ctx, practice.LinkProfileInput{
				RecordID: c.id("follow-up"), ProfileID: c.id("max"), Role: ptr(recordlink.RolePRIMARY), Notify: ptr(false), Reason: ptr("cousin"),
			})
			if err != nil {
				return err
			}
			link := payload.Link
			if payload.Record.ID != c.id("follow-up") || link.Position != 2 || link.Notify || *link.LinkReason != "cousin" || link.LinkedByID != c.id("paul") {
				t.Errorf("gave %v", payload)
			}
			_, err = c.store.Client().RecordLink.Get(ctx, link.ID)
			return err
		})
		// At a place that is taken, those from there on move up.
		c.expect(t, "paul", "profile.linked", []string{"eva"}, func(ctx context.Context) error {
			_, err := c.LinkProfile(ctx, practice.LinkProfileInput{RecordID: c.id("follow-up"), ProfileID: c.id("eva"), Position: ptr(1)})
			return err
		})
		if got := c.linked(t); got != "lea:participant eva:participant leo:participant max:primary" {
			t.Errorf("linked are %s", got)
		}
	})
}

func TestLinks_Refused(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.share(t, "follow-up", "rita", share.LevelWRITE)
		c.unchanged(t, func() {
			for who, want := range map[string]string{"bob": "NOT_FOUND recordId", "mia": "NOT_FOUND recordId", "rita": "FORBIDDEN recordId", "ann": "FORBIDDEN recordId"} {
				ctx := c.as(t, who)
				c.refused(t, c.link(ctx, "lea"), want)
				c.refused(t, c.unlink(ctx, "lea"), want)
				c.refused(t, c.replace(ctx, "lea", "leo"), want)
				c.refused(t, c.primary(ctx, "lea"), want)
			}
			ctx := c.as(t, "paul")
			c.refused(t, c.unlink(ctx, "zoe"), "NOT_FOUND profileId")
			c.refused(t, c.unlink(ctx, "nobody"), "NOT_FOUND profileId")
			c.refused(t, c.primary(ctx, "zoe"), "NOT_FOUND profileId")
			c.refused(t, c.replace(ctx, "zoe", "lea"), "NOT_FOUND profileId")
			c.refused(t, c.replace(ctx, "lea", "leo"), "ALREADY_LINKED replacementId")
			c.refused(t, c.replace(ctx, "lea", "lea"), "ALREADY_LINKED replacementId")
			_, err := c.LinkProfile(ctx, practice.LinkProfileInput{
				RecordID: c.id("follow-up"), ProfileID: c.id("lea"), Position: ptr(-1), Role: ptr(recordlink.Role("BOSS")), Reason: ptr(strings.Repeat("x", 501)),
			})
			c.refused(t, err, "INVALID role", "INVALID reason", "INVALID position")
			for _, status := range []record.Status{record.StatusARCHIVED, record.StatusBINNED} {
				c.stand(t, status)
				c.refused(t, c.link(ctx, "lea"), "INVALID_STATE recordId")
				c.refused(t, c.replace(ctx, "lea", "leo"), "INVALID_STATE recordId")
				c.refused(t, c.primary(ctx, "lea"), "INVALID_STATE recordId")
			}
		})
	})
}

func TestL1_OneLiveLinkPerRecordAndProfile(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.unchanged(t, func() { c.refused(t, c.link(c.as(t, "paul"), "lea"), "ALREADY_LINKED profileId") })
		c.profile(t, "max", "paul")
		errs := atOnce(
			func() error { return c.link(c.as(t, "paul"), "max") },
			func() error { return c.link(c.as(t, "paul"), "max") },
		)
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("of two one wins: %v", errs)
		}
		if failures := practice.UserErrors(errors.Join(errs...)); len(failures) != 1 || failures[0].Code != practice.CodeAlreadyLinked {
			t.Errorf("the other is told %v", errs)
		}
		// After it ended, it can begin anew.
		c.refused(t, c.unlink(c.as(t, "paul"), "max"))
		c.refused(t, c.link(c.as(t, "paul"), "max"))
	})
}

func TestL2_OnePrimaryPerRecord(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.expect(t, "paul", "profile.made_primary", []string{"follow-up", "lea", "leo"}, func(ctx context.Context) error { return c.primary(ctx, "lea") })
		c.profile(t, "max", "paul")
		c.unchanged(t, func() {
			_, err := c.LinkProfile(c.as(t, "paul"), practice.LinkProfileInput{
				RecordID: c.id("follow-up"), ProfileID: c.id("max"), Role: ptr(recordlink.RolePRIMARY),
			})
			c.refused(t, err, "PRIMARY_TAKEN role")
			_, err = c.CreateProfile(c.as(t, "paul"), practice.CreateProfileInput{GivenName: "A", FamilyName: "B", LinkTo: &practice.ProfileLinkInput{
				RecordID: c.id("follow-up"), Role: ptr(recordlink.RolePRIMARY),
			}})
			c.refused(t, err, "PRIMARY_TAKEN linkTo.role")
			c.refused(t, c.primary(c.as(t, "paul"), "lea")) // It is already.
		})
		c.expect(t, "paul", "profile.made_primary", nil, func(ctx context.Context) error { return c.primary(ctx, "leo") })
		if got := c.linked(t); got != "lea:secondary leo:primary" {
			t.Errorf("linked are %s", got)
		}
	})
}

func TestL3_OpenRecordKeepsAProfile(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		ctx := c.as(t, "paul")
		c.expect(t, "paul", "profile.unlinked", []string{"follow-up", "lea", "leo"}, func(ctx context.Context) error { return c.unlink(ctx, "lea") })
		c.unchanged(t, func() { c.refused(t, c.unlink(ctx, "leo"), "LAST_PROFILE profileId") })
		// One step swaps the last one.
		c.profile(t, "max", "paul")
		c.refused(t, c.primary(ctx, "leo"))
		c.expect(t, "paul", "profile.replaced", []string{"follow-up", "leo", "max"}, func(ctx context.Context) error { return c.replace(ctx, "leo", "max") })
		if got := c.linked(t); got != "max:primary" {
			t.Errorf("linked are %s", got)
		}
		if link := c.links(t, "follow-up")[0]; link.Position != 1 {
			t.Errorf("stands at %d", link.Position)
		}
		// A record that is not open may lose its last, and opens again only with another.
		c.stand(t, record.StatusARCHIVED)
		c.refused(t, c.unlink(ctx, "max"))
		_, err := c.ReopenRecord(ctx, practice.ReopenRecordInput{ID: c.id("follow-up")})
		c.refused(t, err, "LAST_PROFILE id")
	})
}

func TestL3_TheLastTwoAtOnce(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		errs := atOnce(
			func() error { return c.unlink(c.as(t, "paul"), "lea") },
			func() error { return c.unlink(c.as(t, "paul"), "leo") },
		)
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("of two one wins: %v", errs)
		}
		c.refused(t, errors.Join(errs...), "LAST_PROFILE profileId")
		if n := len(c.links(t, "follow-up")); n != 1 {
			t.Errorf("%d links stayed", n)
		}
	})
}

func TestL4_NoLinkToAMergedOrErasedProfile(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.profile(t, "gone", "paul")
		for _, status := range []profile.Status{profile.StatusMERGED, profile.StatusERASED} {
			c.system(t, func(ctx context.Context, tx *ent.Client) error {
				return tx.Profile.UpdateOneID(c.id("gone")).SetStatus(status).Exec(ctx)
			})
			c.unchanged(t, func() {
				c.refused(t, c.link(c.as(t, "paul"), "gone"), "INVALID_STATE profileId")
				c.refused(t, c.replace(c.as(t, "paul"), "lea", "gone"), "INVALID_STATE replacementId")
			})
		}
	})
}

func TestL5_UnlinkingEndsTheAccessThroughThatLinkAlone(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.share(t, "follow-up", "bob", share.LevelREAD)
		c.share(t, "follow-up", "mia", share.LevelREAD)
		c.record(t, "class", "bob", "lea")
		sees := func(who, name string) bool {
			return c.store.Client().Profile.Query().Where(profile.ID(c.id(name))).ExistX(c.as(t, who))
		}
		c.refused(t, c.unlink(c.as(t, "paul"), "lea"))
		got := []bool{sees("bob", "lea"), sees("bob", "leo"), sees("mia", "lea"), sees("mia", "leo"), sees("rita", "lea")}
		if diff := cmp.Diff([]bool{true, true, false, true, true}, got); diff != "" {
			t.Errorf("Bob keeps Lea by his class, Mia loses her, Rita's directory stays:\n%s", diff)
		}
	})
}

func TestL6_LinkingTakesReadOnTheProfile(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.unchanged(t, func() {
			for _, name := range []string{"zoe", "nobody"} {
				c.refused(t, c.link(c.as(t, "paul"), name), "NOT_FOUND profileId")
				c.refused(t, c.replace(c.as(t, "paul"), "lea", name), "NOT_FOUND replacementId")
			}
			in := practice.LinkProfileInput{RecordID: c.id("follow-up"), ProfileID: "prof_\x00"}
			_, err := c.LinkProfile(c.as(t, "paul"), in)
			c.refused(t, err, "NOT_FOUND profileId")
			_, err = c.LinkProfile(c.as(t, "paul", "RECORDS_READ", "PROFILES_READ"), in)
			c.refused(t, err, "MISSING_SCOPE")
		})
		// READ is enough, and gives Zoe to whoever reads the record.
		c.record(t, "class", "bob", "zoe")
		c.share(t, "class", "paul", share.LevelREAD)
		c.expect(t, "paul", "profile.linked", []string{"zoe"}, func(ctx context.Context) error { return c.link(ctx, "zoe") })
	})
}

func TestL7_ThePastCanBeTold(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.profile(t, "max", "paul")
		now := time.Now().UTC().Truncate(time.Second).Add(time.Hour)
		steps := []func(context.Context) error{
			func(ctx context.Context) error { return c.link(ctx, "max") },
			func(ctx context.Context) error { return c.unlink(ctx, "lea") },
			func(ctx context.Context) error { return c.replace(ctx, "leo", "lea") },
			func(ctx context.Context) error { return c.unlink(ctx, "max") },
			func(ctx context.Context) error { return c.link(ctx, "max") },
			func(ctx context.Context) error { return c.replace(ctx, "lea", "leo") },
		}
		live := func() (ids []string) {
			for _, link := range c.links(t, "follow-up") {
				ids = append(ids, link.ProfileID)
			}
			return sorted(ids)
		}
		told := [][]string{live()}
		for i, step := range steps {
			c.refused(t, step(at(c.as(t, "paul"), now.Add(time.Duration(i)*time.Minute))))
			told = append(told, live())
		}
		for i, want := range told {
			instant := now.Add(time.Duration(i-1)*time.Minute + time.Second)
			past := c.store.Client().RecordLink.Query().Where(
				recordlink.RecordID(c.id("follow-up")), recordlink.LinkedAtLTE(instant),
				recordlink.Or(recordlink.UnlinkedAtIsNil(), recordlink.UnlinkedAtGT(instant)),
			).AllX(c.now(t))
			var got []string
			for _, link := range past {
				got = append(got, link.ProfileID)
			}
			if diff := cmp.Diff(want, sorted(got)); diff != "" {
				t.Errorf("after step %d:\n%s", i, diff)
			}
		}
		ended := c.store.Client().RecordLink.Query().Where(recordlink.UnlinkedAtNotNil(), recordlink.UnlinkReason("moved")).AllX(c.now(t))
		if len(ended) != 2 || slices.ContainsFunc(ended, func(l *ent.RecordLink) bool { return l.UnlinkedByID != c.id("paul") }) {
			t.Errorf("ended by whom and why: %v", ended)
		}
	})
}
