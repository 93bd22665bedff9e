// From arguments to an exit code. In: Shell. Out: the exit code, and what was written. Must not know what a verb does.

import type { GlobalValues } from './args/global-options.ts';
import { globalOptions } from './args/global-options.ts';
import type { OptionSpecs } from './args/option.ts';
import { findVerb, readArguments } from './args/read-arguments.ts';
import { usageError } from './args/usage.ts';
import type { Answer, Command, Verb } from './command.ts';
import { answer } from './command.ts';
import { errorText, exitCodeOf, failureData, refusalOf } from './failure.ts';
import { overview, usageLine, verbHelp } from './help.ts';
import { projectOf } from './project.ts';
import type { Shell } from './shell.ts';
import { clean, printJson } from './text/clean.ts';
import { lookOf } from './text/look.ts';
import { verbOf, verbs } from './verbs.ts';

/** Runs the command line to its exit code. */
export async function main(shell: Shell): Promise<number> {
  const words = shell.argv.slice(0, shell.argv.includes('--') ? shell.argv.indexOf('--') : undefined);
  const wantsJson = words.includes('--json');
  try {
    const given = await respond(shell, words);
    print(given, shell, { wantsJson });
    return given.exitCode ?? 0;
  } catch (thrown) {
    const error = refusalOf(thrown);
    if (wantsJson) shell.stdout.write(printJson(failureData(error)));
    else {
      const isVerbose = words.includes('--verbose') || words.includes('-v');
      shell.stderr.write(errorText(error, lookOf(shell.stderr), { isVerbose }));
    }
    return exitCodeOf(error);
  }
}

async function respond(shell: Shell, words: readonly string[]): Promise<Answer> {
  const { verb: word, rest } = findVerb(shell.argv, globalOptions);
  const wantsHelp = words.includes('--help') || words.includes('-h');
  if (word === null || word === 'help')
    return await respondAlone(rest, { wantsHelp: wantsHelp || word === 'help' });
  const verb = verbOf(word);
  const command = await verb.load();
  if (wantsHelp) return verbHelp(verb, command);
  return await call(shell, { verb, command, rest });
}

/** Without a verb, or with `help` in its place. */
async function respondAlone(
  texts: readonly string[],
  { wantsHelp }: { readonly wantsHelp: boolean },
): Promise<Answer> {
  const { options, arguments: words } = readArguments(texts, globalOptions);
  if (options.version) return await versionAnswer();
  const [word] = words;
  if (word !== undefined) {
    const verb = verbOf(word);
    return verbHelp(verb, await verb.load());
  }
  if (wantsHelp) return overview();
  throw usageError('no verb was given', '', 'List the verbs with `surefoot --help`.');
}

async function versionAnswer(): Promise<Answer> {
  const { toolVersion } = await import('./version.ts');
  return answer({ data: { version: toolVersion() }, text: ({ version }) => `surefoot ${version}` });
}

interface Asked {
  readonly verb: Verb;
  readonly command: Command<OptionSpecs>;
  readonly rest: readonly string[];
}

async function call(shell: Shell, asked: Asked): Promise<Answer> {
  const { command, rest } = asked;
  const read = readArguments(rest, { ...command.options, ...globalOptions });
  const globals: GlobalValues = read.options;
  if (globals.version) return await versionAnswer();
  refuseCount(asked, read.arguments);
  const project = await projectOf(shell, globals);
  const talk = (line: string) => {
    if (!globals.quiet) shell.stderr.write(`${line}\n`);
  };
  try {
    return await command.run({ ...read, globals, shell, project, verbs, look: lookOf(shell.stderr), talk });
  } finally {
    await project.close();
  }
}

function refuseCount({ verb, command }: Asked, words: readonly string[]): void {
  const usage = `Usage: ${usageLine(verb, command)}`;
  const missing = command.arguments.find(
    ({ isRequired }, i) => isRequired === true && words[i] === undefined,
  );
  if (missing !== undefined) throw usageError(`${verb.name} needs ${missing.name}`, '', usage);
  const extra = words[command.arguments.length];
  if (extra === undefined || command.arguments.at(-1)?.isList === true) return;
  throw usageError(`${verb.name} does not expect ${JSON.stringify(extra)}`, extra, usage);
}

function print(given: Answer, shell: Shell, { wantsJson }: { readonly wantsJson: boolean }): void {
  const { data, shown, text, failure, isFile = false, isLine = false } = given;
  if (wantsJson) {
    shell.stdout.write(printJson(data, { isLine }));
    return;
  }
  const body = text(isFile && !shell.stdout.isTty ? shown : clean(shown), lookOf(shell.stdout));
  if (body !== '') shell.stdout.write(body.endsWith('\n') ? body : `${body}\n`);
  const told = failure?.(clean(shown), lookOf(shell.stderr)) ?? '';
  if (told !== '') shell.stderr.write(told);
}
