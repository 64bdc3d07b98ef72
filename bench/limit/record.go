package main

import "database/sql/driver"

// record answers with one record, its profiles and the people around each of them. Whoever oversees a workspace would be
// told a little of a record that they do not read: the benchmark does not ask as one of those.
func record(e engine) workload {
	records := e.spell(`SELECT r.id, r.number, r.title, r.status, r.kind, r.service, r.opened_at, COALESCE(q.name, u.name), w.name
FROM records r JOIN workspaces w ON w.id = r.workspace_id LEFT JOIN professionals q ON q.id = r.owner_id LEFT JOIN units u ON u.id = r.owner_id
WHERE r.id = :id AND ` + readsRecord)
	profiles := e.spell(`SELECT p.id, p.preferred_name, p.given_name, p.family_name, p.birth_date, l.role, l.linked_at
FROM records r JOIN record_links l ON l.record_id = r.id AND l.unlinked_at IS NULL JOIN profiles p ON p.id = l.profile_id
WHERE r.id = :id AND ` + readsRecord + ` ORDER BY l.position, l.id LIMIT 20`)
	contacts := e.each(func(directory string) string {
		return `SELECT p.id, c.id, k.relationship, k.emergency_rank, k.may_consent, c.given_name, c.family_name FROM profiles p ` +
			e.firstOf("contact_links", "x.profile_id = p.id AND x.ended_at IS NULL", "x.created_at, x.id", 5) +
			` JOIN contacts c ON c.id = k.contact_id
WHERE p.id :ids... AND ` + readsProfile(directory) + ` ORDER BY p.id, k.created_at, k.id`
	})
	points := e.each(func(directory string) string {
		return `SELECT h.contact_id, h.kind, h.value FROM contact_points h WHERE h.contact_id :ids... AND EXISTS (
  SELECT 1 FROM contact_links k JOIN profiles p ON p.id = k.profile_id
  WHERE k.contact_id = h.contact_id AND k.ended_at IS NULL AND ` + readsProfile(directory) + `)
ORDER BY h.contact_id, h.preferred DESC, h.position, h.id`
	})
	return func(c *session, v *viewer, in *variables, out []byte) ([]byte, error) {
		args := arguments{v, map[string]driver.Value{"id": in.ID}}
		found := false
		err := c.query(records, args, func(row []driver.Value) {
			found = true
			for i, name := range [...]string{`{"record":{"id":`, `,"number":`, `,"title":`, `,"status":`, `,"kind":`, `,"service":`, `,"openedAt":`,
				`,"owner":{"name":`, `},"workspace":{"name":`} {
				out = appendField(out, name, row[i])
			}
			out = append(out, `},"profiles":{"edges":[`...)
		})
		if err != nil || !found {
			return append(out, `{"record":null}`...), err
		}
		var l list
		err = c.query(profiles, args, func(row []driver.Value) {
			l.add(20, row[0], nil)
			b := appendField(l.heads, `{"role":`, row[5])
			b = appendField(b, `,"linkedAt":`, row[6])
			b = appendField(b, `,"node":{"id":`, row[0])
			b = appendName(append(b, `,"displayName":`...), row[1], row[2], row[3])
			b = appendField(b, `,"birthDate":`, row[4])
			l.end(append(b, `,"contacts":{"edges":[`...))
		})
		if err != nil {
			return nil, err
		}
		around, err := c.peopleAround(contacts[v.directory], points[v.directory], v, l.ids)
		out = l.appendRows(out, around, `]}}}`)
		return append(out, `]}}}`...), err
	}
}

// peopleAround reads the first contacts of each profile with how to reach them, and writes them by profile.
func (c *session) peopleAround(contacts, points *statement, v *viewer, profiles []string) (groups, error) {
	type link struct{ profile, contact, head string }
	var links []link
	var ids []string
	args := arguments{v, map[string]driver.Value{"ids": c.engine.list(profiles)}}
	err := c.query(contacts, args, func(row []driver.Value) {
		b := appendField(make([]byte, 0, 160), `{"relationship":`, row[2])
		b = appendField(b, `,"emergencyRank":`, row[3])
		b = append(b, `,"mayConsent":`...)
		b = appendBool(b, row[4])
		b = appendName(append(b, `,"node":{"displayName":`...), nil, row[5], row[6])
		links = append(links, link{text(row[0]), text(row[1]), string(append(b, `,"contactPoints":[`...))})
		ids = append(ids, text(row[1]))
	})
	if err != nil {
		return nil, err
	}
	reached := groups{}
	args.more["ids"] = c.engine.list(ids)
	err = c.query(points, args, func(row []driver.Value) {
		b := reached.next(text(row[0]), 128)
		b = appendField(b, `{"kind":`, row[1])
		reached[text(row[0])] = append(appendField(b, `,"value":`, row[2]), '}')
	})
	around := groups{}
	for _, k := range links {
		b := append(around.next(k.profile, 512), k.head...)
		around[k.profile] = append(append(b, reached[k.contact]...), `]}}`...)
	}
	return around, err
}
