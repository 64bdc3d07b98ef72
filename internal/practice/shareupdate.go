package practice

import (
	"context"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"continuum/ent"
	"continuum/ent/consent"
	"continuum/ent/share"
	"continuum/internal/access"
	"continuum/schema"
)

// UpdateShareInput is what to change in a share: absent is unchanged, null clears.
type UpdateShareInput struct {
	ID                   string
	ExpectedVersion      int
	Level                graphql.Omittable[*share.Level]
	RequiresApproval     graphql.Omittable[*bool]
	IncludesConfidential graphql.Omittable[*bool]
	ExpiresAt            graphql.Omittable[*time.Time]
}

// UpdateSharePayload is what came of UpdateShare: the share that took the place of the one named.
type UpdateSharePayload struct {
	Outcome
	Share *ent.Share
}

// UpdateShare changes what a live share gives. The facts of access stay dated: the share
// ends, and one that gives the new begins in its place, with an id of its own. It takes
// FULL on the record, and OWNER where the old or the new level is FULL.
func (p *Practice) UpdateShare(ctx context.Context, in UpdateShareInput) (*UpdateSharePayload, error) {
	var check checks
	in = check.shareChanges(ctx, in)
	if err := check.err(); err != nil {
		return nil, err
	}
	var out UpdateSharePayload
	err := p.change(ctx, schema.ScopeRecordsWrite, &out, func(ctx context.Context, w *work) error {
		old, on, err := w.managedShare(ctx, in.ID)
		if err != nil {
			return err
		}
		next, err := w.changedShare(ctx, old, on, in)
		if err != nil {
			return err
		}
		if next == nil {
			out.Share = old.Unwrap()
			return nil
		}
		out.Share = next.Unwrap()
		return w.tell(ctx, "record.share_changed", on.ID, append(shareTopics(on, next), old.ID))
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

func (c *checks) shareChanges(ctx context.Context, in UpdateShareInput) UpdateShareInput {
	if level, set := in.Level.ValueOK(); set {
		c.cleared("level", level == nil)
		c.shareLevel("level", level)
	}
	if approval, set := in.RequiresApproval.ValueOK(); set {
		c.cleared("requiresApproval", approval == nil)
	}
	if confidential, set := in.IncludesConfidential.ValueOK(); set {
		c.cleared("includesConfidential", confidential == nil)
	}
	if expires, set := in.ExpiresAt.ValueOK(); set {
		c.future(ctx, "expiresAt", expires)
		in.ExpiresAt = graphql.OmittableOf(instantOrNil(expires))
	}
	return in
}

// changedShare puts the changed share in the place of the old one; nil when nothing changes.
func (w *work) changedShare(ctx context.Context, old *ent.Share, on *linkedRecord, in UpdateShareInput) (*ent.Share, error) {
	if in.ExpectedVersion != old.Version {
		return nil, fail(CodeConflict, "", "The share has changed since you read it.")
	}
	next := *old
	setTo(&next.Level, in.Level)
	setTo(&next.RequiresApproval, in.RequiresApproval)
	setTo(&next.IncludesConfidential, in.IncludesConfidential)
	if expires, set := in.ExpiresAt.ValueOK(); set {
		next.ExpiresAt = expires
	}
	if next.Level == share.LevelFULL {
		if err := w.reachRecord(ctx, "level", on.ID, access.Owner); err != nil {
			return nil, err
		}
	}
	if on.Confidential && !next.IncludesConfidential {
		return nil, fail(CodeInvalid, "includesConfidential", confidentialAsWhole)
	}
	if sameShare(old, &next) {
		return nil, nil
	}
	if widens(old, &next) {
		if err := w.shareConsented(ctx, old, on, false); err != nil {
			return nil, err
		}
	}
	return w.replaceShare(ctx, old, &next)
}

// widens says whether a share would give more than it does: further, longer, or into
// confidential parts.
func widens(old, next *ent.Share) bool {
	longer := old.ExpiresAt != nil && (next.ExpiresAt == nil || next.ExpiresAt.After(*old.ExpiresAt))
	return longer || rank[next.Level] > rank[old.Level] || next.IncludesConfidential && !old.IncludesConfidential
}

// rank orders the levels of shares by how far they reach.
var rank = map[share.Level]int{share.LevelREAD: 1, share.LevelWRITE: 2, share.LevelFULL: 3}

// shareConsented asks for the consents to a share that there is already: again, when it is
// accepted, and anew, when it is to give more. A reason to go on without counts for whoever
// can read it.
func (w *work) shareConsented(ctx context.Context, s *ent.Share, on *linkedRecord, again bool) error {
	found, err := w.recipients(ctx, s.GranteeID)
	if err != nil {
		return err
	}
	to := found[s.GranteeID]
	if again && !to.works {
		return fail(CodeInvalidState, "id", "Whom this share is offered to can receive nothing any more.")
	}
	_, err = w.consented(ctx, consentQuestion{
		workspace: on.WorkspaceID, across: to.workspace != on.WorkspaceID, profiles: on.profiles(),
		purpose: consent.PurposeSHARE, target: to.id, targetsIn: to.workspace,
		override: s.ConsentOverride, again: again, field: "id",
	})
	return err
}

// setTo gives a field its new value, if there is one.
func setTo[T any](field *T, given graphql.Omittable[*T]) {
	if value := given.Value(); value != nil {
		*field = *value
	}
}

func sameShare(a, b *ent.Share) bool {
	sameEnd := a.ExpiresAt == nil && b.ExpiresAt == nil ||
		a.ExpiresAt != nil && b.ExpiresAt != nil && a.ExpiresAt.Equal(*b.ExpiresAt)
	return sameEnd && a.Level == b.Level && a.RequiresApproval == b.RequiresApproval && a.IncludesConfidential == b.IncludesConfidential
}

// replaceShare ends the old share and begins the new one, on offer where the old one was.
// The reason to go on without consent is the word of those who gave the share: whoever
// changes it from another workspace cannot read it, and the new share has none.
func (w *work) replaceShare(ctx context.Context, old, next *ent.Share) (*ent.Share, error) {
	why := "Replaced by another."
	if _, err := w.endShare(ctx, old, share.StatusREVOKED, &why); err != nil {
		return nil, err
	}
	return w.Share.Create().SetRecordID(old.RecordID).SetGranteeID(old.GranteeID).SetLevel(next.Level).
		SetRequiresApproval(next.RequiresApproval).SetIncludesConfidential(next.IncludesConfidential).
		SetStartsAt(access.Now(ctx)).SetNillableExpiresAt(next.ExpiresAt).SetEpoch(old.Epoch).
		SetStatus(old.Status).SetOrigin(old.Origin).SetNillableConsentOverride(old.ConsentOverride).
		SetCreatedAt(access.Now(ctx)).SetCreatedByID(w.viewer.ProfessionalID).SetUpdatedByID(w.viewer.ProfessionalID).
		Save(ctx)
}
