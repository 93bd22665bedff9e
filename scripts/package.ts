// In: nothing, or a packed file. Out: the package installed and run as its users do; the figures in docs/package.md.
// Must not know: how it is built.

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { copyOfTree } from '../test/package/support.ts';
import { run } from '../test/servers/command.ts';
import { judge } from './package/judges.ts';
import { lap } from './package/lap.ts';
import { managers } from './package/managers.ts';
import { tools } from './package/place.ts';
import { projects, type Timed, timeProject } from './package/projects.ts';
import { type Size, weigh } from './package/size.ts';

const usage = `Usage: npm run package [-- [--tarball FILE]]

Packs Surefoot, has the package judged by publint and attw, installs it with npm, pnpm and Yarn on Node 22.18, 24 and 26,
goes there from init to an upgrade and back, times the way to a first upgrade in an empty folder, a Drizzle and a Prisma
project, and weighs what is installed. The figures are written to docs/package.md.

  --tarball FILE   this packed file, instead of one of the working tree`;

const page = join(import.meta.dirname, '../docs/package.md');
const runtimes = [22, 24, 26] as const;
const limitSeconds = 60;

async function pack(target: string): Promise<string> {
  const tree = await copyOfTree();
  try {
    await run(['npm', 'pack', '--silent', '--pack-destination', target], { cwd: tree, timeout: 300_000 });
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
  const [file = ''] = await readdir(target);
  return join(target, file);
}

/** One row for a package manager: the versions of Node that it ran on. */
async function lapsOf(tarball: string): Promise<readonly string[]> {
  const found = await tools();
  const rows: string[] = [];
  for (const manager of managers(found)) {
    const cells: string[] = [];
    for (const major of runtimes) cells.push(await lap(tarball, manager, found.nodeOf(major)));
    rows.push(`| ${manager.name} | ${cells.map((version) => `${version.slice(1)}: runs`).join(' | ')} |`);
    console.log(rows.at(-1));
  }
  return [
    `| | ${runtimes.map((major) => `Node ${major}`).join(' | ')} |`,
    '| --- | --- | --- | --- |',
    ...rows,
  ];
}

async function timesOf(tarball: string): Promise<readonly string[]> {
  const node = (await tools()).nodeOf(24);
  const times: Timed[] = [];
  for (const project of projects) times.push(await timeProject(tarball, project, node));
  for (const { name, seconds } of times) console.log(`${name}: ${seconds.toFixed(1)} s to a first upgrade`);
  const slow = times.find(({ seconds }) => seconds > limitSeconds);
  if (slow) throw new Error(`${slow.name} took more than ${limitSeconds} s`);
  return [
    '| project | commands | seconds |',
    '| --- | --- | --- |',
    ...times.map(({ name, seconds, commands }) => `| ${name} | ${commands} | ${Math.ceil(seconds)} |`),
  ];
}

const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;

function sizeRows({ packed, installed }: Size): readonly string[] {
  const sum = [...installed.values()].reduce((all, one) => all + one, 0);
  return [
    '| | |',
    '| --- | --- |',
    `| the packed file | ${megabytes(packed)} |`,
    `| Surefoot, installed | ${megabytes(installed.get('surefoot') ?? 0)} |`,
    `| with what it depends on | ${megabytes(sum)} |`,
    `| packages besides it | ${installed.size - 1}: ${[...installed.keys()]
      .filter((name) => name !== 'surefoot')
      .map((name) => `\`${name}\``)
      .join(', ')} |`,
  ];
}

async function writePart(name: string, rows: readonly string[]): Promise<void> {
  const text = await readFile(page, 'utf8');
  const mark = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- /${name} -->)`);
  if (!mark.test(text)) throw new Error(`docs/package.md has no place for ${name}`);
  await writeFile(
    page,
    text.replace(mark, (_, open, close) => `${open}\n${rows.join('\n')}\n\n${close}`),
  );
}

async function examine(tarball: string): Promise<number> {
  const complaints = await judge(tarball);
  for (const complaint of complaints) console.error(complaint);
  if (complaints.length > 0) return 1;
  console.log('publint and attw: nothing to complain of');
  const size = sizeRows(await weigh(tarball, (await tools()).nodeOf(24)));
  console.log(size.slice(2).join('\n'));
  await writePart('size', size);
  await writePart('managers', await lapsOf(tarball));
  await writePart('projects', await timesOf(tarball));
  return 0;
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { tarball: { type: 'string' }, help: { type: 'boolean' } } });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const target = await mkdtemp(join(tmpdir(), 'surefoot-packed-'));
  try {
    return await examine(values.tarball === undefined ? await pack(target) : resolve(values.tarball));
  } finally {
    await rm(target, { recursive: true, force: true });
  }
}

process.exitCode = await main();
