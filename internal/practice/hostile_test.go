package practice_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"continuum/ent"
	"continuum/ent/consent"
	"continuum/ent/notification"
	"continuum/ent/share"
	"continuum/internal/practice"
	"continuum/schema"
)

// What somebody tried who read the code to find a way around it.

// A giver learns of no record that they do not see by the homes that would move.
func TestA4_HomesThatMoveTellOfNoHiddenRecord(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		made := c.offered(t, "paul", c.offering("follow-up", "bob"))
		moving := func() []string {
			t.Helper()
			would, err := c.ConsequencesOf(c.as(t, "paul"), c.moved(t, made.ID))
			c.must(t, err)
			return would.MovingIDs
		}
		before := moving()
		c.record(t, "hidden", "rita", "lea")
		if after := moving(); len(before) != 2 || !slices.Equal(before, after) {
			t.Errorf("moving %v, and with a record of rita's %v", c.names(before...), c.names(after...))
		}
		c.record(t, "seen", "paul", "lea")
		if after := moving(); !slices.Equal(after, []string{c.id("leo")}) {
			t.Errorf("with another record of paul's own, moving %v", c.names(after...))
		}
	})
}

// A key opens of a sealed copy what it may be used for.
func TestG3_ASealedCopyIsNarrowedByTheKey(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.people(t)
		c.withKeys(t)
		c.handSealed(t)
		for _, key := range []struct {
			scopes             []schema.Scope
			profiles, contacts bool
		}{
			{[]schema.Scope{schema.ScopeRecordsRead}, false, false},
			{[]schema.Scope{schema.ScopeRecordsRead, schema.ScopeContactsRead}, false, false},
			{[]schema.Scope{schema.ScopeRecordsRead, schema.ScopeProfilesRead}, true, false},
			{schema.AllScopes(), true, true},
		} {
			ctx := c.as(t, "paul", key.scopes...)
			row, err := c.store.Client().SealedCopy.Query().Only(ctx)
			c.must(t, err)
			opened, err := c.OpenSealedCopy(ctx, row)
			c.must(t, err)
			contacts := slices.ContainsFunc(opened.Profiles, func(p *practice.SealedProfile) bool { return len(p.Contacts) > 0 })
			if (len(opened.Profiles) > 0) != key.profiles || contacts != key.contacts {
				t.Errorf("with %v: %d profiles, contacts %v", key.scopes, len(opened.Profiles), contacts)
			}
		}
	})
}

// What has become confidential since it was offered is not taken without saying so.
func TestAccept_RefusesWhatHasBecomeConfidential(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.professional(t, "zed", "school", schema.RolePractitioner)
		given := c.give(t, "paul", "follow-up", "zed", share.LevelREAD)
		made := c.offered(t, "paul", c.offering("follow-up", "bob"))
		c.set(t, "follow-up", func(u *ent.RecordUpdateOne) { u.SetConfidential(true) })
		c.refused(t, c.acceptShare(c.as(t, "zed"), given.ID), "INVALID_STATE id")
		c.refused(t, c.accept(c.as(t, "bob"), made.ID), "INVALID_STATE id")
		c.must(t, c.withdraw(c.as(t, "paul"), made.ID))
	})
}

// A list in which nothing is chosen is not everything.
func TestCaseload_AnEmptyListIsNotAll(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.unchanged(t, func() {
			_, err := c.AssignCaseload(c.as(t, "cora"), practice.AssignCaseloadInput{FromID: c.id("paul"), RecordIDs: []string{}, ToID: c.id("rita")})
			c.refused(t, err, "INVALID recordIds")
			_, err = c.TransferCaseload(c.as(t, "paul"), practice.TransferCaseloadInput{RecordIDs: []string{}, ToID: c.id("rita")})
			c.refused(t, err, "INVALID recordIds")
			_, err = c.MarkNotificationsRead(c.as(t, "paul"), practice.MarkNotificationsReadInput{IDs: []string{}})
			c.refused(t, err, "INVALID ids")
		})
	})
}

// A share is not widened past a consent that has been withdrawn.
func TestUpdateShare_AsksForConsentToGiveMore(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		require := schema.ConsentRequire
		c.policies(t, practice.UpdateWorkspacePoliciesInput{ConsentInside: &require})
		c.record(t, "solo", "paul", "lea")
		c.consentTo(t, "lea", "")
		in := c.sharing("solo", "rita", share.LevelREAD)
		in.ExpiresAt = ptr(time.Now().Add(time.Hour))
		given := c.giveSo(t, "paul", in)
		kept, err := c.store.Client().Consent.Query().Only(c.now(t))
		c.must(t, err)
		_, err = c.WithdrawConsent(c.as(t, "paul"), practice.WithdrawConsentInput{ID: kept.ID})
		c.must(t, err)
		update := func(change func(*practice.UpdateShareInput)) error {
			in := practice.UpdateShareInput{ID: given.ID, ExpectedVersion: given.Version}
			change(&in)
			_, err := c.UpdateShare(c.as(t, "paul"), in)
			return err
		}
		c.refused(t, update(func(in *practice.UpdateShareInput) { in.Level = graphql.OmittableOf(ptr(share.LevelWRITE)) }), "CONSENT_REQUIRED id")
		c.refused(t, update(func(in *practice.UpdateShareInput) { in.ExpiresAt = graphql.OmittableOf[*time.Time](nil) }), "CONSENT_REQUIRED id")
		c.must(t, update(func(in *practice.UpdateShareInput) {
			in.ExpiresAt = graphql.OmittableOf(ptr(time.Now().Add(time.Minute)))
		}))
	})
}

