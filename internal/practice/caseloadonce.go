package practice

import (
	"context"

	"continuum/ent/idempotencykey"
	"continuum/internal/access"
	"continuum/schema"
)

// A caseload under an idempotency key is many changes: the key keeps which records were meant
// the first time, and each record keeps what came of it under a key of its own. A retry gives
// again what went well, and tries the others anew.
func (*TransferCaseloadPayload) inParts() {}
func (*AssignCaseloadPayload) inParts()   {}

// meantRecords are the records that a caseload meant the first time.
type meantRecords struct{ RecordIDs []string }

// meantBefore lists the records that are meant, those that were meant the first time where
// there is a key, and which of them are done already.
func (p *Practice) meantBefore(ctx context.Context, owned []string) (meant, done []string, err error) {
	c := claimOf(ctx)
	if c == nil {
		return owned, nil, nil
	}
	first, err := Once(ctx, func(ctx context.Context, owned []string) (*meantRecords, error) {
		out := meantRecords{RecordIDs: owned}
		err := p.change(ctx, schema.ScopeRecordsWrite, &out, func(context.Context, *work) error { return nil })
		return &out, err
	}, owned)
	if err != nil {
		return nil, nil, err
	}
	done, err = c.doneParts(ctx, first.RecordIDs)
	return first.RecordIDs, done, err
}

// partOf gives the change of one record a key of its own, where there is a key.
func partOf(ctx context.Context, recordID string) context.Context {
	c := claimOf(ctx)
	if c == nil {
		return ctx
	}
	return context.WithValue(ctx, claimKey{}, c.part(recordID))
}

// doneParts lists the parts that were done under the key.
func (c *claim) doneParts(ctx context.Context, names []string) (done []string, err error) {
	hashes := make([]string, len(names))
	for i, name := range names {
		hashes[i] = c.part(name).keyHash
	}
	found, err := c.practice.store.Client().IdempotencyKey.Query().
		Where(idempotencykey.ProfessionalID(access.ViewerFrom(ctx).ProfessionalID), idempotencykey.Done(true),
			access.AnyOf(idempotencykey.FieldKeyHash, hashes)).
		Select(idempotencykey.FieldKeyHash).
		Strings(access.System(ctx, "one's own keys, which are shown to nobody"))
	kept := map[string]bool{}
	for _, hash := range found {
		kept[hash] = true
	}
	for i, hash := range hashes {
		if kept[hash] {
			done = append(done, names[i])
		}
	}
	return done, err
}
