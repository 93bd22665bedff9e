// A runner is killed before, at and after everything that it sends; the next one ends where an undisturbed one ends.
// In: an engine, which points. Out: a proof. Must not know how a runner kills itself.

import type { SurefootError } from '../../src/kernel/errors.ts';
import { isSurefootError } from '../../src/kernel/errors.ts';
import type { Surefoot } from '../../src/library/api.ts';
import type { Direction } from '../../src/plan/plan.ts';
import type { Proof } from '../matrix/proof.ts';
import type { Engine, FreshDatabase } from '../servers/index.ts';
import { freshDatabase } from '../servers/index.ts';
import type { TestProject } from '../support/revisions.ts';
import { chainOf, familyOf, prepared } from './chain.ts';
import type { Moment } from './kill.ts';
import { ageLease, killedRunner, sentUndisturbed } from './kill.ts';
import { collect, inParallel } from './proof.ts';
import { stateOf } from './state.ts';

/** The statement that leaves no trace, on each family. */
const traceless = /\b(?:VACUUM|ANALYZE TABLE|PRAGMA optimize)\b/;

interface Point {
  readonly at: number;
  readonly when: Moment;
}

interface Ground {
  readonly engine: Engine;
  readonly project: TestProject;
  readonly direction: Direction;
  /** What an undisturbed run sends, and where it ends. */
  readonly sent: readonly string[];
  readonly end: string;
}

const targets = { upgrade: 'heads', downgrade: 'base' } as const;

async function start({ project, direction }: Omit<Ground, 'sent' | 'end'>, url: string): Promise<Surefoot> {
  const surefoot = project.surefoot({ url });
  await prepared(url);
  if (direction === 'downgrade') await surefoot.upgrade();
  return surefoot;
}

async function groundOf(given: Omit<Ground, 'sent' | 'end'>): Promise<Ground> {
  const database = await freshDatabase(given.engine);
  try {
    const surefoot = await start(given, database.url);
    const { direction } = given;
    const sent = await sentUndisturbed({ url: database.url, folder: given.project.folder, direction });
    return { ...given, sent, end: await stateOf(surefoot, database.url) };
  } finally {
    await database.drop();
  }
}

/** What somebody finds who looks at the database: was the statement without a trace done? Twice does no harm. */
function answerFor({ sent }: Ground, { at, when }: Point): 'done' | 'retry' {
  const position = sent.findIndex((sql) => traceless.test(sql));
  return at > position || (at === position && when === 'after') ? 'done' : 'retry';
}

/** Runs until it is at the end; the answer of a person is given at most once. */
async function goOn(surefoot: Surefoot, ground: Ground, point: Point): Promise<string> {
  const { direction } = ground;
  try {
    const result = await surefoot[direction](targets[direction]);
    return result.failed ? `failed: ${result.failed.message}` : '';
  } catch (error) {
    if (!isSurefootError(error, 'plan/unresumed')) throw error;
    await surefoot.resume({ answer: answerFor(ground, point) });
    const result = await surefoot[direction](targets[direction]);
    return result.failed ? `failed after resume: ${result.failed.message}` : ' after `surefoot resume`';
  }
}

const said = (error: unknown): string =>
  error instanceof Error ? `${(error as SurefootError).code ?? error.name}: ${error.message}` : String(error);

async function provePoint(ground: Ground, point: Point): Promise<{ end: string; problem?: string }> {
  const { project, direction, sent } = ground;
  const place = `${direction}, ${point.when} ${point.at}: ${sent[point.at]?.slice(0, 200)}`;
  let database: FreshDatabase | null = null;
  try {
    database = await freshDatabase(ground.engine);
    const { url } = database;
    const surefoot = await start(ground, url);
    const died = await killedRunner({ url, folder: project.folder, direction, ...point });
    if (died.signal !== 'SIGKILL')
      return { end: 'not killed', problem: `${place}: not killed: ${died.output}` };
    await ageLease(url);
    const way = await goOn(surefoot, ground, point);
    const state = await stateOf(surefoot, url);
    if (state === ground.end) return { end: `as undisturbed${way}` };
    return { end: 'another end', problem: `${place}: ${way}\n${state}\ninstead of\n${ground.end}` };
  } catch (error) {
    return { end: 'stopped', problem: `${place}: ${said(error)}` };
  } finally {
    await database?.drop();
  }
}

/** Every point, or every nth. */
function pointsOf(ground: Ground, every: number): readonly Point[] {
  // SQLite has answered when the call returns: there is no time between.
  const moments: readonly Moment[] =
    familyOf(ground.engine) === 'sqlite' ? ['before', 'after'] : ['before', 'sent', 'after'];
  const all = ground.sent.flatMap((_, at) => moments.map((when) => ({ at, when })));
  return all.filter((_, i) => i % every === 0);
}

/** Both directions. */
export async function proveKilled(engine: Engine, { every = 1 } = {}): Promise<readonly Proof[]> {
  using project = chainOf(engine);
  const proofs: Proof[] = [];
  for (const direction of ['upgrade', 'downgrade'] as const) {
    const ground = await groundOf({ engine, project, direction });
    const points = pointsOf(ground, every);
    const outcomes = await inParallel(points, 3, (point) => provePoint(ground, point));
    proofs.push(
      collect(`a runner killed before, at and after everything that it sends in ${direction}`, outcomes),
    );
  }
  return proofs;
}
