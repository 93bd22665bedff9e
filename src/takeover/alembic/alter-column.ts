// `op.alter_column(…)` → operations. In: arguments. Out: operations. Must not know how they are recorded.

import type { ColumnChanges, Operation } from '../../operations/operation.ts';
import type { Column, ColumnType, TableRef } from '../../schema/schema.ts';
import { refKey } from '../../schema/schema.ts';
import { defaultOf } from './columns.ts';
import type { State } from './machine.ts';
import { findType } from './types.ts';
import type { Value } from './value.ts';
import { flagOf, textOrNull, untranslated } from './value.ts';

interface Alteration {
  readonly state: State;
  readonly table: TableRef;
  readonly column: string;
  readonly named: ReadonlyMap<string, Value>;
}

const isFalse = (value: Value | undefined): boolean => value?.kind === 'constant' && value.value === false;

function columnOf({ state, table, column }: Alteration): Column | undefined {
  return state.draft.tables.get(refKey(table))?.columns.find((one) => one.name === column);
}

/** MySQL writes the column anew: what Alembic is not told of it is reset. */
function resetByMysql(given: Alteration, changes: ColumnChanges): ColumnChanges {
  const known = columnOf(given);
  const { named, state } = given;
  const writesAnew = 'type' in changes || 'nullable' in changes || named.has('autoincrement');
  if (state.dialect !== 'mysql' || !known || !writesAnew) return {};
  const nullable = flagOf(named.get('existing_nullable'), 'existing_nullable') ?? true;
  const value = named.get('existing_server_default');
  const type = changes.type ?? known.type;
  return {
    ...('nullable' in changes || nullable === known.nullable || known.identity !== null ? {} : { nullable }),
    ...('default' in changes ||
    known.default === null ||
    (value !== undefined && !isFalse(value) && defaultOf(value, type, state) !== null)
      ? {}
      : { default: null }),
    ...('comment' in changes || known.comment === null || named.has('existing_comment')
      ? {}
      : { comment: null }),
  };
}

function typeOf(given: Alteration): { readonly type?: ColumnType; readonly collation?: string } {
  const value = given.named.get('type_');
  if (value === undefined || (value.kind === 'constant' && value.value === null)) return {};
  const { type, collation } = findType(value, given.state);
  return collation === null ? { type } : { type, collation };
}

/** What the call changes; what stays is not said. */
export function alterColumn(given: Alteration): readonly Operation[] {
  const { table, column, named, state } = given;
  if (named.has('**')) untranslated('arguments that are not constant');
  const changed = typeOf(given);
  const known = changed.type ?? columnOf(given)?.type ?? existingType(given);
  const nullable = flagOf(named.get('nullable'), 'nullable');
  const value = named.get('server_default');
  const hasDefault = value !== undefined && !isFalse(value);
  const comment = named.get('comment');
  const said: ColumnChanges = {
    ...changed,
    ...(nullable === null ? {} : { nullable }),
    ...(hasDefault ? { default: defaultOf(value, known, state) } : {}),
    ...(comment === undefined || isFalse(comment) ? {} : { comment: textOrNull(comment, 'a comment') }),
  };
  const changes = { ...said, ...resetByMysql(given, said) };
  const using =
    state.dialect === 'postgres' ? textOrNull(named.get('postgresql_using'), 'postgresql_using') : null;
  const name = textOrNull(named.get('new_column_name') ?? named.get('name'), 'the new name of a column');
  return [
    ...(Object.keys(changes).length === 0
      ? []
      : [{ kind: 'alterColumn', table, column, changes, was: null, using } as const]),
    ...(name === null || name === column
      ? []
      : [{ kind: 'renameColumn', table, from: column, to: name } as const]),
  ];
}

function existingType({ named, state }: Alteration): ColumnType {
  const value = named.get('existing_type');
  return value === undefined ? { kind: 'text' } : findType(value, state).type;
}
