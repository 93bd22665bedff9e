// Runs the statements of `upgrade()` or `downgrade()` as far as their text tells, for one kind of database.
// In: statements, a state. Out: operations in the state, and the code that stays. Must not know files or graphs.

import { copyDraft } from '../../schema/draft.ts';
import type { Expression, Statement } from '../python/tree.ts';
import { lineAt } from '../python/tree.ts';
import { assignedBy } from './assigned.ts';
import { batchOf } from './batch.ts';
import { bindParameters } from './bind-parameters.ts';
import { membersOf } from './builtins.ts';
import { toClass } from './classes.ts';
import { executeSql } from './data.ts';
import type { Evaluator } from './evaluate.ts';
import { bindTarget, evaluate, truthIn } from './evaluate.ts';
import { callForeign } from './foreign.ts';
import { isGuardedWell } from './guards.ts';
import { isHarmless } from './harmless.ts';
import type { State } from './machine.ts';
import { operationsOf, resetDraft } from './machine.ts';
import { namesIn, writesSchema } from './remainders.ts';
import { plainText } from './rules.ts';
import type { Made, Scope, Value } from './value.ts';
import { isAsked, none, pathOf, truthOf, Untranslated, unknown, untranslated } from './value.ts';

type Outcome = { readonly kind: 'next' | 'return' | 'break' | 'continue'; readonly value: Value };
const next: Outcome = { kind: 'next', value: none };

interface Frame {
  readonly state: State;
  readonly scope: Scope;
  readonly machine: Evaluator;
  /** Statements that only set a name to something unknown: a remainder may build on them. */
  readonly context: { readonly names: ReadonlySet<string>; readonly source: string }[];
}

const dialectNames = { postgres: 'postgresql', mysql: 'mysql', sqlite: 'sqlite' } as const;
const deepest = 8;
const mostTurns = 10_000;

function openMachine(state: State): Evaluator {
  const { text } = state.module;
  const machine: Evaluator = {
    dialectName: dialectNames[state.dialect],
    text,
    answer: (code) => (state.rules.tests.size === 0 ? undefined : state.rules.tests.get(plainText(code))),
    callForeign: (made) => callForeign(made, state),
    callFunction: (callee, call) => callFunction(callee, call, { state, machine }),
  };
  return machine;
}

function callFunction(
  callee: Extract<Value, { kind: 'function' | 'lambda' }>,
  call: Pick<Made, 'given' | 'named'>,
  at: Pick<Frame, 'state' | 'machine'>,
): Value {
  const scope = bindParameters(callee, call, at.machine);
  if (at.state.depth >= deepest) return untranslated('functions that call each other too deeply');
  at.state.depth += 1;
  if (callee.kind === 'lambda') {
    const value = evaluate(callee.body, scope, at.machine);
    at.state.depth -= 1;
    return value;
  }
  const before = at.state.items.length;
  const outcome = runBlock(callee.definition.body, { ...at, scope, context: [] });
  at.state.depth -= 1;
  const stays = at.state.items.slice(before).some(({ kind }) => kind === 'remainder');
  return stays && outcome.kind !== 'return' ? unknown('what a function gives back') : outcome.value;
}

/** Leaves a statement to a human. */
function leave(statement: Statement, reason: string, { state, scope, context }: Frame): void {
  const { text } = state.module;
  const source = text.slice(statement.from, statement.to);
  const names = namesIn(source);
  const used: string[] = [];
  for (const one of context.toReversed()) {
    if (![...one.names].some((name) => names.has(name))) continue;
    used.unshift(one.source);
    for (const name of namesIn(one.source)) names.add(name);
  }
  state.items.push({
    kind: 'remainder',
    remainder: {
      from: statement.from,
      to: statement.to,
      line: lineAt(text, statement.from),
      reason,
      isSchema: writesSchema(source),
      context: used,
      source,
    },
  });
  for (const name of assignedBy(statement))
    scope.names.set(name, unknown(`${name} comes from code that is not translated`));
}

