import { existsSync, readFileSync } from 'node:fs';
import { appendFile, mkdir, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judge } from '../../scripts/package/judges.ts';
import * as working from '../../src/index.ts';
import { copyOfTree, newFolder, newProject, node, root, run } from './support.ts';

const manifestOf = (folder: string): Readonly<Record<string, unknown>> =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Readonly<Record<string, unknown>>;
const workingManifest = manifestOf(root);
const listNames = "import('surefoot').then((m) => console.log(JSON.stringify(Object.keys(m).sort())))";
const minutes = 60_000;

const made: string[] = [];
const kept = async (folder: Promise<string>): Promise<string> => {
  made.push(await folder);
  return folder;
};
afterAll(() => Promise.all(made.map((folder) => rm(folder, { recursive: true, force: true }))));

describe('the published package', () => {
  let tree: string;
  let project: string;
  let installed: string;
  let packed: string;

  beforeAll(async () => {
    [tree, project] = [await kept(copyOfTree()), await kept(newProject())];
    const target = await kept(newFolder());
    const packing = await run(tree, 'npm', 'pack', '--silent', '--pack-destination', target);
    expect(packing).toMatchObject({ code: 0, stderr: '' });
    const [tarball = ''] = await readdir(target);
    packed = join(target, tarball);
    await run(target, 'tar', 'xzf', tarball);
    installed = join(project, 'node_modules/surefoot');
    await run(target, 'cp', '-r', 'package', installed);
    // What npm would install besides.
    for (const name of Object.keys(workingManifest['dependencies'] ?? {})) {
      const link = join(project, 'node_modules', name);
      await mkdir(dirname(link), { recursive: true });
      await symlink(join(root, 'node_modules', name), link);
    }
  }, 5 * minutes);

  test('is the built form and nothing else, and the working tree has its manifest back', async () => {
    const names = await readdir(installed);
    expect(names).toEqual(
      expect.arrayContaining(['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'package.json']),
    );
    expect(names).not.toContain('src');
    const files = await readdir(join(installed, 'dist'), { recursive: true });
    expect(files.filter((file) => /\.test\./.test(file))).toEqual([]);
    expect(manifestOf(installed)).toMatchObject({
      exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
      dependencies: workingManifest['dependencies'],
      peerDependencies: workingManifest['peerDependencies'],
    });
    expect(manifestOf(installed)).not.toHaveProperty('devDependencies');
    expect(manifestOf(tree)).toEqual(workingManifest);
    expect(existsSync(join(tree, 'package.json.working-tree'))).toBe(false);
  });

  test('has nothing that publint or attw complain of', async () => {
    expect(await judge(packed)).toEqual([]);
  });

  test('is small', async () => {
    const files = await readdir(join(installed, 'dist'), { recursive: true });
    expect(files.filter((file) => file.endsWith('.map'))).toEqual([]);
    expect((await stat(packed)).size).toBeLessThan(1_500_000);
  });

  test('can be required where modules of the older kind are written', async () => {
    const names = "console.log(JSON.stringify(Object.keys(require('surefoot')).sort()))";
    const { stdout } = await node(project, '--input-type=commonjs', '-e', names);
    expect(JSON.parse(stdout)).toEqual(Object.keys(working).sort());
  });

  test('exports what the working tree does', async () => {
    const { stdout, stderr } = await node(project, '-e', listNames);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual(Object.keys(working).sort());
  });

  test('its command runs, by itself and through the link that npm makes', async () => {
    const bin = join(project, 'node_modules/.bin/surefoot');
    await mkdir(join(project, 'node_modules/.bin'), { recursive: true });
    await symlink('../surefoot/dist/cli/bin.js', bin);
    const { stdout, stderr, code } = await run(project, bin, '--version');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain(String(workingManifest['version']));
  });

  test('its command brings the copied example to its heads', async () => {
    const bin = join(installed, 'dist/cli/bin.js');
    const url = `sqlite:${join(project, 'todobox.db')}`;
    const up = await node(project, bin, 'upgrade', '--json', '--cwd', 'todobox', '--url', url);
    expect(up.stderr).toBe('');
    expect(JSON.parse(up.stdout)).toMatchObject({ failed: null, remaining: [] });
    const current = await node(project, bin, 'current', '--json', '--cwd', 'todobox', '--url', url);
    expect(JSON.parse(current.stdout)).toEqual({ heads: ['d1f2e3c4b5a6'], pending: [] });
  });

  test('its types hold in a strict project without the optional packages', async () => {
    const use = [
      "import { createSurefoot, defineSchema, type RunResult, revision, table } from 'surefoot';",
      "const surefoot = createSurefoot({ url: 'sqlite::memory:' });",
      "export const run: Promise<RunResult> = surefoot.upgrade('heads', { strict: true });",
      'export const schema = defineSchema({ tables: { a: table((t) => ({ id: t.integer().primaryKey() })) } });',
      "export default revision({ id: 'a1b2', revises: null, message: 'm', upgrade(op) { op.dropTable('a'); }, downgrade: 'auto' });",
      '// @ts-expect-error: a target is a text',
      'surefoot.upgrade(1);',
    ];
    await writeFile(join(project, 'use.ts'), use.join('\n'));
    const options = { module: 'nodenext', target: 'es2024', strict: true, noEmit: true, types: [] };
    const config = { compilerOptions: options, files: ['use.ts'] };
    await writeFile(join(project, 'tsconfig.json'), JSON.stringify(config));
    const { stdout, code } = await run(project, 'tsc', '-p', '.');
    expect(stdout).toBe('');
    expect(code).toBe(0);
  });
});

describe('packing that goes wrong', () => {
  test(
    'a manifest left aside is put back by the next build',
    async () => {
      const tree = await kept(copyOfTree());
      // As `pack.ts before` does once it has built.
      const place = "import('./scripts/published-manifest.ts').then((m) => m.placePublishedManifest())";
      expect(await node(tree, '-e', place)).toMatchObject({ code: 0, stdout: '' });
      expect(manifestOf(tree)).not.toHaveProperty('scripts');
      expect(await node(tree, 'scripts/build.ts')).toMatchObject({ code: 0, stdout: '' });
      expect(manifestOf(tree)).toEqual(workingManifest);
      expect(existsSync(join(tree, 'package.json.working-tree'))).toBe(false);
    },
    2 * minutes,
  );

  test(
    'code that does not compile is not packed, and nothing is left behind',
    async () => {
      const tree = await kept(copyOfTree());
      await appendFile(join(tree, 'src/index.ts'), "\nexport const wrong: number = 'text';\n");
      const { code } = await run(tree, 'npm', 'pack', '--silent');
      expect(code).not.toBe(0);
      expect((await readdir(tree)).filter((name) => name.endsWith('.tgz'))).toEqual([]);
      expect(manifestOf(tree)).toEqual(workingManifest);
      expect(existsSync(join(tree, 'dist/index.js'))).toBe(false);
    },
    2 * minutes,
  );
});

describe('a project linked to the working tree', () => {
  let project: string;
  beforeAll(async () => {
    project = await kept(newProject());
    await symlink(root, join(project, 'node_modules/surefoot'));
  });

  test('imports it without a build', async () => {
    const { stdout, stderr } = await node(project, '-e', listNames);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual(Object.keys(working).sort());
  });

  test('has the very modules that the command line has', async () => {
    const own = pathToFileURL(join(root, 'src/kernel/errors.ts')).href;
    const same = `const [a, b] = await Promise.all([import('surefoot'), import('${own}')]); console.log(a.SurefootError === b.SurefootError)`;
    expect((await node(project, '--input-type=module', '-e', same)).stdout).toBe('true\n');
    // The command line knows its own refusals by their class.
    const config = [
      "import { SurefootError } from 'surefoot';",
      "const details = { revisions: ['theirs'], table: 'of theirs' };",
      "throw new SurefootError('version/unknown-revision', 'as the config says', { details });",
    ];
    await writeFile(join(project, 'surefoot.config.ts'), config.join('\n'));
    const { stdout, code } = await node(root, 'src/cli/bin.ts', 'status', '--json', '--cwd', project);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'version/unknown-revision', message: 'as the config says' },
    });
    expect(code).toBe(2);
  });

  test('runs the copied example', async () => {
    const url = `sqlite:${join(project, 'todobox.db')}`;
    const args = ['upgrade', '--json', '--cwd', join(project, 'todobox'), '--url', url];
    const { stdout, stderr } = await node(root, 'src/cli/bin.ts', ...args);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ failed: null, remaining: [] });
  });
});
