package access

import (
	"slices"
	"strings"

	"continuum/ent/professional"
	"continuum/schema"
)

// liveShare keeps the shares s of a record r that hold at this instant: active,
// begun, not expired, given (or kept) under the present owner, and not of a
// binned record.
const liveShare = `s.grantee_id @in AND s.status = 'ACTIVE' AND s.starts_at <= @arg` +
	` AND (s.expires_at IS NULL OR s.expires_at > @arg)` +
	` AND s.epoch = r.owner_epoch AND r.status <> 'BINNED'`

func (v *Viewer) liveShareArgs(more ...any) []any {
	return append(more, v.Principals(), v.At, v.At)
}

// liveEmergency keeps the emergency accesses e to a record r that hold at this
// instant: begun, not over, to a record that is still where it was, and never to a
// confidential or a binned one.
const liveEmergency = `e.professional_id = @arg AND e.started_at <= @arg AND e.ends_at > @arg` +
	` AND e.workspace_id = r.workspace_id AND NOT r.confidential AND r.status <> 'BINNED'`

func (v *Viewer) liveEmergencyArgs(more ...any) []any {
	return append(more, v.ProfessionalID, v.At, v.At)
}

// Conditions that the sets below share.
const (
	fullShare  = ` AND s.level = 'FULL'`
	anyShare   = ``
	shareLevel = `CASE s.level WHEN 'FULL' THEN 4 WHEN 'WRITE' THEN 3 ELSE 2 END`
	liveLink   = `l.unlinked_at IS NULL`
	// A column that stands so is not looked up: a workspace's index is long, and the rows that are asked about are few.
	unindexed      = ` || ''`
	neverLinked    = `NOT EXISTS (SELECT 1 FROM contact_links x WHERE x.contact_id = c.id)`
	withoutRecords = `NOT EXISTS (SELECT 1 FROM record_links x WHERE x.profile_id = p.id AND x.unlinked_at IS NULL)`
)

// reached is the set of what hangs on the records that the viewer reaches through
// ownership, shares and, where any share will do, emergency accesses. The text selects
// from records r and what is joined to it.
func (v *Viewer) reached(column, join, where, share string) set {
	const owned, worked = `r.owner_id @in`, `r.owner_id @in AND r.status <> 'BINNED'`
	of := func(condition string, args ...any) branch {
		return throughRecord(column, `records r `+join, where, condition, args...)
	}
	s := set{of(owned, v.Owns())}
	if len(v.Worked) > 0 {
		s = append(s, of(worked, v.Worked))
	}
	s = append(s, v.byShares(column, join, where, share))
	if share == anyShare {
		s = append(s, byFact(column, `emergency_accesses`, `e`, join, where, liveEmergency, v.liveEmergencyArgs()...))
	}
	return s
}

// byShares is what hangs on the records that are shared with the viewer.
func (v *Viewer) byShares(column, join, where, share string) branch {
	return byFact(column, `shares`, `s`, join, where, liveShare+share, v.liveShareArgs()...)
}

// byFact is a branch that leads through the records that a row of another table opens, called by a letter.
func byFact(column, table, letter, join, where, live string, args ...any) branch {
	fact := table + ` ` + letter
	records := fact + ` JOIN records r ON r.id = ` + letter + `.record_id `
	r := throughRecord(column, `records r `+join, where, `(SELECT TRUE FROM `+fact+` WHERE `+letter+`.record_id = r.id AND `+live+` LIMIT 1)`, args...)
	r.text = `SELECT ` + column + ` FROM ` + records + join + ` WHERE ` + live + where
	r.at.others = set{from(`SELECT r.id FROM `+records+` WHERE `+live, args...)}
	return r
}

// throughRecord is a branch that leads through the records r of which a condition holds.
func throughRecord(column, tables, where, condition string, args ...any) branch {
	way := `SELECT ` + column + ` FROM ` + tables + ` WHERE @ask` + where
	r := from(strings.Replace(way, `@ask`, condition, 1), args...)
	r.at = &atRecord{way: way, ask: condition, args: args}
	return r
}

