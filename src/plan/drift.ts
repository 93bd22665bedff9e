import type { Dialect } from '../dialect/dialect.ts';
import type { Difference } from '../diff/compare.ts';
import { compareSchemas } from '../diff/compare.ts';
import type { DifferenceDetails } from '../kernel/errors.ts';
import type { LoadedRevision } from '../revisions/load.ts';
import { displayForm } from '../schema/display.ts';
import type { Part } from '../schema/parts.ts';
import { displayPart } from '../schema/parts.ts';
import type { Schema } from '../schema/schema.ts';
import { refKey } from '../schema/schema.ts';
import type { Effect } from './effects.ts';
import { comparableName, effectKey, effectsOf, namesTouched } from './effects.ts';
import { walkHistory } from './replay.ts';
import type { Spelling } from './spelling.ts';

/** The differences of wanted and actual, those that only a server can settle settled by it, or `unproven`. */
export async function settledDifferences(
  wanted: Schema,
  actual: Schema,
  spelling: Spelling,
): Promise<readonly Difference[]> {
  const differences = compareSchemas(wanted, actual);
  const unsure = differences.flatMap(({ kind, wanted: part, actual: found }) =>
    kind === 'unsure' && part && found ? [{ part, found }] : [],
  );
  if (unsure.length === 0) return differences;
  const schema = neededToSpell(
    wanted,
    unsure.map(({ part }) => part),
  );
  const pairs = unsure.map(({ part, found }) => ({ described: { part, schema }, found }));
  await spelling.learn(pairs);
  const partsWhere = (is: (pair: (typeof pairs)[number]) => boolean) =>
    new Set(pairs.filter(is).map(({ described }) => described.part));
  const settled = partsWhere(({ described, found }) => spelling.equal(described, found));
  const unproven = partsWhere(({ described, found }) => spelling.isUnproven(described, found));
  return differences
    .filter(({ wanted: part }) => part === null || !settled.has(part))
    .map((one) => asSettled(one, one.wanted !== null && unproven.has(one.wanted) ? 'unproven' : 'changed'));
}

const asSettled = (difference: Difference, kind: 'unproven' | 'changed'): Difference =>
  difference.kind === 'unsure' ? { ...difference, kind } : difference;

/** What a server needs to spell these parts: their tables; for a view all tables and views, as any may stand in it. */
function neededToSpell(schema: Schema, parts: readonly Part[]): Schema {
  if (parts.some(({ kind }) => kind === 'view')) return schema;
  const owners = new Set(parts.map(({ owner }) => refKey(owner)));
  return { ...schema, tables: schema.tables.filter((table) => owners.has(refKey(table))), views: [] };
}

/** The parts of differences. */
export const partsOf = (differences: readonly Difference[]): readonly Part[] =>
  differences.flatMap(({ wanted, actual }) => [wanted, actual].filter((part) => part !== null));

/**
 * The revision that made each part what it is, or took it away, by the part's key: what history ever named. `about`: of the
 * objects that these parts belong to, at least; default: of all.
 */
export function namedParts(
  revisions: readonly LoadedRevision[],
  dialect: Dialect,
  about: readonly Part[] | null = null,
): ReadonlyMap<string, string> {
  if (about?.length === 0) return new Map();
  const names = about && new Set(about.map(({ owner }) => comparableName(owner.name)));
  const named = new Map<string, string>();
  const present = new Set<string>();
  const note = (effect: Effect, id: string) => {
    const key = effectKey(effect);
    // Whoever ensures what is there already has not made it.
    if (effect.before !== null || !present.has(key)) named.set(key, id);
    if (effect.after === null) present.delete(key);
    else present.add(key);
  };
  walkHistory(revisions, dialect, (operation, before, { header }) => {
    if (names && !namesTouched(operation, before).some((name) => names.has(name))) return;
    for (const effect of effectsOf(operation, before, dialect)) note(effect, header.id);
  });
  return named;
}

const keysOf = (part: Part): readonly string[] => [part.key, `${part.slot}\u0001~`];

/** A difference with the revision that should have made or removed the object, in words. */
export function describeDifference(
  difference: Difference,
  named: ReadonlyMap<string, string>,
): DifferenceDetails {
  const part = (difference.wanted ?? difference.actual) as Part;
  const revision = keysOf(part)
    .map((key) => named.get(key))
    .find((id) => id !== undefined);
  return {
    kind: difference.kind === 'unsure' ? 'changed' : difference.kind,
    object: displayPart(part),
    expected: difference.wanted && displayForm(difference.wanted),
    found: difference.actual && displayForm(difference.actual),
    revision: revision ?? null,
  };
}

/**
 * Differences that break the promise; objects that history never named, which are the user's own business; and texts that
 * nobody may compare.
 */
export function splitExtras(differences: readonly DifferenceDetails[]): {
  readonly drift: readonly DifferenceDetails[];
  readonly extras: readonly DifferenceDetails[];
  readonly unproven: readonly DifferenceDetails[];
} {
  const isExtra = (one: DifferenceDetails) => one.kind === 'extra' && one.revision === null;
  const isUnproven = (one: DifferenceDetails) => one.kind === 'unproven';
  return {
    drift: differences.filter((one) => !isExtra(one) && !isUnproven(one)),
    extras: differences.filter(isExtra),
    unproven: differences.filter(isUnproven),
  };
}
