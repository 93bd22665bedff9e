import { describe, expect, test } from 'vitest';
import { SurefootError } from '../kernel/errors.ts';
import { absoluteUrl, parseUrl } from './connection-info.ts';
import { redactUrl } from './url-text.ts';

const folder = '/project';

const files: readonly (readonly [url: string, expected: object])[] = [
  ['sqlite:./dev.db', { file: '/project/dev.db' }],
  ['sqlite:dev.db', { file: '/project/dev.db' }],
  ['sqlite:../dev.db', { file: '/dev.db' }],
  ['sqlite://dev.db', { file: '/project/dev.db' }],
  ['sqlite:///srv/app.db', { file: '/srv/app.db' }],
  ['sqlite:/srv/app.db', { file: '/srv/app.db' }],
  ['SQLITE:./dev.db', { file: '/project/dev.db' }],
  ['file:./dev.db', { file: '/project/dev.db' }],
  ['sqlite:./a%20b%3F.db', { file: '/project/a b?.db' }],
  ['sqlite:./it\'s "here" ü.db', { file: '/project/it\'s "here" ü.db' }],
  ['sqlite::memory:', { file: ':memory:' }],
  ['sqlite://:memory:', { file: ':memory:' }],
  ['sqlite:./x.db?mode=memory', { file: ':memory:' }],
  ['sqlite:./dev.db?mode=ro', { file: '/project/dev.db', readOnly: true, create: true }],
  ['sqlite:./dev.db?mode=rw', { file: '/project/dev.db', readOnly: false, create: false }],
];

describe('files', () => {
  test.each(files)('%s', (url, expected) => {
    const usual = { driver: 'node-sqlite', create: true, readOnly: false };
    expect(parseUrl(url, folder)).toEqual({ ...usual, ...expected });
  });

  test.each([
    ['pglite:', null],
    ['pglite::memory:', null],
    ['pglite:./data', '/project/data'],
    ['pglite:///srv/data', '/srv/data'],
  ])('%s', (url, dir) => {
    expect(parseUrl(url, folder)).toEqual({ driver: 'pglite', dir });
  });
});

const servers: readonly (readonly [url: string, expected: object])[] = [
  [
    'postgres://app:secret@db.example:6432/shop',
    { driver: 'pg', user: 'app', password: 'secret', host: 'db.example', port: 6432, database: 'shop' },
  ],
  ['postgresql://app@db/shop', { driver: 'pg', user: 'app', password: null, port: 5432 }],
  ['postgresql+psycopg2://app@db/shop', { driver: 'pg', host: 'db' }],
  ['mysql+pymysql://app@db/shop', { driver: 'mysql2', host: 'db', port: 3306 }],
  ['mariadb://app:@db/shop', { driver: 'mysql2', user: 'app', password: '' }],
  ['postgres://', { host: 'localhost', port: 5432, user: null, database: null }],
  ['postgres:///shop', { host: 'localhost', database: 'shop' }],
  ['postgres://a%40b:p%2Fw%23%3A%25@h/d%2Fb', { user: 'a@b', password: 'p/w#:%', database: 'd/b' }],
  ['postgres://u:p@ss@h/d', { password: 'p@ss', host: 'h' }],
  ['postgres://u:a:b@h/d', { password: 'a:b' }],
  ['postgres://u@[::1]:5433/d', { host: '::1', port: 5433 }],
  ['postgres://%2Frun%2Fpostgresql/d', { socket: '/run/postgresql', database: 'd' }],
  ['postgres:///d?host=/run/postgresql&port=5433', { socket: '/run/postgresql', port: 5433 }],
  ['mysql://u@localhost/d?socket=/run/mysqld.sock', { socket: '/run/mysqld.sock', tls: null }],
  ['mysql://u@h/d?connect_timeout=3', { connectTimeoutMs: 3000 }],
  ['postgres://h/d?schema=my%20app', { options: '-c search_path="my\\ app"' }],
  ['postgres://h/d?application_name=web', { applicationName: 'web' }],
  ['postgres://h/d?connection_limit=1&pgbouncer=true', { database: 'd', tls: null }],
];

describe('servers', () => {
  test.each(servers)('%s', (url, expected) => {
    expect(parseUrl(url, folder)).toMatchObject(expected);
  });
});

const tls: readonly (readonly [query: string, expected: object | null])[] = [
  ['postgres://h/d?sslmode=disable', null],
  ['postgres://h/d?sslmode=prefer', { mode: 'prefer' }],
  ['postgres://h/d?sslmode=require', { mode: 'require' }],
  ['postgres://h/d?ssl=true', { mode: 'require' }],
  ['postgres://h/d?sslmode=require&sslrootcert=ca.pem', { mode: 'verify-ca', ca: '/project/ca.pem' }],
  ['postgres://h/d?sslmode=verify-full&sslrootcert=system', { mode: 'verify-full', ca: null }],
  [
    'postgres://h/d?sslmode=verify-ca&sslrootcert=/c/ca.pem&sslcert=c.pem&sslkey=k.pem',
    { mode: 'verify-ca', ca: '/c/ca.pem', cert: '/project/c.pem', key: '/project/k.pem' },
  ],
  ['mysql://h/d?ssl-mode=REQUIRED', { mode: 'require' }],
  ['mysql://h/d?ssl=true', { mode: 'require' }],
  ['mysql://h/d?ssl-mode=VERIFY_IDENTITY&ssl-ca=ca.pem', { mode: 'verify-full', ca: '/project/ca.pem' }],
  ['mysql://h/d?ssl-ca=ca.pem', { mode: 'verify-ca', ca: '/project/ca.pem' }],
  ['mysql://h/d?ssl-mode=DISABLED&ssl-ca=ca.pem', null],
  ['mysql://h/d?ssl={"rejectUnauthorized":true}', { mode: 'verify-full' }],
];

