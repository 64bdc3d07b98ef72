package practice_test

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"entgo.io/ent/dialect/sql"

	"continuum/ent/principal"
	"continuum/ent/record"
	"continuum/ent/share"
	"continuum/ent/transfer"
	"continuum/internal/practice"
	"continuum/schema"
)

// colleagues adds to the clinic ten practitioners, and returns their names.
func (c *clinic) colleagues(t *testing.T) []string {
	t.Helper()
	var names []string
	for i := range 10 {
		names = append(names, fmt.Sprint("colleague ", i))
		c.professional(t, names[i], "clinic", schema.RolePractitioner)
	}
	return names
}

// one does one thing to each of the names in turn, until it is refused. It ends as that
// did, and adds to done those for whom it worked.
func one(names []string, done *[]string, do func(name string) error) func() error {
	return func() error {
		for _, name := range names {
			if err := do(name); err != nil {
				return err
			}
			*done = append(*done, name)
		}
		return nil
	}
}

// What the owner does while an offer is accepted comes before, and the acceptance applies
// to it, or after, and is refused.
func TestAcceptTransfer_WhileTheOwnerChangesTheRecord(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		colleagues, member := c.colleagues(t), c.crowd(t)[0]
		for round, others := range []transfer.SharesDefault{
			transfer.SharesDefaultDROP, transfer.SharesDefaultKEEP, transfer.SharesDefaultDROP, transfer.SharesDefaultKEEP,
		} {
			name := fmt.Sprint("record ", round)
			offer, paul, by := c.onOffer(t, name, others), c.as(t, "paul"), c.as(t, member)
			var shared []string
			const unlink, archive, revoke = 2, 3, 4
			won := race(t, []func() error{
				func() error { return c.accept(by, offer.ID) },
				one(colleagues, &shared, func(with string) error {
					_, err := c.ShareRecord(paul, c.sharing(name, with, share.LevelREAD))
					return err
				}),
				func() error {
					_, err := c.UnlinkProfile(paul, practice.UnlinkProfileInput{RecordID: c.id(name), ProfileID: c.id("second of " + name)})
					return err
				},
				func() error {
					_, err := c.ArchiveRecord(paul, practice.ArchiveRecordInput{ID: c.id(name)})
					return err
				},
				func() error { return c.revoke(paul, c.id(name+">mia")) },
			}, practice.CodeForbidden, practice.CodeNotFound, practice.CodeInvalidState)
			if !slices.Contains(won, 0) {
				t.Fatal("the offer could not be accepted")
			}
			t.Logf("before: %d shares, %v", len(shared), won)

			live := []string{"paul:ACTIVE:2", "rita:ACTIVE:2"}
			if others == transfer.SharesDefaultKEEP {
				live = append(live, "bob:PENDING:2")
				if !slices.Contains(won, revoke) {
					live = append(live, "mia:ACTIVE:2")
				}
				for _, with := range shared {
					live = append(live, with+":ACTIVE:2")
				}
			}
			same(t, "left", fmt.Sprintf("crew school 2 %v school", sorted(live)), c.left(t, name))
			revokedBy := c.given(t, c.id(name+">mia")).EndedByID
			if slices.Contains(won, revoke) != (revokedBy == c.id("paul")) {
				t.Errorf("Mia's share was ended by %s", c.name(revokedBy))
			}
			home, status := "school", record.StatusOPEN
			if slices.Contains(won, unlink) {
				home = "clinic"
			}
			if slices.Contains(won, archive) {
				status = record.StatusARCHIVED
			}
			same(t, "home", home, c.name(c.row(t, "second of "+name).HomeWorkspaceID))
			same(t, "status", status, c.recordRow(t, name).Status)
		}
	})
}

