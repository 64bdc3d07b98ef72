package main

import "fmt"

// The rule about seeing, as internal/access/visible.go says it, in the two spellings that a hand would choose from: a
// set of ids, where the viewer's own rows are few and drive the statement, and a condition on a row, where the rows are
// known and few. Every statement carries it, as the server's do: what guards a row is read with the row.

// liveShare and liveEmergency keep what holds at this instant.
const (
	liveShare = `s.grantee_id :principals... AND s.status = 'ACTIVE' AND s.starts_at <= :now
  AND (s.expires_at IS NULL OR s.expires_at > :now) AND s.epoch = r.owner_epoch AND r.status <> 'BINNED'`
	liveEmergency = `e.professional_id = :me AND e.started_at <= :now AND e.ends_at > :now
  AND e.workspace_id = r.workspace_id AND NOT r.confidential AND r.status <> 'BINNED'`
)

// readsRecord is the condition that the viewer reads the record r.
const readsRecord = `(r.owner_id :owns... OR r.owner_id :worked... AND r.status <> 'BINNED'
  OR EXISTS (SELECT 1 FROM shares s WHERE s.record_id = r.id AND ` + liveShare + `)
  OR EXISTS (SELECT 1 FROM emergency_accesses e WHERE e.record_id = r.id AND ` + liveEmergency + `))`

// linkedTo is the condition that a live link leads from the profile p to a record r of which something holds.
func linkedTo(what string) string {
	return `EXISTS (SELECT 1 FROM record_links l JOIN records r ON r.id = l.record_id
  WHERE l.profile_id = p.id AND l.unlinked_at IS NULL AND ` + what + `)`
}

const ownUnlinked = `p.created_by_id = :me AND p.home_workspace_id = :workspace
  AND NOT EXISTS (SELECT 1 FROM record_links x WHERE x.profile_id = p.id AND x.unlinked_at IS NULL)`

// inDirectory says of each scope of a directory which profiles p are in it.
var scopes = map[string]string{
	"":             ``,
	"ALL":          ``,
	"INSTITUTIONS": ` AND p.institution_id :institutions...`,
	"OWN":          ` AND p.created_by_id = :me`,
}

// readsProfile is the condition that the viewer reads the profile p: what costs least is asked first, and its links are
// walked once.
func readsProfile(directory string) string {
	if directory == "" {
		return `(` + linkedTo(readsRecord) + ` OR ` + ownUnlinked + `)`
	}
	in := scopes[directory]
	return `(p.home_workspace_id = :workspace` + in + ` OR ` +
		linkedTo(`(r.workspace_id = :workspace`+in+` OR `+readsRecord+`)`) + ` OR ` + ownUnlinked + `)`
}

// readableRecords is the set of the records that the viewer reads, each once.
const readableRecords = `SELECT r.id FROM records r WHERE r.owner_id :owns...
  UNION SELECT r.id FROM records r WHERE r.owner_id :worked... AND r.status <> 'BINNED'
  UNION SELECT r.id FROM shares s JOIN records r ON r.id = s.record_id WHERE ` + liveShare + `
  UNION SELECT r.id FROM emergency_accesses e JOIN records r ON r.id = e.record_id WHERE ` + liveEmergency

// readableProfiles is the set of the profiles that a viewer without a directory reads, each once, with the number of
// its records that they read.
const readableProfiles = `SELECT l.profile_id AS id, count(*) AS records
  FROM (` + readableRecords + `) r JOIN record_links l ON l.record_id = r.id AND l.unlinked_at IS NULL GROUP BY l.profile_id
  UNION ALL SELECT p.id, 0 FROM profiles p WHERE ` + ownUnlinked

// firstOf joins to the rows before it the first x of each: PostgreSQL goes to them sideways, SQLite by their ids. They
// are called k from then on.
func (e engine) firstOf(table, where, order string, limit int) string {
	if e == postgres {
		return fmt.Sprintf(`CROSS JOIN LATERAL (SELECT x.* FROM %s x WHERE %s ORDER BY %s LIMIT %d) k`, table, where, order, limit)
	}
	return fmt.Sprintf(`JOIN %s k ON k.id IN (SELECT x.id FROM %[1]s x WHERE %s ORDER BY %s LIMIT %d)`, table, where, order, limit)
}

// byDirectory is a statement in the spelling for each scope of a directory.
type byDirectory map[string]*statement

func (e engine) each(text func(directory string) string) byDirectory {
	all := byDirectory{}
	for scope := range scopes {
		all[scope] = e.spell(text(scope))
	}
	return all
}
