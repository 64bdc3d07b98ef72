package practice_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"continuum/ent"
	"continuum/ent/professional"
	"continuum/ent/profile"
	"continuum/ent/record"
	"continuum/ent/share"
	"continuum/ent/unit"
	"continuum/internal/access"
	"continuum/internal/practice"
	"continuum/schema"
)

// sharing is the input that shares a record, named as the test names things.
func (c *clinic) sharing(on, with string, level share.Level) practice.ShareRecordInput {
	return practice.ShareRecordInput{RecordID: c.id(on), GranteeID: c.id(with), Level: level}
}

// give has somebody share a record; the test calls the share "record>grantee".
func (c *clinic) give(t *testing.T, who, on, with string, level share.Level) *ent.Share {
	t.Helper()
	return c.giveSo(t, who, c.sharing(on, with, level))
}

func (c *clinic) giveSo(t *testing.T, who string, in practice.ShareRecordInput) *ent.Share {
	t.Helper()
	out, err := c.ShareRecord(c.as(t, who), in)
	if err != nil {
		t.Fatal(err)
	}
	c.ids[c.name(in.RecordID)+">"+c.name(in.GranteeID)] = out.Share.ID
	return out.Share
}

// given reads a share as it is stored.
func (c *clinic) given(t *testing.T, id string) *ent.Share {
	t.Helper()
	return c.store.Client().Share.GetX(c.now(t), id)
}

// levels are what each of the people has on a record, as "paul:OWNER rita:READ".
func (c *clinic) levels(t *testing.T, on string, people ...string) string {
	t.Helper()
	return c.levelsAt(t, time.Now(), on, people...)
}

func (c *clinic) levelsAt(t *testing.T, instant time.Time, on string, people ...string) string {
	t.Helper()
	names := []string{"-", "METADATA", "READ", "WRITE", "FULL", "OWNER"}
	var lines []string
	for _, who := range people {
		ctx := c.asOf(t, who, instant)
		level := c.level(t, ctx, on)
		if seen := c.store.Client().Record.Query().Where(record.ID(c.id(on))).ExistX(ctx); seen != (level > access.None) {
			t.Errorf("%s is at %s, and sees the record: %v", who, names[level], seen)
		}
		lines = append(lines, who+":"+names[level])
	}
	return strings.Join(lines, " ")
}

// rights are what each of the people may do with a profile, as "paul:EDIT rita:READ".
func (c *clinic) rights(t *testing.T, name string, people ...string) string {
	t.Helper()
	var lines []string
	for _, who := range people {
		ctx := c.as(t, who)
		right, err := access.ProfileRight(ctx, c.store.Client(), c.id(name))
		if err != nil {
			t.Fatal(err)
		}
		if seen := c.store.Client().Profile.Query().Where(profile.ID(c.id(name))).ExistX(ctx); seen != (right > access.NoRight) {
			t.Errorf("%s has the right %d, and sees the profile: %v", who, right, seen)
		}
		lines = append(lines, who+":"+[]string{"-", "READ", "EDIT"}[right])
	}
	return strings.Join(lines, " ")
}

// same sees that two things are the same.
func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s otherwise than wanted (-want +got):\n%s", what, diff)
	}
}

// school adds to the school Zed, a practitioner, and Ivy, a coordinator, and the class
// of Zed and, as its steward, Yan.
func (c *clinic) school(t *testing.T) {
	t.Helper()
	c.professional(t, "zed", "school", schema.RolePractitioner)
	c.professional(t, "yan", "school", schema.RolePractitioner)
	c.professional(t, "ivy", "school", schema.RoleCoordinator)
	c.unit(t, "class", "school", "zed", "yan*")
}

// set changes the row of a record.
func (c *clinic) set(t *testing.T, on string, change func(*ent.RecordUpdateOne)) {
	t.Helper()
	c.system(t, func(ctx context.Context, tx *ent.Client) error {
		update := tx.Record.UpdateOneID(c.id(on))
		change(update)
		return update.Exec(ctx)
	})
}

func (c *clinic) bin(t *testing.T, on string) {
	t.Helper()
	c.set(t, on, func(u *ent.RecordUpdateOne) { u.SetStatus(record.StatusBINNED) })
}

