// SQL → Schema, by the database itself.
// In: files of DDL, or folders of them. Out: the way to make it. Must not know what the statements say.

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isSurefootError, messageOf } from '../kernel/errors.ts';
import { splitStatements } from '../kernel/sql-text.ts';
import { unreadable } from './load-models.ts';
import type { Source, Workshop } from './source.ts';

const name = 'SQL';

const isSql = (file: string): boolean => file.toLowerCase().endsWith('.sql');

/** The files of SQL, those of a folder in the order of their names. */
async function sqlFiles(path: string): Promise<readonly string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const files = (await readdir(path)).filter(isSql).sort();
  if (files.length === 0)
    throw unreadable({ source: name, file: path }, 'there is no .sql file in the folder');
  return files.map((file) => join(path, file));
}

async function runFile(file: string, workshop: Workshop): Promise<void> {
  const text = await readFile(file, 'utf8');
  for (const { sql, line } of splitStatements(text, workshop.dialect.syntax)) {
    try {
      await workshop.run(sql);
    } catch (cause) {
      if (!isSurefootError(cause)) throw cause;
      throw unreadable({ source: name, file }, `line ${line}: ${messageOf(cause)}`, cause);
    }
  }
}

/** Files of SQL, and folders of such. */
export const sqlSource: Source = {
  name,
  recognises: async ({ path, isFolder }) => (isFolder ? (await readdir(path)).some(isSql) : isSql(path)),
  read: async ({ files }) => ({
    kind: 'made',
    make: async (workshop) => {
      for (const path of files) for (const file of await sqlFiles(path)) await runFile(file, workshop);
      return [];
    },
  }),
};
