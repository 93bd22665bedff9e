import type { Naming } from '../dialect/dialect.ts';
import type { NamingOption } from './define-config.ts';

/** The config's naming as a function; what it leaves out is named by `usual`. */
export function namingOf(option: NamingOption | null, usual: Naming): Naming {
  if (option === null) return usual;
  if (typeof option === 'function') return option;
  return (kind, table, columns) => {
    const pattern = Object.hasOwn(option, kind) ? option[kind] : undefined;
    if (pattern === undefined) return usual(kind, table, columns);
    const parts = { table: table.name, columns: columns.join('_') };
    return pattern.replace(/\{(table|columns)\}/g, (_, part: 'table' | 'columns') => parts[part]);
  };
}
