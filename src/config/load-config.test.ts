import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { databaseUrl, type LoadConfigOptions, loadConfig } from './load-config.ts';

let folder = '';
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'surefoot-')));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const write = (name: string, text: string) => writeFile(join(folder, name), text);
const load = (options: Partial<LoadConfigOptions> = {}) =>
  loadConfig({ projectFolder: folder, env: {}, ...options });

describe('without a config', () => {
  test('the defaults hold', async () => {
    expect(await load()).toEqual({
      projectFolder: folder,
      file: null,
      environment: null,
      environments: [],
      url: `sqlite:${join(folder, 'dev.db')}`,
      migrations: [join(folder, 'migrations')],
      models: [],
      versionTable: 'surefoot_version',
      versionNamespace: null,
      naming: null,
      lockTimeoutMs: 60_000,
      tableLockTimeoutMs: 5000,
      tableLockRetries: 10,
      concurrentWaitMs: 3_600_000,
      directUrl: null,
      clientTools: null,
      ignore: [],
      scratchUrl: null,
      lint: {},
      rehearsal: {},
      online: {},
      fleet: {},
      keep: true,
      autogenerate: {},
    });
  });

  test('a schema.ts is the models', async () => {
    await write('schema.ts', '');
    expect((await load()).models).toEqual([join(folder, 'schema.ts')]);
  });

  test('a database is refused only when it is needed', async () => {
    await write('surefoot.config.json', '{}');
    const config = await load();
    expect(() => databaseUrl(config)).toThrow(expect.objectContaining({ code: 'config/no-database' }));
  });

  test('a config that was named must be there', async () => {
    await expect(load({ configFile: 'other.ts' })).rejects.toMatchObject({
      code: 'config/not-found',
      details: { file: join(folder, 'other.ts') },
    });
  });
});

describe('files', () => {
  test.each([
    ['surefoot.config.ts', "const url: string = 'pglite:'; export default { url };"],
    ['surefoot.config.mts', "export default { url: 'pglite:' } as { url: string };"],
    ['surefoot.config.mjs', "export default { url: 'pglite:' };"],
    ['surefoot.config.json', '\uFEFF{ "url": "pglite:" }'],
    ['surefoot.config.ts', "export default () => ({ url: 'pglite:' });"],
    ['surefoot.config.ts', "export default async () => ({ url: 'pglite:' });"],
    ['surefoot.config.ts', "enum A { B = 'pglite:' } export default { url: A.B };"],
  ])('%s: %s', async (name, text) => {
    await write(name, text);
    expect(await load()).toMatchObject({ file: join(folder, name), url: 'pglite:' });
  });

  test('TypeScript stands before what was compiled from it', async () => {
    await write('surefoot.config.js', "export default { versionTable: 'js' };");
    await write('surefoot.config.ts', "export default { versionTable: 'ts' };");
    expect((await load()).versionTable).toBe('ts');
  });

  test('a function is told the environment and its variables', async () => {
    await write(
      'surefoot.config.mjs',
      'export default ({ environment, env }) => ({ versionTable: environment + env.X, environments: { a: {} } });',
    );
    expect((await load({ environment: 'a', env: { X: '1' } })).versionTable).toBe('a1');
  });

  test('what was compiled to CommonJS', async () => {
    await write('c.cjs', "exports.__esModule = true; exports.default = { versionTable: 'c' };");
    expect((await load({ configFile: './c.cjs' })).versionTable).toBe('c');
  });
});

describe('paths are relative to the project folder', () => {
  test('wherever the config stands', async () => {
    await mkdir(join(folder, 'conf'));
    await write(
      'conf/c.json',
      '{ "url": "sqlite:./dev.db", "migrations": ["a", "../b", "/c"], "models": "m.ts" }',
    );
    expect(await load({ configFile: 'conf/c.json' })).toMatchObject({
      url: `sqlite:${join(folder, 'dev.db')}`,
      migrations: [join(folder, 'a'), join(folder, '../b'), '/c'],
      models: [join(folder, 'm.ts')],
    });
  });

  test('the URL of an option and of the environment too', async () => {
    expect((await load({ url: 'pglite:./data' })).url).toBe(`pglite:${join(folder, 'data')}`);
    const env = { DATABASE_URL: 'sqlite:dev.db' };
    expect((await load({ env })).url).toBe(`sqlite:${join(folder, 'dev.db')}`);
  });
});

