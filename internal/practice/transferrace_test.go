package practice_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"continuum/ent"
	"continuum/ent/share"
	"continuum/ent/transfer"
	"continuum/internal/practice"
	"continuum/schema"
)

// race runs changes at the same moment. It returns those that went through, and sees that
// every other was told one of the codes, in the product's words.
func race(t *testing.T, tries []func() error, lost ...practice.Code) (won []int) {
	t.Helper()
	start := make(chan struct{})
	began := make(chan time.Time, 1)
	waiting := make([]func() error, len(tries))
	for i, try := range tries {
		waiting[i] = func() error {
			<-start
			return try()
		}
	}
	go func() {
		began <- time.Now()
		close(start)
	}()
	errs := atOnce(waiting...)
	t.Logf("%d at once took %v", len(tries), time.Since(<-began).Round(time.Millisecond))
	for i, err := range errs {
		if err == nil {
			won = append(won, i)
		} else if told := practice.UserErrors(err); len(told) != 1 || !slices.Contains(lost, told[0].Code) {
			t.Errorf("number %d of those who lost is told %v", i, err)
		}
	}
	return won
}

// crowd adds to the school a unit of eight practitioners, and returns their names.
func (c *clinic) crowd(t *testing.T) []string {
	t.Helper()
	var members []string
	for i := range 8 {
		members = append(members, fmt.Sprint("member ", i))
		c.professional(t, members[i], "school", schema.RolePractitioner)
	}
	c.unit(t, "crew", "school", members...)
	return members
}

// held makes a record of Paul's that Rita, Mia and Bob have shares of.
func (c *clinic) held(t *testing.T, name string) {
	t.Helper()
	c.profile(t, "first of "+name, "paul")
	c.profile(t, "second of "+name, "paul")
	c.record(t, name, "paul", "first of "+name, "second of "+name)
	for _, with := range []string{"rita", "mia", "bob"} {
		c.give(t, "paul", name, with, share.LevelREAD)
	}
}

// onOffer makes such a record, and offers it to the crew of the school: Rita keeps her
// share, the others as it says, and Paul goes on reading.
func (c *clinic) onOffer(t *testing.T, name string, others transfer.SharesDefault) *ent.Transfer {
	t.Helper()
	c.held(t, name)
	in := c.offering(name, "crew")
	in.SharesDefault = &others
	in.Shares = []*practice.SharePlan{{ShareID: c.id(name + ">rita"), Keep: true}}
	in.PreviousOwnerKeeps, in.KeepUntil = ptr(transfer.PreviousOwnerKeepsREAD_UNTIL), ptr(time.Now().AddDate(1, 0, 0))
	return c.offered(t, "paul", in)
}

// left lists what became of a record on offer: its owner, workspace and epoch, its live
// shares, and the home of its profiles.
func (c *clinic) left(t *testing.T, name string) string {
	t.Helper()
	r := c.recordRow(t, name)
	lines := []string{}
	for _, s := range c.store.Client().Share.Query().Where(share.RecordID(r.ID)).AllX(c.now(t)) {
		if s.Status == share.StatusACTIVE || s.Status == share.StatusPENDING {
			lines = append(lines, fmt.Sprintf("%s:%s:%d", c.name(s.GranteeID), s.Status, s.Epoch))
		}
	}
	return fmt.Sprintf("%s %s %d [%s] %s", c.name(r.OwnerID), c.name(r.WorkspaceID), r.OwnerEpoch,
		strings.Join(sorted(lines), " "), c.name(c.row(t, "first of "+name).HomeWorkspaceID))
}

// outcome is what one way to end an offer leaves behind, and whom it tells.
type outcome struct {
	status transfer.Status
	event  string
	left   string
	told   []string
}

func TestT3_OfFiftyAnswersOneWins(t *testing.T) {
	const lasting = "paul clinic 1 [bob:PENDING:1 mia:ACTIVE:1 rita:ACTIVE:1] clinic"
	outcomes := map[string]outcome{
		"accept": {transfer.StatusACCEPTED, "record.transferred", "crew school 2 [paul:ACTIVE:2 rita:ACTIVE:2] school",
			[]string{"TRANSFER_ACCEPTED paul", "ACCESS_ENDED mia"}},
		"decline":  {transfer.StatusDECLINED, "transfer.declined", lasting, []string{"TRANSFER_DECLINED paul"}},
		"withdraw": {transfer.StatusWITHDRAWN, "transfer.withdrawn", lasting, nil},
		"tidy": {transfer.StatusEXPIRED, "transfer.expired", lasting, []string{
			"TRANSFER_EXPIRED ann", "TRANSFER_EXPIRED bob", "TRANSFER_EXPIRED cora", "TRANSFER_EXPIRED paul",
		}},
	}
	for kind, tells := range map[string]string{"accept": "RECORD_ASSIGNED", "withdraw": "TRANSFER_WITHDRAWN", "tidy": "TRANSFER_EXPIRED"} {
		of := outcomes[kind]
		for i := range 8 {
			of.told = append(of.told, fmt.Sprintf("%s member %d", tells, i))
		}
		outcomes[kind] = of
	}
	eachClinic(t, func(t *testing.T, c *clinic) {
		members := c.crowd(t)
		for round, kinds := range [][]string{
			{"accept", "decline", "withdraw", "tidy"},
			{"accept", "accept", "accept", "decline", "withdraw", "tidy"},
			{"accept"},
		} {
			name := fmt.Sprint("record ", round)
			offer := c.onOffer(t, name, transfer.SharesDefaultDROP)
			events, told := len(c.events(t)), c.told(t)
			var tries []func() error
			var does, who []string
			for i := range 50 {
				kind, member := kinds[i%len(kinds)], members[(i/3)%len(members)]
				does, who = append(does, kind), append(who, member)
				tries = append(tries, c.answer(t, kind, member, offer))
			}
			won := race(t, tries, practice.CodeTransferNotOpen)
			if len(won) != 1 {
				t.Fatalf("%d of 50 won", len(won))
			}
			kind := does[won[0]]
			t.Logf("%s won", kind)
			want, now := outcomes[kind], c.moved(t, offer.ID)
			same(t, "status", want.status, now.Status)
			same(t, "version", 2, now.Version)
			same(t, "left", want.left, c.left(t, name))
			left := c.events(t)[events:]
			if len(left) != 1 || left[0].Type != want.event {
				t.Errorf("%s left the events %v", kind, left)
			}
			if kind == "accept" || kind == "decline" {
				same(t, "answered by", who[won[0]], c.name(now.AnsweredByID))
			}
			tells := slices.DeleteFunc(slices.Clone(want.told), func(line string) bool {
				return kind == "accept" && strings.HasSuffix(line, " "+who[won[0]])
			})
			same(t, "told", sorted(append(told, tells...)), c.told(t))
			c.owned(t)
		}
	})
}

