// Where the translation of one function stands: what it has found, and the schema that it has come to.
// In: operations, code that stays. Out: items in order. Must not know Python.

import { applyTo, complete } from '../../operations/apply.ts';
import type { Operation } from '../../operations/operation.ts';
import type { SchemaDraft } from '../../schema/draft.ts';
import type { PartMap } from '../../schema/part-map.ts';
import type { DialectName, Table, TableRef } from '../../schema/schema.ts';
import { refKey } from '../../schema/schema.ts';
import type { Module } from '../python/tree.ts';
import type { Rules } from './rules.ts';
import { withServerNames } from './server-names.ts';

/** Code that was not translated. */
export interface Remainder {
  readonly from: number;
  readonly to: number;
  readonly line: number;
  readonly reason: string;
  /** True: it may change the schema. */
  readonly isSchema: boolean;
  /** Code that it builds on. */
  readonly context: readonly string[];
  readonly source: string;
}

/** What a function does, in order. */
export type Item =
  | { readonly kind: 'operation'; readonly operation: Operation }
  | { readonly kind: 'remainder'; readonly remainder: Remainder };

/** What is the same for all functions of a file, for one kind of database. */
export interface Setting {
  readonly dialect: DialectName;
  /** True where the revisions are for this kind of database alone. */
  readonly isOnly: boolean;
  readonly rules: Rules;
  readonly module: Module;
  /** Names as servers make them, that raw SQL of the history uses. */
  readonly mentioned: ReadonlySet<string>;
}

/** The state of a translation. */
export interface State extends Setting {
  readonly draft: SchemaDraft;
  readonly items: Item[];
  /** The reason that the function gives for not existing. */
  irreversible: string | null;
  /** True: it makes sure of something that history has already. */
  isSafety: boolean;
  /** False within `autocommit_block()`. */
  transaction: boolean;
  /** Calls of functions within functions. */
  depth: number;
  /** Turns of loops that were taken. */
  turns: number;
}

const emptyTable = (ref: TableRef): Table => ({
  namespace: ref.namespace,
  name: ref.name,
  columns: [],
  primaryKey: null,
  uniques: [],
  foreignKeys: [],
  checks: [],
  indexes: [],
  comment: null,
  options: {},
});

/** Applies an operation; a table that raw SQL or untranslated code made is there, with nothing known of it. */
export function follow(draft: SchemaDraft, operation: Operation): Operation {
  const ref = 'table' in operation && operation.kind !== 'createTable' ? operation.table : null;
  const needed = operation.kind === 'renameTable' ? operation.from : ref;
  if (needed && !draft.tables.has(refKey(needed)) && operation.kind !== 'dropTable') {
    draft.tables.set(refKey(needed), emptyTable(needed));
  }
  const completed = complete(operation, draft);
  applyTo(draft, completed);
  return completed;
}

/** Makes a draft what another one is. */
export function resetDraft(draft: SchemaDraft, to: SchemaDraft): void {
  const fill = <T>(map: PartMap<T>, other: PartMap<T>) => {
    map.clear();
    for (const [key, value] of other) map.set(key, value);
  };
  fill(draft.enums, to.enums);
  fill(draft.sequences, to.sequences);
  fill(draft.tables, to.tables);
  fill(draft.views, to.views);
  fill(draft.routines, to.routines);
  fill(draft.triggers, to.triggers);
  draft.namespaces.clear();
  for (const one of to.namespaces) draft.namespaces.add(one);
}

/** PostgreSQL's `public` is where everything goes that names no schema: said or not, it is the same. */
export const plainNamespace = (name: string | null, { dialect }: Pick<State, 'dialect'>): string | null =>
  name === 'public' && dialect === 'postgres' ? null : name;

/** An operation in which nothing names `public`. */
function withPlainNamespaces(operation: Operation, state: State): Operation {
  const isOfNamespace = operation.kind === 'createNamespace' || operation.kind === 'dropNamespace';
  if (isOfNamespace || !JSON.stringify(operation).includes('"namespace":"public"')) return operation;
  return JSON.parse(
    JSON.stringify(operation, (key, value: unknown) =>
      key === 'namespace' && typeof value === 'string' ? plainNamespace(value, state) : value,
    ),
  ) as Operation;
}

/** Records operations. */
export function emit(state: State, ...given: readonly Operation[]): void {
  for (const one of given) {
    const operation = withServerNames(withPlainNamespaces(one, state), state.draft, state);
    follow(state.draft, operation);
    state.items.push({ kind: 'operation', operation });
  }
}

export const operationsOf = (items: readonly Item[]): readonly Operation[] =>
  items.flatMap((item) => (item.kind === 'operation' ? [item.operation] : []));
