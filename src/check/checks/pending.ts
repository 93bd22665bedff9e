import type { Check } from '../input.ts';
import { finding } from '../make-finding.ts';

/** Revisions that are still to be run. */
export const pending: Check = ({ pending: ids, past, graph }) =>
  ids
    .filter((id) => !past.inserted.includes(id))
    .map((id) =>
      finding(
        'history/pending',
        `revision ${id} (${graph.nodes.get(id)?.header.message ?? ''}) has not run here`,
        {
          revision: id,
          cure: 'surefoot upgrade',
        },
      ),
    );
