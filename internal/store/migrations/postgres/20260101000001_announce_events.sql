-- +goose Up
-- Whoever listens on continuum_events hears the id of each event at the moment of its commit. See store.Changes.
-- +goose StatementBegin
CREATE FUNCTION announce_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_notify('continuum_events', NEW.id);
	RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER announce_event AFTER INSERT ON events FOR EACH ROW EXECUTE FUNCTION announce_event();
