// All revisions at once, up and down. In: a ground. Out: rows.

import type { Contender } from '../contest.ts';
import { contest } from '../contest.ts';
import type { Ground } from '../ground.ts';
import { run, textFile } from '../ground.ts';
import type { Change } from '../history.ts';
import { history } from '../history.ts';
import { peersFor } from '../peers/peers.ts';
import { writeProject } from '../project.ts';
import type { Row } from '../row.ts';

type Way = 'up' | 'down';

/** One transaction a revision. */
function scriptOf(changes: readonly Change[], way: Way): string {
  const ordered = way === 'up' ? changes : changes.toReversed();
  return ordered
    .map((change) => `BEGIN;\n${change[way].map((sql) => `${sql};\n`).join('')}COMMIT;\n`)
    .join('');
}

/** The tables of the history that are there. */
async function expectTables(ground: Ground, database: string, count: number): Promise<void> {
  const sql = "SELECT count(*)::int AS count FROM pg_class WHERE relkind = 'r' AND relname ~ '^item_'";
  const [row] = await ground.ask(database, sql);
  if (row?.['count'] !== count)
    throw new Error(`${database}: ${row?.['count']} tables where ${count} should be`);
}

interface Work {
  readonly ground: Ground;
  readonly way: Way;
  readonly count: number;
}

function floorOf({ ground, way, count }: Work): Contender {
  return {
    name: 'psql',
    isFloor: true,
    prepare: async () => {
      const folder = await ground.folder('sql');
      const file = await textFile(folder, scriptOf(history(count, count), way));
      const from = `psql_${count}`;
      if (way === 'down' && ground.once(from)) {
        const up = await textFile(folder, scriptOf(history(count, count), 'up'));
        await run(ground.psql(await ground.database(from), up));
      }
      return ground.psql(await ground.database('psql', way === 'down' ? from : undefined), file);
    },
    check: () => expectTables(ground, 'psql', way === 'up' ? count : 0),
  };
}

async function ownOf({ ground, way, count }: Work): Promise<Contender> {
  const name = `deploy_${count}`;
  const project = await ground.folder(name);
  if (ground.once(name)) {
    await writeProject(project, history(count, count));
    await run(ground.surefoot(project, await ground.database(name), 'upgrade'));
  }
  return {
    name: 'Surefoot',
    prepare: async () => {
      const url = await ground.database('surefoot', way === 'down' ? name : undefined);
      return way === 'up'
        ? ground.surefoot(project, url, 'upgrade')
        : ground.surefoot(project, url, 'downgrade', 'base');
    },
    check: () => expectTables(ground, 'surefoot', way === 'up' ? count : 0),
  };
}

type Disk = 'waits' | 'does not wait';

function workOf(way: Way, count: number, disk: Disk): string {
  const number = count.toLocaleString('en');
  const work = way === 'up' ? `${number} revisions on an empty database` : `the same ${number} down`;
  return disk === 'waits' ? work : `${work}, a server that waits for no disk`;
}

function deployRow(way: Way, count: number, disk: Disk): Row {
  return {
    name: `${way}-${count}${disk === 'waits' ? '' : '-no-disk'}`,
    work: workOf(way, count, disk),
    floor: 'the same statements through psql, one transaction a revision',
    aim: '1.2 ×',
    rounds: 5,
    measure: async (ground, { rounds, peers }) => {
      const work = { ground, way, count };
      const others =
        peers && disk === 'waits' ? await peersFor(way, ground, { changes: history(count, count) }) : [];
      const contenders = [floorOf(work), await ownOf(work), ...others];
      await ground.waitsForDisk(disk === 'waits');
      try {
        return await contest(contenders, rounds);
      } finally {
        await ground.waitsForDisk(true);
      }
    },
  };
}

/** Up and down. */
export const deployRows: readonly Row[] = [
  deployRow('up', 1000, 'waits'),
  deployRow('up', 1000, 'does not wait'),
  deployRow('down', 1000, 'waits'),
  deployRow('down', 1000, 'does not wait'),
];
