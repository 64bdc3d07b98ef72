-- +goose Up
-- modify "record_links" table
ALTER TABLE "record_links" ADD COLUMN "guest_of" character varying NULL COLLATE "C";
-- By hand: whoever changes what guest_of follows from changes it too. They find the tables here, whatever path a session has.
-- +goose StatementBegin
CREATE FUNCTION find_guest() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
	NEW.guest_of := NULLIF((SELECT workspace_id FROM records WHERE id = NEW.record_id),
		(SELECT home_workspace_id FROM profiles WHERE id = NEW.profile_id));
	RETURN NEW;
END
$$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION find_guests_of_record() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
	UPDATE record_links SET guest_of = NULLIF((SELECT workspace_id FROM records WHERE id = record_id),
		(SELECT home_workspace_id FROM profiles WHERE id = profile_id)) WHERE record_id = NEW.id;
	RETURN NULL;
END
$$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION find_guest_everywhere() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
	UPDATE record_links SET guest_of = NULLIF((SELECT workspace_id FROM records WHERE id = record_id),
		(SELECT home_workspace_id FROM profiles WHERE id = profile_id)) WHERE profile_id = NEW.id;
	RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER find_guest BEFORE INSERT ON record_links FOR EACH ROW EXECUTE FUNCTION find_guest();
CREATE TRIGGER find_guests_of_record AFTER UPDATE OF workspace_id ON records FOR EACH ROW
	WHEN (OLD.workspace_id <> NEW.workspace_id) EXECUTE FUNCTION find_guests_of_record();
CREATE TRIGGER find_guest_everywhere AFTER UPDATE OF home_workspace_id ON profiles FOR EACH ROW
	WHEN (OLD.home_workspace_id <> NEW.home_workspace_id) EXECUTE FUNCTION find_guest_everywhere();
UPDATE record_links SET guest_of = r.workspace_id FROM records r, profiles p
	WHERE r.id = record_id AND p.id = profile_id AND r.workspace_id <> p.home_workspace_id;
-- create index "recordlink_guest_of_profile_id" to table: "record_links"
CREATE INDEX "recordlink_guest_of_profile_id" ON "record_links" ("guest_of", "profile_id") WHERE unlinked_at IS NULL AND guest_of IS NOT NULL;
