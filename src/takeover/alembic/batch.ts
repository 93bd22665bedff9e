// `with op.batch_alter_table(…)`. In: what the call gave. Out: the batch. Must not know statements.

import type { Value } from './value.ts';
import { pathOf, textOf } from './value.ts';

/** The batch that a call opens; another value stays as it is. */
export function batchOf(value: Value): Value {
  if (value.kind !== 'made' || !pathOf(value).endsWith('op.batch_alter_table')) return value;
  const { given, named } = value;
  const schema = named.get('schema') ?? given[1];
  const naming = named.get('naming_convention');
  const entries = naming?.kind === 'dict' ? naming.entries : [];
  return {
    kind: 'batch',
    table: textOf(given[0] ?? named.get('table_name'), 'the name of a table'),
    schema: schema?.kind === 'constant' && typeof schema.value === 'string' ? schema.value : null,
    naming: new Map(
      entries.flatMap(([key, one]) =>
        key.kind === 'constant' && one.kind === 'constant'
          ? [[String(key.value), String(one.value)] as const]
          : [],
      ),
    ),
  };
}
