package access

import (
	"context"
	"fmt"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/ent/record"
	"continuum/ent/transfer"
	"continuum/schema"
)

// door lets the writes of a hand-over through the guard, for the record that it was
// opened for: its owner, workspace, epoch and number, its shares and transfers, a sealed
// copy, and the home of its profiles. Whoever receives a record has no level on it yet,
// so no other rule would let them.
type door struct{ record string }

type doorKey struct{}

// HandOver opens the door for the record of an open offer, to whoever may accept it:
// the professional it is made to, a member of the unit, those who oversee the workspace.
func HandOver(ctx context.Context, client *ent.Client, transferID string) (context.Context, error) {
	v := ViewerFrom(ctx)
	if v == nil || !v.Has(schema.ScopeRecordsWrite) {
		return nil, ErrRefused
	}
	found, err := client.Transfer.Query().
		Where(transfer.ID(transferID), transfer.StatusEQ(transfer.StatusOFFERED), transfer.ToIDIn(v.Answers()...),
			transfer.ExpiresAtGT(Now(ctx)), ofPresentOwner).
		All(System(ctx, "the guard itself"))
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%w: no open offer to the viewer", ErrRefused)
	}
	return context.WithValue(ctx, doorKey{}, &door{found[0].RecordID}), nil
}

// ofPresentOwner keeps the transfers that were opened by the record's present owner.
func ofPresentOwner(s *sql.Selector) {
	s.Where(sql.ExprP("EXISTS (SELECT 1 FROM records r WHERE r.id = " + s.C(transfer.FieldRecordID) +
		" AND r.owner_epoch = " + s.C(transfer.FieldBaseEpoch) + ")"))
}

// Assign opens the door for a record of the workspace that the viewer oversees.
func Assign(ctx context.Context, client *ent.Client, recordID string) (context.Context, error) {
	v := ViewerFrom(ctx)
	if v == nil || !v.Has(schema.ScopeRecordsWrite) || !v.Oversees() {
		return nil, ErrRefused
	}
	own, err := client.Record.Query().
		Where(record.ID(recordID), record.WorkspaceID(v.WorkspaceID)).
		Exist(System(ctx, "the guard itself"))
	if err != nil {
		return nil, err
	}
	if !own {
		return nil, fmt.Errorf("%w: no record of the viewer's workspace", ErrRefused)
	}
	return context.WithValue(ctx, doorKey{}, &door{recordID}), nil
}

// moved are the columns of a record that a hand-over changes.
var moved = []string{"workspace_id", "owner_id", "owner_epoch", "number", "version", "updated_at", "updated_by_id"}

// throughDoor says whether a change passes by the door, and narrows it to the door's record.
func throughDoor(ctx context.Context, m ent.Mutation) bool {
	d, _ := ctx.Value(doorKey{}).(*door)
	if d == nil {
		return false
	}
	creates, updates := m.Op().Is(ent.OpCreate), m.Op().Is(ent.OpUpdate|ent.OpUpdateOne)
	switch m.Type() {
	case ent.TypeRecord:
		return updates && keepsTo(m, moved) && d.narrow(m, "id")
	case ent.TypeProfile:
		return updates && keepsTo(m, []string{"home_workspace_id", "updated_at"}) && d.narrowProfiles(m)
	case ent.TypeShare, ent.TypeTransfer:
		return creates && d.holds(m) || updates && d.narrow(m, "record_id")
	case ent.TypeSealedCopy:
		return creates && d.holds(m)
	default:
		return false
	}
}

// holds says whether a new row is of the door's record.
func (d *door) holds(m ent.Mutation) bool {
	id, set := m.Field("record_id")
	return set && id == d.record
}

type narrowed interface{ WhereP(...func(*sql.Selector)) }

func (d *door) narrow(m ent.Mutation, column string) bool {
	m.(narrowed).WhereP(sql.FieldEQ(column, d.record))
	return true
}

// narrowProfiles keeps the profiles that the record links.
func (d *door) narrowProfiles(m ent.Mutation) bool {
	linked := set{from(`SELECT l.profile_id FROM record_links l WHERE l.record_id = @arg AND `+liveLink, d.record)}
	m.(narrowed).WhereP(func(s *sql.Selector) { s.Where(linked.in(s.C("id"))) })
	return true
}
