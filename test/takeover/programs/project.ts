// What a project of another tool is.
// In: nothing. Out: the shape of one, and what they share. Must not know Surefoot.

import type { DialectName } from '../../../src/schema/schema.ts';

/** A project of a tool. */
export interface ToolProject {
  readonly tool: string;
  /** By path from the project's folder. */
  files(family: DialectName, url: string): Readonly<Record<string, string>>;
  /** The tool's own command line, from the project's folder: what applies all migrations. */
  readonly apply: readonly string[];
  /** What the revisions are called, in order. */
  readonly ids: readonly string[];
  /** What the report says is left; without it, nothing. */
  remainders?(family: DialectName): readonly unknown[];
  /** The families whose drivers are there, built. */
  readonly families: readonly DialectName[];
}

export const commonjs = '{ "private": true }';
export const esm = '{ "private": true, "type": "module" }';

/** All families. */
export const every: readonly DialectName[] = ['sqlite', 'postgres', 'mysql'];

/** The path of a database that is a file. */
export const fileOf = (url: string): string => url.replace(/^sqlite:/, '');
