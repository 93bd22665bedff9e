import type { Difference } from '../diff/compare.ts';
import { compareSchemas } from '../diff/compare.ts';
import type { UnsurePair } from '../diff/diff.ts';
import type { Schema } from '../schema/schema.ts';
import type { Speller } from './settle.ts';
import { settlePairs } from './settle.ts';

const pairOf = ({ kind, wanted, actual }: Difference): UnsurePair | null =>
  kind === 'unsure' && wanted && actual ? { wanted, actual } : null;

/**
 * What models and history do not have in common, part by part. Texts are settled as autogenerate settles them; `unproven`
 * where no server may be asked.
 */
export async function compareModels(
  models: Schema,
  history: Schema,
  speller: Speller,
): Promise<readonly Difference[]> {
  const differences = compareSchemas(models, history);
  const pairs = differences.flatMap((one) => pairOf(one) ?? []);
  if (pairs.length === 0) return differences;
  const verdicts = await settlePairs(pairs, { wanted: models, actual: history }, speller);
  return differences.flatMap((difference): readonly Difference[] => {
    const pair = pairOf(difference);
    if (pair === null) return [difference];
    const verdict = verdicts(pair);
    if (verdict === 'equal') return [];
    return [{ ...difference, kind: verdict === 'unsure' ? 'unproven' : 'changed' }];
  });
}
