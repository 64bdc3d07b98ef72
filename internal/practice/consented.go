package practice

import (
	"context"
	"slices"

	"continuum/ent"
	"continuum/ent/consent"
	"continuum/ent/workspace"
	"continuum/internal/access"
	"continuum/schema"
)

// consentQuestion is whether what is about to happen to a record is consented to.
type consentQuestion struct {
	workspace string          // whose policies ask: the record's
	across    bool            // it leaves that workspace
	profiles  []string        // the record's live profiles
	purpose   consent.Purpose // SHARE or TRANSFER
	target    string          // the principal who receives
	targetsIn string          // the workspace of the target
	override  *string         // why it is to go on without
	again     bool            // asked for a second time, at acceptance
	field     string          // of the input, that the failure is about
}

// consented answers the question: the profiles whose consent is missing though the workspace
// asks for it and it may go on without; or the failure, where it may not.
func (w *work) consented(ctx context.Context, q consentQuestion) (missing []string, err error) {
	answer, err := w.consents(ctx, q)
	if err != nil {
		return nil, err
	}
	if answer.mode == schema.ConsentRequire && q.override == nil {
		return nil, answer.refusal(q.field)
	}
	return answer.missing, nil
}

// consentAnswer is what the workspace asks for, and which profiles lack it.
type consentAnswer struct {
	mode    schema.ConsentMode
	missing []string // no consent of theirs is in force, in the order of the question
	stale   int      // how many of them had one that has ended, asked again
}

// consents looks for a consent in force of each profile, when the workspace asks for any.
// Whoever receives a record cannot see what its workspace keeps: nobody's rights are asked.
func (w *work) consents(ctx context.Context, q consentQuestion) (consentAnswer, error) {
	policies, err := w.policies(ctx, q.workspace)
	if err != nil {
		return consentAnswer{}, err
	}
	answer := consentAnswer{mode: policies.ConsentInside}
	if q.across {
		answer.mode = policies.ConsentAcross
	}
	if answer.mode == schema.ConsentOff || len(q.profiles) == 0 {
		return answer, nil
	}
	given, err := w.Consent.Query().
		Where(consent.WorkspaceID(q.workspace), access.AnyOf(consent.FieldProfileID, q.profiles),
			consent.EffectiveAtLTE(access.Now(ctx)),
			consent.PurposeIn(q.purpose, consent.PurposeSHARE_AND_TRANSFER),
			consent.Or(consent.TargetIDIsNil(), consent.TargetIDIn(q.target, q.targetsIn))).
		All(access.System(ctx, "the consents that the record's own workspace keeps"))
	if err != nil {
		return consentAnswer{}, err
	}
	answer.weigh(ctx, q, given)
	return answer, nil
}

// weigh finds the profiles for which none of the consents given holds.
func (a *consentAnswer) weigh(ctx context.Context, q consentQuestion, given []*ent.Consent) {
	for _, id := range q.profiles {
		its := func(c *ent.Consent) bool { return c.ProfileID == id }
		holds := func(c *ent.Consent) bool { return its(c) && ConsentInForce(c, access.Now(ctx)) }
		if slices.ContainsFunc(given, holds) {
			continue
		}
		a.missing = append(a.missing, id)
		if held := func(c *ent.Consent) bool { return its(c) && everHeld(c) }; q.again && slices.ContainsFunc(given, held) {
			a.stale++
		}
	}
}

// everHeld says whether a consent was ever in force: it was not withdrawn before that.
func everHeld(c *ent.Consent) bool {
	return c.WithdrawnAt == nil || !c.WithdrawnAt.Before(c.EffectiveAt)
}

// refusal says what is missing, nil when nothing is. It names nobody.
func (a *consentAnswer) refusal(field string) error {
	var refused checks
	if len(a.missing) > a.stale {
		refused.errs = append(refused.errs, fail(CodeConsentRequired, field,
			"This needs the consent of each person whose profile the record links, and one is missing."))
	}
	if a.stale > 0 {
		refused.errs = append(refused.errs, fail(CodeConsentStale, field,
			"A consent that this rests on has expired or was withdrawn."))
	}
	return refused.err()
}

// policies is what a workspace has decided for itself, which decides over whoever asks.
func (w *work) policies(ctx context.Context, workspaceID string) (schema.Policies, error) {
	if known, read := w.decided[workspaceID]; read {
		return known, nil
	}
	row, err := w.Workspace.Query().Where(workspace.ID(workspaceID)).
		Only(access.System(ctx, "the policies of the workspace that a record is in"))
	if err != nil {
		return schema.Policies{}, err
	}
	if w.decided == nil {
		w.decided = map[string]schema.Policies{}
	}
	w.decided[workspaceID] = row.Policies
	return row.Policies, nil
}
