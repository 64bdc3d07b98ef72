package practice

import (
	"context"
	"time"

	"continuum/ent"
	"continuum/ent/account"
	"continuum/ent/predicate"
	"continuum/ent/professional"
	"continuum/internal/access"
	"continuum/internal/issuer"
)

const (
	// lookedEvery is how often an account that acts already is looked for among the invited.
	lookedEvery = 10 * time.Second
	// accountsLooked bounds of how many accounts that is remembered.
	accountsLooked = 10_000
	// boundTries bounds how often a binding starts anew because another one was faster.
	boundTries = 3
)

// welcome binds an account to the professionals who were invited by its e-mail, and says
// whether it may have. Whoever cannot act yet is looked for at each sign-in; whoever can,
// now and then, by the address that they had: a colleague elsewhere may have invited them.
func (p *Practice) welcome(ctx context.Context, who *issuer.Identity, acting []*ent.Professional) (bool, error) {
	if len(acting) > 0 {
		if p.looked.Contains(who.Subject) {
			return false, nil
		}
		p.looked.Add(who.Subject, struct{}{})
		waits, err := p.waitingFor(ctx, who)
		if err != nil || !waits {
			return false, err
		}
	}
	given, err := p.issuer.Email(ctx, who)
	if err != nil {
		return false, err
	}
	var c checks
	email := c.email("email", given)
	if c.err() != nil {
		return false, nil //nolint:nilerr // an address that nobody could have been invited by
	}
	invited, err := p.store.Client().Professional.Query().Where(invitedBy(email)...).
		Exist(access.System(ctx, "sign-in: nobody asks yet"))
	if err != nil {
		return false, err
	}
	if !invited {
		// Somebody who signs in at the same moment with the same token may have been faster.
		return len(acting) == 0, nil
	}
	for try := 1; ; try++ {
		err = p.bind(ctx, who, email)
		if !ent.IsConstraintError(err) || try == boundTries {
			return err == nil, err
		}
	}
}

// waitingFor says whether somebody is invited by the address that an account last had. It
// may have another by now, so this binds nothing.
func (p *Practice) waitingFor(ctx context.Context, who *issuer.Identity) (bool, error) {
	system := access.System(ctx, "sign-in: nobody asks yet")
	found, err := p.store.Client().Account.Query().
		Where(account.Issuer(who.Issuer), account.Subject(who.Subject)).All(system)
	if err != nil || len(found) == 0 || found[0].Email == nil {
		return false, err
	}
	return p.store.Client().Professional.Query().Where(invitedBy(*found[0].Email)...).Exist(system)
}

// invitedBy keeps the professionals who wait for whoever has this address: no account is
// theirs yet. One whom the operator vouched for is ACTIVE before they ever sign in.
func invitedBy(email string) []predicate.Professional {
	return []predicate.Professional{
		professional.Email(email), professional.AccountIDIsNil(),
		professional.StatusIn(professional.StatusINVITED, professional.StatusACTIVE),
	}
}

// bind makes the account, where it is new, the one of those who were invited by the
// e-mail: each of them joins, in one transaction, with an event in their workspace. Of
// several who come at once, one finds somebody to bind.
func (p *Practice) bind(ctx context.Context, who *issuer.Identity, email string) error {
	ctx = access.System(ctx, "sign-in: an invitation is taken up")
	return p.unasked(ctx, func(ctx context.Context, w *work) error {
		invited, err := w.Professional.Query().Where(invitedBy(email)...).Order(professional.ByID()).All(ctx)
		if err != nil || len(invited) == 0 {
			return err
		}
		own, err := w.account(ctx, who, email)
		if err != nil {
			return err
		}
		for _, row := range invited {
			if err := w.takeUp(ctx, row, own); err != nil {
				return err
			}
		}
		return nil
	})
}

// account is who signs in, with the address that they have now.
func (w *work) account(ctx context.Context, who *issuer.Identity, email string) (*ent.Account, error) {
	found, err := w.Account.Query().Where(account.Issuer(who.Issuer), account.Subject(who.Subject)).All(ctx)
	switch {
	case err != nil:
		return nil, err
	case len(found) == 0:
		return w.Account.Create().SetIssuer(who.Issuer).SetSubject(who.Subject).SetEmail(email).Save(ctx)
	case found[0].Email == nil || *found[0].Email != email:
		return found[0].Update().SetEmail(email).AddVersion(1).Save(ctx)
	}
	return found[0], nil
}

// takeUp makes a professional the account's. A workspace knows an account once: who is a
// professional there already stays that one.
func (w *work) takeUp(ctx context.Context, row *ent.Professional, own *ent.Account) error {
	there, err := w.Professional.Query().
		Where(professional.WorkspaceID(row.WorkspaceID), professional.AccountID(own.ID),
			professional.StatusNEQ(professional.StatusENDED)).
		Exist(ctx)
	if err != nil || there {
		return err
	}
	err = row.Update().
		SetAccountID(own.ID).
		SetStatus(professional.StatusACTIVE).
		AddVersion(1).
		SetUpdatedByID(row.ID).
		Exec(ctx)
	if err != nil {
		return err
	}
	w.viewer.ProfessionalID, w.viewer.WorkspaceID = row.ID, row.WorkspaceID
	return w.emit(ctx, "professional.joined", row.ID, row.WorkspaceID)
}
