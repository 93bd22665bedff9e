// Upgrade and downgrade, which differ in their words only. In: a call, a direction. Out: Answer.

import { canonicalJson } from '../../kernel/hash.ts';
import type { RunChoices } from '../../library/api.ts';
import type { Direction, Plan } from '../../plan/plan.ts';
import type { Phase } from '../../revisions/phases.ts';
import type { OptionSpecs, OptionValues } from '../args/option.ts';
import { flag, value } from '../args/option.ts';
import { usageError } from '../args/usage.ts';
import type { Answer, Call } from '../command.ts';
import { answer } from '../command.ts';
import { execute } from './execute.ts';
import { lintOptions, planChoices, runChoices, runOptions } from './run-options.ts';
import { readPlan, showPlan } from './show-plan.ts';

/** The options of both. */
export const directedOptions = {
  plan: flag('Print the plan and run nothing'),
  fromPlan: value('Run exactly the plan in this file, or nothing; - reads standard input', {
    placeholder: 'FILE',
  }),
  sql: flag('Print an SQL script for a:b instead; no database is asked'),
  backup: flag('Save the database first, if there is something to run'),
  backupOut: value('The same, into this file', { placeholder: 'FILE' }),
  ...runOptions,
  ...lintOptions,
} satisfies OptionSpecs;

type Values = OptionValues<typeof directedOptions>;

/** Ways to say what is to happen; at most one can be meant. */
function refuseMixed({ plan, fromPlan, sql }: Values, target: string | undefined): void {
  const given = [plan ? '--plan' : '', fromPlan === undefined ? '' : '--from-plan', sql ? '--sql' : ''];
  const ways = given.filter((one) => one !== '');
  if (ways.length > 1) throw usageError(`${ways.join(' and ')} exclude each other`, ways[1] ?? '');
  if (fromPlan !== undefined && target !== undefined) {
    throw usageError('--from-plan says what is run; a target besides it is one too many', target);
  }
}

/** The plan decided on these already: said again they must be the same. */
function refuseOtherChoices(options: Values, fromPlan: Plan): void {
  const kept: Readonly<Record<string, unknown>> = { ...fromPlan.choices };
  const given = Object.entries(planChoices(options)).filter(
    ([, value]) =>
      value !== undefined &&
      value !== false &&
      canonicalJson(value) !== '[]' &&
      canonicalJson(value) !== '{}',
  );
  const other = given.find(([name, value]) => canonicalJson(kept[name]) !== canonicalJson(value))?.[0];
  if (other === undefined) return;
  const option = `--${other.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw usageError(
    `the plan was made without this ${option}`,
    option,
    'Give it to `surefoot plan`; the plan keeps it.',
  );
}

async function script(call: Call<typeof directedOptions>, direction: Direction): Promise<Answer> {
  const [target] = call.arguments;
  const usual = direction === 'upgrade' ? 'heads' : undefined;
  const range = target ?? usual;
  if (range === undefined) {
    throw usageError(
      'downgrade --sql needs a range',
      '--sql',
      'Write a:b: the revision it starts at, and the one it ends at.',
    );
  }
  const sql = await (await call.project.open()).script({ direction, range });
  return answer({ data: { direction, range, sql }, text: (shown) => shown.sql, isFile: true });
}

/** Whether the database is to be saved first, and where. */
function backupWish({ backup, backupOut }: Values): RunChoices['backup'] {
  return backupOut === undefined ? backup : { out: backupOut };
}

/** Runs, plans or writes the script of one direction. */
export async function directed(
  call: Call<typeof directedOptions>,
  direction: Direction,
  phase?: Phase,
): Promise<Answer> {
  const {
    options,
    arguments: [target],
  } = call;
  refuseMixed(options, target);
  if (options.sql) return await script(call, direction);
  if (options.plan)
    return await showPlan(call, {
      direction,
      target,
      phase,
      choices: planChoices(options),
      lint: !options.noLint,
    });
  const file = options.fromPlan;
  const fromPlan = file === undefined ? undefined : await readPlan(call, { file, direction });
  if (fromPlan) refuseOtherChoices(options, fromPlan);
  return await execute(call, {
    verb: direction,
    choices: {
      ...planChoices(options),
      ...runChoices(options),
      phase,
      fromPlan,
      backup: backupWish(options),
      // Whoever only reads the outcome has asked `plan` or `lint` before.
      lint: direction === 'upgrade' && call.shell.isInteractive && !options.noLint,
    },
    allowsLoss: options.allow.includes('data-loss'),
    runs: async function* (surefoot, choices) {
      yield await surefoot[direction](target, choices);
    },
  });
}
