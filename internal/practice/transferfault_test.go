package practice_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"entgo.io/ent/dialect"

	"continuum/ent/share"
	"continuum/ent/transfer"
	"continuum/internal/practice"
	"continuum/internal/store"
	"continuum/internal/storetest"
)

// operation is one that must happen whole or not at all: it makes ready what is to be
// done to a record, and returns who does it and how.
type operation func(t *testing.T, c *clinic, name string) (who string, do func(context.Context, *practice.Practice) error)

// accepting accepts an offer on terms.
func accepting(terms func(*practice.TransferRecordInput)) operation {
	return func(t *testing.T, c *clinic, name string) (string, func(context.Context, *practice.Practice) error) {
		c.held(t, name)
		c.requested(t, "mia", name, "mia")
		in := c.offering(name, "crew")
		in.Shares = []*practice.SharePlan{{ShareID: c.id(name + ">rita"), Keep: true}}
		terms(&in)
		id := c.offered(t, "paul", in).ID
		return "member 0", func(ctx context.Context, p *practice.Practice) error {
			_, err := p.AcceptTransfer(ctx, practice.AcceptTransferInput{ID: id})
			return err
		}
	}
}

var operations = map[string]operation{
	"accept": accepting(func(in *practice.TransferRecordInput) {
		in.PreviousOwnerKeeps, in.KeepUntil = ptr(transfer.PreviousOwnerKeepsREAD_UNTIL), ptr(time.Now().AddDate(1, 0, 0))
	}),
	"seal": accepting(func(in *practice.TransferRecordInput) {
		in.PreviousOwnerKeeps = ptr(transfer.PreviousOwnerKeepsSEALED_COPY)
	}),
	"assign": func(t *testing.T, c *clinic, name string) (string, func(context.Context, *practice.Practice) error) {
		c.held(t, name)
		c.requested(t, "mia", name, "mia")
		c.offered(t, "paul", c.offering(name, "crew"))
		return "cora", func(ctx context.Context, p *practice.Practice) error {
			_, err := p.AssignRecord(ctx, practice.AssignRecordInput{
				RecordID: c.id(name), ToID: c.id("rita"), PreviousOwnerKeeps: ptr(transfer.PreviousOwnerKeepsSEALED_COPY),
			})
			return err
		}
	},
	"share": func(t *testing.T, c *clinic, name string) (string, func(context.Context, *practice.Practice) error) {
		c.held(t, name)
		return "paul", func(ctx context.Context, p *practice.Practice) error {
			_, err := p.ShareRecord(ctx, c.sharing(name, "crew", share.LevelWRITE))
			return err
		}
	},
	"revoke": func(t *testing.T, c *clinic, name string) (string, func(context.Context, *practice.Practice) error) {
		c.held(t, name)
		return "paul", func(ctx context.Context, p *practice.Practice) error {
			_, err := p.RevokeShare(ctx, practice.RevokeShareInput{ID: c.id(name + ">rita")})
			return err
		}
	},
}

// At whichever statement a change fails, it has happened or it has not: every table is as
// it was before, or as it is after. Afterwards it works.
func TestT13_AFaultAtAnyStatementLeavesBeforeOrAfter(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.withKeys(t)
		c.crowd(t)
		for name, prepare := range operations {
			statements, whole := c.undisturbed(t, "model "+name, prepare)
			struck := "struck " + name
			who, do := prepare(t, c, struck)
			before := c.state(t)
			for kind, strike := range faults {
				for number := 1; number <= statements; number++ {
					err := strike(t, c, c.as(t, who), number, func(ctx context.Context) error { return do(ctx, c.Practice) })
					if err == nil || practice.UserErrors(err) != nil {
						t.Errorf("%s: %s at %d of %d: %v", name, kind, number, statements, err)
					}
					if left := c.happened(before, c.state(t), struck); len(left) > 0 {
						t.Fatalf("%s: %s at %d of %d, and this is left:\n%s", name, kind, number, statements, strings.Join(left, "\n"))
					}
				}
			}
			c.must(t, do(c.as(t, who), c.Practice))
			same(t, name+" afterwards", whole, c.happened(before, c.state(t), struck))
		}
	})
}

// undisturbed does the operation without a fault. It returns how many statements that
// takes, and what happens. On SQLite, it sees what a loss of power at each of them would leave.
func (c *clinic) undisturbed(t *testing.T, name string, prepare operation) (statements int, whole []string) {
	t.Helper()
	who, do := prepare(t, c, name)
	before := c.state(t)
	watch := &fault{strike: func(number int) {
		if c.store.Engine() != dialect.SQLite {
			return
		}
		if left := c.happened(before, c.powerless(t), name); len(left) > 0 {
			t.Errorf("%s: without power at %d, and this is left:\n%s", name, number, strings.Join(left, "\n"))
		}
	}}
	c.must(t, do(withFault(c.as(t, who), watch), c.Practice))
	whole = c.happened(before, c.state(t), name)
	if c.store.Engine() == dialect.SQLite {
		same(t, name+" without power afterwards", whole, c.happened(before, c.powerless(t), name))
	}
	return watch.sent, whole
}

// A connection that the server ends before COMMIT is not the end: the change is made
// again, and is made once. SQLite has no connection to lose.
func TestT13_AnEndedConnectionIsMadeUpFor(t *testing.T) {
	t.Parallel()
	c := newClinic(t, dialect.Postgres)
	c.withKeys(t)
	c.crowd(t)
	for name, prepare := range operations {
		statements, whole := c.undisturbed(t, "model "+name, prepare)
		for _, number := range []int{1, statements / 2, statements} {
			on := fmt.Sprint("ended ", number, " ", name)
			who, do := prepare(t, c, on)
			before := c.state(t)
			c.must(t, do(withFault(c.as(t, who), &fault{strike: func(sent int) {
				if sent == number {
					c.terminate(t)
				}
			}}), c.Practice))
			same(t, on, whole, c.happened(before, c.state(t), on))
		}
	}
}

// Where the connection breaks during COMMIT, the change stands or not, and whoever asked
// for it is told that nobody knows.
func TestT13_AFaultAtCommitLeavesBeforeOrAfter(t *testing.T) {
	t.Parallel()
	c := newClinic(t, dialect.Postgres)
	keys := c.withKeys(t)
	c.crowd(t)
	data, cable := storetest.OpenBehind(t, c.url)
	behind := practice.New(data, practice.WithSeal(keys))
	for name, prepare := range operations {
		_, whole := c.undisturbed(t, "model "+name, prepare)
		for word, heard := range map[string]bool{"unheard ": false, "unanswered ": true} {
			on := word + name
			who, do := prepare(t, c, on)
			before, ctx := c.state(t), c.as(t, who)
			cable.Break("COMMIT", heard)
			if err := do(ctx, behind); !errors.Is(err, store.ErrUnknownOutcome) || practice.UserErrors(err) != nil {
				t.Errorf("%s: %v", on, err)
			}
			if !heard {
				same(t, on, []string(nil), c.happened(before, c.state(t), on))
				c.must(t, do(ctx, behind))
			}
			same(t, on, whole, c.happened(before, c.state(t), on))
		}
	}
}