// answer is one way to end an offer: that of a member, of Paul, or of the clock. Tidying,
// which ends what there is to end, fails here where there was nothing.
func (c *clinic) answer(t *testing.T, kind, member string, offer *ent.Transfer) func() error {
	by, paul, over := c.as(t, member), c.as(t, "paul"), at(t.Context(), offer.ExpiresAt)
	switch kind {
	case "accept":
		return func() error { return c.accept(by, offer.ID) }
	case "decline":
		return func() error { return c.decline(by, offer.ID) }
	case "withdraw":
		return func() error { return c.withdraw(paul, offer.ID) }
	default:
		return func() error {
			ended, err := c.Tidy(over)
			if err == nil && ended != 1 {
				err = &practice.Error{Code: practice.CodeTransferNotOpen}
			}
			return err
		}
	}
}

// Of many offers of one record, some of which answer a request, one is open. Those that
// answer a request after another did are told that it is not open any more.
func TestT2_OfFiftyOffersOneOpens(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		for _, who := range []string{"rita", "mia"} {
			c.give(t, "paul", "follow-up", who, share.LevelREAD)
			c.requested(t, who, "follow-up", who)
		}
		before := len(c.events(t))
		var tries []func() error
		for i := range 50 {
			paul, to := c.as(t, "paul"), []string{"rita", "mia", "cora", "zed", "class", "school"}[i%6]
			request := c.id("follow-up<-" + to)
			if i%4 == 0 && request != "" {
				tries = append(tries, func() error { return c.grant(paul, c.id("follow-up"), request) })
				continue
			}
			tries = append(tries, func() error {
				_, err := c.TransferRecord(paul, c.offering("follow-up", to))
				return err
			})
		}
		same(t, "winners", 1, len(race(t, tries, practice.CodeAlreadyOffered, practice.CodeTransferNotOpen)))
		open := c.store.Client().Transfer.Query().Where(transfer.StatusEQ(transfer.StatusOFFERED)).CountX(c.now(t))
		same(t, "open offers", 1, open)
		left := c.events(t)[before:]
		if len(left) != 1 || left[0].Type != "transfer.offered" {
			t.Errorf("left the events %v", left)
		}
	})
}

// Of many who share a record with the same unit, one makes a share.
func TestS1_OfFiftySharesOneIsMade(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.unit(t, "team", "clinic", "cora")
		c.give(t, "paul", "follow-up", "rita", share.LevelFULL)
		c.give(t, "paul", "follow-up", "mia", share.LevelFULL)
		before, told := len(c.events(t)), c.told(t)
		var tries []func() error
		for i := range 50 {
			ctx, level := c.as(t, []string{"paul", "rita", "mia"}[i%3]), []share.Level{share.LevelREAD, share.LevelWRITE}[i%2]
			tries = append(tries, func() error {
				_, err := c.ShareRecord(ctx, c.sharing("follow-up", "team", level))
				return err
			})
		}
		same(t, "winners", 1, len(race(t, tries, practice.CodeAlreadyShared)))
		c.shareOf(t, "follow-up", "team")
		left := c.events(t)[before:]
		if len(left) != 1 || left[0].Type != "record.shared" {
			t.Errorf("left the events %v", left)
		}
		same(t, "told", sorted(append(told, "RECORD_SHARED cora")), c.told(t))
	})
}

// Fifty who share one record with different people at once are not in each other's way.
func TestSharesAtOnce_AllAreMade(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		var tries []func() error
		for i := range 50 {
			name := fmt.Sprint("colleague ", i)
			c.professional(t, name, "clinic", schema.RolePractitioner)
			ctx := c.as(t, "paul")
			tries = append(tries, func() error {
				_, err := c.ShareRecord(ctx, c.sharing("follow-up", name, share.LevelREAD))
				return err
			})
		}
		same(t, "shares", 50, len(race(t, tries)))
	})
}
