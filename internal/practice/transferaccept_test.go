package practice_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"continuum/ent"
	"continuum/ent/professional"
	"continuum/ent/share"
	"continuum/ent/transfer"
	"continuum/internal/practice"
	"continuum/schema"
)

// acceptFor accepts for a workspace, and names the owner.
func (c *clinic) acceptFor(ctx context.Context, id, owner string) error {
	_, err := c.AcceptTransfer(ctx, practice.AcceptTransferInput{ID: id, OwnerID: &owner})
	return err
}

// told sees that an operation tells exactly these, besides what was told before.
func (c *clinic) tells(t *testing.T, want []string, do func()) {
	t.Helper()
	before := c.told(t)
	do()
	same(t, "told", sorted(append(before, want...)), c.told(t))
}

func TestAcceptTransfer(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		c.unit(t, "team", "clinic", "mia", "cora*")
		for _, try := range []struct {
			to, by, owner string
			across        bool
			told          []string
			levels        string
		}{
			{"rita", "rita", "rita", false, []string{"TRANSFER_ACCEPTED paul"}, "paul:- rita:OWNER mia:- cora:METADATA zed:- yan:- bob:- ivy:-"},
			{"team", "mia", "team", false, []string{"TRANSFER_ACCEPTED paul", "RECORD_ASSIGNED cora"}, "paul:- rita:- mia:FULL cora:OWNER zed:- yan:- bob:- ivy:-"},
			{"clinic", "cora", "cora", false, []string{"TRANSFER_ACCEPTED paul"}, "paul:- rita:- mia:- cora:OWNER zed:- yan:- bob:- ivy:-"},
			{"zed", "zed", "zed", true, []string{"TRANSFER_ACCEPTED paul"}, "paul:- rita:- mia:- cora:- zed:OWNER yan:- bob:METADATA ivy:METADATA"},
			{"class", "zed", "class", true, []string{"TRANSFER_ACCEPTED paul", "RECORD_ASSIGNED yan"}, "paul:- rita:- mia:- cora:- zed:FULL yan:OWNER bob:METADATA ivy:METADATA"},
			{"school", "bob", "bob", true, []string{"TRANSFER_ACCEPTED paul"}, "paul:- rita:- mia:- cora:- zed:- yan:- bob:OWNER ivy:METADATA"},
			{"school", "ivy", "zed", true, []string{"TRANSFER_ACCEPTED paul", "RECORD_ASSIGNED zed"}, "paul:- rita:- mia:- cora:- zed:OWNER yan:- bob:METADATA ivy:METADATA"},
			{"school", "ivy", "class", true, []string{"TRANSFER_ACCEPTED paul", "RECORD_ASSIGNED yan", "RECORD_ASSIGNED zed"}, "paul:- rita:- mia:- cora:- zed:FULL yan:OWNER bob:METADATA ivy:METADATA"},
		} {
			on := try.to + " by " + try.by + " " + try.owner
			c.record(t, on, "paul", "lea", "leo")
			made := c.offered(t, "paul", c.offering(on, try.to))
			before := c.recordRow(t, on)
			in := practice.AcceptTransferInput{ID: made.ID}
			if try.owner != try.by && try.owner != try.to {
				in.OwnerID = ptr(c.id(try.owner))
			}
			c.tells(t, try.told, func() {
				c.expectOf(t, try.by, "record.transferred", 25, []string{on, on + "->" + try.to, "paul", try.to, try.owner, "lea", "leo"}, func(ctx context.Context) error {
					out, err := c.AcceptTransfer(ctx, in)
					if err == nil && (out.Transfer.Status != transfer.StatusACCEPTED || out.Record.ID != c.id(on) || out.Record.OwnerID != c.id(try.owner)) {
						t.Errorf("gave %v and %v", out.Transfer, out.Record)
					}
					return err
				})
			})
			row := c.moved(t, made.ID)
			if row.Status != transfer.StatusACCEPTED || *row.NewOwnerID != c.id(try.owner) || row.AnsweredByID != c.id(try.by) || row.AnsweredAt == nil || row.Version != 2 {
				t.Errorf("accepted as %v", row)
			}
			after, workspace := c.recordRow(t, on), "clinic"
			if try.across {
				workspace = "school"
			}
			if after.OwnerID != c.id(try.owner) || after.WorkspaceID != c.id(workspace) || after.OwnerEpoch != 2 || after.Version != before.Version+1 ||
				after.Number != before.Number || after.Title != before.Title || after.Status != before.Status || after.UpdatedByID != c.id(try.by) {
				t.Errorf("the record is %v", after)
			}
			same(t, on, try.levels, c.levels(t, on, "paul", "rita", "mia", "cora", "zed", "yan", "bob", "ivy"))
		}
	})
}

