package practice_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"continuum/ent/share"
	"continuum/ent/workspaceprofile"
	"continuum/internal/practice"
)

func TestSetWorkspaceProfile(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.share(t, "follow-up", "bob", share.LevelREAD)
		set := func(who string, in practice.SetWorkspaceProfileInput) *practice.SetWorkspaceProfilePayload {
			t.Helper()
			in.ProfileID = c.id("lea")
			var payload *practice.SetWorkspaceProfilePayload
			c.expect(t, who, "workspace_profile.set", []string{"lea"}, func(ctx context.Context) (err error) {
				payload, err = c.SetWorkspaceProfile(ctx, in)
				return err
			})
			return payload
		}
		made := set("rita", practice.SetWorkspaceProfileInput{FileNumber: text("F-1"), Tags: given([]string{"b", "a", "b"})})
		changed := set("rita", practice.SetWorkspaceProfileInput{Note: text("moved\nin May")})
		file := changed.WorkspaceProfile
		if file.ID != made.WorkspaceProfile.ID || *file.FileNumber != "F-1" || *file.Note != "moved\nin May" || file.Version != 2 {
			t.Errorf("stored %v", file)
		}
		if diff := cmp.Diff([]string{"b", "a"}, file.Tags); diff != "" {
			t.Error(diff)
		}
		cleared := set("rita", practice.SetWorkspaceProfileInput{FileNumber: given[*string](nil), Tags: given[[]string](nil)}).WorkspaceProfile
		if cleared.FileNumber != nil || len(cleared.Tags) != 0 || cleared.Note == nil {
			t.Errorf("cleared %v", cleared)
		}
		// Each workspace has a view of its own, and sees no other.
		set("bob", practice.SetWorkspaceProfileInput{FileNumber: text("F-1")})
		seen := c.store.Client().WorkspaceProfile.Query().Where(workspaceprofile.ProfileID(c.id("lea"))).AllX(c.as(t, "bob"))
		if len(seen) != 1 || seen[0].WorkspaceID != c.id("school") {
			t.Errorf("Bob sees %v", seen)
		}
	})
}

func TestSetWorkspaceProfile_Refused(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		if _, err := c.SetWorkspaceProfile(c.as(t, "paul"), practice.SetWorkspaceProfileInput{ProfileID: c.id("leo"), FileNumber: text("F-1")}); err != nil {
			t.Fatal(err)
		}
		c.unchanged(t, func() {
			_, err := c.SetWorkspaceProfile(c.as(t, "bob"), practice.SetWorkspaceProfileInput{ProfileID: c.id("lea")})
			c.refused(t, err, "NOT_FOUND profileId")
			_, err = c.SetWorkspaceProfile(c.as(t, "paul"), practice.SetWorkspaceProfileInput{ProfileID: c.id("lea"), FileNumber: text("F-1")})
			c.refused(t, err, "ALREADY_EXISTS fileNumber")
			_, err = c.SetWorkspaceProfile(c.as(t, "paul"), practice.SetWorkspaceProfileInput{
				ProfileID: c.id("lea"), FileNumber: text(strings.Repeat("1", 51)), Note: text(strings.Repeat("é", 2001)),
				Tags: given(make([]string, 31)),
			})
			c.refused(t, err, "INVALID fileNumber", "INVALID note", "INVALID tags")
			// The same again is no change.
			_, err = c.SetWorkspaceProfile(c.as(t, "paul"), practice.SetWorkspaceProfileInput{ProfileID: c.id("leo"), FileNumber: text("F-1")})
			c.refused(t, err)
			_, err = c.SetWorkspaceProfile(c.as(t, "paul", "PROFILES_READ"), practice.SetWorkspaceProfileInput{ProfileID: c.id("leo")})
			c.refused(t, err, "MISSING_SCOPE")
		})
	})
}
