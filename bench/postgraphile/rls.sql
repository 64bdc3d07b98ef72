-- What stands in internal/access/visible.go, said once more as row-level security, for PostGraphile.
--
-- Who asks is in the settings continuum.*, which server.mjs fills from the API key, once per request. The views of the
-- schema access are the rule's sets; they belong to the tables' owner, whom no policy holds, so that a policy never runs
-- into the policies of the tables that it asks. An absent setting is nobody's: every set is empty then.
--
-- It is narrower than the program in three things. Policies know rows, not columns: a record of which a coordinator knows
-- no more than that it exists is not there at all, and of professionals there are the columns alone that everybody sees.
-- Of other workspaces there is nobody but the owner behind a share, for parties of shares and transfers are not asked for.
-- And policies know no scopes: signin.mjs refuses a key that lacks any.
BEGIN;
SET LOCAL client_min_messages = warning;
DROP SCHEMA IF EXISTS access CASCADE;
CREATE SCHEMA access;

DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'continuum_viewer') THEN CREATE ROLE continuum_viewer NOLOGIN; END IF;
END $$;

CREATE FUNCTION access.one(name text) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT current_setting('continuum.' || name, true) $$;
CREATE FUNCTION access.many(name text) RETURNS text[] LANGUAGE sql STABLE AS
$$ SELECT nullif(current_setting('continuum.' || name, true), '')::text[] $$;

-- liveShare and liveEmergency.
CREATE VIEW access.shared AS SELECT s.record_id, s.level, r.owner_id, r.workspace_id
FROM public.shares s JOIN public.records r ON r.id = s.record_id
WHERE s.grantee_id = ANY (access.many('principals')) AND s.status = 'ACTIVE' AND s.starts_at <= now()
  AND (s.expires_at IS NULL OR s.expires_at > now()) AND s.epoch = r.owner_epoch AND r.status <> 'BINNED';
CREATE VIEW access.opened AS SELECT e.record_id
FROM public.emergency_accesses e JOIN public.records r ON r.id = e.record_id
WHERE e.professional_id = access.one('me') AND e.started_at <= now() AND e.ends_at > now()
  AND e.workspace_id = r.workspace_id AND NOT r.confidential AND r.status <> 'BINNED';

CREATE VIEW access.editable_records AS
SELECT id FROM public.records WHERE owner_id = ANY (access.many('owns'))
UNION ALL SELECT id FROM public.records WHERE owner_id = ANY (access.many('worked')) AND status <> 'BINNED'
UNION ALL SELECT record_id FROM access.shared WHERE level = 'FULL';
CREATE VIEW access.readable_records AS
SELECT id FROM public.records WHERE owner_id = ANY (access.many('owns'))
UNION ALL SELECT id FROM public.records WHERE owner_id = ANY (access.many('worked')) AND status <> 'BINNED'
UNION ALL SELECT record_id FROM access.shared
UNION ALL SELECT record_id FROM access.opened;

CREATE VIEW access.own_unlinked AS SELECT p.id FROM public.profiles p
WHERE p.created_by_id = access.one('me') AND p.home_workspace_id = access.one('workspace')
  AND NOT EXISTS (SELECT FROM public.record_links x WHERE x.profile_id = p.id AND x.unlinked_at IS NULL);

-- The directory: present in the workspace, and within the scope. continuum.directory is empty without a right.
CREATE VIEW access.directory AS
SELECT p.id FROM public.profiles p WHERE access.one('directory') = 'ALL' AND p.home_workspace_id = access.one('workspace')
UNION ALL SELECT l.profile_id FROM public.records r JOIN public.record_links l ON l.record_id = r.id
  WHERE access.one('directory') = 'ALL' AND r.workspace_id = access.one('workspace') AND l.unlinked_at IS NULL
UNION ALL SELECT p.id FROM public.profiles p WHERE access.one('directory') IN ('OWN', 'INSTITUTIONS')
  AND p.home_workspace_id = access.one('workspace')
  AND CASE access.one('directory') WHEN 'OWN' THEN p.created_by_id = access.one('me') ELSE p.institution_id = ANY (access.many('institutions')) END
