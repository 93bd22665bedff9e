import { unlock } from '../lock/lock.ts';
import type { UnlockChoices, UnlockResult } from './api.ts';
import { openSession } from './open.ts';
import type { Project } from './project.ts';

/** Frees the lock of a holder that is gone, or of any holder by force. */
export async function freeLock(project: Project, { force = false }: UnlockChoices): Promise<UnlockResult> {
  const opened = await openSession(project.options, project.folder, { reading: true });
  try {
    return { freed: await unlock({ ...opened, force }) };
  } finally {
    await opened.close();
  }
}
