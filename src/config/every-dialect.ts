import type { Dialect } from '../dialect/dialect.ts';
import type { Flavor } from '../schema/schema.ts';
import { offlineDialect } from './choose-dialect.ts';
import { everyServer } from './every-server.ts';

const urls: Readonly<Record<Flavor, string>> = {
  postgres: 'postgres://localhost/any',
  mysql: 'mysql://localhost/any',
  mariadb: 'mariadb://localhost/any',
  sqlite: 'sqlite::memory:',
};

/** The dialects of the newest server of each kind. Nobody is asked. */
export async function everyDialect(): Promise<readonly Dialect[]> {
  return await Promise.all(everyServer.map(({ flavor }) => offlineDialect({ url: urls[flavor] }, '.')));
}
