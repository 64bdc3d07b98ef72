package practice_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"continuum/ent"
	"continuum/ent/professional"
	"continuum/ent/share"
	"continuum/ent/transfer"
	"continuum/ent/unit"
	"continuum/internal/practice"
	"continuum/schema"
)

func omit[T any](value T) graphql.Omittable[*T] { return graphql.OmittableOf(&value) }

// must sees that a change of a test's own preparation works.
func (c *clinic) must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// offering is the input that offers a record, on the terms that go without saying.
func (c *clinic) offering(on, to string) practice.TransferRecordInput {
	return practice.TransferRecordInput{RecordID: c.id(on), ToID: ptr(c.id(to))}
}

// dropping offers a record and ends all of its shares.
func (c *clinic) dropping(on, to string) practice.TransferRecordInput {
	in := c.offering(on, to)
	in.SharesDefault = ptr(transfer.SharesDefaultDROP)
	return in
}

// offered has somebody offer a record; the test calls the offer "record->receiver".
func (c *clinic) offered(t *testing.T, who string, in practice.TransferRecordInput) *ent.Transfer {
	t.Helper()
	out, err := c.TransferRecord(c.as(t, who), in)
	c.must(t, err)
	c.ids[c.name(in.RecordID)+"->"+c.name(out.Transfer.ToID)] = out.Transfer.ID
	return out.Transfer
}

// requested has somebody ask for a record, for themselves or a unit.
func (c *clinic) requested(t *testing.T, who, on, to string) *ent.Transfer {
	t.Helper()
	out, err := c.RequestTransfer(c.as(t, who), practice.RequestTransferInput{RecordID: c.id(on), ToID: ptr(c.id(to))})
	c.must(t, err)
	c.ids[on+"<-"+to] = out.Transfer.ID
	return out.Transfer
}

func (c *clinic) accept(ctx context.Context, id string) error {
	_, err := c.AcceptTransfer(ctx, practice.AcceptTransferInput{ID: id})
	return err
}

func (c *clinic) decline(ctx context.Context, id string) error {
	_, err := c.DeclineTransfer(ctx, practice.DeclineTransferInput{ID: id, Reason: ptr(" Too far\r\n")})
	return err
}

func (c *clinic) withdraw(ctx context.Context, id string) error {
	_, err := c.WithdrawTransfer(ctx, practice.WithdrawTransferInput{ID: id, Reason: ptr(" Too far\r\n")})
	return err
}

// grant has a request answered with an offer.
func (c *clinic) grant(ctx context.Context, on, id string) error {
	_, err := c.TransferRecord(ctx, practice.TransferRecordInput{RecordID: on, RequestID: &id})
	return err
}

// handed has a record offered and accepted.
func (c *clinic) handed(t *testing.T, from, by string, in practice.TransferRecordInput) *ent.Transfer {
	t.Helper()
	made := c.offered(t, from, in)
	c.must(t, c.accept(c.as(t, by), made.ID))
	return made
}

// moved reads a transfer as it is stored.
func (c *clinic) moved(t *testing.T, id string) *ent.Transfer {
	t.Helper()
	return c.store.Client().Transfer.GetX(c.now(t), id)
}