/** Runs something, and takes it back if it cannot be done whole. */
function attempt<T>(state: State, work: () => T): T | Untranslated {
  const [items, draft, depth] = [state.items.length, copyDraft(state.draft), state.depth];
  try {
    return work();
  } catch (problem) {
    if (!(problem instanceof Untranslated)) throw problem;
    state.items.length = items;
    state.depth = depth;
    resetDraft(state.draft, draft);
    return problem;
  }
}

type Runner<K extends Statement['kind']> = (
  statement: Extract<Statement, { kind: K }>,
  frame: Frame,
) => Outcome;

function runAssign(statement: Extract<Statement, { kind: 'assign' }>, frame: Frame): Outcome {
  const { scope, machine, state, context } = frame;
  const value = evaluate(statement.value, scope, machine);
  for (const target of statement.targets) {
    if (target.kind === 'item') {
      const on = evaluate(target.on, scope, machine);
      if (on.kind === 'dict') on.entries.push([evaluate(target.index, scope, machine), value]);
      else if (on.kind !== 'unknown' && on.kind !== 'made') untranslated('an assignment to a part');
    } else bindTarget(target, value, scope);
  }
  const isOpen =
    value.kind !== 'constant' &&
    value.kind !== 'sequence' &&
    value.kind !== 'dict' &&
    value.kind !== 'function';
  if (isOpen)
    context.push({
      names: new Set(assignedBy(statement)),
      source: state.module.text.slice(statement.from, statement.to),
    });
  return next;
}

/** Runs a block apart and says what it would do. */
function trial(
  body: readonly Statement[],
  frame: Frame,
): { readonly outcome: Outcome; readonly from: number; readonly before: ReturnType<typeof copyDraft> } {
  const [from, before] = [frame.state.items.length, copyDraft(frame.state.draft)];
  return { outcome: runBlock(body, frame), from, before };
}

function takeBack(frame: Frame, tried: ReturnType<typeof trial>): void {
  frame.state.items.length = tried.from;
  resetDraft(frame.state.draft, tried.before);
}

/** A test of what is there: operations look for themselves, so what it guards becomes plain operations. */
function runGuarded(
  statement: Extract<Statement, { kind: 'if' }>,
  truth: boolean | null,
  frame: Frame,
): Outcome {
  const { state } = frame;
  if (statement.no.length > 0) {
    return truth === null
      ? untranslated('what is done depends on what is there')
      : runBlock(truth ? statement.yes : statement.no, frame);
  }
  if (truth === true) return runBlock(statement.yes, frame);
  const tried = trial(statement.yes, frame);
  const items = state.items.slice(tried.from);
  const verdict = isGuardedWell(operationsOf(items), {
    items: items.length,
    before: tried.before,
    isKnown: truth !== null,
  });
  if (verdict === 'plain' && tried.outcome.kind === 'next') {
    state.isSafety ||= truth === false;
    return next;
  }
  takeBack(frame, tried);
  if (truth === null && tried.outcome.kind === 'next')
    return untranslated('what is done depends on what is there');
  return next;
}

function runIf(statement: Extract<Statement, { kind: 'if' }>, frame: Frame): Outcome {
  const test = evaluate(statement.test, frame.scope, frame.machine);
  const truth = truthIn(test, frame.machine);
  if (isAsked(test)) return runGuarded(statement, truth, frame);
  if (truth === null)
    return untranslated(test.kind === 'unknown' ? test.reason : 'a condition that only running can tell');
  return runBlock(truth ? statement.yes : statement.no, frame);
}

