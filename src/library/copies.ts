// Copies of the project's database for a rehearsal, made by backup and restore.
// In: a project whose database is open. Out: throw-away databases with everything that it holds. Must not know what for.

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectDialect, openDatabase } from '../config/choose-dialect.ts';
import type { Connection } from '../dialect/connection.ts';
import type { Dialect } from '../dialect/dialect.ts';
import { now } from '../kernel/clock.ts';
import { SurefootError } from '../kernel/errors.ts';
import { backup } from './backup.ts';
import type { Opened } from './open.ts';
import type { Project } from './project.ts';
import { createProject } from './project.ts';
import { restore } from './restore.ts';

/** One copy, gone when it is closed. */
export interface Copy {
  readonly connection: Connection;
  readonly dialect: Dialect;
  close(): Promise<void>;
}

/** A saved database, of which copies can be had. */
export interface Copies {
  open(): Promise<Copy>;
  /** Removes what was saved. */
  close(): Promise<void>;
}

/** Where a copy is to be, and what removes it. */
interface Site {
  readonly url: string;
  remove(): Promise<void>;
}

/** A name that nobody else takes, and that `check` knows for a leftover. */
const copyName = (): string =>
  `surefoot_scratch_${Math.floor(now() / 1000)}_${randomBytes(8).toString('hex')}`;

function refuseNameless(opened: Opened): SurefootError {
  const { description } = opened.database;
  return new SurefootError('backup/unsupported', `${description} cannot be copied from here`, {
    details: { database: description },
    hint: 'A copy needs the URL of the database; without --on-copy the rehearsal makes one without rows of yours.',
  });
}

async function siteFor(opened: Opened, { options }: Project, folder: string): Promise<Site> {
  const { scratch, backup: means } = opened.dialect;
  if (means.kind === 'copy') {
    const file = join(folder, `${randomBytes(8).toString('hex')}.${means.extension}`);
    return { url: `sqlite:${file}`, remove: () => rm(file, { force: true }) };
  }
  if (options.url === undefined || scratch.database === null) throw refuseNameless(opened);
  const name = copyName();
  const there = new URL(options.url);
  there.pathname = `/${name}`;
  const making = scratch.database;
  for (const sql of making.create(name, await scratch.defaults(opened.connection)))
    await opened.connection.query(sql);
  return {
    url: there.href,
    remove: async () => {
      await opened.connection.query(making.drop(name));
    },
  };
}

async function connect(url: string): Promise<Copy> {
  const { database, dialectName } = await openDatabase({ url });
  const connection = await database.connect();
  const close = async () => {
    await connection.close();
    await database.close();
  };
  try {
    const { dialect } = await connectDialect(dialectName, connection);
    for (const sql of dialect.sessionSetup) await connection.query(sql);
    return { connection, dialect, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openCopy(file: string, site: Site, project: Project): Promise<Copy> {
  const { connection: _connection, directUrl: _direct, ...rest } = project.options;
  const own = createProject({ ...rest, url: site.url });
  try {
    await restore(own, file, { allow: ['lose-writes-since-backup'], safetyCopy: false });
    const copy = await connect(site.url);
    const close = async () => {
      await copy.close();
      await site.remove();
    };
    return { ...copy, close };
  } catch (error) {
    await site.remove();
    throw error;
  }
}

/** Saves the project's database once; each copy is made of that. */
export async function saveForCopies(opened: Opened, project: Project): Promise<Copies> {
  const folder = await mkdtemp(join(tmpdir(), 'surefoot-copy-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const { file } = await backup(project, { out: join(folder, 'saved') });
    return {
      open: async () => await openCopy(file, await siteFor(opened, project, folder), project),
      close: remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
