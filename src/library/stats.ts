import { now } from '../kernel/clock.ts';
import type { SizeStatistics } from '../lint/sizes.ts';
import type { Opened } from './open.ts';

/** The sizes of the tables, as the server estimates them. Reads only. */
export async function readStatistics({ connection, dialect, facts, names }: Opened): Promise<SizeStatistics> {
  const own = new Set([names.version, names.journal, names.lock]);
  const sizes = await dialect.tableSizes(connection);
  const tables = sizes.filter(({ namespace, name }) => namespace !== names.namespace || !own.has(name));
  return { format: 1, takenAt: new Date(now()).toISOString(), product: facts.product, tables };
}
