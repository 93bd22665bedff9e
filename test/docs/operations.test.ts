import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSurefoot } from '../../src/library/surefoot.ts';
import { expectGenerated } from './support/generated.ts';
import { markdownFiles, readPage, root } from './support/markdown.ts';
import { kebab, kinds, signatures, sqlSection, undoSection, writeExample } from './support/operations.ts';
import type { TempProject } from './support/temp-project.ts';
import { tempProject } from './support/temp-project.ts';

/** Methods whose name is not the kind's. */
const methodsOf: Readonly<Record<string, readonly string[]>> = {
  createRoutine: ['createFunction', 'createProcedure'],
  dropRoutine: ['dropFunction', 'dropProcedure'],
};
const pageOf = (kind: string) => `docs/operations/${kebab(kind)}.md`;

/** What SQLite cannot have: refused before anything is sent, as its page says. */
const refused = new Set([
  'createNamespace',
  'dropNamespace',
  'createRoutine',
  'dropRoutine',
  'createSequence',
  'dropSequence',
]);
const oneWay = new Set(['addEnumValue']);

let project: TempProject;
beforeAll(() => {
  project = tempProject();
});
afterAll(() => project.remove());

test('there is a page for every kind of operation, and no other', () => {
  const pages = markdownFiles('docs/operations').filter((file) => !file.endsWith('README.md'));
  expect(pages).toEqual(kinds.map(pageOf).sort());
  const index = readPage('docs/operations/README.md');
  const linked = index.links.map(({ target }) => target).filter((target) => /^[a-z-]+\.md$/.test(target));
  expect([...new Set(linked)].sort()).toEqual(kinds.map((kind) => `${kebab(kind)}.md`).sort());
});

describe.each(kinds)('%s', (kind) => {
  test('its page shows what the code does', async () => {
    const { folder } = writeExample(readPage(pageOf(kind)), kind, project);
    expectGenerated(pageOf(kind), 'signature', signatures(methodsOf[kind] ?? [kind]));
    expectGenerated(pageOf(kind), 'undo', await undoSection(project, folder));
    expectGenerated(pageOf(kind), 'sql', await sqlSection(project, folder));
  });

  test('its example runs on SQLite: up, down, up', async () => {
    const { folder } = writeExample(readPage(pageOf(kind)), kind, project);
    const url = `sqlite:./${kind}.db`;
    const surefoot = createSurefoot({ url, migrations: folder, projectFolder: project.folder });
    if (refused.has(kind)) {
      await expect(surefoot.upgrade()).rejects.toMatchObject({ code: 'operation/unsupported' });
      expect(await surefoot.current()).toEqual({ heads: [], pending: ['before', 'example'] });
      return;
    }
    const up = await surefoot.upgrade();
    expect(up).toMatchObject({ failed: null, heads: ['example'], differences: [], extras: [] });
    if (oneWay.has(kind)) {
      await expect(surefoot.downgrade('before')).rejects.toMatchObject({ code: 'revision/irreversible' });
      return;
    }
    const down = await surefoot.downgrade('before');
    expect(down).toMatchObject({ failed: null, heads: ['before'], differences: [] });
    expect(await surefoot.upgrade()).toMatchObject({ failed: null, heads: ['example'], differences: [] });
    expect(existsSync(join(project.folder, `${kind}.db`))).toBe(true);
  });
});

test('the sources that pages name are there', () => {
  for (const kind of kinds) expect(existsSync(join(root, `src/operations/${kebab(kind)}.ts`))).toBe(true);
});
