import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isSurefootError, type SurefootError } from '../kernel/errors.ts';
import type { SqlSyntax } from '../kernel/sql-text.ts';
import type { LoadedRevision, LoadTarget } from './load.ts';
import { loadRevision } from './load.ts';
import { readHeader } from './scan.ts';

const syntax: SqlSyntax = {
  dollarQuotes: true,
  backslashEscapes: false,
  hashComments: false,
  nestedComments: true,
  doubleQuotedStrings: false,
  compoundBodies: true,
};
const postgres: LoadTarget = { dialect: 'postgres', flavor: 'postgres', syntax };
const mariadb: LoadTarget = { dialect: 'mysql', flavor: 'mariadb', syntax };
const mysql: LoadTarget = { dialect: 'mysql', flavor: 'mysql', syntax };
const sqlite: LoadTarget = { dialect: 'sqlite', flavor: 'sqlite', syntax };

let root = '';
let count = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'surefoot-load-'));
});
afterAll(async () => {
  await rm(root, { recursive: true });
});

async function load(text: string, ending: 'ts' | 'sql' | 'js', target = postgres): Promise<LoadedRevision> {
  const file = join(root, `r${count++}.${ending}`);
  await writeFile(file, text);
  const header = readHeader(text, file);
  if (header === null) throw new Error('no header');
  return loadRevision(header, target);
}

async function refusal(act: Promise<unknown>): Promise<SurefootError> {
  const error = await act.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (isSurefootError(error)) return error;
  throw error ?? new Error('nothing was refused');
}

const library = new URL('./revision.ts', import.meta.url).href;
const module = (members: string, before = '') =>
  `import { revision, irreversible } from '${library}';\n${before}\nexport default revision({ id: 'a', revises: null, message: 'm',\n${members} });\n`;

