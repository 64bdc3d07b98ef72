package practice

import (
	"context"

	"continuum/ent"
	"continuum/schema"
)

// ReplaceProfileInput is which profile to replace by which.
type ReplaceProfileInput struct {
	RecordID      string
	ProfileID     string
	ReplacementID string
	Reason        *string
}

// ReplaceProfilePayload is what came of ReplaceProfile: the new link.
type ReplaceProfilePayload struct {
	Outcome
	Link   *ent.RecordLink
	Record *ent.Record
}

// ReplaceProfile puts another profile in the place of one, in one step: the same role,
// the same position. It takes FULL on the record and READ on the new profile.
func (p *Practice) ReplaceProfile(ctx context.Context, in ReplaceProfileInput) (*ReplaceProfilePayload, error) {
	var check checks
	in.Reason = check.prose("reason", in.Reason, reasonLetters)
	if err := check.err(); err != nil {
		return nil, err
	}
	var out ReplaceProfilePayload
	err := p.change(ctx, schema.ScopeRecordsWrite, &out, func(ctx context.Context, w *work) error {
		on, err := w.editableRecord(ctx, "recordId", in.RecordID)
		if err != nil {
			return err
		}
		if err := w.linkable(ctx, "replacementId", in.ReplacementID); err != nil {
			return err
		}
		made, err := w.swapLink(ctx, on, in)
		if err != nil {
			return err
		}
		out = ReplaceProfilePayload{Link: made.Unwrap(), Record: on.Unwrap()}
		return w.emit(ctx, "profile.replaced", on.ID, append(on.profiles(), in.ReplacementID)...)
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// swapLink ends the link of the one and begins that of the other.
func (w *work) swapLink(ctx context.Context, on *linkedRecord, in ReplaceProfileInput) (*ent.RecordLink, error) {
	if err := on.openToLinks("recordId"); err != nil {
		return nil, err
	}
	leaves := on.link(in.ProfileID)
	if leaves == nil {
		return nil, notFound("profileId")
	}
	if on.link(in.ReplacementID) != nil {
		return nil, fail(CodeAlreadyLinked, "replacementId", alreadyLinked)
	}
	if _, err := w.endLink(ctx, leaves.id, in.Reason); err != nil {
		return nil, err
	}
	made, err := w.insertLinks(ctx, on.ID, newLink{
		profile: in.ReplacementID, role: leaves.role, position: leaves.position, notify: leaves.notify, reason: in.Reason,
	})
	if err != nil {
		return nil, err
	}
	return made[0], nil
}