UNION ALL SELECT p.id FROM public.records r JOIN public.record_links l ON l.record_id = r.id JOIN public.profiles p ON p.id = l.profile_id
  WHERE access.one('directory') IN ('OWN', 'INSTITUTIONS') AND r.workspace_id = access.one('workspace') AND l.unlinked_at IS NULL
  AND CASE access.one('directory') WHEN 'OWN' THEN p.created_by_id = access.one('me') ELSE p.institution_id = ANY (access.many('institutions')) END;

CREATE VIEW access.readable_profiles AS
SELECT l.profile_id AS id FROM access.readable_records r JOIN public.record_links l ON l.record_id = r.id WHERE l.unlinked_at IS NULL
UNION ALL SELECT id FROM access.directory
UNION ALL SELECT id FROM access.own_unlinked;
CREATE VIEW access.editable_profiles AS
SELECT l.profile_id AS id FROM access.editable_records r JOIN public.record_links l ON l.record_id = r.id WHERE l.unlinked_at IS NULL
UNION ALL SELECT id FROM access.directory WHERE access.one('edits') = 'yes'
UNION ALL SELECT id FROM access.own_unlinked;

CREATE VIEW access.institutions_of_profiles AS
SELECT p.institution_id FROM public.profiles p WHERE p.institution_id IS NOT NULL AND p.id IN (SELECT id FROM access.readable_profiles);

-- What policies ask of tables that they must see whole.
CREATE VIEW access.live_links AS SELECT l.profile_id, l.record_id, r.owner_id, r.workspace_id, r.status
FROM public.record_links l JOIN public.records r ON r.id = l.record_id WHERE l.unlinked_at IS NULL;
CREATE VIEW access.ever_linked AS SELECT contact_id FROM public.contact_links;