// A reason to go on without consent is not taken over by another workspace: who changes the
// share there neither widens it by that reason nor keeps it.
func TestUpdateShare_LeavesTheReasonOfAnotherWorkspaceBehind(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		require, off := schema.ConsentRequire, schema.ConsentOff
		c.policies(t, practice.UpdateWorkspacePoliciesInput{ConsentInside: &require, ConsentAcross: &off})
		c.give(t, "paul", "follow-up", "bob", share.LevelFULL)
		c.must(t, c.acceptShare(c.as(t, "bob"), c.id("follow-up>bob")))
		in := c.sharing("follow-up", "rita", share.LevelREAD)
		in.ConsentOverride = ptr("It is urgent.")
		given := c.giveSo(t, "paul", in)
		update := func(who string, level share.Level) (*ent.Share, error) {
			out, err := c.UpdateShare(c.as(t, who), practice.UpdateShareInput{
				ID: given.ID, ExpectedVersion: given.Version, Level: graphql.OmittableOf(&level)})
			if err != nil {
				return nil, err
			}
			return c.given(t, out.Share.ID), nil
		}
		_, err := update("bob", share.LevelWRITE)
		c.refused(t, err, "CONSENT_REQUIRED id")
		given, err = update("paul", share.LevelWRITE)
		c.must(t, err)
		same(t, "reason kept by paul", ptr("It is urgent."), given.ConsentOverride)
		given, err = update("bob", share.LevelREAD)
		c.must(t, err)
		same(t, "reason kept by bob", (*string)(nil), given.ConsentOverride)
	})
}

// consentTo records a consent to share with somebody, or with anybody.
func (c *clinic) consentTo(t *testing.T, profile, target string) {
	t.Helper()
	c.system(t, func(ctx context.Context, tx *ent.Client) error {
		row := tx.Consent.Create().SetWorkspaceID(c.id("clinic")).SetProfileID(c.id(profile)).SetPurpose(consent.PurposeSHARE).
			SetMethod(consent.MethodWRITTEN).SetSignedAt(time.Now().Add(-time.Hour)).SetEffectiveAt(time.Now().Add(-time.Hour))
		if target != "" {
			row.SetTargetID(c.id(target))
		}
		return row.Exec(ctx)
	})
}

// Whoever shares another workspace's record on learns nothing of the consents that it
// keeps, and goes on without none of them.
func TestShareRecord_KeepsConsentsToTheirWorkspace(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		warn := schema.ConsentWarn
		c.policies(t, practice.UpdateWorkspacePoliciesInput{ConsentAcross: &warn, ConsentInside: &warn})
		given := c.give(t, "paul", "follow-up", "bob", share.LevelFULL)
		c.must(t, c.acceptShare(c.as(t, "bob"), given.ID))
		missing := func(who string) []string {
			t.Helper()
			reach, err := c.PreviewShare(c.as(t, who), c.sharing("follow-up", "rita", share.LevelREAD))
			c.must(t, err)
			return reach.ConsentMissingIDs
		}
		if len(missing("paul")) != 2 || len(missing("bob")) != 0 {
			t.Errorf("missing for paul %v, for bob %v", missing("paul"), missing("bob"))
		}
		in := c.sharing("follow-up", "rita", share.LevelREAD)
		in.ConsentOverride = ptr("It is urgent.")
		_, err := c.ShareRecord(c.as(t, "bob"), in)
		c.refused(t, err, "FORBIDDEN consentOverride")
	})
}

// Whoever owns a record now reads who had it before, and not why they lost it.
func TestShares_WhyIsForThoseWhoGaveAndHeld(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		given := c.give(t, "paul", "follow-up", "rita", share.LevelREAD)
		_, err := c.RevokeShare(c.as(t, "paul"), practice.RevokeShareInput{ID: given.ID, Reason: ptr("A private matter.")})
		c.must(t, err)
		why := func(who string) *string {
			t.Helper()
			row, err := c.store.Client().Share.Get(c.as(t, who), given.ID)
			c.must(t, err)
			return row.EndReason
		}
		if why("paul") == nil || why("rita") == nil {
			t.Errorf("paul reads %v, rita %v", why("paul"), why("rita"))
		}
		c.must(t, c.accept(c.as(t, "bob"), c.offered(t, "paul", c.offering("follow-up", "bob")).ID))
		if got := why("bob"); got != nil {
			t.Errorf("bob reads %q", *got)
		}
	})
}

// Law A7 again: the owner to whom a record is assigned while it is open in an emergency is
// told, as the previous one was.
func TestA7_ANewOwnerHearsOfARunningEmergency(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		_, err := c.RequestEmergencyAccess(c.as(t, "cora"), practice.RequestEmergencyAccessInput{RecordID: c.id("follow-up"), Reason: "Paul is away."})
		c.must(t, err)
		_, err = c.AssignRecord(c.as(t, "ann"), practice.AssignRecordInput{RecordID: c.id("follow-up"), ToID: c.id("rita")})
		c.must(t, err)
		n, err := c.store.Client().Notification.Query().
			Where(notification.ProfessionalID(c.id("rita")), notification.KindEQ(notification.KindEMERGENCY_ACCESS)).Count(c.now(t))
		c.must(t, err)
		if n != 1 {
			t.Errorf("rita is told %d times", n)
		}
	})
}
