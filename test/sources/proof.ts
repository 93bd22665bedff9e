// The proof of a source: models read, written as operations, run on an empty database, and found again without a difference.
// In: an engine, a file of models. Out: what was read, and all that differs. Must not know a library.

import { dirname } from 'node:path';
import { compareParts } from '../../src/diff/compare.ts';
import { diff } from '../../src/diff/diff.ts';
import { readModels } from '../../src/library/models.ts';
import { openSession, readSchema, scopeOf } from '../../src/library/open.ts';
import { createProject } from '../../src/library/project.ts';
import { describe } from '../../src/operations/apply.ts';
import type { Part } from '../../src/schema/parts.ts';
import { schemaParts } from '../../src/schema/parts.ts';
import type { Schema } from '../../src/schema/schema.ts';
import { emptySchema, sameRef } from '../../src/schema/schema.ts';
import { alarms, checkAgainst, projectOf } from '../check/no-false-alarm.ts';
import type { Engine } from '../servers/index.ts';
import { freshDatabase } from '../servers/index.ts';

export interface Proof {
  readonly schema: Schema;
  /** What no operation can express of it. */
  readonly inexpressible: readonly string[];
  /** What the upgrade found afterwards. */
  readonly afterUpgrade: readonly unknown[];
  /** What is between the models and what was made of them. */
  readonly difference: readonly string[];
  readonly findings: readonly string[];
}

/** A server's own scratch databases are made faster than one in the process starts. */
const near = (url: string) => ({ url, ...(/^postgres/.test(url) ? { scratchUrl: url } : {}) });

async function readOn(url: string, models: string): Promise<Schema> {
  const options = { ...near(url), models, projectFolder: dirname(models) };
  const opened = await openSession(options, '/');
  try {
    const schema = await readModels(opened, createProject(options));
    if (schema === null) throw new Error('there are no models');
    return schema;
  } finally {
    await opened.close();
  }
}

const spelled = ({ kind, owner, name }: Part, schema: Schema | null): Part | undefined =>
  schemaParts(schema ?? emptySchema).find(
    (one) => one.kind === kind && one.name === name && sameRef(one.owner, owner),
  );

/** What is between a live database and a schema; what text cannot tell, the server spells on both sides. */
async function differenceOf(url: string, schema: Schema): Promise<readonly string[]> {
  const opened = await openSession({ url }, '/');
  const { dialect, connection } = opened;
  try {
    const scope = { ...scopeOf(opened.names, []), namespaces: null };
    const live = dialect.normalize(await readSchema(opened, scope));
    const { operations, unsure } = diff(live, schema);
    const spell = (one: Schema) => (unsure.length === 0 ? null : dialect.spell(connection, one));
    const [actual, wanted] = [await spell(live), await spell(schema)];
    const open = unsure.filter((pair) => {
      const [a, b] = [spelled(pair.actual, actual), spelled(pair.wanted, wanted)];
      return !a || !b || compareParts(b, a) !== 'equal';
    });
    return [...operations.map(describe), ...open.map((one) => JSON.stringify(one))];
  } finally {
    await opened.close();
  }
}

/** What is between models and a database that somebody else's statements made; and what both do not understand. */
export async function compareMade(
  engine: Engine,
  models: string,
  statements: readonly string[],
): Promise<readonly string[]> {
  const database = await freshDatabase(engine);
  try {
    const opened = await openSession({ url: database.url }, '/');
    try {
      for (const statement of statements) await opened.connection.query(statement);
    } finally {
      await opened.close();
    }
    return await differenceOf(database.url, await readOn(database.url, models));
  } finally {
    await database.drop();
  }
}

/** What a check says of a database that somebody else made of the models, and whose history was written from them. */
export async function proveMade(
  engine: Engine,
  models: string,
  make: (url: string) => Promise<void>,
): Promise<readonly string[]> {
  const database = await freshDatabase(engine);
  try {
    await make(database.url);
    const { operations } = diff(emptySchema, await readOn(database.url, models));
    using project = projectOf(operations);
    const report = await checkAgainst(project, { url: database.url });
    return alarms(report).map(({ code, message }) => `${code}: ${message}`);
  } finally {
    await database.drop();
  }
}

/** What a file of models declares, for an engine. */
export async function read(engine: Engine, models: string): Promise<Schema> {
  const database = await freshDatabase(engine);
  try {
    return await readOn(database.url, models);
  } finally {
    await database.drop();
  }
}

/** Goes the whole way with a file of models. */
export async function prove(engine: Engine, models: string): Promise<Proof> {
  const database = await freshDatabase(engine);
  try {
    const schema = await readOn(database.url, models);
    const { operations, inexpressible } = diff(emptySchema, schema);
    using project = projectOf(operations);
    const surefoot = project.surefoot({ ...near(database.url), models });
    const { failed, differences } = await surefoot.upgrade();
    const difference = await differenceOf(database.url, schema);
    const { findings } = await surefoot.check();
    return {
      schema,
      inexpressible: inexpressible.map((one) => JSON.stringify(one)),
      afterUpgrade: [...(failed === null ? [] : [failed]), ...differences],
      difference,
      findings: findings.map(({ code, message }) => `${code}: ${message}`),
    };
  } finally {
    await database.drop();
  }
}
