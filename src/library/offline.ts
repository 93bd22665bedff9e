import { offlineDialect } from '../config/choose-dialect.ts';
import type { SqlValue } from '../dialect/connection.ts';
import type { Dialect } from '../dialect/dialect.ts';
import type { Segment, Statement } from '../dialect/statement.ts';
import type { JournalEntry } from '../journal/entry.ts';
import type { SqlCommand, Store } from '../journal/store.ts';
import { changeRows, insertEntries, quoteTable } from '../journal/store.ts';
import { SurefootError } from '../kernel/errors.ts';
import { hashText } from '../kernel/hash.ts';
import { tokenize } from '../kernel/sql-text.ts';
import { arrange, endOf } from '../plan/arrange.ts';
import type { Outline } from '../plan/outline.ts';
import { outline } from '../plan/outline.ts';
import type { Direction, PlannedOperation } from '../plan/plan.ts';
import { textSpelling } from '../plan/spelling.ts';
import { resolveStanding } from '../plan/standing.ts';
import type { Standings } from '../plan/take-standings.ts';
import type { RevisionGraph } from '../revisions/graph.ts';
import { appliedFrom, effectiveHeads, inOrder } from '../revisions/graph.ts';
import { resolve, resolveDowngrade } from '../revisions/identifiers.ts';
import { downgradePath, upgradePath } from '../revisions/paths.ts';
import { escapeControls } from '../revisions/render.ts';
import { draftSchema } from '../schema/draft.ts';
import { indexParts, schemaParts } from '../schema/parts.ts';
import type { ScriptRequest } from './api.ts';
import { bookkeepingNames } from './open.ts';
import type { Project } from './project.ts';

// A script for another client. It cannot look, so it guards: it begins, and each step begins, with an INSERT into a temporary
// table whose CHECK fails unless the version rows are what they have to be and the lock is free. That is plain SQL on every
// family, and it stops every client that stops on errors.

const leaseMs = 15_000;
const guardTable = 'surefoot_guard';

interface Writer {
  readonly dialect: Dialect;
  readonly store: Omit<Store, 'connection'>;
  readonly graph: RevisionGraph;
}

function refuse(revision: string, operation: string): never {
  throw new SurefootError(
    'plan/offline',
    `revision ${revision} cannot be written as a script: ${operation}`,
    {
      details: { revision, operation },
      hint: 'Run it with `surefoot upgrade` against the database.',
    },
  );
}

const end = (sql: string): string => `${sql.trim().replace(/;+$/, '')};`;

function literalOf(value: SqlValue | undefined, dialect: Dialect): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  return dialect.literal(typeof value === 'string' ? value : Buffer.from(value).toString('hex'));
}

/** A command with its values written into the text. */
function inline({ sql, parameters }: SqlCommand, dialect: Dialect): string {
  if (parameters.length === 0) return sql;
  let next = 0;
  return tokenize(sql, dialect.syntax)
    .map(({ text }) => {
      const numbered = /^\$(\d+)$/.exec(text);
      if (numbered) return literalOf(parameters[Number(numbered[1]) - 1], dialect);
      return text === '?' ? literalOf(parameters[next++], dialect) : text;
    })
    .join('');
}

function guard(writer: Writer, rows: readonly string[]): string {
  const { dialect, store } = writer;
  const version = quoteTable(store, store.names.version);
  const wanted = rows.map((id) => dialect.literal(id)).join(', ');
  const conditions = [
    `(SELECT count(*) FROM ${version}) = ${rows.length}`,
    ...(rows.length === 0
      ? []
      : [`(SELECT count(*) FROM ${version} WHERE version_num IN (${wanted})) = ${rows.length}`]),
    `(SELECT count(*) FROM ${quoteTable(store, store.names.lock)} WHERE heartbeat_at > ${dialect.bookkeeping.nowMs} - ${leaseMs}) = 0`,
  ];
  return end(`INSERT INTO ${guardTable} (ok) SELECT CASE WHEN ${conditions.join(' AND ')} THEN 1 ELSE 0 END`);
}

function prologue(writer: Writer): readonly string[] {
  const { dialect, store } = writer;
  const { bookkeeping } = dialect;
  const create = [...bookkeeping.createTables(store.names), ...bookkeeping.createVersionTable(store.names)];
  const name = dialect.quote('version rows are not where this starts or lock is held');
  return [
    ...create.map(end),
    `CREATE TEMPORARY TABLE ${guardTable} (ok integer NOT NULL, CONSTRAINT ${name} CHECK (ok = 1));`,
  ];
}

function statementSql(
  statement: Statement,
  facts: { readonly revision: string; readonly dialect: Dialect },
): string {
  if (statement.kind === 'code') return refuse(facts.revision, 'a data step in TypeScript');
  // A script cannot go on where it was killed: all rows at once.
  const note = statement.walk
    ? '-- All rows in one statement, which locks them until it ends. `surefoot upgrade` does it in batches.\n'
    : '';
  return note + end(inline(statement, facts.dialect));
}

function segmentSql(
  segment: Segment,
  facts: { readonly revision: string; readonly dialect: Dialect },
): readonly string[] {
  if (segment.mode === 'rebuild')
    return refuse(facts.revision, 'a rebuild of a table, which depends on what is there');
  return segment.statements.map((statement) => statementSql(statement, facts));
}

