// From what is there and what models want to the operations of a revision.
// In: two normalised schemas, the models' own words, answers about names, who spells. Out: operations, and what they leave out.
// Must not know files, or where schemas come from.

import type { Dialect } from '../dialect/dialect.ts';
import { compareParts } from '../diff/compare.ts';
import type { Diff, Renames, UnsurePair } from '../diff/diff.ts';
import { diff } from '../diff/diff.ts';
import { after, renameOperations } from '../diff/renames.ts';
import type { Operation } from '../operations/operation.ts';
import { displayPart } from '../schema/parts.ts';
import type { Schema } from '../schema/schema.ts';
import { displayRef } from '../schema/schema.ts';
import { asWritten } from './as-written.ts';
import type { RenameCandidate } from './renames/candidates.ts';
import { displayCandidate } from './renames/candidates.ts';
import type { RenameChoices } from './renames/decide.ts';
import { decideRenames } from './renames/decide.ts';
import type { Speller } from './settle.ts';
import { settlePairs } from './settle.ts';

export interface ProposalInput {
  /** What is there, normalised. */
  readonly from: Schema;
  /** What the models want, normalised. */
  readonly to: Schema;
  /** What is there as its revisions wrote it; the operations are completed from it. */
  readonly before: Schema;
  /** The models in their own words. */
  readonly declared: Schema;
  readonly dialect: Dialect;
  readonly speller: Speller;
  readonly renames: RenameChoices;
}

/** What differs and is left as it is. */
export interface LeftOut {
  /** `inexpressible`: no operation changes it. `not-understood`: the models have it, Surefoot cannot say it. `unproven`: nobody could tell whether two texts mean the same. */
  readonly kind: 'inexpressible' | 'not-understood' | 'unproven';
  readonly object: string;
  readonly reason: string;
}

export interface Proposal {
  readonly operations: readonly Operation[];
  /** In words: `column user.fullname → name`. */
  readonly renamed: readonly string[];
  readonly leftOut: readonly LeftOut[];
  /** May be renames, and nobody said so: no operations are proposed. */
  readonly unanswered: readonly RenameCandidate[];
}

/** Texts that differ are settled before the schemas are compared in earnest. */
async function settledDiff({ from, to, speller }: ProposalInput, renames: Renames): Promise<Diff> {
  const first = diff(from, to, { renames });
  if (first.unsure.length === 0) return first;
  const actual = after(from, renameOperations(from, renames));
  const settle = await settlePairs(first.unsure, { wanted: to, actual }, speller);
  return diff(from, to, { renames, settle });
}

function renamesInWords({ tables, columns }: Renames): readonly string[] {
  return [
    ...tables.map((one) => displayCandidate({ kind: 'table', ...one })),
    ...columns.map((one) => displayCandidate({ kind: 'column', ...one })),
  ];
}

const textOf = (pair: UnsurePair): string => {
  const isText = compareParts(pair.wanted, pair.actual) === 'unsure';
  return isText
    ? 'its text is written otherwise in models and history, and no server could tell whether it means the same'
    : 'models and history may not mean the same';
};

function leftOutOf({ unsure, inexpressible }: Diff, { declared, from }: ProposalInput): readonly LeftOut[] {
  const known = new Set(from.unsupported.map((one) => `${one.kind} ${displayRef(one)}`));
  const strange = declared.unsupported.filter((one) => !known.has(`${one.kind} ${displayRef(one)}`));
  return [
    ...inexpressible.map(({ object, reason }): LeftOut => ({ kind: 'inexpressible', object, reason })),
    ...strange.map((one): LeftOut => {
      const { kind, reason } = one;
      return { kind: 'not-understood', object: `${kind} ${displayRef(one)}`, reason };
    }),
    ...unsure.map((pair): LeftOut => {
      return { kind: 'unproven', object: displayPart(pair.wanted), reason: textOf(pair) };
    }),
  ];
}

/** What turns the one into the other, in the models' own words. */
export async function propose(input: ProposalInput): Promise<Proposal> {
  const { from, to, before, declared, dialect } = input;
  const { renames, unanswered } = await decideRenames({ from, to }, input.renames);
  const renamed = renamesInWords(renames);
  if (unanswered.length > 0) return { operations: [], renamed, leftOut: [], unanswered };
  const found = await settledDiff(input, renames);
  const operations = asWritten(found.operations, { before, declared, dialect });
  return { operations, renamed, leftOut: leftOutOf(found, input), unanswered };
}
