package access

import (
	"time"

	"continuum/ent/professional"
	"continuum/schema"
)

// audience turns the access function round: it asks, of some records, who reaches them,
// as of now or as of a moment that has passed. Then it goes by what is dated: owners,
// shares, memberships, emergency accesses; what is not dated (roles, directory rights,
// stewards, the bin, confidentiality, suspensions) is left out of account.
//
// A viewer learns nobody's name of another workspace but the owner's and those that a
// share names: its units stand for their members there.
type audience struct {
	v       *Viewer
	records []string
	at      time.Time
	past    bool
}

// join makes one text of several, with the arguments of all.
func join(parts ...branch) branch {
	var whole branch
	for _, part := range parts {
		whole.text += part.text
		whole.args = append(whole.args, part.args...)
	}
	return whole
}

// when is the first of two texts for now, and the second for a past moment, which it
// takes as each of its arguments.
func (a audience) when(now, past string, times int) branch {
	if !a.past {
		return branch{text: now}
	}
	b := branch{text: past}
	for range times {
		b.args = append(b.args, a.at)
	}
	return b
}

// inside is the workspace whose units and people the viewer knows: theirs, for a
// sign-in that may read it.
func (a audience) inside() string {
	if !a.v.Has(schema.ScopeWorkspaceRead) {
		return ""
	}
	return a.v.WorkspaceID
}

// next is a column of the first hand-over after the moment: what it ended.
func next(column string) string {
	return `COALESCE((SELECT t.` + column + handedOver + ` AND t.answered_at > @arg ORDER BY t.answered_at, t.id LIMIT 1), `
}

// asTheyWere are the records r, each with the owner, workspace and epoch of the moment.
func (a audience) asTheyWere() branch {
	these := from(` FROM records r WHERE r.id @in`, a.records)
	return join(
		a.when(`SELECT r.id, r.owner_id, r.workspace_id, r.owner_epoch, r.status, r.confidential`,
			`SELECT r.id, `+next("from_id")+`r.owner_id) AS owner_id, `+next("from_workspace_id")+`r.workspace_id) AS workspace_id, `+
				next("base_epoch")+`r.owner_epoch) AS owner_epoch, 'OPEN' AS status, FALSE AS confidential`, 3),
		these, a.when(``, ` AND r.created_at <= @arg`, 1))
}

// of selects from the records r and what is joined to them.
func (a audience) of(columns string, joined ...branch) branch {
	return join(append([]branch{{text: `SELECT ` + columns + `, r.id AS record_id FROM (`}, a.asTheyWere(), {text: `) r`}}, joined...)...)
}

// professional joins the professional q whom a column names, if they may act.
func (a audience) professional(column string) branch {
	return a.when(` JOIN professionals q ON q.id = `+column+` AND q.status = 'ACTIVE'`+
		` JOIN workspaces w ON w.id = q.workspace_id AND w.status = 'ACTIVE'`,
		` JOIN professionals q ON q.id = `+column+` AND q.status <> 'INVITED' AND (q.status <> 'ENDED' OR q.ended_at > @arg)`, 1)
}

// members joins the members m of a unit u of the viewer's workspace that a column names.
func (a audience) members(column string) branch {
	return join(from(` JOIN units u ON u.id = `+column+` AND u.workspace_id = @arg JOIN unit_members m ON m.unit_id = u.id`, a.inside()),
		a.when(` AND m.ended_at IS NULL`, ` AND m.started_at <= @arg AND (m.ended_at IS NULL OR m.ended_at > @arg)`, 2),
		a.professional(`m.professional_id`))
}

// group joins the unit or the workspace y of which a column names the id, but for the
// units of the viewer's workspace.
func (a audience) group(column string) branch {
	return join(from(` JOIN principals y ON y.id = `+column+` AND (y.kind = 'WORKSPACE' OR y.kind = 'UNIT' AND y.workspace_id <> @arg)`, a.inside()),
		a.when(` JOIN workspaces w ON w.id = y.workspace_id AND w.status = 'ACTIVE'`, ``, 0))
}

// shares joins the shares s that hold. Of those that are over, only an end that is dated
// tells that they held; one that was never accepted gave nothing.
func (a audience) shares() branch {
	return join(from(` JOIN shares s ON s.record_id = r.id AND s.starts_at <= @arg AND (s.expires_at IS NULL OR s.expires_at > @arg)`, a.at, a.at),
		a.when(` AND s.status = 'ACTIVE' AND s.epoch = r.owner_epoch AND r.status <> 'BINNED'`,
			` AND (s.status = 'ACTIVE' OR s.status IN ('REVOKED', 'EXPIRED', 'LEFT') AND s.ended_at > @arg) AND s.epoch >= r.owner_epoch`, 1))
}

