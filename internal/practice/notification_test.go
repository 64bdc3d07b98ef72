package practice_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"continuum/ent"
	"continuum/ent/notification"
	"continuum/ent/professional"
	"continuum/ent/unit"
	"continuum/ent/unitmember"
	"continuum/ent/workspace"
	"continuum/internal/practice"
	"continuum/schema"
)

// name is what a test calls an id.
func (c *clinic) name(id string) string {
	for name, known := range c.ids {
		if known == id {
			return name
		}
	}
	return id
}

// names are what a test calls ids, in their order.
func (c *clinic) names(ids ...string) []string {
	var names []string
	for _, id := range ids {
		names = append(names, c.name(id))
	}
	return sorted(names)
}

// told lists the notifications so far, as "KIND who", in their order.
func (c *clinic) told(t *testing.T) []string {
	t.Helper()
	lines := []string{}
	for _, n := range c.notifications(t) {
		lines = append(lines, fmt.Sprintf("%s %s", n.Kind, c.name(n.ProfessionalID)))
	}
	return sorted(lines)
}

func (c *clinic) notifications(t *testing.T) []*ent.Notification {
	t.Helper()
	rows, err := c.store.Client().Notification.Query().Order(ent.Asc(notification.FieldID)).All(c.now(t))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// tell makes Paul tell somebody that his record was shared.
func (c *clinic) tell(t *testing.T, to ...string) {
	t.Helper()
	err := c.Tell(c.as(t, "paul"), c.id("follow-up"), nil, practice.Notice{
		Kind: notification.KindRECORD_SHARED, To: c.all(to...), Record: c.id("follow-up"),
	})
	if err != nil {
		t.Fatal(err)
	}
}

// all are the ids of what a test calls by names.
func (c *clinic) all(names ...string) []string {
	ids := make([]string, len(names))
	for i, name := range names {
		ids[i] = c.id(name)
	}
	return ids
}

// Behind a principal are those who may act for it, and nobody else.
func TestBehind(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.professional(t, "eve", "clinic", schema.RolePractitioner)
		c.professional(t, "ivo", "clinic", schema.RoleCoordinator)
		c.professional(t, "zed", "school", schema.RolePractitioner)
		c.unit(t, "team", "clinic", "paul*", "rita", "eve", "ivo")
		c.unit(t, "other", "clinic", "mia", "rita")
		c.unit(t, "closed", "clinic", "mia")
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			if err := tx.Professional.UpdateOneID(c.id("eve")).SetStatus(professional.StatusENDED).Exec(ctx); err != nil {
				return err
			}
			if err := tx.Professional.UpdateOneID(c.id("ivo")).SetStatus(professional.StatusINVITED).Exec(ctx); err != nil {
				return err
			}
			if err := tx.Unit.UpdateOneID(c.id("closed")).SetStatus(unit.StatusCLOSED).Exec(ctx); err != nil {
				return err
			}
			return tx.UnitMember.Update().Where(unitmember.ProfessionalID(c.id("rita")), unitmember.UnitID(c.id("team"))).
				SetEndedAt(time.Now()).Exec(ctx)
		})
		ask := c.all("paul", "eve", "ivo", "team", "other", "closed", "clinic", "school", "zed")
		viewer := c.as(t, "paul")
		c.statements = nil
		people, err := c.Behind(viewer, ask...)
		if err != nil {
			t.Fatal(err)
		}
		if sent := len(c.statements); sent > 3 {
			t.Errorf("%d statements, of which one reads the viewer", sent)
		}
		want := map[string][]string{
			"paul": {"paul"}, "eve": nil, "ivo": nil, "zed": {"zed"},
			"team": {"paul"}, "other": {"mia", "rita"}, "closed": {"mia"},
			"clinic": {"ann", "cora"}, "school": {"bob"},
		}
		got := map[string][]string{}
		for id, who := range people {
			got[c.name(id)] = c.names(who...)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("behind them are others than wanted (-want +got):\n%s", diff)
		}

		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			return tx.Workspace.UpdateOneID(c.id("school")).SetStatus(workspace.StatusSUSPENDED).Exec(ctx)
		})
		people, err = c.Behind(viewer, c.all("zed", "school")...)
		if err != nil || len(people[c.id("zed")]) > 0 || len(people[c.id("school")]) > 0 {
			t.Errorf("behind a workspace that is not active: %v, %v", people, err)
		}
	})
}

// One event; each is told once of the same, and nobody of what they did themselves.
func TestTell(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.unit(t, "team", "clinic", "paul*", "rita", "mia")
		share := schema.NewID(schema.SharePrefix)
		instant := time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC)
		ctx, before := at(c.as(t, "paul"), instant), len(c.events(t))
		c.statements = nil
		err := c.Tell(ctx, c.id("follow-up"), c.all("lea", "rita"),
			practice.Notice{Kind: notification.KindRECORD_SHARED, To: c.all("team", "rita", "paul"), Record: c.id("follow-up"), Share: share},
			practice.Notice{Kind: notification.KindACCESS_ENDED, To: c.all("mia"), Record: c.id("follow-up"), Share: share},
		)
		if err != nil {
			t.Fatal(err)
		}
		// The viewer, those behind the two notices, the event and its notifications.
		if sent := len(c.statements); sent > 5 {
			t.Errorf("%d statements", sent)
		}
		if diff := cmp.Diff([]string{"ACCESS_ENDED mia", "RECORD_SHARED mia", "RECORD_SHARED rita"}, c.told(t)); diff != "" {
			t.Errorf("told otherwise than wanted (-want +got):\n%s", diff)
		}
		left := c.events(t)[before:]
		if len(left) != 1 {
			t.Fatalf("left %d events", len(left))
		}
		if diff := cmp.Diff(c.names(c.all("follow-up", "lea", "rita", "mia")...), c.names(left[0].Topics...)); diff != "" {
			t.Errorf("other topics than wanted (-want +got):\n%s", diff)
		}
		for _, n := range c.notifications(t) {
			if n.EventID != left[0].ID || n.ActorID != c.id("paul") || !n.CreatedAt.Equal(instant) ||
				*n.RecordID != c.id("follow-up") || *n.ShareID != share || n.TransferID != nil || n.ReadAt != nil {
				t.Errorf("the notification is %v", n)
			}
		}
	})
}

