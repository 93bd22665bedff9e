import type { DifferenceDetails } from '../../kernel/errors.ts';
import { oneLine } from './clean.ts';

/** A difference with both sides, on one line. */
export function differenceText({ kind, object, expected, found, revision }: DifferenceDetails): string {
  const sides = [
    ...(expected === null ? [] : [`expected ${oneLine(expected)}`]),
    ...(found === null ? [] : [`found ${oneLine(found)}`]),
  ];
  const words = kind === 'extra' ? 'left over' : kind;
  const by = revision === null ? '' : ` (revision ${revision})`;
  return `${oneLine(object)} is ${words}${sides.length === 0 ? '' : `: ${sides.join(', ')}`}${by}`;
}

/** Differences, one to a line. */
export function differenceLines(differences: readonly DifferenceDetails[]): readonly string[] {
  return differences.map((one) => `  ${differenceText(one)}`);
}
