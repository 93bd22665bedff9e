// What of revisions can be said in another file. In: loaded revisions. Out: what cannot, and why.
// Must not know what becomes of them.

import { everyServer } from '../config/every-server.ts';
import type { Dialect } from '../dialect/dialect.ts';
import { isSurefootError } from '../kernel/errors.ts';
import { hashJson } from '../kernel/hash.ts';
import type { LoadedRevision } from '../revisions/load.ts';
import { loadRevision } from '../revisions/load.ts';
import type { RevisionContext } from '../revisions/revision.ts';
import { readSqlFile } from '../revisions/sql-file.ts';

/** What stands in the way, as the end of a sentence that begins with the revision. */
export interface CopyProblem {
  readonly revision: string;
  readonly problem: string;
}

async function workFor(
  { header }: LoadedRevision,
  server: RevisionContext,
  { syntax }: Dialect,
): Promise<string> {
  try {
    const { upgrade, downgrade } = await loadRevision(header, { ...server, syntax });
    return hashJson([upgrade, downgrade]);
  } catch (error) {
    if (!isSurefootError(error)) throw error;
    return error.message;
  }
}

/** True where what it does depends on the server: the one revision would do what it does here, everywhere. */
async function differs(revision: LoadedRevision, dialect: Dialect): Promise<boolean> {
  const { header, text } = revision;
  if (header.kind === 'sql')
    return readSqlFile(text, header.file).sections.some((section) => section.servers.length > 0);
  const works = await Promise.all(everyServer.map((server) => workFor(revision, server, dialect)));
  return new Set(works).size > 1;
}

async function problemsOf(revision: LoadedRevision, dialect: Dialect): Promise<readonly CopyProblem[]> {
  const { header, runs } = revision;
  const steps = runs.upgrade.length + runs.downgrade.length;
  const problem = (text: string) => ({ revision: header.id, problem: text });
  return [
    ...((header.contract ?? header.contracts) ? [problem('is one half of a phased revision')] : []),
    ...(steps > 0 ? [problem('has a data step in TypeScript (op.run)')] : []),
    ...((await differs(revision, dialect)) ? [problem('does not do the same on every server')] : []),
  ];
}

/** What of these revisions cannot be carried over. */
export async function copyProblems(
  revisions: readonly LoadedRevision[],
  dialect: Dialect,
): Promise<readonly CopyProblem[]> {
  return (await Promise.all(revisions.map((one) => problemsOf(one, dialect)))).flat();
}