func TestTransferRecord(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		c.unit(t, "team", "clinic", "mia", "cora*")
		kept := c.give(t, "paul", "follow-up", "mia", share.LevelREAD).ID
		ended := c.give(t, "paul", "follow-up", "zed", share.LevelREAD).ID
		until := time.Now().AddDate(0, 6, 0)
		c.policies(t, practice.UpdateWorkspacePoliciesInput{OfferDays: ptr(5)})
		for _, try := range []struct {
			to   string
			in   func(*practice.TransferRecordInput)
			told []string
			want ent.Transfer
		}{
			{"rita", nil, []string{"rita"}, ent.Transfer{SharesDefault: transfer.SharesDefaultKEEP, PreviousOwnerKeeps: transfer.PreviousOwnerKeepsNOTHING}},
			{"team", func(in *practice.TransferRecordInput) {
				in.Message, in.IncludesConfidential, in.SharesDefault = ptr(" Please\r\ntake it "), ptr(true), ptr(transfer.SharesDefaultDROP)
				in.PreviousOwnerKeeps, in.KeepUntil = ptr(transfer.PreviousOwnerKeepsREAD_UNTIL), &until
				in.Shares = []*practice.SharePlan{{ShareID: kept, Keep: true}, {ShareID: ended}}
			}, []string{"cora", "mia"}, ent.Transfer{
				SharesDefault: transfer.SharesDefaultDROP, PreviousOwnerKeeps: transfer.PreviousOwnerKeepsREAD_UNTIL,
				Message: ptr("Please\ntake it"), IncludesConfidential: true, KeepUntil: &until,
				SharePlan: map[string]string{kept: "KEEP", ended: "DROP"},
			}},
			{"zed", nil, []string{"zed"}, ent.Transfer{SharesDefault: transfer.SharesDefaultDROP, PreviousOwnerKeeps: transfer.PreviousOwnerKeepsNOTHING}},
			{"class", nil, []string{"yan", "zed"}, ent.Transfer{SharesDefault: transfer.SharesDefaultDROP, PreviousOwnerKeeps: transfer.PreviousOwnerKeepsNOTHING}},
			{"school", func(in *practice.TransferRecordInput) { in.SharesDefault = ptr(transfer.SharesDefaultKEEP) }, []string{"bob", "ivy"},
				ent.Transfer{SharesDefault: transfer.SharesDefaultKEEP, PreviousOwnerKeeps: transfer.PreviousOwnerKeepsNOTHING}},
		} {
			in := c.offering("follow-up", try.to)
			if try.in != nil {
				try.in(&in)
			}
			before := c.told(t)
			var out *practice.TransferRecordPayload
			c.expect(t, "paul", "transfer.offered", append([]string{"follow-up", "paul", try.to}, try.told...), func(ctx context.Context) (err error) {
				out, err = c.TransferRecord(ctx, in)
				return err
			})
			for _, who := range try.told {
				before = append(before, "TRANSFER_OFFERED "+who)
			}
			same(t, "told", sorted(before), c.told(t))
			if last := c.events(t)[len(c.events(t))-1]; last.ObjectID != out.Transfer.ID {
				t.Errorf("the event is about %s", c.name(last.ObjectID))
			}
			row, want := c.moved(t, out.Transfer.ID), try.want
			if row.Mode != transfer.ModeOFFER || row.Status != transfer.StatusOFFERED || row.FromID != c.id("paul") || row.FromWorkspaceID != c.id("clinic") ||
				row.ToID != c.id(try.to) || row.BaseEpoch != 1 || row.CreatedByID != c.id("paul") || row.NewOwnerID != nil || row.AnsweredAt != nil ||
				row.ExpiresAt.Sub(row.CreatedAt.AddDate(0, 0, 5)).Abs() > time.Second || row.ConsentOverride != nil {
				t.Errorf("offered as %v", row)
			}
			if row.SharesDefault != want.SharesDefault || row.PreviousOwnerKeeps != want.PreviousOwnerKeeps || row.IncludesConfidential != want.IncludesConfidential ||
				(row.KeepUntil == nil) != (want.KeepUntil == nil) || len(row.SharePlan) != len(want.SharePlan) {
				t.Errorf("on the terms %v", row)
			}
			same(t, "message", want.Message, row.Message)
			for id, plan := range want.SharePlan {
				same(t, "plan", plan, row.SharePlan[id])
			}
			c.must(t, c.withdraw(c.as(t, "paul"), out.Transfer.ID))
		}
		if r := c.recordRow(t, "follow-up"); r.OwnerID != c.id("paul") || r.OwnerEpoch != 1 || r.Version != 1 {
			t.Errorf("an offer changed the record to %v", r)
		}
	})
}

