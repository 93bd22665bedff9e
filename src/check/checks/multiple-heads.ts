import { openHeads } from '../../revisions/phases.ts';
import type { Check } from '../input.ts';
import { finding } from '../make-finding.ts';

/** Several heads are meant where each has a label; otherwise two people went on from one revision. */
export const multipleHeads: Check = ({ graph }) => {
  // A contracting half is joined once it has run.
  const open = openHeads(graph);
  const heads = graph.realHeads.filter((id) => open.includes(id));
  if (heads.length < 2 || heads.every((id) => (graph.nodes.get(id)?.labels.length ?? 0) > 0)) return [];
  return [
    finding('history/multiple-heads', `history has several heads: ${heads.join(', ')}`, {
      facts: { heads },
      cure: 'surefoot merge heads -m "merge"',
    }),
  ];
};
