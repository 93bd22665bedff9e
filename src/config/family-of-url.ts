// Which family a URL belongs to, and a URL to begin with for a family. In: one of them. Out: the other.
// Must not know what is there.

import type { ConnectionInfo } from '../drivers/connection-info.ts';
import { parseUrl } from '../drivers/connection-info.ts';
import type { DialectName } from '../schema/schema.ts';

const families: Readonly<Record<ConnectionInfo['driver'], DialectName>> = {
  'node-sqlite': 'sqlite',
  pglite: 'postgres',
  pg: 'postgres',
  mysql2: 'mysql',
};

/** The family of the database that a URL names; nobody is asked. */
export function familyOfUrl(url: string, folder: string): DialectName {
  return families[parseUrl(url, folder).driver];
}

/** What stands in a config until somebody writes the right one. */
export const usualUrls: Readonly<Record<DialectName, string>> = {
  postgres: 'postgres://postgres:postgres@localhost:5432/app',
  mysql: 'mysql://root:root@localhost:3306/app',
  sqlite: 'sqlite:./dev.db',
};
