package practice_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"continuum/ent"
	"continuum/ent/record"
	"continuum/ent/share"
	"continuum/ent/transfer"
	"continuum/ent/unit"
	"continuum/internal/access"
	"continuum/internal/practice"
	"continuum/internal/store"
	"continuum/internal/storetest"
	"continuum/schema"
)

// ending is the instant at which what these tests are about expires.
var ending = time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC)

const moment = time.Microsecond

// begun makes an open transfer of a record of Paul's, which expires at the ending.
func (c *clinic) begun(t *testing.T, name, recordName, to, toWorkspace string, status transfer.Status) {
	t.Helper()
	c.ids[name] = schema.NewID(schema.TransferPrefix)
	mode := transfer.ModeOFFER
	if status == transfer.StatusREQUESTED {
		mode = transfer.ModeREQUEST
	}
	c.system(t, func(ctx context.Context, tx *ent.Client) error {
		return tx.Transfer.Create().SetID(c.id(name)).SetRecordID(c.id(recordName)).SetMode(mode).SetStatus(status).
			SetFromID(c.id("paul")).SetFromWorkspaceID(c.id("clinic")).SetToID(c.id(to)).SetToWorkspaceID(c.id(toWorkspace)).
			SetBaseEpoch(1).SetSharesDefault(transfer.SharesDefaultDROP).SetExpiresAt(ending).Exec(ctx)
	})
}

// lent makes a share of a record, which expires at the ending.
func (c *clinic) lent(t *testing.T, name, recordName, with string, status share.Status) {
	t.Helper()
	c.ids[name] = schema.NewID(schema.SharePrefix)
	c.system(t, func(ctx context.Context, tx *ent.Client) error {
		return tx.Share.Create().SetID(c.id(name)).SetRecordID(c.id(recordName)).SetGranteeID(c.id(with)).
			SetLevel(share.LevelREAD).SetStatus(status).SetEpoch(1).SetExpiresAt(ending).Exec(ctx)
	})
}

// tidy tidies as of an instant, and returns what it left: the number ended and the
// events, as "type: topics".
func (c *clinic) tidy(t *testing.T, instant time.Time) (ended int, events []string) {
	t.Helper()
	before := len(c.events(t))
	ended, err := c.Tidy(at(t.Context(), instant))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range c.events(t)[before:] {
		if e.ActorID != "" || e.WorkspaceID != "" {
			t.Errorf("the clock is nobody, and not %q of %q", e.ActorID, e.WorkspaceID)
		}
		events = append(events, e.Type+" of "+c.name(e.ObjectID)+": "+strings.Join(c.names(e.Topics...), " "))
	}
	return ended, sorted(events)
}

func (c *clinic) transfer(t *testing.T, name string) *ent.Transfer {
	t.Helper()
	row, err := c.store.Client().Transfer.Get(c.now(t), c.id(name))
	if err != nil {
		t.Fatal(err)
	}
	return row
}

func (c *clinic) shareRow(t *testing.T, name string) *ent.Share {
	t.Helper()
	row, err := c.store.Client().Share.Get(c.now(t), c.id(name))
	if err != nil {
		t.Fatal(err)
	}
	return row
}

// nothingBefore sees that a moment before the ending nothing is over.
func (c *clinic) nothingBefore(t *testing.T) {
	t.Helper()
	if ended, events := c.tidy(t, ending.Add(-moment)); ended != 0 || len(events) != 0 || len(c.told(t)) != 0 {
		t.Errorf("a moment too early %d ended: %v", ended, events)
	}
}

func differ(t *testing.T, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("otherwise than wanted (-want +got):\n%s", diff)
	}
}

