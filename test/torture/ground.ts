// What all disturbances share: a chain, what an undisturbed run of it sends and where that ends, and the run after the
// disturbance. In: an engine. Out: Ground. Must not know what disturbs.

import { isSurefootError } from '../../src/kernel/errors.ts';
import type { Surefoot } from '../../src/library/api.ts';
import type { Direction } from '../../src/plan/plan.ts';
import type { Engine, FreshDatabase } from '../servers/index.ts';
import { freshDatabase } from '../servers/index.ts';
import type { TestProject } from '../support/revisions.ts';
import { familyOf, prepared } from './chain.ts';
import type { Moment } from './kill.ts';
import { sentUndisturbed } from './kill.ts';
import type { Outcome } from './proof.ts';
import { stateOf } from './state.ts';

export interface Point {
  readonly at: number;
  readonly when: Moment;
}

export interface Setting {
  readonly engine: Engine;
  readonly project: TestProject;
  readonly direction: Direction;
  /** Where databases come from; default: the engine's shared server. */
  readonly fresh?: () => Promise<FreshDatabase>;
}

export interface Ground extends Setting {
  /** What an undisturbed run sends, and where it ends. */
  readonly sent: readonly string[];
  readonly end: string;
}

/** The statement that leaves no trace, on each family. It may be run twice. */
const traceless = /\b(?:VACUUM|ANALYZE TABLE|PRAGMA optimize)\b/;
const targets = { upgrade: 'heads', downgrade: 'base' } as const;

/** A database at the start of the direction. */
export async function start({ project, direction }: Setting, url: string): Promise<Surefoot> {
  const surefoot = project.surefoot({ url });
  await prepared(url);
  if (direction === 'downgrade') await surefoot.upgrade();
  return surefoot;
}

/** The work on a database of its own. */
export async function onFresh<T>(setting: Setting, work: (url: string) => Promise<T>): Promise<T> {
  const database = await (setting.fresh ?? (() => freshDatabase(setting.engine)))();
  try {
    return await work(database.url);
  } finally {
    await database.drop();
  }
}

export async function groundOf(setting: Setting): Promise<Ground> {
  return await onFresh(setting, async (url) => {
    const surefoot = await start(setting, url);
    const { direction, project } = setting;
    const sent = await sentUndisturbed({ url, folder: project.folder, direction });
    return { ...setting, sent, end: await stateOf(surefoot, url) };
  });
}

/** What somebody finds who looks at the database: was the statement without a trace done? Twice does no harm. */
function answerFor({ sent }: Ground, { at, when }: Point): 'done' | 'retry' {
  const position = sent.findIndex((sql) => traceless.test(sql));
  return at > position || (at === position && when === 'after') ? 'done' : 'retry';
}

/** The next run; the answer of a person is given at most once. '': it needed none. */
export async function goOn(surefoot: Surefoot, ground: Ground, point: Point): Promise<string> {
  const { direction } = ground;
  const run = () => surefoot[direction](targets[direction]);
  try {
    const result = await run();
    return result.failed ? `failed: ${result.failed.message}` : '';
  } catch (error) {
    if (!isSurefootError(error, 'plan/unresumed')) throw error;
    await surefoot.resume({ answer: answerFor(ground, point) });
    const result = await run();
    return result.failed ? `failed after resume: ${result.failed.message}` : ' after `surefoot resume`';
  }
}

/** The state compared with that of an undisturbed run. */
export async function compared(ground: Ground, surefoot: Surefoot, found: { url: string; way: string }) {
  const state = await stateOf(surefoot, found.url);
  if (state === ground.end) return { end: `as undisturbed${found.way}` };
  return { end: 'another end', problem: `${found.way}\n${state}\ninstead of\n${ground.end}` };
}

function said(error: unknown): string {
  return isSurefootError(error) ? `${error.code}: ${error.message}` : String(error);
}

/** What became of one point; what is thrown is a problem, with its place. */
export async function tried(
  ground: Ground,
  point: Point,
  work: (url: string) => Promise<Outcome>,
): Promise<Outcome> {
  const place = `${ground.direction}, ${point.when} ${point.at}: ${ground.sent[point.at]?.slice(0, 200)}`;
  try {
    const { end, problem } = await onFresh(ground, work);
    return problem === undefined ? { end } : { end, problem: `${place}: ${problem}` };
  } catch (error) {
    return { end: 'stopped', problem: `${place}: ${said(error)}` };
  }
}

/** Every point. */
export function pointsOf(ground: Ground, moments: readonly Moment[]): readonly Point[] {
  // SQLite has answered when the call returns: there is no time between.
  const own = familyOf(ground.engine) === 'sqlite' ? moments.filter((one) => one !== 'sent') : moments;
  return ground.sent.flatMap((_, at) => own.map((when) => ({ at, when })));
}

/** So many of them, evenly. */
export function some<T>(all: readonly T[], count: number): readonly T[] {
  if (count >= all.length) return all;
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)] as T);
}

/** The same ones: every fifth first, then every third, every other, and the rest. */
export function scattered<T>(all: readonly T[]): readonly T[] {
  const strides = [5, 3, 2, 1].flatMap((step) => all.filter((_, i) => i % step === 0));
  return [...new Set(strides)];
}
