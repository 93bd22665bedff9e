import type { Dialect } from '../dialect/dialect.ts';
import { compareParts, compareSchemas } from '../diff/compare.ts';
import { SurefootError } from '../kernel/errors.ts';
import { canonicalJson } from '../kernel/hash.ts';
import { invariant } from '../kernel/invariant.ts';
import type { EnumType } from '../operations/add-enum-value.ts';
import { columnsOfEnum, withValue } from '../operations/add-enum-value.ts';
import { applyTo, describe, invert, invertAll, roleOf, touches } from '../operations/apply.ts';
import type { Operation } from '../operations/operation.ts';
import type { LoadedRevision } from '../revisions/load.ts';
import type { SchemaDraft } from '../schema/draft.ts';
import { copyDraft, draftSchema } from '../schema/draft.ts';
import type { Part } from '../schema/parts.ts';
import { indexParts, schemaParts } from '../schema/parts.ts';
import { displayRef, refKey } from '../schema/schema.ts';
import type { Effect } from './effects.ts';
import { effectsOf } from './effects.ts';
import { pick } from './pick.ts';
import type { Direction } from './plan.ts';
import type { Replayed } from './replay.ts';
import { completeIn, replay } from './replay.ts';

/** One operation of the plan, with what it does to each part. */
export interface OutlinedOperation {
  readonly operation: Operation;
  readonly effects: readonly Effect[];
  /** True: an inverse of something that history already has at the target. */
  readonly kept: boolean;
  /** True: it changes history in a way that this server has no form for; compiling it says whether that matters. */
  readonly formless: boolean;
  /** What is compiled for it: mostly itself. */
  readonly compiled: readonly Operation[];
}

/** One revision of the plan, before anything is known of the server. */
export interface OutlinedStep {
  readonly revision: LoadedRevision;
  readonly operations: readonly OutlinedOperation[];
}

export interface Outline {
  readonly steps: readonly OutlinedStep[];
  /** What history describes before and after the plan, as written. */
  readonly start: SchemaDraft;
  readonly target: SchemaDraft;
  /** Revisions, applied or to be applied, with raw SQL whose effect is not known. */
  readonly opaque: readonly string[];
}

export interface OutlineRequest {
  readonly direction: Direction;
  /** The revisions to run, in the order of the run. */
  readonly path: readonly LoadedRevision[];
  /** The revisions that are applied, parents first. */
  readonly applied: readonly LoadedRevision[];
  readonly dialect: Dialect;
  /** The live schema, for tables that history does not know; `null` when planning without a server. */
  readonly live: SchemaDraft | null;
}

/** Says what each revision of the path does, against the schema that history describes there. */
export function outline(request: OutlineRequest): Outline {
  return request.direction === 'upgrade' ? outlineUpgrade(request) : outlineDowngrade(request);
}

/** A table that only raw SQL made: history takes it as the server has it. */
function learnTables(operation: Operation, history: SchemaDraft, request: OutlineRequest): void {
  if (operation.kind === 'createTable' || operation.kind === 'renameTable') return;
  for (const object of touches(operation)) {
    if (object.kind !== 'table' || history.tables.has(refKey(object.ref))) continue;
    const live = request.live?.tables.get(refKey(object.ref));
    if (live) history.tables.set(refKey(object.ref), live);
    else if (roleOf(operation) !== 'drop') throw unknownTable(operation, displayRef(object.ref));
  }
}

function unknownTable(operation: Operation, table: string): SurefootError {
  return new SurefootError(
    'operation/unknown-object',
    `${describe(operation)}: no revision creates table ${table}, and the server has none`,
    {
      details: { operation: describe(operation), object: table },
      hint: 'Create the table in this revision or an earlier one, or correct the name.',
    },
  );
}

/** Where a server has no named enums, only history knows which columns hold one: a new value alters each of them. */
function lower(operation: Operation, history: SchemaDraft, dialect: Dialect): readonly Operation[] {
  if (operation.kind !== 'addEnumValue' || dialect.traits.namedEnums) return [operation];
  // Without its name: what the schema at hand says of the enum of that name is the state before.
  const unnamed = (type: EnumType, values: readonly string[]) => ({
    ...type,
    namespace: null,
    name: null,
    values,
  });
  return columnsOfEnum(history, operation.enum).map(({ table, column, type }) => ({
    kind: 'alterColumn',
    table,
    column,
    changes: { type: unnamed(type, withValue(type.values, operation)) },
    was: { type: unnamed(type, type.values) },
    using: null,
  }));
}

/** True if the operation changes what history describes: asked where normalised forms show no change. */
function isFormless(operation: Operation, history: SchemaDraft): boolean {
  if (roleOf(operation) === 'data') return false;
  const before = pick(history, touches(operation));
  const after = copyDraft(before);
  applyTo(after, operation);
  return canonicalJson(draftSchema(before)) !== canonicalJson(draftSchema(after));
}

/** The operations in turn, each against the history that the ones before it leave; `target` is what a downgrade is to keep. */
function outlineOperations(
  operations: readonly Operation[],
  history: SchemaDraft,
  means: { readonly request: OutlineRequest; readonly target: SchemaDraft | null },
): readonly OutlinedOperation[] {
  const { request, target } = means;
  return operations.map((operation) => {
    learnTables(operation, history, request);
    const completed = completeIn(operation, history, request.dialect);
    const effects = effectsOf(completed, history, request.dialect);
    const compiled = lower(completed, history, request.dialect);
    const formless = effects.length === 0 && isFormless(completed, history);
    const outlined = { operation: completed, effects, kept: false, formless, compiled };
    const settled = target === null ? outlined : leaveAlone(outlined, target, request.dialect);
    if (!settled.kept) applyTo(history, completed);
    return settled;
  });
}

