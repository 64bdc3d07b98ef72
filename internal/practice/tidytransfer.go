package practice

import (
	"context"
	"slices"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/ent/notification"
	"continuum/ent/predicate"
	"continuum/ent/transfer"
	"continuum/internal/access"
)

// overTransfers are the transfers that are over although nobody has answered them.
type overTransfers struct {
	which  func(context.Context) predicate.Transfer
	status transfer.Status
	typ    string
	kind   notification.Kind
}

// The two ways in which a transfer ends by itself. One that is both has expired.
var (
	expiredTransfers = overTransfers{
		func(ctx context.Context) predicate.Transfer { return transfer.ExpiresAtLTE(access.Now(ctx)) },
		transfer.StatusEXPIRED, "transfer.expired", notification.KindTRANSFER_EXPIRED,
	}
	voidTransfers = overTransfers{
		func(ctx context.Context) predicate.Transfer {
			return transfer.And(transfer.ExpiresAtGT(access.Now(ctx)), that(overtaken))
		},
		transfer.StatusINVALIDATED, "transfer.invalidated", notification.KindTRANSFER_INVALIDATED,
	}
)

// unanswered keeps the transfers that wait for an answer. The words are those of the index that finds them.
func unanswered(s *sql.Selector) {
	s.Where(sql.ExprP(s.C(transfer.FieldStatus) + " IN ('OFFERED', 'REQUESTED')"))
}

func (o overTransfers) due(ctx context.Context, client *ent.Client, recordID string) ([]string, error) {
	return client.Transfer.Query().
		Where(unanswered, o.which(ctx), ofRecord(recordID)).
		Order(ent.Asc(transfer.FieldExpiresAt)).
		Limit(tidiedAtOnce).
		IDs(ctx)
}

func (o overTransfers) end(ctx context.Context, w *work, id string) (bool, error) {
	found, err := w.Transfer.Query().Where(transfer.ID(id), unanswered, o.which(ctx)).All(ctx)
	if err != nil || len(found) == 0 {
		return false, err
	}
	row := found[0]
	ended, err := w.Transfer.Update().
		Where(transfer.ID(id), transfer.StatusEQ(row.Status)).
		SetStatus(o.status).
		SetAnsweredAt(access.Now(ctx)).
		AddVersion(1).
		Save(ctx)
	if err != nil || ended == 0 {
		return false, err
	}
	concerned := []string{row.FromID, row.ToID}
	// An offer that nobody answered leaves a record that somebody wanted to give away: whoever runs the day
	// of the two workspaces looks after it.
	if o.status == transfer.StatusEXPIRED && row.Status == transfer.StatusOFFERED {
		concerned = append(concerned, row.FromWorkspaceID, row.ToWorkspaceID)
	}
	people, err := w.behind(ctx, concerned...)
	if err != nil {
		return false, err
	}
	var to []string
	for _, principal := range concerned {
		to = slices.Concat(to, people[principal])
	}
	return true, w.tell(ctx, o.typ, id, transferTopics(row), notice{kind: o.kind, to: to, record: row.RecordID, transfer: id})
}
