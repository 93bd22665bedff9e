import type { Row } from './connection.ts';

/** Reads a column as text, whatever the driver made of it. */
export function textOf(row: Row | undefined, column: string): string | null {
  const value = row?.[column];
  if (value === null || value === undefined) return null;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  return String(value);
}

/** Reads a column as a number, whatever the driver made of it. */
export function numberOf(row: Row | undefined, column: string): number | null {
  const text = textOf(row, column);
  return text === null ? null : Number(text);
}
