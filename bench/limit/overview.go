package main

import "database/sql/driver"

// overview answers with the centralized view of a profile: who it is, who is around it, the records that the viewer
// reads with everybody in them, the workspace's own file, and what the viewer may do next.
type overview struct {
	profiles, points, contacts byDirectory
	records, members           *statement
}

func centralized(e engine) workload {
	o := overview{
		profiles: e.each(aboutProfile),
		points: e.each(func(directory string) string {
			return `SELECT h.kind, h.value, h.preferred FROM profiles p JOIN contact_points h ON h.profile_id = p.id
WHERE p.id = :id AND ` + readsProfile(directory) + ` ORDER BY h.preferred DESC, h.position, h.id`
		}),
		contacts: e.each(func(directory string) string {
			return `SELECT k.relationship, k.authority, k.emergency_rank, c.given_name, c.family_name, count(*) OVER ()
FROM profiles p JOIN contact_links k ON k.profile_id = p.id AND k.ended_at IS NULL JOIN contacts c ON c.id = k.contact_id
WHERE p.id = :id AND ` + readsProfile(directory) + ` ORDER BY k.created_at, k.id LIMIT 10`
		}),
		records: e.spell(`SELECT r.id, l.role, l.linked_at, r.number, r.title, r.status, COALESCE(q.name, u.name)
FROM record_links l JOIN records r ON r.id = l.record_id LEFT JOIN professionals q ON q.id = r.owner_id LEFT JOIN units u ON u.id = r.owner_id
WHERE l.profile_id = :id AND l.unlinked_at IS NULL AND ` + readsRecord + ` ORDER BY l.linked_at DESC, l.id DESC LIMIT 20`),
		members: e.spell(`SELECT r.id, k.role, p.preferred_name, p.given_name, p.family_name FROM records r ` +
			e.firstOf("record_links", "x.record_id = r.id AND x.unlinked_at IS NULL", "x.position, x.id", 10) +
			` JOIN profiles p ON p.id = k.profile_id WHERE r.id :ids... AND ` + readsRecord + ` ORDER BY r.id, k.position, k.id`),
	}
	return o.answer
}

// aboutProfile reads the profile, what it belongs to, and what the viewer's right to it comes from.
func aboutProfile(directory string) string {
	covered := `FALSE`
	if directory != "" {
		in := scopes[directory]
		covered = `(p.home_workspace_id = :workspace` + in + ` OR ` + linkedTo(`r.workspace_id = :workspace`+in) + `)`
	}
	const full = `(r.owner_id :owns... OR r.owner_id :worked... AND r.status <> 'BINNED'
  OR EXISTS (SELECT 1 FROM shares s WHERE s.record_id = r.id AND s.level = 'FULL' AND ` + liveShare + `))`
	return `SELECT p.preferred_name, p.given_name, p.family_name, p.birth_date, p.grade, p.languages, i.name, f.file_number, f.tags,
  ` + linkedTo(full) + `, ` + ownUnlinked + `, ` + covered + `
FROM profiles p LEFT JOIN institutions i ON i.id = p.institution_id
LEFT JOIN workspace_profiles f ON f.profile_id = p.id AND f.workspace_id = :workspace
WHERE p.id = :id AND ` + readsProfile(directory)
}

