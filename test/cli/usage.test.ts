import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { verbs } from '../../src/cli/verbs.ts';
import { atTerminal, cli, cliJson } from '../support/cli.ts';
import { testProject } from '../support/revisions.ts';
import { cliProject, userRevisions } from './stories.ts';

const names = verbs.map(({ name }) => name);

/** Options and arguments that each verb is without. */
const wrong: Readonly<Record<string, readonly (readonly string[])[]>> = {
  check: [['somewhere'], ['--format', 'xml'], ['--accept-edit']],
  repair: [['somewhere'], ['--adopt', '--restamp'], ['--allow', 'everything'], ['--at']],
  backup: [['a', 'b'], ['--out']],
  restore: [[], ['a', 'b'], ['a', '--allow', 'everything']],
  init: [['extra'], ['--sql']],
  revision: [[], ['-m', 'x', 'extra'], ['-m'], ['-m', '--sql']],
  merge: [['--message']],
  migrate: [['x'], ['-m'], ['-m', 'x', 'extra'], ['-m', 'x', '--against', 'nobody']],
  lint: [
    ['a', 'b'],
    ['--format', 'xml'],
    ['--staged', '--since', 'x'],
  ],
  rehearse: [['a', 'b'], ['--format', 'xml'], ['--out']],
  report: [['--format', 'pdf'], ['extra']],
  studio: [['x'], ['--port', 'any'], ['--port', '70000']],
  stats: [['x'], ['--out']],
  push: [['x'], ['--allow', 'everything']],
  squash: [[], ['a', 'b']],
  kept: [['surefoot_kept_1'], ['--older-than', '3'], ['--drop', '--older-than', 'x']],
  fleet: [
    [],
    ['nothing'],
    ['upgrade', 'a', 'b'],
    ['upgrade', '--waves', '0'],
    ['upgrade', '--stop-above', 'many'],
    ['worker'],
  ],
  import: [[], ['nothing'], ['alembic', 'a', 'b'], ['alembic', '--dialect', 'oracle']],
  edit: [[], ['a', 'b']],
  plan: [['a', 'b'], ['--out'], ['--row-check', 'maybe'], ['--object-at', 'x']],
  upgrade: [
    ['a', 'b'],
    ['--allow', 'all'],
    ['--lock-timeout', 'x'],
    ['--plan', '--sql'],
    ['--from-plan', 'x', 'head'],
  ],
  downgrade: [['a', 'b'], ['--sql'], ['--from-plan', 'nowhere.json']],
  redo: [['a', 'b'], ['--sql']],
  reset: [['head'], ['--allow', 'data-loss', '--yes']],
  stamp: [[], ['head', '--purg']],
  resume: [['x'], ['--done', '--retry']],
  unlock: [['x'], ['--forc']],
  status: [['x']],
  current: [['x']],
  history: [['x'], ['--range']],
  heads: [['x']],
  branches: [['x']],
  show: [[], ['a', 'b']],
  log: [['x'], ['--limit', 'all']],
  dump: [['x'], ['--out']],
  wait: [['x'], ['--timeout', '-3']],
  completion: [[], ['tcsh'], ['bash', 'zsh']],
};

describe.each(names)('%s', (name) => {
  test('help, as text and as JSON', async () => {
    using project = testProject();
    const { folder: cwd } = project;
    const text = await atTerminal([name, '--help'], { cwd });
    expect(text).toMatchObject({ code: 0, err: '' });
    expect(text.out).toContain(`Usage  surefoot ${name}`);
    expect(text.out).toContain('Examples\n');
    expect((await atTerminal(['help', name], { cwd })).out).toBe(text.out);
    await cliJson([name, '-h'], { cwd, schema: 'help' });
  });

  test('wrong usage', async () => {
    using project = cliProject(...userRevisions);
    const { folder: cwd } = project;
    expect(wrong[name]).toBeDefined();
    const files = readdirSync(cwd);
    const calls = (wrong[name] ?? []).map(async (args) => {
      const { code, out, err } = await atTerminal([name, ...args], { cwd });
      expect({ args, code, out }).toEqual({ args, code: 64, out: '' });
      expect(err).toMatch(/^error .+\nhint {2}.+\ncode {2}usage\/invalid\n$/);
    });
    await Promise.all(calls);
    expect(readdirSync(cwd)).toEqual(files);
  });
});

