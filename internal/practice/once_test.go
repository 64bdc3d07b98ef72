package practice_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"continuum/ent"
	"continuum/ent/share"
	"continuum/internal/practice"
	"continuum/schema"
)

// under gives what is asked next a key; the input is what a test says it is.
func (c *clinic) under(ctx context.Context, key, mutation, input string) context.Context {
	return c.Under(ctx, practice.IdempotencyKey{Key: key, Mutation: mutation, Input: []byte(input)})
}

// newcomer makes a profile under a key.
func (c *clinic) newcomer(ctx context.Context, key, name string) (*practice.CreateProfilePayload, error) {
	return practice.Once(c.under(ctx, key, "createProfile", name), c.CreateProfile,
		practice.CreateProfileInput{GivenName: name, FamilyName: "Roy"})
}

// keyRows counts the rows of keys.
func (c *clinic) keyRows(t *testing.T) int {
	t.Helper()
	return c.store.Client().IdempotencyKey.Query().CountX(c.now(t))
}

func TestG1_TheSameKeyReplaysTheFirstAnswer(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		ctx := c.as(t, "paul")
		first, err := c.newcomer(ctx, "k1", "Max")
		if err != nil {
			t.Fatal(err)
		}
		c.unchanged(t, func() {
			again, err := c.newcomer(ctx, "k1", "Max")
			if err != nil || again.Profile.ID != first.Profile.ID || again.Profile.GivenName != "Max" {
				t.Errorf("a retry gets %+v, %v", again, err)
			}
		})
		c.unchanged(t, func() {
			_, err := c.newcomer(ctx, "k1", "Mia")
			c.refused(t, err, "IDEMPOTENCY_MISMATCH")
			_, err = practice.Once(c.under(ctx, "k1", "archiveProfile", "Max"), c.ArchiveProfile, practice.ArchiveProfileInput{ID: first.Profile.ID})
			c.refused(t, err, "IDEMPOTENCY_MISMATCH")
		})
		// Somebody else's key of the same name is another key.
		other, err := c.newcomer(c.as(t, "rita"), "k1", "Max")
		if err != nil || other.Profile.ID == first.Profile.ID {
			t.Errorf("rita gets %+v, %v", other, err)
		}
		// What it takes to make it, it takes to hear of it.
		_, err = c.newcomer(c.as(t, "paul", schema.ScopeProfilesRead), "k1", "Max")
		c.refused(t, err, "MISSING_SCOPE")
	})
}

func TestG1_TwentyTwinsHaveOneEffectAndOneAnswer(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		ctx, before := c.as(t, "paul"), len(c.events(t))
		var mu sync.Mutex
		answers := map[string]int{}
		twins := make([]func() error, 20)
		for i := range twins {
			twins[i] = func() error {
				out, err := c.newcomer(ctx, "twin", "Max")
				if err != nil {
					return err
				}
				mu.Lock()
				answers[out.Profile.ID]++
				mu.Unlock()
				return nil
			}
		}
		if err := errors.Join(atOnce(twins...)...); err != nil {
			t.Fatal(err)
		}
		if left := len(c.events(t)) - before; left != 1 || len(answers) != 1 {
			t.Errorf("%d effects, and the answers %v", left, answers)
		}
	})
}

// A twin that finds the first still at work waits: it does what was asked when the first fails, and tells what came of it
// when it does not.
func TestG1_ATwinInFlightIsWaitedFor(t *testing.T) {
	sour := errors.New("sour")
	for name, fails := range map[string]error{"the first succeeds": nil, "the first fails": sour} {
		t.Run(name, func(t *testing.T) {
			eachClinic(t, func(t *testing.T, c *clinic) {
				ctx, before := c.as(t, "paul"), len(c.events(t))
				var second error
				var twin sync.WaitGroup
				_, first := practice.Once(c.under(ctx, "k", "m", "in"), func(ctx context.Context, _ struct{}) (*practice.CreateProfilePayload, error) {
					var out practice.CreateProfilePayload
					return &out, c.WithinChange(ctx, &out, func() error {
						twin.Go(func() {
							_, second = practice.Once(c.under(ctx, "k", "m", "in"), c.Told, struct{}{})
						})
						return fails
					})
				}, struct{}{})
				twin.Wait()
				want := 0
				if fails != nil {
					want = 1 // the second's
				}
				if left := len(c.events(t)) - before; !errors.Is(first, fails) || second != nil || left != want {
					t.Errorf("the first: %v, the second: %v, %d events", first, second, left)
				}
			})
		})
	}
}

