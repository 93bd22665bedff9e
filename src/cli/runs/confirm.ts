// Who agrees to a run. In: the plan, options, perhaps a person. Out: yes, or a refusal. Must not run anything.

import { SurefootError } from '../../kernel/errors.ts';
import type { LintedPlan } from '../../library/lint-choices.ts';
import type { Loss, Plan } from '../../plan/plan.ts';
import type { GlobalValues } from '../args/global-options.ts';
import type { Shell } from '../shell.ts';
import { oneLine } from '../text/clean.ts';
import type { Look } from '../text/look.ts';
import { planFindingText } from '../text/plan.ts';
import { counted } from '../text/words.ts';

/** What a run needs agreement for, and how it was given beforehand. */
export interface ConsentRequest {
  readonly verb: string;
  readonly shell: Shell;
  readonly globals: GlobalValues;
  readonly look: Look;
  /** True: agreed to losing values, and to no more. */
  readonly allowsLoss: boolean;
  /** A line on stderr. */
  talk(line: string): void;
}

/** Asked by the runner under the lock; afterwards it knows why it said no. */
export interface Consent {
  confirm(plan: LintedPlan): Promise<boolean>;
  refusal(): SurefootError | null;
}

/** A loss in words. */
export function lossText({ revision, subject, count, notKept }: Loss): string {
  const why = notKept === undefined ? '' : `; not kept, since ${notKept}`;
  return `${oneLine(subject)}: ${count} (revision ${revision}${why})`;
}

const realLosses = (plan: Plan) => plan.losses.filter(({ count, kept }) => count > 0 && kept === undefined);

/** An upgrade needs agreement where values would be lost; a downgrade always. */
function needsConsent(plan: Plan, { globals, allowsLoss }: ConsentRequest): boolean {
  if (plan.steps.length === 0 || globals.yes) return false;
  if (plan.direction === 'downgrade') return true;
  return realLosses(plan).length > 0 && !allowsLoss;
}

function findingLines({ findings = [] }: LintedPlan, look: Look): readonly string[] {
  return findings.map((one) => `  ${oneLine(one.operation)} ${planFindingText(one, look)}`);
}

function questionText(plan: Plan, look: Look): string {
  const ids = plan.steps.map(({ revision }) => revision).join(', ');
  const losses = realLosses(plan).map((loss) => `  ${look.bad('lost')} ${lossText(loss)}`);
  const what = `${plan.direction} of ${counted(plan.steps.length, 'revision')}: ${ids}`;
  return `${[look.title(what), ...losses].join('\n')}\nGo on? (y/N) `;
}

function refuse(plan: Plan, { verb, shell }: ConsentRequest): SurefootError {
  const losses = realLosses(plan).map(lossText);
  const lost = losses.length > 0 ? `it would lose ${losses.join('; ')}` : 'it takes revisions back';
  const message = shell.isInteractive
    ? `${verb}: not confirmed, nothing was changed`
    : `${verb} needs a confirmation, and there is nobody to ask: ${lost}`;
  const flags = plan.direction === 'upgrade' ? '--yes, or --allow data-loss' : '--yes';
  return new SurefootError('run/confirmation-needed', message, {
    details: { verb, losses },
    hint: `Nothing was changed. Look at it with \`surefoot ${verb} --plan\`, then say ${flags}.`,
  });
}

/** Agreement for one run. */
export function consentFor(request: ConsentRequest): Consent {
  const { shell, look } = request;
  let refusal: SurefootError | null = null;
  return {
    refusal: () => refusal,
    confirm: async (plan) => {
      for (const line of findingLines(plan, look)) request.talk(line);
      if (!needsConsent(plan, request)) return true;
      const answer = shell.isInteractive ? await shell.ask(questionText(plan, look)) : '';
      if (/^\s*y(es)?\s*$/i.test(answer)) return true;
      refusal = refuse(plan, request);
      return false;
    },
  };
}