// expectOf is expect with a budget of its own.
func (c *clinic) expectOf(t *testing.T, who, typ string, most int, topics []string, do func(context.Context) error) (sent int) {
	t.Helper()
	ctx, before := c.as(t, who), len(c.events(t))
	c.statements = nil
	if err := do(ctx); err != nil {
		t.Fatalf("%s: %v", typ, err)
	}
	sent = len(c.statements)
	if sent > most {
		t.Errorf("%s took %d statements:\n%s", typ, sent, strings.Join(c.statements, "\n"))
	}
	left := c.events(t)[before:]
	if len(left) != 1 || left[0].Type != typ {
		t.Fatalf("%s left the events %v", typ, left)
	}
	for _, name := range topics {
		if !strings.Contains(strings.Join(left[0].Topics, " "), c.id(name)) {
			t.Errorf("the event %s does not reach the screens of %s", typ, name)
		}
	}
	return sent
}

func TestAcceptTransfer_Refused(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		c.professional(t, "former", "school", schema.RolePractitioner)
		c.must(t, c.add(c.as(t, "bob"), "class", "former", false))
		c.must(t, c.remove(c.as(t, "bob"), "class", "former"))
		c.unit(t, "closed", "school", "zed")
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			return tx.Unit.UpdateOneID(c.id("closed")).SetStatus("CLOSED").Exec(ctx)
		})
		c.share(t, "follow-up", "mia", share.LevelFULL)
		for _, on := range []string{"to zed", "to class", "to school"} {
			c.record(t, on, "paul", "lea")
			c.offered(t, "paul", c.offering(on, strings.TrimPrefix(on, "to ")))
		}
		c.ids["nobody"] = schema.NewID(schema.ProfessionalPrefix)
		for _, try := range []struct{ who, offer, owner, want string }{
			{"yan", "zed", "", "NOT_FOUND id"},
			{"bob", "zed", "", "FORBIDDEN id"}, // oversees, and knows of it
			{"ivy", "zed", "", "FORBIDDEN id"},
			{"ivy", "class", "", "FORBIDDEN id"},
			{"paul", "zed", "", "FORBIDDEN id"},
			{"cora", "zed", "", "FORBIDDEN id"},
			{"rita", "zed", "", "NOT_FOUND id"},
			{"mia", "zed", "", "NOT_FOUND id"},
			{"former", "class", "", "NOT_FOUND id"},
			{"paul", "class", "", "FORBIDDEN id"},
			{"zed", "school", "", "NOT_FOUND id"}, // a plain member does not answer for all
			{"yan", "school", "", "NOT_FOUND id"},
			{"paul", "school", "", "FORBIDDEN id"},
			{"zed", "zed", "yan", "INVALID ownerId"},
			{"zed", "class", "zed", "INVALID ownerId"},
			{"bob", "school", "nobody", "NOT_FOUND ownerId"},
			{"bob", "school", "rita", "NOT_FOUND ownerId"},
			{"bob", "school", "paul", "NOT_FOUND ownerId"},
			{"bob", "school", "school", "NOT_FOUND ownerId"},
			{"bob", "school", "clinic", "NOT_FOUND ownerId"},
			{"bob", "school", "closed", "NOT_FOUND ownerId"},
			{"bob", "school", "lea", "NOT_FOUND ownerId"},
		} {
			t.Run(fmt.Sprintf("%s accepts for %s, owner %s", try.who, try.offer, try.owner), func(t *testing.T) {
				in := practice.AcceptTransferInput{ID: c.id("to " + try.offer + "->" + try.offer)}
				if try.owner != "" {
					in.OwnerID = ptr(c.id(try.owner))
				}
				c.unchanged(t, func() {
					_, err := c.AcceptTransfer(c.as(t, try.who), in)
					c.refused(t, err, try.want)
				})
			})
		}
		for _, on := range []string{"to zed", "to class", "to school"} {
			if r := c.recordRow(t, on); r.OwnerID != c.id("paul") || r.OwnerEpoch != 1 {
				t.Errorf("%s changed hands", on)
			}
		}
	})
}

// An owner who is to be must work there: whoever is invited or has left does not.
func TestAcceptTransfer_TheOwnerWorks(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		id := c.offered(t, "paul", c.offering("follow-up", "school")).ID
		for _, status := range []string{"INVITED", "SUSPENDED", "ENDED"} {
			c.system(t, func(ctx context.Context, tx *ent.Client) error {
				return tx.Professional.UpdateOneID(c.id("zed")).SetStatus(professional.Status(status)).Exec(ctx)
			})
			c.unchanged(t, func() { c.refused(t, c.acceptFor(c.as(t, "bob"), id, c.id("zed")), "NOT_FOUND ownerId") })
		}
		c.must(t, c.acceptFor(c.as(t, "bob"), id, c.id("yan")))
	})
}

