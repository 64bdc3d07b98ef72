-- +goose Up
-- add column "consent_override" to table: "shares"
ALTER TABLE `shares` ADD COLUMN `consent_override` text NULL;
-- create index "share_grantee_id_created_at_id" to table: "shares"
CREATE INDEX `share_grantee_id_created_at_id` ON `shares` (`grantee_id`, `created_at`, `id`);
-- create index "share_expires_at" to table: "shares"
CREATE INDEX `share_expires_at` ON `shares` (`expires_at`) WHERE status IN ('PENDING', 'ACTIVE') AND expires_at IS NOT NULL;
-- create "consents" table
CREATE TABLE `consents` (
	`id` text NOT NULL,
	`created_at` datetime NOT NULL,
	`created_by_id` text NULL,
	`version` integer NOT NULL DEFAULT 1,
	`updated_at` datetime NOT NULL,
	`updated_by_id` text NULL,
	`purpose` text NOT NULL,
	`method` text NOT NULL,
	`signed_at` datetime NOT NULL,
	`effective_at` datetime NOT NULL,
	`expires_at` datetime NULL,
	`withdrawn_at` datetime NULL,
	`withdrawn_by_id` text NULL,
	`withdraw_reason` text NULL,
	`workspace_id` text NOT NULL,
	`profile_id` text NOT NULL,
	`contact_link_id` text NULL,
	`target_id` text NULL,
	 PRIMARY KEY (`id`),
	 CONSTRAINT `consents_principals_target` FOREIGN KEY (`target_id`) REFERENCES `principals` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT `consents_contact_links_contact_link` FOREIGN KEY (`contact_link_id`) REFERENCES `contact_links` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT `consents_profiles_profile` FOREIGN KEY (`profile_id`) REFERENCES `profiles` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT `consents_workspaces_workspace` FOREIGN KEY (`workspace_id`) REFERENCES `workspaces` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "consent_profile_id_workspace_id_created_at" to table: "consents"
CREATE INDEX `consent_profile_id_workspace_id_created_at` ON `consents` (`profile_id`, `workspace_id`, `created_at`);
-- create "emergency_accesses" table
CREATE TABLE `emergency_accesses` (
	`id` text NOT NULL,
	`created_at` datetime NOT NULL,
	`created_by_id` text NULL,
	`workspace_id` text NOT NULL,
	`reason` text NOT NULL,
	`started_at` datetime NOT NULL,
	`ends_at` datetime NOT NULL,
	`reviewed_at` datetime NULL,
	`reviewed_by_id` text NULL,
	`review_note` text NULL,
	`record_id` text NOT NULL,
	`professional_id` text NOT NULL,
	 PRIMARY KEY (`id`),
	 CONSTRAINT `emergency_accesses_professionals_professional` FOREIGN KEY (`professional_id`) REFERENCES `professionals` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT `emergency_accesses_records_record` FOREIGN KEY (`record_id`) REFERENCES `records` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "emergencyaccess_professional_id_ends_at" to table: "emergency_accesses"
CREATE INDEX `emergencyaccess_professional_id_ends_at` ON `emergency_accesses` (`professional_id`, `ends_at`);
-- create index "emergencyaccess_record_id_started_at" to table: "emergency_accesses"
CREATE INDEX `emergencyaccess_record_id_started_at` ON `emergency_accesses` (`record_id`, `started_at`);
-- create index "emergencyaccess_workspace_id_created_at_id" to table: "emergency_accesses"
CREATE INDEX `emergencyaccess_workspace_id_created_at_id` ON `emergency_accesses` (`workspace_id`, `created_at`, `id`);
-- create "notifications" table
CREATE TABLE `notifications` (
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`event_id` text NOT NULL,
	`actor_id` text NULL,
	`record_id` text NULL,
	`share_id` text NULL,
	`transfer_id` text NULL,
	`emergency_access_id` text NULL,
	`created_at` datetime NOT NULL,
	`read_at` datetime NULL,
	`professional_id` text NOT NULL,
	 PRIMARY KEY (`id`),
	 CONSTRAINT `notifications_professionals_professional` FOREIGN KEY (`professional_id`) REFERENCES `professionals` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "notification_professional_id_created_at_id" to table: "notifications"
CREATE INDEX `notification_professional_id_created_at_id` ON `notifications` (`professional_id`, `created_at`, `id`);
-- create index "notification_professional_id" to table: "notifications"
CREATE INDEX `notification_professional_id` ON `notifications` (`professional_id`) WHERE read_at IS NULL;
-- create index "notification_event_id_professional_id" to table: "notifications"
CREATE INDEX `notification_event_id_professional_id` ON `notifications` (`event_id`, `professional_id`);
-- create "sealed_copies" table
CREATE TABLE `sealed_copies` (
	`id` text NOT NULL,
	`created_at` datetime NOT NULL,
	`created_by_id` text NULL,
	`workspace_id` text NOT NULL,
	`number` text NOT NULL,
	`manifest_hash` text NOT NULL,
	`content` blob NOT NULL,
	`record_id` text NOT NULL,
	`transfer_id` text NOT NULL,
	`holder_id` text NOT NULL,
	 PRIMARY KEY (`id`),
	 CONSTRAINT `sealed_copies_principals_holder` FOREIGN KEY (`holder_id`) REFERENCES `principals` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT `sealed_copies_transfers_transfer` FOREIGN KEY (`transfer_id`) REFERENCES `transfers` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT `sealed_copies_records_record` FOREIGN KEY (`record_id`) REFERENCES `records` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "sealedcopy_transfer_id" to table: "sealed_copies"
CREATE UNIQUE INDEX `sealedcopy_transfer_id` ON `sealed_copies` (`transfer_id`);
-- create index "sealedcopy_holder_id_created_at_id" to table: "sealed_copies"
CREATE INDEX `sealedcopy_holder_id_created_at_id` ON `sealed_copies` (`holder_id`, `created_at`, `id`);
-- create "transfers" table
CREATE TABLE `transfers` (
	`id` text NOT NULL,
	`created_at` datetime NOT NULL,
	`created_by_id` text NULL,
	`version` integer NOT NULL DEFAULT 1,
	`updated_at` datetime NOT NULL,
	`updated_by_id` text NULL,
	`mode` text NOT NULL,
	`from_workspace_id` text NOT NULL,
	`to_workspace_id` text NOT NULL,
	`status` text NOT NULL,
	`base_epoch` integer NOT NULL,
	`includes_confidential` bool NOT NULL DEFAULT false,
	`previous_owner_keeps` text NOT NULL DEFAULT 'NOTHING',
	`keep_until` datetime NULL,
	`shares_default` text NOT NULL,
	`share_plan` json NOT NULL,
	`message` text NULL,
	`consent_override` text NULL,
	`expires_at` datetime NOT NULL,
	`new_owner_id` text NULL,
	`answered_at` datetime NULL,
	`answered_by_id` text NULL,
	`answer_reason` text NULL,
	`record_id` text NOT NULL,
	`from_id` text NOT NULL,
	`to_id` text NOT NULL,
	 PRIMARY KEY (`id`),
	 CONSTRAINT `transfers_principals_to` FOREIGN KEY (`to_id`) REFERENCES `principals` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT `transfers_principals_from` FOREIGN KEY (`from_id`) REFERENCES `principals` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT,
	 CONSTRAINT `transfers_records_record` FOREIGN KEY (`record_id`) REFERENCES `records` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "transfer_record_id" to table: "transfers"
CREATE UNIQUE INDEX `transfer_record_id` ON `transfers` (`record_id`) WHERE status = 'OFFERED';
-- create index "transfer_record_id_to_id" to table: "transfers"
CREATE UNIQUE INDEX `transfer_record_id_to_id` ON `transfers` (`record_id`, `to_id`) WHERE status = 'REQUESTED';
-- create index "transfer_record_id_answered_at" to table: "transfers"
CREATE INDEX `transfer_record_id_answered_at` ON `transfers` (`record_id`, `answered_at`);
-- create index "transfer_to_id_created_at_id" to table: "transfers"
CREATE INDEX `transfer_to_id_created_at_id` ON `transfers` (`to_id`, `created_at`, `id`);
-- create index "transfer_from_id_created_at_id" to table: "transfers"
CREATE INDEX `transfer_from_id_created_at_id` ON `transfers` (`from_id`, `created_at`, `id`);
-- create index "transfer_to_workspace_id_created_at_id" to table: "transfers"
CREATE INDEX `transfer_to_workspace_id_created_at_id` ON `transfers` (`to_workspace_id`, `created_at`, `id`);
-- create index "transfer_from_workspace_id_created_at_id" to table: "transfers"
CREATE INDEX `transfer_from_workspace_id_created_at_id` ON `transfers` (`from_workspace_id`, `created_at`, `id`);
-- create index "transfer_created_by_id" to table: "transfers"
CREATE INDEX `transfer_created_by_id` ON `transfers` (`created_by_id`);
-- create index "transfer_expires_at" to table: "transfers"
CREATE INDEX `transfer_expires_at` ON `transfers` (`expires_at`) WHERE status IN ('OFFERED', 'REQUESTED');
