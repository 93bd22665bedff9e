// Every case of every operation on one engine: up, down, up again, the catalogue compared each time.
// In: the name of an engine. Out: tests. Must not know what the cases do.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LoadedRevision } from '../../src/revisions/load.ts';
import { type Engine, selectedEngines } from '../servers/index.ts';
import { refusal } from '../support/refusal.ts';
import { thinned } from '../support/share.ts';
import type { Answer, Case } from './cases/case.ts';
import { cases, reasonFor } from './cases/index.ts';
import type { World } from './world.ts';
import { memoryRevision, openWorld } from './world.ts';

async function expectRows(world: World, answer: Answer | undefined): Promise<void> {
  if (answer === undefined) return;
  const [sql, expected] = answer;
  const { rows } = await world.connection.query(sql);
  expect(
    rows.map((row) =>
      Object.values(row)
        .map((value) => (value === null ? 'NULL' : String(value)))
        .join('|'),
    ),
  ).toEqual(expected);
}

/** Upgrades or downgrades, and compares what is there with what history says. */
async function travel(
  world: World,
  direction: 'upgrade' | 'downgrade',
  {
    applied,
    path,
  }: { readonly applied: readonly LoadedRevision[]; readonly path: readonly LoadedRevision[] },
) {
  const built = await world.go({ direction, applied, path });
  expect(await world.differences(built.target), `${direction} ${path[0]?.header.id}`).toEqual([]);
  expect((await world.introspect()).unsupported).toEqual([]);
  return built;
}

async function expectRefused(
  world: World,
  change: LoadedRevision,
  applied: readonly LoadedRevision[],
): Promise<void> {
  const there = await world.introspect();
  const code = change.upgrade.some(({ kind }) => kind === 'backfill')
    ? 'operation/no-key'
    : 'operation/unsupported';
  await refusal(world.plan({ direction: 'upgrade', applied, path: [change] }), code);
  expect(await world.introspect()).toEqual(there);
}

const isSchemaOperation = (kind: string) =>
  !['execute', 'run', 'insertRows', 'deleteRows', 'backfill', 'assert'].includes(kind);

/** Once done, each operation finds its effect there. */
async function expectSatisfied(
  world: World,
  change: LoadedRevision,
  applied: readonly LoadedRevision[],
): Promise<void> {
  if (!change.upgrade.every(({ kind }) => isSchemaOperation(kind))) return;
  const { plan } = await world.plan({ direction: 'upgrade', applied, path: [change] });
  expect(plan.steps.flatMap(({ segments }) => segments.flatMap(({ statements }) => statements))).toEqual([]);
}

async function play(world: World, one: Case): Promise<void> {
  const start = memoryRevision('before', one.before ?? (() => {}), world.at);
  const applied = [start];
  await travel(world, 'upgrade', { applied: [], path: [start] });
  const change = memoryRevision('change', one.up, world.at, one.down);
  if (reasonFor(world.engine, one.unsupported) !== null) return expectRefused(world, change, applied);
  const rows = one.rows?.(world.at);
  const { plan } = await travel(world, 'upgrade', { applied, path: [change] });
  const isIgnored = reasonFor(world.engine, one.ignored) !== null;
  expect(plan.steps.flatMap(({ segments }) => segments).length === 0).toBe(
    isIgnored || change.upgrade.every(({ kind }) => kind === 'assert'),
  );
  await expectRows(world, rows?.up);
  await expectSatisfied(world, change, applied);
  if (one.irreversible) {
    const back = world.plan({ direction: 'downgrade', applied: [start, change], path: [change] });
    await refusal(back, 'revision/irreversible');
    return;
  }
  await travel(world, 'downgrade', { applied: [start, change], path: [change] });
  await expectRows(world, rows?.down);
  await travel(world, 'upgrade', { applied, path: [change] });
  await expectRows(world, rows?.up);
}

/** The tests of one engine. */
export function conformance(engine: Engine): void {
  const isSelected = selectedEngines().includes(engine);
  describe.skipIf(!isSelected)(`operations on ${engine}`, () => {
    let world: World;
    beforeAll(async () => {
      world = await openWorld(engine);
    });
    afterAll(() => world?.close());
    beforeEach(() => world.clear());
    describe.each(Object.entries(cases))('%s', (_, list) => {
      test.each(thinned(engine, list))('$name', async (one) => play(world, one));
    });
  });
}
