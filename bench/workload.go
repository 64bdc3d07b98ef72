package main

// workload is one thing that a front end asks for. Its document is workloads/<name>.graphql, its operation is named
// like it.
type workload struct {
	name, title string
	viewers     []string // who asks; the first is measured at every number of connections, the others at 16
	keys        string   // the variables of each request, a column for each, for the viewer $1
}

// keysAtMost is how many different requests a workload has.
const keysAtMost = 64

// workloads are measured in this order.
var workloads = []workload{
	{
		name: "Point", title: "point read: 8 scalars of one profile",
		viewers: []string{"owner", "team", "directory"},
		keys:    someProfiles,
	},
	{
		name: "Page", title: "page of 50 profiles by name, each with the number of its records and its first 3 contacts",
		viewers: []string{"owner", "team", "directory"},
		keys:    `SELECT 50 AS first FROM professionals WHERE id = $1`,
	},
}

// someProfiles draws from what hangs on the viewer's own and their units' records, or is in their directory.
const someProfiles = `SELECT id FROM (
	SELECT l.profile_id AS id FROM records r JOIN record_links l ON l.record_id = r.id AND l.unlinked_at IS NULL
		WHERE r.status <> 'BINNED' AND r.owner_id IN (SELECT CAST($1 AS varchar) UNION ALL SELECT unit_id FROM unit_members WHERE professional_id = $1 AND ended_at IS NULL)
	UNION SELECT p.id FROM profiles p JOIN professionals q ON q.id = $1 AND q.directory_right <> 'NONE' AND p.home_workspace_id = q.workspace_id
	) seen ORDER BY substr(id, 20), id`
