import { randomUUID } from 'node:crypto';
import { SurefootError } from '../kernel/errors.ts';
import { lockedSession } from '../runner/session.ts';
import type { Kept, KeptChoices, KeptResult } from './kept-choices.ts';
import type { Stored } from './kept-store.ts';
import { dropKept, isOlder, plainly, readKept } from './kept-store.ts';
import type { Opened } from './open.ts';
import { openSession } from './open.ts';
import type { Project } from './project.ts';
import { withSession } from './reading.ts';
import { takeLock } from './take-lock.ts';

async function shown(opened: Opened, list: readonly Stored[]): Promise<readonly Kept[]> {
  const sizes = list.length === 0 ? [] : await opened.dialect.tableSizes(opened.connection);
  return list.map(plainly).map((one) => ({
    ...one,
    bytes: sizes.find(({ name }) => name === one.id)?.bytes ?? null,
  }));
}

function chosen(list: readonly Stored[], { drop, olderThanDays }: KeptChoices): readonly Stored[] {
  const known = new Set(list.map(({ id }) => id));
  const unknown = drop === 'all' ? undefined : drop?.find((id) => !known.has(id));
  if (unknown !== undefined) {
    throw new SurefootError('kept/not-found', `nothing is kept as ${JSON.stringify(unknown)}`, {
      details: { id: unknown, known: [...known] },
      hint: 'List what is kept with `surefoot kept`.',
    });
  }
  const named = drop === 'all' ? list : list.filter(({ id }) => drop?.includes(id) === true);
  return olderThanDays === undefined ? named : named.filter((one) => isOlder(one, olderThanDays));
}

async function letGo(project: Project, choices: KeptChoices): Promise<KeptResult> {
  const opened = await openSession(project.options, project.folder);
  try {
    const lock = await takeLock(opened, project, { lockTimeoutMs: choices.lockTimeoutMs });
    try {
      const list = await readKept(opened);
      const going = chosen(list, choices);
      const dropped = await shown(opened, going);
      const session = lockedSession(opened.store, lock, randomUUID());
      for (const one of going) await dropKept(one, opened, session);
      const left = list.filter((one) => !going.includes(one));
      return { kept: await shown(opened, left), dropped };
    } finally {
      await lock.release();
    }
  } finally {
    await opened.close();
  }
}

/** What is kept; with `drop` some of it goes for good. Whoever looks, and finds nothing to drop, leaves nothing behind. */
export async function listKept(project: Project, choices: KeptChoices): Promise<KeptResult> {
  const seen = await withSession(project, async (opened) => {
    const list = await readKept(opened);
    const isLookedAt = choices.drop === undefined || chosen(list, choices).length === 0;
    return isLookedAt ? { kept: await shown(opened, list), dropped: [] } : null;
  });
  return seen ?? (await letGo(project, choices));
}
