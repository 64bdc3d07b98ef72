package graph

import (
	"maps"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"continuum/ent"
)

// The levels of what is shared and handed over.

// shares primes what is selected of each share.
func (v level) shares(rows []*ent.Share) error {
	return primeFields(v, "Share", rows, v.shareField)
}

func (v level) shareField(f graphql.CollectedField, rows []*ent.Share) (err error) {
	switch f.Name {
	case "record":
		err = primeRows(v.under(f), v.l.records, idsOf(rows, func(s *ent.Share) string { return s.RecordID }), level.records)
	case "grantee":
		err = primeRecipients(v.ctx, v.l, idsOf(rows, func(s *ent.Share) string { return s.GranteeID }))
	case "givenBy":
		err = primeWhom(v, rows, func(s *ent.Share) string { return s.CreatedByID })
	case "endedBy":
		err = primeWhom(v, rows, func(s *ent.Share) string { return s.EndedByID })
	case "consentOverride":
		overridden := slices.DeleteFunc(slices.Clone(rows), func(s *ent.Share) bool { return s.ConsentOverride == nil })
		_, err = v.l.recordLevels.prime(v.ctx, idsOf(overridden, func(s *ent.Share) string { return s.RecordID }))
	case "status", "endedAt": // told by the row
	default:
		err = errUnforeseen
	}
	return err
}

// transfers primes what is selected of each transfer.
func (v level) transfers(rows []*ent.Transfer) error {
	return primeFields(v, "Transfer", rows, v.transferField)
}

func (v level) transferField(f graphql.CollectedField, rows []*ent.Transfer) (err error) {
	switch f.Name {
	case "record":
		err = primeRows(v.under(f), v.l.records, idsOf(rows, func(t *ent.Transfer) string { return t.RecordID }), level.records)
	case "from":
		_, err = v.l.owners.prime(v.ctx, idsOf(rows, func(t *ent.Transfer) string { return t.FromID }))
	case "to":
		err = primeRecipients(v.ctx, v.l, idsOf(rows, func(t *ent.Transfer) string { return t.ToID }))
	case "newOwner":
		_, err = v.l.owners.prime(v.ctx, someOf(rows, func(t *ent.Transfer) *string { return t.NewOwnerID }))
	case "fromWorkspace":
		_, err = v.l.workspaces.prime(v.ctx, idsOf(rows, func(t *ent.Transfer) string { return t.FromWorkspaceID }))
	case "toWorkspace":
		_, err = v.l.workspaces.prime(v.ctx, idsOf(rows, func(t *ent.Transfer) string { return t.ToWorkspaceID }))
	case "shares":
		err = v.plans(f, rows)
	case "createdBy":
		err = primeWhom(v, rows, func(t *ent.Transfer) string { return t.CreatedByID })
	case "answeredBy":
		err = primeWhom(v, rows, func(t *ent.Transfer) string { return t.AnsweredByID })
	case "preview":
		_, err = v.l.previews.prime(v.ctx, idsOf(rows, func(t *ent.Transfer) string { return t.ID }))
	default:
		err = errUnforeseen
	}
	return err
}

// plans primes the shares that the transfers name.
func (v level) plans(f graphql.CollectedField, rows []*ent.Transfer) error {
	var ids []string
	for _, t := range rows {
		ids = append(ids, slices.Sorted(maps.Keys(t.SharePlan))...)
	}
	for _, inner := range v.under(f).fields() {
		if inner.Name == "share" {
			return primeRows(v.under(f).under(inner), v.l.shares, ids, level.shares)
		}
	}
	_, err := v.l.shares.prime(v.ctx, ids)
	return err
}

// consents primes what is selected of each consent.
func (v level) consents(rows []*ent.Consent) error {
	return primeFields(v, "Consent", rows, v.consentField)
}

