import type { Seed } from '../config/define-config.ts';
import { lend } from '../config/recognise-connection.ts';
import type { Connection, Database } from '../dialect/connection.ts';
import type { Dialect } from '../dialect/dialect.ts';
import { SurefootError } from '../kernel/errors.ts';
import type { Direction, Plan, PlanChoices } from '../plan/plan.ts';
import type { Stage, StageChoices, StageRun } from '../rehearsal/rehearsal.ts';
import type { Valve } from '../rehearsal/valve.ts';
import { valveOn } from '../rehearsal/valve.ts';
import { ancestors, inOrder } from '../revisions/graph.ts';
import type { Schema } from '../schema/schema.ts';
import type { RunResult } from './api.ts';
import { bookkeepingNames, openSession, readSchema, scopeOf } from './open.ts';
import { readPast } from './past.ts';
import { pathTo, prepare } from './prepare.ts';
import type { Project } from './project.ts';
import { createProject } from './project.ts';
import { runTo } from './reach.ts';
import { stamp } from './stamp.ts';
import { freeLock } from './unlock.ts';

/** A stage, and the project whose database it is. */
export interface OpenStage extends Stage {
  readonly project: Project;
  /** Runs every upgrade up to these revisions. */
  upTo(ids: readonly string[]): Promise<StageRun>;
  /** Its session, for rows of the user's. */
  connection(): Pick<Connection, 'query'>;
  close(): Promise<void>;
}

const unlimited = Number.POSITIVE_INFINITY;

const displayDifference = ({ object, kind }: { readonly object: string; readonly kind: string }): string =>
  `${object} is ${kind === 'extra' ? 'left over' : kind}`;

/** Where the throw-away server lacks an extension, another one may have it. */
function hintFor(message: string, hint: string): string {
  const extension = /extension "([^"]+)" is not available/.exec(message)?.[1];
  return extension === undefined
    ? hint
    : `The throw-away server does not have the extension ${extension}: --scratch-url names one that does.`;
}

function runOf(result: RunResult, valve: Valve): StageRun {
  const { failed, differences, extras, losses } = result;
  return {
    kept: losses.filter(({ kept }) => kept !== undefined).map(({ subject }) => subject),
    boundaries: valve.boundaries(),
    isCut: valve.isCut(),
    failure: failed && {
      code: failed.code,
      message: failed.message,
      hint: hintFor(failed.message, failed.hint),
    },
    // On this database there is nothing but what the revisions made.
    differences: [...differences, ...extras].map(displayDifference),
  };
}

/** A refusal before the first statement is an outcome, too. */
function refusedRun(error: unknown, valve: Valve): StageRun {
  if (!(error instanceof SurefootError)) throw error;
  const { code, message, hint } = error;
  return {
    boundaries: valve.boundaries(),
    isCut: valve.isCut(),
    failure: { code, message, hint },
    differences: [],
    kept: [],
  };
}

/** A database that is thrown away. */
export interface Place {
  readonly connection: Connection;
  readonly dialect: Dialect;
  close(): Promise<void>;
}

/** What puts rows into a database on its way to a revision. */
export interface Filling {
  /** Revisions whose upgrade does. */
  readonly revisions: ReadonlySet<string>;
  /** The user's rows, by the revision before which they are to be there. */
  readonly seeds: ReadonlyMap<string, Seed>;
}

/** Where the databases of a stage come from. */
export interface Places {
  open(): Promise<Place>;
  /** True: each holds what the project's database holds; false: each is empty. */
  readonly areCopies: boolean;
  /** Absent: rows do not matter. */
  readonly filling?: Filling;
}

function valveOf({ connection, dialect }: Place): Valve {
  const { hold } = dialect.keeping;
  return valveOn(connection, hold === null ? [] : [hold.free]);
}

interface Backdrop {
  place: Place;
  valve: Valve;
  /** After how many queries the session is cut when the next step begins. */
  limit: number;
}

/** One session, whichever database is behind it at the moment. */
function databaseOf(backdrop: Backdrop): Database {
  return {
    description: 'the scratch database',
    sessions: 'one',
    connect: async (): Promise<Connection> => backdrop.valve.connection,
    close: async () => {},
  };
}

function stageProject(files: Project, backdrop: Backdrop): Project {
  const { url, directUrl: _direct, hooks: _hooks, ...rest } = files.options;
  const options = {
    ...rest,
    // Those of the real database have no part in it.
    online: { ...rest.online, replicas: [] },
    connection: lend(databaseOf(backdrop), backdrop.place.dialect.name),
    ...(rest.scratchUrl === undefined && url !== undefined ? { scratchUrl: url } : {}),
    hooks: {
      beforeStep: () => backdrop.valve.arm(backdrop.limit),
      afterStep: () => backdrop.valve.disarm(),
    },
  };
  // The revisions are those of the project, which may be others than its folders hold.
  return createProject(options, () => files.headers());
}

