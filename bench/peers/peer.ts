// What the bench has to know of another tool. In: nothing. Out: Peer. Must not know which there are.

import type { Change } from '../history.ts';
import type { Command } from '../measure.ts';

export type Way = 'up' | 'down';

/** Where a tool works. */
export interface PeerPlace {
  readonly project: string;
  readonly url: string;
  /** The folder whose node_modules have the tools in JavaScript. */
  readonly tools: string;
}

/** Another tool: what its project looks like, and what is said to it. */
export interface Peer {
  readonly name: string;
  /** True: fifty of them at once need more memory than a usual machine has. */
  readonly isHeavy?: boolean;
  /** Its files, by path. */
  files(changes: readonly Change[]): Readonly<Record<string, string>>;
  /** Up to the last revision, or down below the first; `null`: it cannot. */
  command(way: Way, place: PeerPlace, count: number): Promise<Command | null>;
}

/** Fourteen digits, the later the greater. */
export function stampOf(number: number): string {
  const date = new Date(Date.UTC(2024, 0, 1) + number * 3_600_000);
  return date.toISOString().replaceAll(/\D/g, '').slice(0, 14);
}

export const statements = (lines: readonly string[]): string => lines.map((line) => `${line};\n`).join('');

/** A file for each revision. */
export function filesOf(
  changes: readonly Change[],
  each: (change: Change) => readonly [path: string, text: string],
): Readonly<Record<string, string>> {
  return Object.fromEntries(changes.map(each));
}

/** A program of a package, by its path in the package. */
export const script = (
  { project, url, tools }: PeerPlace,
  path: string,
  ...args: readonly string[]
): Command => ({
  argv: [process.execPath, `${tools}/node_modules/${path}`, ...args],
  cwd: project,
  env: { DATABASE_URL: url },
});