func TestShareRecord(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		c.unit(t, "team", "clinic", "mia", "cora*")
		until := time.Date(2091, 5, 6, 7, 8, 9, 123456789, time.UTC)
		for _, try := range []struct {
			with, event string
			in          func(*practice.ShareRecordInput)
			status      share.Status
			told        []string
		}{
			{"rita", "record.shared", nil, share.StatusACTIVE, []string{"RECORD_SHARED rita"}},
			{"team", "record.shared", func(in *practice.ShareRecordInput) {
				in.Level, in.RequiresApproval, in.IncludesConfidential, in.ExpiresAt = share.LevelWRITE, ptr(true), ptr(true), &until
			}, share.StatusACTIVE, []string{"RECORD_SHARED cora", "RECORD_SHARED mia"}},
			{"clinic", "record.shared", nil, share.StatusACTIVE, []string{"RECORD_SHARED ann", "RECORD_SHARED cora"}},
			{"bob", "record.share_offered", func(in *practice.ShareRecordInput) { in.Level = share.LevelFULL }, share.StatusPENDING, []string{"SHARE_OFFERED bob"}},
			{"class", "record.share_offered", nil, share.StatusPENDING, []string{"SHARE_OFFERED yan", "SHARE_OFFERED zed"}},
			{"school", "record.share_offered", nil, share.StatusPENDING, []string{"SHARE_OFFERED bob", "SHARE_OFFERED ivy"}},
		} {
			in := c.sharing("follow-up", try.with, share.LevelREAD)
			if try.in != nil {
				try.in(&in)
			}
			var out *practice.ShareRecordPayload
			before := c.told(t)
			c.expect(t, "paul", try.event, []string{"follow-up", try.with, "lea", "leo"}, func(ctx context.Context) (err error) {
				out, err = c.ShareRecord(ctx, in)
				return err
			})
			if last := c.events(t)[len(c.events(t))-1]; last.ObjectID != c.id("follow-up") || !strings.Contains(strings.Join(last.Topics, " "), out.Share.ID) {
				t.Errorf("the event is about %s, with the topics %v", c.name(last.ObjectID), last.Topics)
			}
			same(t, "told", sorted(append(before, try.told...)), c.told(t))
			row := c.given(t, out.Share.ID)
			if row.Status != try.status || row.Level != in.Level || row.Epoch != 1 || row.Origin != share.OriginDIRECT || row.Version != 1 ||
				row.CreatedByID != c.id("paul") || row.EndedAt != nil || row.ConsentOverride != nil ||
				row.RequiresApproval != (in.RequiresApproval != nil) || row.IncludesConfidential != (in.IncludesConfidential != nil) {
				t.Errorf("shared with %s as %v", try.with, row)
			}
			if (in.ExpiresAt == nil) != (row.ExpiresAt == nil) || row.ExpiresAt != nil && !row.ExpiresAt.Equal(until.Truncate(time.Microsecond)) {
				t.Errorf("expires at %v", row.ExpiresAt)
			}
			if out.Record.ID != c.id("follow-up") || out.Share.Status != try.status || out.Reach.Pending != (try.status == share.StatusPENDING) {
				t.Errorf("gave %v", out)
			}
		}
		same(t, "levels", "paul:OWNER rita:READ mia:WRITE cora:WRITE ann:READ bob:- zed:- ivy:-",
			c.levels(t, "follow-up", "paul", "rita", "mia", "cora", "ann", "bob", "zed", "ivy"))
	})
}

