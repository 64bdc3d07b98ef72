package practice_test

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"continuum/ent"
	"continuum/ent/profile"
	"continuum/ent/record"
	"continuum/ent/recordlink"
	"continuum/ent/share"
	"continuum/internal/practice"
	"continuum/schema"
)

// recordRow is a record as it is stored.
func (c *clinic) recordRow(t *testing.T, name string) *ent.Record {
	t.Helper()
	return c.store.Client().Record.GetX(c.now(t), c.id(name))
}

func TestCreateRecord(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.ids["new"] = schema.NewID(schema.RecordPrefix)
		noon := time.Date(2031, 5, 6, 12, 0, 0, 0, time.UTC)
		c.expect(t, "paul", "record.created", []string{"new", "lea", "leo"}, func(ctx context.Context) error {
			payload, err := c.CreateRecord(at(ctx, noon), practice.CreateRecordInput{
				ID: ptr(c.id("new")), Title: " Speech ", Kind: ptr(record.KindFAMILY), Reason: ptr("late\nwords"), Confidential: ptr(true),
				Profiles: []*practice.RecordProfileInput{
					{ProfileID: c.id("leo"), Reason: ptr("he")}, {ProfileID: c.id("lea"), Notify: ptr(false)},
				},
			})
			if err == nil && payload.Record.ID != c.id("new") {
				t.Errorf("made %v", payload.Record)
			}
			return err
		})
		row := c.recordRow(t, "new")
		if !regexp.MustCompile(`^2031-[0-9A-HJKMNP-TV-Z]{6}$`).MatchString(row.Number) || row.Title != "Speech" || !row.Confidential ||
			row.OwnerID != c.id("paul") || row.WorkspaceID != c.id("clinic") || row.Status != record.StatusOPEN ||
			row.OwnerEpoch != 1 || !row.OpenedAt.Equal(noon) {
			t.Errorf("stored %v", row)
		}
		links := c.links(t, "new")
		if len(links) != 2 || links[0].ProfileID != c.id("leo") || links[0].Role != recordlink.RolePRIMARY || !links[0].Notify ||
			links[1].Role != recordlink.RolePARTICIPANT || links[1].Notify || links[1].Position != 1 || !links[0].LinkedAt.Equal(noon) {
			t.Errorf("links %v", links)
		}
	})
}

func TestCreateRecord_OwnersAndRoles(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.unit(t, "team", "clinic", "paul")
		first := func(in practice.CreateRecordInput) *practice.RecordProfileInput {
			in.Title = "t"
			payload, err := c.CreateRecord(c.as(t, "paul"), in)
			if err != nil {
				t.Fatal(err)
			}
			c.ids["made"] = payload.Record.ID
			if link := c.links(t, "made"); len(link) > 0 {
				return &practice.RecordProfileInput{Role: &link[0].Role}
			}
			return nil
		}
		lea, leo := &practice.RecordProfileInput{ProfileID: c.id("lea")}, &practice.RecordProfileInput{ProfileID: c.id("leo")}
		first(practice.CreateRecordInput{OwnerID: ptr(c.id("team")), Status: ptr(record.StatusDRAFT)})
		if row := c.recordRow(t, "made"); row.OwnerID != c.id("team") || row.OpenedAt != nil || row.Kind != record.KindINDIVIDUAL {
			t.Errorf("stored %v", row)
		}
		if got := first(practice.CreateRecordInput{Kind: ptr(record.KindGROUP), Profiles: []*practice.RecordProfileInput{lea}}); *got.Role != recordlink.RolePARTICIPANT {
			t.Errorf("the first of a group is a %s", *got.Role)
		}
		leo.Role = ptr(recordlink.RolePRIMARY)
		if got := first(practice.CreateRecordInput{Profiles: []*practice.RecordProfileInput{lea, leo}}); *got.Role != recordlink.RolePARTICIPANT {
			t.Errorf("beside a PRIMARY that is named, the first is a %s", *got.Role)
		}
	})
}