// Who may not offer a record, beside who may.
func TestTransferRecord_Refused(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		for _, name := range []string{"full", "plain", "steward", "gone"} {
			c.professional(t, name, "clinic", schema.RolePractitioner)
		}
		c.unit(t, "owners", "clinic", "plain", "steward*")
		c.unit(t, "closed", "clinic", "mia")
		for _, name := range []string{"theirs", "secret", "thrown away", "busy"} {
			c.record(t, name, "paul", "lea")
		}
		c.set(t, "theirs", func(u *ent.RecordUpdateOne) { u.SetOwnerID(c.id("owners")) })
		c.set(t, "secret", func(u *ent.RecordUpdateOne) { u.SetConfidential(true) })
		c.bin(t, "thrown away")
		c.share(t, "follow-up", "full", share.LevelFULL)
		c.share(t, "follow-up", "rita", share.LevelREAD)
		c.share(t, "busy", "rita", share.LevelREAD)
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			if err := tx.Professional.UpdateOneID(c.id("gone")).SetStatus(professional.StatusENDED).Exec(ctx); err != nil {
				return err
			}
			return tx.Unit.UpdateOneID(c.id("closed")).SetStatus(unit.StatusCLOSED).Exec(ctx)
		})
		c.ids["absent"], c.ids["nobody"], c.ids["noise"] = schema.NewID(schema.RecordPrefix), schema.NewID(schema.UnitPrefix), "rec_\x00"
		c.offered(t, "paul", c.offering("busy", "rita"))
		for _, try := range []struct{ who, on, to, want string }{
			{"full", "follow-up", "mia", "FORBIDDEN recordId"},
			{"rita", "follow-up", "rita", "FORBIDDEN recordId"},
			{"plain", "theirs", "rita", "FORBIDDEN recordId"},
			{"cora", "follow-up", "rita", "FORBIDDEN recordId"},
			{"ann", "follow-up", "rita", "FORBIDDEN recordId"},
			{"mia", "follow-up", "rita", "NOT_FOUND recordId"},
			{"bob", "follow-up", "bob", "NOT_FOUND recordId"},
			{"paul", "absent", "rita", "NOT_FOUND recordId"},
			{"paul", "lea", "rita", "NOT_FOUND recordId"},
			{"paul", "noise", "rita", "NOT_FOUND recordId"},
			{"paul", "follow-up", "nobody", "NOT_FOUND toId"},
			{"paul", "follow-up", "lea", "NOT_FOUND toId"},
			{"paul", "follow-up", "gone", "NOT_FOUND toId"},
			{"paul", "follow-up", "closed", "NOT_FOUND toId"},
			{"paul", "follow-up", "paul", "INVALID toId"},
			{"steward", "theirs", "owners", "INVALID toId"},
			{"paul", "secret", "rita", "INVALID includesConfidential"},
			{"paul", "thrown away", "rita", "INVALID_STATE recordId"},
			{"paul", "busy", "mia", "ALREADY_OFFERED recordId"},
			{"paul", "busy", "rita", "ALREADY_OFFERED recordId"},
			{"paul", "follow-up", "rita", ""},
			{"steward", "theirs", "steward", ""},
		} {
			t.Run(fmt.Sprintf("%s offers %s to %s", try.who, c.name(c.id(try.on)), try.to), func(t *testing.T) {
				if try.want == "" {
					c.offered(t, try.who, c.offering(try.on, try.to))
					return
				}
				c.unchanged(t, func() {
					_, err := c.TransferRecord(c.as(t, try.who), c.offering(try.on, try.to))
					c.refused(t, err, try.want)
				})
			})
		}
		in := c.offering("secret", "mia")
		in.IncludesConfidential = ptr(true)
		c.offered(t, "paul", in)
	})
}

