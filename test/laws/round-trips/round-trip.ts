// The laws of the diff on a server, for one pair of schemas.
// In: an engine with an empty database, a pair. Out: how far it got, or what broke. Must not know how pairs are drawn.

import type { Diff, Renames } from '../../../src/diff/diff.ts';
import { diff } from '../../../src/diff/diff.ts';
import { isSurefootError, messageOf } from '../../../src/kernel/errors.ts';
import { describe, invertAll } from '../../../src/operations/apply.ts';
import type { Operation } from '../../../src/operations/operation.ts';
import { createSpelling } from '../../../src/plan/spelling.ts';
import { displayPart } from '../../../src/schema/parts.ts';
import type { Schema } from '../../../src/schema/schema.ts';
import { emptySchema } from '../../../src/schema/schema.ts';
import type { World } from '../../conformance/world.ts';
import { runOperations, segmentsOf } from './run-operations.ts';

/** Two schemas as their author would write them, and what is called otherwise in the second. */
export interface Pair {
  readonly from: Schema;
  readonly to: Schema;
  readonly renames: Renames;
}

/** What broke, with the statements that led there. */
export interface Broken {
  readonly law: string;
  readonly words: readonly string[];
  readonly statements: readonly string[];
}

export type Outcome =
  | { readonly kind: 'held'; readonly end: string; readonly operations: number }
  /** The server would not have one of the two schemas, even in an empty database. */
  | { readonly kind: 'no-pair'; readonly reason: string }
  | { readonly kind: 'broken'; readonly broken: Broken };

class LawBroken extends Error {
  readonly broken: Broken;
  constructor(broken: Broken) {
    super(broken.law);
    this.broken = broken;
  }
}

interface Sides {
  readonly from: Schema;
  readonly to: Schema;
  readonly renames?: Renames;
}

/** The diff, with what text cannot settle settled by the server. */
async function settledDiff({ dialect, connection }: World, { from, to, renames }: Sides): Promise<Diff> {
  const options = renames ? { renames } : {};
  const first = diff(from, to, options);
  if (first.unsure.length === 0) return first;
  const spelling = createSpelling(dialect, connection);
  const described = (part: Diff['unsure'][number]['wanted']) => ({ part, schema: to });
  await spelling.learn(
    first.unsure.map(({ wanted, actual }) => ({ described: described(wanted), found: actual })),
  );
  return diff(from, to, {
    ...options,
    settle: ({ wanted, actual }) => (spelling.equal(described(wanted), actual) ? 'equal' : 'different'),
  });
}

const wordsOf = (found: Diff): readonly string[] => [
  ...found.operations.map((one) => `${describe(one)}: ${JSON.stringify(one)}`),
  ...found.unsure.map(({ wanted }) => `unsure: ${displayPart(wanted)}`),
];

async function expectNoDiff(
  world: World,
  sides: Sides,
  said: {
    readonly law: string;
    readonly left: Diff['inexpressible'];
    readonly statements: readonly string[];
  },
): Promise<void> {
  const found = await settledDiff(world, sides);
  const known = new Set(said.left.map(({ object }) => object));
  const words = [
    ...wordsOf(found),
    ...found.inexpressible.filter(({ object }) => !known.has(object)).map((one) => JSON.stringify(one)),
  ];
  if (words.length > 0) throw new LawBroken({ law: said.law, words, statements: said.statements });
}

const sqlOf = (world: World, operations: readonly Operation[], before: Schema): readonly string[] => {
  try {
    return segmentsOf(world, operations, before).flatMap(({ statements }) =>
      statements.map(({ sql }) => sql),
    );
  } catch (error) {
    return [`not compiled: ${messageOf(error)}`];
  }
};

/** What the dialect says that its server does not do, before anything is sent; `null`: it does all of it. */
function refusedBeforehand(world: World, operations: readonly Operation[], before: Schema): string | null {
  try {
    segmentsOf(world, operations, before);
    return null;
  } catch (error) {
    return isSurefootError(error, 'operation/unsupported') ? error.message : null;
  }
}

async function create(world: World, schema: Schema): Promise<Schema> {
  await world.clear();
  await runOperations(world, diff(emptySchema, schema).operations, emptySchema);
  return await world.introspect();
}

/** Runs operations; a refusal is a broken law if the server has nothing against the schema itself. */
async function go(
  world: World,
  law: string,
  { operations, before }: { readonly operations: readonly Operation[]; readonly before: Schema },
): Promise<readonly string[]> {
  const statements = sqlOf(world, operations, before);
  try {
    await runOperations(world, operations, before);
    return statements;
  } catch (error) {
    throw new LawBroken({
      law,
      words: [error instanceof Error ? String(error.stack) : String(error)],
      statements,
    });
  }
}

async function refusal(world: World, schema: Schema): Promise<string | null> {
  try {
    await create(world, schema);
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

async function thereAndBack(world: World, live: Schema, { to, renames }: Pair): Promise<Outcome> {
  const found = await settledDiff(world, { from: live, to, renames });
  const { operations, inexpressible: left } = found;
  const impossible = refusedBeforehand(world, operations, live);
  if (impossible !== null) return { kind: 'no-pair', reason: impossible };
  const statements = await go(world, 'the operations of the diff run', { operations, before: live });
  const changed = await world.introspect();
  const held = (end: string): Outcome => ({ kind: 'held', end, operations: operations.length });
  await expectNoDiff(world, { from: changed, to }, { law: 'introspect equals B', left, statements });
  const back = invertAll(operations);
  if (back === null || refusedBeforehand(world, back, changed) !== null) return held('there; no way back');
  const returned = await go(world, 'the inverse runs', { operations: back, before: changed });
  const all = [...statements, '-- and back', ...returned];
  const again = await world.introspect();
  await expectNoDiff(
    world,
    { from: again, to: live },
    { law: 'the inverse leads back to A', left: [], statements: all },
  );
  return held(left.length === 0 ? 'there and back' : 'there and back, but for what was named');
}

/** Tries both laws. */
export async function tryPair(world: World, pair: Pair): Promise<Outcome> {
  const { dialect } = world;
  const sides = { ...pair, from: dialect.normalize(pair.from), to: dialect.normalize(pair.to) };
  try {
    const refused = await refusal(world, sides.from);
    if (refused !== null) return { kind: 'no-pair', reason: refused };
    const live = await world.introspect();
    const made = sqlOf(world, diff(emptySchema, sides.from).operations, emptySchema);
    await expectNoDiff(
      world,
      { from: live, to: sides.from },
      { law: 'diff(A, introspected) is empty', left: [], statements: made },
    );
    return await thereAndBack(world, live, sides);
  } catch (error) {
    if (!(error instanceof LawBroken)) throw error;
    const refused = error.broken.law.includes('run') ? await refusal(world, sides.to) : null;
    if (refused !== null) return { kind: 'no-pair', reason: refused };
    return { kind: 'broken', broken: error.broken };
  }
}
