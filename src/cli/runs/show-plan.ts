// Plans, made, printed and read again. In: targets, files. Out: Answer, Plan. Must not run one.

import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { messageOf } from '../../kernel/errors.ts';
import type { Direction, Plan, PlanChoices } from '../../plan/plan.ts';
import type { Phase } from '../../revisions/phases.ts';
import type { OptionSpecs } from '../args/option.ts';
import { usageError } from '../args/usage.ts';
import type { Answer, Call } from '../command.ts';
import { answer } from '../command.ts';
import type { Shell } from '../shell.ts';
import { planText } from '../text/plan.ts';

/** What the plan is for, and a file to keep it in. */
export interface PlanRequest {
  readonly direction: Direction;
  readonly target: string | undefined;
  readonly choices: PlanChoices;
  readonly phase?: Phase | undefined;
  readonly out?: string | undefined;
  /** True: with what lint finds in it. */
  readonly lint: boolean;
}

/** Makes a plan and shows it; nothing is run. */
export async function showPlan(call: Call<OptionSpecs>, request: PlanRequest): Promise<Answer> {
  const { direction, target, choices, phase, out, lint } = request;
  const plan = await (await call.project.open()).plan(target, { ...choices, direction, phase, lint });
  if (out !== undefined) {
    await writeFile(resolve(call.project.folder, out), `${JSON.stringify(plan, null, 2)}\n`);
    call.talk(
      call.look.dim(
        `The plan was written to ${out}; run it with \`surefoot ${direction} --from-plan ${out}\`.`,
      ),
    );
  }
  return answer({ data: plan, text: planText });
}

async function readPlanText(shell: Shell, folder: string, file: string): Promise<string> {
  if (file === '-') return await shell.readStdin();
  try {
    return await readFile(resolve(folder, file), 'utf8');
  } catch (error) {
    throw usageError(`--from-plan: ${file} cannot be read: ${messageOf(error)}`, file);
  }
}

function parsePlan(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isPlan(value: unknown): value is Plan {
  if (typeof value !== 'object' || value === null) return false;
  const { format, direction, heads, steps, expects, choices } = value as Partial<Record<keyof Plan, unknown>>;
  const isDirection = direction === 'upgrade' || direction === 'downgrade';
  const hasHeads = typeof heads === 'object' && heads !== null && 'before' in heads && 'after' in heads;
  const hasChoices = typeof choices === 'object' && choices !== null;
  return (
    format === 1 &&
    isDirection &&
    hasHeads &&
    hasChoices &&
    Array.isArray(steps) &&
    typeof expects === 'string'
  );
}

/** The plan in a file, `-` for standard input. */
export async function readPlan(
  call: Call<OptionSpecs>,
  { file, direction }: { readonly file: string; readonly direction: Direction },
): Promise<Plan> {
  const plan = parsePlan(await readPlanText(call.shell, call.project.folder, file));
  if (!isPlan(plan)) {
    throw usageError(`--from-plan: ${file} holds no plan`, file, 'Make one with `surefoot plan --out FILE`.');
  }
  if (plan.direction === direction) return plan;
  throw usageError(
    `--from-plan: ${file} holds a plan for ${plan.direction === 'upgrade' ? 'an upgrade' : 'a downgrade'}`,
    file,
    `Run it with \`surefoot ${plan.direction} --from-plan ${file}\`.`,
  );
}
