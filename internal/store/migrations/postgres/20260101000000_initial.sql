-- +goose Up
-- create "events" table
CREATE TABLE "events" (
	"id" character varying NOT NULL COLLATE "C",
	"type" character varying NOT NULL COLLATE "C",
	"workspace_id" character varying NULL COLLATE "C",
	"actor_id" character varying NULL COLLATE "C",
	"object_id" character varying NOT NULL COLLATE "C",
	"topics" jsonb NOT NULL,
	"request_id" character varying NULL COLLATE "C",
	"created_at" timestamptz NOT NULL,
	 PRIMARY KEY ("id")
);
-- create index "event_object_id_created_at" to table: "events"
CREATE INDEX "event_object_id_created_at" ON "events" ("object_id", "created_at");
-- create index "event_workspace_id_created_at" to table: "events"
CREATE INDEX "event_workspace_id_created_at" ON "events" ("workspace_id", "created_at");
-- create "workspaces" table
CREATE TABLE "workspaces" (
	"id" character varying NOT NULL COLLATE "C",
	"created_at" timestamptz NOT NULL,
	"created_by_id" character varying NULL COLLATE "C",
	"version" bigint NOT NULL DEFAULT 1,
	"updated_at" timestamptz NOT NULL,
	"updated_by_id" character varying NULL COLLATE "C",
	"name" character varying NOT NULL COLLATE "C",
	"kind" character varying NOT NULL COLLATE "C",
	"status" character varying NOT NULL DEFAULT 'ACTIVE' COLLATE "C",
	"region" character varying NOT NULL DEFAULT 'CA' COLLATE "C",
	"policies" jsonb NOT NULL,
	 PRIMARY KEY ("id")
);
-- create "institutions" table
CREATE TABLE "institutions" (
	"id" character varying NOT NULL COLLATE "C",
	"created_at" timestamptz NOT NULL,
	"created_by_id" character varying NULL COLLATE "C",
	"version" bigint NOT NULL DEFAULT 1,
	"updated_at" timestamptz NOT NULL,
	"updated_by_id" character varying NULL COLLATE "C",
	"name" character varying NOT NULL COLLATE "C",
	"sort_name" character varying NOT NULL COLLATE "C",
	"kind" character varying NOT NULL COLLATE "C",
	"workspace_id" character varying NOT NULL COLLATE "C",
	 PRIMARY KEY ("id"),
	 CONSTRAINT "institutions_workspaces_workspace" FOREIGN KEY ("workspace_id") REFERENCES "workspaces" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "institution_workspace_id_sort_name_id" to table: "institutions"
CREATE INDEX "institution_workspace_id_sort_name_id" ON "institutions" ("workspace_id", "sort_name", "id");
-- create "profiles" table
CREATE TABLE "profiles" (
	"id" character varying NOT NULL COLLATE "C",
	"created_at" timestamptz NOT NULL,
	"created_by_id" character varying NULL COLLATE "C",
	"version" bigint NOT NULL DEFAULT 1,
	"updated_at" timestamptz NOT NULL,
	"updated_by_id" character varying NULL COLLATE "C",
	"kind" character varying NOT NULL COLLATE "C",
	"given_name" character varying NOT NULL COLLATE "C",
	"middle_name" character varying NULL COLLATE "C",
	"family_name" character varying NOT NULL COLLATE "C",
	"preferred_name" character varying NULL COLLATE "C",
	"former_names" jsonb NOT NULL,
	"sort_name" character varying NOT NULL COLLATE "C",
	"birth_date" character varying NULL COLLATE "C",
	"birth_date_precision" character varying NOT NULL DEFAULT 'DAY' COLLATE "C",
	"gender" character varying NULL COLLATE "C",
	"pronouns" character varying NULL COLLATE "C",
	"languages" jsonb NOT NULL,
	"grade" character varying NULL COLLATE "C",
	"status" character varying NOT NULL DEFAULT 'ACTIVE' COLLATE "C",
	"field_versions" jsonb NOT NULL,
	"home_workspace_id" character varying NOT NULL COLLATE "C",
	"institution_id" character varying NULL COLLATE "C",
	"merged_into_id" character varying NULL COLLATE "C",
	 PRIMARY KEY ("id"),
	 CONSTRAINT "profiles_institutions_institution" FOREIGN KEY ("institution_id") REFERENCES "institutions" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT "profiles_profiles_merged" FOREIGN KEY ("merged_into_id") REFERENCES "profiles" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT "profiles_workspaces_home_workspace" FOREIGN KEY ("home_workspace_id") REFERENCES "workspaces" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "profile_created_at_id" to table: "profiles"
CREATE INDEX "profile_created_at_id" ON "profiles" ("created_at", "id");
-- create index "profile_created_by_id_home_workspace_id" to table: "profiles"
CREATE INDEX "profile_created_by_id_home_workspace_id" ON "profiles" ("created_by_id", "home_workspace_id");
-- create index "profile_home_workspace_id_created_at_id" to table: "profiles"
CREATE INDEX "profile_home_workspace_id_created_at_id" ON "profiles" ("home_workspace_id", "created_at", "id");
-- create index "profile_home_workspace_id_sort_name_id" to table: "profiles"
CREATE INDEX "profile_home_workspace_id_sort_name_id" ON "profiles" ("home_workspace_id", "sort_name", "id");
-- create index "profile_home_workspace_id_updated_at_id" to table: "profiles"
CREATE INDEX "profile_home_workspace_id_updated_at_id" ON "profiles" ("home_workspace_id", "updated_at", "id");
-- create index "profile_institution_id" to table: "profiles"
CREATE INDEX "profile_institution_id" ON "profiles" ("institution_id");
-- create index "profile_merged_into_id" to table: "profiles"
CREATE INDEX "profile_merged_into_id" ON "profiles" ("merged_into_id") WHERE merged_into_id IS NOT NULL;
-- create index "profile_sort_name_id" to table: "profiles"
CREATE INDEX "profile_sort_name_id" ON "profiles" ("sort_name", "id");
-- create index "profile_updated_at_id" to table: "profiles"
CREATE INDEX "profile_updated_at_id" ON "profiles" ("updated_at", "id");
-- create "contacts" table
CREATE TABLE "contacts" (
	"id" character varying NOT NULL COLLATE "C",
	"created_at" timestamptz NOT NULL,
	"created_by_id" character varying NULL COLLATE "C",
	"version" bigint NOT NULL DEFAULT 1,
	"updated_at" timestamptz NOT NULL,
	"updated_by_id" character varying NULL COLLATE "C",
	"given_name" character varying NOT NULL COLLATE "C",
	"family_name" character varying NULL COLLATE "C",
	"sort_name" character varying NOT NULL COLLATE "C",
	"organization" character varying NULL COLLATE "C",
	"languages" jsonb NOT NULL,
	"field_versions" jsonb NOT NULL,
	"home_workspace_id" character varying NOT NULL COLLATE "C",
	"profile_id" character varying NULL COLLATE "C",
	 PRIMARY KEY ("id"),
	 CONSTRAINT "contacts_profiles_profile" FOREIGN KEY ("profile_id") REFERENCES "profiles" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT "contacts_workspaces_home_workspace" FOREIGN KEY ("home_workspace_id") REFERENCES "workspaces" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "contact_created_at_id" to table: "contacts"
CREATE INDEX "contact_created_at_id" ON "contacts" ("created_at", "id");
-- create index "contact_created_by_id_home_workspace_id" to table: "contacts"
CREATE INDEX "contact_created_by_id_home_workspace_id" ON "contacts" ("created_by_id", "home_workspace_id");
-- create index "contact_profile_id" to table: "contacts"
CREATE INDEX "contact_profile_id" ON "contacts" ("profile_id") WHERE profile_id IS NOT NULL;
-- create index "contact_sort_name_id" to table: "contacts"
CREATE INDEX "contact_sort_name_id" ON "contacts" ("sort_name", "id");
-- create index "contact_updated_at_id" to table: "contacts"
CREATE INDEX "contact_updated_at_id" ON "contacts" ("updated_at", "id");
-- create "addresses" table
CREATE TABLE "addresses" (
	"id" character varying NOT NULL COLLATE "C",
	"created_at" timestamptz NOT NULL,
	"created_by_id" character varying NULL COLLATE "C",
	"position" bigint NOT NULL DEFAULT 0,
	"line1" character varying NOT NULL COLLATE "C",
	"line2" character varying NULL COLLATE "C",
	"city" character varying NULL COLLATE "C",
	"region" character varying NULL COLLATE "C",
	"postal_code" character varying NULL COLLATE "C",
	"country" character varying NULL COLLATE "C",
	"label" character varying NULL COLLATE "C",
	"preferred" boolean NOT NULL DEFAULT false,
	"profile_id" character varying NULL COLLATE "C",
	"contact_id" character varying NULL COLLATE "C",
	"institution_id" character varying NULL COLLATE "C",
	 PRIMARY KEY ("id"),
	 CONSTRAINT "addresses_contacts_contact" FOREIGN KEY ("contact_id") REFERENCES "contacts" ("id") ON UPDATE NO ACTION ON DELETE CASCADE,
	 CONSTRAINT "addresses_institutions_institution" FOREIGN KEY ("institution_id") REFERENCES "institutions" ("id") ON UPDATE NO ACTION ON DELETE CASCADE,
	 CONSTRAINT "addresses_profiles_profile" FOREIGN KEY ("profile_id") REFERENCES "profiles" ("id") ON UPDATE NO ACTION ON DELETE CASCADE,
	 CONSTRAINT "address_one_holder" CHECK ((CASE WHEN profile_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN contact_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN institution_id IS NULL THEN 0 ELSE 1 END) = 1)
);
-- create index "address_contact_id_position" to table: "addresses"
CREATE INDEX "address_contact_id_position" ON "addresses" ("contact_id", "position");
-- create index "address_institution_id_position" to table: "addresses"
CREATE INDEX "address_institution_id_position" ON "addresses" ("institution_id", "position");
-- create index "address_profile_id_position" to table: "addresses"
CREATE INDEX "address_profile_id_position" ON "addresses" ("profile_id", "position");
-- create "accounts" table
CREATE TABLE "accounts" (
	"id" character varying NOT NULL COLLATE "C",
	"created_at" timestamptz NOT NULL,
	"created_by_id" character varying NULL COLLATE "C",
	"version" bigint NOT NULL DEFAULT 1,
	"updated_at" timestamptz NOT NULL,
	"updated_by_id" character varying NULL COLLATE "C",
	"issuer" character varying NOT NULL COLLATE "C",
	"subject" character varying NOT NULL COLLATE "C",
	"email" character varying NULL COLLATE "C",
	"locale" character varying NOT NULL DEFAULT 'en' COLLATE "C",
	 PRIMARY KEY ("id")
);
-- create index "account_issuer_subject" to table: "accounts"
CREATE UNIQUE INDEX "account_issuer_subject" ON "accounts" ("issuer", "subject");
-- create "professionals" table
CREATE TABLE "professionals" (
	"id" character varying NOT NULL COLLATE "C",
	"created_at" timestamptz NOT NULL,
	"created_by_id" character varying NULL COLLATE "C",
	"version" bigint NOT NULL DEFAULT 1,
	"updated_at" timestamptz NOT NULL,
	"updated_by_id" character varying NULL COLLATE "C",
	"name" character varying NOT NULL COLLATE "C",
	"sort_name" character varying NOT NULL COLLATE "C",
	"email" character varying NULL COLLATE "C",
	"roles" jsonb NOT NULL,
	"directory_scope" character varying NOT NULL DEFAULT 'OWN' COLLATE "C",
	"directory_right" character varying NOT NULL DEFAULT 'NONE' COLLATE "C",
	"institution_ids" jsonb NOT NULL,
	"title" character varying NULL COLLATE "C",
	"licence_number" character varying NULL COLLATE "C",
	"status" character varying NOT NULL DEFAULT 'INVITED' COLLATE "C",
	"ended_at" timestamptz NULL,
	"ended_by_id" character varying NULL COLLATE "C",
	"end_reason" character varying NULL COLLATE "C",
	"workspace_id" character varying NOT NULL COLLATE "C",
	"account_id" character varying NULL COLLATE "C",
	 PRIMARY KEY ("id"),
	 CONSTRAINT "professionals_accounts_account" FOREIGN KEY ("account_id") REFERENCES "accounts" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT "professionals_workspaces_workspace" FOREIGN KEY ("workspace_id") REFERENCES "workspaces" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "professional_account_id" to table: "professionals"
CREATE INDEX "professional_account_id" ON "professionals" ("account_id");
-- create index "professional_workspace_id_account_id" to table: "professionals"
CREATE UNIQUE INDEX "professional_workspace_id_account_id" ON "professionals" ("workspace_id", "account_id") WHERE account_id IS NOT NULL AND status <> 'ENDED';
-- create index "professional_workspace_id_email" to table: "professionals"
CREATE UNIQUE INDEX "professional_workspace_id_email" ON "professionals" ("workspace_id", "email") WHERE email IS NOT NULL AND status <> 'ENDED';
-- create index "professional_workspace_id_sort_name_id" to table: "professionals"
CREATE INDEX "professional_workspace_id_sort_name_id" ON "professionals" ("workspace_id", "sort_name", "id");
-- create "api_keys" table
CREATE TABLE "api_keys" (
	"id" character varying NOT NULL COLLATE "C",
	"created_at" timestamptz NOT NULL,
	"created_by_id" character varying NULL COLLATE "C",
	"name" character varying NOT NULL COLLATE "C",
	"hash" character varying NOT NULL COLLATE "C",
	"scopes" jsonb NOT NULL,
	"expires_at" timestamptz NULL,
	"last_used_at" timestamptz NULL,
	"revoked_at" timestamptz NULL,
	"revoked_by_id" character varying NULL COLLATE "C",
	"professional_id" character varying NOT NULL COLLATE "C",
	 PRIMARY KEY ("id"),
	 CONSTRAINT "api_keys_professionals_professional" FOREIGN KEY ("professional_id") REFERENCES "professionals" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "apikey_professional_id_created_at" to table: "api_keys"
CREATE INDEX "apikey_professional_id_created_at" ON "api_keys" ("professional_id", "created_at");
-- create "contact_links" table
CREATE TABLE "contact_links" (
	"id" character varying NOT NULL COLLATE "C",
	"created_at" timestamptz NOT NULL,
	"created_by_id" character varying NULL COLLATE "C",
	"version" bigint NOT NULL DEFAULT 1,
	"updated_at" timestamptz NOT NULL,
	"updated_by_id" character varying NULL COLLATE "C",
	"relationship" character varying NOT NULL COLLATE "C",
	"authority" character varying NOT NULL DEFAULT 'NONE' COLLATE "C",
	"custody" character varying NULL COLLATE "C",
	"emergency_rank" bigint NULL,
	"may_receive_information" boolean NOT NULL DEFAULT false,
	"may_consent" boolean NOT NULL DEFAULT false,
	"restriction" character varying NOT NULL DEFAULT 'NONE' COLLATE "C",
	"channels" jsonb NOT NULL,
	"valid_from" character varying NULL COLLATE "C",
	"valid_to" character varying NULL COLLATE "C",
	"ended_at" timestamptz NULL,
	"ended_by_id" character varying NULL COLLATE "C",
	"end_reason" character varying NULL COLLATE "C",
	"profile_id" character varying NOT NULL COLLATE "C",
	"contact_id" character varying NOT NULL COLLATE "C",
	 PRIMARY KEY ("id"),
	 CONSTRAINT "contact_links_contacts_contact" FOREIGN KEY ("contact_id") REFERENCES "contacts" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT "contact_links_profiles_profile" FOREIGN KEY ("profile_id") REFERENCES "profiles" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "contactlink_contact_id_created_at_id" to table: "contact_links"
CREATE INDEX "contactlink_contact_id_created_at_id" ON "contact_links" ("contact_id", "created_at", "id");
-- create index "contactlink_contact_id_profile_id" to table: "contact_links"
CREATE INDEX "contactlink_contact_id_profile_id" ON "contact_links" ("contact_id", "profile_id") WHERE ended_at IS NULL;
-- create index "contactlink_profile_id_contact_id" to table: "contact_links"
CREATE UNIQUE INDEX "contactlink_profile_id_contact_id" ON "contact_links" ("profile_id", "contact_id") WHERE ended_at IS NULL;
-- create index "contactlink_profile_id_created_at_id" to table: "contact_links"
CREATE INDEX "contactlink_profile_id_created_at_id" ON "contact_links" ("profile_id", "created_at", "id");
-- create "contact_points" table
CREATE TABLE "contact_points" (
	"id" character varying NOT NULL COLLATE "C",
	"created_at" timestamptz NOT NULL,
	"created_by_id" character varying NULL COLLATE "C",
	"position" bigint NOT NULL DEFAULT 0,
	"kind" character varying NOT NULL COLLATE "C",
	"value" character varying NOT NULL COLLATE "C",
	"normalized" character varying NOT NULL COLLATE "C",
	"label" character varying NULL COLLATE "C",
	"preferred" boolean NOT NULL DEFAULT false,
	"profile_id" character varying NULL COLLATE "C",
	"contact_id" character varying NULL COLLATE "C",
	 PRIMARY KEY ("id"),
	 CONSTRAINT "contact_points_contacts_contact" FOREIGN KEY ("contact_id") REFERENCES "contacts" ("id") ON UPDATE NO ACTION ON DELETE CASCADE,
	 CONSTRAINT "contact_points_profiles_profile" FOREIGN KEY ("profile_id") REFERENCES "profiles" ("id") ON UPDATE NO ACTION ON DELETE CASCADE,
	 CONSTRAINT "contact_point_one_holder" CHECK ((profile_id IS NULL) <> (contact_id IS NULL))
);
-- create index "contactpoint_contact_id_position" to table: "contact_points"
CREATE INDEX "contactpoint_contact_id_position" ON "contact_points" ("contact_id", "position");
-- create index "contactpoint_normalized" to table: "contact_points"
CREATE INDEX "contactpoint_normalized" ON "contact_points" ("normalized");
-- create index "contactpoint_profile_id_position" to table: "contact_points"
CREATE INDEX "contactpoint_profile_id_position" ON "contact_points" ("profile_id", "position");
-- create "identifiers" table
CREATE TABLE "identifiers" (
	"id" character varying NOT NULL COLLATE "C",
	"created_at" timestamptz NOT NULL,
	"created_by_id" character varying NULL COLLATE "C",
	"system" character varying NOT NULL COLLATE "C",
	"value" character varying NOT NULL COLLATE "C",
	"workspace_id" character varying NOT NULL COLLATE "C",
	"profile_id" character varying NOT NULL COLLATE "C",
	 PRIMARY KEY ("id"),
	 CONSTRAINT "identifiers_profiles_profile" FOREIGN KEY ("profile_id") REFERENCES "profiles" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT "identifiers_workspaces_workspace" FOREIGN KEY ("workspace_id") REFERENCES "workspaces" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "identifier_profile_id" to table: "identifiers"
CREATE INDEX "identifier_profile_id" ON "identifiers" ("profile_id");
-- create index "identifier_workspace_id_system_value" to table: "identifiers"
CREATE UNIQUE INDEX "identifier_workspace_id_system_value" ON "identifiers" ("workspace_id", "system", "value");
-- create "principals" table
CREATE TABLE "principals" (
	"id" character varying NOT NULL COLLATE "C",
	"kind" character varying NOT NULL COLLATE "C",
	"workspace_id" character varying NOT NULL COLLATE "C",
	 PRIMARY KEY ("id")
);
-- create "records" table
CREATE TABLE "records" (
	"id" character varying NOT NULL COLLATE "C",
	"created_at" timestamptz NOT NULL,
	"created_by_id" character varying NULL COLLATE "C",
	"version" bigint NOT NULL DEFAULT 1,
	"updated_at" timestamptz NOT NULL,
	"updated_by_id" character varying NULL COLLATE "C",
	"number" character varying NOT NULL COLLATE "C",
	"title" character varying NOT NULL COLLATE "C",
	"kind" character varying NOT NULL COLLATE "C",
	"service" character varying NULL COLLATE "C",
	"reason" character varying NULL COLLATE "C",
	"status" character varying NOT NULL DEFAULT 'OPEN' COLLATE "C",
	"confidential" boolean NOT NULL DEFAULT false,
	"owner_epoch" bigint NOT NULL DEFAULT 1,
	"opened_at" timestamptz NULL,
	"closed_at" timestamptz NULL,
	"field_versions" jsonb NOT NULL,
	"workspace_id" character varying NOT NULL COLLATE "C",
	"owner_id" character varying NOT NULL COLLATE "C",
	 PRIMARY KEY ("id"),
	 CONSTRAINT "records_principals_owner" FOREIGN KEY ("owner_id") REFERENCES "principals" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT "records_workspaces_workspace" FOREIGN KEY ("workspace_id") REFERENCES "workspaces" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT "record_owner_kind" CHECK (owner_id LIKE 'pro_%' OR owner_id LIKE 'unit_%')
);
-- create index "record_created_at_id" to table: "records"
CREATE INDEX "record_created_at_id" ON "records" ("created_at", "id");
-- create index "record_owner_id_id" to table: "records"
CREATE INDEX "record_owner_id_id" ON "records" ("owner_id", "id");
-- create index "record_updated_at_id" to table: "records"
CREATE INDEX "record_updated_at_id" ON "records" ("updated_at", "id");
-- create index "record_workspace_id_created_at_id" to table: "records"
CREATE INDEX "record_workspace_id_created_at_id" ON "records" ("workspace_id", "created_at", "id");
-- create index "record_workspace_id_number" to table: "records"
CREATE UNIQUE INDEX "record_workspace_id_number" ON "records" ("workspace_id", "number");
-- create index "record_workspace_id_updated_at_id" to table: "records"
CREATE INDEX "record_workspace_id_updated_at_id" ON "records" ("workspace_id", "updated_at", "id");
-- create "record_links" table
CREATE TABLE "record_links" (
	"id" character varying NOT NULL COLLATE "C",
	"version" bigint NOT NULL DEFAULT 1,
	"updated_at" timestamptz NOT NULL,
	"updated_by_id" character varying NULL COLLATE "C",
	"role" character varying NOT NULL COLLATE "C",
	"position" bigint NOT NULL DEFAULT 0,
	"notify" boolean NOT NULL DEFAULT true,
	"linked_at" timestamptz NOT NULL,
	"linked_by_id" character varying NULL COLLATE "C",
	"link_reason" character varying NULL COLLATE "C",
	"unlinked_at" timestamptz NULL,
	"unlinked_by_id" character varying NULL COLLATE "C",
	"unlink_reason" character varying NULL COLLATE "C",
	"record_id" character varying NOT NULL COLLATE "C",
	"profile_id" character varying NOT NULL COLLATE "C",
	 PRIMARY KEY ("id"),
	 CONSTRAINT "record_links_profiles_profile" FOREIGN KEY ("profile_id") REFERENCES "profiles" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT "record_links_records_record" FOREIGN KEY ("record_id") REFERENCES "records" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "recordlink_profile_id_linked_at_id" to table: "record_links"
CREATE INDEX "recordlink_profile_id_linked_at_id" ON "record_links" ("profile_id", "linked_at", "id");
-- create index "recordlink_profile_id_record_id" to table: "record_links"
CREATE INDEX "recordlink_profile_id_record_id" ON "record_links" ("profile_id", "record_id") WHERE unlinked_at IS NULL;
-- create index "recordlink_record_id" to table: "record_links"
CREATE UNIQUE INDEX "recordlink_record_id" ON "record_links" ("record_id") WHERE unlinked_at IS NULL AND role = 'PRIMARY';
-- create index "recordlink_record_id_linked_at_id" to table: "record_links"
CREATE INDEX "recordlink_record_id_linked_at_id" ON "record_links" ("record_id", "linked_at", "id");
-- create index "recordlink_record_id_profile_id" to table: "record_links"
CREATE UNIQUE INDEX "recordlink_record_id_profile_id" ON "record_links" ("record_id", "profile_id") WHERE unlinked_at IS NULL;
-- create "shares" table
CREATE TABLE "shares" (
	"id" character varying NOT NULL COLLATE "C",
	"created_at" timestamptz NOT NULL,
	"created_by_id" character varying NULL COLLATE "C",
	"version" bigint NOT NULL DEFAULT 1,
	"updated_at" timestamptz NOT NULL,
	"updated_by_id" character varying NULL COLLATE "C",
	"level" character varying NOT NULL COLLATE "C",
	"requires_approval" boolean NOT NULL DEFAULT false,
	"includes_confidential" boolean NOT NULL DEFAULT false,
	"starts_at" timestamptz NOT NULL,
	"expires_at" timestamptz NULL,
	"status" character varying NOT NULL DEFAULT 'PENDING' COLLATE "C",
	"epoch" bigint NOT NULL,
	"origin" character varying NOT NULL DEFAULT 'DIRECT' COLLATE "C",
	"ended_at" timestamptz NULL,
	"ended_by_id" character varying NULL COLLATE "C",
	"end_reason" character varying NULL COLLATE "C",
	"record_id" character varying NOT NULL COLLATE "C",
	"grantee_id" character varying NOT NULL COLLATE "C",
	 PRIMARY KEY ("id"),
	 CONSTRAINT "shares_principals_grantee" FOREIGN KEY ("grantee_id") REFERENCES "principals" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT "shares_records_record" FOREIGN KEY ("record_id") REFERENCES "records" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "share_grantee_id_record_id" to table: "shares"
CREATE INDEX "share_grantee_id_record_id" ON "shares" ("grantee_id", "record_id") WHERE status = 'ACTIVE';
-- create index "share_record_id" to table: "shares"
CREATE INDEX "share_record_id" ON "shares" ("record_id");
-- create index "share_record_id_grantee_id" to table: "shares"
CREATE UNIQUE INDEX "share_record_id_grantee_id" ON "shares" ("record_id", "grantee_id") WHERE status IN ('PENDING', 'ACTIVE');
-- create "units" table
CREATE TABLE "units" (
	"id" character varying NOT NULL COLLATE "C",
	"created_at" timestamptz NOT NULL,
	"created_by_id" character varying NULL COLLATE "C",
	"version" bigint NOT NULL DEFAULT 1,
	"updated_at" timestamptz NOT NULL,
	"updated_by_id" character varying NULL COLLATE "C",
	"kind" character varying NOT NULL COLLATE "C",
	"name" character varying NOT NULL COLLATE "C",
	"sort_name" character varying NOT NULL COLLATE "C",
	"status" character varying NOT NULL DEFAULT 'ACTIVE' COLLATE "C",
	"workspace_id" character varying NOT NULL COLLATE "C",
	 PRIMARY KEY ("id"),
	 CONSTRAINT "units_workspaces_workspace" FOREIGN KEY ("workspace_id") REFERENCES "workspaces" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "unit_workspace_id_sort_name_id" to table: "units"
CREATE INDEX "unit_workspace_id_sort_name_id" ON "units" ("workspace_id", "sort_name", "id");
-- create "unit_members" table
CREATE TABLE "unit_members" (
	"id" character varying NOT NULL COLLATE "C",
	"created_at" timestamptz NOT NULL,
	"created_by_id" character varying NULL COLLATE "C",
	"steward" boolean NOT NULL DEFAULT false,
	"started_at" timestamptz NOT NULL,
	"ended_at" timestamptz NULL,
	"ended_by_id" character varying NULL COLLATE "C",
	"end_reason" character varying NULL COLLATE "C",
	"unit_id" character varying NOT NULL COLLATE "C",
	"professional_id" character varying NOT NULL COLLATE "C",
	 PRIMARY KEY ("id"),
	 CONSTRAINT "unit_members_professionals_professional" FOREIGN KEY ("professional_id") REFERENCES "professionals" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT "unit_members_units_unit" FOREIGN KEY ("unit_id") REFERENCES "units" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "unitmember_professional_id" to table: "unit_members"
CREATE INDEX "unitmember_professional_id" ON "unit_members" ("professional_id") WHERE ended_at IS NULL;
-- create index "unitmember_unit_id_professional_id" to table: "unit_members"
CREATE UNIQUE INDEX "unitmember_unit_id_professional_id" ON "unit_members" ("unit_id", "professional_id") WHERE ended_at IS NULL;
-- create index "unitmember_unit_id_started_at_id" to table: "unit_members"
CREATE INDEX "unitmember_unit_id_started_at_id" ON "unit_members" ("unit_id", "started_at", "id");
-- create "workspace_profiles" table
CREATE TABLE "workspace_profiles" (
	"id" character varying NOT NULL COLLATE "C",
	"created_at" timestamptz NOT NULL,
	"created_by_id" character varying NULL COLLATE "C",
	"version" bigint NOT NULL DEFAULT 1,
	"updated_at" timestamptz NOT NULL,
	"updated_by_id" character varying NULL COLLATE "C",
	"file_number" character varying NULL COLLATE "C",
	"tags" jsonb NOT NULL,
	"note" character varying NULL COLLATE "C",
	"workspace_id" character varying NOT NULL COLLATE "C",
	"profile_id" character varying NOT NULL COLLATE "C",
	 PRIMARY KEY ("id"),
	 CONSTRAINT "workspace_profiles_profiles_profile" FOREIGN KEY ("profile_id") REFERENCES "profiles" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT "workspace_profiles_workspaces_workspace" FOREIGN KEY ("workspace_id") REFERENCES "workspaces" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "workspaceprofile_profile_id_workspace_id" to table: "workspace_profiles"
CREATE UNIQUE INDEX "workspaceprofile_profile_id_workspace_id" ON "workspace_profiles" ("profile_id", "workspace_id");
-- create index "workspaceprofile_workspace_id_file_number" to table: "workspace_profiles"
CREATE UNIQUE INDEX "workspaceprofile_workspace_id_file_number" ON "workspace_profiles" ("workspace_id", "file_number") WHERE file_number IS NOT NULL;
