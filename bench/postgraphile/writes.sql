-- What a viewer may write, as far as the benchmark writes: it comes after rls.sql.
BEGIN;
SET LOCAL client_min_messages = warning;
DROP FUNCTION IF EXISTS begin_profile, begin_contact, link_profile, update_profile_fields, share_record;
CREATE FUNCTION access.edits_contact(contact text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$ BEGIN
  RETURN EXISTS (SELECT FROM public.contact_links k WHERE k.contact_id = contact AND k.ended_at IS NULL AND access.edits_profile(k.profile_id))
    OR EXISTS (SELECT FROM public.contacts c WHERE c.id = contact AND c.created_by_id = access.one('me')
      AND c.home_workspace_id = access.one('workspace') AND NOT EXISTS (SELECT FROM public.contact_links x WHERE x.contact_id = c.id));
END $$;

CREATE FUNCTION access.sees_contact(contact text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$ BEGIN
  RETURN EXISTS (SELECT FROM public.contact_links k WHERE k.contact_id = contact AND k.ended_at IS NULL AND access.sees_profile(k.profile_id))
    OR access.edits_contact(contact);
END $$;

GRANT INSERT ON profiles, contacts, contact_links, contact_points, record_links, shares, notifications, events TO continuum_viewer;
GRANT SELECT ON shares TO continuum_viewer;
GRANT UPDATE ON profiles TO continuum_viewer;
CREATE POLICY made ON profiles FOR INSERT TO continuum_viewer WITH CHECK (
  home_workspace_id = (SELECT access.one('workspace')) AND created_by_id = (SELECT access.one('me'))
  AND (institution_id IS NULL OR EXISTS (SELECT FROM institutions i WHERE i.id = institution_id AND i.workspace_id = (SELECT access.one('workspace')))));
CREATE POLICY changed ON profiles FOR UPDATE TO continuum_viewer USING (access.edits_profile(id)) WITH CHECK (access.edits_profile(id));
CREATE POLICY made ON contacts FOR INSERT TO continuum_viewer WITH CHECK (
  home_workspace_id = (SELECT access.one('workspace')) AND created_by_id = (SELECT access.one('me'))
  AND (profile_id IS NULL OR access.sees_profile(profile_id)));
CREATE POLICY made ON contact_links FOR INSERT TO continuum_viewer WITH CHECK (
  access.edits_profile(profile_id) AND access.sees_contact(contact_id));
CREATE POLICY made ON contact_points FOR INSERT TO continuum_viewer WITH CHECK (
  CASE WHEN profile_id IS NOT NULL THEN access.edits_profile(profile_id) ELSE access.edits_contact(contact_id) END);
CREATE POLICY made ON record_links FOR INSERT TO continuum_viewer WITH CHECK (
  access.edits_record(record_id) AND access.sees_profile(profile_id));
CREATE POLICY seen ON shares FOR SELECT TO continuum_viewer USING (
  grantee_id = ANY ((SELECT access.many('principals'))::text[]) OR access.edits_record(record_id));
-- Within the workspace: across, a share is an offer, which is not made here.
CREATE POLICY made ON shares FOR INSERT TO continuum_viewer WITH CHECK (
  access.edits_record(record_id) AND level <> 'FULL' AND created_by_id = (SELECT access.one('me'))
  AND EXISTS (SELECT FROM professionals q WHERE q.id = grantee_id AND q.workspace_id = (SELECT access.one('workspace'))));
CREATE POLICY made ON notifications FOR INSERT TO continuum_viewer WITH CHECK (actor_id = (SELECT access.one('me')));
CREATE POLICY made ON events FOR INSERT TO continuum_viewer WITH CHECK (
  actor_id = (SELECT access.one('me')) AND workspace_id = (SELECT access.one('workspace')));

-- What a viewer may do next with a profile that they see.
CREATE FUNCTION access.shares_profile(profile text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$ BEGIN
  RETURN EXISTS (SELECT FROM access.live_links l WHERE l.profile_id = profile AND (l.owner_id = ANY (access.many('owns'))
    OR (l.owner_id = ANY (access.many('worked')) AND l.status <> 'BINNED')
    OR l.record_id IN (SELECT s.record_id FROM access.shared s WHERE s.level = 'FULL')));
END $$;
DROP TYPE IF EXISTS viewer_can CASCADE;
CREATE TYPE viewer_can AS ("update" boolean, link boolean, share boolean);
CREATE FUNCTION profiles_viewer_can(p profiles) RETURNS viewer_can LANGUAGE sql STABLE AS
$$ SELECT ROW (access.edits_profile(p.id), true, access.shares_profile(p.id))::viewer_can $$;

-- A TypeID over a UUIDv7.
CREATE FUNCTION access.new_id(prefix text) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  random text := replace(gen_random_uuid()::text, '-', '');
  hex text := lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || '7' || substr(random, 14, 3) || substr(random, 17);
  bits bit(130) := B'00' || ('x' || hex)::bit(128);
  id text := prefix || '_';
BEGIN
  FOR i IN 0..25 LOOP
    id := id || substr('0123456789abcdefghjkmnpqrstvwxyz', substring(bits FROM i * 5 + 1 FOR 5)::int + 1, 1);
  END LOOP;
  RETURN id;
END $$;
CREATE FUNCTION access.emit(type text, object text, topics jsonb) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  event text := access.new_id('ev');
BEGIN
  INSERT INTO events (id, type, workspace_id, actor_id, object_id, topics, created_at)
  VALUES (event, $1, access.one('workspace'), access.one('me'), $2, $3, now());
  RETURN event;
END $$;

-- One change is one transaction with its event, as in the program. Less is checked here: no phone number is read, no name
-- is folded past its case, no consent is asked for.
CREATE FUNCTION begin_profile(profile text, given_name text, family_name text, birth_date text, email text) RETURNS profiles LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  me text := access.one('me');
  made profiles;
BEGIN
  INSERT INTO profiles (id, created_at, created_by_id, updated_at, updated_by_id, kind, given_name, family_name, sort_name, former_names, birth_date, languages, field_versions, home_workspace_id)
  VALUES ($1, now(), me, now(), me, 'CLIENT', $2, $3, lower($3 || ' ' || $2), '[]', $4, '[]', '{}', access.one('workspace')) RETURNING * INTO made;
  INSERT INTO contact_points (id, created_at, created_by_id, position, kind, value, normalized, preferred, profile_id)
  VALUES (access.new_id('cp'), now(), me, 0, 'EMAIL', $5, lower($5), true, $1);
  PERFORM access.emit('profile.created', $1, jsonb_build_array($1));
  RETURN made;
END $$;
CREATE FUNCTION begin_contact(contact text, given_name text, family_name text, email text, profile text, relationship text, emergency_rank integer)
RETURNS contacts LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  me text := access.one('me');
  made contacts;
BEGIN
  INSERT INTO contacts (id, created_at, created_by_id, updated_at, updated_by_id, given_name, family_name, sort_name, languages, field_versions, home_workspace_id)
  VALUES ($1, now(), me, now(), me, $2, $3, lower($3 || ' ' || $2), '[]', '{}', access.one('workspace')) RETURNING * INTO made;
  INSERT INTO contact_points (id, created_at, created_by_id, position, kind, value, normalized, preferred, contact_id)
  VALUES (access.new_id('cp'), now(), me, 0, 'EMAIL', $4, lower($4), true, $1);
  INSERT INTO contact_links (id, created_at, created_by_id, updated_at, relationship, emergency_rank, channels, profile_id, contact_id)
  VALUES (access.new_id('cl'), now(), me, now(), $6, $7, '[]', $5, $1);
  PERFORM access.emit('contact.created', $1, jsonb_build_array($1, $5));
  RETURN made;
END $$;
CREATE FUNCTION link_profile(record text, profile text, role text) RETURNS record_links LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  made record_links;
  others jsonb;
  place bigint;
BEGIN
  IF NOT EXISTS (SELECT FROM records r WHERE r.id = $1 AND r.status = 'OPEN') THEN RAISE EXCEPTION 'NOT_FOUND'; END IF;
  SELECT coalesce(max(l.position) + 1, 0), coalesce(jsonb_agg(l.profile_id), '[]') INTO place, others
  FROM record_links l WHERE l.record_id = $1 AND l.unlinked_at IS NULL;
  INSERT INTO record_links (id, updated_at, updated_by_id, role, position, linked_at, linked_by_id, record_id, profile_id)
  VALUES (access.new_id('link'), now(), access.one('me'), $3, place, now(), access.one('me'), $1, $2) RETURNING * INTO made;
  PERFORM access.emit('profile.linked', $1, others || jsonb_build_array($1, $2));
  RETURN made;
END $$;
-- An argument that is absent leaves its field as it is.
CREATE FUNCTION update_profile_fields(profile text, expected_version integer, pronouns text DEFAULT NULL, gender text DEFAULT NULL,
  grade text DEFAULT NULL, middle_name text DEFAULT NULL) RETURNS profiles LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  given jsonb := jsonb_strip_nulls(jsonb_build_object('pronouns', $3, 'gender', $4, 'grade', $5, 'middleName', $6));
  made profiles;
BEGIN
  UPDATE profiles p SET pronouns = coalesce($3, p.pronouns), gender = coalesce($4, p.gender), grade = coalesce($5, p.grade),
    middle_name = coalesce($6, p.middle_name), version = p.version + 1, updated_at = now(), updated_by_id = access.one('me'),
    field_versions = p.field_versions || (SELECT jsonb_object_agg(f, p.version + 1) FROM jsonb_object_keys(given) f)
  WHERE p.id = $1 AND p.version = $2 RETURNING * INTO made;
  IF NOT FOUND THEN RAISE EXCEPTION 'CONFLICT'; END IF;
  PERFORM access.emit('profile.updated', $1, jsonb_build_array($1) || coalesce(
    (SELECT jsonb_agg(l.record_id) FROM record_links l WHERE l.profile_id = $1 AND l.unlinked_at IS NULL), '[]'));
  RETURN made;
END $$;
CREATE FUNCTION share_record(share text, record text, grantee text, level text) RETURNS shares LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  me text := access.one('me');
  made shares;
  event text;
BEGIN
  IF $4 NOT IN ('READ', 'WRITE') THEN RAISE EXCEPTION 'INVALID'; END IF;
  INSERT INTO shares (id, created_at, created_by_id, updated_at, level, starts_at, status, epoch, record_id, grantee_id)
  SELECT $1, now(), me, now(), $4, now(), 'ACTIVE', r.owner_epoch, r.id, $3 FROM records r WHERE r.id = $2 AND r.status <> 'BINNED' RETURNING * INTO made;
  IF NOT FOUND THEN RAISE EXCEPTION 'NOT_FOUND'; END IF;
  event := access.emit('record.shared', $2, jsonb_build_array($2, $1, $3) || coalesce(
    (SELECT jsonb_agg(l.profile_id) FROM record_links l WHERE l.record_id = $2 AND l.unlinked_at IS NULL), '[]'));
  INSERT INTO notifications (id, kind, event_id, actor_id, record_id, share_id, created_at, professional_id)
  VALUES (access.new_id('ntf'), 'RECORD_SHARED', event, me, $2, $1, now(), $3);
  RETURN made;
END $$;
COMMIT;
