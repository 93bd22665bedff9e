// A database in the process, for work that needs a server of the family and not its data.
// In: the URL of a database that does not answer. Out: another URL. Must not know what for.

import { parseUrl } from '../drivers/connection-info.ts';

/** The URL of an empty database of the same family in this process; `null`: the family has none. */
export function standInUrl(url: string, folder: string): string | null {
  switch (parseUrl(url, folder).driver) {
    case 'node-sqlite':
      return 'sqlite::memory:';
    case 'pg':
    case 'pglite':
      return 'pglite:';
    case 'mysql2':
      return null;
  }
}
