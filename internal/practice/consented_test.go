package practice_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"continuum/ent"
	"continuum/ent/consent"
	"continuum/ent/share"
	"continuum/internal/practice"
	"continuum/schema"
)

// across asks whether the follow-up may go to Bob of the school.
func (c *clinic) across(purpose consent.Purpose) practice.ConsentQuestion {
	return practice.ConsentQuestion{
		Workspace: c.id("clinic"), Across: true, Profiles: []string{c.id("leo"), c.id("lea")}, Purpose: purpose,
		Target: c.id("bob"), TargetsIn: c.id("school"),
	}
}

// lacks sees that the answer is exactly these profiles, in this order.
func (c *clinic) lacks(t *testing.T, ctx context.Context, q practice.ConsentQuestion, want ...string) {
	t.Helper()
	var ids []string
	for _, name := range want {
		ids = append(ids, c.id(name))
	}
	missing, err := c.Consented(ctx, q)
	if diff := cmp.Diff(ids, missing); err != nil || diff != "" {
		t.Errorf("the consents missing are others (-want +got):\n%s\nerror: %v", diff, err)
	}
}

func TestConsented_AsThePoliciesAsk(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		paul, q := c.as(t, "paul"), c.across(consent.PurposeSHARE)
		inside := q
		inside.Across, inside.Target, inside.TargetsIn = false, c.id("rita"), c.id("clinic")

		// Each side has its own mode: OFF inside, WARN across to begin with.
		c.lacks(t, paul, inside)
		c.lacks(t, paul, q, "leo", "lea")
		c.policies(t, practice.UpdateWorkspacePoliciesInput{ConsentInside: ptr(schema.ConsentRequire), ConsentAcross: ptr(schema.ConsentOff)})
		_, err := c.Consented(paul, inside)
		c.refused(t, err, "CONSENT_REQUIRED recordId")
		c.lacks(t, paul, q)

		// They are those of the record's workspace, whoever asks.
		c.policies(t, practice.UpdateWorkspacePoliciesInput{ConsentAcross: ptr(schema.ConsentRequire)})
		_, err = c.Consented(c.as(t, "bob"), q)
		c.refused(t, err, "CONSENT_REQUIRED recordId")
		elsewhere := q
		elsewhere.Workspace = c.id("school")
		c.lacks(t, paul, elsewhere, "leo", "lea")

		// REQUIRE asks every profile; a reason goes over it and tells who is passed over.
		c.consent(t, "leo", nil)
		_, err = c.Consented(paul, q)
		c.refused(t, err, "CONSENT_REQUIRED recordId")
		over := q
		over.Override = ptr("The child is in danger")
		c.lacks(t, paul, over, "lea")
		c.consent(t, "lea", nil)
		c.lacks(t, paul, q)
		c.lacks(t, paul, over)
		c.lacks(t, c.as(t, "bob"), q)
		nobody := q
		nobody.Profiles = nil
		c.lacks(t, paul, nobody)

		// What another workspace keeps is not for this one.
		_, err = c.Consented(paul, elsewhere)
		if err != nil {
			t.Error(err)
		}
		c.lacks(t, paul, elsewhere, "leo", "lea")
	})
}

