import type { Row } from '../dialect/connection.ts';
import type { Schema } from '../schema/schema.ts';
import { displayRef, refKey } from '../schema/schema.ts';
import type { RehearsalResult, Stage } from './rehearsal.ts';
import type { Claims, Contents } from './rows/compare-rows.ts';
import { readContents } from './rows/compare-rows.ts';

/** A revision to be practised. */
export interface Subject {
  readonly id: string;
  /** What it does, as far as it is known, and its text. */
  readonly claims: Claims;
  /** What the author says about the way back. */
  readonly isReversible: boolean;
  /** The recorded revisions before it. */
  readonly headsBefore: readonly string[];
  readonly headsAfter: readonly string[];
  /** Queries that the release before it sends; `null`: those of a mapper of its schema. */
  readonly oldQueries: readonly string[] | null;
  /** The user's rows: run before it. */
  readonly seed: (() => Promise<void>) | null;
}

/** The schema with its rows at one moment. */
export interface Moment {
  readonly schema: Schema;
  readonly contents: Contents;
}

export const momentOf = async (stage: Stage): Promise<Moment> => {
  const schema = await stage.read();
  return { schema, contents: await readContents(schema, stage) };
};

/** What a test of a revision came to. */
export type Verdict = Pick<RehearsalResult, 'status' | 'detail'> & { readonly facts?: readonly string[] };

const rowTexts = (rows: readonly Row[] | null): string =>
  (rows ?? [])
    .map((row) => JSON.stringify(row, plainValue))
    .sort()
    .join('\n');

const plainValue = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value;

/** The tables that hold other rows at the second moment than at the first. */
export function changedTables(first: Moment, second: Moment): readonly string[] {
  return first.schema.tables
    .filter((table) => {
      const key = refKey(table);
      return rowTexts(first.contents.get(key)?.all ?? []) !== rowTexts(second.contents.get(key)?.all ?? []);
    })
    .map((table) => `rows of ${displayRef(table)}`);
}