// A viewer reads the records that they own, that a unit of theirs owns, that are
// shared with them, with a unit of theirs or with their workspace, and those that they
// have opened in an emergency.
func (v *Viewer) readableRecords() set { return v.reached(`r.id`, ``, ``, anyShare) }

// A viewer edits the records that they own, that a unit of theirs owns, and that
// are shared with them in FULL.
func (v *Viewer) editableRecords() set { return v.reached(`r.id`, ``, ``, fullShare) }

// A coordinator and an administrator know, besides the records they read, that
// each record of their workspace exists.
func (v *Viewer) knownRecords() set {
	s := v.readableRecords()
	if v.Oversees() {
		s = append(s, allOf(`SELECT r.id FROM records r WHERE r.workspace_id = @arg`, v.WorkspaceID))
	}
	return s
}

const joinLinks = `JOIN record_links l ON l.record_id = r.id`

// A viewer sees the profiles linked to a record they may read, those of their
// directory, and those they made that no record links yet.
func (v *Viewer) readableProfiles() set { return v.profiles(professional.DirectoryRightREAD, anyShare) }

// A viewer edits the profiles linked to a record they may edit, those of their
// directory when it gives EDIT, and those they made that no record links yet.
func (v *Viewer) editableProfiles() set {
	return v.profiles(professional.DirectoryRightEDIT, fullShare)
}

// profiles are those of the directory, by records, and the viewer's own. All that they own, work for, have opened and have made
// is their workspace's: a directory of all of it holds that already, and only shares lead further.
func (v *Viewer) profiles(right professional.DirectoryRight, share string) set {
	directory := v.directory(right)
	if len(directory) > 0 && v.DirectoryScope == professional.DirectoryScopeALL {
		return append(directory, v.byShares(`l.profile_id`, joinLinks, ` AND `+liveLink, share))
	}
	return slices.Concat(directory, v.reached(`l.profile_id`, joinLinks, ` AND `+liveLink, share), v.ownUnlinkedProfiles())
}

// A professional keeps the profiles that they created at home in their workspace
// for as long as no record links them.
func (v *Viewer) ownUnlinkedProfiles() set {
	return set{from(`SELECT p.id FROM profiles p WHERE p.created_by_id = @arg AND p.home_workspace_id = @arg AND `+withoutRecords,
		v.ProfessionalID, v.WorkspaceID)}
}

// namedUnlinked is the same where profiles are named by their ids: whoever has made many would read them all, and lock
// them in a change.
const namedUnlinked = ` FROM profiles p WHERE p.created_by_id` + unindexed + ` = @arg AND p.home_workspace_id` + unindexed + ` = @arg AND ` + withoutRecords

// A directory right opens the profiles that are present in the viewer's workspace
// (at home there, or linked to one of its records) and within the right's scope:
// all, those of the viewer's institutions, or those the viewer created. An index leads to the guests, who are at
// home elsewhere. It may hide one and never show one: that the record is the workspace's is asked of the record.
func (v *Viewer) directory(atLeast professional.DirectoryRight) set {
	if !v.hasDirectory(atLeast) {
		return nil
	}
	resident, linked, args := v.directoryScope()
	wide := len(args) == 0
	args = append([]any{v.WorkspaceID}, args...)
	guests := throughRecord(`l.profile_id`, `records r `+joinLinks, ` AND `+liveLink, `r.workspace_id = @arg`+linked, args...)
	guests.text = `SELECT l.profile_id FROM record_links l WHERE l.guest_of = @arg AND ` + ofWorkspace + linked + ` AND ` + liveLink
	guests.args = append([]any{v.WorkspaceID}, args...)
	guests.lead = &branch{text: `SELECT l.profile_id FROM record_links l WHERE l.guest_of = @arg AND ` + liveLink, args: []any{v.WorkspaceID}}
	return set{{text: `SELECT p.id FROM profiles p WHERE p.home_workspace_id = @arg` + resident, args: args, far: wide}, guests}
}

func (v *Viewer) hasDirectory(atLeast professional.DirectoryRight) bool {
	return v.DirectoryRight == professional.DirectoryRightEDIT || v.DirectoryRight == atLeast
}

