// No false alarm, on random schemas: made by their SQL, described by a written revision, checked.

import { compareSchemas } from '../../src/diff/compare.ts';
import { diff } from '../../src/diff/diff.ts';
import { messageOf } from '../../src/kernel/errors.ts';
import { createSurefoot } from '../../src/library/surefoot.ts';
import { displayPart } from '../../src/schema/parts.ts';
import type { Schema } from '../../src/schema/schema.ts';
import { emptySchema } from '../../src/schema/schema.ts';
import { alarms, changesSeen, checkAgainst, projectOf } from '../check/no-false-alarm.ts';
import { givenNames, makeThreeChanges } from '../check/three-changes.ts';
import type { Engine } from '../servers/index.ts';
import { fc } from '../support/laws.ts';
import { asWritten } from './as-written.ts';
import type { Bench } from './bench.ts';
import { openBench } from './bench.ts';
import { randomSchemas } from './capabilities.ts';
import type { Hand } from './hand.ts';
import { openHand } from './hand.ts';
import type { Proof } from './proof.ts';
import { expectSame, tryAll } from './proof.ts';
import { picker } from './random.ts';

export interface Draw {
  readonly count: number;
  readonly seed: number;
  /** This one of them, and no other. */
  readonly only?: number | undefined;
}

interface Means {
  readonly bench: Bench;
  readonly elsewhere: Bench;
  readonly pick: (n: number) => number;
}

/** Made by its revision, it is the same: but for names that its author left to others. */
async function expectAlike(schema: Schema, hand: Hand, elsewhere: Bench): Promise<void> {
  const names = givenNames(schema);
  const there = await openHand(elsewhere);
  try {
    const [made, said] = [await there.introspect(), await hand.introspect()].map((one) =>
      asWritten(one, names),
    );
    const apart = compareSchemas(said ?? emptySchema, made ?? emptySchema);
    const words = apart.map(
      ({ kind, wanted, actual }) => `${kind} ${displayPart((wanted ?? actual) as never)}`,
    );
    expectSame('made by its revision', words, []);
  } finally {
    await there.close();
  }
}

async function holds(schema: Schema, { bench, elsewhere, pick }: Means): Promise<string | null> {
  await bench.clear();
  await elsewhere.clear();
  using project = projectOf(diff(emptySchema, schema).operations);
  const hand = await openHand(bench);
  try {
    const refused = await bench.run(...hand.dump(schema)).then(() => null, messageOf);
    if (refused !== null) return null;
    expectSame('alarms', alarms(await checkAgainst(project, bench.target)), []);
    const result = await createSurefoot({ ...elsewhere.target, projectFolder: project.folder }).upgrade();
    expectSame('the run', [result.failed, result.differences], [null, []]);
    await expectAlike(schema, hand, elsewhere);
    const done = await makeThreeChanges(hand, { pick, written: schema });
    expectSame('seen', await changesSeen(project, bench.target, schema), done);
    return `nothing found, then ${done.length} of ${done.length} changes`;
  } finally {
    await hand.close();
  }
}

/** All, or one. */
export const chosen = <T>(all: readonly T[], only: number | undefined): readonly T[] =>
  only === undefined ? all : all.slice(only, only + 1);

/** Tries the law on that many random schemas. */
export async function proveRandomSchemas(
  engine: Engine,
  { count, seed, only }: Draw,
): Promise<readonly Proof[]> {
  const bench = await openBench(engine);
  const elsewhere = await openBench(engine);
  try {
    const schemas = fc.sample(randomSchemas(engine), { seed, numRuns: 2 * count });
    const claim =
      'a random schema, made by its SQL: check finds nothing against the revision that says it; then one object is changed, one removed, one added, and check names exactly these';
    const attempts = schemas.map((schema, i) => ({
      state: `${engine}: seed ${seed}, schema ${i}`,
      holds: () => holds(schema, { bench, elsewhere, pick: picker(seed * 1000 + i + 1) }),
    }));
    return [
      await tryAll(claim, chosen(attempts, only), { count, why: 'schemas that the server would not have' }),
    ];
  } finally {
    await bench.close();
    await elsewhere.close();
  }
}