interface ScriptStep {
  readonly revision: string;
  readonly message: string;
  readonly direction: Direction;
  readonly segments: readonly Segment[];
  readonly before: readonly string[];
  readonly after: readonly string[];
}

function stepSql(step: ScriptStep, writer: Writer): readonly string[] {
  const { dialect, store } = writer;
  const facts = { revision: step.revision, dialect };
  const entry: JournalEntry = {
    event: 'moved',
    revision: step.revision,
    direction: step.direction,
    statement: null,
    data: { heads: step.after, message: step.message, tool: 'offline script' },
  };
  const moves = [
    ...changeRows(store, step.before, step.after),
    insertEntries(store, [entry], { run: 'offline', token: 'offline' }),
  ];
  const body = step.segments.flatMap((segment) => segmentSql(segment, facts));
  const alone = step.segments.some(({ mode }) => mode === 'autocommit');
  const begin = end(dialect.begin);
  const ending = moves.map((command) => end(inline(command, dialect)));
  const title = `-- ${step.direction} ${step.revision}: ${escapeControls(step.message)}`;
  if (alone) return [title, guard(writer, step.before), ...body, begin, ...ending, 'COMMIT;', ''];
  return [title, begin, guard(writer, step.before), ...body, ...ending, 'COMMIT;', ''];
}

interface Way {
  readonly applied: readonly string[];
  readonly path: readonly string[];
}

function wayOf({ direction, range }: ScriptRequest, graph: RevisionGraph): Way {
  const colon = range.indexOf(':');
  const [from, to] = colon < 0 ? ['base', range] : [range.slice(0, colon), range.slice(colon + 1)];
  const rows = resolve(from || 'base', graph, { current: null, purpose: 'show' });
  const applied = appliedFrom(graph, rows);
  const order = inOrder(graph, applied);
  if (direction === 'downgrade') {
    if (colon < 0)
      throw new SurefootError('usage/invalid', 'a downgrade script needs its start', {
        details: { argument: range },
        hint: 'Write a:b, the revision it starts at and the one it ends at.',
      });
    return { applied: order, path: downgradePath(graph, applied, resolveDowngrade(to, graph, rows)) };
  }
  return {
    applied: order,
    path: upgradePath(graph, applied, resolve(to || 'heads', graph, { current: rows, purpose: 'upgrade' })),
  };
}

function headsAfter(way: Way, direction: Direction, graph: RevisionGraph): readonly (readonly string[])[] {
  const applied = new Set(way.applied);
  return way.path.map((id) => {
    if (direction === 'upgrade') applied.add(id);
    else applied.delete(id);
    return [...effectiveHeads(graph, applied)].sort();
  });
}

/** What history already has at the start (for a revision that makes sure) is left out; all else is taken as pending. */
async function assumedStandings(outlined: Outline, dialect: Dialect): Promise<Standings> {
  const start = dialect.normalize(draftSchema(outlined.start));
  const { satisfied } = await resolveStanding({
    operations: outlined.steps.flatMap(({ revision, operations }) =>
      operations.map(({ effects }) => ({ effects, revision: revision.header.id })),
    ),
    live: indexParts(schemaParts(start)),
    spelling: textSpelling,
    objectAt: new Map(),
  });
  let place = 0;
  return outlined.steps.map(({ operations }) =>
    operations.map(({ operation, effects, kept }): PlannedOperation => {
      const isThere = satisfied[place++] === true && effects.length > 0;
      return { operation, standing: kept ? 'kept' : isThere ? 'satisfied' : 'pending', description: '' };
    }),
  );
}

/** The script for a range: SQL for another client, with guards and the rows of version table and journal. */
export async function script(project: Project, request: ScriptRequest): Promise<string> {
  const dialect = await offlineDialect(project.options, project.folder);
  const graph = await project.graph();
  const writer: Writer = { dialect, graph, store: { dialect, names: bookkeepingNames(project.options) } };
  const way = wayOf(request, graph);
  const [applied, path] = [await project.load(way.applied, dialect), await project.load(way.path, dialect)];
  const outlined: Outline = outline({ direction: request.direction, path, applied, dialect, live: null });
  const pending = await assumedStandings(outlined, dialect);
  const means = { dialect, naming: project.naming(dialect), live: outlined.start };
  endOf(outlined, pending, { ...means, revisions: way.path });
  const { steps } = arrange(outlined, pending, means);
  const heads = headsAfter(way, request.direction, graph);
  const start = [...effectiveHeads(graph, way.applied)].sort();
  const body = steps.flatMap(({ segments }, i) =>
    stepSql(
      {
        revision: way.path[i] ?? '',
        message: path[i]?.header.message ?? '',
        direction: request.direction,
        segments,
        before: i === 0 ? start : (heads[i - 1] ?? []),
        after: heads[i] ?? [],
      },
      writer,
    ),
  );
  const lines = [
    ...dialect.clientSetup,
    ...prologue(writer),
    guard(writer, start),
    '',
    ...body,
    end(`DROP TABLE ${guardTable}`),
  ];
  return `-- Surefoot, ${dialect.name}: ${request.direction} ${escapeControls(request.range)} (${hashText(body.join('\n')).slice(0, 12)})\n${lines.join('\n')}\n`;
}