// An offer expires at its instant. It is told to both sides and, as nobody answered,
// to those who run the day of both workspaces.
func TestTidy_ExpiredOffer(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.professional(t, "zed", "school", schema.RolePractitioner)
		c.professional(t, "yan", "school", schema.RoleCoordinator)
		c.begun(t, "offer", "follow-up", "zed", "school", transfer.StatusOFFERED)
		c.nothingBefore(t)

		c.statements = nil
		ended, events := c.tidy(t, ending)
		// Four look-ups, a read, a change, those behind, the event and its notifications; the test looks at the events twice.
		if sent := len(c.statements); sent > 4+5+2 {
			t.Errorf("%d statements:\n%s", sent, strings.Join(c.statements, "\n"))
		}
		differ(t, 1, ended)
		differ(t, []string{"transfer.expired of offer: ann bob cora follow-up offer paul yan zed"}, events)
		differ(t, []string{
			"TRANSFER_EXPIRED ann", "TRANSFER_EXPIRED bob", "TRANSFER_EXPIRED cora",
			"TRANSFER_EXPIRED paul", "TRANSFER_EXPIRED yan", "TRANSFER_EXPIRED zed",
		}, c.told(t))
		row := c.transfer(t, "offer")
		if row.Status != transfer.StatusEXPIRED || !row.AnsweredAt.Equal(ending) || row.AnsweredByID != "" || row.NewOwnerID != nil || row.Version != 2 {
			t.Errorf("the offer is %v", row)
		}
		for _, n := range c.notifications(t) {
			if n.ActorID != "" || *n.TransferID != row.ID || *n.RecordID != row.RecordID || n.ShareID != nil || !n.CreatedAt.Equal(ending) {
				t.Errorf("the notification is %v", n)
			}
		}
		if owner := c.recordRow(t, "follow-up"); owner.OwnerID != c.id("paul") || owner.OwnerEpoch != 1 {
			t.Error("an offer accepted itself")
		}
		if again, more := c.tidy(t, ending.Add(time.Hour)); again != 0 || len(more) != 0 {
			t.Errorf("%d ended again: %v", again, more)
		}
	})
}

// A request that nobody answered concerns the two sides alone.
func TestTidy_ExpiredRequest(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.unit(t, "team", "clinic", "rita", "mia*")
		c.begun(t, "request", "follow-up", "team", "clinic", transfer.StatusREQUESTED)
		c.nothingBefore(t)
		_, events := c.tidy(t, ending)
		differ(t, []string{"transfer.expired of request: follow-up mia paul request rita team"}, events)
		differ(t, []string{"TRANSFER_EXPIRED mia", "TRANSFER_EXPIRED paul", "TRANSFER_EXPIRED rita"}, c.told(t))
	})
}

// What can no longer be accepted ends before its time, and is told to both sides.
func TestTidy_VoidTransfer(t *testing.T) {
	for name, happened := range map[string]func(context.Context, *clinic, *ent.Client) error{
		"the record is in the bin": func(ctx context.Context, c *clinic, tx *ent.Client) error {
			return tx.Record.UpdateOneID(c.id("follow-up")).SetStatus(record.StatusBINNED).Exec(ctx)
		},
		"the record had another owner": func(ctx context.Context, c *clinic, tx *ent.Client) error {
			return tx.Record.UpdateOneID(c.id("follow-up")).SetOwnerEpoch(2).Exec(ctx)
		},
		"the unit is closed": func(ctx context.Context, c *clinic, tx *ent.Client) error {
			return tx.Unit.UpdateOneID(c.id("team")).SetStatus(unit.StatusCLOSED).Exec(ctx)
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachClinic(t, func(t *testing.T, c *clinic) {
				early := ending.Add(-24 * time.Hour)
				c.record(t, "another", "paul", "leo")
				c.unit(t, "team", "clinic", "rita", "mia*")
				c.begun(t, "offer", "follow-up", "team", "clinic", transfer.StatusOFFERED)
				c.begun(t, "request", "follow-up", "team", "clinic", transfer.StatusREQUESTED)
				c.begun(t, "sound", "another", "rita", "clinic", transfer.StatusOFFERED)
				c.nothingBefore(t)
				c.system(t, func(ctx context.Context, tx *ent.Client) error { return happened(ctx, c, tx) })

				ended, events := c.tidy(t, early)
				differ(t, 2, ended)
				differ(t, []string{
					"transfer.invalidated of offer: follow-up mia offer paul rita team",
					"transfer.invalidated of request: follow-up mia paul request rita team",
				}, events)
				differ(t, []string{
					"TRANSFER_INVALIDATED mia", "TRANSFER_INVALIDATED mia", "TRANSFER_INVALIDATED paul",
					"TRANSFER_INVALIDATED paul", "TRANSFER_INVALIDATED rita", "TRANSFER_INVALIDATED rita",
				}, c.told(t))
				for _, name := range []string{"offer", "request"} {
					if row := c.transfer(t, name); row.Status != transfer.StatusINVALIDATED || !row.AnsweredAt.Equal(early) {
						t.Errorf("the %s is %v", name, row)
					}
				}
				if row := c.transfer(t, "sound"); row.Status != transfer.StatusOFFERED {
					t.Error("an offer that nothing happened to has ended")
				}
			})
		})
	}
}