function runFor(statement: Extract<Statement, { kind: 'for' }>, frame: Frame): Outcome {
  const source = evaluate(statement.source, frame.scope, frame.machine);
  const members = membersOf(source);
  if (!members)
    return untranslated(
      source.kind === 'unknown' ? `a loop over ${source.reason}` : 'a loop over what only running can tell',
    );
  for (const member of [...members]) {
    frame.state.turns += 1;
    if (frame.state.turns > mostTurns) return untranslated('a loop with too many turns');
    bindTarget(statement.target, member, frame.scope);
    const outcome = runBlock(statement.body, frame);
    if (outcome.kind === 'break') break;
    if (outcome.kind === 'return') return outcome;
  }
  return next;
}

function runWith(statement: Extract<Statement, { kind: 'with' }>, frame: Frame): Outcome {
  const { state, scope, machine } = frame;
  const transaction = state.transaction;
  for (const { value, as } of statement.items) {
    const made = batchOf(evaluate(value, scope, machine));
    if (made.kind === 'made' && made.callee.kind === 'attribute' && made.callee.name === 'autocommit_block')
      state.transaction = false;
    if (as) bindTarget(as, made, scope);
  }
  const outcome = runBlock(statement.body, frame);
  state.transaction = transaction;
  return outcome;
}

function runTry({ body, otherwise, last }: Extract<Statement, { kind: 'try' }>, frame: Frame): Outcome {
  for (const block of [body, otherwise, last]) {
    const outcome = runBlock(block, frame);
    if (outcome.kind !== 'next') return outcome;
  }
  return next;
}

function runRaise({ value }: Extract<Statement, { kind: 'raise' }>, frame: Frame): Outcome {
  const given = value?.kind === 'call' ? value.given[0] : undefined;
  const first = given ? evaluate(given.value, frame.scope, frame.machine) : none;
  const reason = first.kind === 'constant' && typeof first.value === 'string' ? first.value : null;
  if (frame.state.items.length > 0) return untranslated('it fails on purpose');
  frame.state.irreversible = reason ?? 'there was no way back in Alembic either';
  return { kind: 'return', value: none };
}

const isExecution = (value: Expression): boolean =>
  value.kind === 'call' &&
  value.callee.kind === 'attribute' &&
  /^(execute|exec_driver_sql|exec)$/.test(value.callee.name);

function runExpression({ value }: Extract<Statement, { kind: 'expression' }>, frame: Frame): Outcome {
  const { scope, machine, state } = frame;
  const result = evaluate(value, scope, machine);
  if (
    value.kind === 'constant' ||
    result.kind === 'constant' ||
    result.kind === 'sequence' ||
    value.kind === 'name'
  )
    return next;
  // What a function of this file gave back is of no interest here.
  const isOwn =
    value.kind === 'call' &&
    value.callee.kind === 'name' &&
    evaluate(value.callee, scope, machine).kind === 'function';
  if (isOwn || isHarmless(result)) return next;
  // Rows that nobody looks at: a query like any other statement.
  if (result.kind === 'unknown' && result.query !== undefined && isExecution(value)) {
    executeSql(state, result.query);
    return next;
  }
  const reason =
    result.kind === 'unknown'
      ? result.reason
      : `${pathOf(result) || 'a call'}: only running can tell what it does`;
  return untranslated(reason);
}

function runUpdate(statement: Extract<Statement, { kind: 'update' }>, frame: Frame): Outcome {
  const { scope, machine } = frame;
  const { operator, target, value, from, to } = statement;
  bindTarget(
    target,
    evaluate({ kind: 'binary', operator, left: target, right: value, from, to }, scope, machine),
    scope,
  );
  return next;
}

function runClass({ name, bases, body }: Extract<Statement, { kind: 'class' }>, frame: Frame): Outcome {
  const inner: Scope = { names: new Map(), outer: frame.scope };
  for (const statement of body) {
    if (statement.kind !== 'assign' && statement.kind !== 'function') continue;
    const found = runOne(statement, { ...frame, scope: inner });
    if (found instanceof Untranslated)
      for (const one of assignedBy(statement)) inner.names.set(one, unknown(found.message));
  }
  const above = bases.map((one) => evaluate(one, frame.scope, frame.machine));
  frame.scope.names.set(name, toClass(name, above, inner.names));
  return next;
}

