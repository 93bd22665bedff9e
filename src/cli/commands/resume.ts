import type { ResumeResult, Unclear } from '../../library/api.ts';
import { duration, flag } from '../args/option.ts';
import { usageError } from '../args/usage.ts';
import { answer, defineCommand } from '../command.ts';
import { follow } from '../runs/progress.ts';
import { oneLine } from '../text/clean.ts';
import type { Look } from '../text/look.ts';
import { moment } from '../text/words.ts';

function unclearText(
  { revision, direction, description, sql, at, by, statement }: Unclear,
  look: Look,
): string {
  const rows = [
    ['revision', `${look.id(revision)} (${direction}, operation ${statement + 1})`],
    ['what', oneLine(description)],
    ['begun', `${moment(at)}${by === '' ? '' : ` by ${oneLine(by)}`}`],
    ['sql', sql.trim().replaceAll('\n', `\n${' '.repeat(10)}`)],
  ] as const;
  return rows.map(([name, text]) => `${look.dim(name.padEnd(8))}  ${text}`).join('\n');
}

const advice = `Nothing tells whether the server did it. Look at the database, then say
  surefoot resume --done   if it was done: it is not run again
  surefoot resume --retry  if it was not: the next run runs it`;

function text({ unclear, answer: given }: ResumeResult, look: Look): string {
  if (unclear === null) return 'Nothing is unclear: the next run goes on by itself.';
  const shown = unclearText(unclear, look);
  if (given === null)
    return `${look.warn('A run ended in the middle of this statement:')}\n\n${shown}\n\n${advice}`;
  const word = given === 'done' ? 'it counts as done' : 'it will be run again';
  return `${shown}\n\n${look.good('Written down:')} ${word}. Go on with \`surefoot ${unclear.direction}\`.`;
}

/** `resume`: the word of a person where neither journal nor catalogue can tell. */
export const resume = defineCommand({
  summary: 'Show the statement that an interrupted run left unclear, and answer whether it was done.',
  description:
    'An interrupted run is finished by the next upgrade without a word. Only where the catalogue cannot tell (raw SQL outside of a transaction) does upgrade refuse; then this answers. It writes the answer into the journal and runs nothing.',
  arguments: [],
  options: {
    done: flag('It was done: do not run it again'),
    retry: flag('It was not done: run it again'),
    lockTimeout: duration('How long to wait for another runner'),
  },
  examples: [
    ['surefoot resume', 'what is unclear; exit code 1 if something is'],
    ['surefoot resume --done', 'the server had done it'],
    ['surefoot resume --retry', 'it had not'],
  ],
  run: async ({ options, project, shell, look, globals }) => {
    const { done, retry, lockTimeout } = options;
    if (done && retry) throw usageError('--done and --retry exclude each other', '--retry');
    const { onWait } = follow(shell, look, { isQuiet: globals.quiet });
    const surefoot = await project.open({ writes: true });
    const data = await surefoot.resume({
      answer: done ? 'done' : retry ? 'retry' : undefined,
      lockTimeoutMs: lockTimeout,
      onWait,
    });
    return answer({ data, text, exitCode: data.unclear !== null && data.answer === null ? 1 : 0 });
  },
});
