import { stripVTControlCharacters } from '../node-util.ts';
import type { Look } from './look.ts';

const widthOf = (text: string) => [...stripVTControlCharacters(text)].length;

/** Columns of text, as wide as their widest cell, with a head. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], look: Look): string {
  const widths = head.map((title, column) =>
    Math.max(widthOf(title), ...rows.map((row) => widthOf(row[column] ?? ''))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell))))
      .join('  ')
      .trimEnd();
  return [look.dim(line(head)), ...rows.map(line)].map((one) => `  ${one}`).join('\n');
}

/** A text cut to a width, with a sign that it was. */
export function shorten(text: string, width: number): string {
  const chars = [...text];
  return chars.length <= width ? text : `${chars.slice(0, Math.max(1, width - 1)).join('')}…`;
}

/** Lines moved to the right. */
export function indent(text: string, spaces: number): string {
  const space = ' '.repeat(spaces);
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : space + line))
    .join('\n');
}
