package practice

import (
	"context"
	"fmt"

	"continuum/ent"
	"continuum/ent/sealedcopy"
	"continuum/internal/access"
)

// ProveSealedCopies opens the newest sealed copies, at most so many, and tells how many there were; nobody sees what is
// in them. It stops at the first that does not open.
func (p *Practice) ProveSealedCopies(ctx context.Context, limit int) (opened int, err error) {
	const page = 100
	ctx = access.System(ctx, "an operator asks whether the keys open the sealed copies")
	for opened < limit {
		copies, err := p.store.Client().SealedCopy.Query().
			Order(ent.Desc(sealedcopy.FieldCreatedAt), ent.Desc(sealedcopy.FieldID)).
			Offset(opened).Limit(min(page, limit-opened)).All(ctx)
		if err != nil {
			return opened, fmt.Errorf("practice: read the sealed copies: %w", err)
		}
		for _, c := range copies {
			if _, err := p.openManifest(c); err != nil {
				return opened, fmt.Errorf("practice: sealed copy %s: %w", c.ID, err)
			}
			opened++
		}
		if len(copies) < page {
			break
		}
	}
	return opened, nil
}
