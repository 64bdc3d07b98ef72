package access_test

import (
	"context"
	"database/sql"
	"sync"
	"testing"

	_ "github.com/lib/pq" // the driver of the raw connections here
)

// The crowd: 500 workspaces, of which the first holds four in a hundred of all
// profiles and the last one in a thousand, with 4 professionals and 3 units each;
// 100,000 profiles, 150,000 records, 250,000 links, 50,000 shares, 50,000
// contacts, 100,000 contact links.
//
// A thing of number n is at home where crowd_home(n / all) says, so that a record
// links profiles of its own workspace. Shares cross.
const crowdPlaces = `
CREATE FUNCTION crowd_id(prefix text, n bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
  $$ SELECT prefix || '_01' || lpad(to_hex(n), 24, '0') $$;
CREATE FUNCTION crowd_home(part float8) RETURNS bigint LANGUAGE sql IMMUTABLE AS
  $$ SELECT floor(500 * part * part)::bigint $$;
-- Where n may be owned: by one of four professionals, or each tenth by one of three units.
CREATE FUNCTION crowd_owner(home bigint, n bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
  $$ SELECT CASE WHEN n % 10 = 0 THEN crowd_id('unit', home * 3 + n / 10 % 3) ELSE crowd_id('pro', home * 4 + n % 4) END $$;

INSERT INTO workspaces (id, created_at, updated_at, name, kind, policies)
SELECT crowd_id('ws', n), now(), now(), 'Workspace ' || n, 'ORGANIZATION', '{}' FROM generate_series(0, 499) n;

INSERT INTO institutions (id, created_at, updated_at, name, sort_name, kind, workspace_id)
SELECT crowd_id('inst', n), now(), now(), 'School ' || n, 'school ' || n, 'SCHOOL', crowd_id('ws', n / 2)
FROM generate_series(0, 999) n;

INSERT INTO professionals (id, created_at, updated_at, name, sort_name, roles, directory_scope, directory_right,
                           institution_ids, status, workspace_id)
SELECT crowd_id('pro', n), now(), now(), 'Professional ' || n, 'professional ' || n,
       CASE WHEN n % 4 = 3 THEN '["COORDINATOR"]' ELSE '["PRACTITIONER"]' END::jsonb,
       'ALL', CASE WHEN n % 4 = 2 THEN 'READ' ELSE 'NONE' END, '[]', 'ACTIVE', crowd_id('ws', n / 4)
FROM generate_series(0, 1999) n;

INSERT INTO units (id, created_at, updated_at, kind, name, sort_name, workspace_id)
SELECT crowd_id('unit', n), now(), now(), 'TEAM', 'Team ' || n, 'team ' || n, crowd_id('ws', n / 3)
FROM generate_series(0, 1499) n;

-- The second professional of each workspace is in all three of its units.
INSERT INTO unit_members (id, created_at, steward, started_at, unit_id, professional_id)
SELECT crowd_id('umem', n), now(), false, now(), crowd_id('unit', n), crowd_id('pro', n / 3 * 4 + 1)
FROM generate_series(0, 1499) n;

INSERT INTO principals (id, kind, workspace_id)
SELECT id, 'WORKSPACE', id FROM workspaces
UNION ALL SELECT id, 'PROFESSIONAL', workspace_id FROM professionals
UNION ALL SELECT id, 'UNIT', workspace_id FROM units;
`

