import type { Check } from '../input.ts';
import { finding } from '../make-finding.ts';

/** Recorded revisions without a file: the journal tells those that ran from here from those that nobody knows. */
export const unknownVersion: Check = ({ unknown, entries }) =>
  unknown.map((id) => {
    const known = entries.findLast((entry) => entry.event === 'moved' && entry.revision === id);
    if (!known) {
      return finding(
        'history/unknown-version',
        `the database stands at ${id}, which no file declares and the journal does not know`,
        {
          revision: id,
          cure: 'bring its file back, or set the recorded revision with `surefoot stamp --purge <revision>`',
        },
      );
    }
    const message = known.data.message ?? '';
    return finding('history/missing-revision', `revision ${id} (${message}) ran here, and its file is gone`, {
      revision: id,
      facts: { ranAt: new Date(known.at).toISOString(), message },
      cure: 'bring its file back (another branch, a newer release)',
    });
  });
