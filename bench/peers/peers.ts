// The other tools. In: a kind of work. Out: those that can do it, as contenders. Must not know how they are measured.

import { existsSync } from 'node:fs';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { npmTools } from '../../test/servers/npm-tools.ts';
import type { Contender, Patience } from '../contest.ts';
import type { Ground } from '../ground.ts';
import { run } from '../ground.ts';
import type { Change } from '../history.ts';
import type { Command } from '../measure.ts';
import { Setback } from '../measure.ts';
import { javascriptPeers } from './javascript.ts';
import { otherPeers } from './other.ts';
import type { Peer, PeerPlace, Way } from './peer.ts';
import { widePeers } from './wide.ts';

/** What is asked of a tool. */
export type Task = 'idle' | Way;

/** All of it is to end within half an hour. */
export const patience: Patience = { runMs: 180_000, turnsMs: 10_000 };

const bench = join(import.meta.dirname, '..');

/** A new project of the tool's, which finds the tools as if they were installed there. */
async function writeFiles(
  place: Omit<PeerPlace, 'url'>,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const file = join(place.project, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  const modules = join(place.project, 'node_modules');
  if (!existsSync(modules)) await symlink(join(place.tools, 'node_modules'), modules);
}

interface Work {
  readonly ground: Ground;
  readonly changes: readonly Change[];
  readonly task: Task;
  /** So many at once. */
  readonly runners: number;
}

async function commandOf(peer: Peer, way: Way, place: PeerPlace, count: number): Promise<Command> {
  const command = await peer.command(way, place, count);
  if (command === null) throw new Error(`${peer.name} cannot go ${way}`);
  return command;
}

/** The tables that the history makes are there, or gone: a tool that ends well may have done nothing. */
async function expectTables({ ground, changes }: Work, database: string, way: Way): Promise<void> {
  const made = changes.filter(({ name }) => name.startsWith('create_')).length;
  const wanted = way === 'up' ? made : 0;
  const sql = "SELECT count(*)::int AS count FROM pg_class WHERE relkind = 'r' AND relname ~ '^item_'";
  const [row] = await ground.ask(database, sql);
  if (row?.['count'] === wanted) return;
  const short = `${row?.['count']} tables where ${wanted} should be`;
  throw new Setback(short, `${database}: ${short}`);
}

/** What the run begins with: nothing, or all of it. */
async function beginning(peer: Peer, place: Omit<PeerPlace, 'url'>, work: Work) {
  const { ground, changes, task } = work;
  const key = peer.name.replaceAll(/\W+/g, '_').toLowerCase();
  const full = `${key}_${changes.length}_${changes.at(-1)?.name ?? ''}`;
  if (task === 'up') return { name: key, url: await ground.database(key) };
  if (ground.once(full)) {
    const url = await ground.database(full);
    await run(await commandOf(peer, 'up', { ...place, url }, changes.length), patience.runMs);
    await expectTables(work, full, 'up');
  }
  if (task === 'idle') return { name: full, url: ground.urlOf(full) };
  return { name: key, url: await ground.database(key, full) };
}

function contenderOf(peer: Peer, place: Omit<PeerPlace, 'url'>, work: Work): Contender {
  const way = work.task === 'down' ? 'down' : 'up';
  let name = '';
  return {
    name: peer.name,
    patience,
    prepare: async () => {
      const begun = await beginning(peer, place, work);
      name = begun.name;
      const command = await commandOf(peer, way, { ...place, url: begun.url }, work.changes.length);
      return Array.from({ length: work.runners }, () => command);
    },
    check: () => expectTables(work, name, way),
  };
}

async function canGoDown(peer: Peer, place: Omit<PeerPlace, 'url'>): Promise<boolean> {
  return (await peer.command('down', { ...place, url: '' }, 1)) !== null;
}

/** The tools that can do it, ready to run. */
export async function peersFor(
  task: Task,
  ground: Ground,
  { changes, runners = 1 }: { readonly changes: readonly Change[]; readonly runners?: number },
): Promise<readonly Contender[]> {
  const tools = await npmTools(bench, 'bench');
  const contenders: Contender[] = [];
  for (const peer of [...javascriptPeers, ...otherPeers]) {
    const name = `${peer.name.replaceAll(/\W+/g, '-')}-${changes.length}-${changes.at(-1)?.name ?? ''}`;
    const place = { project: await ground.folder(name), tools };
    if (task === 'down' && !(await canGoDown(peer, place))) continue;
    if (runners > 20 && peer.isHeavy) continue;
    if (ground.once(`files of ${name}`)) await writeFiles(place, peer.files(changes));
    contenders.push(contenderOf(peer, place, { ground, changes, task, runners }));
  }
  return contenders;
}

/** The tables without those of Surefoot's, which no other tool expects. */
async function bareDatabase(ground: Ground, wide: string): Promise<string> {
  const name = `${wide}_bare`;
  if (ground.once(name)) {
    await ground.database(name, wide);
    await ground.ask(name, 'DROP TABLE surefoot_version, surefoot_journal, surefoot_lock');
  }
  return name;
}

/** The tools that compare models with a database, ready to run. */
export async function widePeersFor(
  ground: Ground,
  { tables, database }: { readonly tables: number; readonly database: string },
): Promise<readonly Contender[]> {
  const tools = await npmTools(bench, 'bench');
  const bare = await bareDatabase(ground, database);
  const contenders = widePeers.map(async (peer): Promise<Contender> => {
    const key = `${peer.name.replaceAll(/\W+/g, '_').toLowerCase()}_${tables}`;
    const place = { project: await ground.folder(key), tools };
    await writeFiles(place, peer.files(tables));
    const prepare = async () => {
      if (peer.written !== undefined) {
        await rm(join(place.project, peer.written), { recursive: true, force: true });
        await mkdir(join(place.project, peer.written), { recursive: true });
      }
      const url = peer.changes ? await ground.database('pushed', bare) : ground.urlOf(bare);
      return await peer.command({ ...place, url });
    };
    return { name: peer.name, prepare, patience: { ...patience, remembersAlong: true } };
  });
  return await Promise.all(contenders);
}
