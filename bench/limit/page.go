package main

import (
	"database/sql/driver"
	"encoding/base64"
	"encoding/json"
)

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
		return `SELECT p.id, k.relationship, k.emergency_rank, k.given_name, k.family_name
FROM profiles p CROSS JOIN LATERAL (SELECT k.relationship, k.emergency_rank, c.given_name, c.family_name, k.created_at, k.id
  FROM contact_links k JOIN contacts c ON c.id = k.contact_id
  WHERE k.profile_id = p.id AND k.ended_at IS NULL ORDER BY k.created_at, k.id LIMIT 3) k
WHERE p.id :ids... AND ` + readsProfile(directory) + ` ORDER BY p.id, k.created_at, k.id`
	})
	return func(c *session, v *viewer, _ *variables, out []byte) ([]byte, error) {
		l := list{ids: make([]string, 0, pageSize)}
		heads := make([]byte, 0, 8192)
		err := c.query(pages[v.directory], arguments{viewer: v}, func(row []driver.Value) {
			if len(l.ids) == pageSize {
				l.more = true
				return
			}
			l.last = text(row[5])
			l.ids = append(l.ids, text(row[0]))
			heads = appendField(heads, `{"id":`, row[0])
			heads = appendName(append(heads, `,"displayName":`...), row[1], row[2], row[3])
			heads = appendField(heads, `,"birthDate":`, row[4])
			heads = appendField(heads, `,"records":{"totalCount":`, row[6])
			heads = append(heads, `},"contacts":{"edges":[`...)
			l.ends = append(l.ends, len(heads))
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
			around.keep(text(row[0]), append(b, `}}`...))
		})
		out = append(out, `{"profiles":{"nodes":[`...)
		start := 0
		for i, end := range l.ends {
			if i > 0 {
				out = append(out, ',')
			}
			out = append(out, heads[start:end]...)
			out = append(out, around[l.ids[i]]...)
			out = append(out, `]}}`...)
			start = end
		}
		return l.appendInfo(append(out, `],`...), "sort_name"), err
	}
}

// list is a page while it is put together: the ids of its rows, and where each row's own fields end.
type list struct {
	ids  []string
	ends []int
	more bool
	last string // the sort key of the last row
}

// appendInfo closes a page with its place in the whole list.
func (l list) appendInfo(out []byte, column string) []byte {
	if l.more {
		out = append(out, `"pageInfo":{"hasNextPage":true,"endCursor":`...)
	} else {
		out = append(out, `"pageInfo":{"hasNextPage":false,"endCursor":`...)
	}
	if len(l.ids) == 0 {
		return append(out, `null}}}`...)
	}
	cursor, _ := json.Marshal(struct { // strings always marshal
		C string `json:"c"`
		K string `json:"k"`
		I string `json:"i"`
	}{column, l.last, l.ids[len(l.ids)-1]})
	out = append(out, '"')
	out = base64.RawURLEncoding.AppendEncode(out, cursor)
	return append(out, `"}}}`...)
}

// groups is the JSON of children by parent, comma between them.
type groups map[string][]byte

// next is what a parent's next child is appended to.
func (g groups) next(parent string, size int) []byte {
	b, found := g[parent]
	if !found {
		return make([]byte, 0, size)
	}
	return append(b, ',')
}

func (g groups) keep(parent string, b []byte) { g[parent] = b }