func TestConsented_ByPurposeAndTarget(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.unit(t, "class", "school", "bob")
		c.unit(t, "other class", "school")
		question := func(purpose consent.Purpose, target, in string) practice.ConsentQuestion {
			q := c.across(purpose)
			q.Profiles, q.Target, q.TargetsIn = []string{c.id("lea")}, c.id(target), c.id(in)
			return q
		}
		for _, try := range []struct {
			name    string
			purpose consent.Purpose
			target  string
			covers  []practice.ConsentQuestion
			not     []practice.ConsentQuestion
		}{
			{
				"to share with anybody", consent.PurposeSHARE, "",
				[]practice.ConsentQuestion{question("SHARE", "bob", "school"), question("SHARE", "school", "school")},
				[]practice.ConsentQuestion{question("TRANSFER", "bob", "school")},
			},
			{
				"to hand over to anybody", consent.PurposeTRANSFER, "",
				[]practice.ConsentQuestion{question("TRANSFER", "bob", "school")},
				[]practice.ConsentQuestion{question("SHARE", "bob", "school")},
			},
			{
				"both, to one unit", consent.PurposeSHARE_AND_TRANSFER, "class",
				[]practice.ConsentQuestion{question("SHARE", "class", "school"), question("TRANSFER", "class", "school")},
				[]practice.ConsentQuestion{question("SHARE", "other class", "school"), question("SHARE", "bob", "school"), question("SHARE", "school", "school")},
			},
			{
				"both, to a workspace", consent.PurposeSHARE_AND_TRANSFER, "school",
				[]practice.ConsentQuestion{question("SHARE", "bob", "school"), question("TRANSFER", "class", "school"), question("SHARE", "school", "school")},
				[]practice.ConsentQuestion{question("SHARE", "rita", "clinic")},
			},
		} {
			t.Run(try.name, func(t *testing.T) {
				row := c.consent(t, "lea", func(in *practice.RecordConsentInput) {
					in.Purpose = try.purpose
					if try.target != "" {
						in.TargetID = ptr(c.id(try.target))
					}
				})
				for _, q := range try.covers {
					c.lacks(t, c.as(t, "paul"), q)
				}
				for _, q := range try.not {
					c.lacks(t, c.as(t, "paul"), q, "lea")
				}
				if _, err := c.WithdrawConsent(c.as(t, "paul"), practice.WithdrawConsentInput{ID: row.ID}); err != nil {
					t.Fatal(err)
				}
			})
		}
	})
}

func TestConsented_ByTheClock(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.policies(t, practice.UpdateWorkspacePoliciesInput{ConsentAcross: ptr(schema.ConsentRequire), CoolingOffDays: ptr(10)})
		q := c.across(consent.PurposeTRANSFER)
		q.Profiles = []string{c.id("lea")}
		again := q
		again.Again = true
		signed := time.Now().Add(-time.Hour)
		effective := signed.UTC().Truncate(time.Microsecond).AddDate(0, 0, 10)
		expires := effective.AddDate(0, 0, 1)
		c.consent(t, "lea", func(in *practice.RecordConsentInput) { in.SignedAt, in.ExpiresAt = &signed, &expires })

		// Not a microsecond before it takes effect, and not from the instant on at which it
		// expires: what never held is required, what no longer holds is stale.
		for _, try := range []struct {
			at                  time.Time
			at1st, at2nd, holds string
		}{
			{at: effective.Add(-time.Microsecond), at1st: "CONSENT_REQUIRED recordId", at2nd: "CONSENT_REQUIRED recordId"},
			{at: effective, holds: "yes"},
			{at: expires.Add(-time.Microsecond), holds: "yes"},
			{at: expires, at1st: "CONSENT_REQUIRED recordId", at2nd: "CONSENT_STALE recordId"},
		} {
			ctx := c.asOf(t, "paul", try.at)
			if try.holds != "" {
				c.lacks(t, ctx, q)
				c.lacks(t, ctx, again)
				continue
			}
			_, err := c.Consented(ctx, q)
			c.refused(t, err, try.at1st)
			_, err = c.Consented(ctx, again)
			c.refused(t, err, try.at2nd)
		}

		// The cooling-off days are those of the day on which it was recorded.
		c.policies(t, practice.UpdateWorkspacePoliciesInput{CoolingOffDays: ptr(0)})
		_, err := c.Consented(c.asOf(t, "paul", effective.Add(-time.Microsecond)), q)
		c.refused(t, err, "CONSENT_REQUIRED recordId")

	})
}

