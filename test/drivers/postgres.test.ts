import { createServer } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pgDatabase } from '../../src/drivers/pg.ts';
import { type FreshDatabase, freshDatabase, selectedEngines } from '../servers/index.ts';

const engines = selectedEngines().filter((engine) => engine === 'postgres14' || engine === 'postgres18');

describe.skipIf(engines.length === 0)('PostgreSQL through pg', () => {
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

    test('values without loss, errors with their SQLSTATE', async () => {
      const database = pgDatabase({ url: fresh.url });
      const connection = await database.connect();
      const { rows } = await connection.query(
        `SELECT 9007199254740993::int8 AS big, 1.10::numeric AS exact, '{"a": 1}'::jsonb AS document,
           'infinity'::timestamptz AS forever, date '2020-02-29' AS day, 7 AS small, true AS flag,
           '\\x00ff'::bytea AS bytes, array['a,"b', NULL]::name[] AS names`,
      );
      expect(rows).toEqual([
        {
          big: '9007199254740993',
          exact: '1.10',
          document: '{"a": 1}',
          forever: 'infinity',
          day: '2020-02-29',
          small: 7,
          flag: true,
          bytes: Buffer.from([0, 255]),
          names: ['a,"b', null],
        },
      ]);
      const bound = await connection.query(
        'SELECT $1::int8 AS a, $2::bytea AS b, $3::bool AS c, $4::text AS d',
        [9007199254740993n, new Uint8Array([0, 255]), false, null],
      );
      expect(bound.rows).toEqual([{ a: '9007199254740993', b: Buffer.from([0, 255]), c: false, d: null }]);
      await expect(connection.query('SELECT * FROM "no""where"')).rejects.toMatchObject({
        code: 'database/query-failed',
        details: { sql: 'SELECT * FROM "no""where"', code: '42P01' },
        cause: expect.objectContaining({ code: '42P01' }),
      });
      await database.close();
    });

    test('a script is one round trip and one transaction', async () => {
      const database = pgDatabase({ url: fresh.url });
      const connection = await database.connect();
      await connection.script([
        'CREATE TABLE a (x int) -- comment',
        "INSERT INTO a VALUES (1); -- ';",
        'SELECT 1',
      ]);
      await expect(connection.script(['INSERT INTO a VALUES (2)', 'SELECT 1/0'])).rejects.toMatchObject({
        details: { code: '22012' },
      });
      expect((await connection.query('SELECT x FROM a')).rows).toEqual([{ x: 1 }]);
      expect((await connection.query('UPDATE a SET x = 3')).affected).toBe(1);
      await connection.script([]);
      await database.close();
    });

    test('sessions are many, and the database closes those it opened', async () => {
      const database = pgDatabase({ url: fresh.url });
      const [one, two] = [await database.connect(), await database.connect()];
      const pid = async (connection: typeof one) =>
        (await connection.query('SELECT pg_backend_pid() AS pid')).rows[0];
      expect(await pid(one)).not.toEqual(await pid(two));
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
        const error = await pgDatabase({ url })
          .connect()
          .catch((reason: unknown) => reason);
        expect(error).toMatchObject({
          code: 'database/denied',
          details: { code: expect.stringMatching(/^(?:28|3D)/) },
        });
        expect(JSON.stringify([String(error), error])).not.toContain('wr0ng-secret');
      }
    });

    test('a session that is ended by the server is lost, and nothing dies of it', async () => {
      const database = pgDatabase({ url: fresh.url });
      const [victim, other] = [await database.connect(), await database.connect()];
      const pid = Number((await victim.query('SELECT pg_backend_pid() AS pid')).rows[0]?.['pid']);
      const running = victim.query('SELECT pg_sleep(30)').catch((reason: unknown) => reason);
      await other.query('SELECT pg_terminate_backend($1)', [pid]);
      expect(await running).toMatchObject({ code: 'database/lost', details: { code: '57P01' } });
      await expect(victim.query('SELECT 1')).rejects.toMatchObject({ code: 'database/lost' });
      await victim.close();

      const idle = await database.connect();
      const idlePid = Number((await idle.query('SELECT pg_backend_pid() AS pid')).rows[0]?.['pid']);
      await other.query('SELECT pg_terminate_backend($1)', [idlePid]);
      await new Promise((resolve) => setTimeout(resolve, 200));
      await expect(idle.query('SELECT 1')).rejects.toMatchObject({ code: 'database/lost' });
      await database.close();
    });

    test('a transaction that may only read', async () => {
      const database = pgDatabase({ url: fresh.url });
      const connection = await database.connect();
      await connection.query('BEGIN READ ONLY');
      await expect(connection.query('CREATE TABLE nope (a int)')).rejects.toMatchObject({
        code: 'database/read-only',
        details: { code: '25006' },
      });
      await database.close();
    });

    test('a server without TLS: prefer goes on, require refuses', async () => {
      const prefer = pgDatabase({ url: changed((url) => url.searchParams.set('sslmode', 'prefer')) });
      expect((await (await prefer.connect()).query('SELECT 1 AS a')).rows).toEqual([{ a: 1 }]);
      await prefer.close();
      const require = pgDatabase({ url: changed((url) => url.searchParams.set('sslmode', 'require')) });
      await expect(require.connect()).rejects.toMatchObject({
        code: 'database/unreachable',
        hint: expect.stringContaining('sslmode'),
      });
    });

    test('a certificate file that is missing is named', async () => {
      const url = changed((it) => (it.search = '?sslmode=verify-full&sslrootcert=/no/such/ca.pem'));
      await expect(pgDatabase({ url }).connect()).rejects.toMatchObject({
        code: 'usage/invalid',
        message: expect.stringContaining('/no/such/ca.pem'),
      });
    });

    test('the namespace of the URL is the session’s', async () => {
      const database = pgDatabase({ url: changed((url) => url.searchParams.set('schema', 'My \\ "app')) });
      const connection = await database.connect();
      expect((await connection.query('SHOW search_path')).rows).toEqual([{ search_path: '"My \\ ""app"' }]);
      await database.close();
    });

    describe("what is the user's", () => {
      test('a client is neither closed nor changed', async () => {
        const client = new pg.Client({ connectionString: fresh.url });
        await client.connect();
        await client.query("SET lock_timeout = '7s'; SET search_path = 'a b', public");
        const database = pgDatabase({ client });
        const connection = await database.connect();
        await connection.query('SET lock_timeout = 1000');
        await connection.query('SET search_path = pg_catalog');
        await connection.query('SET statement_timeout = 1000');
        expect(await database.connect()).toMatchObject({ native: client });
        await connection.close();
        await database.close();
        const { rows } = await client.query(
          "SELECT current_setting('lock_timeout') AS a, current_setting('search_path') AS b, current_setting('statement_timeout') AS c",
        );
        expect(rows).toEqual([{ a: '7s', b: '"a b", public', c: '0' }]);
        expect(client.listenerCount('error')).toBe(0);
        await client.end();
      });

      test('a client that is not connected is refused instead of waited for', async () => {
        const database = pgDatabase({ client: new pg.Client({ connectionString: fresh.url }) });
        await expect(database.connect()).rejects.toMatchObject({ code: 'usage/invalid' });
      });

      test('a pool gets its sessions back, as they were, and broken ones not at all', async () => {
        const pool = new pg.Pool({ connectionString: fresh.url, max: 1 });
        pool.on('error', () => undefined);
        const database = pgDatabase({ pool });
        const pid = async () => (await pool.query('SELECT pg_backend_pid() AS pid')).rows[0].pid;
        const before = await pid();
        const connection = await database.connect();
        await connection.query('BEGIN');
        await connection.query("SET lock_timeout = '1s'");
        await connection.close();
        await connection.close();
        expect(await pid()).toBe(before);
        expect((await pool.query('SHOW lock_timeout')).rows).toEqual([{ lock_timeout: '0' }]);

        const broken = await database.connect();
        await expect(broken.query('SELECT pg_terminate_backend(pg_backend_pid())')).rejects.toMatchObject({
          code: 'database/lost',
        });
        await broken.close();
        expect(await pid()).not.toBe(before);
        await database.close();
        await pool.end();
      });
    });
  });
});

