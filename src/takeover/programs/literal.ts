// Values in the text of a statement.
// In: a statement with placeholders, values. Out: one text that says all of it. Must not know a connection.

import type { Dialect } from '../../dialect/dialect.ts';
import { tokenize } from '../../kernel/sql-text.ts';

/** How numbers are written: as such, or as texts, whose type the server finds out. */
export type NumberStyle = 'plain' | 'quoted';

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

/** As drivers of MySQL send it: without a zone, in UTC. */
const dateText = (date: Date): string =>
  `${date.getUTCFullYear()}-${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())} ${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}:${pad(date.getUTCSeconds())}.${pad(date.getUTCMilliseconds(), 3)}`;

const bytesText = (bytes: Uint8Array, { syntax }: Dialect): string => {
  const hex = Buffer.from(bytes).toString('hex');
  return syntax.dollarQuotes ? `'\\x${hex}'` : `X'${hex}'`;
};

/** An array in PostgreSQL's own writing. */
function arrayText(values: readonly unknown[]): string {
  const parts = values.map((value) => {
    if (value === null || value === undefined) return 'NULL';
    if (Array.isArray(value)) return arrayText(value);
    const text =
      value instanceof Date
        ? value.toISOString()
        : typeof value === 'object'
          ? JSON.stringify(value)
          : String(value);
    return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  });
  return `{${parts.join(',')}}`;
}

function numberText(value: number | bigint, style: NumberStyle, dialect: Dialect): string {
  const text = Object.is(value, -0) ? '0' : String(value);
  return style === 'quoted' || !/^-?[\d.]/.test(text) ? dialect.literal(text) : text;
}

/** The server's literal for a value as the drivers of libraries take it. */
export function literalOf(value: unknown, dialect: Dialect, style: NumberStyle = 'plain'): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'string') return dialect.literal(value);
  if (typeof value === 'number' || typeof value === 'bigint') return numberText(value, style, dialect);
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (value instanceof Date)
    return dialect.literal(dialect.syntax.dollarQuotes ? value.toISOString() : dateText(value));
  if (value instanceof Uint8Array) return bytesText(value, dialect);
  if (Array.isArray(value))
    return dialect.syntax.dollarQuotes
      ? dialect.literal(arrayText(value))
      : value.map((one) => literalOf(one, dialect, style)).join(', ');
  return dialect.literal(JSON.stringify(value));
}

/** A statement with its values in place: `$1` of PostgreSQL, `?` of the others. */
export function inlined(
  sql: string,
  values: readonly unknown[],
  { dialect, numbers = 'plain' }: { readonly dialect: Dialect; readonly numbers?: NumberStyle },
): string {
  if (values.length === 0) return sql;
  let next = 0;
  const { syntax } = dialect;
  const written = (value: unknown) => literalOf(value, dialect, numbers);
  return tokenize(sql, syntax)
    .map(({ text, kind }) => {
      if (syntax.dollarQuotes) {
        const number = kind === 'number' ? /^\$(\d+)$/.exec(text)?.[1] : undefined;
        return number === undefined ? text : written(values[Number(number) - 1]);
      }
      // `=?` is one operator.
      return kind === 'operator' ? text.replaceAll('?', () => written(values[next++])) : text;
    })
    .join('');
}