func TestTransferRecord_Invalid(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.record(t, "other", "paul", "leo")
		own := c.give(t, "paul", "follow-up", "mia", share.LevelREAD).ID
		foreign := c.give(t, "paul", "other", "mia", share.LevelREAD).ID
		over := c.give(t, "paul", "follow-up", "cora", share.LevelREAD).ID
		c.must(t, c.revoke(c.as(t, "paul"), over))
		request := c.requested(t, "mia", "other", "mia").ID
		past, future := time.Now().Add(-time.Second), time.Now().Add(time.Hour)
		for name, try := range map[string]struct {
			change func(*practice.TransferRecordInput)
			want   []string
		}{
			"to nobody": {func(in *practice.TransferRecordInput) { in.ToID = nil }, []string{"INVALID toId"}},
			"to both":   {func(in *practice.TransferRecordInput) { in.RequestID = &request }, []string{"INVALID toId"}},
			"no such request": {func(in *practice.TransferRecordInput) {
				in.ToID, in.RequestID = nil, ptr(schema.NewID(schema.TransferPrefix))
			}, []string{"NOT_FOUND requestId"}},
			"another's request":     {func(in *practice.TransferRecordInput) { in.ToID, in.RequestID = nil, &request }, []string{"NOT_FOUND requestId"}},
			"a record as a request": {func(in *practice.TransferRecordInput) { in.ToID, in.RequestID = nil, ptr(c.id("other")) }, []string{"NOT_FOUND requestId"}},
			"long":                  {func(in *practice.TransferRecordInput) { in.Message = ptr(strings.Repeat("x", 2001)) }, []string{"INVALID message"}},
			"a long override":       {func(in *practice.TransferRecordInput) { in.ConsentOverride = ptr(strings.Repeat("x", 501)) }, []string{"INVALID consentOverride"}},
			"READ without an end": {func(in *practice.TransferRecordInput) {
				in.PreviousOwnerKeeps = ptr(transfer.PreviousOwnerKeepsREAD_UNTIL)
			}, []string{"INVALID keepUntil"}},
			"an end without READ": {func(in *practice.TransferRecordInput) { in.KeepUntil = &future }, []string{"INVALID keepUntil"}},
			"an end that has passed": {func(in *practice.TransferRecordInput) {
				in.PreviousOwnerKeeps, in.KeepUntil = ptr(transfer.PreviousOwnerKeepsREAD_UNTIL), &past
			}, []string{"INVALID keepUntil"}},
			"no such words": {func(in *practice.TransferRecordInput) {
				in.PreviousOwnerKeeps, in.SharesDefault = ptr(transfer.PreviousOwnerKeeps("ALL")), ptr(transfer.SharesDefault("SOME"))
			}, []string{"INVALID previousOwnerKeeps", "INVALID sharesDefault"}},
			"shares": {func(in *practice.TransferRecordInput) {
				in.Shares = []*practice.SharePlan{{ShareID: own}, {ShareID: foreign, Keep: true}, {ShareID: over}, {ShareID: "x"}}
			}, []string{"NOT_FOUND shares.1.shareId", "NOT_FOUND shares.2.shareId", "NOT_FOUND shares.3.shareId"}},
			"a share twice": {func(in *practice.TransferRecordInput) {
				in.Shares = []*practice.SharePlan{{ShareID: own}, {ShareID: own, Keep: true}}
			}, []string{"INVALID shares.1.shareId"}},
			"many shares": {func(in *practice.TransferRecordInput) { in.Shares = make([]*practice.SharePlan, 101) }, []string{"INVALID shares"}},
		} {
			t.Run(name, func(t *testing.T) {
				in := c.offering("follow-up", "rita")
				try.change(&in)
				c.unchanged(t, func() {
					_, err := c.TransferRecord(c.as(t, "paul"), in)
					c.refused(t, err, try.want...)
				})
			})
		}
		c.unchanged(t, func() {
			for _, scopes := range [][]schema.Scope{{schema.ScopeRecordsRead}, {schema.ScopeRecordsWrite}} {
				_, err := c.TransferRecord(c.as(t, "paul", scopes...), c.offering("follow-up", "rita"))
				c.refused(t, err, "MISSING_SCOPE")
			}
		})
	})
}

// What a workspace asks for before a record leaves it, at the offer.
func TestTransferRecord_Consent(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		out, err := c.TransferRecord(c.as(t, "paul"), c.offering("follow-up", "bob"))
		c.must(t, err)
		same(t, "missing, with a warning", c.all("lea", "leo"), out.ConsentMissingIDs)
		c.must(t, c.withdraw(c.as(t, "paul"), out.Transfer.ID))
		c.policies(t, practice.UpdateWorkspacePoliciesInput{ConsentAcross: ptr(schema.ConsentRequire)})
		c.consent(t, "leo", nil)
		in := c.offering("follow-up", "bob")
		c.unchanged(t, func() {
			_, err := c.TransferRecord(c.as(t, "paul"), in)
			c.refused(t, err, "CONSENT_REQUIRED recordId")
		})
		in.ConsentOverride = ptr(" In danger ")
		c.expect(t, "paul", "transfer.offered_without_consent", []string{"follow-up", "bob"}, func(ctx context.Context) error {
			out, err = c.TransferRecord(ctx, in)
			return err
		})
		same(t, "missing", c.all("lea"), out.ConsentMissingIDs)
		same(t, "reason", ptr("In danger"), c.moved(t, out.Transfer.ID).ConsentOverride)
		c.must(t, c.accept(c.as(t, "bob"), out.Transfer.ID))
	})
}

