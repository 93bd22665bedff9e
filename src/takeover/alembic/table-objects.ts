// Tables that are objects of the file: `Table(…)`, a model, made or dropped as such.
// In: a value. Out: operations; `null`: it is no table. Must not know how they are recorded.

import type { Operation } from '../../operations/operation.ts';
import { refKey } from '../../schema/schema.ts';
import { tableOfModel } from './classes.ts';
import { tableOf } from './core-sql.ts';
import type { State } from './machine.ts';
import { plainNamespace } from './machine.ts';
import { findNewTable } from './tables.ts';
import type { Made, Value } from './value.ts';
import { leafOf, none } from './value.ts';

/** What stands behind the name, and behind the metadata. */
const partsOf = ({ given }: Made): readonly Value[] =>
  given.slice(leafOf(given[1] ?? none) === 'MetaData' ? 2 : 1);

/** `table.create(bind)`, `CreateTable(table)`, and their opposites. */
export function tableOperations(
  value: Value,
  state: State,
  way: 'create' | 'drop',
): readonly Operation[] | null {
  const made = value.kind === 'class' ? tableOfModel(value) : value;
  const table = made && tableOf(made);
  if (!table || made.kind !== 'made' || leafOf(made) !== 'Table') return null;
  const ref = { namespace: plainNamespace(table.schema, state), name: table.name };
  if (way === 'drop') return [{ kind: 'dropTable', table: ref, was: null, triggers: [] }];
  const found = findNewTable(partsOf(made), made.named, { ...state, table: ref });
  const missing = found.enums.filter((one) => !state.draft.enums.has(refKey(one)));
  return [
    ...missing.map((one): Operation => ({ kind: 'createEnum', enum: one })),
    { kind: 'createTable', table: found.table },
  ];
}
