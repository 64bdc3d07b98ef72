package graph

import (
	"context"

	"golang.org/x/sync/errgroup"

	"continuum/ent"
	"continuum/ent/profile"
	"continuum/graph/page"
	"continuum/schema"
)

// maxKeys bounds the list of keys, which is no connection.
const maxKeys = 200

// one is a row by its id, with what is selected below it; null when there is none for
// the viewer.
func one[T any](ctx context.Context, l *loader[string, *T], id string, next func(level, []*T) error) (*T, error) {
	row, err := l.load(ctx, id)
	if err != nil || row == nil {
		return nil, err
	}
	return row, next(below(ctx), []*T{row})
}

// profileOf is a profile by its id, with the single rows that are selected of it.
func (r *Resolver) profileOf(ctx context.Context, id string) (*ent.Profile, error) {
	rows, err := r.client().Profile.Query().Where(profile.ID(id)).Modify(alongProfiles(ctx)...).All(ctx)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0], below(ctx).profiles(rows)
}

// nodeOf is whatever the id names, through the same rule as every other path.
func (r *Resolver) nodeOf(ctx context.Context, id string) (page.Node, error) {
	if !schema.ValidID(schema.IDPrefix(id), id) {
		return nil, nil
	}
	read := r.nodeReaders()[schema.IDPrefix(id)]
	if read == nil {
		return nil, nil
	}
	return read(ctx, id)
}

func (r *Resolver) nodesOf(ctx context.Context, ids []string) ([]page.Node, error) {
	if len(ids) > page.MaxSize {
		return nil, &page.ArgumentError{Argument: "ids", Message: "at most 100 ids"}
	}
	nodes := make([]page.Node, len(ids))
	var reads errgroup.Group
	for i, id := range ids {
		reads.Go(func() (err error) {
			nodes[i], err = r.nodeOf(ctx, id)
			return err
		})
	}
	return nodes, reads.Wait()
}

// nodeReaders tells, by the prefix of an id, how to read what it names.
func (r *Resolver) nodeReaders() map[string]func(context.Context, string) (page.Node, error) {
	c := r.client()
	return map[string]func(context.Context, string) (page.Node, error){
		schema.AccountPrefix:          byLoader(func(l *loaders) *loader[string, *ent.Account] { return l.accounts }),
		schema.ContactPrefix:          byLoader(func(l *loaders) *loader[string, *ent.Contact] { return l.contacts }),
		schema.InstitutionPrefix:      byLoader(func(l *loaders) *loader[string, *ent.Institution] { return l.institutions }),
		schema.ProfessionalPrefix:     byLoader(func(l *loaders) *loader[string, *ent.Professional] { return l.professionals }),
		schema.ProfilePrefix:          byLoader(func(l *loaders) *loader[string, *ent.Profile] { return l.profiles }),
		schema.RecordPrefix:           byLoader(func(l *loaders) *loader[string, *ent.Record] { return l.records }),
		schema.UnitPrefix:             byLoader(func(l *loaders) *loader[string, *ent.Unit] { return l.units }),
		schema.WorkspacePrefix:        byLoader(func(l *loaders) *loader[string, *ent.Workspace] { return l.workspaces }),
		schema.AddressPrefix:          byQuery(c.Address.Get),
		schema.APIKeyPrefix:           byQuery(c.ApiKey.Get),
		schema.ContactLinkPrefix:      byQuery(c.ContactLink.Get),
		schema.ContactPointPrefix:     byQuery(c.ContactPoint.Get),
		schema.IdentifierPrefix:       byQuery(c.Identifier.Get),
		schema.RecordLinkPrefix:       byQuery(c.RecordLink.Get),
		schema.UnitMemberPrefix:       byQuery(c.UnitMember.Get),
		schema.WorkspaceProfilePrefix: byQuery(c.WorkspaceProfile.Get),
	}
}

func byLoader[T any](which func(*loaders) *loader[string, *T]) func(context.Context, string) (page.Node, error) {
	return func(ctx context.Context, id string) (page.Node, error) {
		row, err := which(loadersFrom(ctx)).load(ctx, id)
		if err != nil || row == nil {
			return nil, err
		}
		return row, nil
	}
}

func byQuery[T any](get func(context.Context, string) (*T, error)) func(context.Context, string) (page.Node, error) {
	return func(ctx context.Context, id string) (page.Node, error) {
		row, err := get(ctx, id)
		if ent.IsNotFound(err) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return row, nil
	}
}
