// The law of writing: what is written, read by the builder, is what was meant.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { arbitraryPair, arbitrarySchema } from '../../test/support/arbitrary-schema.ts';
import { fc, lawRuns } from '../../test/support/laws.ts';
import { compareSchemas } from '../diff/compare.ts';
import { diff } from '../diff/diff.ts';
import { canonicalJson } from '../kernel/hash.ts';
import { completeAndApply, invertAll } from '../operations/apply.ts';
import type { Operation } from '../operations/operation.ts';
import { createBuilder } from '../revisions/builder.ts';
import { loadRevision } from '../revisions/load.ts';
import { readHeader } from '../revisions/scan.ts';
import { sql, t } from '../schema/column-builder.ts';
import { closeDraft, openDraft } from '../schema/draft.ts';
import type { Schema } from '../schema/schema.ts';
import { emptySchema } from '../schema/schema.ts';
import { renderUpgrade } from './render-operations.ts';
import { writeOperationsRevision } from './write-operations.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'surefoot-render-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** For the full number of runs. */
const patience = 600_000;

const syntax = {
  ...{ dollarQuotes: true, backslashEscapes: false, hashComments: false, nestedComments: true },
  ...{ doubleQuotedStrings: false, compoundBodies: false },
};

/** What the builder records when the text runs: by the language itself, not by what wrote the text. */
function recorded(body: string): readonly Operation[] {
  const recording = createBuilder();
  new Function('op', 't', 'sql', `'use strict';\n${body}`)(recording.op, t, sql);
  return recording.operations();
}

const unordered = new Set(['uniques', 'foreignKeys', 'checks', 'indexes']);
const settled = (value: unknown): string =>
  canonicalJson(
    JSON.parse(JSON.stringify(value), (key, member) =>
      unordered.has(key) ? member.map(canonicalJson).sort() : member,
    ),
  );

/** The operations do the same to the schema, and are the same ones: parts may stand at their columns. */
function expectSame(before: Schema, wanted: readonly Operation[], actual: readonly Operation[]): void {
  const [mine, theirs] = [openDraft(before), openDraft(before)];
  const completed = completeAndApply(actual, mine);
  const meant = completeAndApply(wanted, theirs);
  expect(completed.map(settled).sort()).toEqual(meant.map(settled).sort());
  expect(compareSchemas(closeDraft(theirs), closeDraft(mine))).toEqual([]);
}

it(
  'what is written says the operations of a difference',
  () => {
    let [all, asData] = [0, 0];
    fc.assert(
      fc.property(arbitraryPair(), ([a, b]) => {
        const { operations } = diff(a, b);
        const { body } = renderUpgrade(operations, { before: a });
        expectSame(a, operations, recorded(body));
        all += operations.length;
        asData += body.split('op.add(').length - 1;
      }),
      { numRuns: lawRuns(500) },
    );
    // Data is for what no method says.
    expect(asData / all).toBeLessThan(0.02);
  },
  patience,
);

it(
  'what is written creates a schema, and its inverse takes it away',
  () => {
    fc.assert(
      fc.property(arbitrarySchema(), (schema) => {
        const before = emptySchema;
        const { operations } = diff(before, schema);
        expectSame(before, operations, recorded(renderUpgrade(operations, { before }).body));
        const back = invertAll(operations);
        const after = closeDraft(openDraft(schema));
        if (back) expectSame(after, back, recorded(renderUpgrade(back, { before: after }).body));
      }),
      { numRuns: lawRuns(200) },
    );
  },
  patience,
);

it(
  'a written file says the operations of a difference',
  async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(arbitraryPair(), async ([a, b]) => {
        const { operations } = diff(a, b);
        const header = { id: `r${count++}`, revises: [], message: 'a difference', createdAt: null };
        const given = { folder, header, before: a, upgrade: operations };
        const { file, text } = await writeOperationsRevision({ ...given, downgrade: 'auto' });
        const read = readHeader(text, file);
        if (!read) throw new Error('the file is no revision');
        const loaded = await loadRevision(read, {
          dialect: 'postgres',
          flavor: 'postgres',
          syntax,
        });
        expectSame(a, operations, loaded.upgrade);
        const isReversible = invertAll(operations) !== null;
        expect(loaded.downgrade.kind).toBe(isReversible ? 'auto' : 'irreversible');
      }),
      { numRuns: Math.ceil(lawRuns(500) / 12) },
    );
  },
  patience,
);
