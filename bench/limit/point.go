package main

import "database/sql/driver"

// point answers with one profile.
func point(e engine) workload {
	statements := e.each(func(directory string) string {
		return `SELECT p.id, p.preferred_name, p.given_name, p.family_name, p.birth_date, p.kind, p.status, p.version
FROM profiles p WHERE p.id = :id AND ` + readsProfile(directory)
	})
	return func(c *session, v *viewer, in *variables, out []byte) ([]byte, error) {
		found := false
		args := arguments{v, map[string]driver.Value{"id": in.ID}}
		err := c.query(statements[v.directory], args, func(row []driver.Value) {
			found = true
			out = appendField(out, `{"profile":{"id":`, row[0])
			out = appendName(append(out, `,"displayName":`...), row[1], row[2], row[3])
			out = appendField(out, `,"givenName":`, row[2])
			out = appendField(out, `,"familyName":`, row[3])
			out = appendField(out, `,"birthDate":`, row[4])
			out = appendField(out, `,"kind":`, row[5])
			out = appendField(out, `,"status":`, row[6])
			out = appendField(out, `,"version":`, row[7])
			out = append(out, `}}`...)
		})
		if !found {
			out = append(out, `{"profile":null}`...)
		}
		return out, err
	}
}