// directoryScope is what a directory of less than all asks of a profile p, and of the profile of a link l.
func (v *Viewer) directoryScope() (resident, linked string, args []any) {
	var column, value string
	switch v.DirectoryScope {
	case professional.DirectoryScopeALL:
		return ``, ``, nil
	case professional.DirectoryScopeINSTITUTIONS:
		column, value, args = `p.institution_id`, ` @in`, []any{v.InstitutionIDs}
	default:
		column, value, args = `p.created_by_id`, ` = @arg`, []any{v.ProfessionalID}
	}
	return ` AND ` + column + value, ` AND (SELECT ` + column + ` FROM profiles p WHERE p.id = l.profile_id)` + value, args
}

// ofWorkspace is asked of link by link: PostgreSQL takes a workspace that it does not know yet for a small one, and would gather
// its records.
const ofWorkspace = `(SELECT r.workspace_id FROM records r WHERE r.id = l.record_id) = @arg`

// directoryAmong is the directory among some profiles, with more columns.
func (v *Viewer) directoryAmong(atLeast professional.DirectoryRight, columns string, profiles any) set {
	if !v.hasDirectory(atLeast) {
		return nil
	}
	resident, linked, args := v.directoryScope()
	args = append([]any{v.WorkspaceID, profiles}, args...)
	return set{
		from(`SELECT p.id`+columns+` FROM profiles p WHERE p.home_workspace_id`+unindexed+` = @arg AND p.id @in`+resident, args...),
		from(`SELECT l.profile_id`+columns+` FROM record_links l WHERE `+ofWorkspace+` AND l.profile_id @in AND `+liveLink+linked, args...),
	}
}

// A viewer sees the contacts of the profiles they see, and those they made that
// were never linked.
func (v *Viewer) readableContacts() set { return v.contactsOf(v.readableProfiles()) }

// A viewer edits the contacts of the profiles they edit, and those they made that
// were never linked.
func (v *Viewer) editableContacts() set { return v.contactsOf(v.editableProfiles()) }

func (v *Viewer) contactsOf(profiles set) set {
	return set{
		from(`SELECT k.contact_id FROM contact_links k WHERE k.ended_at IS NULL AND k.profile_id @set`, profiles),
		v.ownUnlinkedContacts(),
	}
}

// A professional keeps the contacts that they created at home in their workspace for as
// long as they were never linked.
func (v *Viewer) ownUnlinkedContacts() branch {
	return from(`SELECT c.id FROM contacts c WHERE c.created_by_id = @arg AND c.home_workspace_id = @arg AND `+
		neverLinked, v.ProfessionalID, v.WorkspaceID)
}

// A viewer sees the links of the records they read, and the ended ones of the
// records they edit.
func (v *Viewer) readableRecordLinks() set {
	return set{
		from(`SELECT l.id FROM record_links l WHERE `+liveLink+` AND l.record_id @set`, v.readableRecords()),
		from(`SELECT l.id FROM record_links l WHERE l.unlinked_at IS NOT NULL AND l.record_id @set`, v.editableRecords()),
	}
}

// heldBy is what hangs on profiles, contacts and institutions.
func (v *Viewer) heldBy(table string, profiles, contacts, institutions set) set {
	var s set
	for _, holder := range []struct {
		column string
		rows   set
	}{{"profile_id", profiles}, {"contact_id", contacts}, {"institution_id", institutions}} {
		if len(holder.rows) > 0 {
			s = append(s, from(`SELECT h.id FROM `+table+` h WHERE h.`+holder.column+` @set`, holder.rows))
		}
	}
	return s
}

// A viewer sees the institutions of their workspace and those of the profiles they see.
func (v *Viewer) readableInstitutions() set {
	return set{
		from(`SELECT i.id FROM institutions i WHERE i.workspace_id = @arg`, v.WorkspaceID),
		from(`SELECT p.institution_id FROM profiles p WHERE p.institution_id IS NOT NULL AND p.id @set`,
			v.readableProfiles()),
	}
}

// A viewer sees their colleagues, the owner of each record that is shared with them, and
// the parties of the shares and transfers that they see.
func (v *Viewer) readableProfessionals() set {
	if !v.Has(schema.ScopeWorkspaceRead) {
		return set{from(`SELECT q.id FROM professionals q WHERE q.id = @arg`, v.ProfessionalID)}
	}
	return append(set{
		from(`SELECT q.id FROM professionals q WHERE q.workspace_id = @arg`, v.WorkspaceID),
		v.behindShares(`r.owner_id`),
	}, v.parties()...)
}

