// The dialects that the pages speak of, as they are without a server.

import type { Dialect } from '../../../src/dialect/dialect.ts';
import { createMysql, defaultMariadbTraits, defaultMysqlTraits } from '../../../src/dialects/mysql/index.ts';
import { createPostgres, defaultPostgresTraits } from '../../../src/dialects/postgres/index.ts';
import { createSqlite } from '../../../src/dialects/sqlite/index.ts';

export const dialects: readonly { readonly title: string; readonly dialect: Dialect }[] = [
  { title: 'PostgreSQL', dialect: createPostgres(defaultPostgresTraits) },
  { title: 'MySQL', dialect: createMysql(defaultMysqlTraits) },
  { title: 'MariaDB', dialect: createMysql(defaultMariadbTraits) },
  { title: 'SQLite', dialect: createSqlite() },
];
