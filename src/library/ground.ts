// A server to compare on: the project's own, or one that stands in for it where that does not answer.
// In: a project. Out: a session, and what is to be said about it. Must not know what is compared.

import { offlineDialect } from '../config/choose-dialect.ts';
import { standInUrl } from '../config/stand-in.ts';
import type { Connection, Database } from '../dialect/connection.ts';
import type { ServerFacts } from '../dialect/dialect.ts';
import { isSurefootError, SurefootError } from '../kernel/errors.ts';
import type { Opened } from './open.ts';
import { bookkeepingNames, openSession } from './open.ts';
import type { Project } from './project.ts';

/** A session to compare on. */
export interface Ground {
  readonly opened: Opened;
  /** The project, with the stand-in's address where there is one. */
  readonly project: Project;
  /** Why it is not the project's own server; `null`: it is. */
  readonly standIn: string | null;
}

const absences = ['database/unreachable', 'database/denied', 'database/lost'] as const;

function isAbsence(error: unknown): error is SurefootError {
  return absences.some((code) => isSurefootError(error, code));
}

function absent(reason: string): SurefootError {
  return new SurefootError('scratch/unavailable', `no server is there to ask: ${reason}`, {
    details: { reasons: [reason] },
    hint: 'Start the database, or name a server for throw-away databases with --scratch-url (or `scratchUrl` in the config).',
  });
}

/** A session on nothing: whatever needs a server says that there is none. */
async function nowhere(project: Project, reason: string): Promise<Opened> {
  const { options, folder } = project;
  const dialect = await offlineDialect({ url: options.url }, folder);
  const refuse = async (): Promise<never> => {
    throw absent(reason);
  };
  const connection: Connection = {
    query: refuse,
    script: refuse,
    close: async () => {},
    native: null,
  };
  const database: Database = {
    description: 'no database',
    sessions: 'one',
    connect: async () => connection,
    close: async () => {},
  };
  const facts: ServerFacts = {
    ...{ product: dialect.traits.flavor, traits: dialect.traits, user: '', database: '' },
    ...{ namespace: '', readOnly: true, replica: false },
  };
  const names = bookkeepingNames(options);
  const store = { connection, dialect, names };
  return { database, connection, dialect, facts, names, store, close: async () => {} };
}

async function standIn(project: Project, refusal: SurefootError): Promise<Ground> {
  const { options, folder } = project;
  const url = options.scratchUrl ?? standInUrl(options.url ?? '', folder);
  if (url === null) {
    const opened = await nowhere(project, refusal.message);
    const { flavor, version } = opened.dialect.traits;
    const said = `${refusal.message}; written for ${flavor} ${version.join('.')}, which nobody was asked about`;
    return { opened, project, standIn: said };
  }
  const other: Project = { ...project, options: { ...options, url, connection: undefined } };
  const opened = await openSession(other.options, folder, { reading: true });
  return { opened, project: other, standIn: `${refusal.message}; written for ${opened.facts.product}` };
}

async function openGround(project: Project, { ownOnly }: { readonly ownOnly: boolean }): Promise<Ground> {
  try {
    const opened = await openSession(project.options, project.folder, { reading: true });
    return { opened, project, standIn: null };
  } catch (error) {
    if (ownOnly || !isAbsence(error) || project.options.url === undefined) throw error;
    return await standIn(project, error);
  }
}

/** Opens a session to compare on, for the length of the work. `ownOnly`: no other server will do. */
export async function onGround<T>(
  project: Project,
  wish: { readonly ownOnly: boolean },
  work: (ground: Ground) => Promise<T>,
): Promise<T> {
  const ground = await openGround(project, wish);
  try {
    return await work(ground);
  } finally {
    await ground.opened.close();
  }
}

/** The same without a word to the project's own server: on one that stands in for it where that is needed, else on none. */
export async function onStandIn<T>(
  project: Project,
  { isNeeded }: { readonly isNeeded: boolean },
  work: (ground: Ground) => Promise<T>,
): Promise<T> {
  const { options, folder } = project;
  const url = isNeeded ? standInUrl(options.url ?? 'sqlite::memory:', folder) : null;
  const other: Project = {
    ...project,
    options: { ...options, url: url ?? undefined, connection: undefined },
  };
  const opened =
    url === null
      ? await nowhere(project, 'only the files are looked at')
      : await openSession(other.options, folder, { reading: true });
  try {
    return await work({ opened, project: url === null ? project : other, standIn: 'the files alone' });
  } finally {
    await opened.close();
  }
}