// crowdTables are the large ones, each filled by itself.
var crowdTables = map[string]string{
	"profiles": `
INSERT INTO profiles (id, created_at, created_by_id, updated_at, kind, given_name, family_name, former_names, sort_name,
                      languages, field_versions, home_workspace_id, institution_id)
SELECT crowd_id('prof', n), now() - n * interval '1 second', crowd_id('pro', home * 4 + n % 4), now() - n * interval '1 second',
       'STUDENT', 'Given', 'Family', '[]', substr(md5(n::text), 1, 12), '[]', '{}', crowd_id('ws', home),
       crowd_id('inst', home * 2 + n % 2)
FROM (SELECT n, crowd_home(n / 100000.0) AS home FROM generate_series(0, 99999) n) p;`,

	"records": `
INSERT INTO records (id, created_at, created_by_id, updated_at, number, title, kind, field_versions, workspace_id, owner_id)
SELECT crowd_id('rec', n), now() - n * interval '1 second', crowd_id('pro', home * 4), now() - n * interval '1 second',
       n::text, 'Record ' || n, 'INDIVIDUAL', '{}', crowd_id('ws', home), crowd_owner(home, n)
FROM (SELECT n, crowd_home(n / 150000.0) AS home FROM generate_series(0, 149999) n) r;`,

	// Each record links a profile, two of three link another; each tenth link has ended.
	"record_links": `
INSERT INTO record_links (id, updated_at, role, linked_at, unlinked_at, record_id, profile_id)
SELECT crowd_id('link', n), now(), CASE WHEN n < 150000 THEN 'PRIMARY' ELSE 'SECONDARY' END, now() - n * interval '1 second',
       CASE WHEN n % 10 = 7 THEN now() END, crowd_id('rec', n % 150000),
       crowd_id('prof', (n % 150000 * 2 / 3 + n / 150000 * 11) % 100000)
FROM generate_series(0, 249999) n;`,

	// Half of the shares go to a unit or a professional of another workspace.
	"shares": `
INSERT INTO shares (id, created_at, updated_at, level, starts_at, status, epoch, record_id, grantee_id)
SELECT crowd_id('share', n), now(), now(), (ARRAY['READ', 'WRITE', 'FULL'])[1 + n % 3], now() - interval '1 hour',
       (ARRAY['ACTIVE', 'ACTIVE', 'ACTIVE', 'REVOKED', 'PENDING'])[1 + n % 5], 1, crowd_id('rec', n * 3),
       crowd_owner(CASE WHEN n % 2 = 0 THEN crowd_home(n / 50000.0) ELSE n * 7919 % 500 END, n / 2)
FROM generate_series(0, 49999) n;`,

	"contacts": `
INSERT INTO contacts (id, created_at, created_by_id, updated_at, given_name, sort_name, languages, field_versions, home_workspace_id)
SELECT crowd_id('cont', n), now(), crowd_id('pro', home * 4 + n % 4), now(), 'Guardian', substr(md5(n::text), 1, 12), '[]', '{}',
       crowd_id('ws', home)
FROM (SELECT n, crowd_home(n / 50000.0) AS home FROM generate_series(0, 49999) n) c;`,

	"contact_links": `
INSERT INTO contact_links (id, created_at, updated_at, relationship, channels, profile_id, contact_id)
SELECT crowd_id('cl', n), now(), now(), 'PARENT', '[]', crowd_id('prof', n), crowd_id('cont', n / 2)
FROM generate_series(0, 99999) n;`,
}

// gather fills a database with the crowd. Indexes are made after the rows, and
// foreign keys are not looked at, row by row: the statements are right.
func gather(t *testing.T, url string) {
	t.Helper()
	db := openSQL(t, url+"&session_replication_role=replica&work_mem=64MB&maintenance_work_mem=128MB")
	if _, err := db.ExecContext(t.Context(), crowdPlaces); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for table, fill := range crowdTables {
		wg.Go(func() {
			if err := gatherTable(t.Context(), db, table, fill); err != nil {
				t.Errorf("%s: %v", table, err)
			}
		})
	}
	wg.Wait()
	if _, err := db.ExecContext(t.Context(), "ANALYZE"); err != nil || t.Failed() {
		t.Fatal(err)
	}
}

func gatherTable(ctx context.Context, db *sql.DB, table, fill string) error {
	const indexes = `SELECT string_agg('DROP INDEX ' || quote_ident(indexname), ';'), string_agg(indexdef, ';')
		FROM pg_indexes WHERE tablename = $1 AND indexname NOT LIKE '%_pkey'`
	var drop, create string
	if err := db.QueryRowContext(ctx, indexes, table).Scan(&drop, &create); err != nil {
		return err
	}
	for _, statement := range []string{drop, fill, create} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

func openSQL(t *testing.T, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}
