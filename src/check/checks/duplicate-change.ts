import type { Check } from '../input.ts';
import { finding } from '../make-finding.ts';

/** Two revisions that do the same thing: one feature, one revision. */
export const duplicateChange: Check = ({ duplicates }) =>
  duplicates.map(({ revision, earlier, object }) =>
    finding(
      'history/duplicate-change',
      `revision ${revision} makes ${object}, which ${earlier} made already`,
      {
        revision,
        facts: { earlier, object },
        cure: `take it out of one of them, or mark ${revision} with \`safety: true\` if it is to make sure`,
      },
    ),
  );
