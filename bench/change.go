package main

import (
	"context"
	"fmt"
	"time"

	"go.jetify.com/typeid"
)

// changes are the workloads that write. Each of their keys is good once; what a turn wrote is undone after it.
func changes() []workload {
	return []workload{
		{
			name: "Create", document: "Create", title: "create a profile, and a contact around it", change: true,
			viewers: []string{"owner"}, finish: newPerson,
			keys: `SELECT p.given_name, p.family_name FROM profiles p WHERE p.id <> $1 ORDER BY p.id LIMIT 4000`,
		},
		{
			name: "Link", document: "Link", title: "link a profile to a record", change: true,
			viewers: []string{"team"}, finish: input("recordId", "profileId"),
			keys: `SELECT r.id AS "recordId", p.id AS "profileId" FROM records r CROSS JOIN (` + crowdedProfiles + `) p WHERE ` + theirs + ` AND r.status = 'OPEN'
				AND NOT EXISTS (SELECT 1 FROM record_links l WHERE l.record_id = r.id AND l.profile_id = p.id AND l.unlinked_at IS NULL)
				ORDER BY p.id, r.id LIMIT 4000`,
		},
		{
			name: "Update", document: "Update", title: "change one field of a profile", change: true,
			viewers: []string{"team"}, finish: oneField,
			keys: `SELECT p.id, f.field FROM (SELECT 'pronouns' AS field UNION ALL SELECT 'gender' UNION ALL SELECT 'grade' UNION ALL SELECT 'middleName') f
				CROSS JOIN (SELECT DISTINCT l.profile_id AS id FROM records r JOIN record_links l ON l.record_id = r.id AND l.unlinked_at IS NULL
					WHERE ` + theirs + `) p ORDER BY f.field, p.id LIMIT 4000`,
		},
		{
			name: "Share", document: "Share", title: "share a record with a colleague", change: true,
			viewers: []string{"team"}, finish: newShare,
			keys: `SELECT r.id AS "recordId", q.id AS "granteeId" FROM records r JOIN professionals q ON q.workspace_id = r.workspace_id AND q.status = 'ACTIVE'
				WHERE ` + theirs + ` AND r.status = 'OPEN' AND NOT r.confidential AND q.id <> $1
				AND NOT EXISTS (SELECT 1 FROM unit_members m WHERE m.professional_id = q.id)
				AND NOT EXISTS (SELECT 1 FROM shares s WHERE s.record_id = r.id AND s.grantee_id = q.id) ORDER BY q.id, r.id LIMIT 4000`,
		},
		{
			name: "Accept", document: "Accept", title: "accept a record that is offered", change: true,
			viewers: []string{"owner"}, finish: input("id"), before: offerRecords,
			keys: `SELECT t.id FROM transfers t WHERE t.to_id = $1 AND t.status = 'OFFERED' ORDER BY t.id LIMIT 2000`,
		},
	}
}

// input moves columns of the key into the one variable of most changes.
func input(columns ...string) func(map[string]any) {
	return func(key map[string]any) {
		in := map[string]any{}
		for _, column := range columns {
			in[column] = key[column]
			delete(key, column)
		}
		key["input"] = in
	}
}

func newID(prefix string) string { return typeid.Must(typeid.WithPrefix(prefix)).String() }

func newPerson(key map[string]any) {
	id := newID("prof")
	given, family := key["given_name"], key["family_name"]
	clear(key)
	key["profile"] = map[string]any{
		"id": id, "givenName": given, "familyName": family, "birthDate": "2014-05-06",
		"contactPoints": []any{map[string]any{"kind": "EMAIL", "value": "someone@example.org", "preferred": true}},
	}
	key["contact"] = map[string]any{
		"id": newID("cont"), "givenName": given, "familyName": family,
		"contactPoints": []any{map[string]any{"kind": "EMAIL", "value": "parent@example.org", "preferred": true}},
		"links":         []any{map[string]any{"profileId": id, "relationship": "MOTHER", "emergencyRank": 1}},
	}
}

