import type { Check } from '../input.ts';
import { finding } from '../make-finding.ts';

/** Several heads are meant where each has a label; otherwise two people went on from one revision. */
export const multipleHeads: Check = ({ graph }) => {
  const heads = graph.realHeads;
  if (heads.length < 2 || heads.every((id) => (graph.nodes.get(id)?.labels.length ?? 0) > 0)) return [];
  return [
    finding('history/multiple-heads', `history has several heads: ${heads.join(', ')}`, {
      facts: { heads },
      cure: 'surefoot merge heads -m "merge"',
    }),
  ];
};
