// An alteration of a table in use: asked for in the cheapest way, then in the next. A copy only where it is small, allowed,
// or made by a program that lets everybody go on.
// In: a statement with an alteration. Out: the way it was done. Must not know the ways of any server.

import type { Alteration } from '../dialect/alteration.ts';
import type { Statement } from '../dialect/statement.ts';
import type { WorkProgress } from '../dialect/waiting.ts';
import { compareSchemas } from '../diff/compare.ts';
import { now } from '../kernel/clock.ts';
import { isSurefootError, messageOf, SurefootError } from '../kernel/errors.ts';
import { errorCode } from '../kernel/import-package.ts';
import { applyTo } from '../operations/apply.ts';
import type { Operation } from '../operations/operation.ts';
import { closeDraft, openDraft } from '../schema/draft.ts';
import { displayPart } from '../schema/parts.ts';
import type { Schema } from '../schema/schema.ts';
import { displayRef, refKey } from '../schema/schema.ts';
import type { OnlineTool } from './alter-means.ts';
import type { StepRun } from './step-entries.ts';
import { carriedBy } from './step-entries.ts';
import { watchedAs } from './wait.ts';

type Altering = Statement & { readonly alteration: Alteration };

/** Alters the table; gives the way. */
export async function alter(statement: Altering, stepRun: StepRun): Promise<string> {
  const { context, step } = stepRun;
  const { session, watcher } = context;
  const { altering } = session.dialect;
  const watched = watchedAs(statement, step.revision, context);
  const send = (sql: string) => watcher.during(watched, () => session.send(sql));
  const reasons: string[] = [];
  for (const way of altering === null ? [] : statement.alteration.ways) {
    try {
      await send(`${statement.sql}, ${way}`);
      return way;
    } catch (error) {
      if (!altering?.isRefusal(error, way)) throw error;
      reasons.push(messageOf(error));
    }
  }
  if (await maySend(statement, stepRun)) {
    await send(statement.sql);
    return 'COPY';
  }
  return await throughTool(statement, stepRun, reasons.at(-1) ?? '');
}

async function sizeOf({ alteration }: Altering, { context }: StepRun): Promise<number> {
  const { connection, dialect } = context.session;
  return (await dialect.altering?.size(connection, alteration.table)) ?? 0;
}

/** True for a copy that nobody has to wait long for, or that was agreed to. */
async function maySend(statement: Altering, stepRun: StepRun): Promise<boolean> {
  const { mayCopy, copyLimit } = stepRun.context.altering;
  return mayCopy || (await sizeOf(statement, stepRun)) <= copyLimit;
}

function sizeText(bytes: number): string {
  if (bytes >= 1_048_576) return `${Math.round(bytes / 1_048_576)} MB`;
  return bytes >= 1024 ? `${Math.round(bytes / 1024)} KB` : `${bytes} bytes`;
}

/** A copy that nobody agreed to. */
interface Copy {
  readonly revision: string;
  readonly bytes: number;
  readonly copyLimit: number;
  /** The server's own words. */
  readonly reason: string;
  /** True: nothing was sent yet. */
  readonly before: boolean;
}

const cures =
  'Name a program in `online.tool` of the config that copies while the table is used (pt-online-schema-change); write the change in two halves with `surefoot migrate --online`; or say --allow table-copy, in a quiet hour.';

/** Why it is not altered. */
export function tableCopy(
  { alteration, sql, around }: Altering,
  { revision, bytes, copyLimit, reason, before }: Copy,
): SurefootError {
  const table = displayRef(alteration.table);
  return new SurefootError(
    'run/table-copy',
    `revision ${revision}: the server can change table ${table} only by copying it or by keeping writers out: ${sizeText(bytes)}, more than ${sizeText(copyLimit)} (${reason}): ${sql.slice(0, 300)}`,
    {
      details: { revision, table, bytes, copyLimit, sql },
      hint: `${around ? 'While its values are kept no program can copy it: --no-keep gives them up. ' : ''}${before ? 'Nothing was changed.' : 'This statement did nothing.'} ${cures}`,
    },
  );
}

async function tooLarge(statement: Altering, stepRun: StepRun, reason: string): Promise<SurefootError> {
  const { revision } = stepRun.step;
  const { copyLimit } = stepRun.context.altering;
  const bytes = await sizeOf(statement, stepRun);
  return tableCopy(statement, { revision, bytes, copyLimit, reason, before: false });
}

