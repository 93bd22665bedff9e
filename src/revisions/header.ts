// Checks what the head of a revision's file says.
// In: literal members, from TypeScript or SQL. Out: RevisionHeader. Must not know how they were read.

import { SurefootError } from '../kernel/errors.ts';
import { didYouMean, slipsOf } from './near.ts';
import type { RevisionHeader } from './revision.ts';

/** A literal as it stood in the file, with its line. */
export interface HeaderMember {
  readonly value: string | number | boolean | null | readonly string[];
  readonly line: number;
}
export type HeaderMembers = ReadonlyMap<string, HeaderMember>;

/** Where a member comes from: for messages. */
export interface HeaderOrigin {
  readonly file: string;
  readonly kind: 'ts' | 'sql';
}

export const headerKeys = [
  'id',
  'revises',
  'message',
  'createdAt',
  'branchLabels',
  'dependsOn',
  'safety',
  'replaces',
  'importedAs',
  'tableLockTimeout',
  'tableLockRetries',
] as const;
export type HeaderKey = (typeof headerKeys)[number];

/** Words that identify something else. */
export const reservedWords: ReadonlySet<string> = new Set(['head', 'heads', 'base', 'current']);

export const idPattern: RegExp = /^[A-Za-z0-9_.]{1,255}$/;
const labelPattern = /^[\p{L}\p{N}_.-]{1,255}$/u;
const timePattern =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(?: ?(Z|[+-]\d\d:?\d\d))?)?$/;

/** The file as people know it: with its folder, without what is above. */
export function shownFile(file: string): string {
  return file.split(/[\\/]/).slice(-2).join('/');
}

/** A refusal of a revision's file. */
export function invalidRevision(
  at: { readonly file: string; readonly line?: number | undefined },
  problem: string,
  hint = 'docs/revisions.md shows the form of a revision file.',
): SurefootError<'revision/invalid'> {
  const place = at.line === undefined ? shownFile(at.file) : `${shownFile(at.file)}:${at.line}`;
  return new SurefootError('revision/invalid', `${place}: ${problem}`, {
    details: { file: at.file, problem, ...(at.line === undefined ? {} : { line: at.line }) },
    hint,
  });
}

/** The refusal of two files with one id. */
export function duplicateId(id: string, files: readonly string[]): SurefootError<'revision/duplicate-id'> {
  const names = files.map(shownFile).join(' and ');
  return new SurefootError('revision/duplicate-id', `${names} have the same id ${id}`, {
    details: { revision: id, files },
    hint: 'Give one of them an id of its own, in its head and wherever others revise or depend on it.',
  });
}

/** Refuses a key that is nearly one of the known ones. */
export function refuseNearKey(
  key: string,
  known: readonly string[],
  at: { file: string; line: number },
): void {
  const hint = didYouMean(slipsOf(key, known));
  if (hint !== undefined) throw invalidRevision(at, `unknown member '${key}'`, hint);
}

/** ISO 8601 in UTC; a time without a zone is taken as UTC. `null`: not a time. */
export function toUtc(text: string): string | null {
  const match = timePattern.exec(text.trim());
  if (!match) return null;
  const [, date, time = '00:00', zone = 'Z'] = match;
  const moment = new Date(
    `${date}T${time}${zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone}`,
  );
  return Number.isNaN(moment.getTime()) ? null : moment.toISOString();
}

