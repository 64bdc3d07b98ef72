// Puts the policies over the database DSN, as the tables' owner.
import { readFile } from "node:fs/promises";
import pg from "pg";

const client = new pg.Client({ connectionString: process.env.DSN });
await client.connect();
for (const file of ["rls.sql", "writes.sql"]) {
  await client.query(await readFile(new URL(file, import.meta.url), "utf8"));
}
await client.end();