// A viewer sees the units of their workspace, the unit that owns a record that is shared
// with them, and the parties of the shares and transfers that they see.
func (v *Viewer) readableUnits() set {
	return append(set{
		from(`SELECT u.id FROM units u WHERE u.workspace_id = @arg`, v.WorkspaceID),
		v.behindShares(`r.owner_id`),
	}, v.parties()...)
}

// A viewer sees who can own and receive where they see the professional or the unit.
func (v *Viewer) readablePrincipals() set {
	if !v.Has(schema.ScopeWorkspaceRead) {
		return v.readableProfessionals()
	}
	return append(v.readableProfessionals(), from(`SELECT u.id FROM units u WHERE u.workspace_id = @arg`, v.WorkspaceID))
}

// A viewer sees their workspace, the others that their account acts in, the one behind
// each record that is shared with them, and those of the parties of the shares and
// transfers that they see.
func (v *Viewer) readableWorkspaces() set {
	s := set{
		from(`SELECT w.id FROM workspaces w WHERE w.id = @arg`, v.WorkspaceID),
	}
	if v.Has(schema.ScopeRecordsRead) {
		s = append(s, v.behindShares(`r.workspace_id`),
			onlyFrom(`SELECT y.workspace_id FROM principals y WHERE y.id @set`, v.parties()))
	}
	if v.AccountID == "" {
		return s
	}
	return append(s, from(`SELECT q.workspace_id FROM professionals q WHERE q.account_id = @arg AND q.status = 'ACTIVE'`,
		v.AccountID))
}

// behindShares selects a column of the records that are shared with the viewer.
func (v *Viewer) behindShares(column string) branch {
	return onlyFrom(`SELECT `+column+` FROM shares s JOIN records r ON r.id = s.record_id WHERE `+liveShare,
		v.liveShareArgs()...)
}

// A viewer sees who belongs to which unit of their workspace.
func (v *Viewer) readableUnitMembers() set {
	return set{from(`SELECT m.id FROM unit_members m JOIN units u ON u.id = m.unit_id WHERE u.workspace_id = @arg`,
		v.WorkspaceID)}
}

// A professional sees their own keys; an administrator those of the workspace.
func (v *Viewer) readableKeys() set {
	if v.Is(schema.RoleAdministrator) {
		return set{from(`SELECT k.id FROM api_keys k JOIN professionals q ON q.id = k.professional_id`+
			` WHERE q.workspace_id = @arg`, v.WorkspaceID)}
	}
	return set{from(`SELECT k.id FROM api_keys k WHERE k.professional_id = @arg`, v.ProfessionalID)}
}

// What a row of the levels and rights below tells besides: why it is there, through whom
// it comes (the owner, the grantee), and by which share or emergency access. They decide
// nothing; explainAccess reads them.
const (
	byOwner     = `, 'OWNER' AS reason, r.owner_id AS through, '' AS fact`
	byShare     = `, 'SHARE', s.grantee_id, s.id`
	byEmergency = `, 'EMERGENCY', '', e.id`
	byOversight = `, 'OVERSIGHT', '', ''`
	byDirectory = `, 'DIRECTORY', '', '', '', ''`
	byMaker     = `, 'MAKER', '', '', '', ''`
)

// recordLevels gives the viewer's levels on the records, one row per reason.
func (v *Viewer) recordLevels(ids []string) set {
	s := set{from(`SELECT r.id, 5 AS level`+byOwner+` FROM records r WHERE r.id @in AND r.owner_id @in`, ids, v.Owns())}
	if len(v.Worked) > 0 {
		s = append(s, from(`SELECT r.id, 4`+byOwner+` FROM records r WHERE r.id @in AND r.owner_id @in AND r.status <> 'BINNED'`,
			ids, v.Worked))
	}
	s = append(s, from(`SELECT r.id, `+shareLevel+byShare+` FROM records r JOIN shares s ON s.record_id = r.id WHERE r.id @in AND `+
		liveShare, v.liveShareArgs(ids)...))
	s = append(s, from(`SELECT r.id, 2`+byEmergency+` FROM records r JOIN emergency_accesses e ON e.record_id = r.id WHERE r.id @in AND `+
		liveEmergency, v.liveEmergencyArgs(ids)...))
	if v.Oversees() {
		s = append(s, from(`SELECT r.id, 1`+byOversight+` FROM records r WHERE r.id @in AND r.workspace_id`+unindexed+` = @arg`, ids, v.WorkspaceID))
	}
	return s
}

