import type { UnsupportedObject } from '../../schema/schema.ts';
import { displayRef } from '../../schema/schema.ts';
import type { Finding } from '../finding.ts';
import type { Check } from '../input.ts';
import { finding } from '../make-finding.ts';

function asFinding(one: UnsupportedObject, whose: string): Finding {
  return finding('schema/not-understood', `${one.kind} ${displayRef(one)} ${whose}: ${one.reason}`, {
    facts: { kind: one.kind, namespace: one.namespace, name: one.name, reason: one.reason },
    cure: 'nothing: Surefoot neither compares nor changes it',
  });
}

/** Objects that no operation can express: named, never dropped. */
export const notUnderstood: Check = ({ live, model }) => {
  const known = new Set(live.unsupported.map((one) => `${one.kind} ${displayRef(one)}`));
  const wanted = (model?.unsupported ?? []).filter((one) => !known.has(`${one.kind} ${displayRef(one)}`));
  return [
    ...live.unsupported.map((one) => asFinding(one, 'is left alone')),
    ...wanted.map((one) => asFinding(one, 'is in the models and in no revision')),
  ];
};
