package practice

import (
	"time"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/ent/predicate"
	"continuum/ent/record"
	"continuum/ent/share"
	"continuum/ent/transfer"
	"continuum/ent/unit"
)

// What ends by the clock, or because of what happened to something else, is shown as
// ended from that instant on. Its row says so later, when it is tidied.

// ShareStatusAt is where a share stands at an instant.
func ShareStatusAt(s *ent.Share, at time.Time) share.Status {
	lasts := s.Status == share.StatusPENDING || s.Status == share.StatusACTIVE
	if lasts && runOut(s.ExpiresAt, at) {
		return share.StatusEXPIRED
	}
	return s.Status
}

// ShareEnd is when a share ended, nil while it lasts.
func ShareEnd(s *ent.Share, at time.Time) *time.Time {
	if s.EndedAt == nil && ShareStatusAt(s, at) == share.StatusEXPIRED {
		return s.ExpiresAt
	}
	return s.EndedAt
}

// StandingShares keeps the shares that have not ended at an instant: PENDING or ACTIVE,
// not expired, and given or kept under the record's present owner.
func StandingShares(at time.Time) func(*sql.Selector) {
	return func(s *sql.Selector) {
		r := sql.Table(record.Table).As("r")
		same := sql.And(sql.ColumnsEQ(r.C(record.FieldID), s.C(share.FieldRecordID)),
			sql.ColumnsEQ(r.C(record.FieldOwnerEpoch), s.C(share.FieldEpoch)))
		s.Where(sql.And(
			sql.In(s.C(share.FieldStatus), share.StatusPENDING, share.StatusACTIVE),
			sql.Or(sql.IsNull(s.C(share.FieldExpiresAt)), sql.GT(s.C(share.FieldExpiresAt), at)),
			sql.Exists(sql.Dialect(s.Dialect()).Select(r.C(record.FieldID)).From(r).Where(same)),
		))
	}
}

// OfKeptRecords keeps the shares of the records that are not thrown away.
func OfKeptRecords(s *sql.Selector) {
	r := sql.Table(record.Table).As("r")
	s.Where(sql.Exists(sql.Dialect(s.Dialect()).Select(r.C(record.FieldID)).From(r).Where(sql.And(
		sql.ColumnsEQ(r.C(record.FieldID), s.C(share.FieldRecordID)),
		sql.NEQ(r.C(record.FieldStatus), record.StatusBINNED)))))
}

// ConsentInForce says whether a consent counts at an instant.
func ConsentInForce(c *ent.Consent, at time.Time) bool {
	return !c.EffectiveAt.After(at) && !runOut(c.ExpiresAt, at) && c.WithdrawnAt == nil
}

// EmergencyInForce says whether the time of an emergency access runs at an instant.
func EmergencyInForce(e *ent.EmergencyAccess, at time.Time) bool {
	return !e.StartedAt.After(at) && e.EndsAt.After(at)
}

// shownStatus is the column in which a query of transfers tells where each stands.
const shownStatus = "shown_status"

// WithTransferStatus adds to a query of transfers where each of them stands at an
// instant, by the clock and the facts.
func WithTransferStatus(at time.Time) func(*sql.Selector) {
	return func(s *sql.Selector) {
		s.AppendSelectExprAs(sql.ExprFunc(func(b *sql.Builder) { writeStatus(b, s, at) }), shownStatus)
	}
}

// TransferStatusIn keeps the transfers that stand in one of the states at an instant.
func TransferStatusIn(at time.Time, statuses ...transfer.Status) func(*sql.Selector) {
	return func(s *sql.Selector) {
		s.Where(sql.P(func(b *sql.Builder) {
			writeStatus(b, s, at)
			b.WriteString(" IN (")
			for i, status := range statuses {
				if i > 0 {
					b.Comma()
				}
				b.Arg(string(status))
			}
			b.WriteString(")")
		}))
	}
}

// TransferStatus is where a transfer stands, and whether that is known: an open one must
// have been read WithTransferStatus.
func TransferStatus(t *ent.Transfer) (transfer.Status, bool) {
	if t.Status != transfer.StatusOFFERED && t.Status != transfer.StatusREQUESTED {
		return t.Status, true
	}
	shown, err := t.Value(shownStatus)
	if err != nil {
		return t.Status, false
	}
	if text, ok := shown.([]byte); ok {
		return transfer.Status(text), true
	}
	text, ok := shown.(string)
	return transfer.Status(text), ok
}

// writeStatus is the state of a transfer at an instant, as SQL: EXPIRED by the clock;
// INVALIDATED when the record has another owner or was thrown away, or the unit that
// receives is closed; and otherwise what its row says.
func writeStatus(b *sql.Builder, s *sql.Selector, at time.Time) {
	const waits = "('OFFERED', 'REQUESTED')"
	status := s.C(transfer.FieldStatus)
	b.WriteString("CASE WHEN " + status + " NOT IN " + waits + " THEN " + status +
		" WHEN " + s.C(transfer.FieldExpiresAt) + " <= ").Arg(at)
	b.WriteString(" THEN 'EXPIRED' WHEN " + overtaken(s) + " THEN 'INVALIDATED' ELSE " + status + " END")
}

// overtaken is the condition that nobody can accept a transfer any more: the record is in
// the bin or has had another owner since, or the unit that was to receive it is closed.
func overtaken(s *sql.Selector) string {
	return "(EXISTS (SELECT 1 FROM " + record.Table + " x WHERE x.id = " + s.C(transfer.FieldRecordID) +
		" AND (x.status = 'BINNED' OR x.owner_epoch <> " + s.C(transfer.FieldBaseEpoch) + ")) OR " + toClosedUnit(s) + ")"
}

// toClosedUnit is the condition that a transfer is to a unit that was closed.
func toClosedUnit(s *sql.Selector) string {
	return "EXISTS (SELECT 1 FROM " + unit.Table + " x WHERE x.id = " + s.C(transfer.FieldToID) + " AND x.status = 'CLOSED')"
}

// that keeps the transfers on which a condition holds.
func that(condition func(*sql.Selector) string) predicate.Transfer {
	return func(s *sql.Selector) { s.Where(sql.ExprP(condition(s))) }
}
