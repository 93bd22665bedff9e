import { keysOf } from '../dialect/walk.ts';
import { mentions } from '../schema/identifiers-in-sql.ts';
import type { Column, Schema, Table, Trigger } from '../schema/schema.ts';
import { displayRef, refOf, sameRef } from '../schema/schema.ts';

/** A trigger's own text, and that of the functions that it calls. */
function textOf({ sql }: Trigger, { routines }: Schema): string {
  return [sql, ...routines.filter(({ name }) => sql.includes(name)).map((routine) => routine.sql)].join('\n');
}

/** True if the text has the name as a word, be it in a string. */
function says(text: string, name: string): boolean {
  const at = (i: number) => /[\p{L}\p{N}_]/u.test(text[i] ?? '');
  for (let i = text.indexOf(name); i >= 0; i = text.indexOf(name, i + 1))
    if (!at(i - 1) && !at(i + name.length)) return true;
  return false;
}

/** What of the column itself no other column can take over, in words. */
function ownHindrance({ identity, generated, onUpdate, default: value }: Column): readonly string[] {
  return [
    ...(identity === null ? [] : ['it counts by itself']),
    ...(generated === null ? [] : ['it is generated']),
    ...(onUpdate === null ? [] : ['it is set by each update']),
    ...(value?.kind === 'expression' && /\bnextval\s*\(/i.test(value.sql) ? ['it counts by a sequence'] : []),
  ];
}

function tableHindrance(table: Table, name: string): readonly string[] {
  const computed = table.columns.filter(
    ({ generated }) => generated !== null && mentions(generated.sql, name),
  );
  const options = Object.entries(table.options).filter(
    ([, value]) => typeof value === 'string' && mentions(value, name),
  );
  return [
    ...(table.primaryKey?.columns.includes(name) ? ['the primary key has it'] : []),
    ...computed.map((column) => `generated column ${column.name} computes with it`),
    ...options.map(([option]) => `the table's ${option} speaks of it`),
  ];
}

/** Whatever else of the schema rests on the column, in words. */
export function hindrancesOf(table: Table, column: Column, schema: Schema): readonly string[] {
  const { name } = column;
  const ref = refOf(table);
  const keys = schema.tables.flatMap((other) =>
    other.foreignKeys
      .filter(({ references }) => sameRef(references.table, ref) && references.columns.includes(name))
      .map((key) => `foreign key ${key.name ?? ''} of ${displayRef(other)} refers to it`),
  );
  const views = schema.views.filter(
    ({ sql }) => mentions(sql, table.name) && (mentions(sql, name) || /[\s.,]\*/.test(sql)),
  );
  const triggers = schema.triggers.filter(
    (trigger) => sameRef(trigger.table, ref) && says(textOf(trigger, schema), name),
  );
  return [
    ...(keysOf(table).length === 0 ? ['the table has no key by which its rows could be filled in turn'] : []),
    ...ownHindrance(column),
    ...tableHindrance(table, name),
    ...keys,
    ...views.map((view) => `view ${displayRef(view)} may read it`),
    ...triggers.map((trigger) => `trigger ${trigger.name} may speak of it`),
  ];
}
