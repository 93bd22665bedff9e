import { compareParts } from '../diff/compare.ts';
import type { Part, PartIndex } from '../schema/parts.ts';
import { findPart } from '../schema/parts.ts';
import { displayRef, refKey } from '../schema/schema.ts';

import type { Effect } from './effects.ts';
import { effectKey } from './effects.ts';
import type { Described, Spelling } from './spelling.ts';

// Which operations are done already? An operation acts on parts (a column, an index, a table's existence). Over the whole
// plan each part runs through a chain of forms:
//
//   1. The effects of all operations are put into one chain per part, in order. Point p of a chain is the state before its
//      effect p; the last point is the state after them all.
//   2. The live form of the part is looked up and compared with each point. Those that equal it are its candidate points.
//      No candidate: something of that name is there and differs. A conflict.
//   3. An operation is done or not done as a whole. So a chain with one candidate point decides the operations before that
//      point (done) and after it (not done), and they restrict the other chains that they take part in. Repeated until
//      nothing changes. A chain left without candidates is a conflict: half of an operation is there.
//   4. What remains open is decided from the first operation on, for the earliest point (run rather than skip), unless the
//      part is there, holds data, and the chain takes it away in between: then dropping it might lose data and keeping it might be
//      wrong. A conflict, answered by the user. A part that came and went is past where something later on the same
//      object is done.

export interface ChainConflict {
  readonly operation: number;
  readonly expected: Part | null;
  readonly found: Part | null;
  readonly reason: 'differs' | 'ambiguous' | 'half-done';
}

export interface Resolution {
  /** By operation: true where its effect is there already. */
  readonly satisfied: readonly boolean[];
  readonly conflicts: readonly ChainConflict[];
}

export interface StandingInput {
  /** The effects of each operation, in the order of the plan. */
  readonly operations: readonly { readonly effects: readonly Effect[]; readonly revision: string }[];
  readonly live: PartIndex;
  readonly spelling: Spelling;
  /** The user's word on where an object stands: after that revision. By the part's name. */
  readonly objectAt: ReadonlyMap<string, string>;
}

interface Link {
  readonly operation: number;
  readonly effect: Effect;
}

interface Chain {
  readonly links: readonly Link[];
  readonly found: Part | null;
  points: readonly number[];
}

function buildChains(input: StandingInput): readonly Chain[] {
  const links = new Map<string, Link[]>();
  input.operations.forEach(({ effects }, operation) => {
    for (const effect of effects) {
      const key = effectKey(effect);
      const list = links.get(key);
      if (!list) links.set(key, [{ operation, effect }]);
      else if (!repeats(list.at(-1)?.effect, effect)) list.push({ operation, effect });
    }
  });
  const isNamed = (key: string) => links.has(key);
  return [...links.values()].map((list) => ({
    links: list,
    found: findLive(list, input.live, isNamed),
    points: [],
  }));
}

/** An effect that the one before it in the chain has had already: whoever ensures what an earlier revision makes. */
function repeats(last: Effect | undefined, effect: Effect): boolean {
  if (!last?.after || !effect.after) return false;
  return compareParts(last.after, effect.after) === 'equal';
}

function formsOf({ effect }: Link): readonly Described[] {
  const { before, after, schemas } = effect;
  return [
    ...(before === null || before === 'any' ? [] : [{ part: before, schema: schemas.before }]),
    ...(after === null ? [] : [{ part: after, schema: schemas.after }]),
  ];
}

function findLive(links: readonly Link[], live: PartIndex, isNamed: (key: string) => boolean): Part | null {
  for (const { part } of links.flatMap(formsOf)) {
    const found = findPart(live, part, isNamed);
    if (found) return found;
  }
  return null;
}

type State = Described | null | { readonly anyBut: Described | null };

