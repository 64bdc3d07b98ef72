package main

import (
	"crypto/sha256"
	"crypto/subtle"
	"database/sql/driver"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// viewer is who asks, as the database says at this instant.
type viewer struct {
	professional, workspace string
	owns, worked            []string
	institutions            []string
	directory               string // its scope; none where the viewer has no right to it
	edits                   bool   // whether that right is EDIT
	oversees                bool
	at                      time.Time
}

// whoAsks reads a key with the facts of its professional, in one statement.
const whoAsks = `SELECT k.hash, k.scopes, q.id, q.workspace_id, q.roles, q.directory_scope, q.directory_right, q.institution_ids,
  COALESCE((SELECT @list(m.unit_id || CASE WHEN m.steward THEN '*' ELSE '' END, ',') FROM unit_members m
    WHERE m.professional_id = q.id AND m.ended_at IS NULL), '')
FROM api_keys k JOIN professionals q ON q.id = k.professional_id JOIN workspaces w ON w.id = q.workspace_id
WHERE k.id = :key AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > :now)
  AND q.status = 'ACTIVE' AND w.status = 'ACTIVE'`

func (c *session) signIn(authorization string) (*viewer, error) {
	token, found := strings.CutPrefix(authorization, "Bearer ck_")
	id, secret, whole := strings.Cut(token, "_")
	if !found || !whole {
		return nil, errRefused
	}
	v := &viewer{at: time.Now().UTC().Truncate(time.Microsecond)}
	var hash, scopes, roles, institutions, units string
	err := c.query(c.who, arguments{v, map[string]driver.Value{"key": "key_" + id}}, func(row []driver.Value) {
		hash, scopes, roles, institutions, units = text(row[0]), text(row[1]), text(row[4]), text(row[7]), text(row[8])
		v.professional, v.workspace = text(row[2]), text(row[3])
		if text(row[6]) != "NONE" {
			v.directory = text(row[5])
		}
		v.edits = text(row[6]) == "EDIT"
	})
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(secret))
	if subtle.ConstantTimeCompare([]byte(hash), []byte(hex.EncodeToString(sum[:]))) != 1 {
		return nil, errRefused
	}
	return v, v.read(scopes, roles, institutions, units)
}

// needed is what the workloads need of a key.
var needed = []string{"PROFILES_READ", "PROFILES_WRITE", "CONTACTS_READ", "CONTACTS_WRITE", "RECORDS_READ", "RECORDS_WRITE", "WORKSPACE_READ"}

func (v *viewer) read(scopes, roles, institutions, units string) error {
	var held, is []string
	if err := json.Unmarshal([]byte(scopes), &held); err != nil {
		return err
	}
	for _, scope := range needed {
		if !slices.Contains(held, scope) {
			return errRefused
		}
	}
	if err := json.Unmarshal([]byte(roles), &is); err != nil {
		return err
	}
	v.oversees = slices.Contains(is, "COORDINATOR") || slices.Contains(is, "ADMINISTRATOR")
	if err := json.Unmarshal([]byte(institutions), &v.institutions); err != nil {
		return err
	}
	v.owns = append(v.owns, v.professional)
	for unit := range strings.SplitSeq(units, ",") {
		if id, steward := strings.CutSuffix(unit, "*"); steward {
			v.owns = append(v.owns, id)
		} else if unit != "" {
			v.worked = append(v.worked, unit)
		}
	}
	return nil
}

// fact is one of the parameters that the rule takes.
func (v *viewer) fact(name string, e engine) driver.Value {
	switch name {
	case "owns":
		return e.list(v.owns)
	case "worked":
		return e.list(v.worked)
	case "principals":
		return e.list(append(slices.Concat(v.owns, v.worked), v.workspace))
	case "institutions":
		return e.list(v.institutions)
	case "me":
		return v.professional
	case "workspace":
		return v.workspace
	case "now":
		return v.at
	default:
		panic("no parameter " + name)
	}
}

func text(v driver.Value) string {
	switch v := v.(type) {
	case string:
		return v
	case []byte:
		return string(v)
	default:
		return ""
	}
}
