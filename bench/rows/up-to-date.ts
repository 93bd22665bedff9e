// Nothing to do: what a tool costs in every deploy. In: a ground. Out: rows.

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { postgresBookkeeping } from '../../src/dialects/postgres/bookkeeping.ts';
import type { Contender } from '../contest.ts';
import { contest } from '../contest.ts';
import type { Ground } from '../ground.ts';
import { run, textFile } from '../ground.ts';
import { history } from '../history.ts';
import { peersFor } from '../peers/peers.ts';
import { writeProject } from '../project.ts';
import type { Row } from '../row.ts';

const tables = 50;

/** A project, and a database where all of it is applied. */
async function upToDate(ground: Ground, count: number) {
  const name = `idle_${count}`;
  const project = await ground.folder(name);
  if (ground.once(name)) {
    await writeProject(project, history(count, tables));
    await run(ground.surefoot(project, await ground.database(name), 'upgrade'));
  }
  return { project, url: ground.urlOf(name) };
}

async function floorOf(ground: Ground, url: string): Promise<Contender> {
  const query = await textFile(await ground.folder('sql'), postgresBookkeeping.fingerprint);
  return {
    name: 'node, connect, two queries',
    isFloor: true,
    prepare: async () => ground.node(url, join(import.meta.dirname, '../floors/connect.mjs'), query),
  };
}

function warmRow(count: number, aim: string): Row {
  return {
    name: `idle-${count}`,
    work: `nothing to do, ${count.toLocaleString('en')} revisions`,
    floor: 'node, connect, a select and the fingerprint query',
    aim,
    rounds: 11,
    measure: async (ground, { rounds, peers }) => {
      const { project, url } = await upToDate(ground, count);
      await run(ground.surefoot(project, url, 'upgrade'));
      const own = { name: 'Surefoot', prepare: async () => ground.surefoot(project, url, 'upgrade') };
      // The others take minutes to come so far.
      const others =
        peers && count <= 1000 ? await peersFor('idle', ground, { changes: history(count, tables) }) : [];
      return await contest([await floorOf(ground, url), own, ...others], rounds);
    },
  };
}

function firstRow(count: number): Row {
  return {
    name: `first-${count}`,
    work: `the same, first run, ${count.toLocaleString('en')} revisions`,
    floor: 'the same',
    aim: '–',
    rounds: 5,
    measure: async (ground, { rounds }) => {
      const { project, url } = await upToDate(ground, count);
      const forget = async () => {
        await rm(ground.compileCache, { recursive: true, force: true });
        await rm(join(project, '.surefoot'), { recursive: true, force: true });
        return ground.surefoot(project, url, 'upgrade');
      };
      return await contest([await floorOf(ground, url), { name: 'Surefoot', prepare: forget }], rounds);
    },
  };
}

/** Warm, and cold. */
export const upToDateRows: readonly Row[] = [
  warmRow(10, '1.5 ×'),
  warmRow(1000, '1.5 ×'),
  warmRow(10_000, '2.5 ×'),
  firstRow(10),
  firstRow(1000),
  firstRow(10_000),
];