func TestConsented_UntilItIsWithdrawn(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.policies(t, practice.UpdateWorkspacePoliciesInput{ConsentAcross: ptr(schema.ConsentRequire)})
		q := c.across(consent.PurposeTRANSFER)
		q.Profiles = []string{c.id("lea")}
		again := q
		again.Again = true
		withdraw := func(ctx context.Context, row *ent.Consent) {
			if _, err := c.WithdrawConsent(ctx, practice.WithdrawConsentInput{ID: row.ID}); err != nil {
				t.Fatal(err)
			}
		}

		// Whoever takes it back while they think it over never gave it.
		c.policies(t, practice.UpdateWorkspacePoliciesInput{CoolingOffDays: ptr(1)})
		row := c.consent(t, "lea", nil)
		withdraw(c.as(t, "paul"), row)
		ctx := c.asOf(t, "paul", row.EffectiveAt)
		_, err := c.Consented(ctx, again)
		c.refused(t, err, "CONSENT_REQUIRED recordId")

		// A withdrawal takes effect at once, at the very instant.
		c.policies(t, practice.UpdateWorkspacePoliciesInput{CoolingOffDays: ptr(0)})
		row = c.consent(t, "lea", nil)
		ctx = c.asOf(t, "paul", row.EffectiveAt)
		c.lacks(t, ctx, q)
		c.lacks(t, ctx, again)
		withdraw(ctx, row)
		_, err = c.Consented(ctx, q)
		c.refused(t, err, "CONSENT_REQUIRED recordId")
		_, err = c.Consented(ctx, again)
		c.refused(t, err, "CONSENT_STALE recordId")

		// Each of the two is told when profiles lack it for both reasons.
		both := again
		both.Profiles = []string{c.id("leo"), c.id("lea")}
		_, err = c.Consented(ctx, both)
		c.refused(t, err, "CONSENT_REQUIRED recordId", "CONSENT_STALE recordId")
		both.Override = ptr("The child is in danger")
		c.lacks(t, ctx, both, "leo", "lea")

		// Another consent that holds is enough.
		c.consent(t, "lea", nil)
		c.lacks(t, c.as(t, "paul"), again)
	})
}

func TestConsented_TakesFewStatements(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		sent := func(q practice.ConsentQuestion) int {
			ctx := c.as(t, "paul")
			c.statements = nil
			if _, err := c.Consented(ctx, q); err != nil {
				t.Fatal(err)
			}
			return len(c.statements)
		}
		across := c.across(consent.PurposeSHARE)
		inside := across
		inside.Across = false
		if asked, unasked := sent(across), sent(inside); asked != unasked+1 {
			t.Errorf("%d statements where consent is asked for, %d where it is not", asked, unasked)
		}
	})
}

// offers is a share and a transfer of the follow-up to Bob of the school, who answers them.
func (c *clinic) offers() map[string]struct {
	offer  func(ctx context.Context, override *string) (id string, missing []string, err error)
	accept func(ctx context.Context, id string) error
} {
	type offer = struct {
		offer  func(ctx context.Context, override *string) (id string, missing []string, err error)
		accept func(ctx context.Context, id string) error
	}
	return map[string]offer{
		"share": {
			func(ctx context.Context, override *string) (string, []string, error) {
				payload, err := c.ShareRecord(ctx, practice.ShareRecordInput{
					RecordID: c.id("follow-up"), GranteeID: c.id("bob"), Level: share.LevelREAD, ConsentOverride: override,
				})
				if err != nil {
					return "", nil, err
				}
				return payload.Share.ID, payload.Reach.ConsentMissingIDs, nil
			},
			func(ctx context.Context, id string) error {
				_, err := c.AcceptShare(ctx, practice.AcceptShareInput{ID: id})
				return err
			},
		},
		"transfer": {
			func(ctx context.Context, override *string) (string, []string, error) {
				payload, err := c.TransferRecord(ctx, practice.TransferRecordInput{
					RecordID: c.id("follow-up"), ToID: ptr(c.id("bob")), ConsentOverride: override,
				})
				if err != nil {
					return "", nil, err
				}
				return payload.Transfer.ID, payload.ConsentMissingIDs, nil
			},
			func(ctx context.Context, id string) error {
				_, err := c.AcceptTransfer(ctx, practice.AcceptTransferInput{ID: id})
				return err
			},
		},
	}
}

