package practice_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"continuum/ent"
	"continuum/ent/professional"
	"continuum/ent/share"
	"continuum/internal/practice"
	"continuum/schema"
)

// A preview says what the share then does, to whom, and does nothing.
func TestPreviewShare(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		for _, name := range []string{"ivo", "gone"} {
			c.professional(t, name, "clinic", schema.RolePractitioner)
		}
		c.professional(t, "fay", "school", schema.RolePractitioner)
		c.unit(t, "team", "clinic", "mia", "cora*", "ivo", "gone")
		c.unit(t, "empty", "clinic")
		c.share(t, "follow-up", "fay", share.LevelFULL)
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			if err := tx.Professional.UpdateOneID(c.id("ivo")).SetStatus(professional.StatusINVITED).Exec(ctx); err != nil {
				return err
			}
			return tx.Professional.UpdateOneID(c.id("gone")).SetStatus(professional.StatusENDED).Exec(ctx)
		})
		colleagues := map[string][]string{"paul": {"ann", "cora", "mia", "rita"}, "fay": {"bob", "ivy", "yan", "zed"}}
		for _, try := range []struct {
			who, with string
			readers   []string
			pending   bool
		}{
			{"paul", "rita", []string{"rita"}, false},
			{"paul", "ivo", nil, false}, // reads once they come
			{"paul", "team", []string{"cora", "mia"}, false},
			{"paul", "empty", nil, false},
			{"paul", "clinic", []string{"ann", "cora", "mia", "paul", "rita"}, false},
			{"paul", "zed", nil, true}, // who works there is theirs to tell
			{"paul", "class", nil, true},
			{"paul", "school", nil, true},
			{"fay", "class", []string{"yan", "zed"}, true},
			{"fay", "mia", nil, false},
		} {
			t.Run(try.who+" to "+try.with, func(t *testing.T) {
				in := c.sharing("follow-up", try.with, share.LevelWRITE)
				before := c.tables(t, "shares", "records", "events", "notifications")
				told, err := c.PreviewShare(c.as(t, try.who), in)
				c.must(t, err)
				same(t, "stored", before, c.tables(t, "shares", "records", "events", "notifications"))
				same(t, "readers", try.readers, c.names(told.ProfessionalIDs...))
				same(t, "pending", try.pending, told.Pending)
				same(t, "grantee", c.id(try.with), told.GranteeID)
				same(t, "profiles", c.all("lea", "leo"), told.ProfileIDs)
				out, err := c.ShareRecord(c.as(t, try.who), in)
				c.must(t, err)
				same(t, "the reach", told, out.Reach)
				same(t, "waits", told.Pending, out.Share.Status == share.StatusPENDING)
				if told.Pending {
					answers := map[string]string{"zed": "zed", "class": "yan", "school": "ivy"}
					c.must(t, c.acceptShare(c.as(t, answers[try.with]), out.Share.ID))
				}
				for _, who := range colleagues[try.who] {
					reads := c.levels(t, "follow-up", who) == who+":WRITE"
					if reads != slices.Contains(try.readers, who) {
						t.Errorf("%s reads: %v", who, reads)
					}
					// Rita's directory reads the profile anyhow.
					if who != "rita" && reads != (c.rights(t, "leo", who) == who+":READ") {
						t.Errorf("%s reads leo otherwise than the record", who)
					}
				}
				c.must(t, c.revoke(c.as(t, "paul"), out.Share.ID))
			})
		}
	})
}

// A preview fails as the share would.
func TestPreviewShare_FailsAsTheShareWould(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		c.professional(t, "fay", "clinic", schema.RolePractitioner)
		c.record(t, "secret", "paul", "lea")
		c.record(t, "thrown away", "paul", "lea")
		c.set(t, "secret", func(u *ent.RecordUpdateOne) { u.SetConfidential(true) })
		c.bin(t, "thrown away")
		c.give(t, "paul", "follow-up", "rita", share.LevelREAD)
		c.give(t, "paul", "follow-up", "zed", share.LevelREAD)
		c.give(t, "paul", "follow-up", "fay", share.LevelFULL)
		c.ids["absent"], c.ids["nobody"] = schema.NewID(schema.RecordPrefix), schema.NewID(schema.UnitPrefix)
		for _, try := range []struct {
			who, on, with string
			level         share.Level
			want          string
		}{
			{"paul", "follow-up", "rita", "WRITE", "ALREADY_SHARED granteeId"},
			{"paul", "follow-up", "zed", "READ", "ALREADY_SHARED granteeId"},
			{"paul", "follow-up", "paul", "READ", "INVALID granteeId"},
			{"paul", "follow-up", "nobody", "READ", "NOT_FOUND granteeId"},
			{"paul", "absent", "mia", "READ", "NOT_FOUND recordId"},
			{"paul", "secret", "mia", "READ", "INVALID includesConfidential"},
			{"paul", "thrown away", "mia", "READ", "INVALID_STATE recordId"},
			{"paul", "follow-up", "mia", "OWNER", "INVALID level"},
			{"fay", "follow-up", "mia", "FULL", "FORBIDDEN recordId"},
			{"rita", "follow-up", "mia", "READ", "FORBIDDEN recordId"},
			{"cora", "follow-up", "mia", "READ", "FORBIDDEN recordId"},
			{"bob", "follow-up", "bob", "READ", "NOT_FOUND recordId"},
		} {
			c.unchanged(t, func() {
				in := c.sharing(try.on, try.with, try.level)
				_, err := c.PreviewShare(c.as(t, try.who), in)
				c.refused(t, err, try.want)
				_, err = c.ShareRecord(c.as(t, try.who), in)
				c.refused(t, err, try.want)
			})
		}
		c.policies(t, practice.UpdateWorkspacePoliciesInput{ConsentAcross: ptr(schema.ConsentRequire)})
		in := c.sharing("follow-up", "bob", share.LevelREAD)
		_, err := c.PreviewShare(c.as(t, "paul"), in)
		c.refused(t, err, "CONSENT_REQUIRED recordId")
		in.ConsentOverride = ptr("In danger")
		told, err := c.PreviewShare(c.as(t, "paul"), in)
		c.must(t, err)
		same(t, "missing", c.all("lea", "leo"), told.ConsentMissingIDs)
		_, err = c.PreviewShare(t.Context(), in)
		c.refused(t, err, "UNAUTHENTICATED")
		_, err = c.PreviewShare(c.as(t, "paul", schema.ScopeProfilesRead), in)
		c.refused(t, err, "MISSING_SCOPE")
	})
}

// One that has run out stands in nobody's way.
func TestPreviewShare_AfterOneThatRanOut(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		in := c.sharing("follow-up", "rita", share.LevelREAD)
		in.ExpiresAt = ptr(time.Now().Add(time.Hour))
		c.giveSo(t, "paul", in)
		in.ExpiresAt = nil
		_, err := c.PreviewShare(c.as(t, "paul"), in)
		c.refused(t, err, "ALREADY_SHARED granteeId")
		if _, err := c.PreviewShare(c.asOf(t, "paul", time.Now().Add(time.Hour)), in); err != nil {
			t.Error(err)
		}
	})
}