/** The states that mean point p: before effect p, and after the effect before it. */
function statesAt({ links }: Chain, point: number): readonly State[] {
  const states: State[] = [];
  const next = links[point]?.effect;
  const last = links[point - 1]?.effect;
  const after = (effect: Effect): Described | null =>
    effect.after && { part: effect.after, schema: effect.schemas.after };
  if (next) {
    if (next.before === 'any') states.push({ anyBut: after(next) });
    else states.push(next.before && { part: next.before, schema: next.schemas.before });
  }
  if (last) states.push(after(last));
  return states;
}

function isState(state: State, found: Part | null, spelling: Spelling): boolean {
  if (state === null || found === null) return state === null && found === null;
  if ('anyBut' in state) return state.anyBut === null || !spelling.equal(state.anyBut, found);
  return spelling.equal(state, found);
}

function candidatePoints(chain: Chain, spelling: Spelling): readonly number[] {
  const { links, found } = chain;
  const all = Array.from({ length: links.length + 1 }, (_, point) => point);
  return all.filter(
    (point) =>
      statesAt(chain, point).some((state) => isState(state, found, spelling)) ||
      isRuinAt(links[point]?.effect, found, spelling),
  );
}

/**
 * An index that was half-built (PostgreSQL: one whose building CONCURRENTLY was stopped) is of no use: what makes it is
 * still to be done, and what drops it, too.
 */
function isRuinAt(next: Effect | undefined, found: Part | null, spelling: Spelling): boolean {
  if (!next || found?.kind !== 'index' || !('valid' in found.form) || found.form.valid !== false)
    return false;
  const { before, after, schemas } = next;
  const whole = { ...found, form: { ...found.form, valid: true } };
  if (before === null) return after !== null && spelling.equal({ part: after, schema: schemas.after }, whole);
  return (
    after === null && before !== 'any' && spelling.equal({ part: before, schema: schemas.before }, whole)
  );
}

/** True if the chain takes the part away between two of its candidate points. */
function dropsBetween({ links, points }: Chain): boolean {
  const [first, last] = [points[0] ?? 0, points.at(-1) ?? 0];
  return links.slice(first, last).some(({ effect }) => effect.after === null);
}

/** An index, a constraint or a view is made again without a loss: where nothing tells the points apart, all is run. */
const holdsData = ({ kind }: Part): boolean => kind === 'table' || kind === 'column' || kind === 'sequence';

interface Solver {
  readonly satisfied: (boolean | undefined)[];
  readonly chainsOf: readonly (readonly Chain[])[];
  readonly conflicts: ChainConflict[];
  readonly failed: Set<Chain>;
  readonly byOwner: ReadonlyMap<string, readonly number[]>;
}

function fail(solver: Solver, chain: Chain, reason: ChainConflict['reason']): void {
  if (solver.failed.has(chain)) return;
  solver.failed.add(chain);
  const link = chain.links.find(({ operation }) => solver.satisfied[operation] !== true) ?? chain.links[0];
  if (!link) return;
  const { before, after } = link.effect;
  const expected = after ?? (before === 'any' ? null : before);
  solver.conflicts.push({ operation: link.operation, expected, found: chain.found, reason });
}

/** The chain's points that agree with what is decided, and what they decide in turn. */
function settle(solver: Solver, chain: Chain): readonly number[] {
  if (solver.failed.has(chain)) return [];
  const agrees = (point: number) =>
    chain.links.every(({ operation }, i) => {
      const known = solver.satisfied[operation];
      return known === undefined || known === point > i;
    });
  const points = chain.points.filter(agrees);
  if (points.length === 0) {
    fail(solver, chain, 'half-done');
    return [];
  }
  chain.points = points;
  const [first, last] = [points[0] ?? 0, points.at(-1) ?? 0];
  const decided: number[] = [];
  chain.links.forEach(({ operation }, i) => {
    if (solver.satisfied[operation] !== undefined || (i >= first && i < last)) return;
    solver.satisfied[operation] = i < first;
    decided.push(operation);
  });
  return decided;
}

function propagate(solver: Solver, start: readonly Chain[]): void {
  const queue = [...start];
  for (let chain = queue.pop(); chain; chain = queue.pop()) {
    for (const operation of settle(solver, chain)) queue.push(...(solver.chainsOf[operation] ?? []));
  }
}

