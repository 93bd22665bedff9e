// Writes a revision of operations. In: operations both ways, the schema before them, a header. Out: a file.
// Must not know the graph: the caller has chosen parents, labels and id.

import { applyAll, completeAndApply, describe, invert, invertAll } from '../operations/apply.ts';
import type { Operation } from '../operations/operation.ts';
import type { ModuleBody, NewHeader, SqlBodySection } from '../revisions/render.ts';
import type { Irreversible } from '../revisions/revision.ts';
import type { NewRevision, WrittenRevision } from '../revisions/write.ts';
import { renderRevision, writeRevision } from '../revisions/write.ts';
import { closeDraft, openDraft } from '../schema/draft.ts';
import type { Schema } from '../schema/schema.ts';
import type { RevisionComment } from './render-operations.ts';
import { renderUpgrade } from './render-operations.ts';
import type { SqlTarget } from './render-sql.ts';
import { renderSql } from './render-sql.ts';

/** A revision to be written. */
export interface OperationsRevision {
  readonly folder: string;
  readonly header: NewHeader;
  /** The schema that the upgrade meets. */
  readonly before: Schema;
  readonly upgrade: readonly Operation[];
  /** `auto`: the upgrade undone, or the reason why it cannot be. */
  readonly downgrade: 'auto' | readonly Operation[] | Irreversible;
  /** What is done in a second half, after a deployment; absent: nothing. Only in TypeScript. */
  readonly contract?: {
    readonly upgrade: readonly Operation[];
    /** `null`: nothing undoes it. */
    readonly undo: 'auto' | readonly Operation[] | null;
  };
  /** Remarks on the upgrade. */
  readonly comments?: readonly RevisionComment[];
  /** Written in SQL for this server; without it, in TypeScript. */
  readonly sql?: SqlTarget;
}

function isList(downgrade: OperationsRevision['downgrade']): downgrade is readonly Operation[] {
  return Array.isArray(downgrade);
}

/** `auto`, or why these completed operations have no inverse. */
export function downgradeOf(operations: readonly Operation[]): 'auto' | Irreversible {
  const stuck = operations.find((operation) => invert(operation) === null);
  return stuck === undefined ? 'auto' : { irreversible: `nothing undoes: ${describe(stuck)}` };
}

interface Sides {
  readonly upgrade: readonly Operation[];
  readonly downgrade: OperationsRevision['downgrade'];
  /** The schema that the downgrade meets. */
  readonly after: Schema;
}

function sidesOf(given: OperationsRevision): Sides {
  const draft = openDraft(given.before);
  const upgrade = completeAndApply(given.upgrade, draft);
  const downgrade = given.downgrade === 'auto' ? downgradeOf(upgrade) : given.downgrade;
  return { upgrade, downgrade, after: closeDraft(draft) };
}

function secondHalf(
  { contract: _, ...given }: OperationsRevision,
  { upgrade, undo }: NonNullable<OperationsRevision['contract']>,
  before: Schema,
): OperationsRevision {
  const downgrade = undo ?? { irreversible: 'values of the new type do not become those of the old one' };
  return { ...given, before, upgrade, downgrade, comments: [] };
}

function moduleBody(given: OperationsRevision): ModuleBody {
  const { upgrade, downgrade, after } = sidesOf(given);
  const { before, comments = [] } = given;
  const up = renderUpgrade(upgrade, { before, comments });
  const down = isList(downgrade) ? renderUpgrade(downgrade, { before: after }) : null;
  const body = { upgrade: up.body, downgrade: isList(downgrade) ? (down?.body ?? '') : downgrade };
  const imports = [...up.imports, ...(down?.imports ?? [])];
  if (!given.contract || given.contract.upgrade.length === 0) return { ...body, imports };
  const second = moduleBody(secondHalf(given, given.contract, after));
  return { ...body, imports: [...imports, ...(second.imports ?? [])], contract: second };
}

/** The schema as the dialect knows it after the operations. */
function normalisedAfter(before: Schema, operations: readonly Operation[], { dialect }: SqlTarget): Schema {
  const draft = openDraft(before);
  applyAll(draft, operations);
  return dialect.normalize(closeDraft(draft));
}

function sqlRevision(given: OperationsRevision, target: SqlTarget): NewRevision {
  const { folder, comments = [] } = given;
  const before = target.dialect.normalize(given.before);
  const { upgrade, downgrade } = sidesOf({ ...given, before });
  const up = renderSql({ ...target, operations: upgrade, before, comments });
  const sections: SqlBodySection[] = [{ kind: 'upgrade', text: up.text }];
  const back = downgrade === 'auto' ? (invertAll(upgrade) ?? []) : downgrade;
  if (!isList(back)) {
    return {
      folder,
      header: { ...given.header, transaction: up.transaction },
      format: 'sql',
      body: { sections, irreversible: back.irreversible },
    };
  }
  const after = normalisedAfter(before, upgrade, target);
  const down = renderSql({ ...target, operations: back, before: after });
  sections.push({ kind: 'downgrade', text: down.text });
  const transaction = up.transaction === 'none' ? 'none' : down.transaction;
  return { folder, header: { ...given.header, transaction }, format: 'sql', body: { sections } };
}

function newRevision(given: OperationsRevision): NewRevision {
  if (given.sql) return sqlRevision(given, given.sql);
  return { folder: given.folder, header: given.header, format: 'ts', body: moduleBody(given) };
}

/** The text of the file that `writeOperationsRevision` writes. */
export function renderOperationsRevision(given: OperationsRevision): string {
  return renderRevision(newRevision(given));
}

/** Writes a revision that does these operations; a file that is there stays as it is, and the call refuses. */
export async function writeOperationsRevision(given: OperationsRevision): Promise<WrittenRevision> {
  return writeRevision(newRevision(given));
}
