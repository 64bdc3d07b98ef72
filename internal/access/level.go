package access

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/ent/professional"
	"continuum/ent/profile"
)

// Level is how far a viewer reaches into a record.
type Level int

// The levels of a record, each of which holds the ones before it.
const (
	None     Level = iota
	Metadata       // it exists: number, title unless confidential, owner, counts
	Read           // all that it holds, and its profiles
	Write          // add notes and documents
	Full           // edit it, link and unlink profiles, manage shares below FULL
	Owner          // everything
)

// Right is what a viewer may do with a profile or a contact.
type Right int

// The rights, each of which holds the ones before it.
const (
	NoRight Right = iota
	ReadRight
	EditRight
)

// ProfileAccess is what a viewer may do with a profile, and the highest level they
// have on a live record that links it.
type ProfileAccess struct {
	Right Right
	Level Level
}

// row is what the levels of a page come back as.
type row struct {
	ID    string `sql:"id"`
	Level int    `sql:"level"`
	Right int    `sql:"access"`
}

// RecordLevels tells the viewer's level on each of the records, in one statement.
// A record that is not in the answer is at None.
func RecordLevels(ctx context.Context, client *ent.Client, ids []string) (map[string]Level, error) {
	levels := make(map[string]Level, len(ids))
	v := ViewerFrom(ctx)
	if v == nil || len(ids) == 0 {
		return levels, nil
	}
	var rows []row
	err := client.Record.Query().Modify(func(s *sql.Selector) {
		best(s, v.recordLevels(ids), "MAX(level) AS level, 0 AS access")
	}).Scan(System(ctx, "the access function itself"), &rows)
	for _, r := range rows {
		levels[r.ID] = Level(r.Level)
		if levels[r.ID] >= Read {
			remember(ctx, recordRead, r.ID)
		}
		if levels[r.ID] >= Full {
			remember(ctx, recordFull, r.ID)
		}
		if levels[r.ID] == Owner {
			remember(ctx, recordOwner, r.ID)
		}
	}
	return levels, err
}

// RecordLevel is the viewer's level on one record.
func RecordLevel(ctx context.Context, client *ent.Client, id string) (Level, error) {
	levels, err := RecordLevels(ctx, client, []string{id})
	return levels[id], err
}

// ProfileAccesses tells what the viewer may do with each of the profiles, in one
// statement. A profile that is not in the answer is not visible.
func ProfileAccesses(ctx context.Context, client *ent.Client, ids []string) (map[string]ProfileAccess, error) {
	found := make(map[string]ProfileAccess, len(ids))
	v := ViewerFrom(ctx)
	if v == nil || len(ids) == 0 {
		return found, nil
	}
	var rows []row
	err := client.Profile.Query().Modify(func(s *sql.Selector) {
		best(s, v.profileLevels(ids), "MAX(level) AS level, MAX(access) AS access")
	}).Scan(System(ctx, "the access function itself"), &rows)
	for _, r := range rows {
		a := ProfileAccessOf(r.Level, r.Right)
		if a.Right == NoRight {
			continue
		}
		found[r.ID] = a
		remember(ctx, profileRead, r.ID)
		if a.Right == EditRight {
			remember(ctx, profileEdit, r.ID)
		}
	}
	return found, err
}

// ProfileAccessOf is what a viewer may do who has this level on a record of the profile's, and this right without one.
func ProfileAccessOf(level, right int) ProfileAccess {
	a := ProfileAccess{Right: Right(right), Level: Level(level)}
	switch {
	case a.Level >= Full:
		a.Right = EditRight
	case a.Level >= Read:
		a.Right = max(a.Right, ReadRight)
	}
	return a
}

// ReadProfile reads columns of a profile; nil where the viewer does not see it. That they do is asked link by link up to the
// first that shows it, where the access function would read them all, and collide with whoever links or unlinks it.
func ReadProfile(ctx context.Context, client *ent.Client, id string, columns ...string) (*ent.Profile, error) {
	found, err := client.Profile.Query().Where(profile.ID(id)).Select(columns...).All(Known(ctx))
	if err != nil || len(found) == 0 {
		return nil, err
	}
	remember(ctx, profileRead, id)
	return found[0], nil
}

// ProfileRight is what the viewer may do with one profile.
func ProfileRight(ctx context.Context, client *ent.Client, id string) (Right, error) {
	found, err := ProfileAccesses(ctx, client, []string{id})
	return found[id].Right, err
}

// ContactRight is the best right that the viewer has through a live link of the contact.
func ContactRight(ctx context.Context, client *ent.Client, id string) (Right, error) {
	v := ViewerFrom(ctx)
	if v == nil {
		return NoRight, nil
	}
	if ok, err := sees(ctx, client, contactEdit, id); err != nil || ok {
		return EditRight, err
	}
	if ok, err := sees(ctx, client, contactRead, id); err != nil || !ok {
		return NoRight, err
	}
	return ReadRight, nil
}

// Colleagues reads those of the professionals that work in the viewer's workspace, in
// one statement.
func Colleagues(ctx context.Context, client *ent.Client, ids []string) (map[string]*ent.Professional, error) {
	found := make(map[string]*ent.Professional, len(ids))
	v := ViewerFrom(ctx)
	if v == nil || len(ids) == 0 {
		return found, nil
	}
	rows, err := client.Professional.Query().
		Where(professional.IDIn(ids...), professional.WorkspaceID(v.WorkspaceID)).
		All(ctx)
	for _, p := range rows {
		found[p.ID] = p
		remember(ctx, colleague, p.ID)
	}
	return found, err
}

// best turns s into the highest of what the branches give, a row per id.
func best(s *sql.Selector, branches set, columns string) {
	*s = *sql.Dialect(s.Dialect()).SelectExpr(sql.Expr("id, " + columns)).
		FromExpr(branches.table()).
		GroupBy("id").
		WithContext(s.Context())
}
