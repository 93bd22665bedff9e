import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { atTerminal, cli, cliJson } from '../support/cli.ts';
import { cliProject, userRevisions } from './stories.ts';

const hostile = [
  'two\nlines',
  `quotes ' " \` \\ ; -- /*`,
  '\u001b[31mred\u001b[0m \u009b2J \u202Eevil \u0007',
  '__proto__',
  'ünïcode 日本 🦶',
  `\`\${process.exit(7)}\``,
  '../../../etc/passwd',
  '-- upgrade\nDROP TABLE x;',
  'x'.repeat(2000),
];

/** True for text that a terminal would obey. */
function steers(text: string): boolean {
  return [...text].some((char) => {
    const code = char.codePointAt(0) ?? 0;
    if (char === '\n' || char === '\t') return false;
    return (
      code < 0x20 || (code >= 0x7f && code <= 0x9f) || (code >= 0x202a && code <= 0x202e) || code === 0x2066
    );
  });
}

test.each(hostile)('a message is a text and nothing else: %j', async (message) => {
  using project = cliProject();
  const { folder: cwd } = project;
  for (const format of [[], ['--sql']]) {
    const made = await cliJson(['revision', `--message=${message}`, ...format], { cwd });
    expect(made).toMatchObject({ message });
  }
  expect(readdirSync(`${cwd}/migrations`)).toHaveLength(2);
  const { finished } = await cliJson<{ finished: object[] }>(['upgrade'], { cwd });
  expect(finished).toHaveLength(2);
  const { revisions } = await cliJson<{ revisions: { message: string }[] }>(['history'], { cwd });
  expect(revisions.map((one) => one.message)).toEqual([message, message]);
  for (const args of [
    ['history'],
    ['history', '-v'],
    ['show', 'head'],
    ['log'],
    ['current'],
    ['plan', 'base'],
  ]) {
    const { code, out, err } = await atTerminal(args, { cwd });
    expect({ args, code }).toEqual({ args, code: 0 });
    expect(steers(out + err)).toBe(false);
  }
  const table = await cli(['history'], { cwd });
  expect(table.out.trimEnd().split('\n')).toHaveLength(3);
});

const ids = [
  '\u001b[31m',
  "'",
  '"; DROP TABLE x',
  '__proto__',
  'a\nb',
  '..',
  '',
  '-',
  '+',
  '@',
  ':',
  'x'.repeat(300),
  '日本',
];

test.each(ids)('an identifier that is none: %j', async (id) => {
  using project = cliProject(...userRevisions);
  const { folder: cwd } = project;
  for (const verb of ['show', 'upgrade', 'stamp', 'plan']) {
    const { code, out, err } = await atTerminal([verb, '--', id], { cwd });
    expect({ verb, code, out }).toEqual({ verb, code: 2, out: '' });
    expect(steers(err)).toBe(false);
    expect(err).toMatch(/^code {2}(revision|identifier)\//m);
  }
  const { code } = await atTerminal(['revision', '-m', 'x', `--rev-id=${id}`], { cwd });
  expect(['__proto__', '..'].includes(id) ? 0 : 2).toBe(code);
});

test('an id that objects have by themselves', async () => {
  using project = cliProject(
    {
      id: '__proto__',
      message: 'constructor',
      up: `op.createTable('__proto__', (t) => ({ constructor: t.integer() }));`,
    },
    { id: 'constructor', message: 'toString', up: '' },
  );
  const { folder: cwd } = project;
  expect((await cliJson<{ finished: { revision: string }[] }>(['upgrade'], { cwd })).finished).toMatchObject([
    { revision: '__proto__' },
    { revision: 'constructor' },
  ]);
  expect((await cli(['current'], { cwd })).out).toContain('constructor');
  expect((await cliJson(['downgrade', 'base', '-y'], { cwd }))['heads']).toEqual([]);
});

test('passwords are shown to nobody', async () => {
  using project = cliProject(...userRevisions);
  const { folder: cwd } = project;
  const urls = [
    'postgres://u:s3cr3t@127.0.0.1:1/x',
    'mysql://u:s3cr3t@127.0.0.1:1/x',
    'sqlserver://u:s3cr3t@h/x',
  ];
  const calls = urls.flatMap((url) =>
    ['status', 'upgrade', 'history'].map(async (verb) => {
      const text = await cli([verb, '--verbose', '--url', url], { cwd });
      expect(text.out + text.err).not.toContain('s3cr3t');
      expect(text.err).not.toBe('');
    }),
  );
  await Promise.all(calls);
});

test('a bug says so, with its stack only when asked', async () => {
  using project = cliProject({ id: 'aaaa1111', up: '' });
  const { folder: cwd } = project;
  // A runtime that fails stands in for a mistake of ours.
  project.writeFile(
    'break.mjs',
    `import module from 'node:module';
import os from 'node:os';
os.hostname = () => { throw new TypeError('impossible'); };
module.syncBuiltinESMExports();`,
  );
  const env = { NODE_OPTIONS: `--import ${cwd}/break.mjs` };
  const own = { cwd, env, ownProcess: true };
  const quiet = await cli(['upgrade'], own);
  expect(quiet).toEqual({
    code: 2,
    out: '',
    err:
      'error This is a bug in Surefoot: impossible\n' +
      'hint  Please report it, with the output of the same command with --verbose.\n' +
      'code  bug\n',
  });
  expect(await cliJson(['upgrade'], { ...own, code: 2 })).toMatchObject({
    error: { code: 'bug', message: 'impossible' },
  });
  const told = await cli(['upgrade', '--verbose'], { ...own, showsStack: true });
  expect(told.err).toMatch(/^ +at Module\.whoRuns /m);
});
