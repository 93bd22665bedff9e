// Schemas in a line, and diffs in words.

import type { DiffOptions } from '../../src/diff/diff.ts';
import { diff } from '../../src/diff/diff.ts';
import { describe as say } from '../../src/operations/apply.ts';
import type { SchemaDefinition } from '../../src/schema/define-schema.ts';
import { defineSchema } from '../../src/schema/define-schema.ts';
import type { Ref, Schema } from '../../src/schema/schema.ts';

export const schema = (
  tables: SchemaDefinition['tables'],
  rest: Omit<SchemaDefinition, 'tables'> = {},
): Schema => defineSchema({ tables, ...rest });

/** The operations in words, one a line. */
export function steps(from: Schema, to: Schema, options?: DiffOptions): readonly string[] {
  return diff(from, to, options).operations.map(say);
}

export const local = (name: string): Ref => ({ namespace: null, name });