const dataChoices: Readonly<Record<'skip' | 'run' | 'refuse', (ids: readonly string[]) => PlanChoices>> = {
  skip: (skipData) => ({ skipData }),
  run: (runData) => ({ runData }),
  refuse: () => ({}),
};

/** Runs revisions, and tells what came of it. */
function runnerOf(project: Project, backdrop: Backdrop) {
  return async (
    direction: Direction,
    ids: readonly string[],
    { cutAfter = unlimited, data }: StageChoices = {},
  ): Promise<StageRun> => {
    const { valve } = backdrop;
    backdrop.limit = cutAfter;
    const goal = { direction, target: ids.at(-1) ?? 'heads', ids };
    try {
      return runOf(await runTo(project, goal, dataChoices[data ?? 'refuse'](ids)), valve);
    } catch (error) {
      return refusedRun(error, valve);
    } finally {
      const wasCut = valve.isCut();
      valve.reset();
      // Whoever is dead gives nothing back.
      if (wasCut) await freeLock(project, { force: true });
    }
  };
}

async function emptyJournal({ place }: Backdrop, { options }: Project): Promise<void> {
  const { journal, namespace } = bookkeepingNames(options);
  const { quote } = place.dialect;
  const name = [...(namespace === null ? [] : [namespace]), journal].map(quote).join('.');
  await place.connection.query(`DELETE FROM ${name}`);
}

const noFilling: Filling = { revisions: new Set(), seeds: new Map() };

interface Means {
  readonly run: ReturnType<typeof runnerOf>;
  readonly backdrop: Backdrop;
}

/** Every upgrade up to these, with the user's rows where they belong. */
async function seeded(
  ids: readonly string[],
  { seeds }: Filling,
  { run, backdrop }: Means,
): Promise<StageRun> {
  let from = 0;
  for (const [at, id] of ids.entries()) {
    const seed = seeds.get(id);
    if (seed === undefined) continue;
    if (at > from) {
      const part = await run('upgrade', ids.slice(from, at));
      if (part.failure) return part;
    }
    await seed(backdrop.place.connection);
    from = at;
  }
  return await run('upgrade', ids.slice(from));
}

async function reopen(backdrop: Backdrop, places: Places): Promise<void> {
  await backdrop.place.close();
  backdrop.place = await places.open();
  backdrop.valve = valveOf(backdrop.place);
}

/** Opens a throw-away database on which a project's revisions run. */
export async function openStage(
  files: Project,
  places: Places,
  namespaces: readonly string[],
): Promise<OpenStage> {
  const first = await places.open();
  const backdrop: Backdrop = { place: first, valve: valveOf(first), limit: unlimited };
  const project = stageProject(files, backdrop);
  const { dialect } = first;

  const run = runnerOf(project, backdrop);
  const record = async (heads: readonly string[]) => {
    await stamp(project, heads.length === 0 ? ['base'] : heads, { force: true, purge: true });
  };

  const filling = places.filling ?? noFilling;
  const upTo = (ids: readonly string[]) => seeded(ids, filling, { run, backdrop });

  return {
    project,
    dialect,
    up: (revision, choices) => run('upgrade', [revision], choices),
    down: (revision) => run('downgrade', [revision]),
    upTo,
    plan: (revision) => planOf(project, revision),
    stamp: record,
    forget: async (heads) => {
      await emptyJournal(backdrop, project);
      await record(heads);
    },
    read: async () => await readStage(project, namespaces),
    query: async (sql) => (await backdrop.place.connection.query(sql)).rows,
    restart: async (schema, heads) => {
      await reopen(backdrop, places);
      const graph = await project.graph();
      const ids = inOrder(graph, ancestors(graph, heads));
      if (places.areCopies || ids.some((id) => filling.revisions.has(id) || filling.seeds.has(id))) {
        const { failure } = await upTo(ids);
        if (places.areCopies || failure === null) return;
        await reopen(backdrop, places);
      }
      await make(schema, backdrop.place, project);
      await record(heads);
    },
    connection: () => backdrop.place.connection,
    close: () => backdrop.place.close(),
  };
}

async function make(schema: Schema, { connection, dialect }: Place, project: Project): Promise<void> {
  for (const sql of dialect.dump(schema, project.naming(dialect))) await connection.query(sql);
}

async function planOf(project: Project, revision: string): Promise<Plan> {
  const opened = await openSession(project.options, project.folder, { reading: true });
  try {
    const graph = await project.graph();
    const past = await readPast(opened, graph);
    const goal = { direction: 'upgrade', target: revision, ids: [revision] } as const;
    const ids = pathTo(goal, graph, past);
    // What its data steps did is there.
    const choices = { skipData: [revision] };
    return (await prepare(opened, project, { direction: 'upgrade', ids, choices, past })).plan;
  } finally {
    await opened.close();
  }
}

async function readStage(project: Project, namespaces: readonly string[]): Promise<Schema> {
  const opened = await openSession(project.options, project.folder, { reading: true });
  try {
    return await readSchema(opened, scopeOf(opened.names, namespaces));
  } finally {
    await opened.close();
  }
}