test('the option wins over the environment, that over the config, that over DATABASE_URL', async () => {
  await write(
    'surefoot.config.json',
    '{ "url": "mysql://base/d", "environments": { "prod": { "url": "mysql://prod/d" }, "bare": { "versionTable": "v" } } }',
  );
  const env = { DATABASE_URL: 'mysql://variable/d' };
  expect((await load({ env, url: 'mysql://option/d', environment: 'prod' })).url).toBe('mysql://option/d');
  expect((await load({ env, environment: 'prod' })).url).toBe('mysql://prod/d');
  expect(await load({ env, environment: 'bare' })).toMatchObject({
    url: 'mysql://base/d',
    versionTable: 'v',
  });
  expect((await load({ env })).url).toBe('mysql://base/d');
  await write('surefoot.config.json', '{ "url": "" }');
  expect((await load({ env })).url).toBe('mysql://variable/d');
});

describe('environments', () => {
  test.each([
    ['prodution', /Did you mean "production"\? Known: production, staging/],
    ['__proto__', /Known: production, staging/],
    ['toString', /Known: production, staging/],
  ])('%s is refused, naming the known ones', async (environment, hint) => {
    await write('surefoot.config.json', '{ "environments": { "production": {}, "staging": {} } }');
    await expect(load({ environment })).rejects.toMatchObject({
      code: 'config/unknown-environment',
      hint: expect.stringMatching(hint),
      details: { environment, known: ['production', 'staging'] },
    });
  });

  test('without a config there is none', async () => {
    await expect(load({ environment: 'a' })).rejects.toMatchObject({ code: 'config/unknown-environment' });
  });
});

describe('a wrong config is refused without a stack', () => {
  test.each([
    ['surefoot.config.json', '{ "migration": "./m" }', /no key "migration"; did you mean "migrations"\?/],
    ['surefoot.config.json', '{ "__proto__": 1 }', /no key "__proto__"/],
    ['surefoot.config.json', '{ "url": 1 }', /"url" must be a text/],
    ['surefoot.config.json', '{ "migrations": [1] }', /"migrations" must be a text or a list/],
    ['surefoot.config.json', '{ "versionTable": "" }', /"versionTable" must be a name/],
    ['surefoot.config.json', '{ "lockTimeoutMs": -1 }', /"lockTimeoutMs" must be a number/],
    ['surefoot.config.json', '{ "tableLockRetries": 1.5 }', /"tableLockRetries" must be a whole number/],
    ['surefoot.config.json', '{ "directUrl": 1 }', /"directUrl" must be a text/],
    ['surefoot.config.json', '{ "online": { "replicas": "x" } }', /"replicas", which must be a list of URLs/],
    ['surefoot.config.json', '{ "naming": { "idnex": "x" } }', /did you mean "index"/],
    [
      'surefoot.config.json',
      '{ "environments": { "a": { "ulr": "x" } } }',
      /"a": there is no key "ulr"; did you mean "url"/,
    ],
    ['surefoot.config.json', '[]', /must be an object/],
    ['surefoot.config.json', '{ "url": ', /JSON/],
    ['surefoot.config.mjs', 'export const a = 1;', /must be an object/],
    ['surefoot.config.mjs', '\nthrow new Error("boo");', /line 2: boo/],
    ['surefoot.config.mjs', 'export default () => { throw new Error("boo"); };', /boo/],
    ['surefoot.config.ts', 'export default {\n  url: :\n};', /./],
    ['surefoot.config.ts', "import 'no-such-package'; export default {};", /no-such-package/],
  ])('%s: %s', async (name, text, problem) => {
    await write(name, text);
    await expect(load()).rejects.toMatchObject({
      code: 'config/invalid',
      message: expect.stringMatching(problem),
      details: { file: join(folder, name) },
    });
    await expect(load()).rejects.not.toMatchObject({ message: expect.stringMatching(/\n|\bat .*:\d+:\d+/) });
  });

  test('a wrong URL too', async () => {
    await write('surefoot.config.json', '{ "url": "oracle://u:secret@h" }');
    await expect(load()).rejects.toMatchObject({ code: 'url/invalid' });
    await expect(load()).rejects.not.toMatchObject({ message: expect.stringContaining('secret') });
  });
});
