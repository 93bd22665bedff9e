import { invariant } from '../kernel/invariant.ts';
import type { Part } from '../schema/parts.ts';
import type { Equality } from './compare.ts';
import { compareParts, marksOf } from './compare.ts';
import type { Marks, Sides } from './pair.ts';
import { pairUp } from './pair.ts';

/** Two forms of one thing that differ in nothing but the text of expressions. */
export type UnsurePair = Sides<Part>;

/** The word of someone who knows (a server that spelled both sides, a person) on a pair that text cannot settle. */
export type Settle = (pair: UnsurePair) => Equality;

/** Things of a schema: columns, keys, views … always the objects themselves, never copies. */
type Thing = object;

/** Says how things of one table, or of one schema, compare with their counterparts. */
export interface Judge {
  readonly marks: Marks<Thing>;
  compare(sides: Sides<Thing>): Equality;
  /** The word on a pair of which only texts differ. */
  settle(sides: Sides<Thing>): Equality;
  /** True for a constraint that differs in nothing but in that present rows have not been checked against it. */
  isOnlyUnchecked(sides: Sides<Thing>): boolean;
  /** Remembers a pair that stays unsure. */
  note(sides: Sides<Thing>): void;
}

/** What a judge needs: the parts of both sides, who settles what text cannot, and where to note what stays unsure. */
export interface JudgeInput {
  readonly parts: readonly Part[];
  readonly settle: Settle;
  readonly unsure: UnsurePair[];
}

/** Whether present rows are checked; `null`: it is no constraint on rows. */
function isChecked({ kind, form }: Part): boolean | null {
  const isConstraint = kind === 'check' || kind === 'foreign-key';
  return isConstraint && 'valid' in form ? form.valid === true : null;
}

export function openJudge({ parts, settle, unsure }: JudgeInput): Judge {
  const byForm = new Map<Thing, Part>(parts.map((part) => [part.form, part]));
  const marks = marksOf(parts);
  const partOf = (thing: Thing): Part => {
    const part = byForm.get(thing);
    invariant(part, 'a thing is judged that is no part of its schema');
    return part;
  };
  const pairOf = ({ wanted, actual }: Sides<Thing>): UnsurePair => ({
    wanted: partOf(wanted),
    actual: partOf(actual),
  });
  return {
    marks: {
      name: (one) => marks.name(partOf(one)),
      slot: (one) => marks.slot(partOf(one)),
      kin: (one) => marks.kin(partOf(one)),
    },
    compare: (sides) => {
      const pair = pairOf(sides);
      const equality = compareParts(pair.wanted, pair.actual);
      return equality === 'unsure' ? settle(pair) : equality;
    },
    settle: (sides) => settle(pairOf(sides)),
    isOnlyUnchecked: (sides) => {
      const { wanted, actual } = pairOf(sides);
      if (!isChecked(wanted) || isChecked(actual) !== false) return false;
      const pair = { wanted, actual: { ...actual, form: { ...actual.form, valid: true } } };
      const equality = compareParts(pair.wanted, pair.actual);
      return (equality === 'unsure' ? settle(pair) : equality) === 'equal';
    },
    note: (sides) => {
      unsure.push(pairOf(sides));
    },
  };
}

/** What becomes of the things of one kind. */
export interface PartsPlan<T> {
  readonly dropped: readonly T[];
  readonly added: readonly T[];
  /** Constraints that stay, and are to be checked against present rows. */
  readonly validated: readonly Sides<T>[];
  readonly unsure: readonly Sides<T>[];
}

/** Two lists of things as drops and additions: a changed thing is both. `aside`: what goes and comes back all the same. */
export function planParts<T extends Thing>(
  lists: { readonly wanted: readonly T[]; readonly actual: readonly T[] },
  judge: Judge,
  aside: (actual: T) => boolean,
): PartsPlan<T> {
  const { pairs, missing, extra } = pairUp(lists.wanted, lists.actual, judge.marks);
  const judged = pairs.map((sides) => ({
    sides,
    equality: aside(sides.actual) ? 'different' : judge.compare(sides),
  }));
  const different = judged.filter(({ equality }) => equality === 'different').map(({ sides }) => sides);
  const validated = different.filter((sides) => !aside(sides.actual) && judge.isOnlyUnchecked(sides));
  const changed = different.filter((sides) => !validated.includes(sides));
  const open = judged.filter(({ equality }) => equality === 'unsure').map(({ sides }) => sides);
  // A thing that stands where another of no name is to come cannot stay: the two could not be told apart.
  const added = new Map(
    [...missing, ...changed.map(({ wanted }) => wanted)].map((one) => [judge.marks.slot(one), one]),
  );
  const inTheWay = open.filter(({ actual }) => {
    const other = added.get(judge.marks.slot(actual));
    return other !== undefined && (judge.marks.name(other) === null || judge.marks.name(actual) === null);
  });
  const replaced = [...changed, ...inTheWay];
  return {
    dropped: [...extra, ...replaced.map(({ actual }) => actual)],
    added: [...missing, ...replaced.map(({ wanted }) => wanted)],
    validated,
    unsure: open.filter((sides) => !inTheWay.includes(sides)),
  };
}
