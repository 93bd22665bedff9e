import { readFile, writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { SurefootError } from '../../kernel/errors.ts';
import { errorCode } from '../../kernel/import-package.ts';
import type { Rehearsal, RehearsalResult } from '../../rehearsal/rehearsal.ts';
import { hasFailed } from '../../rehearsal/rehearsal.ts';
import { choice, flag, value } from '../args/option.ts';
import { answer, defineCommand } from '../command.ts';
import type { Project } from '../project.ts';
import type { Shell } from '../shell.ts';
import type { Look } from '../text/look.ts';
import { rehearsalGithub, rehearsalJunit, rehearsalMarkdown, rehearsalText } from '../text/rehearsal.ts';
import { span } from '../text/words.ts';
import { runsOn } from '../version.ts';

async function readQueries(given: string | undefined, folder: string): Promise<string | undefined> {
  if (given === undefined) return undefined;
  const file = resolve(folder, given);
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const code = errorCode(cause);
    if (code === null) throw cause;
    throw new SurefootError('file/failed', `${file} cannot be read`, {
      details: { file, code },
      hint: 'Give the file with the SQL of the running release.',
      cause,
    });
  }
}

/** A line for each revision on a terminal, while it goes on. */
function teller({ stderr }: Shell, look: Look) {
  let count = 0;
  return (revision: string, results: readonly RehearsalResult[]) => {
    count += 1;
    if (!stderr.isTty) return;
    const failed = results.some(({ status }) => status === 'failed');
    const ms = results.reduce((sum, one) => sum + one.ms, 0);
    const sign = failed ? look.bad('✗') : look.good('✓');
    stderr.write(`${sign} ${look.dim(`[${count}]`)} ${look.id(revision)} ${look.dim(span(ms))}\n`);
  };
}

async function fileOf(project: Project): Promise<(revision: string) => string | null> {
  const graph = await project.graph();
  return (revision) => {
    const file = graph.nodes.get(revision)?.header.file;
    return file === undefined ? null : relative(project.folder, file);
  };
}

/** `rehearse`: the revisions, practised. */
export const rehearse = defineCommand({
  summary: 'Practise revisions on throw-away databases: both ways, on their own result, cut off, with rows.',
  description:
    'Nothing is written by hand: for every revision of the range it tries up, down and up; the revision on its own result; an interruption at every boundary; whether rows survive; whether the release before still runs. The project’s own database is asked for its version and for nothing else. Exit code 1 if something failed.',
  arguments: [{ name: 'range', summary: 'Revisions: a:b. Default: all' }],
  options: {
    format: choice('How it is written', ['text', 'markdown', 'junit', 'github']),
    out: value('Write it into a file', { short: 'o', placeholder: 'FILE' }),
    onCopy: flag('On a copy of the database, by backup and restore, with what is pending there'),
    queries: value('A file with the SQL of the running release', { placeholder: 'FILE' }),
  },
  examples: [
    ['surefoot rehearse', 'every revision'],
    ['surefoot rehearse 3f6a12b4c5d6:heads', 'a range'],
    ['surefoot rehearse --format junit --out rehearsal.xml', 'for continuous integration'],
  ],
  run: async ({ options, arguments: [range], project, shell, look }) => {
    const { folder } = project;
    const queries = await readQueries(options.queries, folder);
    const surefoot = await project.open();
    const rehearsal: Rehearsal = await surefoot.rehearse({
      range,
      queries,
      onCopy: options.onCopy,
      onRehearsed: teller(shell, look),
    });
    const files = await fileOf(project);
    const written = (shown: Rehearsal, how: Look): string => {
      if (options.format === 'markdown') return rehearsalMarkdown(shown, runsOn());
      if (options.format === 'junit') return rehearsalJunit(shown);
      return options.format === 'github' ? rehearsalGithub(shown, files) : rehearsalText(shown, how);
    };
    const { out } = options;
    const plain: Look = { ...look, ...plainPaints };
    if (out !== undefined) await writeFile(resolve(folder, out), `${written(rehearsal, plain)}\n`);
    return answer({
      data: rehearsal,
      text: (shown, how) => (out === undefined ? written(shown, how) : rehearsalText(shown, how)),
      exitCode: hasFailed(rehearsal) ? 1 : 0,
    });
  },
});

const same = (text: string): string => text;
const plainPaints = { title: same, id: same, dim: same, good: same, warn: same, bad: same };
