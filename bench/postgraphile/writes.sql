-- What a viewer may write, as far as the benchmark writes: it comes after rls.sql.
BEGIN;
-- A write asks of few rows; the condition on the id reaches into each branch of the sets.
CREATE FUNCTION access.sees_profile(profile text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER AS
$$ BEGIN RETURN EXISTS (SELECT FROM access.readable_profiles s WHERE s.id = profile); END $$;
CREATE FUNCTION access.edits_profile(profile text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER AS
$$ BEGIN RETURN EXISTS (SELECT FROM access.editable_profiles s WHERE s.id = profile); END $$;
CREATE FUNCTION access.edits_record(record text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER AS
$$ BEGIN RETURN EXISTS (SELECT FROM access.editable_records s WHERE s.id = record); END $$;
CREATE FUNCTION access.edits_contact(contact text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$ BEGIN
  RETURN EXISTS (SELECT FROM public.contact_links k WHERE k.contact_id = contact AND k.ended_at IS NULL AND access.edits_profile(k.profile_id))
    OR EXISTS (SELECT FROM public.contacts c WHERE c.id = contact AND c.created_by_id = access.one('me')
      AND c.home_workspace_id = access.one('workspace') AND NOT EXISTS (SELECT FROM public.contact_links x WHERE x.contact_id = c.id));
END $$;

CREATE FUNCTION access.sees_contact(contact text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$ BEGIN
  RETURN EXISTS (SELECT FROM public.contact_links k WHERE k.contact_id = contact AND k.ended_at IS NULL AND access.sees_profile(k.profile_id))
    OR access.edits_contact(contact);
END $$;

GRANT INSERT ON profiles, contacts, contact_links, contact_points, record_links, events TO continuum_viewer;
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
CREATE FUNCTION access.emit(type text, object text, topics jsonb) RETURNS void LANGUAGE sql VOLATILE AS $$
  INSERT INTO events (id, type, workspace_id, actor_id, object_id, topics, created_at)
  VALUES (access.new_id('ev'), type, access.one('workspace'), access.one('me'), object, topics, now()) $$;

-- One change is one transaction with its event, as in the program. Less is checked here: no phone number is read, no name
-- is folded past its case.
CREATE OR REPLACE FUNCTION create_profile_with_contact(given_name text, family_name text, phone text,
  contact_given_name text, contact_family_name text, relationship text, contact_phone text) RETURNS profiles LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  who text := access.new_id('prof');
  contact text := access.new_id('cont');
  me text := access.one('me');
  home text := access.one('workspace');
  made profiles;
BEGIN
  INSERT INTO profiles (id, created_at, created_by_id, updated_at, updated_by_id, kind, given_name, family_name, sort_name, former_names, languages, field_versions, home_workspace_id)
  VALUES (who, now(), me, now(), me, 'CLIENT', $1, $2, lower($2 || ' ' || $1), '[]', '[]', '{}', home) RETURNING * INTO made;
  INSERT INTO contact_points (id, created_at, created_by_id, position, kind, value, normalized, profile_id)
  VALUES (access.new_id('cp'), now(), me, 0, 'PHONE', $3, $3, who);
  INSERT INTO contacts (id, created_at, created_by_id, updated_at, updated_by_id, given_name, family_name, sort_name, languages, field_versions, home_workspace_id)
  VALUES (contact, now(), me, now(), me, $4, $5, lower($5 || ' ' || $4), '[]', '{}', home);
  INSERT INTO contact_points (id, created_at, created_by_id, position, kind, value, normalized, contact_id)
  VALUES (access.new_id('cp'), now(), me, 0, 'PHONE', $7, $7, contact);
  INSERT INTO contact_links (id, created_at, created_by_id, updated_at, relationship, channels, profile_id, contact_id)
  VALUES (access.new_id('cl'), now(), me, now(), $6, '[]', who, contact);
  PERFORM access.emit('profile.created', who, jsonb_build_array(who));
  PERFORM access.emit('contact.created', contact, jsonb_build_array(contact, who));
  RETURN made;
END $$;
CREATE OR REPLACE FUNCTION link_profile(record text, profile text, role text) RETURNS record_links LANGUAGE plpgsql VOLATILE AS $$
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
CREATE OR REPLACE FUNCTION update_profile_grade(profile text, expected_version integer, grade text) RETURNS profiles LANGUAGE plpgsql VOLATILE AS $$
DECLARE made profiles;
BEGIN
  UPDATE profiles p SET grade = $3, version = p.version + 1, updated_at = now(), updated_by_id = access.one('me'),
    field_versions = p.field_versions || jsonb_build_object('grade', p.version + 1)
  WHERE p.id = $1 AND p.version = $2 RETURNING * INTO made;
  IF NOT FOUND THEN RAISE EXCEPTION 'CONFLICT'; END IF;
  PERFORM access.emit('profile.updated', $1, jsonb_build_array($1) || coalesce(
    (SELECT jsonb_agg(l.record_id) FROM record_links l WHERE l.profile_id = $1 AND l.unlinked_at IS NULL), '[]'));
  RETURN made;
END $$;
COMMIT;
