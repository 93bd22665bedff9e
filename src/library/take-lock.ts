// Takes the lock for a run of the library's.
// In: a session, who runs. Out: Lock, or a refusal in words. Must not know what is run: whoever waits has loaded no more yet.

import type { Who } from '../journal/entry.ts';
import { messageOf, SurefootError } from '../kernel/errors.ts';
import type { Lock } from '../lock/lock.ts';
import { acquireLock } from '../lock/lock.ts';
import type { RunChoices } from './api.ts';
import type { Opened } from './open.ts';
import type { Project } from './project.ts';

const defaultLockTimeoutMs = 60_000;

export const unknownWho: Who = {
  databaseUser: null,
  osUser: null,
  host: null,
  pid: null,
  gitAuthor: null,
  gitCommit: null,
  ciRun: null,
};

/** Who runs it, as far as it is known. */
export async function whoOf({ options }: Project, opened: Opened): Promise<Who> {
  const said = typeof options.who === 'function' ? await options.who() : options.who;
  return { ...unknownWho, databaseUser: opened.facts.user || null, ...said };
}

function ownerOf(who: Who): string {
  const user = who.osUser ?? who.databaseUser ?? 'somebody';
  return `${user}@${who.host ?? 'somewhere'}${who.pid === null ? '' : ` pid ${who.pid}`}`;
}

/** Takes the lock for this session, waits for it if need be. */
export async function takeLock(
  opened: Opened,
  project: Project,
  choices: RunChoices & { readonly isNeedless?: (() => Promise<boolean>) | undefined },
): Promise<Lock> {
  const { database, connection, dialect, facts, names } = opened;
  const taken = acquireLock({
    database,
    connection,
    dialect,
    facts,
    names,
    owner: ownerOf(await whoOf(project, opened)),
    waitMs: choices.lockTimeoutMs ?? project.options.lockTimeoutMs ?? defaultLockTimeoutMs,
    onWait: choices.onWait ?? (() => {}),
    cancelOrphan: choices.cancelOrphan ?? false,
    ...(choices.signal ? { signal: choices.signal } : {}),
    ...(choices.isNeedless ? { isNeedless: choices.isNeedless } : {}),
  });
  return await taken.catch((error: unknown) => {
    throw isForbidden(error, opened) ? mayNotWrite(error, opened) : error;
  });
}

function isForbidden(error: unknown, { dialect: { coordination } }: Opened): boolean {
  return coordination.kind === 'lease' && coordination.isForbidden(error);
}

/** Whoever may not write Surefoot's own tables may read, and nothing else. */
function mayNotWrite(cause: unknown, { database, facts }: Opened): SurefootError {
  return new SurefootError('database/read-only', `${facts.user} may only read ${database.description}`, {
    details: { database: database.description },
    hint: `Nothing was changed. Use a user who may create and write tables: ${messageOf(cause)}.`,
    cause,
  });
}
