import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dateSection, sectionOf } from '../../scripts/release/changelog.ts';
import { compareVersions } from '../../scripts/release/version.ts';
import { newFolder, node, type Outcome, root, run } from './support.ts';

describe('the changelog', () => {
  const text =
    '# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A thing.\n\n## [1.0.0] - 2024-01-05\n\n- All.\n';

  test('has its section dated, and given as notes', () => {
    const dated = dateSection(text, '1.1.0', '2024-06-11');
    expect(dated).toBe(text.replace('[Unreleased]', '[1.1.0] - 2024-06-11'));
    expect(sectionOf(dated, '1.1.0').notes).toBe('### Added\n\n- A thing.');
  });

  test('without a section, with an empty one or a dated one is refused', () => {
    const only = text.replace(/## \[Unreleased\][\s\S]*?(?=## \[1)/, '');
    expect(() => dateSection(only, '1.1.0', '2024-06-11')).toThrow('no section for 1.1.0');
    expect(() => dateSection(only, '1.0.0', '2024-06-11')).toThrow('released on 2024-01-05');
    expect(() => dateSection(text.replace('- A thing.', ''), '1.1.0', '2024-06-11')).toThrow('says nothing');
  });
});

test('versions are ordered as Semantic Versioning does', () => {
  const ordered = [
    '0.9.9',
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.beta',
    '1.0.0-rc.2',
    '1.0.0-rc.11',
    '1.0.0',
    '1.0.10',
  ];
  expect(ordered.toReversed().sort(compareVersions)).toEqual(ordered);
  expect(() => compareVersions('v1', '1.0.0')).toThrow('not a version');
});

const used = [
  '.gitignore',
  'LICENSE',
  'package.json',
  'package-lock.json',
  'scripts',
  'test/servers/command.ts',
  'test/servers/cache.ts',
];

describe('a release', () => {
  let tree: string;
  const release = (...args: readonly string[]): Promise<Outcome> => node(tree, 'scripts/release.ts', ...args);
  const read = (name: string): Promise<string> => readFile(join(tree, name), 'utf8');

  beforeAll(async () => {
    tree = await newFolder();
    for (const name of used) await cp(join(root, name), join(tree, name), { recursive: true });
    const changelog = '# Changelog\n\n## [0.2.0] - unreleased\n\n### Added\n\n- What is new.\n';
    await writeFile(join(tree, 'CHANGELOG.md'), changelog);
    await run(tree, 'git', 'init', '--quiet');
    await run(tree, 'git', 'config', 'user.name', 'A Maintainer');
    await run(tree, 'git', 'config', 'user.email', 'maintainer@example.org');
    await run(tree, 'git', 'add', '.');
    await run(tree, 'git', 'commit', '--quiet', '--message', 'begin');
  });
  afterAll(() => rm(tree, { recursive: true, force: true }));

  test('is refused where it would not be one, and nothing changes', async () => {
    expect(await release()).toMatchObject({ code: 64 });
    expect((await release('0.0.9')).stderr).toContain('0.0.9 is before');
    expect((await release('0.3.0')).stderr).toContain('no section for 0.3.0');
    await writeFile(join(tree, 'LICENSE'), 'changed');
    expect((await release('0.2.0')).stderr).toContain('the working tree has changes');
    await run(tree, 'git', 'checkout', '--quiet', 'LICENSE');
    expect((await run(tree, 'git', 'status', '--porcelain')).stdout).toBe('');
  });

  test('is a commit, a tag, notes and a bill of materials', async () => {
    const { code, stdout, stderr } = await release('0.2.0');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('npm publish --provenance --access public');
    expect((await run(tree, 'git', 'tag', '--points-at', 'HEAD')).stdout).toBe('v0.2.0\n');
    expect((await run(tree, 'git', 'status', '--porcelain')).stdout).toBe('');
    expect(JSON.parse(await read('package.json'))).toMatchObject({ version: '0.2.0' });
    const lock = JSON.parse(await read('package-lock.json')) as { version: string; packages: object };
    expect(lock).toMatchObject({ version: '0.2.0', packages: { '': { version: '0.2.0' } } });
    expect(await read('CHANGELOG.md')).toMatch(/^## \[0\.2\.0\] - \d{4}-\d\d-\d\d$/m);
    expect(await read('release/notes.md')).toBe('### Added\n\n- What is new.\n');
    const bill = JSON.parse(await read('release/sbom.cdx.json'));
    expect(bill).toMatchObject({
      bomFormat: 'CycloneDX',
      metadata: { component: { name: 'surefoot', version: '0.2.0' } },
    });
    const names = bill.components.map(({ name }: { readonly name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(['jiti', '@lezer/python']));
    // Not installed, and in the package all the same: the page is built with them.
    expect(names).toEqual(expect.arrayContaining(['@dagrejs/dagre', '@dagrejs/graphlib']));
    for (const name of ['vitest', 'typescript', 'pg', 'drizzle-orm']) expect(names).not.toContain(name);
    expect((await release('0.2.0')).stderr).toContain('v0.2.0 is there already');
  });

  test('has the same papers when its tag is checked out', async () => {
    const before = await read('release/notes.md');
    await rm(join(tree, 'release'), { recursive: true });
    expect(await release('--of', 'v0.2.0')).toMatchObject({ code: 0, stderr: '' });
    expect(await read('release/notes.md')).toBe(before);
    expect(JSON.parse(await read('release/sbom.cdx.json'))).toMatchObject({ bomFormat: 'CycloneDX' });
    expect((await release('--of', 'v0.3.0')).stderr).toContain('package.json has 0.2.0');
  });
});