// Whoever accepts and whoever assigns at the same moment, a reader always finds one owner,
// who works where the record is, and each owner's time is one.
func TestT1_OneOwnerAtEveryInstant(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		members := c.crowd(t)
		for round := range 3 {
			name := fmt.Sprint("record ", round)
			offer := c.onOffer(t, name, transfer.SharesDefaultKEEP)
			var tries []func() error
			for i := range 12 {
				accepting, assigning := c.as(t, members[i%len(members)]), c.as(t, []string{"cora", "ann"}[i%2])
				to := []string{"rita", "mia", "paul"}[(i+round)%3]
				tries = append(tries,
					func() error { return c.accept(accepting, offer.ID) },
					func() error { return c.assign(assigning, name, to) })
			}
			stop, seen := make(chan struct{}), make(chan map[int]string)
			go func() { seen <- c.watchOwner(t, name, stop) }()
			won := race(t, tries, practice.CodeTransferNotOpen, practice.CodeNotFound, practice.CodeForbidden, practice.CodeInvalid)
			close(stop)
			owners := <-seen
			t.Logf("%d owners seen, %d changes", len(owners), len(won))

			r := c.recordRow(t, name)
			same(t, "epoch", 1+len(won), r.OwnerEpoch)
			done := c.store.Client().Transfer.Query().
				Where(transfer.RecordID(r.ID), transfer.StatusEQ(transfer.StatusACCEPTED)).
				Order(transfer.ByBaseEpoch()).AllX(c.now(t))
			same(t, "hand-overs", len(won), len(done))
			before := "paul"
			for i, to := range done {
				after := c.name(*to.NewOwnerID)
				same(t, "base", i+1, to.BaseEpoch)
				same(t, "from", before, c.name(to.FromID))
				if who, known := owners[i+2]; known && who != after {
					t.Errorf("%s was seen where %s owned", who, after)
				}
				before = after
			}
			same(t, "owner", before, c.name(r.OwnerID))
			for _, s := range c.store.Client().Share.Query().Where(share.RecordID(r.ID), share.StatusEQ(share.StatusACTIVE)).AllX(c.now(t)) {
				if s.Epoch != r.OwnerEpoch || s.GranteeID == r.OwnerID {
					t.Errorf("a share stays of epoch %d, with %s", s.Epoch, c.name(s.GranteeID))
				}
			}
		}
	})
}

// watchOwner looks at a record again and again until it is stopped, and returns the owner
// that it saw at each epoch.
func (c *clinic) watchOwner(t *testing.T, name string, stop <-chan struct{}) map[int]string {
	seen, last := map[int]string{}, 0
	for {
		select {
		case <-stop:
			return seen
		default:
		}
		r, err := c.store.Client().Record.Query().Where(record.ID(c.id(name))).Modify(func(s *sql.Selector) {
			p := sql.Table(principal.Table).As("p")
			s.Join(p).On(s.C(record.FieldOwnerID), p.C(principal.FieldID)).AppendSelectAs(p.C(principal.FieldWorkspaceID), "theirs")
		}).Only(c.now(t))
		if err != nil {
			t.Errorf("no owner: %v", err)
			return seen
		}
		theirs, err := r.Value("theirs")
		owner := c.name(r.OwnerID)
		if err != nil || fmt.Sprintf("%s", theirs) != r.WorkspaceID {
			t.Errorf("%s owns a record of %s: %v", owner, c.name(r.WorkspaceID), err)
		}
		if before, known := seen[r.OwnerEpoch]; known && before != owner || r.OwnerEpoch < last {
			t.Errorf("%s owns at epoch %d, and %s did, after epoch %d", owner, r.OwnerEpoch, before, last)
		}
		seen[r.OwnerEpoch], last = owner, r.OwnerEpoch
	}
}

// A holder who writes while their share is revoked writes before, or not at all.
func TestA9_RevokedWhileTheHolderWrites(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		colleagues := c.colleagues(t)
		held := c.give(t, "paul", "follow-up", "rita", share.LevelFULL).ID
		paul, rita := c.as(t, "paul"), c.as(t, "rita")
		var ended atomic.Bool
		revoked := make(chan struct{})
		// writes goes on until it is refused; what began after the end of the share must be.
		writes := func(do func(i int) error) func() error {
			return func() error {
				for i := 0; ; i++ {
					if i == 8 {
						<-revoked // long enough: Paul gets his turn
					}
					late := ended.Load()
					if err := do(i); err != nil {
						return err
					}
					if late {
						t.Error("wrote although the share had ended")
						return nil
					}
				}
			}
		}
		won := race(t, []func() error{
			func() error {
				defer close(revoked)
				err := c.revoke(paul, held)
				ended.Store(true)
				return err
			},
			writes(func(i int) error {
				_, err := c.ShareRecord(rita, c.sharing("follow-up", colleagues[i], share.LevelREAD))
				return err
			}),
			writes(func(i int) error {
				if i%2 == 0 {
					_, err := c.ArchiveRecord(rita, practice.ArchiveRecordInput{ID: c.id("follow-up")})
					return err
				}
				_, err := c.ReopenRecord(rita, practice.ReopenRecordInput{ID: c.id("follow-up")})
				return err
			}),
		}, practice.CodeNotFound, practice.CodeForbidden)
		same(t, "went through", []int{0}, won)
	})
}
