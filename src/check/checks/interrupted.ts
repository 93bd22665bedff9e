import type { Check } from '../input.ts';
import { finding } from '../make-finding.ts';

/** Revisions that were begun and not ended, while nobody is at work. */
export const interrupted: Check = ({ past, lock }) =>
  lock?.state === 'alive'
    ? []
    : [...past.attempts].map(([id, { direction, finished, started }]) =>
        finding('run/interrupted', `a run ended in the middle of revision ${id}`, {
          revision: id,
          facts: { finished: [...finished.keys()], unclear: [...started.keys()] },
          cure: `surefoot ${direction}`,
        }),
      );
