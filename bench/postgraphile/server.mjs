// PostGraphile as it is run in production: one worker for each core, no GraphiQL, no explain, no watching, statements
// prepared once per connection. Each request signs in by its API key, as in the program.
import cluster from "node:cluster";
import { createServer } from "node:http";
import { availableParallelism } from "node:os";

const workers = Number(process.env.WORKERS ?? availableParallelism());
if (cluster.isPrimary && workers > 1) {
  for (let i = 0; i < workers; i++) cluster.fork();
  cluster.on("exit", () => process.exit(1));
} else {
  const { postgraphile } = await import("postgraphile");
  const { grafserv } = await import("postgraphile/grafserv/node");
  const { default: preset } = await import("./preset.mjs");
  const instance = postgraphile(preset);
  const handler = instance.createServ(grafserv);
  const server = createServer();
  server.keepAliveTimeout = 120_000;
  await handler.addTo(server);
  server.listen(Number(process.env.PORT), "127.0.0.1");
}
