package access_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"continuum/ent"
	"continuum/ent/notification"
	"continuum/ent/share"
	"continuum/ent/transfer"
	"continuum/internal/access"
	"continuum/internal/store"
	"continuum/internal/storetest"
	"continuum/schema"
)

// hole is something that the guard keeps somebody from doing, be it that they are
// refused or that there is nothing for them to change.
type hole struct {
	what, who string
	try       func(ctx context.Context, tx *ent.Client) error
}

// closed tries every hole.
func (c *cast) closed(t *testing.T, holes []hole) {
	t.Helper()
	for _, h := range holes {
		c.undone(t, c.signIn(h.who), func(ctx context.Context, tx *ent.Client) {
			if err := h.try(ctx, tx); !refused(err) && !ent.IsNotFound(err) {
				t.Errorf("%s could %s: %v", h.who, h.what, err)
			}
		})
	}
}

// handOver and assign open the door, and go on to write through it.
func (c *cast) handOver(transfer string, write func(ctx context.Context, tx *ent.Client) error) func(context.Context, *ent.Client) error {
	return func(ctx context.Context, tx *ent.Client) error {
		through, err := access.HandOver(ctx, tx, c.id[transfer])
		if err != nil {
			return err
		}
		return write(through, tx)
	}
}

func (c *cast) assign(record string, write func(ctx context.Context, tx *ent.Client) error) func(context.Context, *ent.Client) error {
	return func(ctx context.Context, tx *ent.Client) error {
		through, err := access.Assign(ctx, tx, c.id[record])
		if err != nil {
			return err
		}
		return write(through, tx)
	}
}

// own makes somebody the owner of a record, and home moves a profile.
func (c *cast) own(record, owner string) func(context.Context, *ent.Client) error {
	return func(ctx context.Context, tx *ent.Client) error {
		return tx.Record.UpdateOneID(c.id[record]).SetOwnerID(c.id[owner]).SetOwnerEpoch(2).Exec(ctx)
	}
}

func (c *cast) moveHome(profile, workspace string) func(context.Context, *ent.Client) error {
	return func(ctx context.Context, tx *ent.Client) error {
		return tx.Profile.UpdateOneID(c.id[profile]).SetHomeWorkspaceID(c.id[workspace]).Exec(ctx)
	}
}

// Whoever holds a share takes it or gives it back, and makes nothing more of it.
func TestHoles_OfAHeldShare(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCast(t, s)
		held := c.id["therapy to bob"]
		c.closed(t, []hole{
			{"raise a share of his", "bob", func(ctx context.Context, tx *ent.Client) error {
				return tx.Share.UpdateOneID(held).SetLevel(share.LevelFULL).Exec(ctx)
			}},
			{"take more than a share's status", "bob", func(ctx context.Context, tx *ent.Client) error {
				return tx.Share.UpdateOneID(held).SetStatus(share.StatusACTIVE).SetRequiresApproval(true).Exec(ctx)
			}},
			{"lengthen a share of his", "bob", func(ctx context.Context, tx *ent.Client) error {
				return tx.Share.UpdateOneID(held).ClearExpiresAt().Exec(ctx)
			}},
			{"bring a share of his into the next epoch", "bob", func(ctx context.Context, tx *ent.Client) error {
				return tx.Share.UpdateOneID(held).AddEpoch(1).Exec(ctx)
			}},
			{"take a share of somebody else's", "sue", func(ctx context.Context, tx *ent.Client) error {
				return tx.Share.UpdateOneID(held).SetStatus(share.StatusLEFT).Exec(ctx)
			}},
			{"take what is offered to their workspace", "ann", func(ctx context.Context, tx *ent.Client) error {
				return tx.Share.UpdateOneID(c.id["program to clinic"]).SetStatus(share.StatusLEFT).Exec(ctx)
			}},
			{"forge the giver of a share", "ann", shareBy(c, "therapy", "bob")},
			{"leave out the giver of a share", "ann", func(ctx context.Context, tx *ent.Client) error {
				return tx.Share.Create().SetRecordID(c.id["therapy"]).SetGranteeID(c.id["max"]).SetLevel("READ").SetEpoch(1).Exec(ctx)
			}},
			{"share what they only read", "bob", shareBy(c, "therapy", "bob")},
		})
		// What has ended does not begin again.
		c.facts.Shares[held].Status = "LEFT"
		c.saveShare(held)
		c.closed(t, []hole{{"take back what he left", "bob", func(ctx context.Context, tx *ent.Client) error {
			return tx.Share.UpdateOneID(held).SetStatus(share.StatusACTIVE).Exec(ctx)
		}}})
	})
}

func shareBy(c *cast, record, giver string) func(context.Context, *ent.Client) error {
	return func(ctx context.Context, tx *ent.Client) error { return shareOf(record, giver)(ctx, c, tx) }
}

