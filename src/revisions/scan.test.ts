import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fc } from '../../test/support/laws.ts';
import { isSurefootError, type SurefootError } from '../kernel/errors.ts';
import { relativeImports, textChecksum } from './checksum.ts';
import { readHeader, scanHeaders } from './scan.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'surefoot-scan-'));
});
afterAll(async () => {
  await rm(root, { recursive: true });
});

async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(root, 'f-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

const ts = (text: string, file = 'migrations/x.ts') => readHeader(text, file);
const sql = (text: string) => readHeader(text, 'migrations/x.sql');

async function refusal(act: () => unknown): Promise<SurefootError> {
  try {
    await act();
  } catch (error) {
    if (isSurefootError(error)) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('the head of a module', () => {
  it('is read in any formatting and order', () => {
    const text = `#!/usr/bin/env node
      // revision({ id: 'not this one' })
      import { revision as rev, irreversible } from "surefoot" /* revision({ id: 'nor this' }) */;
      const helper = (x: string) => \`revision({ id: 'no' }) \${x + \`}\${'}'}\`} }\` + /revision\\({[/'"]/.source;
      export default rev ( {
        upgrade(op, { dialect }) { op.execute(\`insert \${dialect}, id: 'x' }\`); if (a / b / c) { return /}[}/]'/; } },
        'id' : "a\\u0062\\x63", /* , id: 'z' */
        revises: [ 'one', // first
                   "two", ] as const,
        async: 1,
        message: \`it's \\\`fine\\\`,
next \${'{'.length === 1 ? '' : ''}\`.length > 0 ? 'no' : 'no',
      } )`;
    // The message is not a literal: refused, with its line.
    expect(() => ts(text)).toThrow(/x\.ts:11: 'message' is not a literal/);
    const literal = text.replace(
      /message: [\s\S]*'no',\n/,
      "message: `it's \\`fine\\`\nnext`, safety: true, createdAt: '2025-01-31T13:00:00+01:00', branchLabels: 'feature', dependsOn: ['x.y'], downgrade: 'auto'\n",
    );
    expect(ts(literal)).toEqual({
      id: 'abc',
      revises: ['one', 'two'],
      message: "it's `fine`\nnext",
      createdAt: '2025-01-31T12:00:00.000Z',
      branchLabels: ['feature'],
      dependsOn: ['x.y'],
      safety: true,
      replaces: [],
      file: 'migrations/x.ts',
      kind: 'ts',
      transaction: 'auto',
    });
  });

  it('is found where the default export is named', () => {
    expect(
      ts("const r: Revision = surefoot.revision({ id: 'a', revises: null });\nexport default r;")?.id,
    ).toBe('a');
    expect(
      ts("const one = revision({ id: 'a' }); const two = revision({ id: 'b' }); export { one as default }")
        ?.id,
    ).toBe('a');
    expect(ts("var x_default = revision({ id: 'a' });\nexport { x_default as default };")?.id).toBe('a');
    expect(
      ts("export default revision({ id: 'a', upgrade: async (op) => { for (const x of [1]) op.y(x) } })")?.id,
    ).toBe('a');
  });

  it('tolerates a byte order mark and CRLF, and counts lines', () => {
    expect(ts("\ufeffexport default revision({\r\n  id: 'a',\r\n  message: 'm',\r\n});")?.message).toBe('m');
    expect(() => ts('\r\n\r\nexport default revision({\r\n  id: x,\r\n});')).toThrow(/x\.ts:4/);
  });

  it('is not looked for in helpers', () => {
    expect(ts('export const x = 1;')).toBeNull();
    expect(() => ts('export const x = 1;', 'm/20250101000000_a.ts')).toThrow(/no default export/);
    expect(() => ts('export default { id: 1 }')).toThrow(/not a revision/);
    expect(() => ts("revision({ id: 'a' })")).toThrow(/not a revision/);
  });

  it.each([
    ['no id', "message: 'm'", /no id/],
    ['a computed id', "id: 'a' + 'b'", /'id' is not a literal/],
    ['a template with a substitution', 'id: `a\u0024{b}`', /'id' is not a literal/],
    ['a shorthand', 'id', /'id' is not a literal/],
    ['a method', 'id() { return 1 }', /'id' is not a literal/],
    ['a getter', "get id() { return 'a' }", /no id/],
    ['a list with a spread', "id: 'a', revises: [...x]", /'revises' is not a literal/],
    [
      'a list with a call',
      "id: 'a', revises: ['b', f({ x: [1] })], message: 'm'",
      /'revises' is not a literal/,
    ],
    ['a number', 'id: 12', /'id' must be a string/],
    ['a wrong character', "id: 'a b'", /letters, digits/],
    ['a long id', `id: '${'x'.repeat(256)}'`, /longer than 255/],
    ['a reserved word', "id: 'head'", /reserved/],
    ['a slip', "id: 'a', dependOn: 'x'", /unknown member 'dependOn'/],
    ['a member twice', "id: 'a', id: 'b'", /twice/],
    ['no time', "id: 'a', createdAt: 'yesterday'", /not a time/],
    ['an impossible time', "id: 'a', createdAt: '2025-13-45'", /not a time/],
    ['a parent twice', "id: 'a', revises: ['b', 'b']", /twice/],
    ['a parent with blanks', "id: 'a', revises: ['b c']", /not a valid name/],
    ['a flag as text', "id: 'a', safety: 'yes'", /true or false/],
  ])('with %s is refused', (_, members, message) => {
    expect(() => ts(`export default revision({ ${members} })`)).toThrow(message);
  });

  it('names no label or id out of Object.prototype', () => {
    const found = ts(
      "export default revision({ id: '__proto__', constructor: 1, toString() {}, branchLabels: ['constructor'] })",
    );
    expect(found).toMatchObject({ id: '__proto__', branchLabels: ['constructor'] });
  });
});

describe('the head of an SQL file', () => {
  it('holds everything', () => {
    const text = `\ufeff-- Copyright: somebody; see LICENCE\r
--id: abc\r
-- Revises: one, two\r
-- message: what: ever -- "said"\r
-- created: 2025-01-31 12:00\r
-- branch labels: feature\r
-- depends-on: x, y\r
-- transaction: none\r
-- safety: true\r
-- imported-as: "a\\nb"\r
-- replaces:\r
\r
-- upgrade\r
-- id: other\r
create table a (b int);`;
    expect(sql(text)).toEqual({
      id: 'abc',
      revises: ['one', 'two'],
      message: 'what: ever -- "said"',
      createdAt: '2025-01-31T12:00:00.000Z',
      branchLabels: ['feature'],
      dependsOn: ['x', 'y'],
      safety: true,
      replaces: [],
      importedAs: 'a\nb',
      file: 'migrations/x.sql',
      kind: 'sql',
      transaction: 'none',
    });
  });

  it('of a base revises nothing', () => {
    expect(sql('-- id: a\n-- revises:\n-- upgrade')?.revises).toEqual([]);
  });

  it.each([
    ['no id', '-- message: x', /no id/],
    ['a slip', '-- id: a\n-- revise: b', /x\.sql:2: unknown member 'revise'/],
    ['a key twice', '-- id: a\n-- id: b', /x\.sql:2: 'id' stands there twice/],
    ['an unknown transaction', '-- id: a\n-- transaction: maybe', /auto or none/],
    ['an unknown flag', '-- id: a\n-- safety: yes', /true or false/],
  ])('with %s is refused', (_, text, message) => {
    expect(() => sql(text)).toThrow(message);
  });
});

describe('any text', () => {
  const pieces = fc.oneof(
    fc.constantFrom(
      'export default ',
      'revision(',
      '{',
      '}',
      '(',
      ')',
      '[',
      ']',
      "id: 'a',",
      "'",
      '"',
      '`',
      '${',
      '\\',
      '/',
      '//',
      '/*',
      '*/',
      ',',
      ':',
      '...',
      '\n',
      'as default',
      'function ',
      '=',
      'async ',
      '-- id: a\n',
      '-- upgrade [',
      '-- effect\n',
      '-- created: ',
      '-- message: "',
      '<',
      '=>',
      '#!',
    ),
    fc.string({ unit: 'binary', maxLength: 5 }),
  );
  const text = fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join(''));

  it('has a header, has none, or is refused', () => {
    fc.assert(
      fc.property(
        text,
        fc.constantFrom('a/x.ts', 'a/x.sql', 'a/20250101000000_x.mjs'),
        fc.boolean(),
        (body, file, started) => {
          try {
            readHeader(started ? `export default revision({ id: 'a', ${body}` : body, file);
          } catch (error) {
            expect(isSurefootError(error), String(error)).toBe(true);
          }
        },
      ),
      { numRuns: 5000 },
    );
  });

  it('deeply nested or very long is read all the same', () => {
    for (const piece of ['`${', '{', '([', "'", '/', '/*', '\\', 'x.', '`']) {
      try {
        ts(`export default revision({ id: 'a', upgrade() { ${piece.repeat(100_000)}`);
      } catch (error) {
        expect(isSurefootError(error), String(error)).toBe(true);
      }
    }
  });
});

describe('folders', () => {
  it('are scanned one deep, for revisions only', async () => {
    const folder = await folderOf({
      '20250101000000_a_first.ts': "export default revision({ id: 'a', revises: null })",
      'b.sql': '-- id: b\n-- revises: a\n-- upgrade\n',
      'c.mjs': "export default revision({ id: 'c', revises: 'b' })",
      'helper.ts': 'export const x = 1;',
      'types.d.ts': 'export default x',
      '.hidden.sql': 'broken',
      'README.md': '# no',
      'squashed/a.sql': '-- id: a',
    });
    const other = await folderOf({ 'd.js': "export default revision({ id: 'd', revises: 'c' })" });
    const headers = await scanHeaders([folder, other, `${folder}/`]);
    expect(headers.map(({ id, kind }) => `${id} ${kind}`)).toEqual(['a ts', 'b sql', 'c ts', 'd ts']);
    expect(headers[1]?.file).toBe(join(folder, 'b.sql'));
  });

  it('with two files of one id are refused, naming both', async () => {
    const folder = await folderOf({ 'one.sql': '-- id: a\n-- upgrade', 'two.sql': '-- id: a\n-- upgrade' });
    const error = await refusal(() => scanHeaders([folder]));
    expect(error.code).toBe('revision/duplicate-id');
    expect(error.message).toMatch(/one\.sql.*two\.sql/);
  });

  it('that are not there are refused', async () => {
    const error = await refusal(() => scanHeaders([join(root, 'nowhere')]));
    expect(error.code).toBe('revision/load-failed');
    expect(error.message).not.toContain('ENOENT');
  });
});

describe('the checksum of a text', () => {
  it('does not mind line ends and byte order marks', async () => {
    const folder = await folderOf({
      'a.sql': '-- id: a\n-- upgrade\n',
      'b.sql': '\ufeff-- id: a\r\n-- upgrade\r\n',
      'c.sql': '-- id: a\n-- upgrade\n ',
    });
    const [a, b, c] = await Promise.all(
      ['a', 'b', 'c'].map((name) => textChecksum(join(folder, `${name}.sql`))),
    );
    expect(a).toBe(b);
    expect(a).not.toBe(c);
  });

  it('covers relative imports, also theirs, also in circles', async () => {
    const files = {
      'a.ts':
        "import { x } from './lib/x.js';\nimport type { T } from './types.ts';\nexport default revision({ id: 'a' })",
      'lib/x.ts': "export * from './y';\nexport const x = new URL('./data.csv', import.meta.url);",
      'lib/y.ts': "import '../a.ts'; await import('./missing.ts'); const s = './unused.ts';",
      'lib/data.csv': '1;2',
      'lib/unused.ts': '',
      'types.ts': 'export type T = 1',
    };
    const folder = await folderOf(files);
    const checksum = () => textChecksum(join(folder, 'a.ts'));
    const before = await checksum();
    for (const name of ['types.ts', 'lib/unused.ts']) await writeFile(join(folder, name), '// edited');
    expect(await checksum()).toBe(before);
    const seen = new Set([before]);
    for (const name of ['lib/data.csv', 'lib/y.ts', 'lib/x.ts', 'a.ts']) {
      await writeFile(join(folder, name), `${files[name as keyof typeof files]}\n// edited`);
      seen.add(await checksum());
    }
    expect(seen.size).toBe(5);
    expect(await textChecksum(join(await folderOf(files), 'a.ts'))).toBe(before);
  });

  it('sees every form of import', () => {
    const text = `import a, { b } from './1'; import './2'; export { c } from "./3"; export type { d } from './no';
      import type from './4'; import type e, { f } from './no2'; const g = await import('./5'); require('./6');
      new URL(\`./7\`, import.meta.url); import h from 'pkg'; // import './no3'
      const s = "import './no4'"; import { type T, i } from '../8'`;
    expect(relativeImports(text)).toEqual(['./1', './2', './3', './4', './5', './6', './7', '../8']);
  });
});