describe('a revision in TypeScript', () => {
  it('is recorded as operations, for the server at hand', async () => {
    const text = module(`upgrade(op, { dialect, flavor }: { dialect: string, flavor: string }) {
        op.createTable('t', (t: any) => ({ id: t.integer().primaryKey() }));
        if (dialect === 'mysql') op.execute('select 1', { inverse: [] });
        op.run(() => {}, { description: flavor, inverse: 'nothing' });
      }, downgrade: 'auto'`);
    const loaded = await load(text, 'ts');
    expect(loaded.upgrade.map(({ kind }) => kind)).toEqual(['createTable', 'run']);
    expect(loaded.downgrade).toEqual({ kind: 'auto' });
    expect(loaded.runs.upgrade).toHaveLength(1);
    expect(loaded.text).toBe(text);
    expect((await load(text, 'ts', mariadb)).upgrade.map(({ kind }) => kind)).toEqual([
      'createTable',
      'execute',
      'run',
    ]);
  });

  it('may have a downgrade of its own, or none with a reason', async () => {
    const own = await load(
      module("upgrade() {}, downgrade: (op) => { op.dropTable('t'); op.run(() => {}) }"),
      'ts',
    );
    expect(own.downgrade).toMatchObject({
      kind: 'operations',
      operations: [{ kind: 'dropTable' }, { kind: 'run' }],
    });
    expect(own.runs.downgrade).toHaveLength(1);
    const none = await load(module("upgrade() {}, downgrade: irreversible('data is gone')"), 'js');
    expect(none.downgrade).toEqual({ kind: 'irreversible', reason: 'data is gone' });
  });

  it.each([
    [
      'async upgrade',
      "async upgrade() {}, downgrade: 'auto'",
      'revision/invalid',
      /async function.*/,
      /op\.run/,
    ],
    [
      'upgrade that gives a promise',
      "upgrade: () => Promise.reject(new Error('x')), downgrade: 'auto'",
      'revision/invalid',
      /upgrade\(\) is an async/,
      /op\.run/,
    ],
    ['generator', "*upgrade() {}, downgrade: 'auto'", 'revision/invalid', /generator/, /op\.run/],
    ['no upgrade', "downgrade: 'auto'", 'revision/invalid', /upgrade is not a function/, undefined],
    ['no downgrade', 'upgrade() {}', 'revision/invalid', /says nothing about its downgrade/, /irreversible/],
    [
      'unknown downgrade',
      "upgrade() {}, downgrade: 'automatic'",
      'revision/invalid',
      /says nothing/,
      /irreversible/,
    ],
    [
      'a run that auto cannot undo',
      "upgrade(op) { op.run(() => {}) }, downgrade: 'auto'",
      'revision/invalid',
      /cannot undo: run/,
      /inverse/,
    ],
    [
      'an execute that auto cannot undo',
      "upgrade(op) { op.execute('vacuum') }, downgrade: 'auto'",
      'revision/invalid',
      /cannot undo: execute vacuum/,
      /inverse/,
    ],
    [
      'a throw in upgrade',
      "upgrade() {\n throw new Error('boom\\nmore') }, downgrade: 'auto'",
      'revision/load-failed',
      /r\d+\.ts:5: upgrade\(\) failed: boom$/,
      undefined,
    ],
    [
      'a throw of no error',
      "upgrade() { throw 'text' }, downgrade: 'auto'",
      'revision/load-failed',
      /text/,
      undefined,
    ],
    [
      'a builder used wrongly',
      "upgrade(op) { op.createTabel('x') }, downgrade: 'auto'",
      'revision/load-failed',
      /createTabel/,
      undefined,
    ],
  ] as const)('with %s is refused', async (...row) => {
    const [, members, code, message, hint] = row;
    const error = await refusal(load(module(members), 'ts'));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.message).not.toMatch(/\n|\bat .*:\d+:\d+/);
    expect(error.message).not.toContain(root);
    if (hint) expect(error.hint).toMatch(hint);
  });

  it('that fails while loading is refused with its own words', async () => {
    const thrown = await refusal(
      load(module("upgrade() {}, downgrade: 'auto'", "throw new Error('no luck');"), 'ts'),
    );
    expect([thrown.code, thrown.message]).toEqual([
      'revision/load-failed',
      expect.stringMatching(/no luck$/),
    ]);
    const syntaxError = await refusal(load(module("upgrade() { let let = ; }, downgrade: 'auto'"), 'js'));
    expect(syntaxError.code).toBe('revision/load-failed');
    const missing = await refusal(
      load(module("upgrade() {}, downgrade: 'auto'", "import './not-there.ts';"), 'ts'),
    );
    expect(missing.code).toBe('revision/load-failed');
  });

  it('whose module says something else than its head is refused', async () => {
    const text =
      "import { revision } from 'LIB';\nconst fake = (x) => revision({ ...x, id: 'b' });\n{ const revision = fake; globalThis.made = revision({ id: 'a', upgrade() {}, downgrade: 'auto' }); }\nconst made = globalThis.made;\nexport default made;";
    expect((await refusal(load(text.replace('LIB', library), 'js'))).message).toMatch(
      /id a, the loaded module says "b"/,
    );
    const plain =
      "const revision = (x) => x;\nexport default revision({ id: 'a', upgrade() {}, downgrade: 'auto' });";
    expect((await refusal(load(plain, 'js'))).message).toMatch(/not made by revision\(\)/);
  });

  it('is recognised when another copy of the library made it', async () => {
    const copy =
      "const revision = (x) => ({ ...x, [Symbol.for('surefoot.revision')]: 1 });\nexport default revision({ id: 'a', upgrade(op) { op.dropTable('t') }, downgrade: 'auto' });";
    expect((await load(copy, 'js')).upgrade).toHaveLength(1);
  });
});

