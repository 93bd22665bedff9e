import { compareSchemas } from '../diff/compare.ts';
import { displayPart } from '../schema/parts.ts';
import type { Schema } from '../schema/schema.ts';

const words = { missing: 'is missing', changed: 'differs', extra: 'is left over' } as const;

/** What one server has in two moments, line by line. One server spells alike, so that texts count. */
export function schemaLines(wanted: Schema, found: Schema): readonly string[] {
  return compareSchemas(wanted, found).flatMap(({ kind, wanted: left, actual: right }) => {
    const part = left ?? right;
    if (part === null) return [];
    return [`${displayPart(part)} ${kind === 'missing' || kind === 'extra' ? words[kind] : words.changed}`];
  });
}