// More than a statement takes are told in several.
func TestTell_Many(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			var rows []*ent.ProfessionalCreate
			for i := range 510 {
				name := fmt.Sprintf("n%d", i)
				rows = append(rows, tx.Professional.Create().SetWorkspaceID(c.id("school")).SetName(name).SetSortName(name).
					SetEmail(name+"@example.org").SetRoles([]schema.Role{schema.RoleCoordinator}).SetStatus(professional.StatusACTIVE))
			}
			return tx.Professional.CreateBulk(rows...).Exec(ctx)
		})
		before := len(c.events(t))
		c.tell(t, "school")
		left := c.events(t)[before:]
		if told := len(c.notifications(t)); told != 511 || len(left) != 1 || len(left[0].Topics) != 512 {
			t.Errorf("told %d, with %d events", told, len(left))
		}
	})
}

func TestMarkNotificationsRead(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		for range 3 {
			c.tell(t, "rita", "mia")
		}
		var own, foreign []string
		for _, n := range c.notifications(t) {
			if n.ProfessionalID == c.id("rita") {
				own = append(own, n.ID)
			} else {
				foreign = append(foreign, n.ID)
			}
		}
		mark := func(ids ...string) (marked int) {
			c.expect(t, "rita", "notification.read", []string{"rita"}, func(ctx context.Context) error {
				out, err := c.MarkNotificationsRead(ctx, practice.MarkNotificationsReadInput{IDs: ids})
				if err == nil {
					marked = *out.Marked
				}
				return err
			})
			return marked
		}
		if marked := mark(own[0], own[0]); marked != 1 {
			t.Errorf("one named twice marked %d", marked)
		}
		first := *c.read(t, own[0])
		if marked := mark(); marked != 2 {
			t.Errorf("none named marked %d", marked)
		}
		if again := *c.read(t, own[0]); !again.Equal(first) {
			t.Error("one that was read before was marked again")
		}
		if last := c.events(t)[len(c.events(t))-1]; last.ObjectID != c.id("rita") {
			t.Errorf("the event is about %s", c.name(last.ObjectID))
		}
		for _, ids := range [][]string{nil, own} {
			c.unchanged(t, func() {
				out, err := c.MarkNotificationsRead(c.as(t, "rita"), practice.MarkNotificationsReadInput{IDs: ids})
				if err != nil || *out.Marked != 0 {
					t.Errorf("all was read, and marked %v, %v", out, err)
				}
			})
		}
		for _, id := range foreign {
			if c.read(t, id) != nil {
				t.Error("somebody else's notification was marked")
			}
		}
	})
}

// read is when a notification was read.
func (c *clinic) read(t *testing.T, id string) *time.Time {
	t.Helper()
	row, err := c.store.Client().Notification.Get(c.now(t), id)
	if err != nil {
		t.Fatal(err)
	}
	return row.ReadAt
}

// What is somebody else's, what is not there and what is no id answer alike.
func TestMarkNotificationsRead_OwnOnesOnly(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.tell(t, "rita")
		c.tell(t, "mia")
		own, foreign := c.notifications(t)[0].ID, c.notifications(t)[1].ID
		mark := func(ctx context.Context, ids ...string) error {
			_, err := c.MarkNotificationsRead(ctx, practice.MarkNotificationsReadInput{IDs: ids})
			return err
		}
		c.unchanged(t, func() {
			rita := c.as(t, "rita")
			c.refused(t, mark(rita, own, foreign, schema.NewID(schema.NotificationPrefix), "ntf_\x00\xff", c.id("rita")),
				"NOT_FOUND ids.1", "NOT_FOUND ids.2", "NOT_FOUND ids.3", "NOT_FOUND ids.4")
			// Being administrator opens nobody's notifications.
			c.refused(t, mark(c.as(t, "ann"), own), "NOT_FOUND ids.0")
			c.refused(t, mark(rita, slices.Repeat([]string{own}, 101)...), "INVALID ids")
			c.refused(t, mark(c.as(t, "rita", schema.ScopeRecordsRead)), "MISSING_SCOPE")
			c.refused(t, mark(c.as(t, "rita", schema.ScopeRecordsWrite), own), "MISSING_SCOPE")
			c.refused(t, mark(t.Context()), "UNAUTHENTICATED")
		})
		if c.read(t, own) != nil || c.read(t, foreign) != nil {
			t.Error("what was refused marked something")
		}
	})
}
