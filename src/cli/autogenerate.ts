// Models → a revision, for people. In: options. Out: what was written, in words. Must not know databases.

import type {
  AutogenerateResult,
  LeftOut,
  OperationInWords,
  RenameCandidate,
} from '../library/autogenerate-choices.ts';
import type { OptionSpecs } from './args/option.ts';
import { choice, flag, list } from './args/option.ts';
import { usageError } from './args/usage.ts';
import type { Answer, Call } from './command.ts';
import { answer } from './command.ts';
import { writtenText } from './new-revision.ts';
import { keepHeapSmall } from './small-heap.ts';
import { oneLine } from './text/clean.ts';
import type { Look } from './text/look.ts';
import { counted } from './text/words.ts';

/** Answers about names. */
export const nameOptions = {
  rename: list('It got another name: old:new, or table.old:new', { placeholder: 'OLD:NEW' }),
  noRenames: flag('Nothing else got another name: what is gone is dropped'),
} as const;

/** Whether the release before is to survive it. */
export const onlineOption = flag(
  'In two halves: one before a deployment, one after it; the release before keeps running in between',
);

/** What models are compared with. */
export const againstOption = choice('What the models are compared with. Default: history', [
  'history',
  'database',
]);

interface Names {
  readonly rename: readonly string[];
  readonly noRenames: boolean;
}

/** A question about a name, in words. */
function question(candidate: RenameCandidate, look: Look): string {
  if (candidate.kind === 'table') {
    const [from, to] = [candidate.from, candidate.to].map((ref) => look.id(oneLine(ref.name)));
    return `Is table ${to} the table ${from} under another name? Its rows stay then. (y/N) `;
  }
  const [from, to] = [candidate.from, candidate.to].map((name) => look.id(oneLine(name)));
  return `${oneLine(candidate.table.name)}: is column ${to} the column ${from} under another name? Its values stay then. (y/N) `;
}

/** The answers given beforehand, and somebody to ask where there is a terminal. */
export function nameChoices({ shell, globals, look }: Call<OptionSpecs>, { rename, noRenames }: Names) {
  const asks = shell.isInteractive && !globals.json && !globals.yes;
  const askRename = async (candidate: RenameCandidate) =>
    /^\s*y(es)?\s*$/i.test(await shell.ask(question(candidate, look)));
  return { rename, noRenames, ...(asks ? { askRename } : {}) };
}

/** The message, asked for where somebody is there. */
export async function messageFor(
  { shell, globals }: Call<OptionSpecs>,
  given: string | undefined,
): Promise<string> {
  const asks = given === undefined && shell.isInteractive && !globals.json && !globals.yes;
  const message = (asks ? await shell.ask('What does it do? ') : given)?.trim() ?? '';
  if (message === '') throw usageError('a revision needs a message', '--message', 'Say it with -m "…".');
  return message;
}

/** Operations with what they risk. */
export function operationLines(operations: readonly OperationInWords[], look: Look): readonly string[] {
  return operations.flatMap(({ description, hazards }) => [
    `  ${description}`,
    ...hazards.map(({ code, message }) => `    ${look.warn(code)} ${look.dim(message)}`),
  ]);
}

/** What differs and is left as it is. */
export function leftOutLines(leftOut: readonly LeftOut[], look: Look): readonly string[] {
  return leftOut.map(({ object, reason }) => `${look.warn('left as it is')} ${object}: ${reason}`);
}

const nextOnline = (look: Look): string =>
  `Next: read it; ${look.title('surefoot upgrade --phase expand')} before the deployment, ${look.title('--phase contract')} after it.`;

function resultText(
  shown: AutogenerateResult,
  { look, folder, online }: { readonly look: Look; readonly folder: string; readonly online: boolean },
): string {
  const { revision, operations, leftOut, standIn } = shown;
  const notes = [
    ...leftOutLines(leftOut, look),
    ...(standIn === null ? [] : [look.dim(`The database was not asked: ${standIn}.`)]),
  ];
  if (revision === null) return ['Nothing changed: no revision was written.', ...notes].join('\n');
  const toFill = operations.filter(({ kind }) => kind === 'execute').length;
  return [
    writtenText(revision, { look, folder }),
    '',
    // In two halves it is not done as one statement would do it, nor at its risk.
    ...operationLines(online ? operations.map((one) => ({ ...one, hazards: [] })) : operations, look),
    ...(notes.length > 0 ? ['', ...notes] : []),
    '',
    ...(toFill > 0
      ? [`${look.title(counted(toFill, 'place'))} to fill in: look for FILL IN in the file.`]
      : []),
    online ? nextOnline(look) : `Next: read it, then ${look.title('surefoot upgrade')}.`,
  ].join('\n');
}

/** Options of a call that writes a revision from the models. */
export interface MigrateOptions extends Names {
  readonly message: string | undefined;
  readonly sql: boolean;
  readonly against: 'history' | 'database' | undefined;
  readonly head: readonly string[];
  readonly splice: boolean;
  readonly branchLabel: readonly string[];
  readonly dependsOn: readonly string[];
  readonly revId: string | undefined;
  readonly folder: string | undefined;
  readonly online: boolean;
}

/** Writes the revision that brings history to the models. */
export async function autogenerate(call: Call<OptionSpecs>, options: MigrateOptions): Promise<Answer> {
  const { project } = call;
  const message = await messageFor(call, options.message);
  const surefoot = await project.open();
  keepHeapSmall();
  const result = await surefoot.autogenerate({
    message,
    ...nameChoices(call, options),
    against: options.against,
    sql: options.sql,
    online: options.online,
    head: options.head,
    splice: options.splice,
    branchLabels: options.branchLabel,
    dependsOn: options.dependsOn,
    id: options.revId,
    folder: options.folder,
  });
  return answer({
    data: result,
    text: (shown, look) => resultText(shown, { look, folder: project.folder, online: options.online }),
  });
}
