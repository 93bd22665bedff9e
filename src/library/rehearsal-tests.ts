import { SurefootError } from '../kernel/errors.ts';
import type { RehearsalResult } from '../rehearsal/rehearsal.ts';
import { inOrder } from '../revisions/graph.ts';
import { resolveRange } from '../revisions/identifiers.ts';
import { revisionsBetween } from '../revisions/paths.ts';
import type { Surefoot, SurefootOptions } from './api.ts';
import type { RehearsalChoices } from './rehearsal-choices.ts';
import { createSurefoot } from './surefoot.ts';

/** Declares a test: that of Vitest, of node:test, or of whatever takes a name and a function. */
export type DeclareTest = (name: string, run: (context?: unknown) => Promise<void>) => unknown;

/** A project, what of it is rehearsed, and how a test is declared. */
export interface RehearsalTests
  extends SurefootOptions,
    Pick<RehearsalChoices, 'range' | 'queries' | 'seeds'> {
  readonly test: DeclareTest;
}

function refuseFailed(results: readonly RehearsalResult[]): void {
  const failed = results.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return;
  const lines = failed.map(({ test, detail, facts }) => [`${test}: ${detail}`, ...facts].join('\n  '));
  throw new SurefootError('rehearsal/failed', lines.join('\n'), {
    details: { results: failed },
    hint: 'Correct the revision; `surefoot rehearse` shows the whole of it.',
  });
}

/** Vitest and node:test hand a test what skips it. */
const canSkip = (context: unknown): context is { skip(note: string): unknown } =>
  typeof context === 'object' && context !== null && 'skip' in context && typeof context.skip === 'function';

/** What nobody has tried must not look as if it had passed. */
function tell(results: readonly RehearsalResult[], context: unknown): void {
  refuseFailed(results);
  if (results.some(({ status }) => status !== 'skipped')) return;
  const note = results[0]?.detail ?? 'not reached: what it rests on stops';
  if (canSkip(context)) context.skip(note);
  else
    throw new SurefootError('rehearsal/failed', note, {
      details: { results },
      hint: 'Correct the revision that stops; `surefoot rehearse` shows the whole of it.',
    });
}

async function idsOf(surefoot: Surefoot, range: string | undefined): Promise<readonly string[]> {
  const graph = await surefoot.graph();
  if (range === undefined) return graph.order;
  return inOrder(
    graph,
    revisionsBetween(graph, resolveRange(range, graph, { current: null, purpose: 'show' })),
  );
}

/** One rehearsal, begun when the first test asks for a result; each revision's are handed out as soon as they are there. */
function sharedRehearsal(surefoot: Surefoot, choices: RehearsalChoices) {
  const arrived = new Map<string, PromiseWithResolvers<readonly RehearsalResult[]>>();
  const slot = (revision: string) => {
    const known = arrived.get(revision) ?? Promise.withResolvers<readonly RehearsalResult[]>();
    arrived.set(revision, known);
    return known;
  };
  let whole: Promise<readonly RehearsalResult[]> | undefined;
  const begin = () => {
    whole ??= surefoot
      .rehearse({ ...choices, onRehearsed: (revision, results) => slot(revision).resolve(results) })
      .then(({ results }) => results);
    return whole;
  };
  return {
    whole: begin,
    // Where the rehearsal ends without a word about a revision, there is none.
    of: (revision: string) =>
      Promise.race([
        slot(revision).promise,
        begin().then((all) => all.filter((one) => one.revision === revision)),
      ]),
  };
}

/**
 * Declares a test for each revision, and one for all of them together. Await it where tests are declared:
 *
 * ```ts
 * await rehearse({ test, url: 'sqlite::memory:', migrations: './migrations' });
 * ```
 */
export async function rehearse({ test, range, queries, seeds, ...options }: RehearsalTests): Promise<void> {
  const surefoot = createSurefoot(options);
  const ids = await idsOf(surefoot, range);
  const { nodes } = await surefoot.graph();
  const rehearsal = sharedRehearsal(surefoot, { range, queries, seeds });
  for (const id of ids) {
    const message = nodes.get(id)?.header.message ?? '';
    test(`rehearsal of ${id} ${message}`.trimEnd(), async (context) => tell(await rehearsal.of(id), context));
  }
  test('rehearsal of all revisions together', async () =>
    refuseFailed((await rehearsal.whole()).filter(({ revision }) => revision === null)));
}