// profileLevels is the highest that profileRights gives, without why: the links are walked once, and each record is asked
// for the best that it gives. The profiles are a list, or one at hand.
func (v *Viewer) profileLevels(profiles any) set {
	level, args := `CASE WHEN r.owner_id @in THEN 5`, []any{v.Owns()}
	if len(v.Worked) > 0 {
		level, args = level+` WHEN r.owner_id @in AND r.status <> 'BINNED' THEN 4`, append(args, v.Worked)
	}
	level += ` ELSE COALESCE((SELECT MAX(` + shareLevel + `) FROM shares s WHERE s.record_id = r.id AND ` + liveShare + `),` +
		` (SELECT 2 FROM emergency_accesses e WHERE e.record_id = r.id AND ` + liveEmergency + ` LIMIT 1), 0) END AS level`
	args = append(append(args, v.liveShareArgs()...), v.liveEmergencyArgs()...)
	s := set{from(`SELECT l.profile_id AS id, `+level+`, 0 AS access FROM record_links l JOIN records r ON r.id = l.record_id`+
		` WHERE l.profile_id @in AND `+liveLink, append(args, profiles)...)}
	return append(s, v.rightsWithoutRecords(profiles, false)...)
}

// profileRights gives the viewer's rights on the profiles, one row per reason: the
// level on a record that links them, with that record and the link, or a right of the
// directory's or the maker's.
func (v *Viewer) profileRights(ids []string) set {
	const linked = `, l.record_id AS record_id, l.id AS link_id FROM record_links l JOIN records r ON r.id = l.record_id`
	const these = ` WHERE l.profile_id @in AND ` + liveLink
	s := set{from(`SELECT l.profile_id AS id, 5 AS level, 0 AS access`+byOwner+linked+these+
		` AND r.owner_id @in`, ids, v.Owns())}
	if len(v.Worked) > 0 {
		s = append(s, from(`SELECT l.profile_id, 4, 0`+byOwner+linked+these+` AND r.owner_id @in AND r.status <> 'BINNED'`,
			ids, v.Worked))
	}
	s = append(s, from(`SELECT l.profile_id, `+shareLevel+`, 0`+byShare+linked+` JOIN shares s ON s.record_id = r.id`+these+
		` AND `+liveShare, v.liveShareArgs(ids)...), v.rightsByEmergency(ids))
	return append(s, v.rightsWithoutRecords(ids, true)...)
}

// rightsByEmergency are those by emergency accesses, with why.
func (v *Viewer) rightsByEmergency(ids []string) branch {
	return from(`SELECT l.profile_id, 2, 0`+byEmergency+`, l.record_id, l.id`+
		` FROM emergency_accesses e JOIN records r ON r.id = e.record_id JOIN record_links l ON l.record_id = r.id WHERE l.profile_id @in AND `+
		liveLink+` AND `+liveEmergency, v.liveEmergencyArgs(ids)...)
}

// rightsWithoutRecords are those by the directory and of the maker, with why or without.
func (v *Viewer) rightsWithoutRecords(profiles any, why bool) set {
	by := func(reason string) string {
		if why {
			return reason
		}
		return ""
	}
	var s set
	if why || v.DirectoryRight != professional.DirectoryRightEDIT { // which holds the other
		s = v.directoryAmong(professional.DirectoryRightREAD, `, 0, 1`+by(byDirectory), profiles)
	}
	s = append(s, v.directoryAmong(professional.DirectoryRightEDIT, `, 0, 2`+by(byDirectory), profiles)...)
	return append(s, from(`SELECT p.id, 0, 2`+by(byMaker)+namedUnlinked+` AND p.id @in`, v.ProfessionalID, v.WorkspaceID, profiles))
}