test('there is a schema for each verb', () => {
  const folder = fileURLToPath(new URL('../../docs/schemas/', import.meta.url));
  const others = ['common', 'error', 'help', 'version'];
  expect(readdirSync(folder).sort()).toEqual(
    [...names, ...others].map((name) => `${name}.schema.json`).sort(),
  );
});

describe('before and without a verb', () => {
  test('the overview names every verb', async () => {
    using project = testProject();
    const own = { cwd: project.folder, ownProcess: true };
    const { out, code } = await cli(['--help'], own);
    expect(code).toBe(0);
    for (const { name, aliases } of verbs) expect(out).toContain([name, ...aliases].join(', '));
    await cliJson(['--help'], { ...own, schema: 'help' });
    expect((await cli(['--version'], own)).out).toMatch(/^surefoot \d+\.\d+\.\d+/);
    await cliJson(['--version'], { ...own, schema: 'version' });
    const none = await cli([], own);
    expect(none).toEqual({
      code: 64,
      out: '',
      err: 'error no verb was given\nhint  List the verbs with `surefoot --help`.\ncode  usage/invalid\n',
    });
  });

  test.each([
    ['upgarde', 'Did you mean `surefoot upgrade`?'],
    ['rolback', 'Did you mean `surefoot rollback`?'],
    ['frobnicate', 'List the verbs with `surefoot --help`.'],
    ['__proto__', 'List the verbs with `surefoot --help`.'],
    ['\u001b[31m', 'List the verbs with `surefoot --help`.'],
  ])('no verb %j', async (word, hint) => {
    using project = testProject();
    const { folder: cwd } = project;
    const text = await atTerminal([word], { cwd });
    expect(text.code).toBe(64);
    expect(text.err).toContain(`hint  ${hint}\n`);
    expect(text.err).not.toContain('\u001b');
    expect(await cliJson(['--json', word], { cwd, code: 64 })).toMatchObject({
      error: { code: 'usage/invalid', hint },
    });
  });

  test('options before the verb, --cwd from the folder of the caller, paths from the folder of the project', async () => {
    using project = cliProject(...userRevisions);
    mkdirSync(join(project.folder, 'inside'));
    project.writeFile('other.json', '{ "url": "sqlite:./other.db" }');
    const cwd = join(project.folder, 'inside');
    const { heads } = await cliJson<{ heads: string[] }>(
      ['--cwd', '..', '-c', 'other.json', 'upgrade', '+1'],
      { cwd, schema: 'upgrade', ownProcess: true },
    );
    expect(heads).toEqual(['aaaa1111']);
    expect(readdirSync(project.folder)).toContain('other.db');
    // Under npm the process stands in the package, the caller elsewhere.
    const env = { INIT_CWD: project.folder, npm_package_json: join(cwd, 'package.json') };
    const { out } = await cli(['current', '--cwd', '.', '--config=other.json'], {
      cwd,
      env,
      ownProcess: true,
    });
    expect(out).toContain('aaaa1111');
  });
});

// `--url "$DATABASE_URL"` in a pipeline that lacks the variable would mean the database of the config.
test.each(['--url', '--direct-url', '--scratch-url'])('%s without a value is no URL', async (option) => {
  using project = cliProject(...userRevisions);
  const { folder: cwd } = project;
  for (const given of [[option, ''], [`${option}=`], [option, '  ']]) {
    const { code, err } = await cli(['upgrade', ...given], { cwd });
    expect(code).toBe(64);
    expect(err).toContain(`error ${option} is empty`);
  }
  expect(readdirSync(cwd)).not.toContain('app.db');
});