func (o overview) answer(c *session, v *viewer, in *variables, out []byte) ([]byte, error) {
	args := arguments{v, map[string]driver.Value{"id": in.ID}}
	var tail []byte
	err := c.query(o.profiles[v.directory], args, func(row []driver.Value) {
		out = appendName(append(out, `{"profile":{"displayName":`...), row[0], row[1], row[2])
		out = appendField(out, `,"birthDate":`, row[3])
		out = appendField(out, `,"grade":`, row[4])
		out = appendJSON(append(out, `,"languages":`...), row[5])
		if row[6] == nil {
			out = append(out, `,"institution":null`...)
		} else {
			out = append(appendField(out, `,"institution":{"name":`, row[6]), '}')
		}
		tail = appendRights(appendFile(tail, row[7], row[8]), v, isTrue(row[9]), isTrue(row[10]), isTrue(row[11]))
	})
	if err != nil || tail == nil {
		return append(out, `{"profile":null}`...), err
	}
	if out, err = o.appendPoints(c, args, append(out, `,"contactPoints":[`...), v); err != nil {
		return nil, err
	}
	if out, err = o.appendContacts(c, args, append(out, `],"contacts":{"edges":[`...), v); err != nil {
		return nil, err
	}
	if out, err = o.appendRecords(c, args, append(out, `,"records":{"edges":[`...)); err != nil {
		return nil, err
	}
	return append(append(out, `]}`...), tail...), nil
}

func appendFile(out []byte, number, tags driver.Value) []byte {
	if tags == nil {
		return append(out, `,"workspaceFile":null`...)
	}
	out = appendField(out, `,"workspaceFile":{"fileNumber":`, number)
	return append(appendJSON(append(out, `,"tags":`...), tags), '}')
}

// appendRights writes what the viewer may do: full is FULL on a record of the profile's, maker that they made it and
// nobody linked it, covered that it is in their directory.
func appendRights(out []byte, v *viewer, full, maker, covered bool) []byte {
	out = appendField(out, `,"viewerCan":{"update":`, full || maker || covered && v.edits)
	out = append(out, `,"link":true,"share":`...) // whoever reads may link
	return append(appendValue(out, full), `}}}`...)
}

func (o overview) appendPoints(c *session, args arguments, out []byte, v *viewer) ([]byte, error) {
	comma := false
	err := c.query(o.points[v.directory], args, func(row []driver.Value) {
		if comma {
			out = append(out, ',')
		}
		comma = true
		out = appendField(out, `{"kind":`, row[0])
		out = appendField(out, `,"value":`, row[1])
		out = append(appendBool(append(out, `,"preferred":`...), row[2]), '}')
	})
	return out, err
}

func (o overview) appendContacts(c *session, args arguments, out []byte, v *viewer) ([]byte, error) {
	total := driver.Value(int64(0))
	comma := false
	err := c.query(o.contacts[v.directory], args, func(row []driver.Value) {
		if comma {
			out = append(out, ',')
		}
		comma = true
		out = appendField(out, `{"relationship":`, row[0])
		out = appendField(out, `,"authority":`, row[1])
		out = appendField(out, `,"emergencyRank":`, row[2])
		out = append(appendName(append(out, `,"node":{"displayName":`...), nil, row[3], row[4]), `}}`...)
		total = row[5]
	})
	return append(appendField(out, `],"totalCount":`, total), '}'), err
}

func (o overview) appendRecords(c *session, args arguments, out []byte) ([]byte, error) {
	l := list{heads: make([]byte, 0, 4096)}
	err := c.query(o.records, args, func(row []driver.Value) {
		l.add(20, row[0], nil)
		b := appendField(l.heads, `{"role":`, row[1])
		b = appendField(b, `,"linkedAt":`, row[2])
		b = appendField(b, `,"node":{"number":`, row[3])
		b = appendField(b, `,"title":`, row[4])
		b = appendField(b, `,"status":`, row[5])
		b = appendField(b, `,"owner":{"name":`, row[6])
		l.end(append(b, `},"profiles":{"edges":[`...))
	})
	if err != nil || len(l.ids) == 0 {
		return out, err
	}
	inside := groups{}
	args.more["ids"] = c.engine.list(l.ids)
	err = c.query(o.members, args, func(row []driver.Value) {
		b := inside.next(text(row[0]), 640)
		b = appendField(b, `{"role":`, row[1])
		inside[text(row[0])] = append(appendName(append(b, `,"node":{"displayName":`...), row[2], row[3], row[4]), `}}`...)
	})
	return l.appendRows(out, inside, `]}}}`), err
}
