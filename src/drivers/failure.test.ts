import { describe, expect, test } from 'vitest';
import type { Failure } from './failure.ts';
import { databaseError } from './failure.ts';
import { mysqlFailure } from './mysql-failure.ts';
import { nodeSqlite } from './node-sqlite.ts';
import { postgresFailure } from './postgres-failure.ts';

const error = (facts: object, message = 'as the server says') => Object.assign(new Error(message), facts);

describe('PostgreSQL', () => {
  test.each([
    ['28P01', 'connect', 'denied'],
    ['28000', 'connect', 'denied'],
    ['3D000', 'connect', 'denied'],
    ['42501', 'connect', 'denied'],
    ['42501', 'query', 'query-failed'],
    ['3D000', 'query', 'query-failed'],
    ['53300', 'connect', 'unreachable'],
    ['57P03', 'connect', 'unreachable'],
    ['XX000', 'connect', 'unreachable'],
    ['57P01', 'query', 'lost'],
    ['57P02', 'query', 'lost'],
    ['57P05', 'query', 'lost'],
    ['25P03', 'query', 'lost'],
    ['08006', 'query', 'lost'],
    ['53100', 'query', 'full'],
    ['25006', 'query', 'read-only'],
    ['23505', 'query', 'query-failed'],
    ['ECONNREFUSED', 'connect', 'unreachable'],
    ['ETIMEDOUT', 'connect', 'unreachable'],
    ['ECONNRESET', 'connect', 'unreachable'],
    ['ECONNRESET', 'query', 'lost'],
    ['EPIPE', 'query', 'lost'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'connect', 'unreachable'],
  ] as const)('%s at %s is %s', (code, moment, kind) => {
    expect(postgresFailure(error({ code }), moment)).toMatchObject({ kind, code });
  });

  test.each([
    'Connection terminated unexpectedly',
    'Client has encountered a connection error and is not queryable',
  ])('%s', (message) => {
    expect(postgresFailure(error({}, message), 'query')).toMatchObject({ kind: 'lost', code: null });
  });

  test("the server's own hint is kept", () => {
    const facts = { code: '42703', hint: 'Perhaps you meant …' };
    expect(postgresFailure(error(facts), 'query')).toMatchObject({ hint: 'Perhaps you meant …' });
  });
});

describe('MySQL and MariaDB', () => {
  test.each([
    [1045, 'connect', 'denied'],
    [1044, 'connect', 'denied'],
    [1049, 'connect', 'denied'],
    [1698, 'connect', 'denied'],
    [1142, 'query', 'query-failed'],
    [1040, 'connect', 'unreachable'],
    [4031, 'query', 'lost'],
    [1927, 'query', 'lost'],
    [1053, 'query', 'lost'],
    [1021, 'query', 'full'],
    [1114, 'query', 'full'],
    [1836, 'query', 'read-only'],
    [1062, 'query', 'query-failed'],
  ] as const)('%i at %s is %s', (errno, moment, kind) => {
    expect(mysqlFailure(error({ errno, code: 'ER_SOMETHING' }), moment)).toMatchObject({
      kind,
      code: String(errno),
    });
  });

  test('1290 is about reading only if it says so', () => {
    const says = (option: string) =>
      mysqlFailure(
        error(
          { errno: 1290 },
          `The MySQL server is running with the ${option} option so it cannot execute this statement`,
        ),
        'query',
      ).kind;
    expect(says('--read-only')).toBe('read-only');
    expect(says('--super-read-only')).toBe('read-only');
    expect(says('--secure-file-priv')).toBe('query-failed');
  });

  test('a disk that is full speaks through several errors', () => {
    const message = 'Error writing file ./a.ibd (errno: 28 "No space left on device")';
    expect(mysqlFailure(error({ errno: 3 }, message), 'query')).toMatchObject({ kind: 'full', code: '3' });
  });

  test('a connection that was closed', () => {
    const closed = error({}, "Can't add new command when connection is in closed state");
    expect(mysqlFailure(closed, 'query').kind).toBe('lost');
    expect(mysqlFailure(error({ code: 'PROTOCOL_CONNECTION_LOST' }), 'query').kind).toBe('lost');
  });
});

describe('what to do about a statement that failed', () => {
  const hintOf = (failure: Failure) => databaseError(failure, { database: 'd', sql: 'x' }, null).hint;

  test.each([
    ['42501', /grant/i],
    ['42P01', /spelling/],
    ['42703', /spelling/],
    ['42P07', /there already/],
    ['42601', /Correct the SQL/],
    ['23505', /rows/i],
    ['23502', /rows/i],
    ['22001', /rows/i],
    ['55P03', /another session/i],
    ['40P01', /another session/i],
    ['XX001', /damaged/],
    ['0A000', /run it again/],
  ])('PostgreSQL %s', (code, hint) => {
    expect(hintOf(postgresFailure(error({ code }), 'query'))).toMatch(hint);
  });

  test.each([
    [1142, /grant/i],
    [1146, /spelling/],
    [1054, /spelling/],
    [1050, /there already/],
    [1064, /Correct the SQL/],
    [1062, /rows/i],
    [1452, /rows/i],
    [1265, /rows/i],
    [1205, /another session/i],
    [1213, /another session/i],
    [1235, /run it again/],
  ])('MySQL %i', (errno, hint) => {
    expect(hintOf(mysqlFailure(error({ errno }), 'query'))).toMatch(hint);
  });

  test.each([
    ['SELECT * FROM nowhere', /spelling/],
    ['SELECT missing FROM t', /spelling/],
    ['CREATE TABLE t (a)', /there already/],
    ['ALTER TABLE t ADD COLUMN a', /there already/],
    ['CREATE TABLE (', /Correct the SQL/],
    ["SELECT 'open", /Correct the SQL/],
    ['INSERT INTO t VALUES (NULL)', /rows/i],
    ['SELECT 1; SELECT 2', /by itself/],
    ['SELECT sum(1, 2, 3)', /run it again/],
  ])('SQLite: %s', async (sql, hint) => {
    const connection = await nodeSqlite({ file: ':memory:' }).connect();
    await connection.query('CREATE TABLE t (a NOT NULL)');
    await expect(connection.query(sql)).rejects.toMatchObject({
      code: 'database/query-failed',
      hint: expect.stringMatching(hint),
    });
    await connection.close();
  });
});

test('a refusal keeps the cause, the code and a hint', () => {
  const cause = error({ code: '53100' });
  const refusal = databaseError(
    postgresFailure(cause, 'query'),
    { database: 'postgres://u@h:5432/d' },
    cause,
  );
  expect(refusal).toMatchObject({
    code: 'database/full',
    message: 'postgres://u@h:5432/d has no space left: as the server says',
    details: { database: 'postgres://u@h:5432/d', code: '53100' },
    hint: expect.stringContaining('resumes'),
    cause,
  });
});

test('a host of several addresses that all refuse', () => {
  const refused = error({ code: 'ECONNREFUSED' }, 'connect ECONNREFUSED ::1:5432');
  const cause = Object.assign(new AggregateError([refused, refused]), { code: 'ECONNREFUSED' });
  expect(postgresFailure(cause, 'connect')).toMatchObject({
    kind: 'unreachable',
    message: 'connect ECONNREFUSED ::1:5432',
  });
});
