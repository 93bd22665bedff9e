import { DatabaseSync } from 'node:sqlite';
import { PGlite } from '@electric-sql/pglite';
import callbacks from 'mysql2';
import promises from 'mysql2/promise';
import pg from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { offlineDialect, openDatabase } from './choose-dialect.ts';

// Recognising needs no server: pools and clients connect only when they are asked something.
const open: { readonly end: () => unknown }[] = [];
afterAll(async () => {
  for (const { end } of open) await end();
});

function kept<T>(object: T, end: (object: T) => unknown): T {
  open.push({ end: () => end(object) });
  return object;
}

describe('what the user hands in is recognised', () => {
  const nowhere = { host: '127.0.0.1', port: 9, connectionLimit: 1 };

  test.each([
    ['a pool of pg', () => kept(new pg.Pool(), (pool) => pool.end()), 'postgres', 'many'],
    ['a client of pg', () => new pg.Client(), 'postgres', 'one'],
    ['a PGlite', () => kept(new PGlite(), (instance) => instance.close()), 'postgres', 'one'],
    [
      'a pool of mysql2',
      () => kept(callbacks.createPool(nowhere), (pool) => pool.end(() => undefined)),
      'mysql',
      'many',
    ],
    [
      'a pool of mysql2/promise',
      () => kept(promises.createPool(nowhere), (pool) => pool.end()),
      'mysql',
      'many',
    ],
    ['a DatabaseSync', () => kept(new DatabaseSync(':memory:'), (handle) => handle.close()), 'sqlite', 'one'],
    ['what carries a client', () => ({ $client: new pg.Client() }), 'postgres', 'one'],
  ] as const)('%s', async (_, make, dialectName, sessions) => {
    expect(await openDatabase({ connection: make() })).toMatchObject({ dialectName, database: { sessions } });
  });

  test('a connection of mysql2', async () => {
    const connection = callbacks.createConnection(nowhere);
    connection.on('error', () => undefined);
    for (const given of [connection, connection.promise()]) {
      expect(await openDatabase({ connection: given })).toMatchObject({
        dialectName: 'mysql',
        database: { sessions: 'one' },
      });
    }
    connection.destroy();
  });

  test.each([null, undefined, 'postgres://h/d', {}, { query: () => undefined }, { prepare() {}, exec() {} }])(
    '%j is refused',
    async (connection) => {
      await expect(openDatabase({ connection })).rejects.toMatchObject({ code: 'usage/invalid' });
    },
  );
});

describe('a URL chooses the dialect', () => {
  test.each([
    ['sqlite::memory:', 'sqlite', 'one'],
    ['sqlite:./dev.db', 'sqlite', 'many'],
    ['pglite:', 'postgres', 'one'],
    ['postgres://u@h/d', 'postgres', 'many'],
    ['mysql://u@h/d', 'mysql', 'many'],
    ['mariadb://u@h/d', 'mysql', 'many'],
  ])('%s', async (url, dialectName, sessions) => {
    expect(await openDatabase({ url })).toMatchObject({ dialectName, database: { sessions } });
  });

  test('relative to a folder', async () => {
    const { database } = await openDatabase({ url: 'sqlite:./dev.db', folder: '/project' });
    expect(database.description).toBe('sqlite:/project/dev.db');
  });
});

const urlOf = {
  sqlite: 'sqlite::memory:',
  postgres: 'postgres://h/d',
  mysql: 'mysql://h/d',
  mariadb: 'mariadb://h/d',
};

test.each([
  [undefined, undefined, 'sqlite', null],
  [undefined, 'PostgreSQL 14.5 (Debian 14.5-1)', 'postgres', [14, 5, 0]],
  [undefined, 'MariaDB 10.6.4', 'mariadb', [10, 6, 4]],
  [undefined, 'MySQL 8.0.36', 'mysql', [8, 0, 36]],
  ['mysql://h/d', 'MariaDB 10.6.4', 'mariadb', [10, 6, 4]],
  ['mysql://h/d', 'PostgreSQL 14.5', 'mysql', null],
  ['postgres://h/d', 'SQLite 3.53.4', 'postgres', null],
  ['sqlite::memory:', 'PostgreSQL 14.5', 'sqlite', null],
  [undefined, 'Oracle 23', 'sqlite', null],
] as const)('offline, of the URL %s and what a server said, %s', async (url, product, flavor, version) => {
  const { traits } = await offlineDialect({ url, product }, '/');
  expect(traits.flavor).toBe(flavor);
  const newest = await offlineDialect({ url: urlOf[flavor] }, '/');
  expect(traits.version).toEqual(version ?? newest.traits.version);
});