// Who may not share, beside who may.
func TestShareRecord_Refused(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		for _, name := range []string{"omar", "will", "fay", "gone", "new", "late"} {
			c.professional(t, name, "clinic", schema.RolePractitioner)
		}
		c.unit(t, "team", "clinic", "mia")
		c.unit(t, "owners", "clinic", "mia", "omar*")
		c.unit(t, "closed", "clinic", "mia")
		c.workspace(t, "bankrupt")
		for _, name := range []string{"secret", "thrown away", "of a unit"} {
			c.record(t, name, "paul", "lea")
		}
		c.set(t, "secret", func(u *ent.RecordUpdateOne) { u.SetConfidential(true) })
		c.set(t, "of a unit", func(u *ent.RecordUpdateOne) { u.SetOwnerID(c.id("owners")) })
		c.bin(t, "thrown away")
		c.share(t, "follow-up", "rita", share.LevelREAD)
		c.share(t, "follow-up", "will", share.LevelWRITE)
		c.share(t, "follow-up", "fay", share.LevelFULL)
		c.share(t, "follow-up", "gone", share.LevelFULL)
		c.share(t, "follow-up", "zed", share.LevelFULL)
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			if err := tx.Professional.UpdateOneID(c.id("gone")).SetStatus(professional.StatusENDED).Exec(ctx); err != nil {
				return err
			}
			if err := tx.Professional.UpdateOneID(c.id("late")).SetStatus(professional.StatusSUSPENDED).Exec(ctx); err != nil {
				return err
			}
			if err := tx.Workspace.UpdateOneID(c.id("bankrupt")).SetStatus("SUSPENDED").Exec(ctx); err != nil {
				return err
			}
			return tx.Unit.UpdateOneID(c.id("closed")).SetStatus(unit.StatusCLOSED).Exec(ctx)
		})
		c.ids["absent"], c.ids["nobody"] = schema.NewID(schema.RecordPrefix), schema.NewID(schema.ProfessionalPrefix)
		c.ids["noise"] = "rec_\x00"
		c.ids["no unit"] = "unit_\x00"
		type try struct {
			who, on, with string
			level         share.Level
			want          []string
		}
		refused := func(want ...string) []string { return want }
		for _, try := range []try{
			{"rita", "follow-up", "mia", "READ", refused("FORBIDDEN recordId")},
			{"will", "follow-up", "mia", "READ", refused("FORBIDDEN recordId")},
			{"fay", "follow-up", "mia", "FULL", refused("FORBIDDEN recordId")},
			{"mia", "of a unit", "rita", "FULL", refused("FORBIDDEN recordId")}, // a plain member
			{"cora", "follow-up", "mia", "READ", refused("FORBIDDEN recordId")},
			{"ann", "follow-up", "mia", "READ", refused("FORBIDDEN recordId")},
			{"mia", "follow-up", "rita", "READ", refused("NOT_FOUND recordId")},
			{"bob", "follow-up", "rita", "READ", refused("NOT_FOUND recordId")},
			{"paul", "absent", "rita", "READ", refused("NOT_FOUND recordId")},
			{"paul", "lea", "rita", "READ", refused("NOT_FOUND recordId")},
			{"paul", "noise", "rita", "READ", refused("NOT_FOUND recordId")},
			{"paul", "follow-up", "nobody", "READ", refused("NOT_FOUND granteeId")},
			{"paul", "follow-up", "no unit", "READ", refused("NOT_FOUND granteeId")},
			{"paul", "follow-up", "lea", "READ", refused("NOT_FOUND granteeId")},
			{"paul", "follow-up", "gone", "READ", refused("NOT_FOUND granteeId")},
			{"paul", "follow-up", "late", "READ", refused("NOT_FOUND granteeId")},
			{"paul", "follow-up", "closed", "READ", refused("NOT_FOUND granteeId")},
			{"paul", "follow-up", "bankrupt", "READ", refused("NOT_FOUND granteeId")},
			{"paul", "follow-up", "paul", "READ", refused("INVALID granteeId")},
			{"paul", "follow-up", "rita", "READ", refused("ALREADY_SHARED granteeId")},
			{"paul", "follow-up", "mia", "OWNER", refused("INVALID level")},
			{"paul", "secret", "mia", "READ", refused("INVALID includesConfidential")},
			{"paul", "thrown away", "mia", "READ", refused("INVALID_STATE recordId")},
			// and who may:
			{"fay", "follow-up", "mia", "WRITE", nil},
			{"zed", "follow-up", "team", "READ", nil}, // FULL in another workspace
			{"mia", "of a unit", "rita", "WRITE", nil},
			{"omar", "of a unit", "fay", "FULL", nil}, // a steward
			{"paul", "follow-up", "new", "FULL", nil},
			{"paul", "follow-up", "class", "READ", nil},
		} {
			t.Run(fmt.Sprintf("%s gives %s of %s to %s", try.who, try.level, c.name(c.id(try.on)), try.with), func(t *testing.T) {
				in := c.sharing(try.on, try.with, try.level)
				if try.want == nil {
					c.giveSo(t, try.who, in)
					return
				}
				c.unchanged(t, func() {
					_, err := c.ShareRecord(c.as(t, try.who), in)
					c.refused(t, err, try.want...)
				})
			})
		}
		c.unchanged(t, func() {
			in := c.sharing("follow-up", "mia", "MUCH")
			in.ExpiresAt, in.ConsentOverride = ptr(time.Now().Add(-time.Second)), ptr(strings.Repeat("x", 501))
			_, err := c.ShareRecord(c.as(t, "paul"), in)
			c.refused(t, err, "INVALID level", "INVALID expiresAt", "INVALID consentOverride")
			for _, scopes := range [][]schema.Scope{{schema.ScopeRecordsRead}, {schema.ScopeRecordsWrite}} {
				_, err := c.ShareRecord(c.as(t, "paul", scopes...), c.sharing("follow-up", "team", share.LevelREAD))
				c.refused(t, err, "MISSING_SCOPE")
			}
			_, err = c.ShareRecord(t.Context(), c.sharing("follow-up", "team", share.LevelREAD))
			c.refused(t, err, "UNAUTHENTICATED")
		})
		in := c.sharing("secret", "mia", share.LevelREAD)
		in.IncludesConfidential = ptr(true)
		c.giveSo(t, "paul", in)
	})
}

