package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"time"
)

// workload is one thing that a front end asks for. Its document is workloads/<document>.graphql, and its operation is
// named like that.
type workload struct {
	name, document, title string
	viewers               []string                                                    // who asks; the first is measured at every number of connections, the others at 16
	keys                  string                                                      // the variables of each request, a column for each, for the viewer $1
	strangers             string                                                      // more keys, of what the viewer has no right to: compared, not measured
	finish                func(key map[string]any)                                    // makes of a row what the variables are
	change                bool                                                        // whether it writes
	before                func(ctx context.Context, d *database, viewer string) error // what must be there first
}

// readKeys is how many different requests a workload that reads has; one that writes has what its query finds.
const readKeys = 64

// workloads are measured in this order.
func workloads() []workload {
	return []workload{
		{
			name: "Point", document: "Point", title: "point read: 8 scalars of one profile",
			viewers: []string{"owner", "team", "directory"}, keys: ordinaryProfiles, strangers: otherProfiles,
		},
		{
			name: "Overview", document: "Overview", title: "centralized view of an ordinary profile",
			viewers: []string{"owner", "team", "directory"}, keys: ordinaryProfiles, strangers: otherProfiles,
		},
		{
			name: "Crowded", document: "Overview", title: "centralized view of a crowded profile: 20 records with 8 profiles each",
			viewers: []string{"team"}, keys: crowdedProfiles,
		},
		{
			name: "Page", document: "Page", title: "page of 50 profiles by name, each with the number of its records and its first 3 contacts",
			viewers: []string{"owner", "team", "directory"}, keys: `SELECT 50 AS first FROM professionals WHERE id = $1`,
		},
		{
			name: "Record", document: "Record", title: "a record with 8 profiles, their contacts and how to reach those",
			viewers: []string{"team"}, keys: `SELECT r.id FROM records r WHERE ` + theirs + ` AND
				(SELECT count(*) FROM record_links l WHERE l.record_id = r.id AND l.unlinked_at IS NULL) = 8 ORDER BY substr(r.id, 20)`,
		},
		{
			name: "Search", document: "Search", title: "the first 20 profiles by the first 3 letters of a name",
			viewers: []string{"owner", "team", "directory"},
			keys:    `SELECT DISTINCT substr(p.sort_name, 1, 3) AS prefix FROM profiles p WHERE p.id IN (SELECT id FROM (` + ordinaryProfiles + `) drawn)`,
		},
		{
			name: "Fan", document: "Fan", title: "50 profiles with 20 records each and 5 profiles in each of those",
			viewers: []string{"team"}, finish: cursorAfter,
			keys: `SELECT p.id, p.created_at FROM profiles p JOIN (` + crowdedProfiles + `) c ON c.id = p.id ORDER BY p.created_at, p.id`,
		},
	}
}

// theirs keeps the records r that the viewer or a unit of theirs owns.
const theirs = `r.status <> 'BINNED' AND r.owner_id IN
	(SELECT CAST($1 AS varchar) UNION ALL SELECT unit_id FROM unit_members WHERE professional_id = $1 AND ended_at IS NULL)`

// linksOf is the number of live links of the profile p.
const linksOf = `(SELECT count(*) FROM record_links x WHERE x.profile_id = p.id AND x.unlinked_at IS NULL)`

// ordinaryProfiles draws from what hangs on the viewer's records, or is in their directory.
const ordinaryProfiles = `SELECT p.id FROM profiles p WHERE (
	p.id IN (SELECT l.profile_id FROM records r JOIN record_links l ON l.record_id = r.id AND l.unlinked_at IS NULL WHERE ` + theirs + `)
	OR p.home_workspace_id IN (SELECT q.workspace_id FROM professionals q WHERE q.id = $1 AND q.directory_right <> 'NONE'))
	AND ` + linksOf + ` BETWEEN 1 AND 5 ORDER BY substr(p.id, 20), p.id LIMIT 64`

// otherProfiles are at home elsewhere; now and then one is shared with the viewer.
const otherProfiles = `SELECT p.id FROM profiles p JOIN professionals q ON q.id = $1
	WHERE p.home_workspace_id <> q.workspace_id ORDER BY substr(p.id, 20), p.id LIMIT 5`

// crowdedProfiles are part of 20 records of the viewer's or more.
const crowdedProfiles = `SELECT l.profile_id AS id FROM records r JOIN record_links l ON l.record_id = r.id AND l.unlinked_at IS NULL
	WHERE ` + theirs + ` GROUP BY l.profile_id HAVING count(*) >= 20 ORDER BY l.profile_id LIMIT 64`

// cursorAfter makes of a profile the cursor of its place in the order of making.
func cursorAfter(key map[string]any) {
	made, ok := key["created_at"].(time.Time)
	if !ok {
		made, _ = time.Parse("2006-01-02 15:04:05.999999999-07:00", key["created_at"].(string))
	}
	text, _ := json.Marshal(map[string]any{"c": "created_at", "k": made.UTC(), "i": key["id"]}) // it holds texts alone
	key["after"] = base64.RawURLEncoding.EncodeToString(text)
	delete(key, "created_at")
}
