import type { Dialect, Naming } from '../dialect/dialect.ts';
import type { Hazard } from '../dialect/statement.ts';
import { describe } from '../operations/apply.ts';
import type { Operation, OperationKind } from '../operations/operation.ts';
import type { Schema } from '../schema/schema.ts';
import type { Noted } from './notes.ts';
import { hazardsOf } from './notes.ts';
import type { LeftOut } from './propose.ts';
import { remarksOn } from './remarks.ts';
import type { RevisionComment } from './render-operations.ts';
import { withSafeSequences } from './required-columns.ts';

/** An operation in words. */
export interface OperationInWords {
  readonly kind: OperationKind;
  readonly description: string;
  readonly hazards: readonly Hazard[];
}

/** What a revision does, with what its reader is told. */
export interface RevisionDraft {
  readonly upgrade: readonly Operation[];
  readonly comments: readonly RevisionComment[];
  readonly inWords: readonly OperationInWords[];
}

export interface DraftMeans {
  /** What is there, normalised. */
  readonly from: Schema;
  readonly dialect: Dialect;
  readonly naming: Naming;
  readonly leftOut: readonly LeftOut[];
}

/** The operations as a careful colleague would write them down: safe sequences, and the risks by name. */
export function draftRevision(operations: readonly Operation[], means: DraftMeans): RevisionDraft {
  const { from, dialect, leftOut } = means;
  const plain = operations.map((operation): Noted => ({ operation, notes: [] }));
  const noted = withSafeSequences(plain, from, dialect);
  const upgrade = noted.map(({ operation }) => operation);
  const hazards = hazardsOf(upgrade, from, means);
  const inWords = upgrade.map((operation, at): OperationInWords => {
    const own = hazards.filter((hazard) => hazard.operation === at);
    return {
      kind: operation.kind,
      description: describe(operation),
      hazards: own.map(({ code, message }) => ({ code, message })),
    };
  });
  return { upgrade, comments: remarksOn(noted, hazards, leftOut), inWords };
}