describe('TLS', () => {
  test.each(tls)('%s', (url, expected) => {
    const info = parseUrl(url, folder);
    if (!('tls' in info)) throw new Error('not a server');
    if (expected === null) expect(info.tls).toBeNull();
    else expect(info.tls).toMatchObject(expected);
  });
});

const wrong = [
  '',
  'dev.db',
  'oracle://u:secret@h/d',
  'u:secret@h/d',
  'postgres:u:secret@h/d',
  'postgres://u:12/secret@h/d',
  'postgres://u:secret@h:port/d',
  'postgres://u:secret@h:0/d',
  'postgres://u:secret@h:70000/d',
  'postgres://u:secret@h/d#secret',
  'postgres://u:12#secret@h/d',
  'postgres://u:secret%zz@h/d',
  'postgres://u:secret@a,b/d',
  'postgres://u:secret@h/d?sslmode=on',
  'postgres://u:secret@h/d?sslmod=require',
  'mysql://u:secret@h/d?tls=true',
  'mysql://u:secret@h/d?ssl-mode=__proto__',
  'postgres://u:secret@h/d?connect_timeout=soon',
  'sqlite:',
  'sqlite://',
  'sqlite:./dev.db?mode=rwx',
];

describe('a URL that cannot be read', () => {
  test.each(wrong)('%s is refused without its password', (url) => {
    const error = thrown(() => parseUrl(url, folder));
    expect(error.code).toBe('url/invalid');
    expect(error.hint).toBeTruthy();
    const shown = JSON.stringify([error.message, error.details, error.hint]);
    expect(shown).not.toMatch(/secret@|:secret|12.secret/);
  });
});

describe('what is shown', () => {
  test.each([
    ['postgres://u:p@h/d', 'postgres://u:***@h/d'],
    ['postgres://u:p@h@x/d', 'postgres://u:***@x/d'],
    ['postgres://u:12/p@h/d', 'postgres://u:***@h/d'],
    ['postgres://u:p?q=1#x@h/d', 'postgres://u:***@h/d'],
    ['postgres://u:line\nbreak@h/d', 'postgres://u:***@h/d'],
    ['postgres://u@h:5432/d', 'postgres://u@h:5432/d'],
    ['postgres://h/d?user=u&password=p&x=1', 'postgres://h/d?user=u&password=***&x=1'],
    ['u:p@h/d', 'u:***@h/d'],
    ['sqlite:./a@b.db', 'sqlite:./a@b.db'],
    ['sqlite::memory:', 'sqlite::memory:'],
  ])('%s', (url, shown) => {
    expect(redactUrl(url)).toBe(shown);
  });

  test.each([
    ['postgres://u:p@h/d?sslmode=require&password=p', 'postgres://u@h:5432/d'],
    ['mariadb://u:p@[::1]/d', 'mariadb://u@[::1]:3306/d'],
    ['postgresql://a%40b:p@h/', 'postgresql://a%40b@h:5432/'],
    ['mysql://u:p@h/d?socket=/run/m.sock', 'mysql://u@%2Frun%2Fm.sock/d'],
  ])('%s is described', (url, description) => {
    expect(parseUrl(url, folder)).toMatchObject({ description });
  });
});

describe('absoluteUrl', () => {
  test.each([
    ['sqlite:./dev.db', 'sqlite:/project/dev.db'],
    ['sqlite:./a%20%3F%25.db?mode=ro', 'sqlite:/project/a %3F%25.db?mode=ro'],
    ['sqlite::memory:', 'sqlite::memory:'],
    ['pglite:./data', 'pglite:/project/data'],
    ['pglite:', 'pglite:'],
    ['postgres://u:p@h/d?sslrootcert=./ca.pem', 'postgres://u:p@h/d?sslrootcert=%2Fproject%2Fca.pem'],
    ['postgres://u:p@h/d?sslrootcert=system', 'postgres://u:p@h/d?sslrootcert=system'],
  ])('%s', (url, absolute) => {
    expect(absoluteUrl(url, folder)).toBe(absolute);
    expect(parseUrl(absolute, '/elsewhere')).toEqual(parseUrl(url, folder));
  });
});

function thrown(work: () => unknown): SurefootError {
  try {
    work();
  } catch (error) {
    if (error instanceof SurefootError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