func TestConsent_IsAskedAtTheOfferAndAtItsAcceptance(t *testing.T) {
	for _, kind := range []string{"share", "transfer"} {
		t.Run(kind, func(t *testing.T) {
			eachClinic(t, func(t *testing.T, c *clinic) {
				c.policies(t, practice.UpdateWorkspacePoliciesInput{ConsentAcross: ptr(schema.ConsentRequire)})
				try := c.offers()[kind]
				leo := c.consent(t, "leo", nil)
				c.unchanged(t, func() {
					_, _, err := try.offer(c.as(t, "paul"), nil)
					c.refused(t, err, "CONSENT_REQUIRED recordId")
					_, _, err = try.offer(c.as(t, "paul"), ptr(" \n"))
					c.refused(t, err, "CONSENT_REQUIRED recordId")
				})
				c.consent(t, "lea", nil)
				// A reason that is not needed is not kept, and so goes over nothing later.
				id, missing, err := try.offer(c.as(t, "paul"), ptr("Just in case"))
				if err != nil || len(missing) > 0 {
					t.Fatalf("lacks %v: %v", missing, err)
				}
				if _, err := c.WithdrawConsent(c.as(t, "paul"), practice.WithdrawConsentInput{ID: leo.ID}); err != nil {
					t.Fatal(err)
				}
				c.unchanged(t, func() { c.refused(t, try.accept(c.as(t, "bob"), id), "CONSENT_STALE id") })
				c.consent(t, "leo", nil)
				c.profile(t, "new", "paul")
				if _, err := c.LinkProfile(c.as(t, "paul"), practice.LinkProfileInput{RecordID: c.id("follow-up"), ProfileID: c.id("new")}); err != nil {
					t.Fatal(err)
				}
				c.unchanged(t, func() { c.refused(t, try.accept(c.as(t, "bob"), id), "CONSENT_REQUIRED id") })
				c.consent(t, "new", func(in *practice.RecordConsentInput) { in.TargetID = ptr(c.id("school")) })
				if err := try.accept(c.as(t, "bob"), id); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func TestConsent_IsGoneOverForAReasonThatIsKept(t *testing.T) {
	for kind, event := range map[string]string{"share": "record.share_offered_without_consent", "transfer": "transfer.offered_without_consent"} {
		t.Run(kind, func(t *testing.T) {
			eachClinic(t, func(t *testing.T, c *clinic) {
				c.policies(t, practice.UpdateWorkspacePoliciesInput{ConsentAcross: ptr(schema.ConsentRequire)})
				c.consent(t, "leo", nil)
				try, id := c.offers()[kind], ""
				c.expect(t, "paul", event, []string{"follow-up", "bob"}, func(ctx context.Context) error {
					made, missing, err := try.offer(ctx, ptr(" The child is in danger "))
					if id = made; err == nil && !slices.Equal(missing, []string{c.id("lea")}) {
						t.Errorf("told that %v is missing", missing)
					}
					return err
				})
				var kept *string
				if kind == "share" {
					kept = c.store.Client().Share.GetX(c.now(t), id).ConsentOverride
				} else {
					kept = c.store.Client().Transfer.GetX(c.now(t), id).ConsentOverride
				}
				if kept == nil || *kept != "The child is in danger" {
					t.Errorf("kept the reason %v", kept)
				}
				if err := try.accept(c.as(t, "bob"), id); err != nil {
					t.Errorf("what was gone over at the offer is gone over at its acceptance: %v", err)
				}
			})
		})
	}
}
