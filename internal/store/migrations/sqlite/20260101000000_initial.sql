-- +goose Up
-- create "accounts" table
CREATE TABLE `accounts` (
	`id` text NOT NULL,
	`created_at` datetime NOT NULL,
	`created_by_id` text NULL,
	`version` integer NOT NULL DEFAULT 1,
	`updated_at` datetime NOT NULL,
	`updated_by_id` text NULL,
	`issuer` text NOT NULL,
	`subject` text NOT NULL,
	`email` text NULL,
	`locale` text NOT NULL DEFAULT 'en',
	 PRIMARY KEY (`id`)
);
-- create index "account_issuer_subject" to table: "accounts"
CREATE UNIQUE INDEX `account_issuer_subject` ON `accounts` (`issuer`, `subject`);
-- create "addresses" table
CREATE TABLE `addresses` (
	`id` text NOT NULL,
	`created_at` datetime NOT NULL,
	`created_by_id` text NULL,
	`position` integer NOT NULL DEFAULT 0,
	`line1` text NOT NULL,
	`line2` text NULL,
	`city` text NULL,
	`region` text NULL,
	`postal_code` text NULL,
	`country` text NULL,
	`label` text NULL,
	`preferred` bool NOT NULL DEFAULT false,
	`profile_id` text NULL,
	`contact_id` text NULL,
	`institution_id` text NULL,
	 PRIMARY KEY (`id`),
	 CONSTRAINT `addresses_institutions_institution` FOREIGN KEY (`institution_id`) REFERENCES `institutions` (`id`) ON UPDATE NO ACTION ON DELETE CASCADE,
	 CONSTRAINT `addresses_contacts_contact` FOREIGN KEY (`contact_id`) REFERENCES `contacts` (`id`) ON UPDATE NO ACTION ON DELETE CASCADE,
	 CONSTRAINT `addresses_profiles_profile` FOREIGN KEY (`profile_id`) REFERENCES `profiles` (`id`) ON UPDATE NO ACTION ON DELETE CASCADE,
	 CONSTRAINT `address_one_holder` CHECK ((CASE WHEN profile_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN contact_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN institution_id IS NULL THEN 0 ELSE 1 END) = 1)
);
-- create index "address_profile_id_position" to table: "addresses"
CREATE INDEX `address_profile_id_position` ON `addresses` (`profile_id`, `position`);
-- create index "address_contact_id_position" to table: "addresses"
CREATE INDEX `address_contact_id_position` ON `addresses` (`contact_id`, `position`);
-- create index "address_institution_id_position" to table: "addresses"
CREATE INDEX `address_institution_id_position` ON `addresses` (`institution_id`, `position`);
-- create "api_keys" table
CREATE TABLE `api_keys` (
	`id` text NOT NULL,
	`created_at` datetime NOT NULL,
	`created_by_id` text NULL,
	`name` text NOT NULL,
	`hash` text NOT NULL,
	`scopes` json NOT NULL,
	`expires_at` datetime NULL,
	`last_used_at` datetime NULL,
	`revoked_at` datetime NULL,
	`revoked_by_id` text NULL,
	`professional_id` text NOT NULL,
	 PRIMARY KEY (`id`),
	 CONSTRAINT `api_keys_professionals_professional` FOREIGN KEY (`professional_id`) REFERENCES `professionals` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "apikey_professional_id_created_at" to table: "api_keys"
CREATE INDEX `apikey_professional_id_created_at` ON `api_keys` (`professional_id`, `created_at`);
-- create "contacts" table
CREATE TABLE `contacts` (
	`id` text NOT NULL,
	`created_at` datetime NOT NULL,
	`created_by_id` text NULL,
	`version` integer NOT NULL DEFAULT 1,
	`updated_at` datetime NOT NULL,
	`updated_by_id` text NULL,
	`given_name` text NOT NULL,
	`family_name` text NULL,
	`sort_name` text NOT NULL,
	`organization` text NULL,
	`languages` json NOT NULL,
	`field_versions` json NOT NULL,
	`home_workspace_id` text NOT NULL,
	`profile_id` text NULL,
	 PRIMARY KEY (`id`),
	 CONSTRAINT `contacts_profiles_profile` FOREIGN KEY (`profile_id`) REFERENCES `profiles` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT `contacts_workspaces_home_workspace` FOREIGN KEY (`home_workspace_id`) REFERENCES `workspaces` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "contact_sort_name_id" to table: "contacts"
CREATE INDEX `contact_sort_name_id` ON `contacts` (`sort_name`, `id`);
-- create index "contact_created_at_id" to table: "contacts"
CREATE INDEX `contact_created_at_id` ON `contacts` (`created_at`, `id`);
-- create index "contact_updated_at_id" to table: "contacts"
CREATE INDEX `contact_updated_at_id` ON `contacts` (`updated_at`, `id`);
-- create index "contact_created_by_id_home_workspace_id" to table: "contacts"
CREATE INDEX `contact_created_by_id_home_workspace_id` ON `contacts` (`created_by_id`, `home_workspace_id`);
-- create index "contact_profile_id" to table: "contacts"
CREATE INDEX `contact_profile_id` ON `contacts` (`profile_id`) WHERE profile_id IS NOT NULL;
-- create "contact_links" table
CREATE TABLE `contact_links` (
	`id` text NOT NULL,
	`created_at` datetime NOT NULL,
	`created_by_id` text NULL,
	`version` integer NOT NULL DEFAULT 1,
	`updated_at` datetime NOT NULL,
	`updated_by_id` text NULL,
	`relationship` text NOT NULL,
	`authority` text NOT NULL DEFAULT 'NONE',
	`custody` text NULL,
	`emergency_rank` integer NULL,
	`may_receive_information` bool NOT NULL DEFAULT false,
	`may_consent` bool NOT NULL DEFAULT false,
	`restriction` text NOT NULL DEFAULT 'NONE',
	`channels` json NOT NULL,
	`valid_from` text NULL,
	`valid_to` text NULL,
	`ended_at` datetime NULL,
	`ended_by_id` text NULL,
	`end_reason` text NULL,
	`profile_id` text NOT NULL,
	`contact_id` text NOT NULL,
	 PRIMARY KEY (`id`),
	 CONSTRAINT `contact_links_contacts_contact` FOREIGN KEY (`contact_id`) REFERENCES `contacts` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT `contact_links_profiles_profile` FOREIGN KEY (`profile_id`) REFERENCES `profiles` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "contactlink_profile_id_contact_id" to table: "contact_links"
CREATE UNIQUE INDEX `contactlink_profile_id_contact_id` ON `contact_links` (`profile_id`, `contact_id`) WHERE ended_at IS NULL;
-- create index "contactlink_contact_id_profile_id" to table: "contact_links"
CREATE INDEX `contactlink_contact_id_profile_id` ON `contact_links` (`contact_id`, `profile_id`) WHERE ended_at IS NULL;
-- create index "contactlink_profile_id_created_at_id" to table: "contact_links"
CREATE INDEX `contactlink_profile_id_created_at_id` ON `contact_links` (`profile_id`, `created_at`, `id`);
-- create index "contactlink_contact_id_created_at_id" to table: "contact_links"
CREATE INDEX `contactlink_contact_id_created_at_id` ON `contact_links` (`contact_id`, `created_at`, `id`);
-- create "contact_points" table
CREATE TABLE `contact_points` (
	`id` text NOT NULL,
	`created_at` datetime NOT NULL,
	`created_by_id` text NULL,
	`position` integer NOT NULL DEFAULT 0,
	`kind` text NOT NULL,
	`value` text NOT NULL,
	`normalized` text NOT NULL,
	`label` text NULL,
	`preferred` bool NOT NULL DEFAULT false,
	`profile_id` text NULL,
	`contact_id` text NULL,
	 PRIMARY KEY (`id`),
	 CONSTRAINT `contact_points_contacts_contact` FOREIGN KEY (`contact_id`) REFERENCES `contacts` (`id`) ON UPDATE NO ACTION ON DELETE CASCADE,
	 CONSTRAINT `contact_points_profiles_profile` FOREIGN KEY (`profile_id`) REFERENCES `profiles` (`id`) ON UPDATE NO ACTION ON DELETE CASCADE,
	 CONSTRAINT `contact_point_one_holder` CHECK ((profile_id IS NULL) <> (contact_id IS NULL))
);
-- create index "contactpoint_profile_id_position" to table: "contact_points"
CREATE INDEX `contactpoint_profile_id_position` ON `contact_points` (`profile_id`, `position`);
-- create index "contactpoint_contact_id_position" to table: "contact_points"
CREATE INDEX `contactpoint_contact_id_position` ON `contact_points` (`contact_id`, `position`);
-- create index "contactpoint_normalized" to table: "contact_points"
CREATE INDEX `contactpoint_normalized` ON `contact_points` (`normalized`);
-- create "events" table
CREATE TABLE `events` (
	`id` text NOT NULL,
	`type` text NOT NULL,
	`workspace_id` text NULL,
	`actor_id` text NULL,
	`object_id` text NOT NULL,
	`topics` json NOT NULL,
	`request_id` text NULL,
	`created_at` datetime NOT NULL,
	 PRIMARY KEY (`id`)
);
-- create index "event_object_id_created_at" to table: "events"
CREATE INDEX `event_object_id_created_at` ON `events` (`object_id`, `created_at`);
-- create index "event_workspace_id_created_at" to table: "events"
CREATE INDEX `event_workspace_id_created_at` ON `events` (`workspace_id`, `created_at`);
-- create "identifiers" table
CREATE TABLE `identifiers` (
	`id` text NOT NULL,
	`created_at` datetime NOT NULL,
	`created_by_id` text NULL,
	`system` text NOT NULL,
	`value` text NOT NULL,
	`workspace_id` text NOT NULL,
	`profile_id` text NOT NULL,
	 PRIMARY KEY (`id`),
	 CONSTRAINT `identifiers_profiles_profile` FOREIGN KEY (`profile_id`) REFERENCES `profiles` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT `identifiers_workspaces_workspace` FOREIGN KEY (`workspace_id`) REFERENCES `workspaces` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "identifier_workspace_id_system_value" to table: "identifiers"
CREATE UNIQUE INDEX `identifier_workspace_id_system_value` ON `identifiers` (`workspace_id`, `system`, `value`);
-- create index "identifier_profile_id" to table: "identifiers"
CREATE INDEX `identifier_profile_id` ON `identifiers` (`profile_id`);
-- create "institutions" table
CREATE TABLE `institutions` (
	`id` text NOT NULL,
	`created_at` datetime NOT NULL,
	`created_by_id` text NULL,
	`version` integer NOT NULL DEFAULT 1,
	`updated_at` datetime NOT NULL,
	`updated_by_id` text NULL,
	`name` text NOT NULL,
	`sort_name` text NOT NULL,
	`kind` text NOT NULL,
	`workspace_id` text NOT NULL,
	 PRIMARY KEY (`id`),
	 CONSTRAINT `institutions_workspaces_workspace` FOREIGN KEY (`workspace_id`) REFERENCES `workspaces` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "institution_workspace_id_sort_name_id" to table: "institutions"
CREATE INDEX `institution_workspace_id_sort_name_id` ON `institutions` (`workspace_id`, `sort_name`, `id`);
-- create "principals" table
CREATE TABLE `principals` (
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`workspace_id` text NOT NULL,
	 PRIMARY KEY (`id`)
);
-- create "professionals" table
CREATE TABLE `professionals` (
	`id` text NOT NULL,
	`created_at` datetime NOT NULL,
	`created_by_id` text NULL,
	`version` integer NOT NULL DEFAULT 1,
	`updated_at` datetime NOT NULL,
	`updated_by_id` text NULL,
	`name` text NOT NULL,
	`sort_name` text NOT NULL,
	`email` text NULL,
	`roles` json NOT NULL,
	`directory_scope` text NOT NULL DEFAULT 'OWN',
	`directory_right` text NOT NULL DEFAULT 'NONE',
	`institution_ids` json NOT NULL,
	`title` text NULL,
	`licence_number` text NULL,
	`status` text NOT NULL DEFAULT 'INVITED',
	`ended_at` datetime NULL,
	`ended_by_id` text NULL,
	`end_reason` text NULL,
	`workspace_id` text NOT NULL,
	`account_id` text NULL,
	 PRIMARY KEY (`id`),
	 CONSTRAINT `professionals_accounts_account` FOREIGN KEY (`account_id`) REFERENCES `accounts` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT `professionals_workspaces_workspace` FOREIGN KEY (`workspace_id`) REFERENCES `workspaces` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "professional_workspace_id_account_id" to table: "professionals"
CREATE UNIQUE INDEX `professional_workspace_id_account_id` ON `professionals` (`workspace_id`, `account_id`) WHERE account_id IS NOT NULL AND status <> 'ENDED';
-- create index "professional_workspace_id_email" to table: "professionals"
CREATE UNIQUE INDEX `professional_workspace_id_email` ON `professionals` (`workspace_id`, `email`) WHERE email IS NOT NULL AND status <> 'ENDED';
-- create index "professional_workspace_id_sort_name_id" to table: "professionals"
CREATE INDEX `professional_workspace_id_sort_name_id` ON `professionals` (`workspace_id`, `sort_name`, `id`);
-- create index "professional_account_id" to table: "professionals"
CREATE INDEX `professional_account_id` ON `professionals` (`account_id`);
-- create "profiles" table
CREATE TABLE `profiles` (
	`id` text NOT NULL,
	`created_at` datetime NOT NULL,
	`created_by_id` text NULL,
	`version` integer NOT NULL DEFAULT 1,
	`updated_at` datetime NOT NULL,
	`updated_by_id` text NULL,
	`kind` text NOT NULL,
	`given_name` text NOT NULL,
	`middle_name` text NULL,
	`family_name` text NOT NULL,
	`preferred_name` text NULL,
	`former_names` json NOT NULL,
	`sort_name` text NOT NULL,
	`birth_date` text NULL,
	`birth_date_precision` text NOT NULL DEFAULT 'DAY',
	`gender` text NULL,
	`pronouns` text NULL,
	`languages` json NOT NULL,
	`grade` text NULL,
	`status` text NOT NULL DEFAULT 'ACTIVE',
	`field_versions` json NOT NULL,
	`home_workspace_id` text NOT NULL,
	`institution_id` text NULL,
	`merged_into_id` text NULL,
	 PRIMARY KEY (`id`),
	 CONSTRAINT `profiles_profiles_merged` FOREIGN KEY (`merged_into_id`) REFERENCES `profiles` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT `profiles_institutions_institution` FOREIGN KEY (`institution_id`) REFERENCES `institutions` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT `profiles_workspaces_home_workspace` FOREIGN KEY (`home_workspace_id`) REFERENCES `workspaces` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "profile_home_workspace_id_sort_name_id" to table: "profiles"
CREATE INDEX `profile_home_workspace_id_sort_name_id` ON `profiles` (`home_workspace_id`, `sort_name`, `id`);
-- create index "profile_home_workspace_id_created_at_id" to table: "profiles"
CREATE INDEX `profile_home_workspace_id_created_at_id` ON `profiles` (`home_workspace_id`, `created_at`, `id`);
-- create index "profile_home_workspace_id_updated_at_id" to table: "profiles"
CREATE INDEX `profile_home_workspace_id_updated_at_id` ON `profiles` (`home_workspace_id`, `updated_at`, `id`);
-- create index "profile_created_by_id_home_workspace_id" to table: "profiles"
CREATE INDEX `profile_created_by_id_home_workspace_id` ON `profiles` (`created_by_id`, `home_workspace_id`);
-- create index "profile_institution_id" to table: "profiles"
CREATE INDEX `profile_institution_id` ON `profiles` (`institution_id`);
-- create index "profile_merged_into_id" to table: "profiles"
CREATE INDEX `profile_merged_into_id` ON `profiles` (`merged_into_id`) WHERE merged_into_id IS NOT NULL;
-- create index "profile_sort_name_id" to table: "profiles"
CREATE INDEX `profile_sort_name_id` ON `profiles` (`sort_name`, `id`);
-- create index "profile_created_at_id" to table: "profiles"
CREATE INDEX `profile_created_at_id` ON `profiles` (`created_at`, `id`);
-- create index "profile_updated_at_id" to table: "profiles"
CREATE INDEX `profile_updated_at_id` ON `profiles` (`updated_at`, `id`);
-- create "records" table
CREATE TABLE `records` (
	`id` text NOT NULL,
	`created_at` datetime NOT NULL,
	`created_by_id` text NULL,
	`version` integer NOT NULL DEFAULT 1,
	`updated_at` datetime NOT NULL,
	`updated_by_id` text NULL,
	`number` text NOT NULL,
	`title` text NOT NULL,
	`kind` text NOT NULL,
	`service` text NULL,
	`reason` text NULL,
	`status` text NOT NULL DEFAULT 'OPEN',
	`confidential` bool NOT NULL DEFAULT false,
	`owner_epoch` integer NOT NULL DEFAULT 1,
	`opened_at` datetime NULL,
	`closed_at` datetime NULL,
	`field_versions` json NOT NULL,
	`workspace_id` text NOT NULL,
	`owner_id` text NOT NULL,
	 PRIMARY KEY (`id`),
	 CONSTRAINT `records_principals_owner` FOREIGN KEY (`owner_id`) REFERENCES `principals` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT `records_workspaces_workspace` FOREIGN KEY (`workspace_id`) REFERENCES `workspaces` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT `record_owner_kind` CHECK (owner_id LIKE 'pro_%' OR owner_id LIKE 'unit_%')
);
-- create index "record_workspace_id_number" to table: "records"
CREATE UNIQUE INDEX `record_workspace_id_number` ON `records` (`workspace_id`, `number`);
-- create index "record_owner_id_id" to table: "records"
CREATE INDEX `record_owner_id_id` ON `records` (`owner_id`, `id`);
-- create index "record_workspace_id_created_at_id" to table: "records"
CREATE INDEX `record_workspace_id_created_at_id` ON `records` (`workspace_id`, `created_at`, `id`);
-- create index "record_workspace_id_updated_at_id" to table: "records"
CREATE INDEX `record_workspace_id_updated_at_id` ON `records` (`workspace_id`, `updated_at`, `id`);
-- create index "record_created_at_id" to table: "records"
CREATE INDEX `record_created_at_id` ON `records` (`created_at`, `id`);
-- create index "record_updated_at_id" to table: "records"
CREATE INDEX `record_updated_at_id` ON `records` (`updated_at`, `id`);
-- create "record_links" table
CREATE TABLE `record_links` (
	`id` text NOT NULL,
	`version` integer NOT NULL DEFAULT 1,
	`updated_at` datetime NOT NULL,
	`updated_by_id` text NULL,
	`role` text NOT NULL,
	`position` integer NOT NULL DEFAULT 0,
	`notify` bool NOT NULL DEFAULT true,
	`linked_at` datetime NOT NULL,
	`linked_by_id` text NULL,
	`link_reason` text NULL,
	`unlinked_at` datetime NULL,
	`unlinked_by_id` text NULL,
	`unlink_reason` text NULL,
	`record_id` text NOT NULL,
	`profile_id` text NOT NULL,
	 PRIMARY KEY (`id`),
	 CONSTRAINT `record_links_profiles_profile` FOREIGN KEY (`profile_id`) REFERENCES `profiles` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT `record_links_records_record` FOREIGN KEY (`record_id`) REFERENCES `records` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "recordlink_record_id_profile_id" to table: "record_links"
CREATE UNIQUE INDEX `recordlink_record_id_profile_id` ON `record_links` (`record_id`, `profile_id`) WHERE unlinked_at IS NULL;
-- create index "recordlink_record_id" to table: "record_links"
CREATE UNIQUE INDEX `recordlink_record_id` ON `record_links` (`record_id`) WHERE unlinked_at IS NULL AND role = 'PRIMARY';
-- create index "recordlink_profile_id_record_id" to table: "record_links"
CREATE INDEX `recordlink_profile_id_record_id` ON `record_links` (`profile_id`, `record_id`) WHERE unlinked_at IS NULL;
-- create index "recordlink_record_id_linked_at_id" to table: "record_links"
CREATE INDEX `recordlink_record_id_linked_at_id` ON `record_links` (`record_id`, `linked_at`, `id`);
-- create index "recordlink_profile_id_linked_at_id" to table: "record_links"
CREATE INDEX `recordlink_profile_id_linked_at_id` ON `record_links` (`profile_id`, `linked_at`, `id`);
-- create "shares" table
CREATE TABLE `shares` (
	`id` text NOT NULL,
	`created_at` datetime NOT NULL,
	`created_by_id` text NULL,
	`version` integer NOT NULL DEFAULT 1,
	`updated_at` datetime NOT NULL,
	`updated_by_id` text NULL,
	`level` text NOT NULL,
	`requires_approval` bool NOT NULL DEFAULT false,
	`includes_confidential` bool NOT NULL DEFAULT false,
	`starts_at` datetime NOT NULL,
	`expires_at` datetime NULL,
	`status` text NOT NULL DEFAULT 'PENDING',
	`epoch` integer NOT NULL,
	`origin` text NOT NULL DEFAULT 'DIRECT',
	`ended_at` datetime NULL,
	`ended_by_id` text NULL,
	`end_reason` text NULL,
	`record_id` text NOT NULL,
	`grantee_id` text NOT NULL,
	 PRIMARY KEY (`id`),
	 CONSTRAINT `shares_principals_grantee` FOREIGN KEY (`grantee_id`) REFERENCES `principals` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT `shares_records_record` FOREIGN KEY (`record_id`) REFERENCES `records` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "share_record_id_grantee_id" to table: "shares"
CREATE UNIQUE INDEX `share_record_id_grantee_id` ON `shares` (`record_id`, `grantee_id`) WHERE status IN ('PENDING', 'ACTIVE');
-- create index "share_grantee_id_record_id" to table: "shares"
CREATE INDEX `share_grantee_id_record_id` ON `shares` (`grantee_id`, `record_id`) WHERE status = 'ACTIVE';
-- create index "share_record_id" to table: "shares"
CREATE INDEX `share_record_id` ON `shares` (`record_id`);
-- create "units" table
CREATE TABLE `units` (
	`id` text NOT NULL,
	`created_at` datetime NOT NULL,
	`created_by_id` text NULL,
	`version` integer NOT NULL DEFAULT 1,
	`updated_at` datetime NOT NULL,
	`updated_by_id` text NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`sort_name` text NOT NULL,
	`status` text NOT NULL DEFAULT 'ACTIVE',
	`workspace_id` text NOT NULL,
	 PRIMARY KEY (`id`),
	 CONSTRAINT `units_workspaces_workspace` FOREIGN KEY (`workspace_id`) REFERENCES `workspaces` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "unit_workspace_id_sort_name_id" to table: "units"
CREATE INDEX `unit_workspace_id_sort_name_id` ON `units` (`workspace_id`, `sort_name`, `id`);
-- create "unit_members" table
CREATE TABLE `unit_members` (
	`id` text NOT NULL,
	`created_at` datetime NOT NULL,
	`created_by_id` text NULL,
	`steward` bool NOT NULL DEFAULT false,
	`started_at` datetime NOT NULL,
	`ended_at` datetime NULL,
	`ended_by_id` text NULL,
	`end_reason` text NULL,
	`unit_id` text NOT NULL,
	`professional_id` text NOT NULL,
	 PRIMARY KEY (`id`),
	 CONSTRAINT `unit_members_professionals_professional` FOREIGN KEY (`professional_id`) REFERENCES `professionals` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT `unit_members_units_unit` FOREIGN KEY (`unit_id`) REFERENCES `units` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "unitmember_unit_id_professional_id" to table: "unit_members"
CREATE UNIQUE INDEX `unitmember_unit_id_professional_id` ON `unit_members` (`unit_id`, `professional_id`) WHERE ended_at IS NULL;
-- create index "unitmember_professional_id" to table: "unit_members"
CREATE INDEX `unitmember_professional_id` ON `unit_members` (`professional_id`) WHERE ended_at IS NULL;
-- create index "unitmember_unit_id_started_at_id" to table: "unit_members"
CREATE INDEX `unitmember_unit_id_started_at_id` ON `unit_members` (`unit_id`, `started_at`, `id`);
-- create "workspaces" table
CREATE TABLE `workspaces` (
	`id` text NOT NULL,
	`created_at` datetime NOT NULL,
	`created_by_id` text NULL,
	`version` integer NOT NULL DEFAULT 1,
	`updated_at` datetime NOT NULL,
	`updated_by_id` text NULL,
	`name` text NOT NULL,
	`kind` text NOT NULL,
	`status` text NOT NULL DEFAULT 'ACTIVE',
	`region` text NOT NULL DEFAULT 'CA',
	`policies` json NOT NULL,
	 PRIMARY KEY (`id`)
);
-- create "workspace_profiles" table
CREATE TABLE `workspace_profiles` (
	`id` text NOT NULL,
	`created_at` datetime NOT NULL,
	`created_by_id` text NULL,
	`version` integer NOT NULL DEFAULT 1,
	`updated_at` datetime NOT NULL,
	`updated_by_id` text NULL,
	`file_number` text NULL,
	`tags` json NOT NULL,
	`note` text NULL,
	`workspace_id` text NOT NULL,
	`profile_id` text NOT NULL,
	 PRIMARY KEY (`id`),
	 CONSTRAINT `workspace_profiles_profiles_profile` FOREIGN KEY (`profile_id`) REFERENCES `profiles` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT `workspace_profiles_workspaces_workspace` FOREIGN KEY (`workspace_id`) REFERENCES `workspaces` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "workspaceprofile_profile_id_workspace_id" to table: "workspace_profiles"
CREATE UNIQUE INDEX `workspaceprofile_profile_id_workspace_id` ON `workspace_profiles` (`profile_id`, `workspace_id`);
-- create index "workspaceprofile_workspace_id_file_number" to table: "workspace_profiles"
CREATE UNIQUE INDEX `workspaceprofile_workspace_id_file_number` ON `workspace_profiles` (`workspace_id`, `file_number`) WHERE file_number IS NOT NULL;
