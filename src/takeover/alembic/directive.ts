// A call of a directive, and what all of them ask of it. In: a call. Out: its table, its schema. Must not know directives.

import type { Operation } from '../../operations/operation.ts';
import type { TableRef } from '../../schema/schema.ts';
import type { State } from './machine.ts';
import { plainNamespace } from './machine.ts';
import type { Made, Value } from './value.ts';
import { textOf, textOrNull } from './value.ts';

/** A call of a directive, its arguments by their names. */
export interface Directive {
  readonly state: State;
  readonly call: Made;
  /** Where it stands in a batch: its table. */
  readonly batch: Extract<Value, { kind: 'batch' }> | null;
  argument(at: number, name: string): Value | undefined;
}

/** The schema of a directive, or of its batch. */
export const schemaOf = ({ call, batch, state }: Directive): string | null =>
  plainNamespace(textOrNull(call.named.get('schema'), 'a schema') ?? batch?.schema ?? null, state);

/** The table of a directive: the batch's, or an argument. In a batch the arguments behind it move up. */
export function tableOf(directive: Directive, at: number, name = 'table_name'): TableRef {
  const { batch } = directive;
  if (batch) return { namespace: schemaOf(directive), name: batch.table };
  return {
    namespace: schemaOf(directive),
    name: textOf(directive.argument(at, name), 'the name of a table'),
  };
}

/** The position of an argument that stands behind the table's. */
export const behind = ({ batch }: Directive, at: number): number => (batch ? at - 1 : at);

/** A name in PostgreSQL's quotes, which SQLite takes, too. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const quotedRef = ({ namespace, name }: TableRef): string =>
  namespace === null ? quoted(name) : `${quoted(namespace)}.${quoted(name)}`;

/** SQL for what no operation says. */
export const statement = (sql: string, more: { readonly effect?: readonly Operation[] } = {}): Operation => ({
  kind: 'execute',
  sql,
  inverse: null,
  effect: null,
  transaction: true,
  ...more,
});