// What was answered stays answered.
func TestTidy_LeavesWhatHasEnded(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		for _, status := range []transfer.Status{
			transfer.StatusACCEPTED, transfer.StatusDECLINED, transfer.StatusWITHDRAWN, transfer.StatusEXPIRED, transfer.StatusINVALIDATED,
		} {
			c.begun(t, string(status), "follow-up", "rita", "clinic", status)
		}
		for _, status := range []share.Status{share.StatusREVOKED, share.StatusLEFT, share.StatusDECLINED, share.StatusEXPIRED} {
			c.lent(t, string(status)+" share", "follow-up", "rita", status)
		}
		c.share(t, "follow-up", "mia", share.LevelREAD) // for good
		if ended, events := c.tidy(t, ending.Add(time.Hour)); ended != 0 || len(events) != 0 || len(c.told(t)) != 0 {
			t.Errorf("%d ended: %v", ended, events)
		}
	})
}

// A share ends at the instant of its expiry, however late that is written down. Those
// who had access are told that it ended; those who never took it are not.
func TestTidy_ExpiredShare(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.unit(t, "team", "clinic", "rita", "mia*")
		c.lent(t, "active", "follow-up", "team", share.StatusACTIVE)
		c.lent(t, "pending", "follow-up", "bob", share.StatusPENDING)
		c.nothingBefore(t)

		late := ending.Add(time.Hour)
		ended, events := c.tidy(t, late)
		differ(t, 2, ended)
		differ(t, []string{
			"record.share_expired of follow-up: active follow-up lea leo mia rita team",
			"record.share_expired of follow-up: bob follow-up lea leo pending",
		}, events)
		differ(t, []string{"ACCESS_ENDED mia", "ACCESS_ENDED rita"}, c.told(t))
		for _, name := range []string{"active", "pending"} {
			if row := c.shareRow(t, name); row.Status != share.StatusEXPIRED || !row.EndedAt.Equal(ending) || row.EndedByID != "" || row.Version != 2 {
				t.Errorf("the share is %v", row)
			}
		}
		for _, n := range c.notifications(t) {
			if *n.RecordID != c.id("follow-up") || *n.ShareID != c.id("active") || !n.CreatedAt.Equal(late) {
				t.Errorf("the notification is %v", n)
			}
		}
	})
}

// Access is gone at the instant, before any job; the job only tidies the status.
func TestS8_TheJobOnlyTidiesTheStatus(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.professional(t, "zed", "clinic", schema.RolePractitioner)
		c.lent(t, "share", "follow-up", "zed", share.StatusACTIVE)
		reads := func(instant time.Time) bool {
			ctx := at(t.Context(), instant)
			zed, err := access.Load(ctx, c.store.Client(), c.id("zed"), schema.AllScopes())
			if err != nil {
				t.Fatal(err)
			}
			ctx = access.WithViewer(ctx, zed)
			level, err := access.RecordLevel(ctx, c.store.Client(), c.id("follow-up"))
			if err != nil {
				t.Fatal(err)
			}
			rows, err := c.store.Client().Record.Query().Where(record.ID(c.id("follow-up"))).Count(ctx)
			if err != nil || (rows == 1) != (level == access.Read) {
				t.Fatalf("%d rows at level %v, %v", rows, level, err)
			}
			return rows == 1
		}
		before, after := ending.Add(-moment), ending.Add(time.Hour)
		if !reads(before) || reads(ending) || reads(after) {
			t.Errorf("before the job: %t, %t, %t", reads(before), reads(ending), reads(after))
		}
		if row := c.shareRow(t, "share"); row.Status != share.StatusACTIVE || row.EndedAt != nil {
			t.Errorf("before the job the share is %v", row)
		}
		c.tidy(t, after)
		if reads(ending) || reads(after) {
			t.Error("the job gave access back")
		}
		if row := c.shareRow(t, "share"); row.Status != share.StatusEXPIRED || !row.EndedAt.Equal(ending) {
			t.Errorf("after the job the share is %v", row)
		}
	})
}

