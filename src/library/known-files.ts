// What the files of a project were found to say, for as long as none of them changes.
// In: a project, a goal. Out: which revisions count as applied, without reading a file. Must not know a database.

import { hashJson } from '../kernel/hash.ts';
import { fileCache } from '../scratch/cache.ts';
import type { Goal } from './prepare.ts';
import type { Project } from './project.ts';
import type { AppliedAtGoal } from './quick.ts';
import { toolName } from './version.ts';

interface Known {
  /** Hash of the files' listing, the version rows and the goal. */
  readonly of: string;
  readonly applied: string;
}

const isKnown = (value: unknown): value is Known =>
  typeof value === 'object' && value !== null && 'of' in value && 'applied' in value;

const cacheKey = 'nothing-pending';

/** What is known of these files, rows and target, and how more is learned. */
export interface KnownFiles {
  /** Looks at the files, but does not read them. */
  readonly applied: AppliedAtGoal;
  /** What was read since that look. */
  learn(rows: readonly string[], applied: string): Promise<void>;
}

/**
 * With nothing to do, the files have the same to say as the last time, unless one of them was changed. One value is kept:
 * that of the last goal with which nothing was pending.
 */
export function knownFiles(project: Project, { target, phase }: Goal): KnownFiles {
  const cache = fileCache(project.folder);
  /** `null`: nobody has looked, or the files may be changing at this moment. */
  let listing: string | null = null;
  const nameOf = (rows: readonly string[]) => hashJson([toolName, listing, rows, target, phase ?? null]);
  return {
    applied: async (rows) => {
      listing = project.listing();
      if (listing === null) return null;
      const known = await cache.read(cacheKey);
      return isKnown(known) && known.of === nameOf(rows) ? known.applied : null;
    },
    learn: async (rows, applied) => {
      if (listing === null) return;
      const known: Known = { of: nameOf(rows), applied };
      await cache.write(cacheKey, known);
    },
  };
}
