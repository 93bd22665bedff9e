import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { RevisionText, TestProject } from '../support/revisions.ts';
import { testProject } from '../support/revisions.ts';

/** Three revisions of a table of users; the last one drops a column. */
export const userRevisions: readonly RevisionText[] = [
  {
    id: 'aaaa1111',
    message: 'create user',
    up: `op.createTable('user', (t) => ({ id: t.integer().primaryKey(), name: t.varchar(40), phone: t.varchar(20) }));`,
  },
  {
    id: 'bbbb2222',
    message: 'add user.token',
    up: `op.addColumn('user', 'token', t.varchar(255)); op.createIndex('user', ['token'], { name: 'ix_user_token' });`,
  },
  { id: 'cccc3333', message: 'drop user.phone', up: `op.dropColumn('user', 'phone');` },
];

/** A project with a config and a database of its own. */
export function cliProject(...revisions: readonly RevisionText[]): TestProject {
  const project = testProject(...revisions);
  project.writeFile('surefoot.config.json', '{ "url": "sqlite:./app.db" }');
  return project;
}

/** Two branches on one base, one of them labelled. */
export const branchedRevisions: readonly RevisionText[] = [
  { id: 'base0000', message: 'start', up: '' },
  { id: 'left1111', revises: 'base0000', message: 'left', up: '' },
  { id: 'right222', revises: 'base0000', message: 'right', up: '', more: `branchLabels: 'billing',` },
];

/** Runs SQL on the project's database, behind Surefoot's back. */
export function onDatabase<T>(project: TestProject, does: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(join(project.folder, 'app.db'));
  try {
    return does(db);
  } finally {
    db.close();
  }
}

/** The columns of a table as the server has them. */
export function columnsOf(project: TestProject, table: string): readonly unknown[] {
  return onDatabase(project, (db) =>
    db
      .prepare('SELECT name FROM pragma_table_info(?) ORDER BY cid')
      .all(table)
      .map((row) => row['name']),
  );
}
