import type { Check } from '../input.ts';
import { finding } from '../make-finding.ts';

/** A lock whose holder is gone. */
export const staleLock: Check = ({ lock }) =>
  lock === null || lock.state === 'alive'
    ? []
    : [
        finding(
          'lock/stale',
          `the lock is held by ${lock.owner} since ${lock.since}, who gives no sign of life`,
          {
            facts: { ...lock },
            cure: 'nothing: the next run takes it over; `surefoot unlock` frees it now',
          },
        ),
      ];