// A record changes hands by the door, which opens to whoever may receive it and for
// that record alone.
func TestHoles_OfTheDoor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCast(t, s)
		toStaff, toClinic, past := "secret from ann to staff", "program from staff to clinic", "program from bob to staff"
		toSue := func(ctx context.Context, tx *ent.Client) error { return c.own("secret", "sue")(ctx, tx) }
		c.closed(t, []hole{
			{"take a record without the door", "sue", toSue},
			{"give a record away without the door", "ann", c.own("secret", "cleo")},
			{"accept what is offered to others", "bob", c.handOver(toStaff, toSue)},
			{"accept what she offers herself", "ann", c.handOver(toStaff, toSue)},
			{"accept for a workspace that she does not oversee", "ann", c.handOver(toClinic, c.own("program", "ann"))},
			{"accept what is asked for and not offered", "zoe", c.handOver("support from bob to zoe", c.own("support", "zoe"))},
			{"accept a second time", "tom", c.handOver(past, c.own("program", "tom"))},
			{"take another record through the door", "sue", c.handOver(toStaff, c.own("therapy", "sue"))},
			{"empty a record of its title through the door", "sue", c.handOver(toStaff, func(ctx context.Context, tx *ent.Client) error {
				return tx.Record.UpdateOneID(c.id["secret"]).SetTitle("x").Exec(ctx)
			})},
			{"bin a record through the door", "sue", c.handOver(toStaff, func(ctx context.Context, tx *ent.Client) error {
				return tx.Record.UpdateOneID(c.id["secret"]).SetOwnerID(c.id["sue"]).SetStatus("BINNED").Exec(ctx)
			})},
			{"move the home of a profile without the door", "ann", c.moveHome("noa", "school")},
			{"move the home of a profile of another record", "sue", c.handOver(toStaff, c.moveHome("mia", "school"))},
			{"change a profile through the door", "sue", c.handOver(toStaff, func(ctx context.Context, tx *ent.Client) error {
				return tx.Profile.UpdateOneID(c.id["noa"]).SetHomeWorkspaceID(c.id["school"]).SetGivenName("x").Exec(ctx)
			})},
			{"merge profiles through the door", "sue", c.handOver(toStaff, func(ctx context.Context, tx *ent.Client) error {
				return tx.Profile.UpdateOneID(c.id["noa"]).SetHomeWorkspaceID(c.id["school"]).AddMergedIDs(c.id["mia"]).Exec(ctx)
			})},
			{"share another record through the door", "sue", c.handOver(toStaff, shareBy(c, "therapy", "sue"))},
			{"link through the door", "sue", c.handOver(toStaff, func(ctx context.Context, tx *ent.Client) error {
				return linkOn("secret", "leo")(ctx, c, tx)
			})},
			{"assign without overseeing", "ann", c.assign("therapy", c.own("therapy", "cleo"))},
			{"assign what is elsewhere", "cleo", c.assign("support", c.own("support", "cleo"))},
			{"assign without the door", "cleo", c.own("therapy", "ada")},
			{"read more by assigning", "cleo", c.assign("therapy", func(ctx context.Context, tx *ent.Client) error {
				return tx.RecordLink.UpdateOneID(c.id["mia on therapy"]).SetNotify(false).Exec(ctx)
			})},
		})
		c.open(t, "sue", c.handOver(toStaff, toSue))
		c.open(t, "tom", c.handOver(toStaff, c.moveHome("noa", "school")))
		c.open(t, "cleo", c.handOver(toClinic, c.own("program", "ann")))
		c.open(t, "cleo", c.assign("therapy", c.own("therapy", "ada")))
	})
}

// open says that somebody can do something, so that a hole is not closed by mistake.
func (c *cast) open(t *testing.T, who string, do func(context.Context, *ent.Client) error) {
	t.Helper()
	c.undone(t, c.signIn(who), func(ctx context.Context, tx *ent.Client) {
		if err := do(ctx, tx); err != nil {
			t.Errorf("%s is kept out: %v", who, err)
		}
	})
}

