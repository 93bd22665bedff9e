import { leavesDrift } from '../../check/check.ts';
import { SurefootError } from '../../kernel/errors.ts';
import type { RepairResult, RepairWay } from '../../library/api.ts';
import type { Plan } from '../../plan/plan.ts';
import { flag, list, value } from '../args/option.ts';
import { usageError } from '../args/usage.ts';
import type { Call } from '../command.ts';
import { answer, defineCommand } from '../command.ts';
import { interruptible } from '../runs/interruptible.ts';
import { follow } from '../runs/progress.ts';
import { planOptions, waitChoices, waitOptions } from '../runs/run-options.ts';
import { oneLine } from '../text/clean.ts';
import { reportText } from '../text/findings.ts';
import type { Look } from '../text/look.ts';
import { planText } from '../text/plan.ts';
import { counted } from '../text/words.ts';

const options = {
  adopt: flag('The server is right: write a revision for what it has, recorded here, pending elsewhere'),
  restamp: flag('The recorded revision is wrong: set it to the one whose schema the server has'),
  asRevision: flag('Write a safety revision that makes sure of the objects in every environment'),
  at: value('With --restamp: the revision, where several have this schema', { placeholder: 'ID' }),
  message: value('With --adopt or --as-revision: the message of the new revision', {
    short: 'm',
    placeholder: 'TEXT',
  }),
  allow: list('What may be destroyed: drop-column, drop-table, drop-sequence, drop-enum; table-copy', {
    placeholder: 'WHAT',
  }),
  noBackup: flag('Do not save the database first'),
  restoreOnFailure: flag('Bring the backup back where the repair fails, or leaves errors'),
  plan: flag('Print what would be done, and do nothing'),
  keep: planOptions.keep,
  noKeep: flag('Keep nothing of what is dropped'),
  ...waitOptions,
};

const ways: readonly (readonly ['adopt' | 'restamp' | 'asRevision', RepairWay])[] = [
  ['adopt', 'adopt'],
  ['restamp', 'restamp'],
  ['asRevision', 'safety-revision'],
];

const allowances: ReadonlySet<string> = new Set([
  'drop-column',
  'drop-table',
  'drop-sequence',
  'drop-enum',
  'table-copy',
]);

function wayOf(given: Call<typeof options>['options']): RepairWay {
  const chosen = ways.filter(([option]) => given[option]).map(([, way]) => way);
  if (chosen.length > 1)
    throw usageError('--adopt, --restamp and --as-revision exclude each other', 'repair');
  const wrong = given.allow.find((one) => !allowances.has(one));
  if (wrong !== undefined)
    throw usageError(
      `--allow does not know ${JSON.stringify(wrong)}`,
      wrong,
      `It takes ${[...allowances].join(', ')}.`,
    );
  return chosen[0] ?? 'reconcile';
}

function refuse(isInteractive: boolean): SurefootError {
  const why = isInteractive
    ? 'not confirmed, nothing was changed'
    : 'it needs a confirmation, and there is nobody to ask';
  return new SurefootError('run/confirmation-needed', `repair: ${why}`, {
    details: { verb: 'repair' },
    hint: 'Nothing was changed. Look at it with `surefoot repair --plan`, then say --yes.',
  });
}

/** What was put aside. */
function keptOf({ plan, failed }: RepairResult, look: Look): readonly string[] {
  if (plan === null || failed) return [];
  return plan.losses.flatMap(({ subject, kept }) =>
    kept === undefined ? [] : [`${look.good('Kept:')} ${oneLine(subject)}, in ${kept}`],
  );
}

function resultText(result: RepairResult, look: Look): string {
  const withheld = result.withheld.map(
    ({ operation, allowance }) =>
      `${look.warn('left')} ${operation}: it would destroy data; --allow ${allowance}`,
  );
  const stuck = result.inexpressible.map(({ object, reason }) => `${look.warn('left')} ${object}: ${reason}`);
  const written = result.written === null ? [] : [`${look.good('Written:')} ${result.written}`];
  const done =
    result.plan === null || !result.confirmed
      ? []
      : [`${look.good('Repaired:')} ${counted(result.finished, 'statement')} ran.`, ...keptOf(result, look)];
  const saved = result.backup === null ? [] : [`${look.dim('Backup:')} ${result.backup}`];
  const back = result.restored ? [look.warn('The repair failed; the backup was brought back.')] : [];
  return [
    ...written,
    ...saved,
    ...done,
    ...back,
    ...withheld,
    ...stuck,
    reportText(result.report, look),
  ].join('\n');
}

/** Errors that a repair is there for; pending revisions are an upgrade's. */
function exitCodeOf({ failed, report }: RepairResult): 0 | 1 | 2 {
  if (failed) return 2;
  return leavesDrift(report) ? 1 : 0;
}

/** `repair`: server and history are brought together. */
export const repair = defineCommand({
  summary: 'Bring the server to what history says, or history to what the server has.',
  description:
    'Without a way it changes the server. What would destroy data is left, and named, unless --allow names it. Exit code 0 when no drift is left that is an error.',
  arguments: [],
  options,
  examples: [
    ['surefoot repair --plan', 'what it would do'],
    ['surefoot repair --yes --allow drop-column', 'without asking, columns that should be gone too'],
    ['surefoot repair --restamp', 'the record is wrong, the schema is right'],
  ],
  run: async (call) => {
    const { options: given, shell, globals, look, project, talk } = call;
    const way = wayOf(given);
    const { onProgress, onWait, onStatement, end } = follow(shell, look, { isQuiet: globals.quiet });
    let refused = false;
    const confirm = async (plan: Plan): Promise<boolean> => {
      if (given.plan) talk(planText(plan, look));
      if (given.plan) return false;
      if (globals.yes) return true;
      const said = shell.isInteractive ? await shell.ask(`${planText(plan, look)}\nGo on? (y/N) `) : '';
      refused = !/^\s*y(es)?\s*$/i.test(said);
      return !refused;
    };
    const surefoot = await project.open({ writes: true });
    const { allow, at, message } = given;
    const work = (signal: AbortSignal) =>
      surefoot.repair({
        way,
        allow,
        at,
        message,
        backup: way === 'reconcile' && !given.noBackup && !given.plan,
        restoreOnFailure: given.restoreOnFailure,
        keep: given.noKeep ? false : given.keep || undefined,
        ...waitChoices(given),
        confirm,
        onProgress,
        onWait,
        onStatement,
        signal,
      });
    const result = await interruptible(call, work).finally(end);
    if (refused) throw refuse(shell.isInteractive);
    return answer({ data: result, text: resultText, exitCode: exitCodeOf(result) });
  },
});