/** Reads typed members, refusing what does not fit. */
function openReader(members: HeaderMembers, origin: HeaderOrigin) {
  const refuse = (key: HeaderKey, problem: string): never => {
    const line = members.get(key)?.line;
    throw invalidRevision({ file: origin.file, line }, `'${key}' ${problem}`);
  };
  const text = (key: HeaderKey): string | undefined => {
    const value = members.get(key)?.value;
    if (value === undefined || value === null) return undefined;
    return typeof value === 'string' ? value : refuse(key, 'must be a string');
  };
  const flag = (key: HeaderKey): boolean => {
    const value = members.get(key)?.value ?? false;
    return typeof value === 'boolean' ? value : refuse(key, 'must be true or false');
  };
  const list = (key: HeaderKey, pattern: RegExp): readonly string[] => {
    const value = members.get(key)?.value ?? [];
    if (typeof value === 'boolean' || typeof value === 'number')
      return refuse(key, 'must be a string or a list of strings');
    const items = typeof value === 'string' ? [value] : value;
    const wrong = items.find((item) => !pattern.test(item));
    if (wrong !== undefined) return refuse(key, `holds ${JSON.stringify(wrong)}, which is not a valid name`);
    if (new Set(items).size < items.length) return refuse(key, 'names something twice');
    return items;
  };
  const count = (key: HeaderKey): number | undefined => {
    const value = members.get(key)?.value;
    if (value === undefined || value === null) return undefined;
    const isCount = /^\d{1,6}$/.test(String(value)) && typeof value !== 'boolean';
    return isCount ? Number(value) : refuse(key, 'must be a whole number, 0 or more');
  };
  return { text, flag, list, count, refuse };
}

type Reader = ReturnType<typeof openReader>;

function readId(reader: Reader, origin: HeaderOrigin): string {
  const id = reader.text('id');
  if (id === undefined) {
    const example = origin.kind === 'sql' ? "a line '-- id: …'" : "a member id: '…'";
    throw invalidRevision({ file: origin.file }, 'the revision has no id', `Give it ${example}.`);
  }
  if (id.length > 255) return reader.refuse('id', 'is longer than 255 characters');
  if (!idPattern.test(id)) return reader.refuse('id', 'may hold letters, digits, underscores and dots only');
  if (reservedWords.has(id)) return reader.refuse('id', `is the reserved word '${id}'`);
  return id;
}

function readCreatedAt(reader: Reader): string | null {
  const text = reader.text('createdAt');
  if (text === undefined) return null;
  return toUtc(text) ?? reader.refuse('createdAt', 'is not a time such as 2025-01-31T12:00:00Z');
}

function readLabels(reader: Reader): readonly string[] {
  const labels = reader.list('branchLabels', labelPattern);
  const taken = labels.find((label) => reservedWords.has(label));
  return taken === undefined ? labels : reader.refuse('branchLabels', `holds the reserved word '${taken}'`);
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** How long and how often its statements wait for others. */
function readPatience(reader: Reader): Pick<RevisionHeader, 'tableLockTimeoutMs' | 'tableLockRetries'> {
  const text = reader.text('tableLockTimeout');
  const [, amount = '', unit = ''] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)$/.exec(text ?? '') ?? [];
  const retries = reader.count('tableLockRetries');
  if (text !== undefined && amount === '')
    return reader.refuse('tableLockTimeout', "is not a time such as '30s', '500ms' or '2m'");
  return {
    ...(text === undefined ? {} : { tableLockTimeoutMs: Math.round(Number(amount) * (units[unit] ?? 1)) }),
    ...(retries === undefined ? {} : { tableLockRetries: retries }),
  };
}

/** The header of a revision, from its literal members. */
export function toHeader(
  members: HeaderMembers,
  origin: HeaderOrigin & { readonly transaction: 'auto' | 'none' },
): RevisionHeader {
  const reader = openReader(members, origin);
  const importedAs = reader.text('importedAs');
  const id = readId(reader, origin);
  return {
    id,
    revises: reader.list('revises', idPattern),
    message: reader.text('message') ?? '',
    createdAt: readCreatedAt(reader),
    branchLabels: readLabels(reader),
    dependsOn: reader.list('dependsOn', labelPattern),
    safety: reader.flag('safety'),
    replaces: reader.list('replaces', idPattern),
    ...(importedAs === undefined ? {} : { importedAs }),
    ...(members.has('contract') ? { contract: `${id}c` } : {}),
    ...readPatience(reader),
    file: origin.file,
    kind: origin.kind,
    transaction: origin.transaction,
  };
}
