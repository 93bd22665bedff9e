// The other tools. In: a kind of work. Out: those that can do it, as contenders. Must not know how they are measured.

import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { npmTools } from '../../test/servers/npm-tools.ts';
import type { Contender } from '../contest.ts';
import type { Ground } from '../ground.ts';
import { run } from '../ground.ts';
import type { Change } from '../history.ts';
import type { Command } from '../measure.ts';
import { javascriptPeers } from './javascript.ts';
import { otherPeers } from './other.ts';
import type { Peer, PeerPlace, Way } from './peer.ts';

/** What is asked of a tool. */
export type Task = 'idle' | Way;

const bench = join(import.meta.dirname, '..');

/** A new project of the tool's, which finds the tools as if they were installed there. */
async function writeFiles(
  peer: Peer,
  place: Omit<PeerPlace, 'url'>,
  changes: readonly Change[],
): Promise<void> {
  for (const [path, text] of Object.entries(peer.files(changes))) {
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
}

async function commandOf(peer: Peer, way: Way, place: PeerPlace, count: number): Promise<Command> {
  const command = await peer.command(way, place, count);
  if (command === null) throw new Error(`${peer.name} cannot go ${way}`);
  return command;
}

/** What the run begins with: nothing, or all of it. */
async function beginning(peer: Peer, place: Omit<PeerPlace, 'url'>, { ground, changes, task }: Work) {
  const key = peer.name.replaceAll(/\W+/g, '_').toLowerCase();
  const full = `${key}_${changes.length}_${changes.at(-1)?.name ?? ''}`;
  if (task === 'up') return { name: key, url: await ground.database(key) };
  if (ground.once(full)) {
    const url = await ground.database(full);
    await run(await commandOf(peer, 'up', { ...place, url }, changes.length));
  }
  if (task === 'idle') return { name: full, url: ground.urlOf(full) };
  return { name: key, url: await ground.database(key, full) };
}

function contenderOf(peer: Peer, place: Omit<PeerPlace, 'url'>, work: Work): Contender {
  const way = work.task === 'down' ? 'down' : 'up';
  return {
    name: peer.name,
    prepare: async () => {
      const { url } = await beginning(peer, place, work);
      return await commandOf(peer, way, { ...place, url }, work.changes.length);
    },
  };
}

async function canGoDown(peer: Peer, place: Omit<PeerPlace, 'url'>): Promise<boolean> {
  return (await peer.command('down', { ...place, url: '' }, 1)) !== null;
}

/** The tools that can do it, ready to run. */
export async function peersFor(
  task: Task,
  ground: Ground,
  changes: readonly Change[],
): Promise<readonly Contender[]> {
  const tools = await npmTools(bench, 'bench');
  const contenders: Contender[] = [];
  for (const peer of [...javascriptPeers, ...otherPeers]) {
    const name = `${peer.name.replaceAll(/\W+/g, '-')}-${changes.length}-${changes.at(-1)?.name ?? ''}`;
    const place = { project: await ground.folder(name), tools };
    if (task === 'down' && !(await canGoDown(peer, place))) continue;
    if (ground.once(`files of ${name}`)) await writeFiles(peer, place, changes);
    contenders.push(contenderOf(peer, place, { ground, changes, task }));
  }
  return contenders;
}
