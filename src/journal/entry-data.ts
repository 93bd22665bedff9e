import type { Form } from '../kernel/form.ts';
import { isNumber, isRecord, isText, listOf, orNull, recordOf } from '../kernel/form.ts';
import { isOperation } from '../operations/is-operation.ts';
import type { EntryData } from './entry.ts';

// A journal is a table: hands, other tools and broken disks get at it. A member that is not of its form counts as not
// written; the entry still says what happened.

const orAbsent =
  (form: Form): Form =>
  (value) =>
    value === undefined || value === null || form(value);

const who = recordOf({
  databaseUser: orAbsent(isText),
  osUser: orAbsent(isText),
  host: orAbsent(isText),
  pid: orAbsent(isNumber),
  gitAuthor: orAbsent(isText),
  gitCommit: orAbsent(isText),
  ciRun: orAbsent(isText),
});

const forms: Readonly<Record<keyof EntryData, Form>> = {
  heads: listOf(isText),
  applied: listOf(isText),
  checksums: recordOf({ text: isText, operations: isText }),
  operations: recordOf({ upgrade: listOf(isOperation), downgrade: orNull(listOf(isOperation)) }),
  identity: isText,
  cursor: recordOf({ key: listOf(isText), after: listOf(isText), seen: isNumber, rows: isNumber }),
  carries: listOf(isNumber),
  answer: (value) => value === 'done' || value === 'retry',
  sql: listOf(isText),
  text: isText,
  file: isText,
  message: isText,
  description: isText,
  reason: isText,
  way: isText,
  ms: isNumber,
  rows: isNumber,
  who,
  tool: isText,
  expected: isText,
  fingerprint: isText,
  appliedHash: isText,
  differences: listOf(recordOf({ kind: isText, object: isText })),
  error: recordOf({ code: isText, message: isText }),
};

/** What of it an entry can have been given. */
export function readEntryData(value: unknown): EntryData {
  if (!isRecord(value)) return {};
  const known = Object.entries(value).filter(
    ([name, member]) => Object.hasOwn(forms, name) && forms[name as keyof EntryData](member),
  );
  return Object.fromEntries(known) as EntryData;
}

const mark = ',"operations":{"upgrade":[';

/**
 * The text of an entry up to its operations, which its writer puts last. Inside of a text every quotation mark is escaped, so
 * that the mark is what it looks like; where it is not, or where something may follow, the whole stays.
 */
export function withoutOperations(text: string): string {
  const at = text.indexOf(mark);
  return at > 0 && /(?:\]|null)\}\}$/.test(text.slice(-6)) ? `${text.slice(0, at)}}` : text;
}