func TestCreateRecord_Refused(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.unit(t, "team", "clinic", "mia")
		c.profile(t, "gone", "paul")
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			return tx.Profile.UpdateOneID(c.id("gone")).SetStatus(profile.StatusERASED).Exec(ctx)
		})
		people := func(names ...string) (list []*practice.RecordProfileInput) {
			for _, name := range names {
				list = append(list, &practice.RecordProfileInput{ProfileID: c.id(name)})
			}
			return list
		}
		two := people("lea", "leo")
		two[0].Role, two[1].Role = ptr(recordlink.RolePRIMARY), ptr(recordlink.RolePRIMARY)
		c.unchanged(t, func() {
			for _, refusal := range []struct {
				in   practice.CreateRecordInput
				want []string
			}{
				{practice.CreateRecordInput{Title: "t"}, []string{"LAST_PROFILE profiles"}},
				{practice.CreateRecordInput{Title: "", Profiles: people("lea")}, []string{"INVALID title"}},
				{practice.CreateRecordInput{Title: "t", ID: ptr("x"), Service: ptr(strings.Repeat("x", 101)), Reason: ptr(strings.Repeat("x", 4001)), Profiles: people("lea")},
					[]string{"INVALID id", "INVALID service", "INVALID reason"}},
				{practice.CreateRecordInput{Title: "t", Status: ptr(record.StatusARCHIVED), Profiles: people("lea")}, []string{"INVALID status"}},
				{practice.CreateRecordInput{Title: "t", Profiles: people("lea", "leo", "lea")}, []string{"INVALID profiles.2.profileId"}},
				{practice.CreateRecordInput{Title: "t", Profiles: make([]*practice.RecordProfileInput, 51)}, []string{"INVALID profiles"}},
				{practice.CreateRecordInput{Title: "t", Profiles: two}, []string{"PRIMARY_TAKEN profiles.1.role"}},
				{practice.CreateRecordInput{Title: "t", Profiles: people("lea", "zoe", "nobody")}, []string{"NOT_FOUND profiles.1.profileId", "NOT_FOUND profiles.2.profileId"}},
				{practice.CreateRecordInput{Title: "t", Profiles: people("gone")}, []string{"INVALID_STATE profiles.0.profileId"}},
				{practice.CreateRecordInput{Title: "t", Profiles: people("lea"), OwnerID: ptr(c.id("team"))}, []string{"NOT_FOUND ownerId"}},
				{practice.CreateRecordInput{Title: "t", Profiles: people("lea"), OwnerID: ptr(c.id("rita"))}, []string{"NOT_FOUND ownerId"}},
				{practice.CreateRecordInput{Title: "t", Profiles: people("lea"), ID: ptr(c.id("follow-up"))}, []string{"ALREADY_EXISTS id"}},
			} {
				_, err := c.CreateRecord(c.as(t, "paul"), refusal.in)
				c.refused(t, err, refusal.want...)
			}
			_, err := c.CreateRecord(c.as(t, "paul", schema.ScopeRecordsRead, schema.ScopeProfilesRead), practice.CreateRecordInput{Title: "t", Profiles: people("lea")})
			c.refused(t, err, "MISSING_SCOPE")
		})
	})
}

// Fifty profiles cost no more statements than one.
func TestCreateRecord_Statements(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		var sent []int
		for _, n := range []int{1, 50} {
			var people []*practice.RecordProfileInput
			for i := range n {
				name := strings.Repeat("x", i+1)
				c.profile(t, name, "paul")
				people = append(people, &practice.RecordProfileInput{ProfileID: c.id(name)})
			}
			c.expect(t, "paul", "record.created", nil, func(ctx context.Context) error {
				_, err := c.CreateRecord(ctx, practice.CreateRecordInput{Title: "t", Profiles: people})
				sent = append(sent, len(c.statements))
				return err
			})
		}
		if sent[0] != sent[1] {
			t.Errorf("%d statements for one, %d for fifty", sent[0], sent[1])
		}
	})
}

