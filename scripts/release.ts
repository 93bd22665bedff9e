// In: a version. Out: a commit and a tag of it, its notes and its bill of materials in release/; the rest as words.
// Must not know: where it is published. Nothing leaves this machine.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from '../test/servers/command.ts';
import { billOfMaterials } from './release/bill.ts';
import { dateSection, sectionOf } from './release/changelog.ts';
import { compareVersions } from './release/version.ts';

const usage = `Usage: npm run release -- <version> | --of <tag>

Checks that the working tree is clean, that CHANGELOG.md has a section for the version and that it is a step forward; dates
the section, sets the version, commits, tags, and writes release/notes.md and release/sbom.cdx.json. Publishing is the last
step, and yours: it says how.

  --of <tag>   only write notes and bill of materials, of the release that is checked out`;

const root = join(import.meta.dirname, '..');

interface Manifest {
  readonly version: string;
  readonly repository?: unknown;
}

const git = async (...args: readonly string[]): Promise<string> =>
  (await run(['git', ...args], { cwd: root })).stdout.trim();

const read = (name: string): Promise<string> => readFile(join(root, name), 'utf8');
const write = (name: string, text: string): Promise<void> => writeFile(join(root, name), text);

async function expectClean(tag: string): Promise<void> {
  const changes = await git('status', '--porcelain');
  if (changes !== '') throw new Error(`the working tree has changes:\n${changes}`);
  if ((await git('tag', '--list', tag)) !== '') throw new Error(`the tag ${tag} is there already`);
}

/** A version that was never tagged may be released as it stands in the manifest. */
async function expectForward(version: string, current: string): Promise<void> {
  const order = compareVersions(version, current);
  if (order < 0) throw new Error(`${version} is before ${current}, which package.json has`);
  if (order === 0 && (await git('tag', '--list', `v${current}`)) !== '')
    throw new Error(`${version} has been released`);
}

/** The first member that says so, and in the lock file the package's own entry, too. */
const setVersion = (text: string, from: string, to: string): string =>
  text
    .replace(`"version": "${from}"`, `"version": "${to}"`)
    .replace(/("": \{\s*"name": "surefoot",\s*"version": ")[^"]+/, `$1${to}`);

function lastSteps(version: string, hasRepository: boolean): string {
  const tail = version.includes('-') ? ' --tag next' : '';
  return [
    '',
    `Committed and tagged v${version}. release/ has its notes and its bill of materials.`,
    ...(hasRepository ? [] : ['package.json has no "repository": npm refuses provenance without it.']),
    '',
    'The last steps:',
    '',
    `  git push --atomic origin HEAD v${version}`,
    `  npm publish --provenance --access public${tail}`,
    '',
    'The second is run by the pipeline of the tag: provenance says which one built it (docs/releasing.md).',
  ].join('\n');
}

async function writePapers(version: string): Promise<void> {
  const { notes } = sectionOf(await read('CHANGELOG.md'), version);
  const bill = await billOfMaterials(await read('package.json'), await read('package-lock.json'));
  await mkdir(join(root, 'release'), { recursive: true });
  await write(
    'release/notes.md',
    `${notes}
`,
  );
  await write('release/sbom.cdx.json', bill);
}

async function release(version: string): Promise<void> {
  const manifest = JSON.parse(await read('package.json')) as Manifest;
  await expectClean(`v${version}`);
  await expectForward(version, manifest.version);
  const date = new Date().toISOString().slice(0, 10);
  await write('CHANGELOG.md', dateSection(await read('CHANGELOG.md'), version, date));
  for (const name of ['package.json', 'package-lock.json'])
    await write(name, setVersion(await read(name), manifest.version, version));
  await writePapers(version);
  await git('commit', '--message', `release: ${version}`, '--', ...released);
  await git('tag', '--annotate', `v${version}`, '--message', `v${version}`);
  console.log(lastSteps(version, manifest.repository !== undefined));
}

async function papersOf(tag: string): Promise<void> {
  const { version } = JSON.parse(await read('package.json')) as Manifest;
  if (tag !== `v${version}`) throw new Error(`the tag is ${tag}, and package.json has ${version}`);
  await writePapers(version);
}

const released = ['CHANGELOG.md', 'package.json', 'package-lock.json'];

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { of: { type: 'string' }, help: { type: 'boolean' } },
    allowPositionals: true,
  });
  const [version] = positionals;
  const asked = positionals.length + (values.of === undefined ? 0 : 1);
  if (values.help || asked !== 1) {
    console[values.help ? 'log' : 'error'](usage);
    return values.help ? 0 : 64;
  }
  try {
    await (version === undefined ? papersOf(values.of ?? '') : release(version));
    return 0;
  } catch (error) {
    console.error(`release: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

process.exitCode = await main();