// Several servers that tidy at the same moment tell of each thing once.
func TestTidy_AtOnce(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.unit(t, "closed", "clinic", "mia")
		for i := range 4 {
			name := fmt.Sprint(i)
			c.record(t, name, "paul", "lea")
			c.begun(t, "offer "+name, name, "rita", "clinic", transfer.StatusOFFERED)
			c.begun(t, "void "+name, name, "closed", "clinic", transfer.StatusREQUESTED)
			c.lent(t, "share "+name, name, "rita", share.StatusACTIVE)
		}
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			if err := tx.Unit.UpdateOneID(c.id("closed")).SetStatus(unit.StatusCLOSED).Exec(ctx); err != nil {
				return err
			}
			return tx.Transfer.Update().Where(transfer.StatusEQ(transfer.StatusREQUESTED)).SetExpiresAt(ending.Add(time.Hour)).Exec(ctx)
		})
		before, counts := len(c.events(t)), make([]int, 4)
		ctx := at(t.Context(), ending)
		var servers []func() error
		for i := range counts {
			servers = append(servers, func() (err error) {
				counts[i], err = c.Tidy(ctx)
				return err
			})
		}
		for _, err := range atOnce(servers...) {
			if err != nil {
				t.Error(err)
			}
		}
		if sum := counts[0] + counts[1] + counts[2] + counts[3]; sum != 12 {
			t.Errorf("they ended %v", counts)
		}
		types := map[string]int{}
		for _, e := range c.events(t)[before:] {
			types[e.Type]++
		}
		differ(t, map[string]int{"transfer.expired": 4, "transfer.invalidated": 4, "record.share_expired": 4}, types)
		lines := map[string]int{}
		for _, line := range c.told(t) {
			lines[line]++
		}
		differ(t, map[string]int{
			"TRANSFER_EXPIRED paul": 4, "TRANSFER_EXPIRED rita": 4, "TRANSFER_EXPIRED ann": 4, "TRANSFER_EXPIRED cora": 4,
			"TRANSFER_INVALIDATED paul": 4, "TRANSFER_INVALIDATED mia": 4, "ACCESS_ENDED rita": 4,
		}, lines)
	})
}

// More than one pass takes is tidied in several.
func TestTidy_Many(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		const many = 105
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			var records []*ent.RecordCreate
			var shares []*ent.ShareCreate
			for i := range many {
				id := schema.NewID(schema.RecordPrefix)
				records = append(records, tx.Record.Create().SetID(id).SetWorkspaceID(c.id("clinic")).SetOwnerID(c.id("paul")).
					SetNumber(fmt.Sprint(i)).SetTitle("many").SetKind(record.KindGROUP).SetStatus(record.StatusDRAFT))
				shares = append(shares, tx.Share.Create().SetRecordID(id).SetGranteeID(c.id("bob")).SetLevel(share.LevelREAD).
					SetStatus(share.StatusPENDING).SetEpoch(1).SetExpiresAt(ending))
			}
			if err := tx.Record.CreateBulk(records...).Exec(ctx); err != nil {
				return err
			}
			return tx.Share.CreateBulk(shares...).Exec(ctx)
		})
		if ended, events := c.tidy(t, ending); ended != many || len(events) != many {
			t.Errorf("%d ended, with %d events", ended, len(events))
		}
	})
}

// Keep goes on tidying until its context ends.
func TestKeep(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		ctx, stop := context.WithCancel(at(t.Context(), ending))
		defer stop()
		changes := c.store.Changes(ctx)
		kept := make(chan struct{})
		go func() {
			defer close(kept)
			c.Keep(ctx, time.Millisecond)
		}()
		for i := range 2 {
			name := fmt.Sprint("share ", i)
			c.lent(t, name, "follow-up", []string{"rita", "mia"}[i], share.StatusACTIVE)
			c.hears(t, changes, "record.share_expired")
			if status := c.shareRow(t, name).Status; status != share.StatusEXPIRED {
				t.Errorf("%s is %s", name, status)
			}
		}
		stop()
		<-kept
		differ(t, []string{"ACCESS_ENDED mia", "ACCESS_ENDED rita"}, c.told(t))
		if len(c.reported) > 0 {
			t.Errorf("reported %v", c.reported)
		}
	})
}

// hears waits for an event of a type.
func (c *clinic) hears(t *testing.T, changes <-chan store.Change, typ string) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		select {
		case change, open := <-changes:
			if !open {
				t.Fatal("no more changes are heard")
			}
			if change.Event != nil && change.Event.Type == typ {
				return
			}
		case <-deadline:
			t.Fatalf("nobody said %s", typ)
		}
	}
}

// What fails is reported and tried again; it stops nothing.
func TestKeep_GoesOnWhenItFails(t *testing.T) {
	for _, engine := range storetest.Engines {
		t.Run(storetest.Name(engine), func(t *testing.T) {
			s := storetest.Empty(t, engine) // no tables to tidy
			failures := make(chan error)
			p := practice.New(s, practice.WithReport(func(ctx context.Context, err error) {
				select {
				case failures <- err:
				case <-ctx.Done():
				}
			}))
			ctx, stop := context.WithCancel(t.Context())
			kept := make(chan struct{})
			go func() {
				defer close(kept)
				p.Keep(ctx, time.Millisecond)
			}()
			for range 3 {
				if err := <-failures; err == nil {
					t.Error("nothing was reported")
				}
			}
			stop()
			<-kept
		})
	}
}