describe('a server that does not answer', () => {
  test('a refused port is named, with a hint', async () => {
    const url = `postgres://u:s3cret@127.0.0.1:${await freePort()}/d`;
    const error = await pgDatabase({ url })
      .connect()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'database/unreachable',
      message: expect.stringContaining(new URL(url).host),
      details: { code: 'ECONNREFUSED' },
      hint: expect.stringContaining('surefoot wait'),
    });
    expect(JSON.stringify([String(error), error])).not.toContain('s3cret');
  });

  test('localhost, which is several addresses', async () => {
    const url = `postgres://u@localhost:${await freePort()}/d`;
    await expect(pgDatabase({ url }).connect()).rejects.toMatchObject({
      code: 'database/unreachable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('a name that no server has', async () => {
    const url = 'postgres://u@surefoot.invalid/d';
    await expect(pgDatabase({ url }).connect()).rejects.toMatchObject({ code: 'database/unreachable' });
  });

  test('a port that takes the call and says nothing', async () => {
    const silent = createServer(() => undefined);
    const port = await listen(silent);
    const url = `postgres://u@127.0.0.1:${port}/d?connect_timeout=0.2`;
    await expect(pgDatabase({ url }).connect()).rejects.toMatchObject({ code: 'database/unreachable' });
    silent.close();
  });

  test('a port that hangs up', async () => {
    const rude = createServer((socket) => socket.destroy());
    const port = await listen(rude);
    await expect(pgDatabase({ url: `postgres://u@127.0.0.1:${port}/d` }).connect()).rejects.toMatchObject({
      code: 'database/unreachable',
    });
    rude.close();
  });

  test('a socket that is not there', async () => {
    await expect(pgDatabase({ url: 'postgres:///d?host=/no/such/folder' }).connect()).rejects.toMatchObject({
      code: 'database/unreachable',
    });
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
