// Fleets for tests. In: how many. Out: projects with databases, and what stands in each afterwards.

import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { npmTools } from '../servers/npm-tools.ts';
import type { RevisionText, TestProject } from '../support/revisions.ts';
import { testProject } from '../support/revisions.ts';

export const fleetRevisions: readonly RevisionText[] = [
  {
    id: 'aaaa1111',
    message: 'create user',
    up: `op.createTable('user', (t) => ({ id: t.integer().primaryKey(), name: t.varchar(40) }));`,
  },
  {
    id: 'bbbb2222',
    message: 'add user.token',
    up: `op.addColumn('user', 'token', t.varchar(255)); op.createIndex('user', ['token'], { name: 'ix_user_token' });`,
  },
];

/** A project with a list of so many SQLite files, none of which is there yet. */
export function fileFleet(
  count: number,
  revisions: readonly RevisionText[] = fleetRevisions,
): TestProject & { readonly files: readonly string[] } {
  const project = testProject(...revisions);
  mkdirSync(join(project.folder, 'db'));
  const files = Array.from({ length: count }, (_, i) => join(project.folder, 'db', `${i}.db`));
  const lines = files.map((_, i) => JSON.stringify({ name: `t${i}`, url: `sqlite:./db/${i}.db` }));
  project.writeFile('targets.txt', `# tenants\n\n${lines.join('\n')}\n`);
  return { ...project, files, [Symbol.dispose]: () => project[Symbol.dispose]() };
}

/** How often each revision was applied in a file, by its journal, and where it stands. */
export function journalOf(file: string): {
  readonly moved: readonly unknown[];
  readonly heads: readonly unknown[];
} {
  const db = new DatabaseSync(file);
  try {
    const moved = db.prepare(`SELECT revision FROM surefoot_journal WHERE event = 'moved' ORDER BY id`).all();
    const heads = db.prepare('SELECT * FROM surefoot_version').all();
    return { moved: moved.map((row) => row['revision']), heads: heads.flatMap((row) => Object.values(row)) };
  } finally {
    db.close();
  }
}

/** Gives a project the packages of a queue, as its user would install them. */
export async function withQueuePackages({ folder }: TestProject): Promise<void> {
  const home = await npmTools(fileURLToPath(new URL('./packages', import.meta.url)), 'fleet');
  symlinkSync(join(home, 'node_modules'), join(folder, 'node_modules'), 'dir');
}
