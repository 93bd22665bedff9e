import { displayRef } from '../../schema/schema.ts';
import type { Check } from '../input.ts';
import { finding } from '../make-finding.ts';

/** Objects that no operation can express: named, never dropped. */
export const notUnderstood: Check = ({ live }) =>
  live.unsupported.map((one) =>
    finding('schema/not-understood', `${one.kind} ${displayRef(one)} is left alone: ${one.reason}`, {
      facts: { kind: one.kind, namespace: one.namespace, name: one.name, reason: one.reason },
      cure: 'nothing: Surefoot neither compares nor changes it',
    }),
  );
