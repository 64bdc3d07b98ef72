package main

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
)

// viewer is who asks: one of three kinds of professionals.
type viewer struct {
	kind         string
	professional string
	key          string
}

// kinds of viewers, and how one is found in the large data.
var kinds = []struct{ name, title, query string }{
	{"owner", "a practitioner who owns 30 records, and is in no unit", `
		SELECT o.id FROM (SELECT r.owner_id AS id, count(*) AS n FROM records r WHERE r.status <> 'BINNED' GROUP BY r.owner_id) o
		JOIN professionals q ON q.id = o.id
		WHERE q.status = 'ACTIVE' AND q.directory_right = 'NONE' AND q.roles NOT LIKE '%COORDINATOR%'
		AND NOT EXISTS (SELECT 1 FROM unit_members m WHERE m.professional_id = q.id)
		ORDER BY abs(o.n - 30), o.id LIMIT 1`},
	{"team", "a member of the unit with the most records, who sees through it and through shares", `
		SELECT m.professional_id FROM unit_members m JOIN (SELECT owner_id, count(*) AS n FROM records GROUP BY owner_id) o ON o.owner_id = m.unit_id
		JOIN professionals q ON q.id = m.professional_id
		WHERE NOT m.steward AND m.ended_at IS NULL AND q.status = 'ACTIVE' AND q.directory_right = 'NONE'
		ORDER BY o.n DESC, m.professional_id LIMIT 1`},
	{"directory", "an administrator of the largest workspace, whose directory is all of it", `
		SELECT q.id FROM professionals q JOIN (SELECT home_workspace_id, count(*) AS n FROM profiles GROUP BY home_workspace_id) h
		ON h.home_workspace_id = q.workspace_id
		WHERE q.directory_scope = 'ALL' AND q.directory_right <> 'NONE' AND q.status = 'ACTIVE' ORDER BY h.n DESC, q.id LIMIT 1`},
}

// viewers finds one of each kind that is wanted, and makes each a key.
func (d *database) viewers(ctx context.Context, program string, wanted []string) ([]viewer, error) {
	var found []viewer
	for _, kind := range kinds {
		if len(wanted) > 0 && !slices.Contains(wanted, kind.name) {
			continue
		}
		v := viewer{kind: kind.name}
		query := strings.ReplaceAll(kind.query, "q.roles", "CAST(q.roles AS text)")
		if err := d.QueryRowContext(ctx, query).Scan(&v.professional); err != nil {
			return nil, fmt.Errorf("find %s: %w", kind.title, err)
		}
		output, err := d.command(ctx, program, "key", "create", v.professional, "--name=bench").Output()
		if err != nil {
			return nil, fmt.Errorf("make a key: %w", err)
		}
		token, _, _ := bytes.Cut(output, []byte("\n"))
		v.key = string(token)
		found = append(found, v)
	}
	return found, nil
}
