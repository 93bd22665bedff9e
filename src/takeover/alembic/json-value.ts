// Constants as JSON. In: a value. Out: JSON; refuses what is not constant. Must not know what it is for.

import type { JsonValue } from '../../operations/operation.ts';
import type { Value } from './value.ts';
import { untranslated } from './value.ts';

/** A constant, a list or a dict of them. */
export function jsonOf(value: Value): JsonValue {
  if (value.kind === 'constant') return value.value;
  if (value.kind === 'sequence') return value.items.map(jsonOf);
  if (value.kind === 'dict') {
    return Object.fromEntries(
      value.entries.map(([key, one]) => [
        key.kind === 'constant' ? String(key.value) : untranslated('a key that is not constant'),
        jsonOf(one),
      ]),
    );
  }
  return untranslated('a value that is known only when it runs');
}
