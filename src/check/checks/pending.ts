import { waitingContracts } from '../../revisions/phases.ts';
import type { Check } from '../input.ts';
import { finding } from '../make-finding.ts';

/** Revisions that are still to be run. A contracting half waits until the release before is gone: that is as it should be. */
export const pending: Check = ({ pending: ids, past, graph }) => {
  const waiting = new Set(waitingContracts(graph, past.applied));
  return ids
    .filter((id) => !past.inserted.includes(id))
    .map((id) => {
      const message = graph.nodes.get(id)?.header.message ?? '';
      return waiting.has(id)
        ? finding(
            'history/contract-waiting',
            `revision ${id} (${message}) waits for the end of the release before`,
            {
              revision: id,
              cure: 'surefoot upgrade --phase contract',
            },
          )
        : finding('history/pending', `revision ${id} (${message}) has not run here`, {
            revision: id,
            cure: 'surefoot upgrade',
          });
    });
};