// What a chain takes from the rows of a branch, after its level.
const (
	named   = `, 0 AS access, 'OWNER' AS reason, q.id AS professional_id, '' AS recipient_id, '' AS unit_id, '' AS membership_id, '' AS share_id, '' AS emergency_id`
	staffed = `, 0, 'UNIT', q.id, '', u.id, m.id, '', ''`
	owning  = `, 0, 'UNIT', '', y.id, y.id, '', '', ''`
	given   = `, 0, 'SHARE', q.id, s.grantee_id, '', '', s.id, ''`
	joined  = `, 0, 'SHARE', q.id, s.grantee_id, u.id, m.id, s.id, ''`
	sent    = `, 0, 'SHARE', '', s.grantee_id, CASE WHEN y.kind = 'UNIT' THEN y.id ELSE '' END, '', s.id, ''`
	opened  = `, 0, 'EMERGENCY', q.id, '', '', '', '', e.id`
	watched = `, 0, 'OVERSIGHT', q.id, '', '', '', '', ''`
)

// readers gives, of each record, everybody who reads it, one row per reason.
func (a audience) readers() set {
	return set{
		a.of(`5 AS level`+named, a.professional(`r.owner_id`)),
		a.of(`CASE WHEN m.steward THEN 5 ELSE 4 END`+staffed, a.members(`r.owner_id`),
			branch{text: ` WHERE m.steward OR r.status <> 'BINNED'`}),
		a.of(`5`+owning, a.group(`r.owner_id`)),
		a.of(shareLevel+given, a.shares(), a.professional(`s.grantee_id`)),
		a.of(shareLevel+joined, a.shares(), a.members(`s.grantee_id`)),
		a.of(shareLevel+sent, a.shares(), a.group(`s.grantee_id`)),
		a.of(`2`+opened, from(` JOIN emergency_accesses e ON e.record_id = r.id AND e.workspace_id = r.workspace_id AND e.workspace_id = @arg`+
			` AND e.started_at <= @arg AND e.ends_at > @arg AND NOT r.confidential AND r.status <> 'BINNED'`,
			a.v.WorkspaceID, a.at, a.at), a.professional(`e.professional_id`)),
	}
}

// overseers are those who know that the records of the viewer's workspace exist.
func (a audience) overseers() set {
	if a.past {
		return nil
	}
	return set{a.of(`1`+watched, from(` JOIN professionals q ON q.workspace_id = r.workspace_id AND q.workspace_id = @arg AND q.status = 'ACTIVE'`+
		` AND (CAST(q.roles AS text) LIKE '%"COORDINATOR"%' OR CAST(q.roles AS text) LIKE '%"ADMINISTRATOR"%')`, a.inside()))}
}

// directory are the colleagues whose directory covers a profile, where the viewer knows
// by the records told of, by its home or by their own directory that it is present in
// the workspace, and the viewer where they made it and nothing links it. That a
// colleague still is a profile's maker would tell that no record links it.
func (a audience) directory(profileID string) set {
	if a.past {
		return nil
	}
	const columns = `, '', '', '', '', '', '' AS record_id`
	const colleagues = ` FROM profiles p JOIN professionals q ON q.workspace_id = @arg AND q.status = 'ACTIVE' AND q.directory_right <> 'NONE'` +
		` AND (q.directory_scope = 'ALL' OR q.directory_scope = 'OWN' AND p.created_by_id = q.id` +
		` OR q.directory_scope = 'INSTITUTIONS' AND CAST(q.institution_ids AS text) LIKE '%"' || p.institution_id || '"%')`
	present := from(` WHERE p.id = @arg AND (p.home_workspace_id = @arg`+
		` OR EXISTS (SELECT 1 FROM records r WHERE r.id @in AND r.workspace_id = @arg)`, profileID, a.inside(), a.records, a.inside())
	if covered := a.v.directoryAmong(professional.DirectoryRightREAD, ``, []string{profileID}); len(covered) > 0 {
		present = join(present, from(` OR p.id @set`, covered))
	}
	return set{
		from(`SELECT 0, 2, 'MAKER', p.created_by_id`+columns+namedUnlinked+` AND p.id = @arg`, a.v.ProfessionalID, a.v.WorkspaceID, profileID),
		join(from(`SELECT 0, CASE q.directory_right WHEN 'EDIT' THEN 2 ELSE 1 END, 'DIRECTORY', q.id`+columns+colleagues, a.inside()),
			present, branch{text: `)`}),
	}
}
