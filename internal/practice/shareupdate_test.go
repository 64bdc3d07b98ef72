package practice_test

import (
	"context"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"continuum/ent"
	"continuum/ent/share"
	"continuum/internal/practice"
	"continuum/schema"
)

// update changes a share, to WRITE unless change says otherwise.
func (c *clinic) update(ctx context.Context, id string, version int, change func(*practice.UpdateShareInput)) error {
	in := practice.UpdateShareInput{ID: id, ExpectedVersion: version, Level: graphql.OmittableOf(ptr(share.LevelWRITE))}
	if change != nil {
		in.Level = graphql.Omittable[*share.Level]{}
		change(&in)
	}
	_, err := c.UpdateShare(ctx, in)
	return err
}

// The facts of access stay dated: the old share ends and another begins in its place.
func TestUpdateShare(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		until := time.Date(2091, 5, 6, 7, 8, 9, 123456789, time.UTC)
		old := c.give(t, "paul", "follow-up", "rita", share.LevelREAD)
		var out *practice.UpdateSharePayload
		told := c.told(t)
		c.expect(t, "paul", "record.share_changed", []string{"follow-up", "rita", "follow-up>rita", "lea", "leo"}, func(ctx context.Context) (err error) {
			out, err = c.UpdateShare(ctx, practice.UpdateShareInput{
				ID: old.ID, ExpectedVersion: 1, Level: graphql.OmittableOf(ptr(share.LevelWRITE)), RequiresApproval: graphql.OmittableOf(ptr(true)),
				IncludesConfidential: graphql.OmittableOf(ptr(true)), ExpiresAt: graphql.OmittableOf(&until),
			})
			return err
		})
		same(t, "told", told, c.told(t))
		was, is := c.given(t, old.ID), c.given(t, out.Share.ID)
		if was.Status != share.StatusREVOKED || was.EndedAt == nil || was.EndedByID != c.id("paul") || was.EndReason == nil ||
			was.Level != share.LevelREAD || was.RequiresApproval || was.ExpiresAt != nil {
			t.Errorf("the old one is %v", was)
		}
		if is.ID == was.ID || is.Status != share.StatusACTIVE || is.Level != share.LevelWRITE || !is.RequiresApproval || !is.IncludesConfidential ||
			!is.ExpiresAt.Equal(until.Truncate(time.Microsecond)) || is.Epoch != 1 || is.StartsAt.Before(*was.EndedAt) || is.Version != 1 {
			t.Errorf("the new one is %v", is)
		}
		same(t, "levels", "rita:WRITE", c.levels(t, "follow-up", "rita"))

		// Absent is unchanged, null clears.
		last := c.events(t)[len(c.events(t))-1]
		if last.ObjectID != c.id("follow-up") {
			t.Errorf("the event is about %s", c.name(last.ObjectID))
		}
		if err := c.update(c.as(t, "paul"), is.ID, 1, func(in *practice.UpdateShareInput) { in.ExpiresAt = graphql.OmittableOf[*time.Time](nil) }); err != nil {
			t.Fatal(err)
		}
		if next := c.shareOf(t, "follow-up", "rita"); next.ExpiresAt != nil || next.Level != share.LevelWRITE || !next.RequiresApproval {
			t.Errorf("cleared to %v", next)
		}

		// What says nothing new leaves nothing.
		next := c.shareOf(t, "follow-up", "rita")
		c.unchanged(t, func() {
			if err := c.update(c.as(t, "paul"), next.ID, 1, nil); err != nil {
				t.Error(err)
			}
			if err := c.update(c.as(t, "paul"), next.ID, 1, func(*practice.UpdateShareInput) {}); err != nil {
				t.Error(err)
			}
		})
		same(t, "kept", next.ID, c.shareOf(t, "follow-up", "rita").ID)
	})
}

// A changed offer stays an offer.
func TestUpdateShare_Pending(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		id := c.give(t, "paul", "follow-up", "zed", share.LevelREAD).ID
		if err := c.update(c.as(t, "paul"), id, 1, nil); err != nil {
			t.Fatal(err)
		}
		next := c.shareOf(t, "follow-up", "zed")
		if next.Status != share.StatusPENDING || next.Level != share.LevelWRITE {
			t.Errorf("changed to %v", next)
		}
		same(t, "levels", "zed:-", c.levels(t, "follow-up", "zed"))
		c.refused(t, c.acceptShare(c.as(t, "zed"), id), "INVALID_STATE id")
		if err := c.acceptShare(c.as(t, "zed"), next.ID); err != nil {
			t.Fatal(err)
		}
		same(t, "levels", "zed:WRITE", c.levels(t, "follow-up", "zed"))
	})
}

