-- +goose Up
-- modify "shares" table
ALTER TABLE "shares" ADD COLUMN "consent_override" character varying NULL COLLATE "C";
-- create index "share_expires_at" to table: "shares"
CREATE INDEX "share_expires_at" ON "shares" ("expires_at") WHERE status IN ('PENDING', 'ACTIVE') AND expires_at IS NOT NULL;
-- create index "share_grantee_id_created_at_id" to table: "shares"
CREATE INDEX "share_grantee_id_created_at_id" ON "shares" ("grantee_id", "created_at", "id");
-- create "consents" table
CREATE TABLE "consents" (
	"id" character varying NOT NULL COLLATE "C",
	"created_at" timestamptz NOT NULL,
	"created_by_id" character varying NULL COLLATE "C",
	"version" bigint NOT NULL DEFAULT 1,
	"updated_at" timestamptz NOT NULL,
	"updated_by_id" character varying NULL COLLATE "C",
	"purpose" character varying NOT NULL COLLATE "C",
	"method" character varying NOT NULL COLLATE "C",
	"signed_at" timestamptz NOT NULL,
	"effective_at" timestamptz NOT NULL,
	"expires_at" timestamptz NULL,
	"withdrawn_at" timestamptz NULL,
	"withdrawn_by_id" character varying NULL COLLATE "C",
	"withdraw_reason" character varying NULL COLLATE "C",
	"workspace_id" character varying NOT NULL COLLATE "C",
	"profile_id" character varying NOT NULL COLLATE "C",
	"contact_link_id" character varying NULL COLLATE "C",
	"target_id" character varying NULL COLLATE "C",
	 PRIMARY KEY ("id"),
	 CONSTRAINT "consents_contact_links_contact_link" FOREIGN KEY ("contact_link_id") REFERENCES "contact_links" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT "consents_principals_target" FOREIGN KEY ("target_id") REFERENCES "principals" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT "consents_profiles_profile" FOREIGN KEY ("profile_id") REFERENCES "profiles" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT "consents_workspaces_workspace" FOREIGN KEY ("workspace_id") REFERENCES "workspaces" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "consent_profile_id_workspace_id_created_at" to table: "consents"
CREATE INDEX "consent_profile_id_workspace_id_created_at" ON "consents" ("profile_id", "workspace_id", "created_at");
-- create "emergency_accesses" table
CREATE TABLE "emergency_accesses" (
	"id" character varying NOT NULL COLLATE "C",
	"created_at" timestamptz NOT NULL,
	"created_by_id" character varying NULL COLLATE "C",
	"workspace_id" character varying NOT NULL COLLATE "C",
	"reason" character varying NOT NULL COLLATE "C",
	"started_at" timestamptz NOT NULL,
	"ends_at" timestamptz NOT NULL,
	"reviewed_at" timestamptz NULL,
	"reviewed_by_id" character varying NULL COLLATE "C",
	"review_note" character varying NULL COLLATE "C",
	"record_id" character varying NOT NULL COLLATE "C",
	"professional_id" character varying NOT NULL COLLATE "C",
	 PRIMARY KEY ("id"),
	 CONSTRAINT "emergency_accesses_professionals_professional" FOREIGN KEY ("professional_id") REFERENCES "professionals" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT "emergency_accesses_records_record" FOREIGN KEY ("record_id") REFERENCES "records" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "emergencyaccess_professional_id_ends_at" to table: "emergency_accesses"
CREATE INDEX "emergencyaccess_professional_id_ends_at" ON "emergency_accesses" ("professional_id", "ends_at");
-- create index "emergencyaccess_record_id_started_at" to table: "emergency_accesses"
CREATE INDEX "emergencyaccess_record_id_started_at" ON "emergency_accesses" ("record_id", "started_at");
-- create index "emergencyaccess_workspace_id_created_at_id" to table: "emergency_accesses"
CREATE INDEX "emergencyaccess_workspace_id_created_at_id" ON "emergency_accesses" ("workspace_id", "created_at", "id");
-- create "notifications" table
CREATE TABLE "notifications" (
	"id" character varying NOT NULL COLLATE "C",
	"kind" character varying NOT NULL COLLATE "C",
	"event_id" character varying NOT NULL COLLATE "C",
	"actor_id" character varying NULL COLLATE "C",
	"record_id" character varying NULL COLLATE "C",
	"share_id" character varying NULL COLLATE "C",
	"transfer_id" character varying NULL COLLATE "C",
	"emergency_access_id" character varying NULL COLLATE "C",
	"created_at" timestamptz NOT NULL,
	"read_at" timestamptz NULL,
	"professional_id" character varying NOT NULL COLLATE "C",
	 PRIMARY KEY ("id"),
	 CONSTRAINT "notifications_professionals_professional" FOREIGN KEY ("professional_id") REFERENCES "professionals" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "notification_event_id_professional_id" to table: "notifications"
CREATE INDEX "notification_event_id_professional_id" ON "notifications" ("event_id", "professional_id");
-- create index "notification_professional_id" to table: "notifications"
CREATE INDEX "notification_professional_id" ON "notifications" ("professional_id") WHERE read_at IS NULL;
-- create index "notification_professional_id_created_at_id" to table: "notifications"
CREATE INDEX "notification_professional_id_created_at_id" ON "notifications" ("professional_id", "created_at", "id");
-- create "transfers" table
CREATE TABLE "transfers" (
	"id" character varying NOT NULL COLLATE "C",
	"created_at" timestamptz NOT NULL,
	"created_by_id" character varying NULL COLLATE "C",
	"version" bigint NOT NULL DEFAULT 1,
	"updated_at" timestamptz NOT NULL,
	"updated_by_id" character varying NULL COLLATE "C",
	"mode" character varying NOT NULL COLLATE "C",
	"from_workspace_id" character varying NOT NULL COLLATE "C",
	"to_workspace_id" character varying NOT NULL COLLATE "C",
	"status" character varying NOT NULL COLLATE "C",
	"base_epoch" bigint NOT NULL,
	"includes_confidential" boolean NOT NULL DEFAULT false,
	"previous_owner_keeps" character varying NOT NULL DEFAULT 'NOTHING' COLLATE "C",
	"keep_until" timestamptz NULL,
	"shares_default" character varying NOT NULL COLLATE "C",
	"share_plan" jsonb NOT NULL,
	"message" character varying NULL COLLATE "C",
	"consent_override" character varying NULL COLLATE "C",
	"expires_at" timestamptz NOT NULL,
	"new_owner_id" character varying NULL COLLATE "C",
	"answered_at" timestamptz NULL,
	"answered_by_id" character varying NULL COLLATE "C",
	"answer_reason" character varying NULL COLLATE "C",
	"record_id" character varying NOT NULL COLLATE "C",
	"from_id" character varying NOT NULL COLLATE "C",
	"to_id" character varying NOT NULL COLLATE "C",
	 PRIMARY KEY ("id"),
	 CONSTRAINT "transfers_principals_from" FOREIGN KEY ("from_id") REFERENCES "principals" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT "transfers_principals_to" FOREIGN KEY ("to_id") REFERENCES "principals" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT "transfers_records_record" FOREIGN KEY ("record_id") REFERENCES "records" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "transfer_created_by_id" to table: "transfers"
CREATE INDEX "transfer_created_by_id" ON "transfers" ("created_by_id");
-- create index "transfer_expires_at" to table: "transfers"
CREATE INDEX "transfer_expires_at" ON "transfers" ("expires_at") WHERE status IN ('OFFERED', 'REQUESTED');
-- create index "transfer_from_id_created_at_id" to table: "transfers"
CREATE INDEX "transfer_from_id_created_at_id" ON "transfers" ("from_id", "created_at", "id");
-- create index "transfer_from_workspace_id_created_at_id" to table: "transfers"
CREATE INDEX "transfer_from_workspace_id_created_at_id" ON "transfers" ("from_workspace_id", "created_at", "id");
-- create index "transfer_record_id" to table: "transfers"
CREATE UNIQUE INDEX "transfer_record_id" ON "transfers" ("record_id") WHERE status = 'OFFERED';
-- create index "transfer_record_id_answered_at" to table: "transfers"
CREATE INDEX "transfer_record_id_answered_at" ON "transfers" ("record_id", "answered_at");
-- create index "transfer_record_id_to_id" to table: "transfers"
CREATE UNIQUE INDEX "transfer_record_id_to_id" ON "transfers" ("record_id", "to_id") WHERE status = 'REQUESTED';
-- create index "transfer_to_id_created_at_id" to table: "transfers"
CREATE INDEX "transfer_to_id_created_at_id" ON "transfers" ("to_id", "created_at", "id");
-- create index "transfer_to_workspace_id_created_at_id" to table: "transfers"
CREATE INDEX "transfer_to_workspace_id_created_at_id" ON "transfers" ("to_workspace_id", "created_at", "id");
-- create "sealed_copies" table
CREATE TABLE "sealed_copies" (
	"id" character varying NOT NULL COLLATE "C",
	"created_at" timestamptz NOT NULL,
	"created_by_id" character varying NULL COLLATE "C",
	"workspace_id" character varying NOT NULL COLLATE "C",
	"number" character varying NOT NULL COLLATE "C",
	"manifest_hash" character varying NOT NULL COLLATE "C",
	"content" bytea NOT NULL,
	"record_id" character varying NOT NULL COLLATE "C",
	"transfer_id" character varying NOT NULL COLLATE "C",
	"holder_id" character varying NOT NULL COLLATE "C",
	 PRIMARY KEY ("id"),
	 CONSTRAINT "sealed_copies_principals_holder" FOREIGN KEY ("holder_id") REFERENCES "principals" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT "sealed_copies_records_record" FOREIGN KEY ("record_id") REFERENCES "records" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT "sealed_copies_transfers_transfer" FOREIGN KEY ("transfer_id") REFERENCES "transfers" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "sealedcopy_holder_id_created_at_id" to table: "sealed_copies"
CREATE INDEX "sealedcopy_holder_id_created_at_id" ON "sealed_copies" ("holder_id", "created_at", "id");
-- create index "sealedcopy_transfer_id" to table: "sealed_copies"
CREATE UNIQUE INDEX "sealedcopy_transfer_id" ON "sealed_copies" ("transfer_id");
