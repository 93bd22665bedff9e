// A revision with what it does. In: a header and a server's dialect. Out: LoadedRevision, operations as data.
// Must not know graphs, plans or databases.

import type { MakeDualWrite } from '../dialect/dual-write.ts';
import { isSurefootError, SurefootError } from '../kernel/errors.ts';
import type { Place } from '../kernel/load-module.ts';
import { loadModule, moduleProblem, placeAtWork } from '../kernel/load-module.ts';
import { describe, invert } from '../operations/apply.ts';
import type { Operation } from '../operations/operation.ts';
import { createBuilder } from './builder.ts';
import { invalidRevision, shownFile } from './header.ts';
import { loadSqlRevision } from './load-sql.ts';
import type { LoadedRevision, LoadTarget } from './loaded-revision.ts';
import type { RunFunction } from './operation-builder.ts';
import type {
  Revision,
  RevisionContext,
  RevisionContract,
  RevisionFunction,
  RevisionHeader,
} from './revision.ts';
import { isRevision } from './revision.ts';
import { readRevisionText } from './scan.ts';

export type { Downgrade, LoadedRevision, LoadTarget } from './loaded-revision.ts';

interface Failure {
  readonly header: RevisionHeader;
  readonly what: string;
  readonly cause: unknown;
}

/** A refusal of what the file threw: its own words, its line, no stack. */
function loadFailed({ header, what, cause }: Failure): SurefootError<'revision/load-failed'> {
  const { problem, line } = moduleProblem(cause, header.file);
  const place = line === null ? shownFile(header.file) : `${shownFile(header.file)}:${line}`;
  const hint = isSurefootError(cause) ? cause.hint : 'Correct the file.';
  return new SurefootError('revision/load-failed', `${place}: ${what}: ${problem}`, {
    details: { file: header.file, problem },
    hint,
    cause,
  });
}

async function importRevision(header: RevisionHeader): Promise<Revision> {
  const exports = await loadModule(header.file).catch((cause: unknown) => {
    if (isSurefootError(cause, 'driver/missing')) throw cause;
    throw loadFailed({ header, what: 'it cannot be loaded', cause });
  });
  const found = exports['default'];
  const at = { file: header.file };
  if (!isRevision(found)) throw invalidRevision(at, 'its default export is not made by revision()');
  if (found.id !== (header.contracts ?? header.id)) {
    throw invalidRevision(
      at,
      `its head says id ${header.contracts ?? header.id}, the loaded module says ${JSON.stringify(found.id)}`,
    );
  }
  return found;
}

/** Generators, too, would do nothing when called. */
const isAsync = (given: RevisionFunction) => /Async|Generator/.test(given.constructor.name);

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value;
}

function refuseAsync(header: RevisionHeader, list: string): never {
  const hint =
    'A revision says what is done and does nothing itself. What has to wait goes into op.run(async …).';
  throw invalidRevision({ file: header.file }, `${list}() is an async function or a generator`, hint);
}

interface Recorded {
  readonly operations: readonly Operation[];
  readonly runs: readonly RunFunction[];
  readonly places: readonly (Place | null)[];
}

function record(
  header: RevisionHeader,
  given: {
    readonly list: 'upgrade' | 'downgrade';
    readonly does: RevisionFunction;
    readonly context: RevisionContext;
    readonly wantsLines?: boolean | undefined;
    readonly dualWrite?: MakeDualWrite | undefined;
  },
): Recorded {
  const { list, does, context } = given;
  if (typeof does !== 'function') throw invalidRevision({ file: header.file }, `${list} is not a function`);
  if (isAsync(does)) refuseAsync(header, list);
  const place = given.wantsLines ? () => placeAtWork(header.file) : undefined;
  const builder = createBuilder(list, place, given.dualWrite);
  let result: unknown;
  try {
    result = does(builder.op, context);
  } catch (cause) {
    throw loadFailed({ header, what: `${list}() failed`, cause });
  }
  if (isPromise(result)) {
    // Its failure is not news of its own.
    void Promise.allSettled([result]);
    refuseAsync(header, list);
  }
  return {
    operations: [...builder.operations()],
    runs: [...builder.runs()],
    places: [...builder.places()],
  };
}

const authored: ReadonlySet<Operation['kind']> = new Set(['run', 'execute', 'backfill']);

/** `'auto'` needs an inverse where only the author can know it. */
function refuseAuto(header: RevisionHeader, operations: readonly Operation[]): void {
  const stuck = operations.find((operation) => authored.has(operation.kind) && invert(operation) === null);
  if (stuck === undefined) return;
  const problem = `downgrade: 'auto' cannot undo: ${describe(stuck)}`;
  const hint = "Give it an inverse, write downgrade(op) { … }, or say downgrade: irreversible('why').";
  throw invalidRevision({ file: header.file }, problem, hint);
}

function placesOf({ places }: Recorded): Pick<LoadedRevision, 'lines' | 'places'> {
  return { lines: places.map((place) => place?.line ?? null), places };
}

/** The half of a phased revision that is meant. */
function halfOf(revision: Revision, header: RevisionHeader): RevisionContract {
  if (header.contracts === undefined) return revision;
  const { contract } = revision;
  if (typeof contract === 'object' && contract !== null) return contract;
  const hint = "It is an object: contract: { upgrade(op) { … }, downgrade: 'auto' }.";
  throw invalidRevision({ file: header.file }, 'its contract says nothing', hint);
}

async function loadModuleRevision(
  header: RevisionHeader,
  target: LoadTarget,
): Promise<Omit<LoadedRevision, 'text'>> {
  const revision = halfOf(await importRevision(header), header);
  const context = { dialect: target.dialect, flavor: target.flavor };
  const { wantsLines, dualWrite } = target;
  const up = record(header, { list: 'upgrade', does: revision.upgrade, context, wantsLines, dualWrite });
  const { downgrade } = revision;
  const result = { header, upgrade: up.operations, ...(wantsLines ? placesOf(up) : {}) };
  if (typeof downgrade === 'function') {
    const down = record(header, { list: 'downgrade', does: downgrade, context, dualWrite });
    const runs = { upgrade: up.runs, downgrade: down.runs };
    return { ...result, runs, downgrade: { kind: 'operations', operations: down.operations } };
  }
  const runs = { upgrade: up.runs, downgrade: [] };
  if (downgrade === 'auto') {
    refuseAuto(header, up.operations);
    return { ...result, runs, downgrade: { kind: 'auto' } };
  }
  if (typeof downgrade?.irreversible === 'string') {
    return { ...result, runs, downgrade: { kind: 'irreversible', reason: downgrade.irreversible } };
  }
  const hint = "It is a function, 'auto', or irreversible('why').";
  throw invalidRevision({ file: header.file }, 'it says nothing about its downgrade', hint);
}

/** Loads a revision for a server: runs its functions, or splits its SQL, into operations. */
export async function loadRevision(header: RevisionHeader, target: LoadTarget): Promise<LoadedRevision> {
  const text = readRevisionText(header.file);
  if (header.kind === 'ts') return { ...(await loadModuleRevision(header, target)), text };
  return { header, text, runs: { upgrade: [], downgrade: [] }, ...loadSqlRevision(text, header, target) };
}
