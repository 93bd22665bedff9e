import { quoteLiteral } from './quote.ts';

/** The path is resolved now: a namespace named after the user, made half-way, must not move what follows. */
const path = `coalesce((SELECT string_agg(quote_ident(name), ', ') FROM unnest(current_schemas(false)) AS name), '""')`;

const fixed: readonly (readonly [name: string, value: string])[] = [
  ['TimeZone', 'UTC'],
  ['client_encoding', 'UTF8'],
  ['standard_conforming_strings', 'on'],
  ['DateStyle', 'ISO, MDY'],
  ['IntervalStyle', 'postgres'],
  ['bytea_output', 'hex'],
  ['extra_float_digits', '1'],
  ['quote_all_identifiers', 'off'],
  ['default_transaction_isolation', 'read committed'],
  ['statement_timeout', '0'],
  ['idle_in_transaction_session_timeout', '0'],
];

const settings = (major: number) => (major >= 17 ? [...fixed, ['transaction_timeout', '0'] as const] : fixed);

/** The statements that pin a session. */
export function sessionSetup(major: number): readonly string[] {
  return [
    `SELECT set_config('search_path', ${path}, false)`,
    ...settings(major).map(([name, value]) => `SET ${name} = ${quoteLiteral(value)}`),
  ];
}

/** One statement that pins the transaction at hand, and nothing beyond. The isolation of one that has begun is fixed. */
export function transactionSetup(major: number): string {
  const calls = settings(major).map(([name, value]) => `set_config('${name}', ${quoteLiteral(value)}, true)`);
  return `SELECT set_config('search_path', ${path}, true), ${calls.join(', ')}`;
}
