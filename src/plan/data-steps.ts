import { SurefootError } from '../kernel/errors.ts';
import { hashJson } from '../kernel/hash.ts';
import { describe } from '../operations/apply.ts';
import type { Operation } from '../operations/operation.ts';
import type { OutlinedStep } from './outline.ts';
import type { Cursor, Direction, Standing } from './plan.ts';

/** A statement that was begun outside a transaction, with no word of its end. */
export interface Begun {
  readonly sql: string;
  /** ISO, by the server's clock. */
  readonly at: string;
  /** Who began it; '' where it is not known. */
  readonly by: string;
  /** Positions of the operations that the statement carries out. */
  readonly carries: readonly number[];
}

/** What the journal knows of a revision that was begun and not finished, by the positions of its operations. */
export interface Attempt {
  readonly direction: Direction;
  /** With the identity of what was done, where one was written down. */
  readonly finished: ReadonlyMap<number, string | null>;
  readonly started: ReadonlyMap<number, Begun>;
  /** By the identity of the backfill: those that were begun and not finished. */
  readonly cursors: ReadonlyMap<string, Cursor>;
}

const leavesNoTrace: ReadonlySet<Operation['kind']> = new Set([
  'execute',
  'run',
  'insertRows',
  'deleteRows',
  'backfill',
]);

/** Tells an operation whose doing the catalogue does not show from others; `null`: the catalogue shows it. */
export function identityOf(operation: Operation): string | null {
  if (!leavesNoTrace.has(operation.kind)) return null;
  // What is known of an effect may change from run to run, and how fast a backfill goes is nothing of what it does.
  return hashJson({ ...operation, effect: null, pace: null }).slice(0, 16);
}

/** True where an interrupted run finished the operation: by its position, or, in a file edited since, by what it does. */
export function wasFinished(
  attempt: Attempt | undefined,
  position: number,
  operations: readonly Operation[],
): boolean {
  const operation = operations[position];
  if (!attempt || !operation) return false;
  const identity = identityOf(operation);
  if (identity === null || attempt.finished.get(position) === null) return attempt.finished.has(position);
  const alike = operations.slice(0, position).filter((one) => identityOf(one) === identity).length;
  return [...attempt.finished.values()].filter((one) => one === identity).length > alike;
}

/** True where an interrupted run finished what the revision, edited since, does not do any more, or does otherwise. */
function hasStrays({ finished, cursors }: Attempt, operations: readonly Operation[]): boolean {
  const present = operations.map(identityOf);
  return [...finished.values(), ...cursors.keys()].some(
    (identity) => identity !== null && !present.includes(identity),
  );
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
  return leavesNoTrace.has(operation.kind);
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
  const operations = input.steps[step]?.operations.map(({ operation }) => operation) ?? [];
  if (wasFinished(attempt, position, operations)) return { standing: 'done', unclear: false };
  if (attempt && !hasStrays(attempt, operations)) return { standing: 'pending', unclear: false };
  if (input.answers.skip.has(id)) return { standing: 'skipped', unclear: false };
  if (input.answers.run.has(id)) return { standing: 'pending', unclear: false };
  return { standing: 'pending', unclear: attempt !== undefined || isUnclear(input, step) };
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
