import type { DifferenceDetails } from '../kernel/errors.ts';
import { describeDifference, namedParts, partsOf, settledDifferences, splitExtras } from '../plan/drift.ts';
import type { SpellElsewhere } from '../plan/spelling.ts';
import { createSpelling } from '../plan/spelling.ts';
import type { LoadedRevision } from '../revisions/load.ts';
import { ignoring } from '../schema/ignore.ts';
import type { Schema } from '../schema/schema.ts';
import type { Opened } from './open.ts';
import { readSchema, scopeOf } from './open.ts';

/** What the server has, beside what history says that it should have. */
export interface Verification {
  readonly drift: readonly DifferenceDetails[];
  readonly extras: readonly DifferenceDetails[];
  /** Texts that differ, and that no server may compare. */
  readonly unproven: readonly DifferenceDetails[];
}

export interface Expectation {
  readonly target: Schema;
  readonly namespaces: readonly string[];
  /** For the names of the revisions that should have made or removed an object. */
  readonly known: readonly LoadedRevision[];
  readonly spellElsewhere?: SpellElsewhere;
  /** Objects that are none of our business, as the config names them. */
  readonly ignore?: readonly string[] | undefined;
}

/** Reads the live schema and compares it with what history describes. */
export async function verify(opened: Opened, expectation: Expectation): Promise<Verification> {
  const kept = ignoring(expectation.ignore ?? []);
  const live = kept(await readSchema(opened, scopeOf(opened.names, expectation.namespaces)));
  const spelling = createSpelling(opened.dialect, opened.connection, expectation.spellElsewhere);
  const differences = await settledDifferences(kept(expectation.target), live, spelling);
  if (differences.length === 0) return { drift: [], extras: [], unproven: [] };
  const named = namedParts(expectation.known, opened.dialect, partsOf(differences));
  return splitExtras(differences.map((difference) => describeDifference(difference, named)));
}
