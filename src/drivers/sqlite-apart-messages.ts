// What two processes say to each other about one SQLite session. In: nothing. Out: types. Must not know who speaks.

import type { QueryResult, SqlValue } from '../dialect/connection.ts';

/** What is asked of it; questions are answered in their order. */
export interface Question {
  readonly sql: readonly string[];
  /** `null`: a script. */
  readonly parameters: readonly SqlValue[] | null;
}

/** A refusal as it crosses from one process to another. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly details: unknown;
  readonly cause: { readonly message: string; readonly errcode: number | null };
}

export type Answer = { readonly result: QueryResult } | { readonly refusal: Refusal };