// A retry reads with the rights of now: never a wrong eye.
func TestOnce_ShowsWhatOneMaySeeNow(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		give := func(ctx context.Context) (*practice.ShareRecordPayload, error) {
			return practice.Once(c.under(ctx, "k", "shareRecord", "x"), c.ShareRecord,
				practice.ShareRecordInput{RecordID: c.id("follow-up"), GranteeID: c.id("rita"), Level: share.LevelREAD})
		}
		first, err := give(c.as(t, "paul"))
		if err != nil {
			t.Fatal(err)
		}
		again, err := give(c.as(t, "paul"))
		if err != nil || again.Share.ID != first.Share.ID || again.Record == nil ||
			!reflect.DeepEqual(again.Reach, first.Reach) {
			t.Errorf("a retry gets %+v, %v", again, err)
		}
		c.set(t, "follow-up", func(u *ent.RecordUpdateOne) { u.SetOwnerID(c.id("mia")).AddOwnerEpoch(1) })
		later, err := give(c.as(t, "paul"))
		if err != nil || later.Record != nil || later.Share != nil {
			t.Errorf("whoever lost the record gets %+v, %v", later, err)
		}
	})
}

func TestOnce_AFailureLeavesNoKey(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		ctx := c.under(c.as(t, "paul"), "k", "linkProfile", "x")
		link := func() error {
			_, err := practice.Once(ctx, c.LinkProfile, practice.LinkProfileInput{RecordID: c.id("follow-up"), ProfileID: c.id("lea")})
			return err
		}
		c.refused(t, link(), "ALREADY_LINKED profileId")
		if n := c.keyRows(t); n != 0 {
			t.Errorf("%d rows of keys stayed", n)
		}
		if _, err := c.UnlinkProfile(c.as(t, "paul"), practice.UnlinkProfileInput{RecordID: c.id("follow-up"), ProfileID: c.id("lea")}); err != nil {
			t.Fatal(err)
		}
		if err := link(); err != nil {
			t.Errorf("what failed is not tried anew: %v", err)
		}
	})
}

func TestOnce_ForgetsAfterADay(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		yesterday := at(c.as(t, "paul"), time.Now().Add(-25*time.Hour))
		first, err := c.newcomer(yesterday, "k", "Max")
		if err != nil {
			t.Fatal(err)
		}
		if again, err := c.newcomer(at(yesterday, time.Now().Add(-2*time.Hour)), "k", "Max"); err != nil || again.Profile.ID != first.Profile.ID {
			t.Errorf("after 23 hours: %v", err)
		}
		anew, err := c.newcomer(c.as(t, "paul"), "k", "Max")
		if err != nil || anew.Profile.ID == first.Profile.ID {
			t.Errorf("after 25 hours: %v", err)
		}
		if _, err := c.newcomer(yesterday, "old", "Max"); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := c.keyRows(t); n != 2 {
			t.Errorf("%d rows are left, want the two of today's key", n)
		}
	})
}

func TestValidIdempotencyKey(t *testing.T) {
	for key, want := range map[string]bool{
		"": false, "a": true, strings.Repeat("~", 255): true, strings.Repeat("a", 256): false,
		"a b": false, "é": false, "a\n": false, "a\x7f": false, `!"quoted"`: true,
	} {
		if practice.ValidIdempotencyKey(key) != want {
			t.Errorf("%q: %v", key, !want)
		}
	}
}
