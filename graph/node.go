package graph

import (
	"context"

	"continuum/ent"
	"continuum/ent/address"
	"continuum/ent/apikey"
	"continuum/ent/contactpoint"
	"continuum/ent/identifier"
	"continuum/ent/profile"
	"continuum/ent/workspaceprofile"
	"continuum/graph/page"
	"continuum/internal/access"
	"continuum/internal/practice"
	"continuum/schema"
)

// maxKeys bounds the list of keys, which is no connection.
const maxKeys = 200

// byKnownID is a row by an id that a client sent; null when there is none for the
// viewer. What is no id never reaches the database, which may choke on its bytes.
func byKnownID[T any](ctx context.Context, l *loader[string, *T], id string) (*T, error) {
	if schema.IDPrefix(id) == "" {
		return nil, nil
	}
	return l.load(ctx, id)
}

// one is a row by its id, with what is selected below it, for a sign-in that carries the scope.
func one[T any](ctx context.Context, scope schema.Scope, l *loader[string, *T], id string, next func(level, []*T) error) (*T, error) {
	if err := practice.Needs(ctx, scope); err != nil {
		return nil, err
	}
	row, err := byKnownID(ctx, l, id)
	if err != nil || row == nil {
		return nil, err
	}
	return row, next(below(ctx), []*T{row})
}

// profileOf is a profile by its id, with the single rows that are selected of it.
func (r *Resolver) profileOf(ctx context.Context, id string) (*ent.Profile, error) {
	if err := practice.Needs(ctx, schema.ScopeProfilesRead); err != nil {
		return nil, err
	}
	if schema.IDPrefix(id) == "" {
		return nil, nil
	}
	rows, err := r.client().Profile.Query().Where(profile.ID(id)).Modify(alongProfiles(ctx)...).
		All(access.Known(ctx))
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0], below(ctx).profiles(rows)
}

// nodeOf is whatever the id names, through the same rule as every other path.
func (r *Resolver) nodeOf(ctx context.Context, id string) (page.Node, error) {
	nodes, err := r.nodesOf(ctx, []string{id})
	if err != nil {
		return nil, err
	}
	return nodes[0], nil
}

// nodesOf reads, in one statement for each type, what the ids name.
func (r *Resolver) nodesOf(ctx context.Context, ids []string) ([]page.Node, error) {
	if len(ids) > page.MaxSize {
		return nil, &page.ArgumentError{Argument: "ids", Message: "at most 100 ids"}
	}
	wanted := map[string][]string{}
	for _, id := range ids {
		prefix := schema.IDPrefix(id)
		wanted[prefix] = append(wanted[prefix], id)
	}
	found := map[string]page.Node{}
	readers := r.nodeReaders(ctx)
	for prefix, these := range wanted {
		if read := readers[prefix]; read != nil {
			if err := read(ctx, these, found); err != nil {
				return nil, err
			}
		}
	}
	nodes := make([]page.Node, len(ids))
	for i, id := range ids {
		nodes[i] = found[id]
	}
	return nodes, nil
}

// nodeReader reads the rows of one type that the ids name.
type nodeReader func(ctx context.Context, ids []string, found map[string]page.Node) error

// nodeReaders tells, by the prefix of an id, how to read what it names.
func (r *Resolver) nodeReaders(ctx context.Context) map[string]nodeReader {
	c, l := r.client(), loadersFrom(ctx)
	return map[string]nodeReader{
		schema.AccountPrefix:         readBy(l.accounts),
		schema.ConsentPrefix:         readBy(l.consents),
		schema.ContactLinkPrefix:     readBy(l.contactLinks),
		schema.ContactPrefix:         readBy(l.contacts),
		schema.EmergencyAccessPrefix: readBy(l.emergencies),
		schema.InstitutionPrefix:     readBy(l.institutions),
		schema.NotificationPrefix:    readBy(l.notifications),
		schema.ProfessionalPrefix:    readBy(l.professionals),
		schema.ProfilePrefix:         readBy(l.profiles),
		schema.RecordLinkPrefix:      readBy(l.links),
		schema.RecordPrefix:          readBy(l.records),
		schema.SealedCopyPrefix:      readBy(l.sealedCopies),
		schema.SharePrefix:           readBy(l.shares),
		schema.TransferPrefix:        readBy(l.transfers),
		schema.UnitMemberPrefix:      readBy(l.members),
		schema.UnitPrefix:            readBy(l.units),
		schema.WorkspacePrefix:       readBy(l.workspaces),
		schema.AddressPrefix: readBy(byID(func(ctx context.Context, ids []string) ([]*ent.Address, error) {
			return c.Address.Query().Where(access.AnyOf(address.FieldID, ids)).All(ctx)
		}, func(row *ent.Address) string { return row.ID })),
		schema.APIKeyPrefix: readBy(byID(func(ctx context.Context, ids []string) ([]*ent.ApiKey, error) {
			return c.ApiKey.Query().Where(access.AnyOf(apikey.FieldID, ids)).All(ctx)
		}, func(row *ent.ApiKey) string { return row.ID })),
		schema.ContactPointPrefix: readBy(byID(func(ctx context.Context, ids []string) ([]*ent.ContactPoint, error) {
			return c.ContactPoint.Query().Where(access.AnyOf(contactpoint.FieldID, ids)).All(ctx)
		}, func(row *ent.ContactPoint) string { return row.ID })),
		schema.IdentifierPrefix: readBy(byID(func(ctx context.Context, ids []string) ([]*ent.Identifier, error) {
			return c.Identifier.Query().Where(access.AnyOf(identifier.FieldID, ids)).All(ctx)
		}, func(row *ent.Identifier) string { return row.ID })),
		schema.WorkspaceProfilePrefix: readBy(byID(func(ctx context.Context, ids []string) ([]*ent.WorkspaceProfile, error) {
			return c.WorkspaceProfile.Query().Where(access.AnyOf(workspaceprofile.FieldID, ids)).All(ctx)
		}, func(row *ent.WorkspaceProfile) string { return row.ID })),
	}
}

func readBy[T any](l *loader[string, *T]) nodeReader {
	return func(ctx context.Context, ids []string, found map[string]page.Node) error {
		rows, err := l.prime(ctx, ids)
		for id, row := range rows {
			if row != nil {
				found[id] = row
			}
		}
		return err
	}
}
