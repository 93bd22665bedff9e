// The table of another tool. In: a query. Out: its rows, or nothing where the table is not there. Must not know whose it is.

import type { Connection, Row } from '../dialect/connection.ts';
import { textOf } from '../dialect/rows.ts';
import { isSurefootError } from '../kernel/errors.ts';

const absences: ReadonlySet<string> = new Set([
  '42P01',
  '3F000',
  '42703',
  'ER_NO_SUCH_TABLE',
  'ER_BAD_FIELD_ERROR',
]);

function isAbsent(error: unknown): boolean {
  if (!isSurefootError(error, 'database/query-failed')) return false;
  const { code } = error.details;
  return absences.has(code ?? '') || /no such (?:table|column)/i.test(error.message);
}

/** The rows of a query on a tool's table; `null`: there is no such table, or none of this form. */
export async function readTable(connection: Connection, sql: string): Promise<readonly Row[] | null> {
  try {
    return (await connection.query(sql)).rows;
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/** A moment of a row: ISO 8601 in UTC. What no driver understands stays as it is. */
export function momentOf(row: Row, column: string): string | null {
  const value = row[column];
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  const text = textOf(row, column);
  if (text === null || text === '') return null;
  if (/^\d{12,14}$/.test(text)) return new Date(Number(text)).toISOString();
  const parsed = new Date(/[zZ]|[+-]\d\d:?\d\d$/.test(text) ? text : `${text.replace(' ', 'T')}Z`);
  return Number.isNaN(parsed.getTime()) ? text : parsed.toISOString();
}

/** `20250131120000` as a moment; `null`: it is none. */
export function momentOfStamp(stamp: string): string | null {
  const [, year, month, day, hour = '00', minute = '00', second = '00'] =
    /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?/.exec(stamp) ?? [];
  if (year === undefined) return null;
  const moment = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(moment.getTime()) ? null : moment.toISOString();
}
