import type { Dialect } from '../dialect/dialect.ts';
import { firstKeywords } from '../kernel/sql-text.ts';
import { applyTo, complete } from '../operations/apply.ts';
import type { Operation } from '../operations/operation.ts';
import type { LoadedRevision } from '../revisions/load.ts';
import type { SchemaDraft } from '../schema/draft.ts';
import { copyDraft, openDraft } from '../schema/draft.ts';
import { emptySchema } from '../schema/schema.ts';

const dataKeywords = new Set([
  'select',
  'insert',
  'update',
  'delete',
  'replace',
  'merge',
  'with',
  'values',
  'explain',
  'analyze',
]);

/** A statement that cannot change the schema: its first word tells. */
export function isDataStatement(sql: string, dialect: Dialect): boolean {
  return dataKeywords.has(firstKeywords(sql, dialect.syntax)[0]?.toLowerCase() ?? '');
}

/** Raw SQL whose effect nobody declared, and that is more than data. */
export function isOpaque(operation: Operation): boolean {
  return operation.kind === 'execute' && operation.effect === null;
}

/** The operation completed from the schema before it; raw SQL that only moves data has no effect on the schema. */
export function completeIn(operation: Operation, draft: SchemaDraft, dialect: Dialect): Operation {
  if (operation.kind === 'execute' && operation.effect === null && isDataStatement(operation.sql, dialect)) {
    return { ...operation, effect: [] };
  }
  return complete(operation, draft);
}

/** Where a history begins: what it renames is written in the family's own quotes. */
export const emptyDraft = (dialect: Dialect): SchemaDraft =>
  openDraft(emptySchema, dialect.quote('x').startsWith('`') ? '`' : '"');

/** What looks at each operation of history, complete, and at the schema before it. */
export type Visit = (operation: Operation, before: SchemaDraft, revision: LoadedRevision) => void;

/** Goes through the upgrades of these revisions, in this order; the schema that they make together. */
export function walkHistory(
  revisions: readonly LoadedRevision[],
  dialect: Dialect,
  visit: Visit,
): SchemaDraft {
  const draft = emptyDraft(dialect);
  for (const revision of revisions) {
    for (const operation of revision.upgrade) {
      const completed = completeIn(operation, draft, dialect);
      visit(completed, draft, revision);
      applyTo(draft, completed);
    }
  }
  return draft;
}

/** A revision's upgrade, complete, with the schema that history describes before it. */
export interface Replayed {
  readonly revision: LoadedRevision;
  readonly upgrade: readonly Operation[];
  /** `null` unless snapshots were asked for. */
  readonly before: SchemaDraft | null;
}

export interface Replay {
  /** The schema after all of them, as written: not normalised. */
  readonly draft: SchemaDraft;
  readonly revisions: readonly Replayed[];
  /** Revisions with raw SQL whose effect is not known. */
  readonly opaque: readonly string[];
}

export interface ReplayOptions {
  readonly dialect: Dialect;
  /** Keep the schema before each of these revisions. */
  readonly snapshotsOf: ReadonlySet<string>;
}

/** The schema that history describes after these revisions, in this order. Needs no database. */
export function replay(revisions: readonly LoadedRevision[], options: ReplayOptions): Replay {
  const draft = emptyDraft(options.dialect);
  const opaque: string[] = [];
  const replayed = revisions.map((revision): Replayed => {
    const { id } = revision.header;
    const before = options.snapshotsOf.has(id) ? copyDraft(draft) : null;
    const upgrade = revision.upgrade.map((operation) => {
      const completed = completeIn(operation, draft, options.dialect);
      applyTo(draft, completed);
      return completed;
    });
    if (upgrade.some(isOpaque)) opaque.push(id);
    return { revision, upgrade, before };
  });
  return { draft, revisions: replayed, opaque };
}