func TestRequestTransfer(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		c.unit(t, "team", "clinic", "mia", "rita*")
		c.share(t, "follow-up", "clinic", share.LevelREAD)
		c.share(t, "follow-up", "class", share.LevelREAD)
		for _, try := range []struct {
			who, to string
			named   bool
			plan    transfer.SharesDefault
		}{
			{"rita", "rita", false, "KEEP"}, {"mia", "mia", true, "KEEP"}, {"mia", "team", true, "KEEP"},
			{"zed", "zed", false, "DROP"}, {"zed", "class", true, "DROP"},
		} {
			in := practice.RequestTransferInput{RecordID: c.id("follow-up"), Message: ptr(" May I? ")}
			if try.named {
				in.ToID = ptr(c.id(try.to))
			}
			before := c.told(t)
			var made *ent.Transfer
			c.expect(t, try.who, "transfer.requested", []string{"follow-up", "paul", try.to}, func(ctx context.Context) error {
				out, err := c.RequestTransfer(ctx, in)
				if err == nil {
					made = out.Transfer
				}
				return err
			})
			same(t, "told", sorted(append(before, "TRANSFER_REQUESTED paul")), c.told(t))
			row := c.moved(t, made.ID)
			if row.Mode != transfer.ModeREQUEST || row.Status != transfer.StatusREQUESTED || row.FromID != c.id("paul") || row.FromWorkspaceID != c.id("clinic") ||
				row.ToID != c.id(try.to) || row.BaseEpoch != 1 || row.CreatedByID != c.id(try.who) || *row.Message != "May I?" ||
				row.SharesDefault != try.plan || !row.ExpiresAt.Equal(row.CreatedAt.AddDate(0, 0, schema.Policies{}.Standard().OfferDays)) {
				t.Errorf("requested as %v", row)
			}
			c.unchanged(t, func() {
				_, err := c.RequestTransfer(c.as(t, try.who), in)
				c.refused(t, err, "ALREADY_OFFERED recordId")
			})
		}
		same(t, "levels", "paul:OWNER rita:READ mia:READ zed:READ", c.levels(t, "follow-up", "paul", "rita", "mia", "zed"))
	})
}

func TestRequestTransfer_Refused(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		c.unit(t, "team", "clinic", "mia")
		c.unit(t, "owners", "clinic", "mia", "rita")
		c.record(t, "theirs", "paul", "lea")
		c.record(t, "thrown away", "paul", "lea")
		c.set(t, "theirs", func(u *ent.RecordUpdateOne) { u.SetOwnerID(c.id("owners")) })
		c.bin(t, "thrown away")
		c.share(t, "follow-up", "rita", share.LevelREAD)
		c.give(t, "paul", "follow-up", "zed", share.LevelREAD)
		c.ids["absent"], c.ids["noise"] = schema.NewID(schema.RecordPrefix), "rec_\x00"
		for _, try := range []struct{ who, on, to, want string }{
			{"mia", "follow-up", "mia", "NOT_FOUND recordId"},
			{"cora", "follow-up", "cora", "FORBIDDEN recordId"},
			{"ann", "follow-up", "ann", "FORBIDDEN recordId"},
			{"zed", "follow-up", "zed", "NOT_FOUND recordId"}, // offered, not accepted
			{"rita", "follow-up", "team", "NOT_FOUND toId"},
			{"rita", "follow-up", "mia", "NOT_FOUND toId"},
			{"rita", "follow-up", "clinic", "NOT_FOUND toId"},
			{"rita", "absent", "rita", "NOT_FOUND recordId"},
			{"rita", "noise", "rita", "NOT_FOUND recordId"},
			{"rita", "lea", "rita", "NOT_FOUND recordId"},
			{"paul", "follow-up", "paul", "INVALID toId"},
			{"mia", "theirs", "owners", "INVALID toId"},
			{"paul", "thrown away", "paul", "INVALID toId"},
			{"mia", "theirs", "team", ""},
			{"rita", "follow-up", "owners", ""},
		} {
			t.Run(fmt.Sprintf("%s asks for %s for %s", try.who, c.name(c.id(try.on)), try.to), func(t *testing.T) {
				if try.want == "" {
					c.requested(t, try.who, try.on, try.to)
					return
				}
				c.unchanged(t, func() {
					_, err := c.RequestTransfer(c.as(t, try.who), practice.RequestTransferInput{RecordID: c.id(try.on), ToID: ptr(c.id(try.to))})
					c.refused(t, err, try.want)
				})
			})
		}
		c.unchanged(t, func() {
			_, err := c.RequestTransfer(c.as(t, "rita"), practice.RequestTransferInput{RecordID: c.id("follow-up"), Message: ptr(strings.Repeat("x", 2001))})
			c.refused(t, err, "INVALID message")
			for _, scopes := range [][]schema.Scope{{schema.ScopeRecordsRead}, {schema.ScopeRecordsWrite}} {
				_, err := c.RequestTransfer(c.as(t, "rita", scopes...), practice.RequestTransferInput{RecordID: c.id("follow-up")})
				c.refused(t, err, "MISSING_SCOPE")
			}
		})
	})
}

