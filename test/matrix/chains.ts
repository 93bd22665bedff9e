// The promise on random chains: whatever drifted, and whatever is recorded, repair and upgrade end at the chain's end, or refuse
// before anything is touched.
// In: an engine, how many, a seed. Out: counts, and every chain on which the claim did not hold.

import { renderOperationsRevision } from '../../src/autogenerate/write-operations.ts';
import { compareSchemas } from '../../src/diff/compare.ts';
import { diff } from '../../src/diff/diff.ts';
import { isSurefootError } from '../../src/kernel/errors.ts';
import type { RepairResult, Surefoot } from '../../src/library/api.ts';
import { createSurefoot } from '../../src/library/surefoot.ts';
import { completeAndApply, roleOf } from '../../src/operations/apply.ts';
import type { Operation } from '../../src/operations/operation.ts';
import { closeDraft, openDraft } from '../../src/schema/draft.ts';
import type { Part } from '../../src/schema/parts.ts';
import { displayPart, schemaParts } from '../../src/schema/parts.ts';
import type { Schema } from '../../src/schema/schema.ts';
import { emptySchema } from '../../src/schema/schema.ts';
import { givenNames } from '../check/three-changes.ts';
import type { Engine } from '../servers/index.ts';
import { operationsAgainst } from '../support/arbitrary-operations.ts';
import { fc } from '../support/laws.ts';
import type { TestProject } from '../support/revisions.ts';
import { testProject } from '../support/revisions.ts';
import { asWritten } from './as-written.ts';
import type { Bench } from './bench.ts';
import { openBench } from './bench.ts';
import { randomPairs } from './capabilities.ts';
import type { Hand } from './hand.ts';
import { openHand } from './hand.ts';
import type { Proof } from './proof.ts';
import { Broken, expectSame, tryAll } from './proof.ts';
import { picker } from './random.ts';
import type { Draw } from './random-schemas.ts';
import { chosen } from './random-schemas.ts';

type Pick = (n: number) => number;

interface Chain {
  readonly project: TestProject;
  readonly ids: readonly string[];
  /** The schema of each point, from base to the end. */
  readonly points: readonly Schema[];
  /** Something to take objects from. */
  readonly other: Schema;
}

/** Cut into as many pieces, at random. */
function cut<T>(list: readonly T[], pieces: number, pick: Pick): readonly (readonly T[])[] {
  const cuts = Array.from({ length: pieces - 1 }, () => pick(list.length + 1)).sort((a, b) => a - b);
  return [...cuts, list.length].map((end, i) => list.slice(i === 0 ? 0 : cuts[i - 1], end));
}

/** From nothing to one schema, from there to the other: two to five revisions. */
function chainOf([a, b]: readonly [Schema, Schema], pick: Pick): Chain {
  const parts = [
    ...cut(diff(emptySchema, a).operations, 1 + pick(2), pick),
    ...cut(diff(a, b, { settle: () => 'different' }).operations, 1 + pick(3), pick),
  ];
  const project = testProject();
  const draft = openDraft(emptySchema);
  const points = [emptySchema];
  const ids = parts.map((_, i) => `rev${i}`);
  parts.forEach((operations, i) => {
    const before = closeDraft(draft);
    const upgrade = completeAndApply(operations, draft);
    const header = {
      id: ids[i] ?? '',
      revises: i === 0 ? [] : [ids[i - 1] ?? ''],
      message: `part ${i}`,
      createdAt: null,
    };
    const given = { folder: project.folder, header, before, upgrade, downgrade: 'auto' } as const;
    project.writeFile(`migrations/2024010100000${i}_rev${i}_x.ts`, renderOperationsRevision(given));
    points.push(closeDraft(draft));
  });
  return { project, ids, points, other: a };
}

interface Case {
  readonly chain: Chain;
  readonly bench: Bench;
  readonly hand: Hand;
  readonly surefoot: Surefoot;
  readonly pick: Pick;
}

/** Up to three operations by hand, of those that the server accepts. */
async function drift({ hand, chain, pick }: Case): Promise<void> {
  for (let left = 1 + pick(3); left > 0; left -= 1) {
    const schema = await hand.introspect();
    const possible = operationsAgainst({ schema, other: chain.other }).filter(
      (one) => roleOf(one) !== 'data',
    );
    for (let attempts = 5; attempts > 0 && possible.length > 0; attempts -= 1) {
      const operation = possible[pick(possible.length)] as Operation;
      // The server may not have it: another one.
      if (
        await hand.apply([operation], schema).then(
          () => true,
          () => false,
        )
      )
        break;
    }
  }
}

/** Records any revision, or none, and forgets the journal. */
async function forge({ bench, chain, pick }: Case): Promise<string | null> {
  const recorded = [null, ...chain.ids][pick(chain.ids.length + 1)] ?? null;
  await bench.run('DELETE FROM surefoot_version', 'DELETE FROM surefoot_journal');
  if (recorded !== null) await bench.run(`INSERT INTO surefoot_version VALUES ('${recorded}')`);
  return recorded;
}

