// Puts rls.sql over the database DSN, as the tables' owner.
import { readFile } from "node:fs/promises";
import pg from "pg";

const client = new pg.Client({ connectionString: process.env.DSN });
await client.connect();
await client.query(await readFile(new URL("rls.sql", import.meta.url), "utf8"));
await client.end();
