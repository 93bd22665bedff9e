// In: how many tables. Out: the histories, models and SQL of a wide schema. Must not know what is measured.

import type { Change } from './history.ts';

const padded = (number: number): string => String(number).padStart(5, '0');
const nameOf = (number: number): string => `wide_${padded(number)}`;

/** Ten columns, two indexes, and a foreign key to the table before; the first one refers to itself. */
function columnsOf(number: number): readonly string[] {
  return [
    'id: t.integer().identity().primaryKey()',
    `parent_id: t.integer().references('${nameOf(Math.max(1, number - 1))}', 'id', { name: 'fk_${nameOf(number)}_parent' })`,
    'code: t.varchar(40).notNull()',
    'title: t.varchar(200)',
    'body: t.text()',
    'amount: t.numeric(12, 2)',
    'active: t.boolean().notNull().default(true)',
    "state: t.varchar(20).notNull().default('new')",
    'rank: t.bigint()',
    'created_at: t.timestamptz()',
  ];
}

function indexesOf(number: number): readonly string[] {
  const name = nameOf(number);
  return [
    `{ name: 'ix_${name}_code', columns: ['code'], unique: true }`,
    `{ name: 'ix_${name}_state', columns: ['state', 'created_at'] }`,
  ];
}

interface Text {
  readonly columns: readonly string[];
  readonly indexes: readonly string[];
}

const textOf = (number: number): Text => ({ columns: columnsOf(number), indexes: indexesOf(number) });

/** Revisions that create the tables, the same number each. */
export function wideHistory(tables: number, revisions: number): readonly Change[] {
  const each = tables / revisions;
  return Array.from({ length: revisions }, (_, i) => {
    const numbers = Array.from({ length: each }, (_, j) => i * each + j + 1);
    const code = numbers.map((number) => {
      const { columns, indexes } = textOf(number);
      return `    op.createTable('${nameOf(number)}', (t) => ({ ${columns.join(', ')} }), { indexes: [${indexes.join(', ')}] });`;
    });
    return { number: i + 1, name: `wide_${padded(i + 1)}`, up: [], down: [], code: code.join('\n') };
  });
}

/** A column more, a column less, another type, another default, an index less. */
const differences: Readonly<Record<number, (text: Text) => Text>> = {
  100: ({ columns, indexes }) => ({ columns: [...columns, 'phone: t.varchar(30)'], indexes }),
  200: ({ columns, indexes }) => ({ columns: columns.filter((one) => !one.startsWith('rank')), indexes }),
  300: ({ columns, indexes }) => ({
    columns: columns.map((one) => one.replace('varchar(200)', 'varchar(250)')),
    indexes,
  }),
  400: ({ columns, indexes }) => ({ columns: columns.map((one) => one.replace("'new'", "'open'")), indexes }),
  500: ({ columns, indexes }) => ({ columns, indexes: indexes.slice(0, 1) }),
};

/** The models as Surefoot's own definition of a schema. */
export function models(tables: number, { differ }: { readonly differ: boolean }): string {
  const texts = Array.from({ length: tables }, (_, i) => {
    const number = i + 1;
    const { columns, indexes } =
      (differ ? differences[number] : undefined)?.(textOf(number)) ?? textOf(number);
    return `    ${nameOf(number)}: table((t) => ({ ${columns.join(', ')} }), { indexes: [${indexes.join(', ')}] }),`;
  });
  return `import { defineSchema, table } from 'surefoot';

export default defineSchema({
  tables: {
${texts.join('\n')}
  },
});
`;
}