func (v level) consentField(f graphql.CollectedField, rows []*ent.Consent) (err error) {
	switch f.Name {
	case "profile":
		_, err = v.l.profiles.prime(v.ctx, idsOf(rows, func(c *ent.Consent) string { return c.ProfileID }))
	case "givenBy":
		_, err = v.l.contactLinks.prime(v.ctx, someOf(rows, func(c *ent.Consent) *string { return c.ContactLinkID }))
	case "target":
		err = primeRecipients(v.ctx, v.l, someOf(rows, func(c *ent.Consent) *string { return c.TargetID }))
	case "recordedBy":
		err = primeWhom(v, rows, func(c *ent.Consent) string { return c.CreatedByID })
	case "withdrawnBy":
		err = primeWhom(v, rows, func(c *ent.Consent) string { return c.WithdrawnByID })
	case "forAnybody", "inForce": // told by the row
	default:
		err = errUnforeseen
	}
	return err
}

// emergencies primes what is selected of each emergency access.
func (v level) emergencies(rows []*ent.EmergencyAccess) error {
	return primeFields(v, "EmergencyAccess", rows, v.emergencyField)
}

func (v level) emergencyField(f graphql.CollectedField, rows []*ent.EmergencyAccess) (err error) {
	switch f.Name {
	case "record":
		err = primeRows(v.under(f), v.l.records, idsOf(rows, func(e *ent.EmergencyAccess) string { return e.RecordID }), level.records)
	case "professional":
		err = primeWhom(v, rows, func(e *ent.EmergencyAccess) string { return e.ProfessionalID })
	case "reviewedBy":
		err = primeWhom(v, rows, func(e *ent.EmergencyAccess) string { return e.ReviewedByID })
	case "inForce": // told by the row
	default:
		err = errUnforeseen
	}
	return err
}

// notifications primes what is selected of each notification.
func (v level) notifications(rows []*ent.Notification) error {
	return primeFields(v, "Notification", rows, v.notificationField)
}

func (v level) notificationField(f graphql.CollectedField, rows []*ent.Notification) (err error) {
	switch f.Name {
	case "actor":
		err = primeWhom(v, rows, func(n *ent.Notification) string { return n.ActorID })
	case "record":
		err = primeRows(v.under(f), v.l.records, someOf(rows, func(n *ent.Notification) *string { return n.RecordID }), level.records)
	case "share":
		err = primeRows(v.under(f), v.l.shares, someOf(rows, func(n *ent.Notification) *string { return n.ShareID }), level.shares)
	case "transfer":
		err = primeRows(v.under(f), v.l.transfers, someOf(rows, func(n *ent.Notification) *string { return n.TransferID }), level.transfers)
	case "emergencyAccess":
		err = primeRows(v.under(f), v.l.emergencies, someOf(rows, func(n *ent.Notification) *string { return n.EmergencyAccessID }), level.emergencies)
	default:
		err = errUnforeseen
	}
	return err
}

// sealedCopies primes what is selected of each sealed copy.
func (v level) sealedCopies(rows []*ent.SealedCopy) error {
	return primeFields(v, "SealedCopy", rows, v.sealedCopyField)
}

func (v level) sealedCopyField(f graphql.CollectedField, rows []*ent.SealedCopy) (err error) {
	switch f.Name {
	case "record":
		err = primeRows(v.under(f), v.l.records, idsOf(rows, func(c *ent.SealedCopy) string { return c.RecordID }), level.records)
	case "transfer":
		err = primeRows(v.under(f), v.l.transfers, idsOf(rows, func(c *ent.SealedCopy) string { return c.TransferID }), level.transfers)
	case "holder":
		_, err = v.l.owners.prime(v.ctx, idsOf(rows, func(c *ent.SealedCopy) string { return c.HolderID }))
	default:
		err = errUnforeseen
	}
	return err
}

// primeRows reads the rows that an edge leads to, and goes on below them.
func primeRows[T any](v level, l *loader[string, *T], ids []string, next func(level, []*T) error) error {
	found, err := l.prime(v.ctx, ids)
	if err != nil {
		return err
	}
	rows := make([]*T, len(ids))
	for i, id := range ids {
		rows[i] = found[id]
	}
	return next(v, rows)
}

// primeWhom reads the professionals who did something.
func primeWhom[T any](v level, rows []*T, by func(*T) string) error {
	_, err := v.l.professionals.prime(v.ctx, someOf(rows, func(row *T) *string { return nonEmpty(by(row)) }))
	return err
}