// Whoever only reads a record asks for it, and offers it to nobody: least of all to themselves.
func TestHoles_OfAnOffer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCast(t, s)
		by := func(from, creator string, status transfer.Status) func(context.Context, *ent.Client) error {
			return func(ctx context.Context, tx *ent.Client) error {
				return newTransfer(c, tx, "therapy", from, "bob", status).SetCreatedByID(c.id[creator]).Exec(ctx)
			}
		}
		c.closed(t, []hole{
			{"forge who asks", "bob", by("ann", "sue", transfer.StatusREQUESTED)},
			{"ask for what she does not read", "sue", by("ann", "sue", transfer.StatusREQUESTED)},
			{"offer to himself what he reads", "bob", by("ann", "bob", transfer.StatusOFFERED)},
			{"offer as another owner", "bob", by("bob", "bob", transfer.StatusOFFERED)},
			{"make up a hand-over of the past", "bob", by("ann", "bob", transfer.StatusACCEPTED)},
			{"withdraw what others offer", "cleo", func(ctx context.Context, tx *ent.Client) error {
				return tx.Transfer.UpdateOneID(c.id["secret from ann to staff"]).SetStatus(transfer.StatusWITHDRAWN).Exec(ctx)
			}},
			{"open again what is past", "tom", func(ctx context.Context, tx *ent.Client) error {
				return tx.Transfer.UpdateOneID(c.id["program from bob to staff"]).SetStatus(transfer.StatusOFFERED).Exec(ctx)
			}},
			{"turn their own request into an offer", "zoe", func(ctx context.Context, tx *ent.Client) error {
				return tx.Transfer.UpdateOneID(c.id["support from bob to zoe"]).SetStatus(transfer.StatusOFFERED).Exec(ctx)
			}},
			{"lengthen an offer to her", "sue", func(ctx context.Context, tx *ent.Client) error {
				return tx.Transfer.UpdateOneID(c.id["secret from ann to staff"]).SetExpiresAt(c.facts.Now.Add(1e6 * time.Hour)).Exec(ctx)
			}},
		})
	})
}

// What is left behind stays as it was left.
func TestHoles_OfWhatStays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCast(t, s)
		look, word, copied := c.id["cleo into therapy"], c.id["word to ann"], c.id["copy of program"]
		c.closed(t, []hole{
			{"open a confidential record in an emergency", "cleo", func(ctx context.Context, tx *ent.Client) error {
				return emergencyOn("secret", "")(ctx, c, tx)
			}},
			{"open a record of another workspace in an emergency", "cleo", func(ctx context.Context, tx *ent.Client) error {
				return emergencyOn("support", "")(ctx, c, tx)
			}},
			{"open a record to somebody else", "cleo", func(ctx context.Context, tx *ent.Client) error {
				return emergencyOn("therapy", "eli")(ctx, c, tx)
			}},
			{"review what they cannot know of", "bob", func(ctx context.Context, tx *ent.Client) error {
				return tx.EmergencyAccess.UpdateOneID(look).SetReviewedAt(c.facts.Now).Exec(ctx)
			}},
			{"review without overseeing", "ann", func(ctx context.Context, tx *ent.Client) error {
				return tx.EmergencyAccess.UpdateOneID(look).SetReviewedAt(c.facts.Now).Exec(ctx)
			}},
			{"take a review back", "ada", func(ctx context.Context, tx *ent.Client) error {
				return tx.EmergencyAccess.UpdateOneID(look).ClearReviewedAt().Exec(ctx)
			}},
			{"tell somebody in another's name", "ann", func(ctx context.Context, tx *ent.Client) error {
				return wordTo("bob", "cleo")(ctx, c, tx)
			}},
			{"tell somebody in nobody's name", "ann", func(ctx context.Context, tx *ent.Client) error {
				return tx.Notification.Create().SetProfessionalID(c.id["bob"]).SetKind(notification.KindACCESS_ENDED).
					SetEventID(schema.NewID(schema.EventPrefix)).Exec(ctx)
			}},
			{"unread what she has read", "ann", func(ctx context.Context, tx *ent.Client) error {
				return tx.Notification.UpdateOneID(word).ClearReadAt().Exec(ctx)
			}},
			{"read what is for another", "bob", func(ctx context.Context, tx *ent.Client) error {
				return tx.Notification.UpdateOneID(word).SetReadAt(c.facts.Now).Exec(ctx)
			}},
			{"touch a sealed copy", "bob", func(ctx context.Context, tx *ent.Client) error {
				_, err := update(ctx, tx, ent.TypeSealedCopy, only(copied), "content", "content")
				return err
			}},
			{"touch a sealed copy through the door", "sue", c.handOver("secret from ann to staff", func(ctx context.Context, tx *ent.Client) error {
				_, err := update(ctx, tx, ent.TypeSealedCopy, only(copied), "content", "content")
				return err
			})},
			{"destroy a sealed copy", "bob", func(ctx context.Context, tx *ent.Client) error {
				return tx.SealedCopy.DeleteOneID(copied).Exec(ctx)
			}},
		})
		// Nothing but the guard stands between a transfer and its end.
		c.undone(t, c.signIn("sue"), func(ctx context.Context, tx *ent.Client) {
			err := tx.Transfer.UpdateOneID(c.id["secret from ann to staff"]).SetStatus(transfer.StatusDECLINED).Exec(ctx)
			if errors.Is(err, access.ErrRefused) || err != nil {
				t.Errorf("sue may decline what is offered to the staff: %v", err)
			}
		})
	})
}
