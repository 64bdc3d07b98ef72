-- +goose Up
-- create "idempotency_keys" table
CREATE TABLE `idempotency_keys` (
	`id` text NOT NULL,
	`done` bool NOT NULL,
	`key_hash` text NOT NULL,
	`mutation` text NOT NULL,
	`input_hash` text NOT NULL,
	`scope` text NOT NULL,
	`outcome` text NOT NULL DEFAULT '',
	`created_at` datetime NOT NULL,
	`professional_id` text NOT NULL,
	 PRIMARY KEY (`id`),
	 CONSTRAINT `idempotency_keys_professionals_professional` FOREIGN KEY (`professional_id`) REFERENCES `professionals` (`id`) ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "idempotencykey_professional_id_key_hash_done" to table: "idempotency_keys"
CREATE UNIQUE INDEX `idempotencykey_professional_id_key_hash_done` ON `idempotency_keys` (`professional_id`, `key_hash`, `done`);
-- create index "idempotencykey_created_at" to table: "idempotency_keys"
CREATE INDEX `idempotencykey_created_at` ON `idempotency_keys` (`created_at`);
