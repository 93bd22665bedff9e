import type { Check, CheckInput } from '../input.ts';
import { finding } from '../make-finding.ts';

/** Those that were recorded and never ran here: another tool's, or somebody's hand. Nothing can be saved before they run. */
function recordedOnly({ entries }: CheckInput): ReadonlySet<string> {
  const ran = new Set(entries.map(({ revision }) => revision));
  const recorded = entries.flatMap(({ event, data }) => (event === 'stamped' ? (data.applied ?? []) : []));
  return new Set(recorded.filter((id) => !ran.has(id)));
}

/** Revisions from which there is no way back. */
export const irreversible: Check = (input) => {
  const recorded = recordedOnly(input);
  return [...input.revisions.values()].flatMap(({ header, downgrade }) =>
    downgrade.kind === 'irreversible' && !recorded.has(header.id)
      ? [
          finding('history/irreversible', `revision ${header.id} cannot be downgraded: ${downgrade.reason}`, {
            revision: header.id,
            facts: { reason: downgrade.reason },
            cure: 'back up before it runs: `surefoot upgrade --backup`',
          }),
        ]
      : [],
  );
};
