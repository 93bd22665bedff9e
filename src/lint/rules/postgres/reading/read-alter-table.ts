// ALTER TABLE, action by action. In: a cursor behind the words ALTER TABLE. Out: acts. Must not know rules.

import { parseType } from '../../../../dialects/postgres/parse-type.ts';
import type { TableRef } from '../../../../schema/schema.ts';
import type { Act } from './act.ts';
import type { Cursor } from './cursor.ts';
import { wordOf } from './cursor.ts';
import { readColumn } from './read-column.ts';

const isValid = (action: Cursor): boolean => !action.mentions('not valid');

/** A constraint of the table; `null`: the words say a column. */
function addedConstraint(table: TableRef, action: Cursor): Act | null {
  const usesIndex = action.mentions('using index');
  if (action.sees('primary key')) return { kind: 'add-primary-key', table, usesIndex };
  if (action.sees('unique')) return { kind: 'add-unique', table, usesIndex };
  if (action.sees('exclude')) return { kind: 'add-exclusion', table };
  if (action.sees('check')) return { kind: 'add-check', table, valid: isValid(action) };
  // A named NOT NULL constraint, from PostgreSQL 18 on, looks at rows as a check does.
  if (action.take('not null')) return { kind: 'add-check', table, valid: isValid(action) };
  if (!action.take('foreign key')) return null;
  const valid = isValid(action);
  action.list();
  const parent = action.take('references') ? action.ref() : null;
  return { kind: 'add-foreign-key', table, parent, valid };
}

function added(table: TableRef, action: Cursor): readonly Act[] {
  const isNamed = action.take('constraint');
  if (isNamed) action.name();
  const constraint = addedConstraint(table, action);
  if (constraint !== null || isNamed) return constraint === null ? [] : [constraint];
  action.take('column');
  action.take('if not exists');
  const references = action.mentions('references');
  const column = readColumn(action);
  if (column === null) return [];
  const foreign: readonly Act[] =
    references && column.defaultSql !== null
      ? [{ kind: 'add-foreign-key', table, parent: null, valid: true }]
      : [];
  return [{ kind: 'add-column', table, column }, ...foreign];
}

function alteredColumn(table: TableRef, action: Cursor): Act {
  action.take('column');
  const column = action.name() ?? '';
  if (action.take('set not null')) return { kind: 'set-not-null', table, column };
  if (!action.take('set data type') && !action.take('type')) return { kind: 'alter-table', table };
  const type = action.until((token) => ['using', 'collate'].includes(wordOf(token)));
  const to = parseType(type.text());
  action.until((token) => wordOf(token) === 'using');
  const using = action.take('using') ? action.text() : null;
  return { kind: 'change-type', table, column, to, using };
}

function partition(table: TableRef, action: Cursor): Act | null {
  if (action.take('attach partition')) {
    const child = action.ref();
    return child && { kind: 'attach-partition', table, partition: child };
  }
  if (!action.take('detach partition')) return null;
  const child = action.ref();
  // FINALIZE ends a detaching that was broken off: it waits for nobody.
  const concurrently = action.mentions('concurrently') || action.mentions('finalize');
  return child && { kind: 'detach-partition', table, partition: child, concurrently };
}

const rewrites = ['set logged', 'set unlogged', 'set tablespace', 'set access method'];
const grants = [
  'owner to',
  'enable row level security',
  'disable row level security',
  'force row level security',
  'no force row level security',
];

function readAction(table: TableRef, action: Cursor): readonly Act[] {
  if (action.take('add')) return added(table, action);
  if (action.take('validate constraint')) return [{ kind: 'validate', table, name: action.name() ?? '' }];
  if (action.take('alter')) return [alteredColumn(table, action)];
  const whole = rewrites.find((words) => action.sees(words));
  const isUnlogged: readonly Act[] = action.sees('set unlogged') ? [{ kind: 'unlogged', table }] : [];
  if (whole !== undefined) return [{ kind: 'rewrite', table, what: whole.toUpperCase() }, ...isUnlogged];
  const grant = grants.find((words) => action.sees(words));
  if (grant !== undefined) return [{ kind: 'authorize', what: grant.toUpperCase() }];
  const child = partition(table, action);
  return [child ?? { kind: 'alter-table', table }];
}

/** What an ALTER TABLE does, action by action. */
export function readAlterTable(statement: Cursor): readonly Act[] {
  statement.take('if exists');
  statement.take('only');
  const table = statement.ref();
  statement.take('*');
  return table === null ? [] : statement.split().flatMap((action) => readAction(table, action));
}