-- The whole rule about one row: the condition on the id reaches into each branch of the sets. Policies try in their own
-- text what holds for most rows and leave the rest to these, for a plan is set up anew for each request, and with all
-- branches in the text of each policy that took longer than to run it.
CREATE FUNCTION access.edits_record(record text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER AS
$$ BEGIN RETURN EXISTS (SELECT FROM access.editable_records s WHERE s.id = record); END $$;
CREATE FUNCTION access.sees_profile(profile text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER AS
$$ BEGIN RETURN EXISTS (SELECT FROM access.readable_profiles s WHERE s.id = profile); END $$;
CREATE FUNCTION access.edits_profile(profile text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER AS
$$ BEGIN RETURN EXISTS (SELECT FROM access.editable_profiles s WHERE s.id = profile); END $$;
CREATE FUNCTION access.sees_institution(institution text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER AS
$$ BEGIN RETURN EXISTS (SELECT FROM access.institutions_of_profiles s WHERE s.institution_id = institution); END $$;

-- Every table is closed, then some are opened.
DO $$ DECLARE t text; BEGIN
  FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('REVOKE ALL ON public.%I FROM continuum_viewer', t);
  END LOOP;
  FOR t IN SELECT policyname || ' ON public.' || quote_ident(tablename) FROM pg_policies WHERE policyname IN ('seen', 'made', 'changed', 'removed') LOOP
    EXECUTE 'DROP POLICY ' || t;
  END LOOP;
END $$;
GRANT USAGE ON SCHEMA public, access TO continuum_viewer;
GRANT SELECT ON ALL TABLES IN SCHEMA access TO continuum_viewer;
GRANT SELECT (id, name, kind) ON workspaces TO continuum_viewer;
GRANT SELECT (id, workspace_id, name, title) ON professionals TO continuum_viewer;
GRANT SELECT ON units, institutions, profiles, workspace_profiles, contacts, contact_links, contact_points, addresses, records, record_links TO continuum_viewer;

CREATE POLICY seen ON workspaces FOR SELECT TO continuum_viewer USING (id = (SELECT access.one('workspace'))
  OR id IN (SELECT workspace_id FROM access.shared));
CREATE POLICY seen ON professionals FOR SELECT TO continuum_viewer USING (workspace_id = (SELECT access.one('workspace'))
  OR id IN (SELECT owner_id FROM access.shared));
CREATE POLICY seen ON units FOR SELECT TO continuum_viewer USING (workspace_id = (SELECT access.one('workspace'))
  OR id IN (SELECT owner_id FROM access.shared));
CREATE POLICY seen ON institutions FOR SELECT TO continuum_viewer USING (workspace_id = (SELECT access.one('workspace'))
  OR access.sees_institution(id));

CREATE POLICY seen ON records FOR SELECT TO continuum_viewer USING (
  owner_id = ANY ((SELECT access.many('owns'))::text[])
  OR (owner_id = ANY ((SELECT access.many('worked'))::text[]) AND status <> 'BINNED')
  OR id IN (SELECT record_id FROM access.shared) OR id IN (SELECT record_id FROM access.opened)); -- few, and many links lead past them
CREATE POLICY seen ON record_links FOR SELECT TO continuum_viewer USING (CASE WHEN unlinked_at IS NULL
  THEN EXISTS (SELECT FROM records r WHERE r.id = record_links.record_id) ELSE access.edits_record(record_id) END);

CREATE POLICY seen ON profiles FOR SELECT TO continuum_viewer USING (
  CASE WHEN (SELECT access.one('directory')) = 'ALL' THEN home_workspace_id = (SELECT access.one('workspace')) END
  OR EXISTS (SELECT FROM access.live_links l WHERE l.profile_id = profiles.id AND (
    l.owner_id = ANY ((SELECT access.many('owns'))::text[])
    OR (l.owner_id = ANY ((SELECT access.many('worked'))::text[]) AND l.status <> 'BINNED')))
  -- A row that is being inserted is told back to its maker, and no function finds it yet.
  OR (created_by_id = (SELECT access.one('me')) AND home_workspace_id = (SELECT access.one('workspace'))
    AND NOT EXISTS (SELECT FROM access.live_links l WHERE l.profile_id = profiles.id))
  OR access.sees_profile(id));

-- What hangs on a profile or a contact is seen where they are, by their own policy.
CREATE POLICY seen ON contact_links FOR SELECT TO continuum_viewer USING (EXISTS (SELECT FROM profiles p WHERE p.id = contact_links.profile_id));
CREATE POLICY seen ON workspace_profiles FOR SELECT TO continuum_viewer USING (workspace_id = (SELECT access.one('workspace'))
  AND EXISTS (SELECT FROM profiles p WHERE p.id = workspace_profiles.profile_id));
CREATE POLICY seen ON contacts FOR SELECT TO continuum_viewer USING (
  EXISTS (SELECT FROM contact_links k WHERE k.contact_id = contacts.id AND k.ended_at IS NULL)
  OR (created_by_id = (SELECT access.one('me')) AND home_workspace_id = (SELECT access.one('workspace'))
    AND NOT EXISTS (SELECT FROM access.ever_linked k WHERE k.contact_id = contacts.id)));
CREATE POLICY seen ON contact_points FOR SELECT TO continuum_viewer USING (CASE
  WHEN profile_id IS NOT NULL THEN EXISTS (SELECT FROM profiles p WHERE p.id = contact_points.profile_id)
  ELSE EXISTS (SELECT FROM contacts c WHERE c.id = contact_points.contact_id) END);
CREATE POLICY seen ON addresses FOR SELECT TO continuum_viewer USING (CASE
  WHEN profile_id IS NOT NULL THEN EXISTS (SELECT FROM profiles p WHERE p.id = addresses.profile_id)
  WHEN contact_id IS NOT NULL THEN EXISTS (SELECT FROM contacts c WHERE c.id = addresses.contact_id)
  ELSE EXISTS (SELECT FROM institutions i WHERE i.id = addresses.institution_id) END);

-- What somebody who lives with PostGraphile adds by hand: names as the program shows them, counts, and the list that
-- opens a page. A policy can only be asked row by row; the list starts from whom the viewer sees, by the same sets.
CREATE OR REPLACE FUNCTION profiles_display_name(p profiles) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT coalesce(nullif(p.preferred_name, ''), p.given_name) || ' ' || p.family_name $$;
CREATE OR REPLACE FUNCTION contacts_display_name(c contacts) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT c.given_name || coalesce(' ' || nullif(c.family_name, ''), '') $$;
CREATE FUNCTION access.instant(at timestamptz) RETURNS text LANGUAGE sql STABLE AS -- as the program writes it
$$ SELECT regexp_replace(to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '\.?0+$', '') || 'Z' $$;
CREATE OR REPLACE FUNCTION record_links_since(l record_links) RETURNS text LANGUAGE sql STABLE AS $$ SELECT access.instant(l.linked_at) $$;
CREATE OR REPLACE FUNCTION records_opened(r records) RETURNS text LANGUAGE sql STABLE AS $$ SELECT access.instant(r.opened_at) $$;
-- These are not inlined in any case: plpgsql keeps their plans from one request to the next.
CREATE OR REPLACE FUNCTION profiles_workspace_file(p profiles) RETURNS workspace_profiles LANGUAGE plpgsql STABLE AS $$
DECLARE
  file workspace_profiles;
BEGIN
  SELECT f.* INTO file FROM workspace_profiles f WHERE f.profile_id = p.id AND f.workspace_id = access.one('workspace');
  RETURN CASE WHEN file.id IS NOT NULL THEN file END;
END $$;
-- Whoever sees a profile sees its institution, and whoever reads a record sees its owner: nothing is left to ask.
CREATE OR REPLACE FUNCTION profiles_institution_name(p profiles) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS
$$ BEGIN RETURN (SELECT i.name FROM institutions i WHERE i.id = p.institution_id); END $$;
CREATE OR REPLACE FUNCTION records_owner_name(r records) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$ BEGIN
  RETURN coalesce((SELECT q.name FROM professionals q WHERE q.id = r.owner_id), (SELECT u.name FROM units u WHERE u.id = r.owner_id));
END $$;

CREATE OR REPLACE FUNCTION page_of_profiles(prefix text, rows integer) RETURNS SETOF profiles
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF access.one('directory') = 'ALL' THEN -- many are seen: the index by name meets them soon. LIMIT 1
    -- keeps the planner from making a hash of every link there is.
    RETURN QUERY SELECT p.* FROM profiles p
      WHERE p.sort_name >= lower(prefix) AND p.sort_name < lower(prefix) || chr(1114111)
        AND (p.home_workspace_id = (SELECT access.one('workspace')) OR (SELECT true FROM access.live_links l WHERE l.profile_id = p.id
          AND (l.workspace_id = (SELECT access.one('workspace')) OR l.record_id IN (SELECT id FROM access.readable_records)) LIMIT 1)
          OR p.id IN (SELECT id FROM access.own_unlinked))
      ORDER BY p.sort_name, p.id LIMIT rows;
  ELSE -- few are seen: they are sorted
    RETURN QUERY SELECT p.* FROM profiles p
      WHERE p.sort_name >= lower(prefix) AND p.sort_name < lower(prefix) || chr(1114111) AND p.id IN (SELECT id FROM access.readable_profiles)
      ORDER BY p.sort_name, p.id LIMIT rows;
  END IF;
END $$;

-- The same in the order of making, after a profile.
CREATE OR REPLACE FUNCTION profiles_made_after(profile text, rows integer) RETURNS SETOF profiles
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
DECLARE
  at timestamptz := (SELECT p.created_at FROM profiles p WHERE p.id = profile);
BEGIN
  IF access.one('directory') = 'ALL' THEN
    RETURN QUERY SELECT p.* FROM profiles p WHERE (p.created_at, p.id) > (at, profile)
        AND (p.home_workspace_id = (SELECT access.one('workspace')) OR (SELECT true FROM access.live_links l WHERE l.profile_id = p.id
          AND (l.workspace_id = (SELECT access.one('workspace')) OR l.record_id IN (SELECT id FROM access.readable_records)) LIMIT 1)
          OR p.id IN (SELECT id FROM access.own_unlinked))
      ORDER BY p.created_at, p.id LIMIT rows;
  ELSE
    RETURN QUERY SELECT p.* FROM profiles p WHERE (p.created_at, p.id) > (at, profile) AND p.id IN (SELECT id FROM access.readable_profiles)
      ORDER BY p.created_at, p.id LIMIT rows;
  END IF;
END $$;

-- PostGraphile filters and sorts by the first columns of indexes alone, unless it is told of others.
COMMENT ON COLUMN record_links.unlinked_at IS '@behavior +attribute:filterBy';
COMMENT ON COLUMN record_links.position IS '@behavior +attribute:orderBy';
COMMENT ON COLUMN contact_links.ended_at IS '@behavior +attribute:filterBy';
COMMENT ON COLUMN contact_links.created_at IS '@behavior +attribute:orderBy';
COMMENT ON COLUMN contact_points.preferred IS '@behavior +attribute:orderBy';
COMMENT ON COLUMN contact_points.position IS '@behavior +attribute:orderBy';
COMMIT;
