// Names that servers give to what nobody named, where raw SQL of the history uses them.
// In: operations, the names that SQL mentions. Out: operations with these names. Must not know Python.

import type { Operation } from '../../operations/operation.ts';
import type { SchemaDraft } from '../../schema/draft.ts';
import type { Check, DialectName, ForeignKey, Table, TableRef, Unique } from '../../schema/schema.ts';
import { refKey } from '../../schema/schema.ts';

/** Names as servers make them, within a longer text: a directive that is given such a name finds the constraint without it. */
export function mentionedNames(texts: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const text of texts) {
    for (const { 0: name, index } of text.matchAll(
      /[A-Za-z_]\w*_(?:(?:pkey|key|fkey|check)\d*|ibfk_\d+)\b/g,
    )) {
      const around = `${text[index - 1]}${text[index + name.length]}`;
      if (around !== "''" && around !== '""') found.add(name);
    }
    for (const [, name] of text.matchAll(/\bdrop\s+(?:index|key)\s+[`"]?(\w+)/gi)) if (name) found.add(name);
  }
  return found;
}

type Kind = 'pkey' | 'key' | 'fkey' | 'check';

interface Part {
  readonly kind: Kind;
  readonly columns: readonly string[];
}

interface Means {
  readonly dialect: DialectName;
  readonly mentioned: ReadonlySet<string>;
}

/** The name of PostgreSQL: of 63 bytes, the longer of table and columns gives way. */
function postgresName(table: string, { kind, columns }: Part): string {
  let [first, second] = [table, columns.join('_')];
  const room = 63 - kind.length - 1 - (second === '' ? 0 : 1);
  while (Buffer.byteLength(first) + Buffer.byteLength(second) > room) {
    if (Buffer.byteLength(first) > Buffer.byteLength(second)) first = first.slice(0, -1);
    else second = second.slice(0, -1);
  }
  return [first, ...(kind === 'pkey' || second === '' ? [] : [second]), kind].join('_');
}

function candidatesOf(table: string, part: Part, { dialect }: Means): readonly string[] {
  if (dialect === 'postgres') {
    const base = postgresName(table, part);
    return [base, ...[1, 2, 3, 4].map((number) => `${base}${number}`)];
  }
  if (dialect !== 'mysql') return [];
  if (part.kind === 'fkey') return [1, 2, 3, 4, 5, 6, 7, 8].map((number) => `${table}_ibfk_${number}`);
  const [column = ''] = part.columns;
  return part.kind === 'key' ? [column, ...[2, 3, 4].map((number) => `${column}_${number}`)] : [];
}

/** Gives names one after the other; those that were given are taken. */
function namer(table: TableRef, draft: SchemaDraft, means: Means) {
  const known = draft.tables.get(refKey(table));
  const taken = new Map<string, number>();
  const count = (part: Part) => {
    const key = means.dialect === 'mysql' && part.kind === 'fkey' ? 'fkey' : `${part.kind} ${part.columns}`;
    const before = taken.get(key) ?? sameIn(known, part, means);
    taken.set(key, before + 1);
    return before;
  };
  return (part: Part): string | null => {
    const name = candidatesOf(table.name, part, means)[count(part)];
    return name !== undefined && means.mentioned.has(name) ? name : null;
  };
}

/** How many of such parts are there already. */
function sameIn(table: Table | undefined, { kind, columns }: Part, { dialect }: Means): number {
  if (!table) return 0;
  if (kind === 'fkey') {
    const alike = (one: ForeignKey) => dialect === 'mysql' || one.columns.join() === columns.join();
    return table.foreignKeys.filter(alike).length;
  }
  return kind === 'key' ? table.uniques.filter((one) => one.columns.join() === columns.join()).length : 0;
}

type Name = ReturnType<typeof namer>;

const uniqueNamed = (one: Unique, name: Name): Unique =>
  one.name === null ? { ...one, name: name({ kind: 'key', columns: one.columns }) } : one;
const referenceNamed = (one: ForeignKey, name: Name): ForeignKey =>
  one.name === null ? { ...one, name: name({ kind: 'fkey', columns: one.columns }) } : one;

/** PostgreSQL names a check for its column, where it is about one. */
function checkNamed(one: Check, columns: readonly string[], name: Name): Check {
  if (one.name !== null) return one;
  const plain = one.sql.replaceAll(/'(?:[^']|'')*'/g, '');
  const about = columns.filter((column) => new RegExp(`\\b${column.replaceAll(/\W/g, '.')}\\b`).test(plain));
  return { ...one, name: name({ kind: 'check', columns: about.length === 1 ? about : [] }) };
}

function tableNamed(table: Table, name: Name): Table {
  const columns = table.columns.map((one) => one.name);
  const { primaryKey } = table;
  return {
    ...table,
    primaryKey: primaryKey && {
      ...primaryKey,
      name: primaryKey.name ?? name({ kind: 'pkey', columns: primaryKey.columns }),
    },
    uniques: table.uniques.map((one) => uniqueNamed(one, name)),
    foreignKeys: table.foreignKeys.map((one) => referenceNamed(one, name)),
    checks: table.checks.map((one) => checkNamed(one, columns, name)),
  };
}

/** The operation, with the server's name for what has none where raw SQL goes by that name. */
export function withServerNames(operation: Operation, draft: SchemaDraft, means: Means): Operation {
  if (means.mentioned.size === 0) return operation;
  const on = (table: TableRef) => namer(table, draft, means);
  switch (operation.kind) {
    case 'createTable':
      return { ...operation, table: tableNamed(operation.table, on(operation.table)) };
    case 'addPrimaryKey': {
      const { primaryKey } = operation;
      const name = primaryKey.name ?? on(operation.table)({ kind: 'pkey', columns: primaryKey.columns });
      return { ...operation, primaryKey: { ...primaryKey, name } };
    }
    case 'addUnique':
      return { ...operation, unique: uniqueNamed(operation.unique, on(operation.table)) };
    case 'addForeignKey':
      return { ...operation, foreignKey: referenceNamed(operation.foreignKey, on(operation.table)) };
    case 'addCheck': {
      const columns = draft.tables.get(refKey(operation.table))?.columns.map((one) => one.name) ?? [];
      return { ...operation, check: checkNamed(operation.check, columns, on(operation.table)) };
    }
    default:
      return operation;
  }
}