// The owner answers a request with an offer: the same transfer, on the owner's terms.
func TestTransferRecord_OfARequest(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.unit(t, "team", "clinic", "mia", "rita")
		c.share(t, "follow-up", "rita", share.LevelREAD)
		until := time.Now().AddDate(1, 0, 0)
		asked := c.requested(t, "rita", "follow-up", "team")
		before := c.told(t)
		c.expect(t, "paul", "transfer.offered", []string{"follow-up", "team", "mia", "rita", "follow-up<-team"}, func(ctx context.Context) error {
			out, err := c.TransferRecord(ctx, practice.TransferRecordInput{
				RecordID: c.id("follow-up"), RequestID: &asked.ID, Message: ptr("Gladly"), SharesDefault: ptr(transfer.SharesDefaultDROP),
				PreviousOwnerKeeps: ptr(transfer.PreviousOwnerKeepsREAD_UNTIL), KeepUntil: &until,
			})
			if err == nil && (out.Transfer.ID != asked.ID || out.Transfer.Status != transfer.StatusOFFERED) {
				t.Errorf("gave %v", out.Transfer)
			}
			return err
		})
		same(t, "told", sorted(append(before, "TRANSFER_OFFERED mia", "TRANSFER_OFFERED rita")), c.told(t))
		row := c.moved(t, asked.ID)
		if row.Mode != transfer.ModeREQUEST || row.Status != transfer.StatusOFFERED || *row.Message != "Gladly" || row.SharesDefault != "DROP" ||
			row.PreviousOwnerKeeps != "READ_UNTIL" || row.KeepUntil == nil || row.Version != 2 || !row.ExpiresAt.After(asked.ExpiresAt) {
			t.Errorf("offered as %v", row)
		}
		c.must(t, c.accept(c.as(t, "mia"), asked.ID))
		same(t, "levels", "paul:READ rita:FULL mia:FULL", c.levels(t, "follow-up", "paul", "rita", "mia"))
	})
}

