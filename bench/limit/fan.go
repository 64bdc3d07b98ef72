package main

import "database/sql/driver"

// fan answers with 50 profiles, 20 records of each, and 5 profiles of each of those.
func fan(e engine) workload {
	profiles := e.each(func(directory string) string {
		const columns = `SELECT p.id, p.preferred_name, p.given_name, p.family_name FROM `
		const end = `(p.created_at, p.id) > (:at, :after) ORDER BY p.created_at, p.id LIMIT 51`
		if directory == "" {
			return columns + `(` + readableProfiles + `) f JOIN profiles p ON p.id = f.id WHERE ` + end
		}
		return columns + `profiles p WHERE ` + readsProfile(directory) + ` AND ` + end
	})
	records := e.spell(e.recordsOf())
	members := e.spell(`SELECT r.id, k.role, p.id, p.preferred_name, p.given_name, p.family_name FROM records r ` +
		e.firstOf("record_links", "x.record_id = r.id AND x.unlinked_at IS NULL", "x.position, x.id", 5) +
		` JOIN profiles p ON p.id = k.profile_id WHERE r.id :ids... AND ` + readsRecord + ` ORDER BY r.id, k.position, k.id`)
	return func(c *session, v *viewer, in *variables, out []byte) ([]byte, error) {
		at, id, err := after(in.After)
		if err != nil {
			return nil, err
		}
		l := list{ids: make([]string, 0, 50), heads: make([]byte, 0, 8192)}
		args := arguments{v, map[string]driver.Value{"at": at, "after": id}}
		err = c.query(profiles[v.directory], args, func(row []driver.Value) {
			if l.add(50, row[0], nil) {
				b := appendField(l.heads, `{"id":`, row[0])
				b = appendName(append(b, `,"displayName":`...), row[1], row[2], row[3])
				l.end(append(b, `,"records":{"edges":[`...))
			}
		})
		if err != nil {
			return nil, err
		}
		links, ids, err := c.recordsOf(records, v, l.ids)
		if err != nil {
			return nil, err
		}
		inside := make(groups, len(ids))
		args.more["ids"] = e.list(ids)
		err = c.query(members, args, func(row []driver.Value) {
			b := inside.next(text(row[0]), 640)
			b = appendField(b, `{"role":`, row[1])
			b = appendField(b, `,"node":{"id":`, row[2])
			b = appendName(append(b, `,"displayName":`...), row[3], row[4], row[5])
			inside[text(row[0])] = append(b, `}}`...)
		})
		below := make(groups, len(l.ids))
		for _, k := range links {
			b := append(below.next(k.profile, 16<<10), k.head...)
			below[k.profile] = append(append(b, inside[k.record]...), `]}}}`...)
		}
		out = l.appendRows(append(out, `{"profiles":{"nodes":[`...), below, `]}}`)
		return append(out, `]}}`...), err
	}
}

// recordsOf is the statement for the latest 20 records of each profile that the viewer reads: the rule is asked of a
// record before it counts.
func (e engine) recordsOf() string {
	const seen = `x.profile_id = p.id AND x.unlinked_at IS NULL AND ` + readsRecord + ` ORDER BY x.linked_at DESC, x.id DESC LIMIT 20`
	const joined = `record_links x JOIN records r ON r.id = x.record_id WHERE `
	if e == postgres {
		return `SELECT p.id, k.record_id, k.role, k.title FROM (SELECT p.id FROM profiles p WHERE p.id :ids...) p
CROSS JOIN LATERAL (SELECT x.id, x.record_id, x.role, x.linked_at, r.title FROM ` + joined + seen + `) k ORDER BY p.id, k.linked_at DESC, k.id DESC`
	}
	return `SELECT p.id, k.record_id, k.role, t.title FROM profiles p
JOIN record_links k ON k.id IN (SELECT x.id FROM ` + joined + seen + `) JOIN records t ON t.id = k.record_id
WHERE p.id :ids... ORDER BY p.id, k.linked_at DESC, k.id DESC`
}

// linked is a record in the list of a profile.
type linked struct {
	profile, record string
	head            []byte
}

// recordsOf reads the records of the profiles, and tells each record once.
func (c *session) recordsOf(s *statement, v *viewer, profiles []string) (links []linked, ids []string, err error) {
	links, ids = make([]linked, 0, 1024), make([]string, 0, 1024)
	known := make(map[string]bool, 1024)
	args := arguments{v, map[string]driver.Value{"ids": c.engine.list(profiles)}}
	err = c.query(s, args, func(row []driver.Value) {
		record := text(row[1])
		b := appendField(make([]byte, 0, 160), `{"role":`, row[2])
		b = appendField(b, `,"node":{"id":`, row[1])
		b = appendField(b, `,"title":`, row[3])
		links = append(links, linked{text(row[0]), record, append(b, `,"profiles":{"edges":[`...)})
		if !known[record] {
			known[record] = true
			ids = append(ids, record)
		}
	})
	return links, ids, err
}
