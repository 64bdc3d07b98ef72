package practice

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
)

// emit leaves the one event of a change that nobody is told of: what happened to which
// object, and the ids of everything whose screens show it. Events name ids, never a person.
func (w *work) emit(ctx context.Context, typ, object string, topics ...string) error {
	return w.tell(ctx, typ, object, topics)
}

// withRecords adds to a profile the records that it is part of, also those that the
// viewer may not see: their open screens show the profile. The ids go into an event,
// never into an answer.
func withRecords(s *sql.Selector) {
	withList("record_links", "profile_id", " AND x.unlinked_at IS NULL", "x.record_id", "record_id")(s)
}

// emitProfile leaves the event of a change to the own row of a profile that was read
// withRecords.
func (w *work) emitProfile(ctx context.Context, typ string, row *ent.Profile) error {
	links, err := listOf(row, "record_links")
	if err != nil {
		return err
	}
	records := make([]string, len(links))
	for i, link := range links {
		records[i] = link.text(0)
	}
	return w.emit(ctx, typ, row.ID, records...)
}
