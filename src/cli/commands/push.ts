import { SurefootError } from '../../kernel/errors.ts';
import type { PushPlan, PushResult } from '../../library/autogenerate-choices.ts';
import { choiceList, flag } from '../args/option.ts';
import { leftOutLines, nameChoices, nameOptions, operationLines } from '../autogenerate.ts';
import { answer, defineCommand } from '../command.ts';
import { oneLine } from '../text/clean.ts';
import type { Look } from '../text/look.ts';
import { counted } from '../text/words.ts';

const lossText = ({ losses }: PushPlan): string =>
  losses.map(({ subject, count }) => `${oneLine(subject)}: ${count}`).join('; ');

function refusal(plan: PushPlan, isInteractive: boolean): SurefootError {
  const message = isInteractive
    ? 'push: not confirmed, nothing was changed'
    : `push would lose ${lossText(plan)}, and there is nobody to ask`;
  return new SurefootError('run/confirmation-needed', message, {
    details: { verb: 'push', losses: plan.losses.map(({ subject, count }) => `${subject}: ${count}`) },
    hint: 'Nothing was changed. Look at it with `surefoot push --plan`, then say --yes, or --allow data-loss.',
  });
}

function resultText(shown: PushResult, look: Look): string {
  const { operations, statements, leftOut, confirmed } = shown;
  const left = leftOutLines(leftOut, look);
  if (operations.length === 0)
    return ['Nothing to push: the database is what the models say.', ...left].join('\n');
  const sql = confirmed ? [] : ['', ...statements.map((one) => `${one};`)];
  return [
    ...operationLines(operations, look),
    ...sql,
    ...left,
    '',
    confirmed
      ? `${look.good('Done')}: ${counted(operations.length, 'operation')}. No revision was written, and none recorded.`
      : 'Nothing was changed.',
  ].join('\n');
}

/** `push`: models onto a prototype's database. */
export const push = defineCommand({
  summary: 'Bring a database without a history straight to the models, for prototypes.',
  description:
    'No revision is written and none is recorded. It refuses a database on which revisions were run. What the models do not have is dropped: where values would be lost, it asks.',
  arguments: [],
  options: {
    ...nameOptions,
    plan: flag('Show what it would do, as SQL, and do nothing'),
    allow: choiceList('Agree to losing values', ['data-loss']),
  },
  examples: [
    ['surefoot push --url sqlite:./prototype.db', 'the models, there'],
    ['surefoot push --plan', 'only look'],
  ],
  run: async (call) => {
    const { options, project, shell, globals, look } = call;
    const surefoot = await project.open();
    let refused: SurefootError | null = null;
    const confirm = async (plan: PushPlan): Promise<boolean> => {
      if (options.plan) return false;
      if (plan.losses.length === 0 || globals.yes || options.allow.includes('data-loss')) return true;
      const asks = shell.isInteractive && !globals.json;
      const question = `${look.bad('lost')} ${lossText(plan)}\nGo on? (y/N) `;
      if (asks && /^\s*y(es)?\s*$/i.test(await shell.ask(question))) return true;
      refused = refusal(plan, asks);
      return false;
    };
    const result = await surefoot.push({ ...nameChoices(call, options), confirm });
    if (refused) throw refused;
    return answer({ data: result, text: resultText });
  },
});
