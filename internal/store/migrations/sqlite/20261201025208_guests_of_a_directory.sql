-- +goose Up
-- add column "guest_of" to table: "record_links"
ALTER TABLE `record_links` ADD COLUMN `guest_of` text NULL;
-- By hand: whoever changes what guest_of follows from changes it too. Dropping one of these tables drops its trigger.
-- +goose StatementBegin
CREATE TRIGGER find_guest AFTER INSERT ON record_links
BEGIN
	UPDATE record_links SET guest_of = NULLIF((SELECT workspace_id FROM records WHERE id = record_id),
		(SELECT home_workspace_id FROM profiles WHERE id = profile_id)) WHERE id = NEW.id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER find_guests_of_record AFTER UPDATE OF workspace_id ON records WHEN OLD.workspace_id <> NEW.workspace_id
BEGIN
	UPDATE record_links SET guest_of = NULLIF((SELECT workspace_id FROM records WHERE id = record_id),
		(SELECT home_workspace_id FROM profiles WHERE id = profile_id)) WHERE record_id = NEW.id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER find_guest_everywhere AFTER UPDATE OF home_workspace_id ON profiles WHEN OLD.home_workspace_id <> NEW.home_workspace_id
BEGIN
	UPDATE record_links SET guest_of = NULLIF((SELECT workspace_id FROM records WHERE id = record_id),
		(SELECT home_workspace_id FROM profiles WHERE id = profile_id)) WHERE profile_id = NEW.id;
END;
-- +goose StatementEnd
UPDATE record_links SET guest_of = NULLIF((SELECT workspace_id FROM records WHERE id = record_id),
	(SELECT home_workspace_id FROM profiles WHERE id = profile_id));
-- create index "recordlink_guest_of_profile_id" to table: "record_links"
CREATE INDEX `recordlink_guest_of_profile_id` ON `record_links` (`guest_of`, `profile_id`) WHERE unlinked_at IS NULL AND guest_of IS NOT NULL;