const ownerOf = ({ before, after }: Effect): string | null => {
  const part = after ?? (before === 'any' ? null : before);
  return part && refKey(part.owner);
};

/** For each object, the operations that change a part of it. */
function operationsByOwner(input: StandingInput): ReadonlyMap<string, readonly number[]> {
  const owners = new Map<string, number[]>();
  input.operations.forEach(({ effects }, operation) => {
    for (const owner of new Set(effects.map(ownerOf))) {
      if (owner === null) continue;
      const list = owners.get(owner);
      if (list) list.push(operation);
      else owners.set(owner, [operation]);
    }
  });
  return owners;
}

/** True for a part that came and went: it is not there, and what followed on the same object is done. */
function isPast(solver: Solver, { links, found, points }: Chain): boolean {
  const [first] = links;
  if (found !== null || !first || points.at(-1) !== links.length) return false;
  const later = solver.byOwner.get(ownerOf(first.effect) ?? '') ?? [];
  return later.some((operation) => operation > first.operation && solver.satisfied[operation] === true);
}

function decideOpen(solver: Solver, chains: readonly Chain[]): void {
  for (const chain of chains) {
    if (chain.points.length < 2 || solver.failed.has(chain)) continue;
    if (chain.found !== null && holdsData(chain.found) && dropsBetween(chain))
      fail(solver, chain, 'ambiguous');
    chain.points = isPast(solver, chain) ? chain.points.slice(-1) : chain.points.slice(0, 1);
    propagate(solver, [chain]);
  }
}

/** What the user may call a part: `table.column`, its own name, or that of the object it belongs to, the most exact first. */
export function namesOfPart({ owner, name }: Part): readonly string[] {
  const whole = displayRef(owner);
  return name === null || name === '' ? [whole] : [`${whole}.${name}`, name, whole];
}

/** The user's answer: the part stands where that revision left it. */
function answer(chain: Chain, input: StandingInput): readonly number[] {
  const names = chain.found === null ? [] : namesOfPart(chain.found);
  const name = names.find((one) => input.objectAt.has(one));
  if (name === undefined) return chain.points;
  const revision = input.objectAt.get(name);
  const place = chain.links.findLastIndex(
    ({ operation }) => input.operations[operation]?.revision === revision,
  );
  return place < 0 ? chain.points : chain.points.filter((point) => point === place + 1);
}

function chainsByOperation(chains: readonly Chain[], count: number): readonly (readonly Chain[])[] {
  const lists: Chain[][] = Array.from({ length: count }, () => []);
  for (const chain of chains) for (const { operation } of chain.links) lists[operation]?.push(chain);
  return lists;
}

async function learnSpellings(chains: readonly Chain[], spelling: Spelling): Promise<void> {
  await spelling.learn(
    chains.flatMap(({ links, found }) =>
      found === null ? [] : links.flatMap(formsOf).map((described) => ({ described, found })),
    ),
  );
}

/** The standing of every operation of a plan against the live schema. */
export async function resolveStanding(input: StandingInput): Promise<Resolution> {
  const chains = buildChains(input);
  await learnSpellings(chains, input.spelling);
  const solver: Solver = {
    satisfied: input.operations.map(() => undefined),
    chainsOf: chainsByOperation(chains, input.operations.length),
    conflicts: [],
    failed: new Set(),
    byOwner: operationsByOwner(input),
  };
  for (const chain of chains) {
    chain.points = candidatePoints(chain, input.spelling);
    chain.points = answer(chain, input);
    if (chain.points.length === 0) fail(solver, chain, 'differs');
  }
  propagate(solver, chains);
  decideOpen(solver, chains);
  // An operation in no chain repeats what earlier ones of the plan do.
  const satisfied = solver.satisfied.map((one, operation) => one ?? solver.chainsOf[operation]?.length === 0);
  return { satisfied, conflicts: solver.conflicts };
}
