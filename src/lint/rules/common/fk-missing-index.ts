import type { Operation } from '../../../operations/operation.ts';
import type { ForeignKey, TableRef } from '../../../schema/schema.ts';
import { plainPart } from '../../../schema/schema.ts';
import {
  columnsOf,
  foreignKeysOf,
  isPrefix,
  isSameTable,
  keysOf,
  laterOf,
  nameOf,
  quoted,
  tableBefore,
} from '../../parts.ts';
import type { LintSubject, Rule } from '../../rule.ts';

interface Keyed {
  readonly table: TableRef;
  readonly key: ForeignKey;
}

/** What indexes the table has in the end, as far as the revision tells. */
function keysAtEnd(subject: LintSubject, table: TableRef): readonly (readonly string[])[] {
  const { operation } = subject;
  const whole = operation.kind === 'createTable' ? operation.table : tableBefore(subject, table);
  const isOwn = (one: { readonly table: TableRef }) => isSameTable(one.table, table);
  return [
    ...(whole ? keysOf(whole) : []),
    ...laterOf(subject, 'createIndex')
      .filter(isOwn)
      .map(({ index }) => columnsOf(index)),
    ...laterOf(subject, 'addUnique')
      .filter(isOwn)
      .map(({ unique }) => unique.columns),
    ...laterOf(subject, 'addPrimaryKey')
      .filter(isOwn)
      .map(({ primaryKey }) => primaryKey.columns),
  ];
}

function unindexed(subject: LintSubject): readonly Keyed[] {
  return foreignKeysOf(subject.operation).filter(
    ({ table, key }) => !keysAtEnd(subject, table).some((columns) => isPrefix(key.columns, columns)),
  );
}

function indexOf({ table, key }: Keyed, concurrently: boolean): Operation {
  const parts = key.columns.map((column) => ({ ...plainPart, column }));
  const plain = {
    unique: false,
    where: null,
    method: null,
    include: [],
    nullsNotDistinct: false,
    valid: true,
  };
  return { kind: 'createIndex', table, index: { name: null, parts, ...plain }, concurrently };
}

/** The columns of a foreign key begin no index. */
export const fkMissingIndex: Rule = {
  id: 'fk-missing-index',
  severity: 'warning',
  flavors: ['postgres', 'sqlite'],
  summary: 'A foreign key has no index on its own columns; a delete of a parent reads the whole child table.',

  check: (subject) => {
    const open = unindexed(subject);
    const [first] = open;
    if (!first) return null;
    const { table, key } = first;
    const parent = nameOf(key.references.table);
    return {
      message: `${nameOf(table)} (${key.columns.join(', ')}) has no index: to delete or renumber a row of ${parent}, every row of ${nameOf(table)} is read`,
      help: [`Index it in the same revision: op.createIndex('${nameOf(table)}', [${quoted(key.columns)}]).`],
      table,
    };
  },

  fix: (subject) => {
    const { operation, traits } = subject;
    const open = unindexed(subject);
    if (open.length === 0) return null;
    if (operation.kind === 'createTable') return [operation, ...open.map((one) => indexOf(one, false))];
    // An old table of a server is written to meanwhile: its index is built beside the writers.
    const concurrently = traits.flavor === 'postgres';
    return [...open.map((one) => indexOf(one, concurrently && !subject.isNew(one.table))), operation];
  },
};
