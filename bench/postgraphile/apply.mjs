// Puts the policies over the database DSN, as the tables' owner.
import { readFile } from "node:fs/promises";
import pg from "pg";

const deadlock = "40P01";
const client = new pg.Client({ connectionString: process.env.DSN });
await client.connect();
for (const file of ["rls.sql", "writes.sql"]) {
  await apply(await readFile(new URL(file, import.meta.url), "utf8"), 5);
}
await client.end();

// The server may be tidying the tables that a script closes one by one: PostgreSQL then ends one of the two.
async function apply(script, tries) {
  try {
    await client.query(script);
  } catch (error) {
    await client.query("ROLLBACK");
    if (error.code !== deadlock || tries === 1) throw error;
    await apply(script, tries - 1);
  }
}
