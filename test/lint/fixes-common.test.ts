// What `fix` of the rules about every database writes, on real servers: the schema that was meant with what the rule
// misses, and nothing left to find.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LintSubject } from '../../src/lint/rule.ts';
import { fkMissingIndex } from '../../src/lint/rules/common/fk-missing-index.ts';
import { commonRules } from '../../src/lint/rules/common/index.ts';
import { mysqlRules } from '../../src/lint/rules/mysql/index.ts';
import { sqliteRules } from '../../src/lint/rules/sqlite/index.ts';
import { applyTo, complete } from '../../src/operations/apply.ts';
import type { Operation } from '../../src/operations/operation.ts';
import { t } from '../../src/schema/column-builder.ts';
import { openDraft } from '../../src/schema/draft.ts';
import { emptySchema } from '../../src/schema/schema.ts';
import type { World, Written } from '../conformance/world.ts';
import { memoryRevision, openWorld } from '../conformance/world.ts';
import { selectedEngines } from '../servers/index.ts';

const history: Written = (op) => {
  op.createTable('the "Team"', { id: t.integer().primaryKey() });
  op.createTable('person', { id: t.integer().identity().primaryKey(), team: t.integer() });
};

const changes: Readonly<Record<string, Written>> = {
  'a key onto an old table': (op) =>
    op.addForeignKey('person', ['team'], { table: 'the "Team"', columns: ['id'], name: 'person_team' }),
  'a table with keys': (op) =>
    op.createTable('visit', {
      id: t.integer().identity().primaryKey(),
      'the "guest"': t.integer().references('person', 'id'),
      host: t.integer().references('person', 'id'),
    }),
};

const all = [...commonRules, ...mysqlRules, ...sqliteRules];
const engines = (['sqlite', 'postgres18'] as const).filter((engine) => selectedEngines().includes(engine));

/** What the rule sees of each operation in turn. */
function subjectsOf(operations: readonly Operation[], world: World): readonly LintSubject[] {
  const draft = openDraft(emptySchema);
  for (const operation of memoryRevision('before', history, world.at).upgrade) applyTo(draft, operation);
  return operations.map((given, index) => {
    const operation = complete(given, draft);
    const before = openDraft({ ...emptySchema, tables: [...draft.tables.values()] });
    applyTo(draft, operation);
    return {
      revision: 'change',
      operation,
      siblings: operations,
      index,
      sql: null,
      before,
      statements: [],
      mode: null,
      traits: world.dialect.traits,
      syntax: world.dialect.syntax,
      isNew: () => false,
      isNewColumn: () => false,
    };
  });
}

test('every rule that has one is tried', () => {
  expect(all.filter(({ fix }) => fix).map(({ id }) => id)).toEqual([fkMissingIndex.id]);
});

describe.each(engines)('%s', (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(engine);
  });
  afterAll(() => world.close());

  async function schemaAfter(...changed: readonly Written[]) {
    await world.clear();
    const start = memoryRevision('before', history, world.at);
    await world.go({ direction: 'upgrade', applied: [], path: [start] });
    const path = changed.map((change, i) => memoryRevision(`change${i}`, change, world.at));
    const { target } = await world.go({ direction: 'upgrade', applied: [start], path });
    expect(await world.differences(target)).toEqual([]);
    return await world.introspect();
  }

  test.each(Object.entries(changes))('%s', async (_, change) => {
    const subjects = subjectsOf(memoryRevision('change', change, world.at).upgrade, world);
    const found = subjects.map((subject) => fkMissingIndex.check(subject));
    expect(found).toEqual([expect.objectContaining({ message: expect.stringContaining('has no index') })]);
    const fixed = subjects.flatMap((subject) => fkMissingIndex.fix?.(subject) ?? []);
    const again = subjectsOf(fixed, world).flatMap((subject) => fkMissingIndex.check(subject) ?? []);
    expect(again).toEqual([]);
    const indexes = fixed.filter(({ kind }) => kind === 'createIndex');
    expect(indexes.length).toBeGreaterThan(0);
    const add: (operations: readonly Operation[]) => Written = (operations) => (op) => {
      for (const operation of operations) op.add(operation);
    };
    const wanted = await schemaAfter(change, add(indexes));
    expect(await schemaAfter(add(fixed))).toEqual(wanted);
  });
});
