// What a set of headers must fulfil to be a graph. In: headers. Out: nothing, or a refusal. Must not know the graph.

import { SurefootError } from '../kernel/errors.ts';
import { duplicateId, reservedWords, shownFile } from './header.ts';
import { didYouMean, nearNames } from './near.ts';
import type { RevisionHeader } from './revision.ts';

function duplicateLabel(label: string, revisions: readonly string[], hint: string) {
  const message = `the name ${label} is used by the revisions ${revisions.join(' and ')}`;
  return new SurefootError('revision/duplicate-label', message, { details: { label, revisions }, hint });
}

function refuseReserved(header: RevisionHeader): void {
  const word = [header.id, ...header.branchLabels].find((name) => reservedWords.has(name));
  if (word === undefined) return;
  const problem = `'${word}' is a reserved word`;
  throw new SurefootError('revision/invalid', `${shownFile(header.file)}: ${problem}`, {
    details: { file: header.file, problem },
    hint: 'head, heads, base and current name something else; choose another name.',
  });
}

function ownersOfIds(headers: readonly RevisionHeader[]): ReadonlyMap<string, RevisionHeader> {
  const owners = new Map<string, RevisionHeader>();
  for (const header of headers) {
    refuseReserved(header);
    const other = owners.get(header.id);
    if (other) throw duplicateId(header.id, [other.file, header.file]);
    owners.set(header.id, header);
  }
  return owners;
}

/** Refuses names that are given twice. Gives the revision that declares each label. */
export function refuseBrokenNames(headers: readonly RevisionHeader[]): ReadonlyMap<string, string> {
  const ids = ownersOfIds(headers);
  const labels = new Map<string, string>();
  const imported = new Map<string, string>();
  for (const { id, branchLabels, importedAs } of headers) {
    for (const label of branchLabels) {
      if (ids.has(label)) throw duplicateLabel(label, [label, id], 'A label cannot be the id of a revision.');
      const other = labels.get(label);
      if (other !== undefined)
        throw duplicateLabel(label, [other, id], 'Declare a label on one revision only.');
      labels.set(label, id);
    }
    const twin = importedAs === undefined ? undefined : imported.get(importedAs);
    if (importedAs === undefined) continue;
    if (twin !== undefined)
      throw duplicateLabel(importedAs, [twin, id], 'Take `importedAs` away from one of them.');
    imported.set(importedAs, id);
  }
  return labels;
}

/** Refuses parents and dependencies that no file has. */
export function refuseMissing(headers: readonly RevisionHeader[], labels: ReadonlyMap<string, string>): void {
  const ids = new Set(headers.map(({ id }) => id));
  for (const { id, file, revises, dependsOn } of headers) {
    const parent =
      revises.find((name) => !ids.has(name)) ?? dependsOn.find((name) => !ids.has(name) && !labels.has(name));
    if (parent === undefined) continue;
    const verb = revises.includes(parent) ? 'revises' : 'depends on';
    const meant = didYouMean(
      nearNames(
        parent,
        [...ids].filter((one) => one !== id),
      ),
    );
    throw new SurefootError(
      'revision/missing-parent',
      `${shownFile(file)}: revision ${id} ${verb} ${parent}, which no file has`,
      {
        details: { revision: id, parent, file },
        hint: meant ?? 'Restore the missing file from version control, or correct the name.',
      },
    );
  }
}

/** Refuses a cycle, naming its path. */
export function refuseCycle(cycle: readonly RevisionHeader[]): never {
  const ids = cycle.map(({ id }) => id);
  const files = cycle.map(({ file }) => shownFile(file)).join(', ');
  const path = [...ids, ...ids.slice(0, 1)].join(' → ');
  const message =
    ids.length === 1 ? `revision ${path}: it needs itself` : `revisions need each other: ${path}`;
  throw new SurefootError('revision/cycle', `${message} (${files})`, {
    details: { revisions: ids },
    hint: "Correct 'revises' or 'dependsOn' in one of the files, so that the chain has a beginning.",
  });
}