const isOpaqueStep = (operations: readonly Operation[]): boolean =>
  operations.some((operation) => operation.kind === 'execute' && operation.effect === null);

function outlineUpgrade(request: OutlineRequest): Outline {
  const past = replay(request.applied, { dialect: request.dialect, snapshotsOf: new Set() });
  const history = copyDraft(past.draft);
  const steps = request.path.map(
    (revision): OutlinedStep => ({
      revision,
      operations: outlineOperations(revision.upgrade, history, { request, target: null }),
    }),
  );
  const opaque = steps.filter((step) => isOpaqueStep(step.operations.map(({ operation }) => operation)));
  return {
    steps,
    start: past.draft,
    target: history,
    opaque: [...past.opaque, ...opaque.map((step) => step.revision.header.id)],
  };
}

function downgradeOperations({ revision, upgrade }: Replayed): readonly Operation[] {
  const { downgrade, header } = revision;
  if (downgrade.kind === 'operations') return downgrade.operations;
  const inverse = downgrade.kind === 'auto' ? invertAll(upgrade) : null;
  if (inverse) return inverse;
  const stuck = upgrade.find((operation) => invert(operation) === null);
  const nothing = stuck === undefined ? 'an operation has no inverse' : `nothing undoes: ${describe(stuck)}`;
  const reason = downgrade.kind === 'irreversible' ? downgrade.reason : nothing;
  throw new SurefootError('revision/irreversible', `revision ${header.id} cannot be downgraded: ${reason}`, {
    details: { revision: header.id, reason },
    hint: "Downgrade to this revision at most, or write its downgrade function; one that has none says downgrade: irreversible('why').",
  });
}

/** No server is asked here: texts that differ in more than blanks, quotes, parentheses and case are two texts. */
function isSameForm(a: Part, b: Part): boolean {
  const equality = compareParts(a, b);
  if (equality !== 'unsure') return equality === 'equal';
  const loose = ({ form }: Part) =>
    canonicalJson(form)
      .replaceAll(/[\s\\"'`()]/g, '')
      .toLowerCase();
  return loose(a) === loose(b);
}

/** What history has at the target, the inverse leaves alone: parts that it would change though they are right as they are. */
function leaveAlone(outlined: OutlinedOperation, target: SchemaDraft, dialect: Dialect): OutlinedOperation {
  if (outlined.effects.length === 0) return outlined;
  const wanted = indexParts(schemaParts(dialect.normalize(draftSchema(target))));
  // An operation is carried out as a whole: what it does to parts that would not need it counts, too.
  const isNeeded = outlined.effects.some(({ before }) => {
    const there = before === null || before === 'any' ? undefined : wanted.byKey.get(before.key);
    return before === null || before === 'any' || there === undefined || !isSameForm(before, there);
  });
  return isNeeded ? outlined : { ...outlined, effects: [], kept: true };
}

/**
 * Where all of the operations together end at the target, none is left alone: one of them may take away what another one
 * brings back. Otherwise the revision made sure of what history has anyway.
 */
function outlineBack(
  operations: readonly Operation[],
  history: SchemaDraft,
  { target, request }: { readonly target: SchemaDraft; readonly request: OutlineRequest },
): readonly OutlinedOperation[] {
  const trial = copyDraft(history);
  const all = outlineOperations(operations, trial, { request, target: null });
  if (!endsAt(trial, target, { operations, dialect: request.dialect }))
    return outlineOperations(operations, history, { request, target });
  for (const { operation } of all) applyTo(history, operation);
  return all;
}

/** True if the objects that the operations touch are the same in both. */
function endsAt(
  end: SchemaDraft,
  target: SchemaDraft,
  { operations, dialect }: { readonly operations: readonly Operation[]; readonly dialect: Dialect },
): boolean {
  const objects = operations.flatMap((operation) => {
    const effect = operation.kind === 'execute' || operation.kind === 'run' ? operation.effect : null;
    return [operation, ...(effect ?? [])].flatMap(touches);
  });
  const [a, b] = [end, target].map((draft) => dialect.normalize(draftSchema(pick(draft, objects))));
  const differences = a && b ? compareSchemas(b, a) : [];
  return differences.every(({ wanted, actual }) => wanted && actual && isSameForm(wanted, actual));
}

function outlineDowngrade(request: OutlineRequest): Outline {
  const { path, dialect } = request;
  const ids = new Set(path.map((revision) => revision.header.id));
  const remaining = request.applied.filter((revision) => !ids.has(revision.header.id));
  const past = replay([...remaining, ...path.toReversed()], { dialect, snapshotsOf: ids });
  const replayed = new Map(past.revisions.map((one) => [one.revision.header.id, one]));
  const history = copyDraft(past.draft);
  const steps = path.map((revision): OutlinedStep => {
    const own = replayed.get(revision.header.id);
    invariant(own?.before, 'a revision of the path has its snapshot');
    return {
      revision,
      operations: outlineBack(downgradeOperations(own), history, { target: own.before, request }),
    };
  });
  const last = replayed.get(path.at(-1)?.header.id ?? '')?.before ?? past.draft;
  const opaque = steps.filter((step) => isOpaqueStep(step.operations.map(({ operation }) => operation)));
  return {
    steps,
    start: past.draft,
    target: last,
    opaque: [...new Set([...past.opaque, ...opaque.map((step) => step.revision.header.id)])],
  };
}
