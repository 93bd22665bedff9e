import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handlers } from '../src/operations/handlers.ts';
import type { OperationKind } from '../src/operations/operation.ts';
import { withLayerTable } from './architecture/layers.ts';
import { type Facts, readSource } from './architecture/read-source.ts';
import {
  cycles,
  dialectsByName,
  eagerPackages,
  forbiddenImports,
  homelessFiles,
  worldOutsideHomes,
} from './architecture/rules.ts';

const root = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

describe('src', () => {
  let facts: Facts;
  beforeAll(() => {
    facts = readSource(root);
  });

  test('is read', () => {
    expect(facts.files).toContain('index.ts');
    expect(facts.files.length).toBeGreaterThan(200);
    expect(facts.imports.length).toBeGreaterThan(1_000);
  });

  test('every folder belongs to a layer', () => {
    expect(homelessFiles(facts)).toEqual([]);
  });

  test('a folder imports from inside only', () => {
    expect(forbiddenImports(facts)).toEqual([]);
  });

  test('no file reaches itself by imports', () => {
    expect(cycles(facts)).toEqual([]);
  });

  test('foreign packages are loaded when they are needed, each in one place', () => {
    expect(eagerPackages(facts)).toEqual([]);
  });

  test('process, console, clock and chance stay in their homes', () => {
    expect(worldOutsideHomes(facts)).toEqual([]);
  });

  test('nobody outside dialects/ and config/ decides by the name of a dialect', () => {
    expect(dialectsByName(facts)).toEqual([]);
  });

  test('the families have the same files', () => {
    const filesOf = (name: string): readonly string[] =>
      readdirSync(join(root, 'src/dialects', name)).filter((file) => !file.endsWith('.test.ts'));
    for (const name of ['postgres', 'mysql', 'sqlite']) {
      expect(filesOf(name), name).toEqual(expect.arrayContaining([...familyFiles]));
    }
  });
});

/** What every family has, whatever else it needs. */
const familyFiles = [
  'bookkeeping.ts',
  'compile.ts',
  'compile-column.ts',
  'compile-data.ts',
  'compile-table.ts',
  'coordination.ts',
  'dump.ts',
  'index.ts',
  'introspect.ts',
  'normalize.ts',
  'part-names.ts',
  'pieces.ts',
  'questions.ts',
  'quote.ts',
  'spell.ts',
  'traits.ts',
  'types.ts',
] as const;

/** Kinds whose methods have other names: one kind, two words of SQL. */
const methodsOf: Readonly<Partial<Record<OperationKind, readonly string[]>>> = {
  createRoutine: ['createFunction', 'createProcedure'],
  dropRoutine: ['dropFunction', 'dropProcedure'],
};

test.each(Object.keys(handlers) as OperationKind[])('%s has its file, its methods and its page', (kind) => {
  expect(read(`src/operations/${kebab(kind)}.ts`)).toContain(`export const ${kind}`);
  const builder = read('src/revisions/operation-builder.ts');
  for (const method of methodsOf[kind] ?? [kind])
    expect(builder).toMatch(new RegExp(`^ {2}${method}\\(`, 'm'));
  expect(existsSync(join(root, `docs/operations/${kebab(kind)}.md`))).toBe(true);
});

test('the table of ARCHITECTURE.md is the one that is tested', () => {
  const document = read('ARCHITECTURE.md');
  expect(document, 'run `npm run architecture`').toBe(withLayerTable(document));
});

test('every file that ARCHITECTURE.md names is there', () => {
  const named = [...read('ARCHITECTURE.md').matchAll(/`((?:src|test|docs|scripts|examples)\/[\w./-]+)`/g)];
  const missing = named.map(([, file = '']) => file).filter((file) => !existsSync(join(root, file)));
  expect(missing).toEqual([]);
});

test('laws are drawn alike everywhere: fast-check is taken from test/support/laws.ts', () => {
  const files = ['src', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  );
  const own = files
    .filter((file) => file.endsWith('.ts') && /^import .* from 'fast-check'/m.test(read(file)))
    .map((file) => file.replaceAll('\\', '/'));
  expect(own).toEqual(['test/support/laws.ts']);
});

