import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fc } from '../../test/support/laws.ts';
import { isSurefootError } from '../kernel/errors.ts';
import { loadRevision } from './load.ts';
import type { NewHeader } from './render.ts';
import { readHeader, scanHeaders } from './scan.ts';
import {
  mergeMessage,
  newRevisionId,
  renderRevision,
  revisionFileName,
  slugOf,
  writeRevision,
} from './write.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'surefoot-write-'));
});
afterAll(async () => {
  await rm(root, { recursive: true });
});

const header: NewHeader = {
  id: '3e5106ee570c',
  revises: ['1aa0c9f0d2b7'],
  message: 'add api_token to user',
  createdAt: '2025-01-31T12:00:00.000Z',
};

it('a new revision in TypeScript is pleasant to read', () => {
  expect(renderRevision({ folder: '', header, format: 'ts' })).toBe(`import { revision } from 'surefoot';

export default revision({
  id: '3e5106ee570c',
  revises: '1aa0c9f0d2b7',
  message: 'add api_token to user',
  createdAt: '2025-01-31T12:00:00.000Z',

  upgrade(op) {},

  downgrade: 'auto',
});
`);
});

it('a body, imports and further members find their place', () => {
  const text = renderRevision({
    folder: '',
    header: {
      ...header,
      revises: ['a', 'b'],
      branchLabels: ['x'],
      dependsOn: ['y'],
      safety: true,
      replaces: ['z'],
    },
    format: 'ts',
    body: {
      imports: ['t'],
      context: ['dialect'],
      upgrade: "op.addColumn('user', 'x', t.text());\n\nif (dialect) {\n  op.y();\n}",
      downgrade: { irreversible: "it's gone" },
    },
  });
  expect(text).toContain("import { irreversible, revision, t } from 'surefoot';");
  expect(text).toContain("  revises: ['a', 'b'],");
  expect(text).toContain(
    "  upgrade(op, { dialect }) {\n    op.addColumn('user', 'x', t.text());\n\n    if (dialect) {\n      op.y();\n    }\n  },",
  );
  expect(text).toContain('  downgrade: irreversible("it\'s gone"),');
});

it('a new revision in SQL has its sections', () => {
  const body = {
    sections: [
      { kind: 'upgrade', servers: ['mysql', 'sqlite'], text: 'select 1;' },
      { kind: 'downgrade', text: '' },
    ],
  } as const;
  expect(
    renderRevision({ folder: '', header: { ...header, revises: [] }, format: 'sql', body }),
  ).toBe(`-- id: 3e5106ee570c
-- revises:
-- message: add api_token to user
-- created: 2025-01-31T12:00:00.000Z

-- upgrade [mysql, sqlite]
select 1;

-- downgrade
`);
});

describe('file names', () => {
  it.each([
    ['Add API token!', 'add_api_token'],
    ['Größe & Ærø', 'grosse_aero'],
    ['../../etc/passwd', 'etc_passwd'],
    ['日本語', ''],
    ['x'.repeat(60), 'x'.repeat(40)],
    [`${'x'.repeat(39)} y`, 'x'.repeat(39)],
    ['', ''],
  ])('%s becomes %j', (message, slug) => {
    expect(slugOf(message)).toBe(slug);
  });

  it('consist of what is known', () => {
    expect(revisionFileName(header, 'ts')).toBe('20250131120000_3e5106ee570c_add_api_token_to_user.ts');
    expect(revisionFileName({ ...header, message: '日', createdAt: null }, 'sql')).toBe('3e5106ee570c.sql');
    expect(revisionFileName({ ...header, id: 'x'.repeat(255) }, 'ts').length).toBeLessThan(220);
  });
});

it('ids are new and valid', () => {
  const ids = Array.from({ length: 100 }, newRevisionId);
  expect(new Set(ids).size).toBe(100);
  expect(ids.every((id) => /^[0-9a-f]{12}$/.test(id))).toBe(true);
});

it('a merge says what it merges', () => {
  expect(mergeMessage(['a', 'b', 'c'])).toBe('merge a, b and c');
});

it('nothing is overwritten', async () => {
  const { file, text } = await writeRevision({ folder: root, header, format: 'ts' });
  await expect(
    writeRevision({ folder: root, header, format: 'ts', body: { upgrade: 'x', downgrade: 'auto' } }),
  ).rejects.toSatisfy((error) => isSurefootError(error, 'revision/exists'));
  expect(await readFile(file, 'utf8')).toBe(text);
  await rm(file);
});

it('what would not read back is not written', async () => {
  const folder = join(root, 'refused');
  const bad = [
    { folder, header: { ...header, id: 'a\n-- revises: b' }, format: 'sql' },
    { folder, header: { ...header, id: 'head' }, format: 'ts' },
    { folder, header: { ...header, revises: ['a, b'] }, format: 'sql' },
    { folder, header: { ...header, branchLabels: ['a b'] }, format: 'ts' },
    {
      folder,
      header,
      format: 'sql',
      body: { sections: [{ kind: 'upgrade', text: 'select 1;\n-- downgrade\nselect 2' }] },
    },
  ] as const;
  for (const one of bad) {
    await expect(writeRevision(one)).rejects.toSatisfy((error) => isSurefootError(error, 'revision/invalid'));
  }
  await expect(readdir(folder)).rejects.toThrow();
});

it('any message reads back as it was, in both formats', () => {
  const message = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({
      unit: fc.constantFrom(
        "'",
        '"',
        '\\',
        '\n',
        '\r',
        '`',
        '${',
        '\u2028',
        '\ud800',
        '--',
        '*/',
        ' ',
        ':',
        '\u0000',
        'n',
        '\ufeff',
      ),
    }),
  );
  fc.assert(
    fc.property(message, fc.constantFrom('ts', 'sql'), (text, format) => {
      const rendered = renderRevision({ folder: '', header: { ...header, message: text }, format });
      const stored = Buffer.from(rendered, 'utf8').toString('utf8');
      expect(readHeader(stored, `m/x.${format}`)?.message).toBe(text);
    }),
    { numRuns: 3000 },
  );
});

it('what is written loads', async () => {
  const folder = join(root, 'new');
  const message = "a\n'b' \\ \u0024{c} `d` \u2028 */ -- \u0000";
  await writeRevision({
    folder,
    header: { ...header, id: 'one', revises: [], message },
    format: 'sql',
    body: { sections: [{ kind: 'upgrade', text: 'select 1;' }], irreversible: 'a\nb' },
  });
  const [found] = await scanHeaders([folder]);
  expect(found).toMatchObject({ id: 'one', message, revises: [] });
  if (!found) throw new Error('not found');
  const syntax = {
    dollarQuotes: false,
    backslashEscapes: false,
    hashComments: false,
    nestedComments: false,
    doubleQuotedStrings: false,
    compoundBodies: true,
  };
  const loaded = await loadRevision(found, { dialect: 'sqlite', flavor: 'sqlite', syntax });
  expect(loaded.upgrade).toHaveLength(1);
  expect(loaded.downgrade).toEqual({ kind: 'irreversible', reason: 'a\nb' });
});
