// Many runners at once. In: a ground. Out: rows.

import { join } from 'node:path';
import type { Contender } from '../contest.ts';
import { contest } from '../contest.ts';
import type { Ground } from '../ground.ts';
import { run } from '../ground.ts';
import { history } from '../history.ts';
import { peersFor } from '../peers/peers.ts';
import { writeProject } from '../project.ts';
import type { Row } from '../row.ts';

const revisions = 20;

/** Each step once: as many moves as revisions, and as many tables. */
async function expectOnce(ground: Ground, database: string): Promise<void> {
  const sql = `SELECT (SELECT count(*)::int FROM surefoot_journal WHERE event = 'moved') AS moves,
    (SELECT count(*)::int FROM pg_class WHERE relkind = 'r' AND relname ~ '^item_') AS tables`;
  const [row] = await ground.ask(database, sql);
  if (row?.['moves'] !== revisions || row['tables'] !== revisions)
    throw new Error(`${row?.['moves']} moves and ${row?.['tables']} tables where ${revisions} should be`);
}

async function contendersOf(ground: Ground, runners: number): Promise<readonly Contender[]> {
  const project = await ground.folder('crowd');
  await writeProject(project, history(revisions, revisions));
  await run(ground.surefoot(project, await ground.database('crowd'), 'upgrade'));
  const bare = join(import.meta.dirname, '../floors/connect-only.mjs');
  return [
    {
      name: `${runners} × node and connect`,
      isFloor: true,
      prepare: async () => Array.from({ length: runners }, () => ground.node(ground.urlOf('crowd'), bare)),
    },
    {
      name: 'Surefoot',
      prepare: async () => {
        const url = await ground.database('crowded');
        return Array.from({ length: runners }, () => ground.surefoot(project, url, 'upgrade'));
      },
      check: () => expectOnce(ground, 'crowded'),
    },
  ];
}

function crowdRow(runners: number): Row {
  return {
    name: `runners-${runners}`,
    work: `${runners} runners at once, an empty database, ${revisions} revisions`,
    floor: `${runners} processes of node that connect`,
    aim: '2 ×',
    rounds: 5,
    measure: async (ground, { rounds, peers }) => {
      const changes = history(revisions, revisions);
      const others = peers ? await peersFor('up', ground, { changes, runners }) : [];
      return await contest([...(await contendersOf(ground, runners)), ...others], rounds);
    },
  };
}

/** Twenty and fifty. */
export const crowdRows: readonly Row[] = [crowdRow(20), crowdRow(50)];
