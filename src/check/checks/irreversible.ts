import type { Check } from '../input.ts';
import { finding } from '../make-finding.ts';

/** Revisions from which there is no way back. */
export const irreversible: Check = ({ revisions }) =>
  [...revisions.values()].flatMap(({ header, downgrade }) =>
    downgrade.kind === 'irreversible'
      ? [
          finding('history/irreversible', `revision ${header.id} cannot be downgraded: ${downgrade.reason}`, {
            revision: header.id,
            facts: { reason: downgrade.reason },
            cure: 'back up before it runs: `surefoot upgrade --backup`',
          }),
        ]
      : [],
  );
