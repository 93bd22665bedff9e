// A range of revisions as the operations of one.
// In: the range's operations, completed, and the schemas before and after it. Out: ways to say it, the shortest first.
// Must not know files or servers: whether a way is right is proved elsewhere.

import { diff } from '../diff/diff.ts';
import { sameJson } from '../kernel/hash.ts';
import { describe, invertAll } from '../operations/apply.ts';
import type { Operation } from '../operations/operation.ts';
import type { Downgrade } from '../revisions/load.ts';
import type { Schema } from '../schema/schema.ts';
import { findTable, sameRef } from '../schema/schema.ts';

/** A revision of the range. */
export interface Member {
  readonly id: string;
  /** Completed; raw SQL as its author wrote it. */
  readonly upgrade: readonly Operation[];
  readonly downgrade: Downgrade;
}

/** One way to say the whole range. */
export interface Combination {
  readonly way: 'combined' | 'in-order';
  readonly upgrade: readonly Operation[];
  readonly downgrade: 'auto' | readonly Operation[] | { readonly irreversible: string };
}

interface Range {
  readonly members: readonly Member[];
  readonly before: Schema;
  readonly after: Schema;
}

const literal: ReadonlySet<Operation['kind']> = new Set([
  'execute',
  'run',
  'insertRows',
  'deleteRows',
  'backfill',
  'assert',
]);

/** What the schemas on both sides do not show: data, raw SQL, and what becomes of rows that are there before. */
function isSeenInSchemas(operation: Operation, before: Schema): boolean {
  if (literal.has(operation.kind)) return false;
  if (operation.kind === 'renameTable') return findTable(before, operation.from) === undefined;
  if (operation.kind === 'renameColumn') return findTable(before, operation.table) === undefined;
  if (operation.kind === 'alterColumn' && operation.using !== null)
    return findTable(before, operation.table) === undefined;
  return true;
}

function downOperations({
  upgrade,
  downgrade,
}: Member): readonly Operation[] | { readonly irreversible: string } {
  if (downgrade.kind === 'operations') return downgrade.operations;
  if (downgrade.kind === 'irreversible') return { irreversible: downgrade.reason };
  const inverse = invertAll(upgrade);
  return inverse ?? { irreversible: `nothing undoes: ${upgrade.map(describe).join('; ')}` };
}

type Lists = readonly Operation[] | { readonly irreversible: string };

const isList = (down: Lists): down is readonly Operation[] => Array.isArray(down);

/** The ways back, last first; one revision without one is the end of it. */
function downgradeOf(members: readonly Member[]): Combination['downgrade'] {
  if (members.every(({ downgrade }) => downgrade.kind === 'auto')) return 'auto';
  const all: Operation[] = [];
  for (const member of members.toReversed()) {
    const down = downOperations(member);
    if (!isList(down)) return { irreversible: `${member.id}: ${down.irreversible}` };
    all.push(...down);
  }
  return all;
}

/** Indexes of tables that are there before are made and dropped as the range does it: the schemas do not say how. */
function asBuilt(operations: readonly Operation[], { members, before }: Range): readonly Operation[] {
  const online = members.flatMap(({ upgrade }) => upgrade).filter((one) => isOnline(one));
  return operations.map((one) => {
    if (one.kind !== 'createIndex' && one.kind !== 'dropIndex') return one;
    if (findTable(before, one.table) === undefined) return one;
    const isSame = (other: Operation): boolean =>
      other.kind === one.kind &&
      sameRef(other.table, one.table) &&
      (other.kind !== 'createIndex' ||
        one.kind !== 'createIndex' ||
        sameJson(other.index.parts, one.index.parts));
    return online.some(isSame) ? { ...one, concurrently: true } : one;
  });
}

const isOnline = (one: Operation): boolean =>
  (one.kind === 'createIndex' || one.kind === 'dropIndex') && one.concurrently;

/** What the range comes to; `null`: the two schemas do not tell all that it does. */
function combine(range: Range): Combination | null {
  const { members, before, after } = range;
  const down = downgradeOf(members);
  const written = members.flatMap(({ upgrade, downgrade }) => [
    ...upgrade,
    ...(downgrade.kind === 'operations' ? downgrade.operations : []),
  ]);
  if (!written.every((operation) => isSeenInSchemas(operation, before))) return null;
  const { operations, inexpressible } = diff(before, after);
  if (inexpressible.length > 0) return null;
  return {
    way: 'combined',
    upgrade: asBuilt(operations, range),
    downgrade: typeof down === 'object' && 'irreversible' in down ? down : 'auto',
  };
}

/** The ways to say a range: what it comes to, where the schemas tell it, and its operations one after the other. */
export function combinations(range: Range): readonly Combination[] {
  const { members } = range;
  const combined = combine(range);
  const inOrder: Combination = {
    way: 'in-order',
    upgrade: members.flatMap(({ upgrade }) => upgrade),
    downgrade: downgradeOf(members),
  };
  return combined === null ? [inOrder] : [combined, inOrder];
}
