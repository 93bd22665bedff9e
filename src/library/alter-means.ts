// What may be done where a server can only copy a table: a limit, the user's word, a program.
// In: the project's options, choices of the run. Out: AlterMeans. Must not know what is altered.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startChild } from '../backup/child.ts';
import { childEnvironment } from '../backup/workbench.ts';
import type { OnlineConfig } from '../config/define-config.ts';
import { bytesOf } from '../config/size.ts';
import type { AlterTool } from '../dialect/alteration.ts';
import type { ServerAddress } from '../dialect/native-backup.ts';
import { parseUrl } from '../drivers/connection-info.ts';
import { isSurefootError, SurefootError } from '../kernel/errors.ts';
import type { AlterMeans, OnlineTool, ToolTask } from '../runner/alter-means.ts';
import { cancelled } from '../runner/watcher.ts';
import type { RunChoices } from './api.ts';
import type { Opened } from './open.ts';
import type { Project } from './project.ts';

const usualLimit = '64MB';

/** What holds for a run. */
export function alterMeans(
  opened: Opened,
  project: Project,
  choices: Pick<RunChoices, 'allowTableCopy'>,
): AlterMeans {
  const { online = {} } = project.options;
  return {
    copyLimit: bytesOf(online.copyLimit ?? usualLimit) ?? 0,
    mayCopy: choices.allowTableCopy ?? false,
    tool: online.tool === undefined ? null : toolFor(online.tool, { online, opened, project }),
  };
}

interface Ground {
  readonly online: OnlineConfig;
  readonly opened: Opened;
  readonly project: Project;
}

/** The program, unless the family has no use for it. */
function toolFor(name: string, ground: Ground): OnlineTool | null {
  const tool = ground.opened.dialect.altering?.tools[name];
  return tool ? { name, run: (task) => runTool({ name, tool, task }, ground) } : null;
}

function refused(problem: string, hint: string): SurefootError {
  return new SurefootError('config/invalid', problem, { details: { file: '', problem }, hint });
}

/** A session alone does not tell programs how to connect. */
function addressOf({ project: { options, folder } }: Ground): ServerAddress {
  const url = options.directUrl ?? options.url;
  const info = url === undefined ? null : parseUrl(url, folder);
  if (info !== null && 'host' in info) return info;
  const problem = 'programs that copy tables connect by themselves, and there is no URL';
  throw refused(problem, 'Give `url` besides `connection`.');
}

interface Work {
  readonly name: string;
  readonly tool: AlterTool;
  readonly task: ToolTask;
}

async function runTool({ name, tool, task }: Work, ground: Ground): Promise<void> {
  const { online, opened, project } = ground;
  const address = addressOf(ground);
  const folder = await mkdtemp(join(tmpdir(), 'surefoot-'));
  try {
    const optionFile = join(folder, 'login.cnf');
    await writeFile(optionFile, tool.optionFile(address), { mode: 0o600, flag: 'wx' });
    const { database } = opened.facts;
    const { table, clauses } = task.alteration;
    const lockSeconds = Math.max(1, Math.ceil(task.lockMs / 1000));
    const more = online.arguments ?? [];
    const args = tool.arguments({ database, table, clauses, address, optionFile, lockSeconds, more });
    if (args === null) {
      const problem = `${name} cannot be told the name ${JSON.stringify(table.name)}`;
      throw refused(problem, 'Rename the table, or say --allow table-copy.');
    }
    const env = childEnvironment(project.options.env ?? {}, folder);
    await watchedChild(
      { program: online.program ?? name, args, env, secrets: secretsOf(address) },
      { tool, task },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const secretsOf = ({ password }: ServerAddress): readonly string[] => (password === null ? [] : [password]);

interface Started {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly secrets: readonly string[];
}

/** Its lines are progress, or the reason why it fails. */
async function watchedChild(
  { program, args, env, secrets }: Started,
  { tool, task }: Pick<Work, 'tool' | 'task'>,
): Promise<void> {
  const { signal, onProgress } = task;
  const child = startChild({ program, arguments: args, env, signal, secrets });
  child.stdin.end();
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      const progress = tool.progress(line);
      if (progress) onProgress(progress);
      else if (line.trim() !== '') said.push(line.trim());
    });
  }
  try {
    await child.ended;
  } catch (error) {
    if (signal?.aborted) throw cancelled(null);
    throw isSurefootError(error, 'backup/tool-failed') ? inItsWords(error, said.slice(-12), secrets) : error;
  }
}

/** What it said last, on both streams: some programs complain on the one, some on the other. */
function inItsWords(
  error: SurefootError<'backup/tool-failed'>,
  said: readonly string[],
  secrets: readonly string[],
): SurefootError {
  const { tool, exitCode } = error.details;
  const words = secrets
    .filter((one) => one !== '')
    .reduce((text, one) => text.replaceAll(one, '***'), said.join('\n'));
  if (words === '' && exitCode === null) return error;
  const how = exitCode === null ? error.message : `it ended with exit code ${exitCode}`;
  return new SurefootError('backup/tool-failed', words === '' ? how : `${how}: ${words}`, {
    details: { tool, exitCode, output: words },
    hint: 'Its own words say why.',
    cause: error,
  });
}
