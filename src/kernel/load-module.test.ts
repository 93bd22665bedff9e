import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

// A package of the same name and shape in a folder of its own, run by the runtime itself: the test runner loads modules
// in its own way and would prove nothing.
const root = fileURLToPath(new URL('../../', import.meta.url));
let folder = '';

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'surefoot-')));
  await write('package.json', JSON.stringify(manifest));
  await write('src/index.ts', 'export const instance: object = {};');
  await write('src/extra.ts', "export { instance } from './index.ts';");
  for (const file of ['load-module', 'own-module', 'import-package', 'errors', 'decorated-fields']) {
    await cp(join(root, `src/kernel/${file}.ts`), join(folder, `src/kernel/${file}.ts`));
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await write('user/node_modules/surefoot/package.json', '{"name":"surefoot","exports":"./index.js"}');
  await write('user/node_modules/surefoot/index.js', "exports.instance = 'another one';");
  await write('run.ts', runner);
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

const manifest = {
  name: 'surefoot',
  type: 'module',
  exports: {
    '.': './src/index.ts',
    './extra': { import: './src/extra.ts' },
    './package.json': './package.json',
  },
};

const runner = `
  import { instance } from './src/index.ts';
  import { loadModule, moduleProblem } from './src/kernel/load-module.ts';
  const file = process.argv[2]!;
  try {
    const { default: exported, same } = await loadModule(file);
    console.log(JSON.stringify({ exported, own: same === instance }));
  } catch (error) {
    console.log(JSON.stringify(moduleProblem(error, file)));
  }
`;

async function write(name: string, text: string): Promise<void> {
  const file = join(folder, name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

async function run(name: string, text: string) {
  await write(`user/${name}`, text);
  return await promisify(execFile)(process.execPath, [join(folder, 'run.ts'), join(folder, 'user', name)], {
    env: { ...process.env, NODE_OPTIONS: '' },
  });
}

async function load(name: string, text: string): Promise<unknown> {
  return JSON.parse((await run(name, text)).stdout);
}

const own = "import { instance } from 'surefoot'; export { instance as same } from 'surefoot/extra';\n";

describe('a file shares the instance that runs it', () => {
  test.each([
    ['plain.ts', `${own}const a: number = 1; export default a;`],
    ['plain.mjs', `${own}export default 1;`],
    ['a b#c?d%20ü.ts', `${own}export default 1;`],
    ['enum.ts', `${own}enum Size { Small = 1 } export default Size.Small;`],
    ['decorator.ts', `${own}const d = (c: any) => c; class A { @d m() {} } export default new A() ? 1 : 0;`],
    [
      'decorated-field.ts',
      `${own}import 'reflect-metadata'; const d = (...g: any) => {};
       class A { @d one = 1; @d two!: number; @d three = this.one + 2; four = 4; }
       export default JSON.stringify(Object.entries(new A())) === '[["one",1],["two",null],["three",3],["four",4]]' ? 1 : 0;`,
    ],
    ['types.ts', `${own}import { Only } from './types-only.ts'; const a: Only = 1; export default a;`],
    ['bare.ts', `${own}import { one } from './one'; export default one;`],
    ['jsx.tsx', `${own}export default 1;`],
  ])('%s', async (name, text) => {
    await write('user/types-only.ts', 'export type Only = number;');
    await write('user/one.ts', 'export const one: number = 1;');
    expect(await load(name, text)).toEqual({ exported: 1, own: true });
  });

  // A runtime that reads them as CommonJS first says on stderr that it failed.
  test.each([
    ['plain.ts', `${own}export default 1;`, ''],
    ['waits.ts', `${own}export default await Promise.resolve(1);`, ''],
    ['mixed.ts', `${own}export default __filename.endsWith('mixed.ts') ? 1 : 0;`, /Failed to load/],
    ['enum.ts', `${own}enum Size { Small = 1 } export default Size.Small;`, ''],
  ])('in a CommonJS package: %s', async (name, text, said) => {
    await write('user/cjs/package.json', '{ "type": "commonjs" }');
    const { stdout, stderr } = await run(`cjs/${name}`, text);
    expect(JSON.parse(stdout)).toEqual({ exported: 1, own: true });
    expect(stderr).toMatch(said === '' ? /^$/ : said);
  });

  test('in a package that says neither, nobody is told so', async () => {
    await write('user/typeless/package.json', '{}');
    const { stdout, stderr } = await run(
      'typeless/plain.ts',
      `${own}const a: number = 1;\nexport default a;`,
    );
    expect(JSON.parse(stdout)).toEqual({ exported: 1, own: true });
    expect(stderr).toBe('');
  });

  test('in a CommonJS package: what a file has from others runs once', async () => {
    await write('user/cjs/package.json', '{ "type": "commonjs" }');
    await write('user/cjs/first.mts', "console.error('first'); export const one = 1;");
    await write('user/cjs/second.ts', 'export default 2;');
    const text = `${own}import { one } from './first.mts'; import two from './second.ts';\nexport default two - one;`;
    const { stdout, stderr } = await run('cjs/imports.ts', text);
    expect(JSON.parse(stdout)).toEqual({ exported: 1, own: true });
    expect(stderr.match(/^first$/gm)).toEqual(['first']);
  });

  test('CommonJS too', async () => {
    const text = "module.exports = { same: require('surefoot').instance };";
    expect(await load('common.cjs', text)).toMatchObject({ own: true });
    expect(await load('cjs/common.ts', `const at: string = __filename; ${text}`)).toMatchObject({
      own: true,
    });
  });
});

describe('a problem is one line, with its place', () => {
  test.each([
    [
      'syntax.ts',
      'export const a = 1;\n\nconst = 2;\n',
      { line: 3, problem: expect.stringContaining('nexpected token') },
    ],
    [
      'syntax.mjs',
      'export const a = 1;\n\nconst = 2;\n',
      { line: 3, problem: expect.stringContaining('nexpected token') },
    ],
    ['throws.ts', '\nthrow new Error("too\\nlong");\n', { line: 2, problem: 'too' }],
    ['throws-enum.ts', 'enum A { B }\nthrow new Error("boo");\n', { line: 2, problem: 'boo' }],
    ['throws-text.ts', 'throw "text";', { line: null, problem: 'text' }],
    ['missing.ts', "import './nowhere.ts';", { problem: expect.stringContaining('nowhere.ts') }],
    ['package.ts', "import 'no-such-package';", { problem: expect.stringContaining('no-such-package') }],
    ['subpath.ts', "import 'surefoot/nowhere';", { problem: expect.stringContaining('nowhere') }],
  ])('%s', async (name, text, expected) => {
    const problem = await load(name, text);
    expect(problem).toMatchObject(expected);
    expect(JSON.stringify(problem)).not.toMatch(/\\n|\bat .*:\d+:\d+/);
  });
});

test('what is built answers for itself, whatever the manifest names', async () => {
  const { stripTypeScriptTypes } = await import('node:module');
  const { readFile } = await import('node:fs/promises');
  const text = stripTypeScriptTypes(await readFile(join(root, 'src/kernel/own-module.ts'), 'utf8'));
  await write('dist/kernel/own-module.js', text);
  await write(
    'dist/ask.js',
    "import { ownModuleUrl as url } from './kernel/own-module.js';\nconsole.log(JSON.stringify(['surefoot', 'surefoot/extra', 'surefoot/package.json', 'surefoot/no', 'other'].map(url)));",
  );
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'dist/ask.js')]);
  const inside = (path: string) => new URL(path, `file://${folder}/`).href;
  expect(JSON.parse(stdout)).toEqual([
    inside('dist/index.js'),
    inside('dist/extra.js'),
    inside('package.json'),
    null,
    null,
  ]);
});
