// Many tables: what models lack, and what a check costs. In: a ground. Out: rows.

import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { introspectQuery } from '../../src/dialects/postgres/introspect-query.ts';
import type { Contender } from '../contest.ts';
import { contest } from '../contest.ts';
import type { Ground } from '../ground.ts';
import { run, textFile } from '../ground.ts';
import { widePeersFor } from '../peers/peers.ts';
import { writeProject } from '../project.ts';
import type { Row } from '../row.ts';
import { models, wideHistory } from '../wide.ts';

const revisions = 1000;

interface Wide {
  readonly project: string;
  readonly name: string;
  readonly url: string;
}

/** A database of so many tables, made by a thousand revisions, and models that differ in five places. */
async function wideGround(ground: Ground, tables: number): Promise<Wide> {
  const name = `wide_${tables}`;
  const project = await ground.folder(name);
  if (ground.once(name)) {
    await writeProject(project, wideHistory(tables, revisions), { models: models(tables) });
    await run(ground.surefoot(project, await ground.database(name), 'upgrade'));
  }
  return { project, name, url: ground.urlOf(name) };
}

/** The query that Surefoot reads a catalogue with, with its values in place. */
function catalogueQuery(): string {
  const values = ["'[]'", `'["surefoot_version","surefoot_journal","surefoot_lock"]'`, 'NULL', 'NULL'];
  return introspectQuery(18).replaceAll(/\$([1-4])/g, (_, position) => values[Number(position) - 1] ?? '');
}

async function floorOf(ground: Ground, { url }: Wide): Promise<Contender> {
  const file = await textFile(await ground.folder('sql'), `${catalogueQuery()};\n`);
  return { name: 'psql', isFloor: true, prepare: async () => ground.psql(url, file) };
}

function generateRow(tables: number): Row {
  return {
    name: `autogenerate-${tables}`,
    work: `autogenerate: 5 differences in ${tables.toLocaleString('en')} tables`,
    floor: 'the catalogue queries through psql',
    aim: '3 ×',
    rounds: tables > 1000 ? 3 : 5,
    measure: async (ground, { rounds, peers }) => {
      const wide = await wideGround(ground, tables);
      const written = await ground.folder(`${wide.name}_written`);
      const prepare = async () => {
        // What the last run wrote would be a second head.
        await rm(join(written, 'migrations'), { recursive: true, force: true });
        for (const part of ['package.json', 'surefoot.config.ts', 'schema.ts', 'migrations', '.surefoot'])
          await cp(join(wide.project, part), join(written, part), {
            recursive: true,
            preserveTimestamps: true,
          }).catch(() => undefined);
        return ground.surefoot(written, wide.url, 'migrate', '-m', 'differences');
      };
      await run(await prepare());
      const others = peers ? await widePeersFor(ground, { tables, database: wide.name }) : [];
      const own = { name: 'Surefoot', prepare };
      return await contest([await floorOf(ground, wide), own, ...others], rounds);
    },
  };
}

function checkRow(tables: number): Row {
  return {
    name: `check-${tables}`,
    work: `check of ${tables.toLocaleString('en')} tables against ${revisions.toLocaleString('en')} revisions`,
    floor: 'the catalogue queries through psql',
    aim: '3 ×',
    rounds: tables > 1000 ? 3 : 5,
    measure: async (ground, { rounds }) => {
      const wide = await wideGround(ground, tables);
      const check = { ...ground.surefoot(wide.project, wide.url, 'check'), codes: [0, 1] };
      await run(check);
      return await contest(
        [await floorOf(ground, wide), { name: 'Surefoot', prepare: async () => check }],
        rounds,
      );
    },
  };
}

/** Autogenerate and check. */
export const wideRows: readonly Row[] = [
  generateRow(1000),
  generateRow(5000),
  checkRow(1000),
  checkRow(5000),
];
