package graph

import (
	"context"
	"errors"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"continuum/ent"
	"continuum/graph/exec"
	"continuum/graph/page"
	"continuum/internal/access"
	"continuum/schema"
)

// whoSees answers a report about a row, with what is selected of its entries.
func (r *Resolver) whoSees(ctx context.Context, id string, at *time.Time,
	ask func(context.Context, *ent.Client, string, *time.Time) (*access.Report, error)) (*access.Report, error) {
	found, err := ask(ctx, r.client(), id, at)
	if errors.Is(err, access.ErrFuture) {
		return nil, &page.ArgumentError{Argument: "at", Message: "give a moment that has passed"}
	}
	if err != nil || found == nil {
		return nil, err
	}
	return found, below(ctx).chains("entries", found)
}

// explainAccess tells why the viewer sees something, with what is selected of the chains.
func (r *Resolver) explainAccess(ctx context.Context, id string) (*access.Report, error) {
	if schema.IDPrefix(id) == "" {
		return nil, nil
	}
	found, err := access.Explain(ctx, r.client(), id)
	if err != nil || found == nil {
		return nil, err
	}
	return found, below(ctx).chains("chains", found)
}

// chains primes what is selected of each chain.
func (v level) chains(name string, r *access.Report) error {
	rows := make([]*access.Chain, len(r.Entries))
	for i := range r.Entries {
		rows[i] = &r.Entries[i]
	}
	for _, list := range v.fields() {
		if list.Name != name {
			continue
		}
		for _, f := range v.under(list).fields() {
			if err := v.chain(f, rows); err != nil && !errors.Is(err, errUnforeseen) {
				return err
			}
		}
	}
	return nil
}

// chain primes one field of the chains.
func (v level) chain(f graphql.CollectedField, rows []*access.Chain) (err error) {
	ids := func(id func(*access.Chain) string) []string {
		return someOf(rows, func(c *access.Chain) *string { return nonEmpty(id(c)) })
	}
	switch f.Name {
	case "professional":
		_, err = v.l.professionals.prime(v.ctx, ids(func(c *access.Chain) string { return c.ProfessionalID }))
	case "recipient":
		err = primeRecipients(v.ctx, v.l, ids(func(c *access.Chain) string { return c.RecipientID }))
	case "unit":
		_, err = v.l.units.prime(v.ctx, ids(func(c *access.Chain) string { return c.UnitID }))
	case "membership":
		_, err = v.l.members.prime(v.ctx, ids(func(c *access.Chain) string { return c.MembershipID }))
	case "link":
		_, err = v.l.links.prime(v.ctx, ids(func(c *access.Chain) string { return c.LinkID }))
	case "share":
		err = primeRows(v.under(f), v.l.shares, ids(func(c *access.Chain) string { return c.ShareID }), level.shares)
	case "emergency":
		_, err = v.l.emergencies.prime(v.ctx, ids(func(c *access.Chain) string { return c.EmergencyID }))
	case "profile":
		err = primeRows(v.under(f), v.l.profiles, ids(func(c *access.Chain) string { return c.ProfileID }), level.profiles)
	case "record":
		err = primeRows(v.under(f), v.l.records, ids(func(c *access.Chain) string { return c.RecordID }), level.records)
	case "level", "right": // told by the chain
	default:
		err = errUnforeseen
	}
	return err
}

// named is the row that a chain names, where it names one and the viewer sees it.
func named[T any](ctx context.Context, l *loader[string, *T], id string) (*T, error) {
	return maybe(ctx, l, nonEmpty(id))
}

// levelOf is a level by its name; null for none.
func levelOf(l access.Level) *exec.AccessLevel {
	if l == access.None {
		return nil
	}
	name := exec.AllAccessLevel[l-access.Metadata]
	return &name
}

// rightOf is a right by its name; null for none.
func rightOf(r access.Right) *exec.AccessRight {
	if r == access.NoRight {
		return nil
	}
	name := exec.AllAccessRight[r-access.ReadRight]
	return &name
}