// A full record: 8 profiles, 4 shares, an open request. More data takes no more statements.
func TestAcceptTransfer_TakesFewStatements(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		c.policies(t, practice.UpdateWorkspacePoliciesInput{ConsentAcross: ptr(schema.ConsentRequire)})
		sent := map[int]int{}
		for _, size := range []int{1, 5} {
			on := fmt.Sprintf("of %d", size)
			var names []string
			for i := range 8 * size {
				name := fmt.Sprintf("p%d of %d", i, size)
				c.profile(t, name, "paul")
				names = append(names, name)
			}
			c.record(t, on, "paul", names...)
			for i := range 4 * size {
				name := fmt.Sprintf("q%d of %d", i, size)
				c.professional(t, name, "clinic", schema.RolePractitioner)
				c.share(t, on, name, share.LevelREAD)
				if i < 2*size {
					c.requested(t, name, on, name)
				}
			}
			in := c.offering(on, "class")
			in.PreviousOwnerKeeps, in.KeepUntil = ptr(transfer.PreviousOwnerKeepsREAD_UNTIL), ptr(time.Now().AddDate(1, 0, 0))
			in.ConsentOverride = ptr("Asked for")
			for i, given := range c.store.Client().Share.Query().Where(share.RecordID(c.id(on))).AllX(c.now(t)) {
				in.Shares = append(in.Shares, &practice.SharePlan{ShareID: given.ID, Keep: i%2 == 0})
			}
			c.record(t, "twin"+on, "bob")
			c.set(t, "twin"+on, func(u *ent.RecordUpdateOne) { u.SetNumber(on) }) // its number is taken
			id := c.offered(t, "paul", in).ID
			sent[size] = c.expectOf(t, "yan", "record.transferred", 25, append(names, on, "class", "zed", "paul"), func(ctx context.Context) error { return c.accept(ctx, id) })
			if number := c.recordRow(t, on).Number; number == on {
				t.Error("two records of a workspace have one number")
			}
		}
		if sent[1] != sent[5] {
			t.Errorf("%d statements for a record, %d for one five times as large", sent[1], sent[5])
		}
		t.Log("statements:", sent[1])
	})
}

// Consents are asked for again at the acceptance.
func TestAcceptTransfer_Consent(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.policies(t, practice.UpdateWorkspacePoliciesInput{ConsentAcross: ptr(schema.ConsentRequire)})
		c.consent(t, "leo", nil)
		kept := c.consent(t, "lea", nil)
		id := c.offered(t, "paul", c.offering("follow-up", "bob")).ID
		_, err := c.WithdrawConsent(c.as(t, "paul"), practice.WithdrawConsentInput{ID: kept.ID})
		c.must(t, err)
		c.unchanged(t, func() { c.refused(t, c.accept(c.as(t, "bob"), id), "CONSENT_STALE id") })
		c.profile(t, "max", "paul")
		c.must(t, c.link(c.as(t, "paul"), "max"))
		c.unchanged(t, func() { c.refused(t, c.accept(c.as(t, "bob"), id), "CONSENT_REQUIRED id", "CONSENT_STALE id") })
		if r := c.recordRow(t, "follow-up"); r.OwnerID != c.id("paul") {
			t.Error("the record changed hands without consent")
		}
		c.consent(t, "lea", nil)
		c.consent(t, "max", nil)
		c.must(t, c.accept(c.as(t, "bob"), id))
	})
}

// Everybody whom it concerns is told, each once of each thing, and nobody else.
func TestAcceptTransfer_Tells(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		c.unit(t, "team", "clinic", "cora", "ann*")
		c.share(t, "follow-up", "rita", share.LevelREAD)       // will lose it
		c.share(t, "follow-up", "team", share.LevelREAD)       // will lose it
		c.share(t, "follow-up", "mia", share.LevelREAD)        // keeps it
		c.give(t, "paul", "follow-up", "ivy", share.LevelREAD) // never accepted
		c.requested(t, "rita", "follow-up", "rita")
		in := c.offering("follow-up", "class")
		in.Shares = []*practice.SharePlan{{ShareID: c.shareOf(t, "follow-up", "mia").ID, Keep: true}}
		id := c.offered(t, "paul", in).ID
		rita := c.shareOf(t, "follow-up", "rita").ID
		c.tells(t, []string{
			"ACCESS_ENDED ann", "ACCESS_ENDED cora", "ACCESS_ENDED rita", "RECORD_ASSIGNED zed", "TRANSFER_ACCEPTED paul", "TRANSFER_INVALIDATED rita",
		}, func() {
			c.expectOf(t, "yan", "record.transferred", 25, []string{"follow-up<-rita", "follow-up>ivy", "rita", "team"}, func(ctx context.Context) error { return c.accept(ctx, id) })
		})
		for _, n := range c.notifications(t) {
			if n.Kind == "ACCESS_ENDED" && n.ProfessionalID == c.id("rita") && *n.ShareID != rita {
				t.Errorf("told of the share %s", c.name(*n.ShareID))
			}
		}
		same(t, "the request", transfer.StatusINVALIDATED, c.moved(t, c.id("follow-up<-rita")).Status)
	})
}