func TestUpdateShare_Refused(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		for _, name := range []string{"fay", "will", "flo"} {
			c.professional(t, name, "clinic", schema.RolePractitioner)
		}
		read := c.give(t, "paul", "follow-up", "rita", share.LevelREAD).ID
		own := c.give(t, "paul", "follow-up", "fay", share.LevelFULL).ID
		full := c.give(t, "paul", "follow-up", "flo", share.LevelFULL).ID
		wide := c.give(t, "paul", "follow-up", "clinic", share.LevelREAD).ID
		toFull := func(in *practice.UpdateShareInput) { in.Level = graphql.OmittableOf(ptr(share.LevelFULL)) }
		for name, try := range map[string]struct {
			who, id string
			version int
			change  func(*practice.UpdateShareInput)
			want    []string
		}{
			"its holder":                  {"rita", read, 1, nil, []string{"FORBIDDEN id"}},
			"FULL, to FULL":               {"fay", read, 1, toFull, []string{"FORBIDDEN level"}},
			"FULL, its own":               {"fay", own, 1, nil, []string{"FORBIDDEN id"}},
			"FULL, another's FULL":        {"fay", full, 1, nil, []string{"FORBIDDEN id"}},
			"a coordinator":               {"cora", read, 1, nil, []string{"NOT_FOUND id"}},
			"a coordinator, the clinic's": {"cora", wide, 1, nil, []string{"FORBIDDEN id"}},
			"a colleague":                 {"will", read, 1, nil, []string{"NOT_FOUND id"}},
			"another workspace":           {"bob", read, 1, nil, []string{"NOT_FOUND id"}},
			"absent":                      {"paul", schema.NewID(schema.SharePrefix), 1, nil, []string{"NOT_FOUND id"}},
			"a record":                    {"paul", c.id("follow-up"), 1, nil, []string{"NOT_FOUND id"}},
			"another version":             {"paul", read, 2, nil, []string{"CONFLICT"}},
			"no level": {"paul", read, 1, func(in *practice.UpdateShareInput) {
				in.Level, in.RequiresApproval = graphql.OmittableOf[*share.Level](nil), graphql.OmittableOf[*bool](nil)
				in.IncludesConfidential, in.ExpiresAt = graphql.OmittableOf[*bool](nil), graphql.OmittableOf(ptr(time.Now().Add(-time.Second)))
			}, []string{"INVALID level", "INVALID requiresApproval", "INVALID includesConfidential", "INVALID expiresAt"}},
			"no such level": {"paul", read, 1, func(in *practice.UpdateShareInput) {
				in.Level = graphql.OmittableOf(ptr(share.Level("OWNER")))
			}, []string{"INVALID level"}},
		} {
			t.Run(name, func(t *testing.T) {
				c.unchanged(t, func() { c.refused(t, c.update(c.as(t, try.who), try.id, try.version, try.change), try.want...) })
			})
		}
		c.unchanged(t, func() {
			for _, scopes := range [][]schema.Scope{{schema.ScopeRecordsRead}, {schema.ScopeRecordsWrite}} {
				c.refused(t, c.update(c.as(t, "paul", scopes...), read, 1, nil), "MISSING_SCOPE")
			}
		})
		if err := c.update(c.as(t, "fay"), read, 1, nil); err != nil {
			t.Errorf("FULL may change what is below FULL: %v", err)
		}
		c.unchanged(t, func() { c.refused(t, c.update(c.as(t, "paul"), read, 2, nil), "INVALID_STATE id") })
		if err := c.update(c.as(t, "paul"), c.shareOf(t, "follow-up", "rita").ID, 1, toFull); err != nil {
			t.Errorf("the owner gives FULL: %v", err)
		}

		// A record that became confidential as a whole asks for it to be said.
		c.set(t, "follow-up", func(u *ent.RecordUpdateOne) { u.SetConfidential(true) })
		c.unchanged(t, func() {
			c.refused(t, c.update(c.as(t, "paul"), wide, 1, nil), "INVALID includesConfidential")
		})
		err := c.update(c.as(t, "paul"), wide, 1, func(in *practice.UpdateShareInput) { in.IncludesConfidential = graphql.OmittableOf(ptr(true)) })
		if err != nil {
			t.Error(err)
		}
	})
}