// The state machine, act by act, from either side.
func TestTransferArrows(t *testing.T) {
	type arrow struct {
		by string
		to transfer.Status
	}
	for from, acts := range map[transfer.Status]map[string]arrow{
		transfer.StatusREQUESTED:   {"grant": {"giver", "OFFERED"}, "decline": {"giver", "DECLINED"}, "withdraw": {"receiver", "WITHDRAWN"}},
		transfer.StatusOFFERED:     {"accept": {"receiver", "ACCEPTED"}, "decline": {"receiver", "DECLINED"}, "withdraw": {"giver", "WITHDRAWN"}},
		transfer.StatusACCEPTED:    {},
		transfer.StatusDECLINED:    {},
		transfer.StatusWITHDRAWN:   {},
		transfer.StatusEXPIRED:     {},
		transfer.StatusINVALIDATED: {},
	} {
		for act := range map[string]bool{"grant": true, "accept": true, "decline": true, "withdraw": true} {
			t.Run(fmt.Sprintf("%s %s", act, from), func(t *testing.T) {
				eachClinic(t, func(t *testing.T, c *clinic) {
					c.school(t)
					c.share(t, "follow-up", "class", share.LevelREAD)
					id := c.requested(t, "zed", "follow-up", "class").ID
					c.system(t, func(ctx context.Context, tx *ent.Client) error {
						return tx.Transfer.UpdateOneID(id).SetStatus(from).Exec(ctx)
					})
					does := func(who string) error {
						switch act {
						case "grant":
							return c.grant(c.as(t, who), c.id("follow-up"), id)
						case "accept":
							return c.accept(c.as(t, who), id)
						case "decline":
							return c.decline(c.as(t, who), id)
						default:
							return c.withdraw(c.as(t, who), id)
						}
					}
					field := "id"
					next, there := acts[act]
					sides := map[string][]string{"giver": {"paul"}, "receiver": {"zed", "yan"}, "watcher": {"cora", "ivy", "bob"}}
					if act == "grant" {
						// Whoever does not own the record is told so before anything else.
						field, sides = "requestId", map[string][]string{"giver": {"paul"}}
					}
					for side, people := range sides {
						for _, who := range people {
							if there && side == next.by {
								continue
							}
							want := "TRANSFER_NOT_OPEN " + field
							if there {
								want = "FORBIDDEN " + field
							}
							c.unchanged(t, func() { c.refused(t, does(who), want) })
						}
					}
					if act != "grant" {
						c.unchanged(t, func() { c.refused(t, does("rita"), "NOT_FOUND "+field) })
					} else {
						c.unchanged(t, func() { c.refused(t, does("zed"), "FORBIDDEN recordId") })
					}
					if !there {
						same(t, "status", from, c.moved(t, id).Status)
						return
					}
					by := map[string]string{"giver": "paul", "receiver": "yan"}[next.by]
					c.must(t, does(by))
					same(t, "status", next.to, c.moved(t, id).Status)
					if act != "grant" {
						c.unchanged(t, func() { c.refused(t, does(by), "TRANSFER_NOT_OPEN id") })
					}
				})
			})
		}
	}
}

// An open transfer ends by the clock and by the facts, before anything is tidied: every
// answer to it comes too late.
func TestTransfer_NoLongerOpen(t *testing.T) {
	for name, over := range map[string]func(t *testing.T, c *clinic) time.Time{
		"expired": func(*testing.T, *clinic) time.Time { return time.Now().AddDate(0, 0, 14) },
		"binned":  func(t *testing.T, c *clinic) time.Time { c.bin(t, "follow-up"); return time.Now() },
		"of another owner": func(t *testing.T, c *clinic) time.Time {
			c.set(t, "follow-up", func(u *ent.RecordUpdateOne) { u.SetOwnerEpoch(2) })
			return time.Now()
		},
		"to a closed unit": func(t *testing.T, c *clinic) time.Time {
			c.system(t, func(ctx context.Context, tx *ent.Client) error {
				return tx.Unit.UpdateOneID(c.id("team")).SetStatus(unit.StatusCLOSED).Exec(ctx)
			})
			return time.Now()
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachClinic(t, func(t *testing.T, c *clinic) {
				c.unit(t, "team", "clinic", "mia", "rita")
				c.record(t, "other", "paul", "leo")
				c.share(t, "follow-up", "rita", share.LevelREAD)
				offer := c.offered(t, "paul", c.offering("follow-up", "team")).ID
				request := c.requested(t, "rita", "follow-up", "team").ID
				instant := over(t, c)
				paul, rita := c.asOf(t, "paul", instant), c.asOf(t, "rita", instant)
				c.unchanged(t, func() {
					c.refused(t, c.accept(rita, offer), "TRANSFER_NOT_OPEN id")
					c.refused(t, c.decline(rita, offer), "TRANSFER_NOT_OPEN id")
					c.refused(t, c.withdraw(paul, offer), "TRANSFER_NOT_OPEN id")
					c.refused(t, c.decline(paul, request), "TRANSFER_NOT_OPEN id")
					c.refused(t, c.withdraw(rita, request), "TRANSFER_NOT_OPEN id")
					c.refused(t, c.grant(paul, c.id("follow-up"), request), "TRANSFER_NOT_OPEN requestId")
				})
				if r := c.recordRow(t, "follow-up"); r.OwnerID != c.id("paul") {
					t.Errorf("the record is %s's", c.name(r.OwnerID))
				}
			})
		})
	}
}

