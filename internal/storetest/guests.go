package storetest

import "entgo.io/ent/dialect/sql"

// MisledLinks keeps the links of records that do not say of whom their profile is a guest, which triggers of the database see to.
func MisledLinks(s *sql.Selector) {
	s.Where(sql.ExprP(`guest_of IS DISTINCT FROM NULLIF((SELECT workspace_id FROM records WHERE id = record_id),
		(SELECT home_workspace_id FROM profiles WHERE id = profile_id))`))
}
