package main

import "database/sql/driver"

const pageSize = 50

// page answers with the first 50 profiles by name, each with the number of its records and its first three contacts. A
// directory is walked in the order of names until the page is full; without one the viewer's own are gathered and sorted.
func page(e engine) workload {
	pages := e.each(func(directory string) string {
		const columns = `SELECT p.id, p.preferred_name, p.given_name, p.family_name, p.birth_date, p.sort_name, `
		if directory == "" {
			return columns + `f.records FROM (` + readableProfiles + `) f JOIN profiles p ON p.id = f.id
ORDER BY p.sort_name, p.id LIMIT 51`
		}
		return columns + `(SELECT count(*) FROM record_links l JOIN records r ON r.id = l.record_id
    WHERE l.profile_id = p.id AND l.unlinked_at IS NULL AND ` + readsRecord + `)
FROM (SELECT p.* FROM profiles p WHERE ` + readsProfile(directory) + ` ORDER BY p.sort_name, p.id LIMIT 51) p
ORDER BY p.sort_name, p.id`
	})
	contacts := e.each(func(directory string) string {
		return `SELECT p.id, k.relationship, k.emergency_rank, c.given_name, c.family_name FROM profiles p ` +
			e.firstOf("contact_links", "x.profile_id = p.id AND x.ended_at IS NULL", "x.created_at, x.id", 3) +
			` JOIN contacts c ON c.id = k.contact_id
WHERE p.id :ids... AND ` + readsProfile(directory) + ` ORDER BY p.id, k.created_at, k.id`
	})
	return func(c *session, v *viewer, _ *variables, out []byte) ([]byte, error) {
		l := list{ids: make([]string, 0, pageSize), heads: make([]byte, 0, 8192)}
		err := c.query(pages[v.directory], arguments{viewer: v}, func(row []driver.Value) {
			if !l.add(pageSize, row[0], row[5]) {
				return
			}
			b := appendField(l.heads, `{"id":`, row[0])
			b = appendName(append(b, `,"displayName":`...), row[1], row[2], row[3])
			b = appendField(b, `,"birthDate":`, row[4])
			b = appendField(b, `,"records":{"totalCount":`, row[6])
			l.end(append(b, `},"contacts":{"edges":[`...))
		})
		if err != nil {
			return nil, err
		}
		around := groups{}
		err = c.query(contacts[v.directory], arguments{v, map[string]driver.Value{"ids": e.list(l.ids)}}, func(row []driver.Value) {
			b := around.next(text(row[0]), 256)
			b = appendField(b, `{"relationship":`, row[1])
			b = appendField(b, `,"emergencyRank":`, row[2])
			b = appendName(append(b, `,"node":{"displayName":`...), nil, row[3], row[4])
			around[text(row[0])] = append(b, `}}`...)
		})
		out = l.appendRows(append(out, `{"profiles":{"nodes":[`...), around, `]}}`)
		return append(l.appendInfo(append(out, `],`...), "sort_name"), `}}`...), err
	}
}
