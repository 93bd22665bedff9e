// The tools whose histories can be taken over. In: a name. Out: the tool, loaded when it is asked for.
// Must not know what is in them.

import type { ForeignTool } from './tool.ts';

/** Each tool by its name on the command line. Alembic, whose files are Python, has an import of its own. */
export const foreignTools: Readonly<Record<string, () => Promise<ForeignTool>>> = {
  prisma: async () => (await import('./prisma/prisma.ts')).prisma,
  drizzle: async () => (await import('./drizzle/drizzle.ts')).drizzle,
  'node-pg-migrate': async () => (await import('./node-pg-migrate/node-pg-migrate.ts')).nodePgMigrate,
  flyway: async () => (await import('./flyway/flyway.ts')).flyway,
  knex: async () => (await import('./knex/knex.ts')).knex,
  typeorm: async () => (await import('./typeorm/typeorm.ts')).typeorm,
  'mikro-orm': async () => (await import('./mikro-orm/mikro-orm.ts')).mikroOrm,
  kysely: async () => (await import('./kysely/kysely.ts')).kysely,
  sequelize: async () => (await import('./sequelize/sequelize.ts')).sequelize,
  dbmate: async () => (await import('./dbmate/dbmate.ts')).dbmate,
};

/** The names of all tools, as the command line knows them. */
export const toolNames: readonly string[] = ['alembic', ...Object.keys(foreignTools).sort()];
