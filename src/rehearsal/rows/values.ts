// Values of a column's type, as text that every server reads.
// In: a column and its table. Out: the n-th value. Must not know a dialect.

import { mentions } from '../../schema/identifiers-in-sql.ts';
import type { Column, ColumnType, Table } from '../../schema/schema.ts';

/** Values that servers' own types may take: one of them often fits. */
const guesses = [
  '1',
  'x',
  '2001-02-03',
  '2001-02-03 04:05:06',
  '{}',
  '[1]',
  '10.0.0.1',
  '1 day',
  '2001',
  '(1,2)',
  '00000000-0000-4000-8000-000000000001',
  '01',
  '[1,2)',
  'POINT(1 2)',
  '$1.00',
  '08:00:2b:01:02:03',
];

/** Numbers made up begin behind those that a revision is likely to give its own rows; a smallint holds them. */
const firstNumber = 9001;

const day = (n: number): string => `2024-01-${String(1 + (n % 28)).padStart(2, '0')}`;
const two = (n: number): string => String(n % 60).padStart(2, '0');

/** The n-th value of a type; different ones for different n as far as the type has them. */
function plainValue(type: ColumnType, n: number): string {
  switch (type.kind) {
    case 'smallint':
    case 'integer':
    case 'bigint':
      return String(firstNumber + n);
    case 'real':
    case 'double':
      return String(n + 0.5);
    case 'numeric':
      return (type.scale ?? 0) > 0 && (type.precision ?? 9) > (type.scale ?? 0)
        ? `${(n % 9) + 1}.5`
        : String(n % 10);
    case 'boolean':
      return n % 2 === 0 ? '1' : '0';
    case 'varchar':
      return `value ${n}`.slice(-(type.length ?? 255));
    case 'char':
      return `v${n}`.slice(-type.length);
    case 'text':
      return `value ${n}`;
    case 'date':
      return day(n);
    case 'time':
      return `12:${two(n)}:00`;
    case 'timestamp':
      return `${day(n)} 12:${two(n)}:00`;
    case 'json':
      return `{"n": ${n}}`;
    case 'uuid':
      return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
    case 'binary':
      return `b${n}`.slice(-(type.length ?? 255));
    case 'enum':
      return type.values[n % Math.max(type.values.length, 1)] ?? '';
    case 'native':
      return guesses[n % guesses.length] ?? '';
  }
}

/** Values that the checks of a table speak of: numbers with their neighbours, and texts. */
function spokenOf(column: Column, { checks }: Table): readonly string[] {
  const texts = checks.filter(({ sql }) => mentions(sql, column.name)).map(({ sql }) => sql);
  return texts.flatMap((sql) => [
    ...[...sql.matchAll(/'((?:[^']|'')*)'/g)].map((match) => (match[1] ?? '').replaceAll("''", "'")),
    ...[...sql.matchAll(/(?<![\w.'])-?\d+(?:\.\d+)?/g)].flatMap(([number]) => [
      number,
      String(Number(number) + 1),
      String(Number(number) - 1),
    ]),
  ]);
}

/** A value for the row with that index. Each attempt tries another combination. */
export function valuesFor(
  column: Column,
  table: Table,
  { index, attempt }: { readonly index: number; readonly attempt: number },
): string {
  const spoken = spokenOf(column, table);
  // Each column goes through its own choices at its own pace, so that combinations come up.
  const pace = 1 + table.columns.indexOf(column);
  const turn = attempt === 0 ? 0 : Math.floor(attempt / (pace % 3 === 0 ? 3 : pace % 2 === 0 ? 2 : 1));
  if (turn > 0 && spoken.length > 0 && turn % 4 !== 0) return spoken[(turn + index) % spoken.length] ?? '';
  return plainValue(column.type, index + turn);
}
