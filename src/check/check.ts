// What is compared with what should be: findings.
// In: CheckInput, read before. Out: CheckReport. Must not ask a database or a file.

import { drift, model } from './checks/drift.ts';
import { duplicateChange } from './checks/duplicate-change.ts';
import { editedRevision } from './checks/edited-revision.ts';
import { insertedRevision } from './checks/inserted-revision.ts';
import { interrupted } from './checks/interrupted.ts';
import { irreversible } from './checks/irreversible.ts';
import { invalidIndexes, scratchDatabases, temporaryTables } from './checks/leftovers.ts';
import { multipleHeads } from './checks/multiple-heads.ts';
import { notUnderstood } from './checks/not-understood.ts';
import { pending } from './checks/pending.ts';
import { staleLock } from './checks/stale-lock.ts';
import { unknownVersion } from './checks/unknown-version.ts';
import type { CheckReport, Finding, Severity } from './finding.ts';
import type { Check, CheckInput } from './input.ts';

/** The order in which findings are shown: first what decides the rest. */
const checks: readonly Check[] = [
  unknownVersion,
  multipleHeads,
  interrupted,
  staleLock,
  insertedRevision,
  pending,
  editedRevision,
  drift,
  model,
  invalidIndexes,
  temporaryTables,
  scratchDatabases,
  duplicateChange,
  irreversible,
  notUnderstood,
];

const grave: readonly Severity[] = ['error', 'warning', 'information'];

/** All findings, errors first, each group in the order of the checks. */
export function check(input: CheckInput): CheckReport {
  const all = checks.flatMap((one) => one(input));
  const findings = grave.flatMap((severity) => all.filter((one) => one.severity === severity));
  return { heads: input.heads, pending: input.pending, identified: input.identified, findings };
}

/** True if one of them counts for the exit code. */
export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

/** True if drift is left that is an error: what a repair is there for. Pending revisions are an upgrade's. */
export function leavesDrift({ findings }: Pick<CheckReport, 'findings'>): boolean {
  return findings.some(({ code, severity }) => severity === 'error' && code.startsWith('drift/'));
}
