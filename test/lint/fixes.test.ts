// What `fix` of PostgreSQL's rules writes, on a real server: the same schema as without it, and nothing left to find.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postgresSyntax } from '../../src/dialects/postgres/traits.ts';
import type { LintedRevision } from '../../src/lint/lint.ts';
import { lint } from '../../src/lint/lint.ts';
import type { Rule } from '../../src/lint/rule.ts';
import { rules } from '../../src/lint/rules/index.ts';
import { postgresRules } from '../../src/lint/rules/postgres/index.ts';
import { defaultLimits } from '../../src/lint/sizes.ts';
import { applyTo, completeAndApply } from '../../src/operations/apply.ts';
import type { Operation } from '../../src/operations/operation.ts';
import type { LoadedRevision } from '../../src/revisions/load.ts';
import { t } from '../../src/schema/column-builder.ts';
import { closeDraft, openDraft } from '../../src/schema/draft.ts';
import { defaultNaming } from '../../src/schema/naming.ts';
import { emptySchema } from '../../src/schema/schema.ts';
import type { World, Written } from '../conformance/world.ts';
import { memoryRevision, openWorld } from '../conformance/world.ts';
import { selectedEngines } from '../servers/index.ts';

const history: Written = (op) => {
  op.createTable('team', { id: t.integer().primaryKey() });
  op.createTable('person', {
    id: t.integer().identity().primaryKey(),
    mail: t.varchar(120),
    'the "Team"': t.integer(),
    team: t.integer(),
  });
  op.createIndex('person', ['team'], { name: 'by_team' });
  op.insertRows('team', [{ id: 1 }]);
  op.insertRows('person', [{ mail: 'a@b', 'the "Team"': 1, team: 1 }], { key: ['mail'] });
};

const cases: readonly (readonly [rule: string, change: Written])[] = [
  ['pg-index-not-concurrent', (op) => op.createIndex('person', ['mail'])],
  ['pg-index-not-concurrent', (op) => op.createIndex('person', ['mail'], { unique: true, name: 'a "b"' })],
  ['pg-drop-index-not-concurrent', (op) => op.dropIndex('person', 'by_team')],
  ['pg-drop-index-not-concurrent', (op) => op.dropIndex('person', { columns: ['team'] })],
  [
    'pg-fk-validating',
    (op) => op.addForeignKey('person', ['team'], { table: 'team', columns: ['id'], name: 'fk "team"' }),
  ],
  ['pg-fk-validating', (op) => op.addForeignKey('person', ['team'], { table: 'team', columns: ['id'] })],
  ['pg-check-validating', (op) => op.addCheck('person', 'team > 0', { name: 'ck_team' })],
  ['pg-check-validating', (op) => op.addCheck('person', "mail LIKE '%@%' OR mail IS NULL")],
  ['pg-set-not-null-scan', (op) => op.alterColumn('person', 'mail', { nullable: false })],
  ['pg-set-not-null-scan', (op) => op.alterColumn('person', 'the "Team"', { nullable: false })],
  ['pg-set-not-null-scan', (op) => op.alterColumn('person', 'team', { nullable: false, default: 1 })],
];

/** Lint, and what its rules would write instead of each operation. */
function judge(change: LoadedRevision, world: World, own: readonly Rule[]) {
  const start = openDraft(emptySchema);
  for (const operation of memoryRevision('before', history, world.at).upgrade) applyTo(start, operation);
  const before = closeDraft(start);
  const draft = openDraft(before);
  const operations = completeAndApply(change.upgrade, draft);
  const naming = defaultNaming(world.dialect.traits.maxIdentifier);
  const segments = world.dialect.compile({ operations, before, naming });
  const linted: LintedRevision = { revision: change, operations, segments };
  const written = new Map<Operation, readonly Operation[]>();
  const spies = own.map((rule): Rule => {
    const check: Rule['check'] = (subject) => {
      const remark = rule.check(subject);
      const instead = remark && rule.fix?.(subject);
      if (instead) written.set(subject.operation, instead);
      return remark;
    };
    return { ...rule, check };
  });
  const findings = lint([linted], openDraft(before), {
    rules: spies,
    settings: {},
    traits: world.dialect.traits,
    syntax: postgresSyntax,
    rowsOf: () => null,
    limits: defaultLimits,
    usesOf: () => [],
    plan: 'each-revision',
  });
  return { findings, operations: operations.flatMap((one) => written.get(one) ?? [one]) };
}

const engine = selectedEngines().find((one) => one === 'postgres18');

describe.skipIf(engine === undefined)('fixes on PostgreSQL', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld('postgres18');
  });
  afterAll(() => world.close());

  /** The schema after history and the change. */
  async function after(change: LoadedRevision) {
    await world.clear();
    const start = memoryRevision('before', history, world.at);
    await world.go({ direction: 'upgrade', applied: [], path: [start] });
    const { target } = await world.go({ direction: 'upgrade', applied: [start], path: [change] });
    expect(await world.differences(target)).toEqual([]);
    return await world.introspect();
  }

  test('every rule that has one is tried', () => {
    const fixable = postgresRules.filter(({ fix }) => fix).map(({ id }) => id);
    expect([...new Set(cases.map(([id]) => id))].sort()).toEqual(fixable.sort());
  });

  test.each(cases)('%s', async (id, change) => {
    const rule = postgresRules.filter((one) => one.id === id);
    const unfixed = memoryRevision('change', change, world.at);
    const { findings, operations } = judge(unfixed, world, rule);
    expect(findings.map((one) => one.isFixable)).toEqual([true]);
    const fixed = memoryRevision(
      'change',
      (op) => {
        for (const operation of operations) op.add(operation);
      },
      world.at,
    );
    const left = judge(fixed, world, postgresRules).findings.map((one) => one.rule);
    expect(left).toEqual([]);
    const known = judge(unfixed, world, rules).findings.map((one) => one.rule);
    const others = judge(fixed, world, rules).findings.map((one) => one.rule);
    expect(others.filter((one) => !known.includes(one))).toEqual([]);
    const wanted = await after(unfixed);
    expect(await after(fixed)).toEqual(wanted);
  });
});
