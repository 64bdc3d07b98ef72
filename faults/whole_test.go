//go:build faults

package faults_test

import (
	"database/sql"
	"strings"
	"testing"
)

// whole sees that nothing that was acknowledged is lost, nothing was done twice, and no record is handed over by half.
func (w *writers) whole(t *testing.T, database string) {
	t.Helper()
	db := dial(t, database)
	w.nothingLost(t, db)
	for what, query := range map[string]string{
		"a profile was made twice":           `SELECT family_name FROM profiles GROUP BY family_name HAVING count(*) > 1`,
		"a record was opened twice":          `SELECT title FROM records GROUP BY title HAVING count(*) > 1`,
		"a record was offered twice":         `SELECT record_id FROM transfers GROUP BY record_id HAVING count(*) > 1`,
		"a thing happened twice":             `SELECT object_id FROM events GROUP BY type, object_id HAVING count(*) > 1`,
		"a profile without its event":        `SELECT id FROM profiles WHERE id NOT IN (SELECT object_id FROM events WHERE type = 'profile.created')`,
		"a key taken without its outcome":    `SELECT key_hash FROM idempotency_keys GROUP BY professional_id, key_hash HAVING count(*) <> 2`,
		"owner and workspace disagree":       `SELECT r.id FROM records r JOIN principals p ON p.id = r.owner_id WHERE p.workspace_id <> r.workspace_id`,
		"a hand-over without its acceptance": `SELECT r.id FROM records r WHERE (r.owner_epoch = 2) <> EXISTS (SELECT 1 FROM transfers x WHERE x.record_id = r.id AND x.status = 'ACCEPTED' AND x.new_owner_id = r.owner_id)`,
		"a record without its profile":       `SELECT r.id FROM records r WHERE NOT EXISTS (SELECT 1 FROM record_links l WHERE l.record_id = r.id)`,
	} {
		if rows := column(t, db, query); len(rows) > 0 {
			t.Errorf("%s, %d times: %s", what, len(rows), rows[0])
		}
	}
}

// nothingLost looks for each acknowledged id in its table.
func (w *writers) nothingLost(t *testing.T, db *sql.DB) {
	t.Helper()
	there := map[string]bool{}
	for what, query := range map[string]string{
		"profile": `SELECT id FROM profiles`, "record": `SELECT id FROM records`,
		"offer": `SELECT id FROM transfers`, "transfer": `SELECT id FROM transfers WHERE status = 'ACCEPTED'`,
	} {
		for _, id := range column(t, db, query) {
			there[what+" "+id] = true
		}
	}
	for name, id := range w.acked {
		what, _, _ := strings.Cut(name, " ")
		if !there[what+" "+id] {
			t.Errorf("%s was acknowledged as %s, and is lost", name, id)
		}
	}
	if len(w.acked) == 0 {
		t.Error("nothing was acknowledged: nothing was tried")
	}
}