/** The result, or the code of a refusal that touched nothing. */
async function untouched<T>(
  { bench }: Case,
  work: () => Promise<T>,
): Promise<T | { readonly refused: string }> {
  const before = await bench.catalogue();
  try {
    return await work();
  } catch (error) {
    if (!isSurefootError(error)) throw error;
    expectSame(`touched before ${error.code}: ${error.message}`, await bench.catalogue(), before);
    return { refused: error.code };
  }
}

const partText = ({ kind, owner, form }: Part): string => JSON.stringify([kind, owner, form]);

/** What the server has that the chain's end has not, but for what the chain never named. */
async function expectEnd({ hand, chain }: Case, end: Schema): Promise<void> {
  const named = new Set(
    chain.points.flatMap((point) => schemaParts(hand.dialect.normalize(point))).map(({ key }) => key),
  );
  const names = new Set(chain.points.flatMap((point) => [...givenNames(point)]));
  // A server may fold a text by what the table was when the text came: it is right in the author's words, too.
  const last = asWritten(hand.dialect.normalize(chain.points.at(-1) ?? emptySchema), names);
  const authors = new Set(schemaParts(last).map(partText));
  const apart = compareSchemas(asWritten(end, names), asWritten(await hand.introspect(), names)).filter(
    ({ kind, actual }) =>
      actual === null ||
      ((kind !== 'extra' || named.has(actual.key)) && !(kind === 'unsure' && authors.has(partText(actual)))),
  );
  const words = apart.map(
    ({ kind, wanted, actual }) => `${kind} ${displayPart((wanted ?? actual) as never)}`,
  );
  expectSame('at the end', words, []);
}

const everything = ['drop-column', 'drop-table', 'drop-sequence', 'drop-enum'];

/** A failure in the middle: what stood in the way had to be seen before, even where all was rolled back. */
function stopped(verb: string, { code, sql, message }: NonNullable<RepairResult['failed']>): never {
  throw new Broken(`${verb} stopped in the middle: ${code}: ${sql}: ${message}`);
}

async function repairAndUpgrade(one: Case, end: Schema): Promise<string> {
  const repaired = await untouched(one, () => one.surefoot.repair({ allow: everything, backup: false }));
  if ('refused' in repaired) return `repair refused: \`${repaired.refused}\``;
  if (repaired.failed) stopped('repair', repaired.failed);
  const upgraded = await untouched(one, () => one.surefoot.upgrade());
  if ('refused' in upgraded) return `upgrade refused: \`${upgraded.refused}\``;
  if (upgraded.failed) stopped('upgrade', upgraded.failed);
  expectSame('differences', upgraded.differences, []);
  await expectEnd(one, end);
  return "the chain's end";
}

interface Benches {
  readonly bench: Bench;
  readonly elsewhere: Bench;
}

/** The end of the chain as the server has it, where nothing ever went wrong; `null`: this server cannot go that way. */
async function undisturbedEnd({ project }: Chain, elsewhere: Bench): Promise<Schema | null> {
  await elsewhere.clear();
  const hand = await openHand(elsewhere);
  try {
    const result = await createSurefoot({ ...elsewhere.target, projectFolder: project.folder }).upgrade();
    return result.failed || result.differences.length > 0 ? null : await hand.introspect();
  } catch (error) {
    if (isSurefootError(error)) return null;
    throw error;
  } finally {
    await hand.close();
  }
}

async function holds(
  pair: readonly [Schema, Schema],
  { bench, elsewhere }: Benches,
  pick: Pick,
): Promise<string | null> {
  const chain = chainOf(pair, pick);
  const { project } = chain;
  using _ = project;
  const end = await undisturbedEnd(chain, elsewhere);
  if (end === null) return null;
  await bench.clear();
  const hand = await openHand(bench);
  try {
    const fresh = () => createSurefoot({ ...bench.target, projectFolder: project.folder });
    const at = chain.ids[pick(chain.ids.length)] ?? '';
    await fresh().upgrade(at);
    const one: Case = { chain, bench, hand, surefoot: fresh(), pick };
    await drift(one);
    await forge(one);
    return await repairAndUpgrade(one, end);
  } finally {
    await hand.close();
  }
}

/** Tries the claim on that many random chains. */
export async function proveChains(engine: Engine, { count, seed, only }: Draw): Promise<readonly Proof[]> {
  const bench = await openBench(engine);
  const elsewhere = await openBench(engine);
  try {
    const pairs = fc.sample(randomPairs(engine), { seed, numRuns: 2 * count });
    const claim =
      "a random chain, brought to any of its revisions, changed by hand, recorded at any other: `repair` with every allowance and then `upgrade` end at the chain's end, or refuse before anything is touched";
    const attempts = pairs.map((pair, i) => ({
      state: `${engine}: seed ${seed}, chain ${i}`,
      holds: () => holds(pair, { bench, elsewhere }, picker(seed * 1000 + i + 1)),
    }));
    return [
      await tryAll(claim, chosen(attempts, only), {
        count,
        why: 'ways that the server would not go undisturbed',
      }),
    ];
  } finally {
    await bench.close();
    await elsewhere.close();
  }
}
