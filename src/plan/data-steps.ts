import { SurefootError } from '../kernel/errors.ts';
import { describe } from '../operations/apply.ts';
import type { Operation } from '../operations/operation.ts';
import type { OutlinedStep } from './outline.ts';
import type { Standing } from './plan.ts';

/** What the journal knows of a revision that was begun and not finished: positions of its operations. */
export interface Attempt {
  readonly finished: ReadonlySet<number>;
  /** Begun outside a transaction, with no word of their end. */
  readonly started: ReadonlySet<number>;
}

/** The user's word on data steps that may have run: revision ids. */
export interface DataAnswers {
  readonly run: ReadonlySet<string>;
  readonly skip: ReadonlySet<string>;
}

export interface DataInput {
  readonly steps: readonly OutlinedStep[];
  /** By step and operation: true where its effect on the schema is there already. */
  readonly satisfied: readonly (readonly boolean[])[];
  readonly attempts: ReadonlyMap<string, Attempt>;
  readonly answers: DataAnswers;
}

/** An operation that moves rows and leaves the schema alone: the catalogue cannot tell whether it ran. */
export function isDataStep(operation: Operation): boolean {
  if (operation.kind === 'execute') return operation.effect?.length === 0;
  return operation.kind === 'run' || operation.kind === 'insertRows' || operation.kind === 'deleteRows';
}

// A data step without a journal entry is unclear when something says that its revision may have run: an operation of its
// revision is satisfied, or, where the revision has none that could be, an operation of a later revision of the plan is.
function isUnclear(input: DataInput, step: number): boolean {
  const own = input.satisfied[step] ?? [];
  if (own.some((one) => one)) return true;
  const hasSchemaOperations =
    input.steps[step]?.operations.some(({ effects }) => effects.length > 0) ?? false;
  return !hasSchemaOperations && input.satisfied.slice(step + 1).some((later) => later.some((one) => one));
}

interface Verdict {
  readonly standing: Standing;
  readonly unclear: boolean;
}

function verdict(input: DataInput, step: number, position: number): Verdict {
  const id = input.steps[step]?.revision.header.id ?? '';
  const attempt = input.attempts.get(id);
  if (attempt) return { standing: attempt.finished.has(position) ? 'done' : 'pending', unclear: false };
  if (input.answers.skip.has(id)) return { standing: 'skipped', unclear: false };
  if (input.answers.run.has(id)) return { standing: 'pending', unclear: false };
  return { standing: 'pending', unclear: isUnclear(input, step) };
}

/** The standing of every data step, by step and operation; refuses where it is unclear. */
export function dataStandings(input: DataInput): ReadonlyMap<string, Standing> {
  const standings = new Map<string, Standing>();
  const unclear: string[] = [];
  input.steps.forEach(({ revision, operations }, step) => {
    operations.forEach(({ operation }, position) => {
      if (!isDataStep(operation)) return;
      const found = verdict(input, step, position);
      standings.set(`${step}:${position}`, found.standing);
      if (found.unclear) unclear.push(`${revision.header.id}: ${describe(operation)}`);
    });
  });
  if (unclear.length > 0) throw unclearSteps(unclear);
  return standings;
}

function unclearSteps(steps: readonly string[]): SurefootError {
  return new SurefootError(
    'plan/unclear-data',
    `it is not known whether ${steps.length === 1 ? 'this data step has' : 'these data steps have'} run here: ${steps.join('; ')}`,
    {
      details: { steps },
      hint: 'Part of what comes with them is in the database already. Say --run-data ID to run them, or --skip-data ID if they have run.',
    },
  );
}
