// TypeORM: its migrations, and its table.
// In: a project. Out: programs for the import. Must not know how they are written down.

import { textOf } from '../../dialect/rows.ts';
import type { DataSource } from '../../sources/typeorm-types.ts';
import { brokenProgram } from '../programs/functions.ts';
import { textIn } from '../programs/load.ts';
import { databaseUrl } from '../programs/place.ts';
import type { ProgramAdapter, ProgramProject } from '../programs/program-tool.ts';
import { programTool } from '../programs/program-tool.ts';
import type { ProgramSession } from '../programs/session.ts';
import type { Program } from '../programs/walk.ts';
import { readTable } from '../read-table.ts';
import { readForeignText } from '../read-text.ts';
import { quotedName } from '../sql-name.ts';
import type { ForeignLedger, LedgerMeans, ReadMeans } from '../tool.ts';
import type { QueryRunner } from './library.ts';
import { dataSourceOn, familyOf } from './library.ts';
import type { FoundMigration, MigrationClass, TypeormProject } from './project.ts';
import { findProject, migrationsOf } from './project.ts';

const stem = (file: string): string => file.replace(/^.*[\\/]/, '').replace(/\.[cm]?[jt]s$/, '');

/** What the server must have before what the migration itself says: TypeORM makes it on its own when it connects. */
async function prepare(file: string, dataSource: DataSource, runner: QueryRunner, session: ProgramSession) {
  const { text } = await readForeignText(file);
  const { metadataTableName: notes } = dataSource;
  if (session.dialect.traits.namespaces && text.includes('uuid_generate_v4'))
    await session.send('CREATE EXTENSION IF NOT EXISTS "uuid-ossp"');
  if (!text.includes(notes) || (await runner.hasTable(notes))) return;
  const columns = ['type', 'database', 'schema', 'table', 'name', 'value'].map(
    (one) => `${session.dialect.quote(one)} text`,
  );
  await session.send(`CREATE TABLE ${session.dialect.quote(notes)} (${columns.join(', ')})`);
}

interface Work {
  readonly dataSource: DataSource;
  readonly session: ProgramSession;
  readonly isPlain: boolean;
}

async function run(
  found: { readonly file: string; readonly migration: MigrationClass },
  way: 'up' | 'down',
  work: Work,
) {
  const { dataSource, session } = work;
  const runner = dataSource.createQueryRunner() as unknown as QueryRunner;
  const instance = new found.migration();
  const isPlain = work.isPlain || instance.transaction === false;
  try {
    if (way === 'up') await prepare(found.file, dataSource, runner, session);
    await runner.beforeMigration?.();
    if (!isPlain) await runner.startTransaction();
    await instance[way](runner);
    if (!isPlain) await runner.commitTransaction();
    await runner.afterMigration?.();
  } catch (error) {
    if (!isPlain) await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  } finally {
    await runner.release();
  }
}

const nameOf = (migration: MigrationClass): string => new migration().name ?? migration.name;

function programOf(found: FoundMigration, work: Work): Program {
  if ('error' in found) return brokenProgram(stem(found.file), found.file, found.error);
  return {
    name: nameOf(found.migration),
    file: found.file,
    up: () => run(found, 'up', work),
    down: () => run(found, 'down', work),
  };
}

/** The number at the end of the class's name; of a file that gave none, the one at the beginning of its own. */
const timeIn = ({ name }: Program): number =>
  Number(/(\d{13})$/.exec(name)?.[1] ?? /^(\d{13})/.exec(name)?.[1] ?? 0);

async function open(project: TypeormProject, session: ProgramSession, { projectFolder }: ReadMeans) {
  const { dataSource: own, folder } = project;
  const dataSource = await dataSourceOn(own, session, { project: projectFolder, migrations: folder });
  const isPlain = own?.options['migrationsTransactionMode'] === 'none';
  const found: FoundMigration[] = [...project.classes];
  for (const file of project.files) found.push(...(await migrationsOf(file)));
  const programs = found.map((one) => programOf(one, { dataSource, session, isPlain }));
  return { programs: programs.toSorted((a, b) => timeIn(a) - timeIn(b)), close: () => dataSource.destroy() };
}

async function find(path: string, means: ReadMeans): Promise<ProgramProject | null> {
  const project = await findProject(path, means);
  if (project === null) return null;
  const options = project.dataSource?.options ?? {};
  const dialect = familyOf(options['type']);
  const schema = textIn(options, 'schema');
  const named = (key: string, usual: string) =>
    `${schema === null ? '' : `${schema}.`}${textIn(options, key) ?? usual}`;
  return {
    folder: project.folder,
    dialect,
    product: textIn(options, 'type'),
    url: databaseUrl(options, dialect, { config: means.projectFolder, project: means.projectFolder }),
    tables: [named('migrationsTableName', 'migrations'), named('metadataTableName', 'typeorm_metadata')],
    notes: project.notes,
    open: (session) => open(project, session, means),
  };
}

async function ledger({ connection, dialect, history }: LedgerMeans): Promise<ForeignLedger | null> {
  const [table = 'migrations'] = history.tables;
  // Others have a table of that name too: TypeORM's has these columns.
  const rows = await readTable(connection, `SELECT id, name FROM ${quotedName(table, dialect)} ORDER BY id`);
  if (rows === null) return null;
  return {
    table,
    entries: rows.map((row) => ({
      name: textOf(row, 'name') ?? '',
      state: 'applied',
      // The time is that of the migration's making.
      at: null,
      detail: null,
      checksum: null,
    })),
    notes: [],
  };
}

const adapter: ProgramAdapter = { name: 'typeorm', title: 'TypeORM', find, ledger };

/** Migrations of TypeORM. */
export const typeorm = programTool(adapter);
