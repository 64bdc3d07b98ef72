package main

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Conditions of what writes. fullRecord is FULL on the record r; editsProfile is EDIT on the profile p.
const (
	fullRecord = `(r.owner_id :owns... OR r.owner_id :worked... AND r.status <> 'BINNED'
  OR EXISTS (SELECT 1 FROM shares s WHERE s.record_id = r.id AND s.level = 'FULL' AND ` + liveShare + `))`
	insertEvent = `INSERT INTO events (id, type, workspace_id, actor_id, object_id, topics, created_at) `
	// peopleOf and recordsOf list whose screens show the record r, or the profile p.
	peopleOf  = `COALESCE((SELECT @array(x.profile_id) FROM record_links x WHERE x.record_id = r.id AND x.unlinked_at IS NULL), '[]')`
	recordsOf = `COALESCE((SELECT @array(x.record_id) FROM record_links x WHERE x.profile_id = p.id AND x.unlinked_at IS NULL), '[]')`
)

func editsProfile(directory string) string {
	in := scopes[directory]
	covered := ` AND p.home_workspace_id = :workspace` + in
	if directory == "" {
		covered = ` AND FALSE`
	}
	return `(` + linkedTo(fullRecord) + ` OR ` + ownUnlinked + ` OR :edits` + covered + `)`
}

// create makes a profile, and then a contact around it: two changes, as the graph makes of two root fields.
func create(e engine) workload {
	profile := e.spell(`INSERT INTO profiles (id, created_at, created_by_id, updated_at, updated_by_id, kind, given_name, family_name, former_names,
  sort_name, birth_date, languages, status, field_versions, home_workspace_id)
VALUES (:id, :now, :me, :now, :me, 'CLIENT', :given, :family, '[]', :sort, :birth, '[]', 'ACTIVE', '{}', :workspace)`)
	contact := e.spell(`INSERT INTO contacts (id, created_at, created_by_id, updated_at, updated_by_id, given_name, family_name, sort_name, languages,
  field_versions, home_workspace_id) VALUES (:id, :now, :me, :now, :me, :given, :family, :sort, '[]', '{}', :workspace)`)
	links := e.each(func(directory string) string {
		return `INSERT INTO contact_links (id, created_at, created_by_id, updated_at, updated_by_id, profile_id, contact_id, relationship,
  emergency_rank, channels) SELECT :link, :now, :me, :now, :me, p.id, :id, :relationship, :rank, '[]' FROM profiles p
WHERE p.id = :profile AND ` + editsProfile(directory)
	})
	point := func(holder string) *statement {
		return e.spell(`INSERT INTO contact_points (id, created_at, created_by_id, ` + holder + `, position, kind, value, normalized, preferred)
VALUES (:point, :now, :me, :id, 0, :kind, :value, :normalized, TRUE)`)
	}
	profilePoint, contactPoint := point("profile_id"), point("contact_id")
	event := e.spell(insertEvent + `VALUES (:event, :type, :workspace, :me, :id, :topics, :now)`)

	made := func(v *viewer, p *person, topic string) arguments {
		how := p.ContactPoints[0]
		return arguments{v, map[string]driver.Value{
			"id": p.ID, "given": p.GivenName, "family": p.FamilyName, "sort": strings.ToLower(p.FamilyName + " " + p.GivenName), "birth": p.BirthDate,
			"point": newID("cp"), "kind": how.Kind, "value": how.Value, "normalized": strings.ToLower(how.Value),
			"event": newID("ev"), "topics": fmt.Sprintf(`["%s"]`, topic),
		}}
	}
	return func(c *session, v *viewer, in *variables, out []byte) ([]byte, error) {
		args := made(v, &in.Profile, in.Profile.ID)
		args.more["type"] = "profile.created"
		if err := c.change(func() error { return c.writeAll(args, profile, profilePoint, event) }); err != nil {
			return nil, err
		}
		around := in.Contact.Links[0]
		args = made(v, &in.Contact, around.ProfileID)
		args.more["type"], args.more["link"], args.more["profile"] = "contact.created", newID("cl"), around.ProfileID
		args.more["relationship"], args.more["rank"], args.more["edits"] = around.Relationship, around.EmergencyRank, v.edits
		if err := c.change(func() error { return c.writeAll(args, contact, links[v.directory], contactPoint, event) }); err != nil {
			return nil, err
		}
		out = in.Profile.append(append(out, `{"createProfile":{"profile":`...))
		return append(in.Contact.append(append(out, `,"userErrors":[]},"createContact":{"contact":`...)), `,"userErrors":[]}}`...), nil
	}
}

func (p *person) append(out []byte) []byte {
	out = appendField(out, `{"id":`, p.ID)
	out = appendName(append(out, `,"displayName":`...), nil, p.GivenName, p.FamilyName)
	return append(out, `,"version":1}`...)
}