func oneField(key map[string]any) {
	key["input"] = map[string]any{"id": key["id"], "expectedVersion": 1, key["field"].(string): "as said"}
	delete(key, "id")
	delete(key, "field")
}

func newShare(key map[string]any) {
	input("recordId", "granteeId")(key)
	in := key["input"].(map[string]any)
	in["id"], in["level"] = newID("share"), "READ"
}

// offerRecords offers the viewer records of their colleagues.
func offerRecords(ctx context.Context, d *database, viewer string) error {
	rows, err := d.rows(ctx, `SELECT r.id, r.owner_id, r.workspace_id FROM records r JOIN professionals me ON me.id = $1 AND me.workspace_id = r.workspace_id
		WHERE r.status = 'OPEN' AND NOT r.confidential AND r.owner_id LIKE 'pro_%' AND r.owner_id <> $1
		AND NOT EXISTS (SELECT 1 FROM transfers t WHERE t.record_id = r.id) ORDER BY r.id LIMIT 2000`, 2000, viewer)
	if err != nil {
		return err
	}
	tx, err := d.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	now := time.Now().UTC().Truncate(time.Microsecond)
	for _, r := range rows {
		_, err := tx.ExecContext(ctx, `INSERT INTO transfers (id, created_at, created_by_id, updated_at, mode, from_workspace_id, to_workspace_id, status,
			base_epoch, shares_default, share_plan, expires_at, record_id, from_id, to_id)
			SELECT $1, $2, r.owner_id, $2, 'OFFER', r.workspace_id, r.workspace_id, 'OFFERED', r.owner_epoch, 'KEEP', '{}', $3, r.id, r.owner_id, $4
			FROM records r WHERE r.id = $5`, newID("xfer"), now, now.AddDate(0, 1, 0), viewer, r["id"])
		if err != nil {
			_ = tx.Rollback() // the first error tells more
			return fmt.Errorf("offer a record: %w", err)
		}
	}
	return tx.Commit()
}

// undo takes back what the changes wrote since an instant; the data is older.
func (d *database) undo(ctx context.Context, since time.Time) error {
	for _, text := range []string{
		`DELETE FROM notifications WHERE created_at >= $1`,
		`DELETE FROM events WHERE created_at >= $1`,
		`DELETE FROM contact_links WHERE created_at >= $1`,
		`DELETE FROM contact_points WHERE created_at >= $1`,
		`DELETE FROM contacts WHERE created_at >= $1`,
		`DELETE FROM record_links WHERE linked_at >= $1`,
		`DELETE FROM profiles WHERE created_at >= $1`,
		`DELETE FROM shares WHERE created_at >= $1`,
		`UPDATE profiles SET version = 1, field_versions = '{}', pronouns = NULL, gender = NULL, middle_name = NULL WHERE updated_at >= $1`,
		`UPDATE shares SET status = CASE WHEN status = 'REVOKED' THEN 'ACTIVE' ELSE status END, ended_at = NULL, ended_by_id = NULL, end_reason = NULL, epoch = 1, version = 1
			WHERE updated_at >= $1 AND record_id IN (SELECT record_id FROM transfers WHERE status = 'ACCEPTED')`,
		`UPDATE records SET owner_epoch = 1, owner_id = (SELECT t.from_id FROM transfers t WHERE t.record_id = records.id AND t.status = 'ACCEPTED')
			WHERE updated_at >= $1 AND id IN (SELECT record_id FROM transfers WHERE status = 'ACCEPTED')`,
		`UPDATE transfers SET status = 'OFFERED', version = 1, answered_at = NULL, answered_by_id = NULL, new_owner_id = NULL
			WHERE updated_at >= $1 AND status = 'ACCEPTED'`,
	} {
		if _, err := d.ExecContext(ctx, text, since); err != nil {
			return fmt.Errorf("undo: %w", err)
		}
	}
	return nil
}