// What `npm init` writes today.
test('a project whose package.json says CommonJS is told nothing of it', async () => {
  using project = testProject();
  const { folder: cwd } = project;
  project.writeFile('package.json', '{ "type": "commonjs" }');
  expect(await cli(['init'], { cwd, ownProcess: true })).toMatchObject({ code: 0, err: '' });
  project.writeFile(
    'schema.ts',
    "import { defineSchema } from 'surefoot';\nexport default defineSchema({ tables: {} });\n",
  );
  project.writeFile('paths.ts', 'export const file: string = __filename;\n');
  project.writeFile(
    'surefoot.config.ts',
    "import { file } from './paths.ts';\nexport default { url: 'sqlite:' + file + '.db', models: './schema.ts' };\n",
  );
  for (const verb of ['upgrade', 'check'])
    expect(await cli([verb], { cwd, ownProcess: true })).toMatchObject({
      code: 0,
      err: expect.not.stringContaining('Warning'),
    });
  expect(readdirSync(cwd)).toContain('paths.ts.db');
});

describe('broken projects', () => {
  test.each([
    ['surefoot.config.ts', 'export default {', 'config/invalid'],
    ['surefoot.config.ts', "throw new Error('bang')", 'config/invalid'],
    ['surefoot.config.ts', 'export const x = 1', 'config/invalid'],
    ['surefoot.config.json', '{ "ulr": "sqlite:./x" }', 'config/invalid'],
    ['surefoot.config.json', '{ "url": "oracle:x" }', 'url/invalid'],
    ['surefoot.config.json', '{ "url": "sqlite:./a.db", "migrations": "./nowhere" }', 'revision/load-failed'],
    ['migrations/20240101000000_a_x.ts', 'export default 1 +', 'revision/invalid'],
    ['migrations/20240101000000_a_x.ts', 'export const x = 1;', 'revision/invalid'],
    ['migrations/20240101000000_a_x.sql', '-- revises: nobody\n-- upgrade\n', 'revision/invalid'],
    [
      'migrations/20240101000000_a_x.sql',
      '-- id: a1\n-- revises: nobody\n-- upgrade\n',
      'revision/missing-parent',
    ],
    ['migrations/20240101000000_a_x.sql', '-- id: a1\n-- revises: a1\n-- upgrade\n', 'revision/cycle'],
  ])('%s: %j is %s', async (file, text, code) => {
    using project = testProject();
    writeFileSync(join(project.folder, file), text);
    expect(await cliJson(['upgrade'], { cwd: project.folder, code: 2 })).toMatchObject({ error: { code } });
    for (const verb of ['history', 'heads', 'plan']) {
      const told = await atTerminal([verb, '--verbose'], { cwd: project.folder });
      expect(told).toMatchObject({ code: 2, out: '' });
      expect(told.err).toContain(`code  ${code}\n`);
    }
  });

  test('a folder that is no project is told how to become one', async () => {
    using project = testProject();
    const cwd = join(project.folder, 'elsewhere');
    mkdirSync(cwd);
    const { code, err } = await cli(['upgrade', '--url', 'sqlite::memory:'], { cwd });
    expect(code).toBe(2);
    expect(err).toContain('surefoot init');
    expect(err).toContain('--cwd');
    expect(readdirSync(cwd)).toEqual([]);
  });

  test('a config that was named and is not there', async () => {
    using project = testProject();
    const answer = await cliJson(['heads', '--config', 'no.ts'], { cwd: project.folder, code: 2 });
    expect(answer).toMatchObject({ error: { code: 'config/not-found' } });
  });
});

describe('completion', () => {
  test.each(['bash', 'zsh', 'fish'])('%s names verbs and options', async (shell) => {
    using project = testProject();
    const { script } = await cliJson<{ script: string }>(['completion', shell], { cwd: project.folder });
    for (const name of names) expect(script).toContain(name);
    expect(script).toContain('lock-timeout');
  });

  test('bash completes', async () => {
    using project = testProject();
    const { out } = await cli(['completion', 'bash'], { cwd: project.folder });
    const complete = (words: string) => {
      const asks = `COMP_WORDS=(${words}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _surefoot; echo "\${COMPREPLY[*]}"`;
      return spawnSync('bash', ['-c', `${out}\n${asks}`], { encoding: 'utf8' }).stdout.trim();
    };
    expect(complete('surefoot upg')).toBe('upgrade');
    expect(complete('surefoot --json up --accept')).toBe('--accept-drift');
    expect(complete('surefoot stamp --pur')).toBe('--purge');
  });
});
