//go:build plans

package graph_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"testing"

	"continuum/internal/seed"
	"continuum/internal/store"
)

// filled is the address of a database of n profiles. It is made where the server has none yet, and left there: a
// throw-away server takes it along.
func filled(t *testing.T, n int) string {
	t.Helper()
	server := os.Getenv("CONTINUUM_TEST_POSTGRES")
	if server == "" {
		t.Fatal("CONTINUUM_TEST_POSTGRES is not set: run make plans")
	}
	db := openSQL(t, server)
	name := fmt.Sprintf("continuum_plans_%d", n)
	var there bool
	if err := db.QueryRowContext(t.Context(), `SELECT count(*) > 0 FROM pg_database WHERE datname = $1`, name).Scan(&there); err != nil {
		t.Fatal(err)
	}
	if !there {
		// Under another name until it is whole.
		execSQL(t, db, `DROP DATABASE IF EXISTS `+name+`_draft`)
		execSQL(t, db, `CREATE DATABASE `+name+`_draft`)
		fill(t, inDatabase(t, server, name+"_draft"), n)
		execSQL(t, db, `ALTER DATABASE `+name+`_draft RENAME TO `+name)
	}
	return inDatabase(t, server, name)
}

func inDatabase(t *testing.T, address, name string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal("the address is not a URL")
	}
	u.Path = "/" + name
	return u.String()
}

func fill(t *testing.T, address string, n int) {
	t.Helper()
	s, err := store.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	err = seed.Bulk(t.Context(), s, n, func(told string) { t.Logf("%d profiles: %s", n, told) })
	if err != nil {
		t.Fatal(err)
	}
	db := openSQL(t, address)
	defer db.Close()
	seat(t, db)
	// As it stands once autovacuum has been by.
	execSQL(t, db, `VACUUM (ANALYZE)`)
}

// largest is the largest workspace, the first of the seed's.
const largest = `(SELECT id FROM workspaces ORDER BY id LIMIT 1)`

// kinds are of each kind, in the largest workspace. Each owns 30 records, one of them for a group.
var kinds = []struct {
	name, roles, scope, right string
	also                      string // SQL, with $1 for the id
	creates                   bool   // whether they make changes as well
}{
	{"owner of 30", `["PRACTITIONER"]`, "OWN", "NONE", ``, true},
	{"member of 5 units", `["PRACTITIONER"]`, "OWN", "NONE", `
		INSERT INTO unit_members (id, created_at, unit_id, professional_id, steward, started_at)
		SELECT 'umem_01' || right(id, 24), now(), id, $1, false, now() FROM
		(SELECT id FROM units WHERE workspace_id = ` + largest + ` ORDER BY md5(id) LIMIT 5) u`, true},
	{"holder of 1,000 shares", `["PRACTITIONER"]`, "OWN", "NONE", `
		INSERT INTO shares (id, created_at, updated_at, level, starts_at, status, epoch, record_id, grantee_id)
		SELECT 'share_01' || right(id, 24), now(), now(), 'READ', now(), 'ACTIVE', owner_epoch, id, $1 FROM
		(SELECT id, owner_epoch FROM records WHERE status <> 'BINNED' ORDER BY number LIMIT 1000) r`, false},
	{"directory of all", `["PRACTITIONER"]`, "ALL", "READ", ``, true},
	{"coordinator", `["COORDINATOR"]`, "OWN", "NONE", ``, false},
	{"administrator", `["ADMINISTRATOR"]`, "OWN", "NONE", ``, false},
	{"administrator, directory", `["ADMINISTRATOR", "PRACTITIONER"]`, "ALL", "EDIT", ``, false},
}

// Who of the kinds is shared with, and who takes over.
const (
	grantee   = 2
	colleague = 4
)

func viewerID(i int) string { return fmt.Sprintf("pro_01%024x", i) }

// seat adds the kinds to the seed's large data.
func seat(t *testing.T, db *sql.DB) {
	t.Helper()
	for i, v := range kinds {
		id := viewerID(i)
		execSQL(t, db, `INSERT INTO professionals
			(id, created_at, updated_at, workspace_id, name, sort_name, roles, directory_scope, directory_right, institution_ids, status)
			VALUES ($1, now(), now(), `+largest+`, $2::text, $2::text, $3, $4, $5, '[]', 'ACTIVE')`, id, v.name, v.roles, v.scope, v.right)
		execSQL(t, db, `INSERT INTO principals (id, kind, workspace_id) VALUES ($1, 'PROFESSIONAL', `+largest+`)`, id)
		for _, some := range []string{
			`kind <> 'GROUP' ORDER BY number LIMIT 29`,
			`kind = 'GROUP' AND (SELECT count(*) FROM record_links l WHERE l.record_id = records.id AND l.unlinked_at IS NULL) = 8 ORDER BY number LIMIT 1`,
		} {
			execSQL(t, db, `UPDATE records SET owner_id = $1, status = 'OPEN', confidential = false WHERE id IN
				(SELECT id FROM records WHERE workspace_id = `+largest+` AND owner_id LIKE 'pro_%' AND owner_id NOT LIKE 'pro_0100000000%' AND `+some+`)`, id)
		}
		if v.also != "" {
			execSQL(t, db, v.also, id)
		}
	}
}

func execSQL(t *testing.T, db *sql.DB, statement string, args ...any) {
	t.Helper()
	if _, err := db.ExecContext(context.WithoutCancel(t.Context()), statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
