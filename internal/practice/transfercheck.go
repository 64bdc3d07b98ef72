package practice

import (
	"context"
	"fmt"

	"continuum/ent/share"
	"continuum/ent/transfer"
	"continuum/internal/access"
	"continuum/schema"
)

const (
	messageLetters = 2000
	mostPlans      = 100
)

// offer checks what an offer says.
func (c *checks) offer(ctx context.Context, in TransferRecordInput) TransferRecordInput {
	id := c.id(schema.TransferPrefix, in.ID)
	in.ID = &id
	if (in.ToID == nil) == (in.RequestID == nil) {
		c.refuse("toId", "Name whom to offer the record to, or the request that it answers.")
	}
	in.Message = c.prose("message", in.Message, messageLetters)
	in.ConsentOverride = c.prose("consentOverride", in.ConsentOverride, reasonLetters)
	in.PreviousOwnerKeeps = c.keeps(in.PreviousOwnerKeeps)
	in.KeepUntil = instantOrNil(in.KeepUntil)
	until := *in.PreviousOwnerKeeps == transfer.PreviousOwnerKeepsREAD_UNTIL
	switch {
	case until && in.KeepUntil == nil:
		c.refuse("keepUntil", "READ_UNTIL needs an instant.")
	case !until && in.KeepUntil != nil:
		c.refuse("keepUntil", "An instant goes with READ_UNTIL only.")
	default:
		c.future(ctx, "keepUntil", in.KeepUntil)
	}
	if in.SharesDefault != nil && transfer.SharesDefaultValidator(*in.SharesDefault) != nil {
		c.refuse("sharesDefault", "Shares KEEP or DROP.")
	}
	c.plans(in.Shares)
	return in
}

// keeps is what the previous owner keeps: nothing, when the input says nothing.
func (c *checks) keeps(given *transfer.PreviousOwnerKeeps) *transfer.PreviousOwnerKeeps {
	if given == nil {
		nothing := transfer.PreviousOwnerKeepsNOTHING
		return &nothing
	}
	if transfer.PreviousOwnerKeepsValidator(*given) != nil {
		c.refuse("previousOwnerKeeps", "The previous owner keeps NOTHING, READ_UNTIL or a SEALED_COPY.")
	}
	return given
}

func (c *checks) plans(plans []*SharePlan) {
	if !c.atMost("shares", len(plans), mostPlans) {
		return
	}
	seen := map[string]bool{}
	for i, plan := range plans {
		if seen[plan.ShareID] {
			c.refuse(fmt.Sprintf("shares.%d.shareId", i), "This share is named twice.")
		}
		seen[plan.ShareID] = true
	}
}

// plans refuses a plan for what is no live share of the record, and a sealed copy where
// the server has no key for one.
func (w *work) plans(ctx context.Context, what plannedOffer) error {
	if *what.PreviousOwnerKeeps == transfer.PreviousOwnerKeepsSEALED_COPY {
		if err := w.canSeal(); err != nil {
			return err
		}
	}
	if len(what.Shares) == 0 {
		return nil
	}
	live, err := w.Share.Query().
		Where(share.RecordID(what.record.ID), share.StatusIn(share.StatusPENDING, share.StatusACTIVE)).
		All(ctx)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, s := range live {
		known[s.ID] = what.record.lets(s, access.Now(ctx))
	}
	var check checks
	for i, plan := range what.Shares {
		if !known[plan.ShareID] {
			check.errs = append(check.errs, notFound(fmt.Sprintf("shares.%d.shareId", i)))
		}
	}
	return check.err()
}

// plan is the share plan as it is kept.
func (o plannedOffer) plan() map[string]string {
	plan := make(map[string]string, len(o.Shares))
	for _, s := range o.Shares {
		plan[s.ShareID] = string(transfer.SharesDefaultDROP)
		if s.Keep {
			plan[s.ShareID] = string(transfer.SharesDefaultKEEP)
		}
	}
	return plan
}

// sharesDefault is what becomes of the shares that no plan names: inside a workspace they
// stay, to another they end.
func sharesDefault(given *transfer.SharesDefault, across bool) transfer.SharesDefault {
	switch {
	case given != nil:
		return *given
	case across:
		return transfer.SharesDefaultDROP
	default:
		return transfer.SharesDefaultKEEP
	}
}
