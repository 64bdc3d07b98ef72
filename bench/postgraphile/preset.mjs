import pg from "pg";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { makePgService } from "postgraphile/adaptors/pg";
import { signIn } from "./signin.mjs";

// What the program asks of its own sessions, and plans that are made once: those of policies cost more than they find.
const options = "-c max_parallel_workers_per_gather=0 -c random_page_cost=1.1 -c plan_cache_mode=force_generic_plan";

const connections = Number(process.env.POOL ?? 8);
const keys = new pg.Pool({ connectionString: process.env.DSN, options, max: connections, idleTimeoutMillis: 600_000 });

export default {
  extends: [PostGraphileAmberPreset],
  pgServices: [
    makePgService({
      connectionString: process.env.DSN,
      schemas: ["public"],
      pubsub: false,
      poolConfig: { options, max: connections, idleTimeoutMillis: 600_000 },
    }),
  ],
  schema: {
    defaultBehavior: "+list +resource:list +singularRelation:resource:list +manyRelation:resource:list +queryField:resource:list",
    pgForbidSetofFunctionsToReturnNull: true,
  },
  grafserv: { graphiql: false, watch: false, graphqlPath: "/graphql", maxRequestLength: 1_000_000 },
  grafast: {
    explain: false,
    context: async ({ node }) => ({ pgSettings: await signIn(keys, node?.req.headers.authorization) }),
  },
};
