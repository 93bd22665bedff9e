// Backups and restores in words. In: their results. Out: text. Must not know the terminal.

import type { BackupResult, RestoreOutline, RestoreResult } from '../../library/backup-choices.ts';
import { oneLine } from './clean.ts';
import type { Look } from './look.ts';
import { atHeads, counted, moment, span } from './words.ts';

const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];

/** `12.3 MB`. */
export function size(bytes: number): string {
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const amount = bytes / 1000 ** step;
  return `${step === 0 ? amount : amount.toFixed(1)} ${units[step]}`;
}

/** What was saved, where, and how to have it back. */
export function backupText(saved: BackupResult, look: Look): string {
  const { file, bytes, ms, database, product, tool, heads, tables, rows, checksum } = saved;
  return [
    `${look.good('Saved')} ${oneLine(database)} (${product}) with ${tool}`,
    `  file      ${oneLine(file)}`,
    `  size      ${size(bytes)}, ${counted(tables, 'table')}, ${counted(rows, 'row')}, in ${span(ms)}`,
    `  at        ${look.id(atHeads(heads))}`,
    `  SHA-256   ${look.dim(checksum)}`,
  ].join('\n');
}

/** What was brought back, and what was there before. */
export function restoreText(restored: RestoreResult, look: Look): string {
  const { file, database, takenAt, heads, tables, rows, ms, safetyCopy, writes } = restored;
  return [
    `${look.good('Restored')} ${oneLine(database)} to ${moment(takenAt)}, from ${oneLine(file)}`,
    `  proven    ${counted(tables, 'table')}, ${counted(rows, 'row')}, in ${span(ms)}`,
    `  at        ${look.id(atHeads(heads))}`,
    ...writes.map((reason) => look.warn(`  lost      ${oneLine(reason)}`)),
    ...(safetyCopy === null ? [] : [`  before    ${oneLine(safetyCopy)}`]),
  ].join('\n');
}

/** What somebody is asked to agree to. */
export function restoreQuestion(
  { file, takenAt, database, heads, writes }: RestoreOutline,
  look: Look,
): string {
  return [
    look.title(`restore of ${oneLine(database)} to ${moment(takenAt)}, from ${oneLine(file)}`),
    `  from ${look.id(atHeads(heads.before))} back to ${look.id(atHeads(heads.after))}`,
    ...writes.map((reason) => `  ${look.bad('lost')} ${oneLine(reason)}`),
    'Everything in the database is replaced. Go on? (y/N) ',
  ].join('\n');
}
