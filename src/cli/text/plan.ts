// A plan in words. In: Plan. Out: text. Must not know where it came from.

import type { Statement } from '../../dialect/statement.ts';
import type { LintedPlan, PlanFinding } from '../../library/lint-choices.ts';
import type { Plan, PlannedOperation, Standing, Step } from '../../plan/plan.ts';
import { oneLine } from './clean.ts';
import { differenceLines } from './difference.ts';
import type { Look } from './look.ts';
import { rememberedLines } from './remembered.ts';
import { indent } from './table.ts';
import { atHeads, counted, span } from './words.ts';

const standingWords: Readonly<Record<Standing, string>> = {
  pending: 'will run',
  satisfied: 'there already',
  kept: 'left alone',
  done: 'done before',
  recovered: 'found done',
  skipped: 'skipped',
};

const wordsWidth = Math.max(...Object.values(standingWords).map((word) => word.length));

function standingText(standing: Standing, look: Look): string {
  const word = standingWords[standing].padEnd(wordsWidth);
  return standing === 'pending' ? look.title(word) : look.good(word);
}

function statementText(
  { sql, hazards, kind, endWaitMs, alteration, walk }: Statement,
  look: Look,
): readonly string[] {
  const text = kind === 'code' ? `(code) ${sql}` : `${sql.trimEnd().replace(/;$/, '')};`;
  return [
    look.dim(indent(text, wordsWidth + 5)),
    ...hazards.map(({ code, message }) =>
      indent(look.warn(`! ${code}: ${oneLine(message)}`), wordsWidth + 5),
    ),
    ...(endWaitMs === undefined
      ? []
      : [indent(look.dim(`waits up to ${span(endWaitMs)} for the lock at its end`), wordsWidth + 5)]),
    ...(alteration
      ? [indent(look.dim(`asks for ${alteration.ways.join(', then ')}; else copies`), wordsWidth + 5)]
      : []),
    ...(walk
      ? [
          indent(
            look.dim(
              `in batches of ${walk.pace.batch} rows, by ${walk.key.map(({ name }) => name).join(', ')}`,
            ),
            wordsWidth + 5,
          ),
        ]
      : []),
  ];
}

/** What lint finds, on one line. */
export function planFindingText({ severity, rule, message, rows }: PlanFinding, look: Look): string {
  const paint = severity === 'error' ? look.bad : severity === 'warning' ? look.warn : look.dim;
  const size = rows === null ? '' : ` (${counted(rows, 'row')})`;
  return paint(`! ${severity} ${rule}: ${oneLine(message)}${size}`);
}

interface OperationParts {
  readonly statements: readonly Statement[];
  readonly findings: readonly PlanFinding[];
}

function operationText(
  operation: PlannedOperation,
  { statements, findings }: OperationParts,
  look: Look,
): string {
  const head = `   ${standingText(operation.standing, look)}  ${oneLine(operation.description)}`;
  return [
    head,
    ...statements.flatMap((statement) => statementText(statement, look)),
    ...findings.map((one) => indent(planFindingText(one, look), wordsWidth + 5)),
  ].join('\n');
}

function stepText(step: Step, plan: LintedPlan, look: Look): string {
  const statements = step.segments.flatMap((segment) => segment.statements);
  const operations = step.operations.map((operation, i) => {
    const own = statements.filter((statement) => statement.operation === i);
    const findings = (plan.findings ?? []).filter(
      (one) => one.revision === step.revision && one.position === i,
    );
    return operationText(operation, { statements: own, findings }, look);
  });
  const losses = plan.losses
    .filter(({ revision, count }) => revision === step.revision && count > 0)
    .map((loss) => `   ${lossLine(loss, look)}`);
  const notes = [
    ...(plan.inserted.includes(step.revision) ? ['put into history later: it never ran here'] : []),
    ...(step.unverified ? ['raw SQL without a declared effect: the result cannot be verified'] : []),
  ].map((note) => `   ${look.warn(`! ${note}`)}`);
  const title = `${look.title(look.id(step.revision))}  ${oneLine(step.message)}`;
  const none = operations.length === 0 ? [look.dim('   no operations')] : [];
  return [title, ...none, ...operations, ...losses, ...notes].join('\n');
}

/** What the plan cannot promise, and why. */
function doubts({ unverified, unverifiedBecause, unproven = [] }: Plan, look: Look): readonly string[] {
  const because = unverifiedBecause ? `: ${oneLine(unverifiedBecause)}` : '';
  const untried = `Not verified: what the raw SQL of ${unverified.join(', ')} does to the schema is not known${because}.`;
  const texts = [
    'Not proven: these texts differ, and no server may be asked here whether they mean the same (--scratch-url names one):',
    ...unproven.map(
      ({ object, expected, found }) =>
        `  ${oneLine(object)}: expected ${oneLine(expected ?? 'nothing')}, found ${oneLine(found ?? 'nothing')}`,
    ),
  ];
  return [
    ...(unverified.length === 0 ? [] : [look.warn(untried)]),
    ...(unproven.length === 0 ? [] : [look.warn(texts.join('\n'))]),
  ];
}

function lossLine({ subject, count, kept, notKept }: Plan['losses'][number], look: Look): string {
  const what = `${oneLine(subject)}: ${count}`;
  if (kept !== undefined) return look.good(`kept: ${what}, in ${kept}`);
  return look.bad(`! lost: ${what}${notKept === undefined ? '' : ` (not kept, since ${notKept})`}`);
}

/** Each step with its operations and their standing, SQL, hazards and losses. */
export function planText(plan: LintedPlan, look: Look): string {
  const { steps, heads, direction, flavor, extras, accepted, remembered = [] } = plan;
  const extra =
    extras.length === 0
      ? []
      : [
          look.dim(
            `Left alone, since no revision names it: ${extras.map(({ object }) => object).join(', ')}`,
          ),
        ];
  if (steps.length === 0) {
    return [
      `${look.good('Nothing to do:')} the database stands at ${look.id(atHeads(heads.before))}.`,
      ...doubts(plan, look),
      ...extra,
    ].join('\n');
  }
  const way = `${atHeads(heads.before)} → ${atHeads(heads.after)}`;
  return [
    `${look.title(`${direction} ${way}`)} ${look.dim(`(${flavor}, ${counted(steps.length, 'revision')})`)}`,
    ...rememberedLines(remembered, look),
    ...steps.map((step) => stepText(step, plan, look)),
    ...(accepted.length === 0 ? [] : [['Accepted as it is:', ...differenceLines(accepted)].join('\n')]),
    ...doubts(plan, look),
    ...extra,
    look.dim('Nothing was changed.'),
  ].join('\n\n');
}