func TestUpdateRecord(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.expect(t, "paul", "record.updated", []string{"follow-up", "lea", "leo"}, func(ctx context.Context) error {
			payload, err := c.UpdateRecord(ctx, practice.UpdateRecordInput{
				ID: c.id("follow-up"), ExpectedVersion: 1, Title: text("New"), Service: text("Speech"), Confidential: given(ptr(true)),
			})
			if err == nil && (payload.Record.Title != "New" || payload.Record.Version != 2) {
				t.Errorf("gave %v", payload.Record)
			}
			return err
		})
		if row := c.recordRow(t, "follow-up"); row.Title != "New" || *row.Service != "Speech" || !row.Confidential || row.Version != 2 {
			t.Errorf("stored %v", row)
		}
		_, err := c.UpdateRecord(c.as(t, "paul"), practice.UpdateRecordInput{ID: c.id("follow-up"), ExpectedVersion: 1, Reason: text("why")})
		c.refused(t, err)
		c.unchanged(t, func() {
			_, err := c.UpdateRecord(c.as(t, "paul"), practice.UpdateRecordInput{ID: c.id("follow-up"), ExpectedVersion: 1, Title: text("Other")})
			c.refused(t, err, "CONFLICT title")
			if currentValue(err) != `"New"` {
				t.Errorf("the present value reads %s", currentValue(err))
			}
			_, err = c.UpdateRecord(c.as(t, "paul"), practice.UpdateRecordInput{ID: c.id("follow-up"), ExpectedVersion: 3, Title: text("New")})
			c.refused(t, err)
			_, err = c.UpdateRecord(c.as(t, "paul"), practice.UpdateRecordInput{ID: c.id("follow-up"), ExpectedVersion: 4, Title: text("New")})
			c.refused(t, err, "INVALID expectedVersion")
		})
	})
}

func TestUpdateRecord_Refused(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.share(t, "follow-up", "rita", share.LevelWRITE)
		in := practice.UpdateRecordInput{ID: c.id("follow-up"), ExpectedVersion: 1, Title: text("New")}
		c.unchanged(t, func() {
			for who, want := range map[string]string{"bob": "NOT_FOUND id", "mia": "NOT_FOUND id", "rita": "FORBIDDEN id", "cora": "FORBIDDEN id"} {
				_, err := c.UpdateRecord(c.as(t, who), in)
				c.refused(t, err, want)
			}
			_, err := c.UpdateRecord(c.as(t, "paul"), practice.UpdateRecordInput{
				ID: c.id("follow-up"), ExpectedVersion: 1, Title: given[*string](nil), Kind: given[*record.Kind](nil), Confidential: given[*bool](nil),
			})
			c.refused(t, err, "INVALID title", "INVALID kind", "INVALID confidential")
		})
		for _, status := range []record.Status{record.StatusARCHIVED, record.StatusBINNED} {
			c.system(t, func(ctx context.Context, tx *ent.Client) error {
				return tx.Record.UpdateOneID(c.id("follow-up")).SetStatus(status).Exec(ctx)
			})
			_, err := c.UpdateRecord(c.as(t, "paul"), in)
			c.refused(t, err, "INVALID_STATE id")
		}
	})
}

func TestArchiveAndReopenRecord(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.share(t, "follow-up", "rita", share.LevelREAD)
		topics := []string{"follow-up", "lea", "leo"}
		archive := func(ctx context.Context) error {
			_, err := c.ArchiveRecord(ctx, practice.ArchiveRecordInput{ID: c.id("follow-up")})
			return err
		}
		reopen := func(ctx context.Context) error {
			_, err := c.ReopenRecord(ctx, practice.ReopenRecordInput{ID: c.id("follow-up")})
			return err
		}
		c.unchanged(t, func() {
			for _, try := range []func(context.Context) error{archive, reopen} {
				c.refused(t, try(c.as(t, "bob")), "NOT_FOUND id")
				c.refused(t, try(c.as(t, "rita")), "FORBIDDEN id")
			}
			c.refused(t, reopen(c.as(t, "paul")), "INVALID_STATE id")
		})
		c.expect(t, "paul", "record.archived", topics, archive)
		row := c.recordRow(t, "follow-up")
		if row.Status != record.StatusARCHIVED || row.ClosedAt == nil || row.Version != 2 {
			t.Errorf("archived %v", row)
		}
		c.refused(t, archive(c.as(t, "paul")), "INVALID_STATE id")
		c.expect(t, "paul", "record.reopened", topics, reopen)
		row = c.recordRow(t, "follow-up")
		if row.Status != record.StatusOPEN || row.ClosedAt != nil || row.OpenedAt == nil || row.Version != 3 {
			t.Errorf("reopened %v", row)
		}
		opened := *row.OpenedAt
		c.refused(t, archive(c.as(t, "paul")))
		c.refused(t, reopen(c.as(t, "paul")))
		if row := c.recordRow(t, "follow-up"); !row.OpenedAt.Equal(opened) {
			t.Error("when it was opened first stays")
		}
	})
}
