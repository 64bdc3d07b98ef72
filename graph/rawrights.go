package graph

import (
	"context"

	"entgo.io/ent/dialect"

	"continuum/ent"
	"continuum/graph/sweep"
	"continuum/internal/access"
	"continuum/internal/rows"
)

// askRights asks what the viewer may do with profiles.
func (r *Resolver) askRights(ctx context.Context, level *sweep.Level) ([]sweep.Question, error) {
	id := func(p *ent.Profile) string { return p.ID }
	if r.store.Engine() != dialect.Postgres {
		found, err := loadersFrom(ctx).profileAccess.prime(ctx, idsOf(rowsOf[ent.Profile](level), id))
		sweep.GivesEach(level, func(p *ent.Profile) any { return canWith(access.ViewerFrom(ctx), found[p.ID]) })
		return nil, err
	}
	parents, _ := parentsOf(level, id)
	numbers := rows.Numbers("level", "right")
	q := &question{parents: parents, rows: access.LevelWith(ctx, dialect.Postgres, up), parts: []*rows.Part{numbers}}
	q.done = func(ctx context.Context) error {
		can := make([]any, len(parents.ids))
		for i, parent := range q.of {
			n := numbers.Rows[i].([]int64)
			can[parent] = canWith(access.ViewerFrom(ctx), access.ProfileAccessOf(int(n[0]), int(n[1])))
		}
		sweep.GivesEach(level, func(p *ent.Profile) any { return can[parents.nth[p.ID]] })
		return nil
	}
	return []sweep.Question{q}, nil
}