/** Where a program does it, what it did is read from the catalogue before it is believed. */
async function throughTool(statement: Altering, stepRun: StepRun, reason: string): Promise<string> {
  const { context, step } = stepRun;
  const { tool } = context.altering;
  // A program waits for a table that this session holds while its values are kept.
  if (tool === null || statement.around) throw await tooLarge(statement, stepRun, reason);
  const { revision } = step;
  const { lockMs } = context.patience(revision);
  const begun = now();
  const expected = await expectedAfter(statement, stepRun);
  const onProgress = (progress: WorkProgress) => {
    const ms = now() - begun;
    const { share } = progress;
    const remainingMs = share === null || share <= 0 ? null : Math.round((ms * (1 - share)) / share);
    const phase = `${tool.name}: ${progress.phase}`;
    context.onStatement({ kind: 'work', revision, sql: statement.sql, ...progress, phase, ms, remainingMs });
  };
  const { alteration } = statement;
  try {
    await tool.run({ alteration, lockMs, signal: context.signal, onProgress });
  } catch (error) {
    throw await withLeftovers(error, { tool, statement, stepRun });
  }
  await verifyTable(expected, { tool, statement, stepRun });
  return tool.name;
}

interface Handed {
  readonly tool: OnlineTool;
  readonly statement: Altering;
  readonly stepRun: StepRun;
}

async function readSchema({ statement: { alteration }, stepRun: { context } }: Omit<Handed, 'tool'>) {
  const { names } = context.store;
  const { namespace } = alteration.table;
  return await context.session.dialect.introspect(context.session.connection, {
    hidden: [names.version, names.journal, names.lock],
    hiddenIn: names.namespace,
    namespaces: namespace === null ? [] : [namespace],
  });
}

/** What the catalogue has to say afterwards. */
async function expectedAfter(statement: Altering, stepRun: StepRun): Promise<Schema> {
  const draft = openDraft(await readSchema({ statement, stepRun }));
  const carried = carriedBy(statement, stepRun).flatMap((i): readonly Operation[] => {
    const operation = stepRun.step.operations[i]?.operation;
    return operation ? [operation] : [];
  });
  for (const operation of carried) applyTo(draft, operation);
  return stepRun.context.session.dialect.normalize(closeDraft(draft));
}

async function verifyTable(expected: Schema, handed: Handed): Promise<void> {
  const found = await readSchema(handed);
  const key = refKey(handed.statement.alteration.table);
  const differences = compareSchemas(expected, found).filter(
    ({ kind, wanted, actual }) =>
      kind !== 'unsure' && [wanted, actual].some((part) => part !== null && refKey(part.owner) === key),
  );
  if (differences.length === 0) return;
  const parts = differences.map(({ kind, wanted, actual }) => {
    const part = wanted ?? actual;
    return `${kind}: ${part ? displayPart(part) : ''}`;
  });
  throw toolFailed(`it says that it is done, and the catalogue does not show it: ${parts.join('; ')}`, {
    ...handed,
    left: [],
  });
}

/** True: there is no such program. */
const isMissing = (error: unknown): boolean =>
  isSurefootError(error, 'backup/tool-failed') && errorCode(error.cause) === 'ENOENT';

function toolFailed(
  problem: string,
  { tool, statement, stepRun, left }: Handed & { readonly left: readonly { name: string; sql: string }[] },
  cause?: unknown,
): SurefootError {
  const { revision } = stepRun.step;
  const table = displayRef(statement.alteration.table);
  const names = left.map(({ name }) => name);
  const rest = names.length === 0 ? '' : `; it left ${names.join(', ')}`;
  const clear = left.map(({ sql }) => `${sql};`).join(' ');
  return new SurefootError(
    'run/online-tool',
    `revision ${revision}: ${tool.name} on table ${table}: ${problem}${rest}`,
    {
      details: { revision, tool: tool.name, table, left: names },
      hint: isMissing(cause)
        ? `The table is as it was. Install ${tool.name}, or name its path in \`online.program\` of the config; or say --allow table-copy, in a quiet hour.`
        : clear === ''
          ? 'The table is as it was. Its own words say why; correct it and run again.'
          : `The table is as it was, but for what it left. Clear that away, then run again: ${clear}`,
      cause,
    },
  );
}

async function withLeftovers(error: unknown, handed: Handed): Promise<unknown> {
  const { connection, dialect } = handed.stepRun.context.session;
  const { table } = handed.statement.alteration;
  const left = (await dialect.altering?.tools[handed.tool.name]?.leftovers(connection, table)) ?? [];
  return toolFailed(messageOf(error), { ...handed, left }, error);
}
