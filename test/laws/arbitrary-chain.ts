// Random chains of revisions that a server can run: tables of few names come, change, go and come again.
// In: randomness, a family. Out: operations by revision. Must not know how they are run.

import { completeAndApply, describe } from '../../src/operations/apply.ts';
import type { Operation } from '../../src/operations/operation.ts';
import { openDraft } from '../../src/schema/draft.ts';
import { type DialectName, emptySchema } from '../../src/schema/schema.ts';
import { fc } from '../support/laws.ts';
import { newTable, onColumns, onTables } from './chain-columns.ts';
import { onParts, onPrograms } from './chain-parts.ts';
import type { Dice, Place } from './chain-place.ts';

const changes = [...onTables, ...onColumns, ...onColumns, ...onParts, ...onParts, ...onPrograms];

function next(place: Place): readonly Operation[] | null {
  const { draft, dice } = place;
  const tables = [...draft.tables.values()];
  const table = tables[dice(tables.length || 1)];
  if (!table || dice(5) === 0) return newTable(place);
  const change = changes[dice(changes.length)];
  return change ? change(table, place) : null;
}

function revisionOf(place: Place): readonly Operation[] {
  const operations: Operation[] = [];
  const wanted = 1 + place.dice(3);
  for (let tries = 0; tries < 20 && operations.length < wanted; tries += 1) {
    const drawn = next(place);
    if (drawn === null) continue;
    completeAndApply(drawn, place.draft);
    operations.push(...drawn);
  }
  return operations;
}

/** A chain: the operations of each revision, and a point between two of them. */
export interface Chain {
  readonly revisions: readonly (readonly Operation[])[];
  readonly point: number;
}

/** A chain in words, for failures. */
export const displayChain = ({ revisions, point }: Chain): string =>
  [
    `point ${point}`,
    ...revisions.map((operations, i) => `r${i}: ${operations.map(describe).join(' | ')}`),
  ].join('\n');

/** Chains that a server of that family can run. */
export const chainsOn = (dialect: DialectName): fc.Arbitrary<Chain> =>
  fc
    .tuple(fc.infiniteStream(fc.nat()), fc.integer({ min: 1, max: 7 }), fc.nat())
    .map(([numbers, length, n]): Chain => {
      const dice: Dice = (sides) => numbers.next().value % sides;
      const quote = dialect === 'mysql' ? '`' : '"';
      const place: Place = { dialect, dice, draft: openDraft(emptySchema, quote) };
      const revisions = Array.from({ length }, () => revisionOf(place));
      const chain = { revisions, point: n % (length + 1) };
      return { ...chain, [fc.toStringMethod]: () => displayChain(chain) } as Chain;
    });
