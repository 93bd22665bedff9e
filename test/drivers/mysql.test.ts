import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import callbacks from 'mysql2';
import promises from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mysql2Database } from '../../src/drivers/mysql2.ts';
import { type FreshDatabase, freshDatabase, selectedEngines } from '../servers/index.ts';

const engines = selectedEngines().filter((engine) => engine === 'mariadb' || engine === 'mysql9');

describe.skipIf(engines.length === 0)('MySQL and MariaDB through mysql2', () => {
  describe.each(engines)('%s', (engine) => {
    let fresh: FreshDatabase;
    beforeAll(async () => {
      fresh = await freshDatabase(engine);
    });
    afterAll(async () => {
      await fresh.drop();
    });
    const changed = (change: (url: URL) => void): string => {
      const url = new URL(fresh.url);
      change(url);
      return url.href;
    };
    const options = () => {
      const { hostname, port, username, password, pathname } = new URL(fresh.url);
      return {
        host: hostname,
        port: Number(port),
        user: decodeURIComponent(username),
        password: decodeURIComponent(password),
        database: decodeURIComponent(pathname.slice(1)),
      };
    };

    const values = `SELECT 9007199254740993 AS big, 1.10 AS exact, DATE '2020-02-29' AS day, 7 AS small,
      TIMESTAMP '2020-02-29 01:02:03' AS moment, X'00FF' AS bytes, '𝄞' AS text`;
    const read = {
      big: '9007199254740993',
      exact: '1.10',
      day: '2020-02-29',
      small: '7',
      moment: '2020-02-29 01:02:03',
      bytes: Buffer.from([0, 255]),
      text: '𝄞',
    };

    test('values without loss, errors with their number', async () => {
      const database = mysql2Database({ url: fresh.url });
      const connection = await database.connect();
      const [row] = (await connection.query(values)).rows;
      expect({ ...row, small: String(row?.['small']) }).toEqual(read);
      const bound = await connection.query('SELECT ? AS a, HEX(?) AS b, ? AS c, ? AS d', [
        9007199254740993n,
        new Uint8Array([0, 255]),
        false,
        null,
      ]);
      // An integer literal is INT for MariaDB, and BIGINT, so text, for MySQL.
      const [first] = bound.rows;
      expect({ ...first, c: Number(first?.['c']) }).toEqual({
        a: '9007199254740993',
        b: '00FF',
        c: 0,
        d: null,
      });
      await expect(connection.query('SELECT * FROM `no``where`')).rejects.toMatchObject({
        code: 'database/query-failed',
        details: { sql: 'SELECT * FROM `no``where`', code: '1146' },
        cause: expect.objectContaining({ errno: 1146 }),
      });
      await expect(connection.query('SELECT 1; SELECT 2')).rejects.toMatchObject({
        details: { code: '1064' },
      });
      await database.close();
    });

    test('parameters are bound by the server, whatever the mode says about backslashes', async () => {
      const database = mysql2Database({ url: fresh.url });
      const connection = await database.connect();
      await connection.query("SET sql_mode = 'NO_BACKSLASH_ESCAPES,ANSI_QUOTES'");
      const hostile = `\\'; DROP TABLE x; -- " ? ü\n`;
      expect((await connection.query('SELECT ? AS a', [hostile])).rows).toEqual([{ a: hostile }]);
      expect((await connection.query('SELECT 1 AS a LIMIT ?', [1])).rows).toHaveLength(1);
      expect((await connection.query("SELECT '?' AS a, 'x' AS \"b?\"")).rows).toEqual([
        { a: '?', 'b?': 'x' },
      ]);
      await database.close();
    });

    test('JSON stays text, in both protocols', async () => {
      const database = mysql2Database({ url: fresh.url });
      const connection = await database.connect();
      await connection.script([
        'CREATE TABLE documents (a JSON, b BIGINT UNSIGNED)',
        `INSERT INTO documents VALUES ('{"a": 9007199254740993}', 18446744073709551615)`,
      ]);
      const expected = [{ a: '{"a": 9007199254740993}', b: '18446744073709551615' }];
      expect((await connection.query('SELECT * FROM documents')).rows).toEqual(expected);
      expect((await connection.query('SELECT * FROM documents WHERE ? = 1', [1])).rows).toEqual(expected);
      expect((await connection.query('UPDATE documents SET b = 1')).affected).toBe(1);
      await database.close();
    });

    test('a script stops at the first failure', async () => {
      const database = mysql2Database({ url: fresh.url });
      const connection = await database.connect();
      const script = connection.script([
        'CREATE TABLE s1 (x int)',
        'CREATE TABLE s1 (x int)',
        'CREATE TABLE s2 (x int)',
      ]);
      await expect(script).rejects.toMatchObject({
        details: { code: '1050', sql: 'CREATE TABLE s1 (x int)' },
      });
      expect((await connection.query("SHOW TABLES LIKE 's2'")).rows).toEqual([]);
      await database.close();
    });

    test('the database closes the sessions it opened', async () => {
      const database = mysql2Database({ url: fresh.url });
      const [one, two] = [await database.connect(), await database.connect()];
      const id = async (connection: typeof one) =>
        (await connection.query('SELECT CONNECTION_ID() AS id')).rows[0];
      expect(await id(one)).not.toEqual(await id(two));
      await one.close();
      await one.close();
      await database.close();
      await expect(two.query('SELECT 1')).rejects.toMatchObject({ code: 'database/lost' });
    });

    test('a wrong password, an unknown user and an unknown database are denied', async () => {
      const urls = [
        changed((url) => (url.password = 'wr0ng-secret')),
        changed((url) => (url.username = 'nobody_here')),
        changed((url) => (url.pathname = '/no_such_database')),
      ];
      for (const url of urls) {
        const error = await mysql2Database({ url })
          .connect()
          .catch((reason: unknown) => reason);
        expect(error).toMatchObject({
          code: 'database/denied',
          details: { code: expect.stringMatching(/^(?:1044|1045|1049|1698)$/) },
        });
        expect(JSON.stringify([String(error), error])).not.toContain('wr0ng-secret');
      }
    });

    test('a session that is ended by the server is lost, and nothing dies of it', async () => {
      const database = mysql2Database({ url: fresh.url });
      const [victim, other] = [await database.connect(), await database.connect()];
      const id = async (connection: typeof victim) =>
        Number((await connection.query('SELECT CONNECTION_ID() AS id')).rows[0]?.['id']);
      const victimId = await id(victim);
      const running = victim.query('SELECT SLEEP(30)').catch((reason: unknown) => reason);
      await other.query(`KILL ${victimId}`);
      expect(await running).toMatchObject({ code: 'database/lost' });
      await expect(victim.query('SELECT 1')).rejects.toMatchObject({ code: 'database/lost' });
      await victim.close();

      const idle = await database.connect();
      await other.query(`KILL ${await id(idle)}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
      await expect(idle.query('SELECT 1')).rejects.toMatchObject({ code: 'database/lost' });
      await database.close();
    });

    test('a transaction that may only read', async () => {
      const database = mysql2Database({ url: fresh.url });
      const connection = await database.connect();
      await connection.query('CREATE TABLE ro (a int)');
      await connection.query('START TRANSACTION READ ONLY');
      await expect(connection.query('INSERT INTO ro VALUES (1)')).rejects.toMatchObject({
        code: 'database/read-only',
        details: { code: '1792' },
      });
      await database.close();
    });

    describe('TLS', () => {
      const open = async (parameters: Readonly<Record<string, string>>) => {
        const database = mysql2Database({
          url: changed((url) => {
            for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
          }),
        });
        try {
          const connection = await database.connect();
          return (await connection.query("SHOW SESSION STATUS LIKE 'Ssl_cipher'")).rows[0]?.['Value'];
        } finally {
          await database.close();
        }
      };
      let folder = '';
      let ca = '';
      beforeAll(async () => {
        folder = await mkdtemp(join(tmpdir(), 'surefoot-'));
        ca = join(folder, 'ca.pem');
        await writeFile(ca, await authorityOf(options()));
      });
      afterAll(async () => {
        await rm(folder, { recursive: true });
      });

      test('none unless asked', async () => {
        expect(await open({})).toBe('');
        expect(await open({ 'ssl-mode': 'DISABLED' })).toBe('');
      });

      test.each(['PREFERRED', 'REQUIRED'])('%s encrypts', async (mode) => {
        expect(await open({ 'ssl-mode': mode })).toMatch(/\w/);
      });

      test('VERIFY_CA refuses an authority it does not know', async () => {
        await expect(open({ 'ssl-mode': 'VERIFY_CA' })).rejects.toMatchObject({
          code: 'database/unreachable',
          hint: expect.stringContaining('ssl-ca='),
        });
      });

      test('VERIFY_CA takes the authority that is named', async () => {
        expect(await open({ 'ssl-ca': ca })).toMatch(/\w/);
      });

      test('VERIFY_IDENTITY compares the name too', async () => {
        const named = (host: string) =>
          changed((url) => {
            url.hostname = host;
            url.search = `?ssl-mode=VERIFY_IDENTITY&ssl-ca=${encodeURIComponent(ca)}`;
          });
        await expect(mysql2Database({ url: named('localhost') }).connect()).rejects.toMatchObject({
          code: 'database/unreachable',
          message: expect.stringContaining("does not match certificate's altnames"),
        });
        await expect(mysql2Database({ url: named('127.0.0.1') }).connect()).rejects.toMatchObject({
          code: 'usage/invalid',
          hint: expect.stringContaining('VERIFY_CA'),
        });
      });
    });

    describe("what is the user's", () => {
      const flavours = {
        promise: () => promises.createConnection(options()),
        callback: async () => callbacks.createConnection(options()),
      };

      test.each(['promise', 'callback'] as const)(
        'a connection (%s) is neither closed nor changed',
        async (flavour) => {
          const connection = await flavours[flavour]();
          const mine = 'promise' in connection ? connection.promise() : connection;
          await mine.query("SET sql_mode = 'ANSI_QUOTES', lock_wait_timeout = 77, time_zone = '+02:00'");
          const database = mysql2Database({ connection });
          const session = await database.connect();
          const [row] = (await session.query(values)).rows;
          expect({ ...row, small: String(row?.['small']) }).toEqual(read);
          await session.query(
            "SET sql_mode = 'STRICT_ALL_TABLES', lock_wait_timeout = 5, time_zone = '+00:00'",
          );
          await session.query('SET foreign_key_checks = 0, unique_checks = 0');
          await session.close();
          await database.close();
          const [rows] = await mine.query(
            'SELECT @@sql_mode AS a, @@lock_wait_timeout AS b, @@time_zone AS c, @@foreign_key_checks AS d, @@unique_checks AS e',
          );
          expect(rows).toEqual([{ a: 'ANSI_QUOTES', b: 77, c: '+02:00', d: 1, e: 1 }]);
          await mine.end();
        },
      );

      test.each(['promise', 'callback'] as const)('a pool (%s) gets its sessions back', async (flavour) => {
        const settings = { ...options(), connectionLimit: 1 };
        const pool = flavour === 'promise' ? promises.createPool(settings) : callbacks.createPool(settings);
        const mine = 'promise' in pool ? pool.promise() : pool;
        const database = mysql2Database({ pool });
        const connection = await database.connect();
        const [before] = (await connection.query('SELECT CONNECTION_ID() AS id')).rows;
        await connection.query('SET lock_wait_timeout = 5');
        await connection.query('START TRANSACTION');
        await connection.close();
        await connection.close();
        const [rows] = await mine.query('SELECT CONNECTION_ID() AS id, @@lock_wait_timeout <> 5 AS restored');
        expect(rows).toEqual([{ id: Number(before?.['id']), restored: 1 }]);

        const broken = await database.connect();
        await expect(broken.query(`KILL ${before?.['id']}`)).rejects.toThrow();
        await broken.close();
        const [after] = await mine.query('SELECT CONNECTION_ID() AS id');
        expect(after).not.toEqual([{ id: Number(before?.['id']) }]);
        await database.close();
        await mine.end();
      });
    });
  });
});

describe('a server that does not answer', () => {
  test('a refused port is named, with a hint', async () => {
    const url = `mysql://u:s3cret@127.0.0.1:${await freePort()}/d`;
    const error = await mysql2Database({ url })
      .connect()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'database/unreachable',
      message: expect.stringContaining(new URL(url).host),
      details: { code: 'ECONNREFUSED' },
    });
    expect(JSON.stringify([String(error), error])).not.toContain('s3cret');
  });

  test('a name that no server has', async () => {
    const url = 'mysql://u@surefoot.invalid/d';
    await expect(mysql2Database({ url }).connect()).rejects.toMatchObject({ code: 'database/unreachable' });
  });

  test('a port that takes the call and says nothing', async () => {
    const silent = createServer(() => undefined);
    const port = await listen(silent);
    const url = `mysql://u@127.0.0.1:${port}/d?connect_timeout=0.2`;
    await expect(mysql2Database({ url }).connect()).rejects.toMatchObject({ code: 'database/unreachable' });
    silent.close();
  });

  test('a port that hangs up', async () => {
    const rude = createServer((socket) => socket.destroy());
    const port = await listen(rude);
    await expect(mysql2Database({ url: `mysql://u@127.0.0.1:${port}/d` }).connect()).rejects.toMatchObject({
      code: 'database/unreachable',
    });
    rude.close();
  });
});

function listen(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The certificate at the end of the server's chain. */
async function authorityOf(settings: object): Promise<string> {
  const connection = callbacks.createConnection({ ...settings, ssl: { rejectUnauthorized: false } });
  await connection.promise().query('SELECT 1');
  const { stream } = connection as unknown as { readonly stream: TLSSocket };
  let certificate = stream.getPeerCertificate(true);
  while (certificate.issuerCertificate && certificate.issuerCertificate !== certificate) {
    certificate = certificate.issuerCertificate;
  }
  connection.destroy();
  const lines = certificate.raw.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
