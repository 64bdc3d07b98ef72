package graph

import (
	"context"

	"continuum/ent"
	"continuum/graph/page"
	"continuum/schema"
)

// recipientOf is the professional, the unit or the workspace that an id names, as far as
// the viewer may see them.
func recipientOf(ctx context.Context, id string) (page.Recipient, error) {
	if !schema.ValidID(schema.WorkspacePrefix, id) {
		return ownerBy(ctx, id)
	}
	w, err := loadersFrom(ctx).workspaces.load(ctx, id)
	if err != nil || w == nil {
		return nil, err
	}
	return w, nil
}

func maybeRecipient(ctx context.Context, id *string) (page.Recipient, error) {
	if id == nil {
		return nil, nil
	}
	return recipientOf(ctx, *id)
}

func maybeOwner(ctx context.Context, id *string) (page.Owner, error) {
	if id == nil {
		return nil, nil
	}
	return ownerBy(ctx, *id)
}

// recipientsBy are those of the ids that the viewer sees, in their order.
func recipientsBy(ctx context.Context, ids []string) ([]page.Recipient, error) {
	if err := primeRecipients(ctx, loadersFrom(ctx), ids); err != nil {
		return nil, err
	}
	there := make([]page.Recipient, 0, len(ids))
	for _, id := range ids {
		who, err := recipientOf(ctx, id)
		if err != nil {
			return nil, err
		}
		if who != nil {
			there = append(there, who)
		}
	}
	return there, nil
}

// primeRecipients reads whom the ids name: the owners in one statement, the workspaces
// in another.
func primeRecipients(ctx context.Context, l *loaders, ids []string) error {
	var owners, workspaces []string
	for _, id := range ids {
		if schema.ValidID(schema.WorkspacePrefix, id) {
			workspaces = append(workspaces, id)
		} else {
			owners = append(owners, id)
		}
	}
	if _, err := l.owners.prime(ctx, owners); err != nil {
		return err
	}
	_, err := l.workspaces.prime(ctx, workspaces)
	return err
}

// allOf are the rows of the ids that the viewer sees, in their order.
func allOf[T any](ctx context.Context, l *loader[string, *T], ids []string) ([]*T, error) {
	found, err := l.prime(ctx, ids)
	if err != nil {
		return nil, err
	}
	there := make([]*T, 0, len(ids))
	for _, id := range ids {
		if row := found[id]; row != nil {
			there = append(there, row)
		}
	}
	return there, nil
}

// profilesBy are the profiles of the ids that the viewer sees, with what is selected
// below them.
func profilesBy(ctx context.Context, ids []string) ([]*ent.Profile, error) {
	rows, err := allOf(ctx, loadersFrom(ctx).profiles, ids)
	if err != nil {
		return nil, err
	}
	return rows, below(ctx).profiles(rows)
}