// An offer to somebody who works here no longer waits, and can be taken back.
func TestTransfer_TheReceiverHasLeft(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		id := c.offered(t, "paul", c.offering("follow-up", "rita")).ID
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			return tx.Professional.UpdateOneID(c.id("rita")).SetStatus(professional.StatusENDED).Exec(ctx)
		})
		c.must(t, c.withdraw(c.as(t, "paul"), id))
		c.offered(t, "paul", c.offering("follow-up", "mia"))

		// Nor is a request of theirs answered with an offer that nobody could take.
		c.record(t, "other", "paul", "leo")
		c.share(t, "other", "mia", share.LevelREAD)
		request := c.requested(t, "mia", "other", "mia").ID
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			return tx.Professional.UpdateOneID(c.id("mia")).SetStatus(professional.StatusENDED).Exec(ctx)
		})
		c.unchanged(t, func() { c.refused(t, c.grant(c.as(t, "paul"), c.id("other"), request), "INVALID_STATE requestId") })
		c.must(t, c.decline(c.as(t, "paul"), request))
	})
}

func TestEndTransfer(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.school(t)
		c.share(t, "follow-up", "class", share.LevelREAD)
		offer := func() string { return c.offered(t, "paul", c.offering("follow-up", "class")).ID }
		request := func() string { return c.requested(t, "yan", "follow-up", "class").ID }
		for _, try := range []struct {
			open      func() string
			by, event string
			does      func(context.Context, string) error
			told      []string
			status    transfer.Status
		}{
			{offer, "zed", "transfer.declined", c.decline, []string{"TRANSFER_DECLINED paul"}, "DECLINED"},
			{request, "paul", "transfer.declined", c.decline, []string{"TRANSFER_DECLINED yan", "TRANSFER_DECLINED zed"}, "DECLINED"},
			{offer, "paul", "transfer.withdrawn", c.withdraw, []string{"TRANSFER_WITHDRAWN yan", "TRANSFER_WITHDRAWN zed"}, "WITHDRAWN"},
			{request, "zed", "transfer.withdrawn", c.withdraw, []string{"TRANSFER_WITHDRAWN paul"}, "WITHDRAWN"},
		} {
			id := try.open()
			before := c.told(t)
			c.expect(t, try.by, try.event, []string{"follow-up", "paul", "class"}, func(ctx context.Context) error { return try.does(ctx, id) })
			same(t, "told", sorted(append(before, try.told...)), c.told(t))
			row := c.moved(t, id)
			if row.Status != try.status || row.AnsweredAt == nil || row.AnsweredByID != c.id(try.by) || *row.AnswerReason != "Too far" || row.Version != 2 || row.NewOwnerID != nil {
				t.Errorf("ended as %v", row)
			}
			if last := c.events(t)[len(c.events(t))-1]; last.ObjectID != id {
				t.Errorf("the event is about %s", c.name(last.ObjectID))
			}
		}
		id := offer()
		c.unchanged(t, func() {
			long := ptr(strings.Repeat("x", 501))
			_, err := c.DeclineTransfer(c.as(t, "zed"), practice.DeclineTransferInput{ID: id, Reason: long})
			c.refused(t, err, "INVALID reason")
			_, err = c.WithdrawTransfer(c.as(t, "paul"), practice.WithdrawTransferInput{ID: id, Reason: long})
			c.refused(t, err, "INVALID reason")
			for _, scopes := range [][]schema.Scope{{schema.ScopeRecordsRead}, {schema.ScopeRecordsWrite}} {
				c.refused(t, c.decline(c.as(t, "zed", scopes...), id), "MISSING_SCOPE")
				c.refused(t, c.withdraw(c.as(t, "paul", scopes...), id), "MISSING_SCOPE")
				c.refused(t, c.accept(c.as(t, "zed", scopes...), id), "MISSING_SCOPE")
			}
			for _, foreign := range []string{schema.NewID(schema.TransferPrefix), c.id("follow-up"), "trf_\x00"} {
				c.refused(t, c.decline(c.as(t, "zed"), foreign), "NOT_FOUND id")
				c.refused(t, c.withdraw(c.as(t, "zed"), foreign), "NOT_FOUND id")
				c.refused(t, c.accept(c.as(t, "zed"), foreign), "NOT_FOUND id")
			}
		})
	})
}
