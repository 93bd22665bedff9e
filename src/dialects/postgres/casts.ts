// Which types the server casts to which by itself. All others go through their text.
// In: two types. Out: yes or no. Must not know statements.
// Those of `select castsource::regtype, casttarget::regtype from pg_cast` that versions 12 to 18 have in common.

import type { ColumnType } from '../../schema/schema.ts';
import { typeSql } from './types.ts';

const numbers = ['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision'] as const;
const moments = ['date', 'timestamp', 'timestamp with time zone'] as const;

const targets: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ...numbers.map((name) => [name, new Set<string>(numbers)] as const),
  ['integer', new Set([...numbers, 'boolean', 'money', 'bit', '"char"', 'oid'])],
  ['bigint', new Set([...numbers, 'money', 'bit', 'oid'])],
  ['smallint', new Set([...numbers, 'oid'])],
  ['numeric', new Set([...numbers, 'money'])],
  ['boolean', new Set(['integer'])],
  ['money', new Set(['numeric'])],
  ['"char"', new Set(['integer'])],
  ['oid', new Set(['integer', 'bigint'])],
  ['date', new Set<string>(moments)],
  ['timestamp', new Set([...moments, 'time'])],
  ['timestamp with time zone', new Set([...moments, 'time', 'time with time zone'])],
  ['time', new Set(['interval', 'time with time zone'])],
  ['time with time zone', new Set(['time'])],
  ['interval', new Set(['time'])],
  ['json', new Set(['jsonb'])],
  ['jsonb', new Set(['json', 'boolean', ...numbers])],
  ['bit', new Set(['integer', 'bigint', 'bit varying'])],
  ['bit varying', new Set(['bit'])],
  ['inet', new Set(['cidr'])],
  ['cidr', new Set(['inet'])],
  ['macaddr', new Set(['macaddr8'])],
  ['macaddr8', new Set(['macaddr'])],
]);

const texts: ReadonlySet<string> = new Set(['text', 'character varying', 'character', 'bpchar', 'name']);

/** The name without lengths and fields. */
function baseOf(type: ColumnType): string {
  const bare = typeSql(type)
    .replace(/\s*\([^)]*\)/g, '')
    .toLowerCase();
  return bare.startsWith('interval') && !bare.endsWith(']') ? 'interval' : bare;
}

function casts(from: string, to: string): boolean {
  if (from === to || texts.has(from) || texts.has(to)) return true;
  const [source, target] = [/^(.+?)(?:\[\])+$/.exec(from)?.[1], /^(.+?)(?:\[\])+$/.exec(to)?.[1]];
  if (source !== undefined && target !== undefined) return casts(source, target);
  return targets.get(from)?.has(to) ?? false;
}

/** True where `value::type` is a cast that the server has. */
export function isCastKnown(from: ColumnType, to: ColumnType): boolean {
  return casts(baseOf(from), baseOf(to));
}