describe('a project that breaks every rule', () => {
  const files: Readonly<Record<string, string>> = {
    'tsconfig.json': JSON.stringify({
      compilerOptions: { module: 'nodenext', allowImportingTsExtensions: true, noEmit: true, types: [] },
      include: ['src'],
    }),
    'package.json': '{ "type": "module" }',
    'src/kernel/errors.ts': `import type { Plan } from '../plan/plan.ts';\nexport type E = Plan;\n`,
    'src/plan/plan.ts': `export type Plan = 1;\nexport type F = import('../runner/run.ts').Run;\n`,
    'src/runner/run.ts': `export type Run = 1;\nexport const late = () => import('../cli/main.ts');\n`,
    'src/cli/main.ts': `export const code = process.exitCode;\nexport { other } from '../dialects/mysql/index.ts';\n`,
    'src/dialects/mysql/index.ts': `import '../sqlite/index.ts';\nexport const other = 1;\n`,
    'src/dialects/sqlite/index.ts': `export const is = (name: 'sqlite' | 'mysql') => name === 'sqlite';\n`,
    'src/schema/a.ts': `import { b } from './b.ts';\nexport const a: unknown = b;\n`,
    'src/schema/b.ts': `import { c } from './c.ts';\nexport const b: unknown = c;\n`,
    'src/schema/c.ts': `import type { a } from './a.ts';\nexport const c = 1 as unknown as typeof a;\n`,
    'src/elsewhere/x.ts': `export const x = 1;\n`,
    'src/drivers/eager.ts': `import pg from 'pg';\nexport const m = () => import('mysql2');\nexport default pg;\n`,
    'src/drivers/other.ts': `export const m = () => import('mysql2');\n`,
    'src/journal/world.ts': [
      'const { env } = process;',
      'console.log(env, Date.now(), new Date());',
      'export const r = Math.random();',
      "import { argv } from 'node:process';",
      'export const g = [globalThis.process, argv];',
      'export const fine = { process: 1, console: 2 };',
      'export const alsoFine = [fine.process, new Date(0), { console: fine.console }];',
    ].join('\n'),
    'src/lint/names.ts': [
      "type Name = 'postgres' | 'mysql' | 'sqlite';",
      "export const compared = (name: Name) => name === 'postgres';",
      "export function chosen(name: Name) { switch (name) { case 'mysql': return 1; default: return 0; } }",
      "export const made: { readonly name: Name } = { name: 'sqlite' };",
      "export const packages: readonly string[] = ['mysql'];",
      "export const scheme = (text: string) => text === 'sqlite';",
      "export const byKey: Record<Name, number> = { postgres: 1, mysql: 2, 'sqlite': 3 };",
    ].join('\n'),
  };
  let folder: string;
  let facts: Facts;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'surefoot-architecture-'));
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    facts = readSource(folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('imports of every kind are found, with both names', () => {
    expect(forbiddenImports(facts).toSorted()).toEqual([
      'dialects/mysql/index.ts:1 imports dialects/sqlite/index.ts: dialects/mysql must not know dialects/sqlite',
      'kernel/errors.ts:1 imports plan/plan.ts: kernel must not know plan',
      'plan/plan.ts:2 imports runner/run.ts: plan must not know runner',
      'runner/run.ts:2 imports cli/main.ts: runner must not know cli',
    ]);
  });

  test('a folder without a layer, a cycle, an eager package', () => {
    expect(homelessFiles(facts)).toEqual(['elsewhere/x.ts']);
    expect(cycles(facts)).toEqual(['schema/a.ts → schema/b.ts → schema/c.ts → schema/a.ts']);
    expect(eagerPackages(facts)).toEqual([
      'drivers/eager.ts:1 loads pg at once',
      'mysql2 is loaded by drivers/eager.ts, drivers/other.ts',
    ]);
  });

  test('the world outside its homes', () => {
    expect(worldOutsideHomes(facts)).toEqual([
      'journal/world.ts:1 uses process',
      'journal/world.ts:2 uses console',
      'journal/world.ts:2 uses Date.now',
      'journal/world.ts:2 uses Date.now',
      'journal/world.ts:3 uses Math.random',
      'journal/world.ts:4 uses process',
      'journal/world.ts:5 uses process',
    ]);
  });

  test('names of dialects where something is decided by them', () => {
    expect(dialectsByName(facts)).toEqual([
      "lint/names.ts:2 decides by the name 'postgres'",
      "lint/names.ts:3 decides by the name 'mysql'",
      "lint/names.ts:4 decides by the name 'sqlite'",
    ]);
  });
});
