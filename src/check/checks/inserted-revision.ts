import type { Check } from '../input.ts';
import { finding } from '../make-finding.ts';

/** Revisions below a recorded head that never ran. */
export const insertedRevision: Check = ({ past, heads }) =>
  past.inserted.map((id) =>
    finding(
      'history/inserted-revision',
      `revision ${id} was put into history below ${heads.join(', ')}, and never ran here`,
      {
        revision: id,
        cure: 'surefoot upgrade',
      },
    ),
  );
