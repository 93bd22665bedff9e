// Operations, and the code that says them. In: operations, schemas, a builder's calls. Out: code. Must not know what is right.

import { expect } from 'vitest';
import type { RenderOptions } from '../../src/autogenerate/render-operations.ts';
import { renderUpgrade } from '../../src/autogenerate/render-operations.ts';
import { diff } from '../../src/diff/diff.ts';
import { canonicalJson } from '../../src/kernel/hash.ts';
import { completeAndApply } from '../../src/operations/apply.ts';
import type { Operation } from '../../src/operations/operation.ts';
import { createBuilder } from '../../src/revisions/builder.ts';
import type { OperationBuilder } from '../../src/revisions/operation-builder.ts';
import { sql, t } from '../../src/schema/column-builder.ts';
import { defineSchema, table } from '../../src/schema/define-schema.ts';
import { openDraft } from '../../src/schema/draft.ts';
import type { Schema } from '../../src/schema/schema.ts';
import { emptySchema } from '../../src/schema/schema.ts';

export function said(write: (op: OperationBuilder) => void): readonly Operation[] {
  const recording = createBuilder();
  write(recording.op);
  return recording.operations();
}

export function recorded(body: string): readonly Operation[] {
  return said((op) => new Function('op', 't', 'sql', `'use strict';\n${body}`)(op, t, sql));
}

/** The code of the operations, after it was read back. */
export function code(operations: readonly Operation[], options: Partial<RenderOptions> = {}): string {
  const { before = emptySchema } = options;
  const { body } = renderUpgrade(operations, { before, ...options });
  const completed = (list: readonly Operation[]) =>
    completeAndApply(list, openDraft(before)).map(canonicalJson).sort();
  expect(completed(recorded(body))).toEqual(completed(operations));
  return `\n${body}\n`;
}

export const codeOf = (write: (op: OperationBuilder) => void, options?: Partial<RenderOptions>) =>
  code(said(write), options);

export const between = (from: Schema, to: Schema, options: Partial<RenderOptions> = {}): string => {
  const { operations } = diff(from, to, { settle: () => 'different' });
  return `\n${renderUpgrade(operations, { before: from, ...options }).body}\n`;
};

export const shop = defineSchema({
  tables: {
    customer: table((t) => ({
      id: t.integer().identity().primaryKey(),
      email: t.varchar(120).notNull().unique(),
      fax: t.varchar(32),
    })),
  },
});
