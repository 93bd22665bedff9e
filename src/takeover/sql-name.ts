import type { Dialect } from '../dialect/dialect.ts';

/** A name of a table, or `schema.table`, in the quotes of the server. */
export function quotedName(name: string, dialect: Pick<Dialect, 'quote'>): string {
  return name
    .split('.')
    .map((part) => dialect.quote(part))
    .join('.');
}
