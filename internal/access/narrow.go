package access

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"continuum/schema"
)

// InReadableRecord keeps the rows whose column names a record that the viewer may
// read. A list filters by it on what METADATA does not tell, so that a filter finds
// nothing that its answer would hide.
func InReadableRecord(ctx context.Context, column string) func(*sql.Selector) {
	return func(s *sql.Selector) { s.Where(recordsRead(ctx).in(s.C(column))) }
}

// InReadableProfile keeps the rows whose column names a profile that the viewer sees.
func InReadableProfile(ctx context.Context, column string) func(*sql.Selector) {
	return func(s *sql.Selector) {
		var rows set
		if v := ViewerFrom(ctx); v != nil && v.Has(schema.ScopeProfilesRead) {
			rows = v.readableProfiles()
		}
		s.Where(rows.in(s.C(column)))
	}
}

// InLiveLink keeps the profiles that are, or with not are not, part of a record that
// the viewer may read.
func InLiveLink(ctx context.Context, not bool) func(*sql.Selector) {
	return func(s *sql.Selector) {
		var rows set
		if v := ViewerFrom(ctx); v != nil && v.Has(schema.ScopeRecordsRead) {
			rows = v.reached(`l.profile_id`, joinLinks, ` AND `+liveLink, anyShare)
		}
		p := rows.in(s.C("id"))
		if not {
			p = sql.Not(p)
		}
		s.Where(p)
	}
}

// LinksProfile keeps the records that the viewer may read and that link the profile.
func LinksProfile(ctx context.Context, profileID string) func(*sql.Selector) {
	return func(s *sql.Selector) {
		var rows set
		if v := ViewerFrom(ctx); v != nil && v.Has(schema.ScopeRecordsRead) {
			rows = set{from(`SELECT l.record_id FROM record_links l WHERE l.profile_id = @arg AND `+liveLink+
				` AND l.record_id @set`, profileID, v.readableRecords())}
		}
		s.Where(rows.in(s.C("id")))
	}
}
