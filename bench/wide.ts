// In: how many tables. Out: the histories and models of a wide schema, as data and as Surefoot's own definitions.
// Must not know what is measured, or any other tool.

import type { Change } from './history.ts';

const padded = (number: number): string => String(number).padStart(5, '0');
const nameOf = (number: number): string => `wide_${padded(number)}`;

/** A column of every table. */
export interface WideColumn {
  readonly name: string;
  readonly type: 'integer' | 'bigint' | 'varchar' | 'text' | 'numeric' | 'boolean' | 'timestamptz';
  readonly length?: number;
  readonly required?: boolean;
  /** What a new row has in it: `true`, or a text. */
  readonly initial?: string;
}

export interface WideIndex {
  readonly name: string;
  readonly columns: readonly string[];
  readonly unique: boolean;
}

/** A table, which refers to the one before it; the first one refers to itself. */
export interface WideTable {
  readonly name: string;
  readonly number: number;
  readonly parent: number;
  /** Those that refer to it. */
  readonly children: readonly number[];
  readonly columns: readonly WideColumn[];
  readonly indexes: readonly WideIndex[];
}

const columns: readonly WideColumn[] = [
  { name: 'id', type: 'integer', required: true },
  { name: 'parent_id', type: 'integer' },
  { name: 'code', type: 'varchar', length: 40, required: true },
  { name: 'title', type: 'varchar', length: 200 },
  { name: 'body', type: 'text' },
  { name: 'amount', type: 'numeric' },
  { name: 'active', type: 'boolean', required: true, initial: 'true' },
  { name: 'state', type: 'varchar', length: 20, required: true, initial: 'new' },
  { name: 'rank', type: 'bigint' },
  { name: 'created_at', type: 'timestamptz' },
];

function tableOf(number: number, tables: number): WideTable {
  const name = nameOf(number);
  return {
    name,
    number,
    parent: Math.max(1, number - 1),
    children: [...(number === 1 ? [1] : []), ...(number < tables ? [number + 1] : [])],
    columns,
    indexes: [
      { name: `ix_${name}_code`, columns: ['code'], unique: true },
      { name: `ix_${name}_state`, columns: ['state', 'created_at'], unique: false },
    ],
  };
}

const changing =
  (name: string, change: Partial<WideColumn>) =>
  (table: WideTable): WideTable => ({
    ...table,
    columns: table.columns.map((one) => (one.name === name ? { ...one, ...change } : one)),
  });

/** A column more, a column less, another type, another default, an index less. */
const differences: Readonly<Record<number, (table: WideTable) => WideTable>> = {
  100: (table) => ({ ...table, columns: [...columns, { name: 'phone', type: 'varchar', length: 30 }] }),
  200: (table) => ({ ...table, columns: columns.filter(({ name }) => name !== 'rank') }),
  300: changing('title', { length: 250 }),
  400: changing('state', { initial: 'open' }),
  500: (table) => ({ ...table, indexes: table.indexes.slice(0, 1) }),
};

/** The tables as the models have them: five of them differ from what the revisions make. */
export function wideTables(tables: number): readonly WideTable[] {
  return Array.from({ length: tables }, (_, i) => {
    const table = tableOf(i + 1, tables);
    return differences[i + 1]?.(table) ?? table;
  });
}

function typeCode({ name, type, length }: WideColumn): string {
  if (name === 'id') return 't.integer().identity().primaryKey()';
  if (type === 'numeric') return 't.numeric(12, 2)';
  return `t.${type}(${length ?? ''})`;
}

function columnCode(column: WideColumn, { name, parent }: WideTable): string {
  const link =
    column.name === 'parent_id'
      ? `.references('${nameOf(parent)}', 'id', { name: 'fk_${name}_parent' })`
      : '';
  const required = column.required && column.name !== 'id' ? '.notNull()' : '';
  const value = column.initial === 'true' ? 'true' : `'${column.initial}'`;
  const initial = column.initial === undefined ? '' : `.default(${value})`;
  return `${column.name}: ${typeCode(column)}${link}${required}${initial}`;
}

function tableCode(table: WideTable): string {
  const indexes = table.indexes.map(({ name, columns, unique }) => {
    const list = columns.map((one) => `'${one}'`).join(', ');
    return `{ name: '${name}', columns: [${list}]${unique ? ', unique: true' : ''} }`;
  });
  const members = table.columns.map((one) => columnCode(one, table));
  return `(t) => ({ ${members.join(', ')} }), { indexes: [${indexes.join(', ')}] }`;
}

/** Revisions that create the tables, the same number each. */
export function wideHistory(tables: number, revisions: number): readonly Change[] {
  const each = tables / revisions;
  return Array.from({ length: revisions }, (_, i) => {
    const made = Array.from({ length: each }, (_, j) => tableOf(i * each + j + 1, tables));
    const code = made.map((table) => `    op.createTable('${table.name}', ${tableCode(table)});`);
    return { number: i + 1, name: `wide_${padded(i + 1)}`, up: [], down: [], code: code.join('\n') };
  });
}

/** The models as Surefoot's own definition of a schema. */
export function models(tables: number): string {
  const texts = wideTables(tables).map((table) => `    ${table.name}: table(${tableCode(table)}),`);
  return `import { defineSchema, table } from 'surefoot';

export default defineSchema({
  tables: {
${texts.join('\n')}
  },
});
`;
}