const runners: { readonly [K in Statement['kind']]: Runner<K> } = {
  expression: runExpression,
  assign: runAssign,
  update: runUpdate,
  if: runIf,
  for: runFor,
  with: runWith,
  try: runTry,
  function: (definition, { scope }) => {
    scope.names.set(definition.name, { kind: 'function', definition, scope });
    return next;
  },
  class: runClass,
  return: ({ value }, { scope, machine }) => ({
    kind: 'return',
    value: value ? evaluate(value, scope, machine) : none,
  }),
  raise: runRaise,
  import: ({ names }, { scope }) => {
    for (const { path, as } of names) scope.names.set(as, { kind: 'symbol', path });
    return next;
  },
  nothing: () => next,
  break: () => ({ kind: 'break', value: none }),
  continue: () => ({ kind: 'continue', value: none }),
  other: ({ what }) => untranslated(what),
};

/** `if there: return` guards all that follows. */
function invertReturn(statement: Statement, rest: readonly Statement[]): Statement | null {
  if (statement.kind !== 'if' || statement.no.length > 0) return null;
  const ends = statement.yes.at(-1);
  if (ends?.kind !== 'return' || ends.value) return null;
  const { from, to } = statement;
  const test: Expression = { kind: 'unary', operator: 'not', value: statement.test, from: 0, to: 0 };
  return { kind: 'if', test, yes: rest, no: [], from, to: rest.at(-1)?.to ?? to };
}

function runOne(statement: Statement, frame: Frame): Outcome | Untranslated {
  const run = runners[statement.kind] as Runner<Statement['kind']>;
  return attempt(frame.state, () => run(statement as never, frame));
}

/** True where all that follows was run, as what a question about the database guards. */
function ranAsGuarded(statement: Statement, rest: readonly Statement[], frame: Frame): boolean {
  if (statement.kind !== 'if') return false;
  const turned = invertReturn(statement, rest);
  if (!turned) return false;
  const test = attempt(frame.state, () => evaluate(statement.test, frame.scope, frame.machine));
  if (test instanceof Untranslated || !isAsked(test) || truthOf(test) === false) return false;
  return !(runOne(turned, frame) instanceof Untranslated);
}

function runBlock(body: readonly Statement[], frame: Frame): Outcome {
  for (const [at, statement] of body.entries()) {
    if (ranAsGuarded(statement, body.slice(at + 1), frame)) return { kind: 'return', value: none };
    const result = runOne(statement, frame);
    if (result instanceof Untranslated) leave(statement, result.message, frame);
    else if (result.kind !== 'next') return result;
  }
  return next;
}

/** The names of a module: imports, constants, functions. */
export function moduleScope(state: State): Scope {
  const scope: Scope = { names: new Map(), outer: null };
  const machine = openMachine(state);
  const frame: Frame = { state, scope, machine, context: [] };
  for (const statement of state.module.statements) {
    if (!['import', 'assign', 'function', 'class', 'update', 'if', 'try'].includes(statement.kind)) continue;
    const found = runOne(statement, frame);
    if (found instanceof Untranslated) {
      for (const name of assignedBy(statement)) scope.names.set(name, unknown(found.message));
    }
  }
  state.items.length = 0;
  return scope;
}

/** Runs a function of the module; what it does is in the state. False: there is no such function. */
export function runFunction(name: string, scope: Scope, state: State): boolean {
  const found = scope.names.get(name);
  if (found?.kind !== 'function') return false;
  const { definition } = found;
  const call = {
    given: definition.parameters
      .slice(0, 1)
      .map(() => ({ kind: 'constant', value: state.rules.bind }) as const),
    named: new Map(),
  };
  const machine = openMachine(state);
  const frame: Frame = { state, scope: bindParameters(found, call, machine), machine, context: [] };
  runBlock(definition.body, frame);
  return true;
}