// Whoever is invited can be given a record, and reads it once they come.
func TestShareRecord_WithWhoeverIsInvited(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.professional(t, "ivo", "clinic", schema.RolePractitioner)
		invited := func(status professional.Status) {
			c.system(t, func(ctx context.Context, tx *ent.Client) error {
				return tx.Professional.UpdateOneID(c.id("ivo")).SetStatus(status).Exec(ctx)
			})
		}
		invited(professional.StatusINVITED)
		c.give(t, "paul", "follow-up", "ivo", share.LevelREAD)
		if told := c.told(t); len(told) > 0 {
			t.Errorf("told %v", told)
		}
		invited(professional.StatusACTIVE)
		same(t, "levels", "ivo:READ", c.levels(t, "follow-up", "ivo"))
	})
}

// What a workspace asks for before a record leaves it.
func TestShareRecord_Consent(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		out, err := c.ShareRecord(c.as(t, "paul"), c.sharing("follow-up", "zed", share.LevelREAD))
		if err != nil {
			t.Fatal(err)
		}
		same(t, "missing, with a warning", c.all("lea", "leo"), out.Reach.ConsentMissingIDs)

		c.policies(t, practice.UpdateWorkspacePoliciesInput{ConsentAcross: ptr(schema.ConsentRequire)})
		in := c.sharing("follow-up", "bob", share.LevelREAD)
		c.unchanged(t, func() {
			_, err := c.ShareRecord(c.as(t, "paul"), in)
			c.refused(t, err, "CONSENT_REQUIRED recordId")
		})
		in.ConsentOverride = ptr(" The child is in danger ")
		c.expect(t, "paul", "record.share_offered_without_consent", []string{"follow-up"}, func(ctx context.Context) error {
			out, err = c.ShareRecord(ctx, in)
			return err
		})
		if row := c.given(t, out.Share.ID); *row.ConsentOverride != "The child is in danger" {
			t.Errorf("kept the reason %v", row.ConsentOverride)
		}
		// A reason that nothing needs is not kept, and not told.
		c.consent(t, "lea", nil)
		c.consent(t, "leo", nil)
		in = c.sharing("follow-up", "class", share.LevelREAD)
		in.ConsentOverride = ptr("To be sure")
		c.expect(t, "paul", "record.share_offered", []string{"follow-up"}, func(ctx context.Context) error {
			out, err = c.ShareRecord(ctx, in)
			return err
		})
		if row := c.given(t, out.Share.ID); row.ConsentOverride != nil {
			t.Errorf("kept the reason %q", *row.ConsentOverride)
		}
		// What the override told goes for acceptance too.
		if _, err := c.AcceptShare(c.as(t, "bob"), practice.AcceptShareInput{ID: c.shareOf(t, "follow-up", "bob").ID}); err != nil {
			t.Error(err)
		}
	})
}

// shareOf is the live share of a record and a grantee.
func (c *clinic) shareOf(t *testing.T, on, with string) *ent.Share {
	t.Helper()
	return c.store.Client().Share.Query().
		Where(share.RecordID(c.id(on)), share.GranteeID(c.id(with)), share.StatusIn(share.StatusPENDING, share.StatusACTIVE)).
		OnlyX(c.now(t))
}