func (c *session) writeAll(args arguments, statements ...*statement) error {
	for _, s := range statements {
		if err := c.write(s, args); err != nil {
			return err
		}
	}
	return nil
}

// link links a profile that the viewer reads to a record that is theirs in FULL.
func link(e engine) workload {
	links := e.each(func(directory string) string {
		return `INSERT INTO record_links (id, updated_at, updated_by_id, record_id, profile_id, role, position, linked_at, linked_by_id)
SELECT :link, :now, :me, r.id, p.id, 'PARTICIPANT', (SELECT COALESCE(max(x.position) + 1, 0) FROM record_links x
  WHERE x.record_id = r.id AND x.unlinked_at IS NULL), :now, :me
FROM records r, profiles p WHERE r.id = :record AND p.id = :id AND r.status IN ('OPEN', 'DRAFT')
AND p.status NOT IN ('MERGED', 'ERASED') AND ` + fullRecord + ` AND ` + readsProfile(directory)
	})
	event := e.spell(insertEvent + `SELECT :event, 'profile.linked', :workspace, :me, r.id, ` + peopleOf + `, :now FROM records r WHERE r.id = :record`)
	after := e.spell(`SELECT l.position, (SELECT count(*) FROM record_links x WHERE x.record_id = l.record_id AND x.unlinked_at IS NULL)
FROM record_links l WHERE l.id = :link`)
	return func(c *session, v *viewer, in *variables, out []byte) ([]byte, error) {
		args := arguments{v, map[string]driver.Value{
			"link": newID("link"), "event": newID("ev"), "record": in.Input.RecordID, "id": in.Input.ProfileID,
		}}
		if err := c.change(func() error { return c.writeAll(args, links[v.directory], event) }); err != nil {
			return nil, err
		}
		err := c.query(after, args, func(row []driver.Value) {
			out = appendField(out, `{"linkProfile":{"link":{"role":"PARTICIPANT","position":`, row[0])
			out = appendField(out, `},"record":{"id":`, in.Input.RecordID)
			out = append(appendField(out, `,"profileCount":`, row[1]), `},"userErrors":[]}}`...)
		})
		return out, err
	}
}

// changeable are the columns of the fields that the benchmark changes.
var changeable = map[string]string{"pronouns": "pronouns", "gender": "gender", "grade": "grade", "middleName": "middle_name"}

// update changes one field of a profile that the viewer edits, unless somebody else changed it meanwhile.
func update(e engine) workload {
	bump := `p.field_versions || jsonb_build_object(CAST(:field AS text), p.version + 1)`
	known := `COALESCE(CAST(p.field_versions ->> :field AS bigint), 0) <= :expected`
	if e == sqlite {
		bump = `json_set(p.field_versions, '$.' || :field, p.version + 1)`
		known = `COALESCE(json_extract(p.field_versions, '$.' || :field), 0) <= :expected`
	}
	updates := map[string]byDirectory{}
	for name, column := range changeable {
		updates[name] = e.each(func(directory string) string {
			return `UPDATE profiles AS p SET ` + column + ` = :value, version = p.version + 1, updated_at = :now, updated_by_id = :me, field_versions = ` + bump + `
WHERE p.id = :id AND ` + known + ` AND ` + editsProfile(directory)
		})
	}
	event := e.spell(insertEvent + `SELECT :event, 'profile.updated', :workspace, :me, p.id, ` + recordsOf + `, :now FROM profiles p WHERE p.id = :id`)
	after := e.spell(`SELECT p.preferred_name, p.given_name, p.family_name, p.version FROM profiles p WHERE p.id = :id`)
	return func(c *session, v *viewer, in *variables, out []byte) ([]byte, error) {
		field, value := in.Input.changed()
		args := arguments{v, map[string]driver.Value{
			"id": in.Input.ID, "field": field, "value": value, "expected": in.Input.ExpectedVersion, "event": newID("ev"), "edits": v.edits,
		}}
		err := c.change(func() error {
			if err := c.writeAll(args, updates[field][v.directory], event); err != nil {
				return err
			}
			return c.query(after, args, func(row []driver.Value) {
				out = appendField(out[:len(`{"data":`)], `{"updateProfile":{"profile":{"id":`, in.Input.ID)
				out = appendName(append(out, `,"displayName":`...), row[0], row[1], row[2])
				out = append(appendField(out, `,"version":`, row[3]), `},"userErrors":[]}}`...)
			})
		})
		return out, err
	}
}