describe('a revision in SQL', () => {
  const head = '-- id: a\n-- revises:\n-- message: m\n';

  it('is one operation a statement', async () => {
    const loaded = await load(
      `${head}-- transaction: none\n\n-- upgrade\ncreate table a (b text default ';');\r\ncreate index c on a (b);\n-- downgrade\ndrop table a`,
      'sql',
    );
    expect(loaded.upgrade).toEqual([
      {
        kind: 'execute',
        sql: "create table a (b text default ';')",
        inverse: null,
        effect: null,
        transaction: false,
      },
      { kind: 'execute', sql: 'create index c on a (b)', inverse: null, effect: null, transaction: false },
    ]);
    expect(loaded.downgrade).toMatchObject({ kind: 'operations', operations: [{ sql: 'drop table a' }] });
  });

  it('has sections for servers; its own come first', async () => {
    const text = `${head}-- upgrade\nselect 'all';\n-- upgrade [mysql]\nselect 'mysql';\n-- upgrade mariadb, sqlite\nselect 'maria and lite';\n-- downgrade [postgres]\n`;
    const sqlOf = async (target: LoadTarget) =>
      (await load(text, 'sql', target)).upgrade.map((one) => 'sql' in one && one.sql);
    expect(await sqlOf(postgres)).toEqual(["select 'all'"]);
    expect(await sqlOf(mysql)).toEqual(["select 'mysql'"]);
    expect(await sqlOf(mariadb)).toEqual(["select 'maria and lite'"]);
    expect(await sqlOf(sqlite)).toEqual(["select 'maria and lite'"]);
    expect((await load(text, 'sql', postgres)).downgrade).toEqual({ kind: 'operations', operations: [] });
    expect((await load(text, 'sql', sqlite)).downgrade).toEqual({
      kind: 'irreversible',
      reason: 'no downgrade section',
    });
    const maria = await load(`${head}-- upgrade [mysql]\nselect 1`, 'sql', mariadb);
    expect(maria.upgrade).toHaveLength(1);
  });

  it('says why there is no downgrade', async () => {
    const loaded = await load(`${head}-- irreversible: the data is gone\n-- upgrade\n`, 'sql');
    expect(loaded.downgrade).toEqual({ kind: 'irreversible', reason: 'the data is gone' });
  });

  it('puts the declared effect on the last statement of its direction', async () => {
    const effect = '{"kind":"createNamespace","namespace":"x"}';
    const loaded = await load(
      `${head}-- upgrade\nselect f();\nselect g();\n-- effect\n-- what they make\n${effect}\n\n-- downgrade\nselect h();\n-- effect\n`,
      'sql',
    );
    expect(loaded.upgrade.map((one) => 'effect' in one && one.effect)).toEqual([[], [JSON.parse(effect)]]);
    expect(loaded.downgrade).toMatchObject({ operations: [{ effect: [] }] });
  });

  it.each([
    ['insert into a values (1); update a set b = 2; delete from a', []],
    ['insert into a select x(1) from b', []],
    ['with x as (select 1) insert into a (b) select * from x', []],
    ["select setval('s', (select max(id) from a))", []],
    ['values (1)', []],
    ['insert into a values (1); create table b (c int)', null],
    ["select create_hypertable('a')", null],
    ['select public.make()', null],
    ['select "make"()', null],
    ['select * into b from a', null],
    ['with x as (select make()) select 1', null],
    ['call p()', null],
    ['do $$ begin end $$', null],
    ['truncate a', null],
  ])('%s: effect %j', async (body, effect) => {
    const loaded = await load(`${head}-- upgrade\n${body}`, 'sql');
    for (const operation of loaded.upgrade) expect(operation).toMatchObject({ effect });
  });

  it.each([
    ['no section', 'select 1;', /x?\.sql:4: a statement stands before the first section/],
    ['no upgrade for this server', '-- upgrade [sqlite]\nselect 1', /no upgrade section for postgres/],
    ['nothing at all', '', /no upgrade section for postgres/],
    ['an unknown server', '-- upgrade [oracle]\n', /:4: no server is called 'oracle'/],
    ['a misspelt server', '-- upgrade postgrse\n', /:4: no server is called 'postgrse'/],
    [
      'two sections for one',
      '-- upgrade [mysql]\n-- upgrade mysql, sqlite\n',
      /:5: a second 'upgrade' section for mysql/,
    ],
    ['an effect that is no JSON', '-- upgrade\nselect 1;\n-- effect\n{', /:7: an effect is not JSON/],
    [
      'an effect of no kind',
      '-- upgrade\nselect 1;\n-- effect\n{"kind":"constructor"}',
      /:7: an effect has no known kind/,
    ],
    [
      'an effect of nothing',
      '-- upgrade\n-- effect\n{"kind":"createNamespace","namespace":"x"}',
      /no statement has it/,
    ],
    [
      'irreversible and a downgrade',
      '-- irreversible: x\n-- upgrade\n-- downgrade\n',
      /irreversible and has a downgrade/,
    ],
  ])('with %s is refused', async (_, body, message) => {
    const error = await refusal(load(head + body, 'sql'));
    expect(error.code).toBe('revision/invalid');
    expect(error.message).toMatch(message);
  });

  it('takes comments that only begin like a section as comments', async () => {
    const loaded = await load(
      `${head}-- upgrade the users, then mysql users\n-- upgrade\nselect 1;\n-- effect of this is nothing\n-- downgrade: see the wiki\nselect 2`,
      'sql',
    );
    expect(loaded.upgrade).toHaveLength(2);
  });
});
