// In: what is told and what is claimed. Out: text on stdout; a claim that does not hold stops the story.
// Must not know: databases, or Surefoot.

import { stripVTControlCharacters, styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

/** Colours only where stdout shows them; NO_COLOR and FORCE_COLOR have their say. */
const paint = (format: Format, text: string): string => styleText(format, text, { stream: process.stdout });

export const bold = (text: string): string => paint('bold', text);
export const dim = (text: string): string => paint('dim', text);
export const red = (text: string): string => paint('red', text);
export const green = (text: string): string => paint('green', text);
export const yellow = (text: string): string => paint('yellow', text);
export const cyan = (text: string): string => paint('cyan', text);

/** Something that the story says did not come true. */
export class BrokenClaim extends Error {}

export function say(text = ''): void {
  console.log(text);
}

export function chapter(number: number, title: string): void {
  say();
  say(paint(['bold', 'cyan'], `${number}  ${title}`));
}

/** Lines that somebody else says: a server, a plan, a journal. */
export function quote(lines: readonly string[]): void {
  for (const line of lines) say(`     ${dim('│')} ${line}`);
}

/** A sentence of the story, together with what makes it true. */
export function claim(sentence: string, holds: boolean): void {
  if (!holds) throw new BrokenClaim(sentence);
  say(`   ${green('✓')} ${sentence}`);
}

/** The same for bad news, which has to be as true. */
export function badNews(sentence: string, holds: boolean): void {
  if (!holds) throw new BrokenClaim(sentence);
  say(`   ${red('✗')} ${sentence}`);
}

export function note(sentence: string): void {
  say(`   ${dim('·')} ${sentence}`);
}

const widthOf = (text: string): number => [...stripVTControlCharacters(text)].length;

/** Columns side by side, the first row being their titles. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): void {
  const all = [titles.map(bold), ...rows];
  const widths = titles.map((_, column) => Math.max(...all.map((row) => widthOf(row[column] ?? ''))));
  for (const row of all) {
    const cells = row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)));
    say(`     ${cells.join('   ')}`.trimEnd());
  }
}
