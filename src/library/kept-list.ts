import { randomUUID } from 'node:crypto';
import { SurefootError } from '../kernel/errors.ts';
import { lockedSession } from '../runner/session.ts';
import type { Stored } from './kept.ts';
import { dropKept, isOlder, plainly, readKept } from './kept.ts';
import type { Kept, KeptChoices, KeptResult } from './kept-choices.ts';
import type { Opened } from './open.ts';
import { openSession } from './open.ts';
import type { Project } from './project.ts';
import { withSession } from './reading.ts';
import { takeLock } from './run-to.ts';

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

/** What is kept; with `drop` some of it goes for good. */
export async function listKept(project: Project, choices: KeptChoices): Promise<KeptResult> {
  if (choices.drop === undefined)
    return await withSession(project, async (opened) => ({
      kept: await shown(opened, await readKept(opened)),
      dropped: [],
    }));
  const opened = await openSession(project.options, project.folder);
  try {
    const lock = await takeLock(opened, project, { lockTimeoutMs: choices.lockTimeoutMs });
    try {
      const list = await readKept(opened);
      const going = chosen(list, choices);
      const dropped = await shown(opened, going);
      const session = lockedSession(opened.store, lock, randomUUID());
      for (const one of going) await dropKept(one, opened, session);
      return {
        kept: await shown(
          opened,
          list.filter((one) => !going.includes(one)),
        ),
        dropped,
      };
    } finally {
      await lock.release();
    }
  } finally {
    await opened.close();
  }
}