// share shares a record of the viewer's with a colleague, who is told.
func share(e engine) workload {
	shares := e.spell(`INSERT INTO shares (id, created_at, created_by_id, updated_at, updated_by_id, record_id, grantee_id, level, starts_at, status, epoch)
SELECT :id, :now, :me, :now, :me, r.id, q.id, :level, :now, 'ACTIVE', r.owner_epoch FROM records r JOIN principals q ON q.id = :grantee AND q.workspace_id = r.workspace_id
WHERE r.id = :record AND r.status <> 'BINNED' AND NOT r.confidential AND r.owner_id <> q.id AND ` + fullRecord)
	event := e.spell(insertEvent + `SELECT :event, 'record.shared', :workspace, :me, r.id, ` + peopleOf + `, :now FROM records r WHERE r.id = :record`)
	notice := e.spell(`INSERT INTO notifications (id, kind, event_id, actor_id, record_id, share_id, created_at, professional_id)
SELECT :notice, 'SHARED', :event, :me, :record, :id, :now, q.id FROM professionals q WHERE q.id = :grantee AND q.status = 'ACTIVE'`)
	return func(c *session, v *viewer, in *variables, out []byte) ([]byte, error) {
		args := arguments{v, map[string]driver.Value{
			"id": in.Input.ID, "record": in.Input.RecordID, "grantee": in.Input.GranteeID, "level": in.Input.Level, "event": newID("ev"), "notice": newID("ntf"),
		}}
		if err := c.change(func() error { return c.writeAll(args, shares, event, notice) }); err != nil {
			return nil, err
		}
		out = appendField(out, `{"shareRecord":{"share":{"id":`, in.Input.ID)
		out = appendField(out, `,"level":`, in.Input.Level)
		return append(out, `,"status":"ACTIVE"},"userErrors":[]}}`...), nil
	}
}

// accept takes over a record that is offered to the viewer themselves, with the shares that the offer keeps.
func accept(e engine) workload {
	transfer := e.spell(`UPDATE transfers AS t SET status = 'ACCEPTED', version = t.version + 1, updated_at = :now, updated_by_id = :me,
  answered_at = :now, answered_by_id = :me, new_owner_id = :me
WHERE t.id = :id AND t.to_id = :me AND t.status = 'OFFERED' AND t.expires_at > :now
AND EXISTS (SELECT 1 FROM records r WHERE r.id = t.record_id AND r.owner_epoch = t.base_epoch AND r.status <> 'BINNED')
RETURNING record_id, from_id, shares_default`)
	// The new owner's own share ends; the others are kept or dropped as the offer says.
	shares := e.spell(`UPDATE shares SET version = version + 1, updated_at = :now, updated_by_id = :me,
  epoch = CASE WHEN :kept = 'KEEP' AND grantee_id <> :me THEN epoch + 1 ELSE epoch END,
  status = CASE WHEN :kept = 'KEEP' AND grantee_id <> :me THEN status ELSE 'REVOKED' END,
  ended_at = CASE WHEN :kept = 'KEEP' AND grantee_id <> :me THEN ended_at ELSE :now END,
  ended_by_id = CASE WHEN :kept = 'KEEP' AND grantee_id <> :me THEN ended_by_id ELSE :me END
WHERE record_id = :record AND status IN ('PENDING', 'ACTIVE')`)
	owner := e.spell(`UPDATE records SET owner_id = :me, workspace_id = :workspace, owner_epoch = owner_epoch + 1, version = version + 1,
  updated_at = :now, updated_by_id = :me WHERE id = :record`)
	event := e.spell(insertEvent + `SELECT :event, 'transfer.accepted', :workspace, :me, r.id, ` + peopleOf + `, :now FROM records r WHERE r.id = :record`)
	notice := e.spell(`INSERT INTO notifications (id, kind, event_id, actor_id, record_id, transfer_id, created_at, professional_id)
SELECT :notice, 'TRANSFER_ACCEPTED', :event, :me, :record, :id, :now, q.id FROM professionals q WHERE q.id = :former`)
	return func(c *session, v *viewer, in *variables, out []byte) ([]byte, error) {
		args := arguments{v, map[string]driver.Value{"id": in.Input.ID, "event": newID("ev"), "notice": newID("ntf")}}
		err := c.change(func() error {
			delete(args.more, "record")
			err := c.query(transfer, args, func(row []driver.Value) {
				args.more["record"], args.more["former"], args.more["kept"] = text(row[0]), text(row[1]), text(row[2])
			})
			if err != nil {
				return err
			}
			if args.more["record"] == nil {
				return errNotFound
			}
			if err := c.write(shares, args); err != nil && !errors.Is(err, errNotFound) {
				return err
			}
			return c.writeAll(args, owner, event, notice)
		})
		out = appendField(out, `{"acceptTransfer":{"transfer":{"id":`, in.Input.ID)
		return append(out, `,"status":"ACCEPTED"},"userErrors":[]}}`...), err
	}
}

// changed is the one field that an update names.
func (in *changeInput) changed() (field, value string) {
	fields := map[string]string{"pronouns": in.Pronouns, "gender": in.Gender, "grade": in.Grade, "middleName": in.MiddleName}
	names := slices.DeleteFunc([]string{"pronouns", "gender", "grade", "middleName"}, func(name string) bool { return fields[name] == "" })
	return names[0], fields[names[0]]
}
