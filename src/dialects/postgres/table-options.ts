import type { TableOptions } from '../../schema/schema.ts';

/** Options of a table that are clauses of their own, not storage parameters. */
export const ownOptions: ReadonlySet<string> = new Set([
  'unlogged',
  'inherits',
  'partitionBy',
  'rowSecurity',
  'forceRowSecurity',
]);

const storageParameter =
  /^(?:toast\.)?(?:fillfactor|parallel_workers|toast_tuple_target|user_catalog_table|vacuum_index_cleanup|vacuum_truncate|vacuum_max_eager_freeze_failure_rate|log_autovacuum_min_duration|autovacuum_\w+)$/;

function isKnown(name: string): boolean {
  return ownOptions.has(name) || storageParameter.test(name);
}

/** Only what PostgreSQL has, without what is the default anyway, in order of name. */
export function foldOptions(options: TableOptions): TableOptions {
  const kept = Object.entries(options).filter(
    ([name, value]) => isKnown(name) && !(ownOptions.has(name) && (value === false || value === '')),
  );
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function parameterOf(text: string): string | number | boolean {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (/^(true|on)$/.test(text)) return true;
  return /^(false|off)$/.test(text) ? false : text;
}

/** `['fillfactor=70']` as options. */
export function storageOptions(reloptions: readonly string[] | null): TableOptions {
  return Object.fromEntries(
    (reloptions ?? []).map((option) => {
      const equals = option.indexOf('=');
      return [option.slice(0, equals), parameterOf(option.slice(equals + 1))];
    }),
  );
}
