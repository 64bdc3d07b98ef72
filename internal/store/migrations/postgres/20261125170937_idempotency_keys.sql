-- +goose Up
-- create "idempotency_keys" table
CREATE TABLE "idempotency_keys" (
	"id" character varying NOT NULL COLLATE "C",
	"done" boolean NOT NULL,
	"key_hash" character varying NOT NULL COLLATE "C",
	"mutation" character varying NOT NULL COLLATE "C",
	"input_hash" character varying NOT NULL COLLATE "C",
	"scope" character varying NOT NULL COLLATE "C",
	"outcome" text NOT NULL DEFAULT '' COLLATE "C",
	"created_at" timestamptz NOT NULL,
	"professional_id" character varying NOT NULL COLLATE "C",
	 PRIMARY KEY ("id"),
	 CONSTRAINT "idempotency_keys_professionals_professional" FOREIGN KEY ("professional_id") REFERENCES "professionals" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT
);
-- create index "idempotencykey_created_at" to table: "idempotency_keys"
CREATE INDEX "idempotencykey_created_at" ON "idempotency_keys" ("created_at");
-- create index "idempotencykey_professional_id_key_hash_done" to table: "idempotency_keys"
CREATE UNIQUE INDEX "idempotencykey_professional_id_key_hash_done" ON "idempotency_keys" ("professional_id", "key_hash", "done");
